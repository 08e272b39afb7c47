//! What is going on, hour by hour: bars drawn by the server, each with a table that says the same.

use std::collections::HashMap;

use askama::Template;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use noroshi_anonymity::Group;
use noroshi_stix::Timestamp;

use super::people::People;
use super::texts::named;
use crate::desk_queue::HOUR;
use crate::error::HubError;
use crate::vault::audit::Entry;
use crate::vault::desk_now::{self, Series};
use crate::web::frame::Frame;
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Hours that can be chosen; the first is shown unasked.
const SPANS: [i64; 2] = [24, 72];
/// Most events in the list.
const EVENTS: i64 = 30;
/// Width and height of a drawing, in its own units.
const WIDTH: i64 = 504;
const HEIGHT: i64 = 120;

#[derive(Template)]
#[template(path = "desk_now.html")]
struct Page {
    frame: Frame,
    span: String,
    /// Other spans: address, words, whether it is this one.
    spans: Vec<(String, String, bool)>,
    made: Moment,
    charts: Vec<Chart>,
    types: Vec<(String, i64, i64)>,
    events: Vec<Event>,
}

/// One drawing.
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) bars: Vec<Bar>,
    pub(super) width: i64,
    pub(super) height: i64,
    /// The largest value, written at the top.
    pub(super) most: i64,
    /// Marks below: place, words.
    pub(super) ticks: Vec<(i64, String)>,
}

/// One bar: where it stands and what it says.
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) when: String,
    pub(super) count: i64,
}

struct Event {
    at: Moment,
    who: String,
    deed: String,
    /// The report it is about, where the subject is one.
    report: Option<String>,
}

/// `GET /desk/now`
pub(crate) async fn hours(visit: Visit, uri: Uri) -> Response {
    let result = async {
        let asked = SmallForm::query(uri.query()).get("hours").and_then(|h| h.parse().ok());
        let span = asked.filter(|h| SPANS.contains(h)).unwrap_or(SPANS[0]);
        let page = page(&visit, span).await?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

async fn page(visit: &Visit, span: i64) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    let now = hub.now();
    let from = Timestamp::from_micros(now.floor_to(HOUR).as_micros() - (span - 1) * HOUR);
    let read = move |tx: &mut noroshi_store::Tx<'_>| {
        let series = Series::ALL.into_iter().map(|s| Ok((s, desk_now::series(tx, s, from)?)));
        let series = series.collect::<Result<Vec<_>, noroshi_store::StoreError>>()?;
        Ok((series, desk_now::types(tx, from)?, desk_now::newest(tx, from, EVENTS)?))
    };
    let (series, types, events) = hub.vault().read("web.hours", read).await?;
    let people = People::read(visit).await?;
    let at = |bar: i64| Timestamp::from_micros(from.as_micros() + bar * HOUR);
    let charts = series.iter().map(|(series, counts)| {
        let title = named(visit, "now", series.as_str());
        chart(visit, title, series.as_str(), span, counts, &at)
    });
    let count = |key: &str, n: i64| visit.count(key, usize::try_from(n).unwrap_or_default());
    Ok(Page {
        frame: visit.frame(visit.t("now-title")),
        span: count("now-span", span),
        spans: SPANS
            .into_iter()
            .map(|s| (format!("/desk/now?hours={s}"), count("now-span", s), s == span))
            .collect(),
        made: times::moment(now, visit),
        charts: charts.collect(),
        types: shares(visit, types),
        events: events.iter().map(|e| event(visit, &people, e)).collect(),
    })
}

/// Kinds of attack with how long their bars are, in hundredths of the longest.
fn shares(visit: &Visit, types: Vec<(String, i64)>) -> Vec<(String, i64, i64)> {
    let most = types.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    let policy = visit.app.hub.policy();
    let name = |id: String| {
        let term = policy.vocabulary.term(Group::AttackType, &id);
        term.map_or_else(|| visit.t("now-unsaid"), |t| t.text(visit.language()).to_owned())
    };
    types.into_iter().map(|(id, n)| (name(id), n, n * 100 / most)).collect()
}

fn event(visit: &Visit, people: &People, e: &Entry) -> Event {
    Event {
        at: times::moment(e.at, visit),
        who: people.name(visit, e),
        deed: people.deed(visit, &e.action),
        report: e.subject.starts_with("r-").then(|| e.subject.clone()),
    }
}

/// Bars of counts by number of the bar; `at` says when a bar begins.
pub(super) fn chart(
    visit: &Visit,
    title: String,
    id: &'static str,
    bars: i64,
    counts: &[(i64, i64)],
    at: &dyn Fn(i64) -> Timestamp,
) -> Chart {
    let bars = bars.max(1);
    let counts: HashMap<i64, i64> = counts.iter().copied().collect();
    let count = |bar: i64| counts.get(&bar).copied().unwrap_or(0);
    let most = (0..bars).map(count).max().unwrap_or(0);
    let total: i64 = (0..bars).map(count).sum();
    let step = WIDTH / bars;
    let when = |bar: i64| times::short_hour(at(bar), visit);
    let bar = |n: i64| {
        let count = count(n);
        // One is never invisible.
        let height = if count == 0 { 0 } else { (count * HEIGHT / most.max(1)).max(2) };
        let width = (step - 1).max(1);
        Bar { x: n * step, y: HEIGHT - height, width, height, when: when(n), count }
    };
    let every = (bars / 4).max(1);
    let ticks = (0..bars).filter(|n| n % every == 0 && bars - n > every / 2);
    let plain = |n: i64| usize::try_from(n).unwrap_or_default();
    Chart {
        id,
        summary: visit
            .say
            .with("now-summary", &[("total", plain(total).into()), ("most", plain(most).into())]),
        title,
        bars: (0..bars).map(bar).collect(),
        width: step * bars,
        height: HEIGHT,
        most,
        ticks: ticks.map(|n| (n * step, times::bar_hour(at(n), visit))).collect(),
    }
}
