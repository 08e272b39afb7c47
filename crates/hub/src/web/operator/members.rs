//! The register as a list, and adding a member.

use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipnet::IpNet;
use noroshi_stix::DomainName;

use super::{Asked, Desk, PAGE, Shown, acting, cut, filter, read};
use crate::admin::{self, NewMember};
use crate::error::HubError;
use crate::vault::members::{Listed, Wanted};
use crate::web::frame::Frame;
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::trouble;
use crate::web::visit::Visit;

const PLACE: &str = "/operator/members";
const FILTERS: [(&str, &str); 4] = [
    ("", "members-all"),
    ("unsigned", "members-unsigned"),
    ("ending", "members-ending"),
    ("left", "members-left"),
];

#[derive(Template)]
#[template(path = "operator_members.html")]
struct Page {
    frame: Frame,
    desk: Desk,
    search: String,
    filters: Vec<Shown>,
    members: Vec<Line>,
    next: Option<String>,
    problem: Option<String>,
    typed: Typed,
}

struct Line {
    id: String,
    name_ja: String,
    name_en: String,
    label: String,
    until: Option<Moment>,
    left: bool,
}

/// What was typed into the form for a new member.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) name_ja: String,
    pub(super) name_en: String,
    pub(super) label: String,
    pub(super) weight: String,
    pub(super) aliases: String,
    pub(super) domains: String,
    pub(super) networks: String,
    pub(super) brands: String,
}

impl Typed {
    fn of(form: &SmallForm) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            name_ja: text("name_ja"),
            name_en: text("name_en"),
            label: text("label"),
            weight: text("weight"),
            aliases: text("aliases"),
            domains: text("domains"),
            networks: text("networks"),
            brands: text("brands"),
        }
    }

    fn to_member(&self) -> Result<NewMember, HubError> {
        let bad = |value: &str| {
            HubError::unprocessable("bad-value", format!("{value:?} cannot be used."))
        };
        let domains = lines(&self.domains).map(|d| DomainName::parse(d).ok_or_else(|| bad(d)));
        let networks = lines(&self.networks).map(|n| n.parse::<IpNet>().map_err(|_| bad(n)));
        Ok(NewMember {
            name_ja: self.name_ja.clone(),
            name_en: self.name_en.clone(),
            label_path: label_path(&self.label),
            weight: weight(&self.weight),
            aliases: lines(&self.aliases).map(str::to_owned).collect(),
            domains: domains.collect::<Result<_, _>>()?,
            networks: networks.collect::<Result<_, _>>()?,
            brands: lines(&self.brands).map(str::to_owned).collect(),
        })
    }
}

/// The steps of a label path.
pub(super) fn label_path(text: &str) -> Vec<String> {
    text.split('/').map(|step| step.trim().to_owned()).collect()
}

/// A weight; 0, which the register refuses, for what is none.
pub(super) fn weight(text: &str) -> u32 {
    text.parse().unwrap_or(0)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|l| !l.is_empty())
}

/// `GET /operator/members`
pub(crate) async fn list(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let page = page(&visit, asked.as_deref(), None, Typed::default()).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /operator/members`: adds one.
pub(crate) async fn add(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let typed = Typed::of(&read(&visit, request).await?);
        let added = match typed.to_member() {
            Ok(new) => admin::add_member(&acting(&visit), new).await,
            Err(e) => Err(e),
        };
        match added {
            Ok(id) => Ok(Redirect::to(&format!("{PLACE}/{id}?saved=1")).into_response()),
            Err(e) if e.problem().status().is_client_error() => {
                let (status, why) = (e.problem().status(), trouble::explain(&visit, &e));
                let page = page(&visit, None, Some(why), typed).await?;
                Ok(visit.show(status, &page))
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

async fn page(
    visit: &Visit,
    asked: Option<&str>,
    problem: Option<String>,
    typed: Typed,
) -> Result<Page, HubError> {
    let asked = Asked::of(asked, &FILTERS.map(|f| f.0));
    let wanted = Wanted {
        search: asked.search.clone(),
        show: asked.show.clone(),
        after: asked.after.clone(),
        limit: PAGE + 1,
    };
    let (members, more) = cut(admin::members_page(&visit.app.hub, wanted).await?);
    let last = members.last().filter(|_| more);
    Ok(Page {
        frame: visit.frame(visit.t("operator-tab-members")),
        desk: Desk::new(visit, PLACE),
        filters: filter(visit, &asked, &FILTERS),
        next: last.map(|l| asked.next(PLACE, (&l.member.name_en, &l.member.id))),
        members: members.into_iter().map(line).collect(),
        search: asked.search,
        problem,
        typed,
    })
}

fn line(listed: Listed) -> Line {
    let Listed { member, until } = listed;
    Line {
        label: member.label_path.join(" / "),
        until: until.map(times::day),
        left: member.left.is_some(),
        id: member.id,
        name_ja: member.name_ja,
        name_en: member.name_en,
    }
}
