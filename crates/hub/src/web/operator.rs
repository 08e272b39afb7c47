//! The operator's pages: what needs attention, members, agreements, keys, accounts, sessions, jobs,
//! storage, feeds, the trail. Never a report, and nothing that tells whose one is.
//!
//! Lists page on the server, by the name or time after which the next page begins.

pub(crate) mod accounts;
pub(crate) mod agreements;
pub(crate) mod audit;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod member;
pub(crate) mod members;
pub(crate) mod partners;
pub(crate) mod sessions;
pub(crate) mod storage;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_stix::Timestamp;

use super::frame::Frame;
use super::next::Next;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::visit::Visit;
use crate::admin;
use crate::error::HubError;
use crate::hub::Hub;

/// Lines of one page of a list.
const PAGE: i64 = 50;
/// Days after which a backup is old.
const BACKUP_DAYS: i64 = 7;

/// What stands around every page of the operator.
struct Desk {
    csrf: String,
    tabs: Vec<Tab>,
    saved: bool,
}

struct Tab {
    href: &'static str,
    label: String,
    here: bool,
}

/// The pages, in the order of the work.
const TABS: [(&str, &str); 11] = [
    ("/operator", "operator-tab-overview"),
    ("/operator/members", "operator-tab-members"),
    ("/operator/agreements", "operator-tab-agreements"),
    ("/operator/keys", "operator-tab-keys"),
    ("/operator/accounts", "operator-tab-accounts"),
    ("/operator/sessions", "operator-tab-sessions"),
    ("/operator/partners", "operator-tab-partners"),
    ("/operator/feeds", "operator-tab-feeds"),
    ("/operator/jobs", "operator-tab-jobs"),
    ("/operator/storage", "operator-tab-storage"),
    ("/operator/audit", "operator-tab-audit"),
];

impl Desk {
    /// `tab` is the address of the page in the list of pages.
    fn new(visit: &Visit, tab: &str) -> Self {
        let tabs =
            TABS.iter().map(|(href, key)| Tab { href, label: visit.t(key), here: *href == tab });
        Self { csrf: visit.csrf(), tabs: tabs.collect(), saved: visit.saved() }
    }
}

#[derive(Template)]
#[template(path = "operator.html")]
struct OverviewPage {
    frame: Frame,
    desk: Desk,
    version: &'static str,
    releases: u64,
    of_partners: u64,
    rejected: u64,
    newest: Option<Moment>,
    pending: String,
    members: i64,
    /// What needs attention: a sentence and where to look.
    attention: Vec<(String, String)>,
    last_backup: Option<Moment>,
}

