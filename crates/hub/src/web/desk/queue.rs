//! The queue: everything that waits for the desk, the most urgent first, one page at a time.

use std::collections::HashMap;

use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::keys::{self, Keys};
use super::rows::{self, Facts, Row};
use super::texts::named;
use crate::desk_queue::{self, HOUR, LEVELS};
use crate::error::HubError;
use crate::vault::desk_looks;
use crate::vault::desk_work::{self, Choice, Kind, Page as Wanted, Place, Work};
use crate::web::frame::Frame;
use crate::web::small_form::SmallForm;
use crate::web::visit::Visit;

/// Rows of one page.
const PAGE_ROWS: i64 = 50;
/// Ages to choose from, in hours, with their names in addresses.
const AGES: [(&str, i64); 3] = [("1h", 1), ("24h", 24), ("7d", 168)];

#[derive(Template)]
#[template(path = "desk.html")]
struct Page {
    frame: Frame,
    csrf: String,
    keys: Keys,
    tabs: Vec<Tab>,
    show: String,
    urgencies: Vec<Select>,
    ages: Vec<Select>,
    rows: Vec<Row>,
    /// The next page, where there is one.
    next: Option<String>,
    /// The first page, where this is another.
    first: Option<String>,
    /// How many wait in all of what is chosen.
    total: String,
    /// This page, for forms that come back.
    here: String,
}

/// One kind of work with its number.
struct Tab {
    href: String,
    label: String,
    count: i64,
    here: bool,
}

/// One option of a filter.
struct Select {
    value: String,
    label: String,
    chosen: bool,
}

