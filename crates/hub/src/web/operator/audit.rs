//! The trail: who administered what, and how people of the hub sign in. Filtered, page by page, or
//! as a file.

use std::collections::HashMap;
use std::fmt::Write as _;

use askama::Template;
use axum::extract::RawQuery;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use noroshi_stix::Timestamp;
use noroshi_store::Tx;

use super::{Desk, PAGE, acting, cut, query};
use crate::admin::{self, TrailWanted};
use crate::error::HubError;
use crate::vault::accounts;
use crate::vault::audit::{Line, SHOWN_ACTIONS};
use crate::web::frame::Frame;
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment, Shown};
use crate::web::visit::Visit;

const PLACE: &str = "/operator/audit";
/// Days that are shown unless others are asked for.
const DAYS: i64 = 30;
/// Most lines of one file.
const MOST_EXPORTED: i64 = 20_000;

#[derive(Template)]
#[template(path = "operator_audit.html")]
struct Page {
    frame: Frame,
    desk: Desk,
    asked: Filter,
    zone: String,
    actions: Vec<(&'static str, bool)>,
    lines: Vec<TrailLine>,
    next: Option<String>,
    csv: String,
    json: String,
}

struct TrailLine {
    at: Moment,
    actor: String,
    action: String,
    subject: String,
    /// The page of the subject, where there is one.
    href: Option<String>,
}

/// What was asked for, as it stands in the form.
struct Filter {
    from: String,
    to: String,
    actor: String,
    action: String,
    subject: String,
    before: Option<(Timestamp, String)>,
}

impl Filter {
    fn of(asked: Option<&str>) -> Self {
        let form = SmallForm::of_query(asked);
        let text = |name: &str| form.text(name).chars().take(100).collect::<String>();
        let before = text("before").parse().ok().map(Timestamp::from_micros);
        Self {
            from: text("from"),
            to: text("to"),
            actor: text("actor"),
            action: text("action"),
            subject: text("subject"),
            before: before.map(|at| (at, text("id"))),
        }
    }

    /// Whole days in the reader's zone, the last one included.
    fn wanted(&self, visit: &Visit, limit: i64) -> TrailWanted {
        let (zone, now) = (Shown::from(visit).zone(), visit.app.hub.now());
        let day = |text: &str| times::day_begins(text, &zone);
        TrailWanted {
            from: day(&self.from).unwrap_or_else(|| now.plus_days(-DAYS)),
            to: day(&self.to).map_or(now.plus_days(1), |t| t.plus_days(1)),
            actor: self.actor.clone(),
            action: self.action.clone(),
            subject: self.subject.clone(),
            before: self.before.clone(),
            limit,
        }
    }

    fn address(&self, place: &str, before: Option<(&str, &str)>) -> String {
        let (at, id) = before.unwrap_or_default();
        let fields = [
            ("from", self.from.as_str()),
            ("to", &self.to),
            ("actor", &self.actor),
            ("action", &self.action),
            ("subject", &self.subject),
            ("before", at),
            ("id", id),
        ];
        format!("{place}{}", query(&fields))
    }
}

/// `GET /operator/audit`
pub(crate) async fn list(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let result = async {
        let asked = Filter::of(asked.as_deref());
        let (lines, more) =
            cut(admin::trail(&visit.app.hub, asked.wanted(&visit, PAGE + 1)).await?);
        let next = lines.last().filter(|_| more).map(|(entry, id)| {
            let at = entry.at.as_micros().to_string();
            asked.address(PLACE, Some((&at, id)))
        });
        let names = names(&visit, &lines).await?;
        let page = Page {
            frame: visit.frame(visit.t("operator-tab-audit")),
            desk: Desk::new(&visit, PLACE),
            actions: SHOWN_ACTIONS.map(|a| (a, a == asked.action)).to_vec(),
            lines: lines.into_iter().map(|l| line(&visit, l, &names)).collect(),
            next,
            csv: asked.address("/operator/audit.csv", None),
            json: asked.address("/operator/audit.json", None),
            zone: zone_name(&visit),
            asked,
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// In which zone the days of the form are.
fn zone_name(visit: &Visit) -> String {
    match Shown::from(visit) {
        Shown::Utc => "UTC".to_owned(),
        Shown::Japan => "JST".to_owned(),
        Shown::Chosen(zone) => zone.iana_name().unwrap_or("UTC").replace('_', " "),
    }
}

/// Names of the accounts on a page.
async fn names(visit: &Visit, lines: &[Line]) -> Result<HashMap<String, String>, HubError> {
    let ids = lines.iter().flat_map(|(e, _)| [&e.actor, &e.subject]);
    let mut ids: Vec<String> = ids.filter(|id| id.starts_with("u-")).cloned().collect();
    ids.sort();
    ids.dedup();
    let read = move |tx: &mut Tx<'_>| {
        let mut names = HashMap::new();
        for id in &ids {
            if let Some(account) = accounts::one(tx, id)? {
                names.insert(id.clone(), account.name);
            }
        }
        Ok(names)
    };
    Ok(visit.app.hub.vault().read("operator.names", read).await?)
}

fn line(visit: &Visit, (entry, _): Line, names: &HashMap<String, String>) -> TrailLine {
    let named = |id: String| names.get(&id).cloned().unwrap_or(id);
    let place = match entry.subject.split('-').next() {
        Some("m") => Some("members"),
        Some("u") => Some("accounts"),
        _ => None,
    };
    TrailLine {
        at: times::moment(entry.at, visit),
        href: place.map(|p| format!("/operator/{p}/{}", entry.subject)),
        actor: named(entry.actor),
        action: entry.action,
        subject: match place {
            Some("members") => visit.app.hub.policy().name_of(&entry.subject, visit.japanese()),
            _ => named(entry.subject),
        },
    }
}

/// `GET /operator/audit.csv`: RFC 4180.
pub(crate) async fn csv(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let result = export(&visit, asked.as_deref()).await.map(|lines| {
        let mut out = String::from("at,actor,action,subject\r\n");
        for (e, _) in &lines {
            let cells = [&e.at.to_string(), &e.actor, &e.action, &e.subject].map(|c| cell(c));
            // Writing into a String cannot fail.
            let _ = write!(out, "{}\r\n", cells.join(","));
        }
        file("text/csv; charset=utf-8", "noroshi-audit.csv", out)
    });
    visit.answer(result)
}

/// `GET /operator/audit.json`
pub(crate) async fn json(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let result = export(&visit, asked.as_deref()).await.map(|lines| {
        let line = |(e, _): &Line| {
            serde_json::json!({
                "at": e.at.to_string(), "actor": e.actor, "action": e.action, "subject": e.subject,
            })
        };
        let all: Vec<_> = lines.iter().map(line).collect();
        file("application/json", "noroshi-audit.json", serde_json::Value::from(all).to_string())
    });
    visit.answer(result)
}

async fn export(visit: &Visit, asked: Option<&str>) -> Result<Vec<Line>, HubError> {
    let wanted = Filter::of(asked).wanted(visit, MOST_EXPORTED);
    admin::export_trail(&acting(visit), wanted).await
}

/// A cell that no table program takes for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

fn file(media: &'static str, name: &str, body: String) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (StatusCode::OK, headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_text() {
        assert_eq!(cell("agreement 1, \"a\""), "\"agreement 1, \"\"a\"\"\"");
        assert_eq!(cell("=cmd()"), "'=cmd()");
        assert_eq!(cell("u-abc"), "u-abc");
    }
}