/// `GET /operator`
pub(crate) async fn overview(visit: Visit) -> Response {
    let result = async {
        let hub = &visit.app.hub;
        let found = admin::attention(hub).await?;
        let health = hub.shelf().health();
        let newest = (health.newest_tick > 0).then(|| Timestamp::from_micros(health.newest_tick));
        let page = OverviewPage {
            frame: visit.frame(visit.t("operator-title")),
            desk: Desk::new(&visit, "/operator"),
            version: env!("CARGO_PKG_VERSION"),
            releases: health.releases,
            of_partners: health.verified.saturating_sub(health.releases),
            rejected: health.rejected,
            newest: newest.map(|t| times::moment(t, &visit)),
            pending: found.pending.clone(),
            members: found.members.members,
            attention: attention(&visit, &found),
            last_backup: found.last_backup.map(|t| times::moment(t, &visit)),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

fn attention(visit: &Visit, found: &admin::Attention) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut counted = |count: i64, key: &str, href: &str| {
        if count > 0 {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            out.push((visit.count(key, count), href.to_owned()));
        }
    };
    let rejected = i64::try_from(visit.app.hub.shelf().health().rejected).unwrap_or(i64::MAX);
    counted(rejected, "attention-rejected", "/operator/feeds");
    counted(found.members.unsigned, "attention-unsigned", "/operator/members?show=unsigned");
    counted(found.members.ending, "attention-ending", "/operator/members?show=ending");
    counted(found.keys_ending, "attention-keys", "/operator/keys?show=ending");
    let old = |at: Timestamp| at.plus_days(BACKUP_DAYS) < visit.app.hub.now();
    match found.last_backup {
        None => out.push((visit.t("attention-no-backup"), "/operator/storage".to_owned())),
        Some(at) if old(at) => {
            out.push((visit.t("attention-old-backup"), "/operator/storage".to_owned()));
        }
        Some(_) => {}
    }
    for job in &found.failing {
        let text = visit.say.with("attention-job", &[("job", visit.t(jobs::texts(*job).0).into())]);
        out.push((text, "/operator/jobs".to_owned()));
    }
    out
}

/// The hub, with what is done in the trail under the visitor's account.
fn acting(visit: &Visit) -> Hub {
    visit.app.hub.on_behalf_of(visit.who.actor())
}

/// Reads a form of these pages.
async fn read(visit: &Visit, request: Request<Body>) -> Result<SmallForm, HubError> {
    SmallForm::read_to(visit, request, 512 * 1024).await
}

/// Back to where a form was, with a word that it is done; `otherwise` where it does not say.
fn done(form: &SmallForm, otherwise: &str) -> Response {
    let back = form.get("back").and_then(Next::parse).map(|n| n.as_str().to_owned());
    let place = back.unwrap_or_else(|| otherwise.to_owned());
    let path = place.split('?').next().unwrap_or_default();
    Redirect::to(&format!("{path}?saved=1")).into_response()
}

/// A button that the page does not have.
fn no_such_button() -> HubError {
    HubError::bad("unknown-button", "Choose a button of the page.")
}

/// Fields as a query, empty ones left out.
fn query(fields: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in fields.iter().filter(|(_, v)| !v.is_empty()) {
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    out.push(char::from(byte));
                }
                other => out.push_str(&format!("%{other:02X}")),
            }
        }
    }
    out
}

/// One more line than a page has was asked for: whether there is a next page, and the page.
fn cut<T>(mut lines: Vec<T>) -> (Vec<T>, bool) {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = lines.len() > most;
    lines.truncate(most);
    (lines, more)
}

/// What a list is asked for: search, filter, and after which line.
struct Asked {
    search: String,
    show: String,
    after: (String, String),
}

impl Asked {
    /// `known` are the filters there are.
    fn of(asked: Option<&str>, known: &[&str]) -> Self {
        let form = SmallForm::of_query(asked);
        let short = |name: &str| form.text(name).chars().take(200).collect::<String>();
        let show = short("show");
        Self {
            search: short("q"),
            show: if known.contains(&show.as_str()) { show } else { String::new() },
            after: (form.get("after").unwrap_or_default().to_owned(), short("id")),
        }
    }

    /// Where the next page is.
    fn next(&self, place: &str, after: (&str, &str)) -> String {
        let fields = [
            ("q", self.search.as_str()),
            ("show", &self.show),
            ("after", after.0),
            ("id", after.1),
        ];
        format!("{place}{}", query(&fields))
    }
}

/// One choice of a list's filter.
struct Shown {
    id: &'static str,
    label: String,
    chosen: bool,
}

fn filter(visit: &Visit, asked: &Asked, known: &[(&'static str, &str)]) -> Vec<Shown> {
    let shown = |(id, key): &(&'static str, &str)| Shown {
        id,
        label: visit.t(key),
        chosen: asked.show == *id,
    };
    known.iter().map(shown).collect()
}

#[derive(Template)]
#[template(path = "operator_once.html")]
struct OncePage {
    frame: Frame,
    desk: Desk,
    title: String,
    lead: String,
    secret: String,
    back: String,
}

/// A key or link, shown this once.
fn once(visit: &Visit, tab: &str, texts: (&str, &str), secret: &str, back: &str) -> Response {
    let page = OncePage {
        frame: visit.frame(visit.t(texts.0)),
        desk: Desk::new(visit, tab),
        title: visit.t(texts.0),
        lead: visit.t(texts.1),
        secret: secret.to_owned(),
        back: back.to_owned(),
    };
    visit.show(StatusCode::OK, &page)
}

/// The words of a one-time link.
const LINK: (&str, &str) = ("once-link-title", "once-link");
/// The words of a key.
const KEY: (&str, &str) = ("once-key-title", "once-key");