/// What an address asks for.
struct Asked {
    show: String,
    choice: Choice,
    rank: i64,
    age: Option<(&'static str, i64)>,
    after: Option<Place>,
}

/// `GET /desk`
pub(crate) async fn queue(visit: Visit, headers: HeaderMap, uri: Uri) -> Response {
    let result = async {
        let asked = Asked::read(&visit, uri.query());
        let page = page(&visit, &asked, keys::of(&headers)).await?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

impl Asked {
    /// What cannot be understood asks for everything.
    fn read(visit: &Visit, query: Option<&str>) -> Self {
        let form = SmallForm::query(query);
        let show = form.get("show").unwrap_or_default();
        let (show, choice) = match (Kind::from_name(show), show) {
            (Some(kind), _) => (show, Choice::Kind(kind.as_str())),
            (None, "mine") => (show, Choice::Mine(visit.who.actor().to_owned())),
            (None, "paused") => (show, Choice::Paused),
            _ => ("all", Choice::All),
        };
        let rank = form.get("urgency").and_then(|u| u.parse().ok());
        Self {
            show: show.to_owned(),
            choice,
            rank: rank.filter(|r| (0..LEVELS).contains(r)).unwrap_or(LEVELS - 1),
            age: form.get("age").and_then(|a| AGES.into_iter().find(|(name, _)| *name == a)),
            after: form.get("after").and_then(place),
        }
    }

    fn address(&self, after: Option<&Place>) -> String {
        let mut out = format!("/desk?show={}", self.show);
        if self.rank < LEVELS - 1 {
            out += &format!("&urgency={}", self.rank);
        }
        if let Some((name, _)) = self.age {
            out += &format!("&age={name}");
        }
        if let Some(p) = after {
            out += &format!("&after={}.{}.{}.{}", p.rank, p.since, p.subject, p.kind);
        }
        out
    }
}

/// Reads what [`Asked::address`] wrote.
fn place(text: &str) -> Option<Place> {
    let mut parts = text.split('.');
    let place = Place {
        rank: parts.next()?.parse().ok()?,
        since: parts.next()?.parse().ok()?,
        subject: parts.next()?.to_owned(),
        kind: parts.next()?.to_owned(),
    };
    parts.next().is_none().then_some(place)
}

/// What one reading transaction gives.
struct Found {
    work: Vec<Work>,
    facts: Vec<Facts>,
    counts: Vec<(String, i64, i64)>,
    side: (i64, i64),
    names: HashMap<String, String>,
}

async fn page(visit: &Visit, asked: &Asked, keys: Keys) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    desk_queue::promote(hub).await?;
    let now = hub.now();
    let (choice, rank, after) = (asked.choice.clone(), asked.rank, asked.after.clone());
    let before = asked.age.map_or(now, |(_, hours)| now.plus_micros(-hours * HOUR));
    let me = visit.who.actor().to_owned();
    let read = move |tx: &mut Tx<'_>| -> Result<Found, StoreError> {
        let (after, limit) = (after.as_ref(), PAGE_ROWS + 1);
        let wanted = Wanted { choice: &choice, after, rank, before, now, limit };
        let work = desk_work::page(tx, &wanted)?;
        Ok(Found {
            facts: work.iter().map(|w| rows::read(tx, w)).collect::<Result<_, _>>()?,
            work,
            counts: desk_work::counts(tx, now)?,
            side: desk_work::side_counts(tx, &me, now)?,
            names: desk_looks::names(tx)?.into_iter().collect(),
        })
    };
    let mut found = hub.vault().read("web.desk", read).await?;
    let full = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let next = (found.work.len() > full).then(|| found.work.get(full - 1)).flatten().map(|w| {
        let (subject, kind) = (w.subject.clone(), w.kind.as_str().to_owned());
        asked.address(Some(&Place { rank: w.rank, since: w.since.as_micros(), subject, kind }))
    });
    found.work.truncate(full);
    let tabs = tabs(visit, asked, &found);
    let total = tabs.iter().find(|t| t.here).map_or(0, |t| t.count);
    let here = asked.address(asked.after.as_ref());
    let rows = found.work.iter().zip(&found.facts);
    Ok(Page {
        frame: visit.frame(visit.t("desk-title")),
        csrf: visit.csrf(),
        keys,
        rows: rows.map(|(w, f)| rows::row(visit, w, f, &found.names, now)).collect(),
        tabs,
        show: asked.show.clone(),
        urgencies: urgencies(visit, asked),
        ages: ages(visit, asked),
        next,
        first: asked.after.is_some().then(|| asked.address(None)),
        total: visit.count("queue-total", usize::try_from(total).unwrap_or_default()),
        here,
    })
}

fn tabs(visit: &Visit, asked: &Asked, found: &Found) -> Vec<Tab> {
    let count = |kind: Option<Kind>| -> i64 {
        let of = |k: &str| kind.is_none_or(|kind| kind.as_str() == k);
        let counted = found.counts.iter().filter(|(k, rank, _)| of(k) && *rank <= asked.rank);
        counted.map(|(.., n)| n).sum()
    };
    let tab = |show: &str, count| {
        let chosen = Asked {
            show: show.to_owned(),
            choice: Choice::All,
            rank: asked.rank,
            age: asked.age,
            after: None,
        };
        Tab {
            href: chosen.address(None),
            label: named(visit, "queue-kind", show),
            count,
            here: asked.show == show,
        }
    };
    let kinds = Kind::ALL.into_iter().map(|k| tab(k.as_str(), count(Some(k))));
    let (paused, mine) = found.side;
    std::iter::once(tab("all", count(None)))
        .chain(kinds)
        .chain([tab("mine", mine), tab("paused", paused)])
        .collect()
}

fn urgencies(visit: &Visit, asked: &Asked) -> Vec<Select> {
    let one = |rank: i64| Select {
        value: rank.to_string(),
        label: if rank == LEVELS - 1 {
            visit.t("queue-any")
        } else {
            named(visit, "queue-upto", &rank.to_string())
        },
        chosen: asked.rank == rank,
    };
    (0..LEVELS).rev().map(one).collect()
}

fn ages(visit: &Visit, asked: &Asked) -> Vec<Select> {
    let any =
        Select { value: String::new(), label: visit.t("queue-any"), chosen: asked.age.is_none() };
    let one = |(name, _): &(&str, i64)| Select {
        value: (*name).to_owned(),
        label: named(visit, "queue-age", name),
        chosen: asked.age.is_some_and(|(chosen, _)| chosen == *name),
    };
    std::iter::once(any).chain(AGES.iter().map(one)).collect()
}

/// How long ago something was, or how long it takes until then, in the largest fitting unit.
pub(super) fn span(visit: &Visit, from: Timestamp, to: Timestamp) -> String {
    let minutes = (to.as_micros() - from.as_micros()).max(0) / (HOUR / 60);
    let (key, count) = match minutes {
        0..=89 => ("span-minutes", minutes),
        90..=2_879 => ("span-hours", (minutes + 30) / 60),
        _ => ("span-days", minutes / (24 * 60)),
    };
    visit.count(key, usize::try_from(count).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_addresses_and_others_ask_for_the_first_page() {
        let asked = Asked {
            show: "value".to_owned(),
            choice: Choice::All,
            rank: 1,
            age: Some(AGES[1]),
            after: None,
        };
        let at = Place { rank: 1, since: 99, subject: "r-ab".into(), kind: "report".into() };
        let address = asked.address(Some(&at));
        assert_eq!(address, "/desk?show=value&urgency=1&age=24h&after=1.99.r-ab.report");
        assert_eq!(place(address.rsplit_once("after=").unwrap().1), Some(at));
        for bad in ["", "1.2.3", "x.1.a.b", "1.2.a.b.c"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
