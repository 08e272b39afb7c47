//! The situation: attacks by week and sector group, essential services, how fast warnings spread.

mod charts;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_anonymity::Words;
use noroshi_outlet::Channel;
use noroshi_stix::Timestamp;

use self::charts::{Bars, Spread, Weeks};
use super::frame::Frame;
use super::readers::may_read;
use super::services::{self, Line};
use super::times::{self, Moment};
use super::visit::Visit;
use crate::error::HubError;
use crate::situation::attacks::{self, Attacks};
use crate::situation::suppress::{Cell, FEW};

#[derive(Template)]
#[template(path = "situation.html")]
struct Page {
    frame: Frame,
    css: String,
    now: Moment,
    /// Whether only TLP:CLEAR is counted.
    clear: bool,
    /// Why there are no numbers of attacks, where there are none for this visitor.
    closed: bool,
    few: u32,
    members: u32,
    charts: Vec<Weeks>,
    by_week: Vec<(String, Vec<String>)>,
    first_day: String,
    last_day: String,
    sectors: Vec<String>,
    table: Vec<(String, Vec<String>)>,
    services: Vec<Line>,
    spread: Vec<Spread>,
}

/// Whose numbers somebody may see.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sees {
    All,
    Clear,
    Nothing,
}

/// `GET /situation`
pub(crate) async fn show(visit: Visit) -> Response {
    let page = page(&visit).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

async fn page(visit: &Visit) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    let sees = sees(visit).await;
    if sees == Sees::Nothing && visit.who.session().is_none() {
        return Err(HubError::Request {
            status: StatusCode::UNAUTHORIZED,
            code: "unauthorized",
            detail: "Sign in to see the situation.".to_owned(),
        });
    }
    let policy = hub.policy();
    let members = policy.standing.parameters.settings().k;
    let now = hub.now();
    let counted = (sees != Sees::Nothing).then(|| {
        let headlines = hub.shelf().headlines(sees == Sees::Clear);
        let k = usize::try_from(members).unwrap_or(usize::MAX);
        attacks::count(&headlines, &policy.standing.roster, &policy.vocabulary, k, now)
    });
    let name = |words: &Words| {
        if visit.japanese() { words.ja.clone() } else { words.en.clone() }
    };
    let days = counted.as_ref().map(|a| a.weeks.iter().map(|w| day(*w)).collect());
    let days: Vec<String> = days.unwrap_or_default();
    Ok(Page {
        frame: visit.frame(visit.t("situation-title")),
        css: super::assets::address("situation.css"),
        now: times::moment(now, visit),
        clear: sees == Sees::Clear,
        closed: sees == Sees::Nothing,
        few: FEW,
        members,
        charts: counted
            .iter()
            .flat_map(|a| &a.kinds)
            .map(|k| chart(visit, name(&k.words), k, &days))
            .collect(),
        sectors: counted.iter().flat_map(|a| &a.sectors).map(name).collect(),
        table: counted.as_ref().map(|a| table(visit, a, name)).unwrap_or_default(),
        services: services::lines(visit).await?,
        spread: spread(visit),
        first_day: days.first().cloned().unwrap_or_default(),
        last_day: days.last().cloned().unwrap_or_default(),
        by_week: counted.as_ref().map(|a| by_week(visit, a, &days)).unwrap_or_default(),
    })
}

/// Whoever may read releases sees what is counted from them; everybody else, also the operator and
/// people of an authority, what is marked TLP:CLEAR, where that is open.
async fn sees(visit: &Visit) -> Sees {
    match (may_read(&visit.app, &visit.who).await, visit.app.hub.config().outlet.public_clear) {
        (true, _) => Sees::All,
        (false, true) => Sees::Clear,
        (false, false) => Sees::Nothing,
    }
}

fn chart(visit: &Visit, name: String, kind: &attacks::Kind, days: &[String]) -> Weeks {
    let shown: u32 = kind.weeks.iter().filter_map(|c| c.shown()).sum();
    let most = kind.weeks.iter().zip(days).filter_map(|(c, d)| Some((c.shown()?, d))).max();
    let summary = match most {
        Some((most, day)) => visit.say.with(
            "situation-chart",
            &[("shown", shown.into()), ("most", most.into()), ("day", day.as_str().into())],
        ),
        None => visit.t("situation-chart-few"),
    };
    Weeks::of(name, summary, &kind.weeks)
}

fn table(
    visit: &Visit,
    attacks: &Attacks,
    name: impl Fn(&Words) -> String,
) -> Vec<(String, Vec<String>)> {
    let line = |kind: &attacks::Kind| {
        (name(&kind.words), kind.sectors.iter().map(|c| text(visit, *c)).collect())
    };
    attacks.kinds.iter().map(line).collect()
}

fn by_week(visit: &Visit, attacks: &Attacks, days: &[String]) -> Vec<(String, Vec<String>)> {
    let cell =
        |kind: &attacks::Kind, at: usize| kind.weeks.get(at).copied().unwrap_or(Cell::Hidden);
    let line = |(at, day): (usize, &String)| {
        let cells = attacks.kinds.iter().map(|kind| text(visit, cell(kind, at)));
        (day.clone(), cells.collect())
    };
    days.iter().enumerate().map(line).collect()
}

fn text(visit: &Visit, cell: Cell) -> String {
    match cell {
        Cell::Shown(n) => n.to_string(),
        Cell::Hidden => visit.say.with("situation-few", &[("few", FEW.into())]),
    }
}

fn spread(visit: &Visit) -> Vec<Spread> {
    let hub = &visit.app.hub;
    let ways = Channel::ALL.map(|channel| {
        let title = match channel {
            Channel::Stream => visit.t("situation-stream"),
            Channel::Taxii => visit.t("situation-taxii"),
            Channel::Lists => visit.t("situation-lists"),
        };
        (title, hub.shelf().delivered(channel).classes)
    });
    let waited = (visit.t("situation-waited"), hub.metrics().waits());
    let all = std::iter::once(waited).chain(ways);
    all.map(|(title, classes)| Spread::of(visit, title, Bars::of(visit, &classes), &classes))
        .collect()
}

/// A Monday as people write it.
fn day(micros: i64) -> String {
    let text = Timestamp::from_micros(micros).to_string();
    text.get(..10).unwrap_or(&text).to_owned()
}
