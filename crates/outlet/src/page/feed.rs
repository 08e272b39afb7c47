//! `GET /`: for readers the live feed with its search, for everybody else what noroshi is.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use noroshi_seal::ClientCertificate;
use noroshi_stix::{Kind, Tlp};

use super::filter::{Filter, kind_name, state_name, tlp_name};
use super::moment::Zone;
use super::row::{Looked, Row, confidence, translated};
use super::{Frame, answer};
use crate::anonymity::failed;
use crate::collection::Collection;
use crate::cursor::STREAM_SCOPE;
use crate::error::OutletError;
use crate::i18n::{Locale, Speech, kind_label};
use crate::params::Params;
use crate::problem::Problem;
use crate::reader::{self, Asking, Scope};
use crate::shelf::{Band, Picked, Sort, Standing};
use crate::state::OutletState;

/// How many objects a page shows.
const SHOWN: usize = 50;
/// How many are counted.
pub(crate) const COUNTED: usize = 10_000;

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome {
    frame: Frame,
    discovery: String,
}

#[derive(Template)]
#[template(path = "feed.html")]
struct Page {
    frame: Frame,
    filter: Filter,
    /// Whether only TLP:CLEAR is shown.
    clear: bool,
    rows: Vec<Row>,
    count: String,
    ignored: Vec<String>,
    choices: Choices,
    /// The query of downloads of the same list.
    download: String,
    /// Where the script asks for what is new.
    fresh: String,
    /// Where the page ends, as an event id of the stream.
    end: String,
    older: Option<String>,
    verified: u64,
    newest: Option<super::moment::Moment>,
}

/// What came since, for the page that is open already.
#[derive(Template)]
#[template(path = "feed_fresh.html")]
struct Fresh {
    say: Speech,
    rows: Vec<Row>,
    count: usize,
    /// What the button says.
    label: String,
    end: String,
}

/// The choices of the filter form: name, text, whether chosen.
struct Choices {
    kinds: Vec<(&'static str, String, bool)>,
    states: Vec<(&'static str, String, bool)>,
    collections: Vec<(&'static str, String, bool)>,
    tlps: Vec<(&'static str, String, bool)>,
    bands: Vec<(&'static str, String, bool)>,
    zones: Vec<(&'static str, String, bool)>,
}

/// `GET /`
pub(crate) async fn show(
    State(state): State<OutletState>,
    OriginalUri(uri): OriginalUri,
    certificate: Option<Extension<ClientCertificate>>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let locale = Locale::negotiate(uri.query(), &headers);
    let certificate = certificate.map(|Extension(c)| c);
    // An open page asks so for what is new.
    let by_itself = params.query().iter().any(|(name, value)| name == "part" && value == "fresh");
    let asking = if by_itself { Asking::Page } else { Asking::Person };
    let grant = reader::identify(&state, &headers, certificate.as_ref(), asking).await?;
    let clear = match grant.releases {
        Scope::All => false,
        Scope::Clear => true,
        Scope::Nothing => {
            let chrome = state.0.readers.chrome(&headers, locale).await;
            let frame = Frame::new(&state, locale, chrome, &uri, &headers);
            let discovery = format!("{}/taxii2/", frame.origin);
            return answer(StatusCode::OK, &Welcome { frame, discovery }, &uri);
        }
    };
    let filter = Filter::read(&params, locale);
    let now = state.now().as_micros();
    // Before the list: what comes in between is announced, never lost.
    let end = state.0.shelf.end();
    let found = state.0.shelf.find(filter.wanted(clear, now), SHOWN, COUNTED).await;
    let picked = state.0.shelf.pick(&found.places).await.map_err(failed)?;
    let say = state.0.texts.speak(locale);
    let last = picked.last().map(|p| p.position);
    let rows = rows(&state, &picked, clear, (&say, filter.zone, now)).await.map_err(failed)?;
    if by_itself {
        let label = say.with("feed-new", &[("count", found.count.into())]);
        let end = end.to_cursor(STREAM_SCOPE);
        let fresh = Fresh { say, rows, count: found.count, label, end };
        return answer(StatusCode::OK, &fresh, &uri);
    }
    let chrome = state.0.readers.chrome(&headers, locale).await;
    let health = state.0.shelf.health();
    let page = Page {
        frame: Frame::new(&state, locale, chrome, &uri, &headers),
        clear,
        count: count(&say, found.count, found.uncounted),
        ignored: filter.ignored.iter().map(|name| ignored(&say, name)).collect(),
        choices: Choices::of(&filter, clear, &say),
        download: filter.query(true),
        fresh: with(filter.address(None), "part=fresh"),
        end: end.to_cursor(STREAM_SCOPE),
        older: last.filter(|_| found.more).map(|at| filter.address(Some(("before", at)))),
        verified: health.releases,
        newest: (health.newest_tick > 0).then(|| filter.zone.moment(health.newest_tick)),
        rows,
        filter,
    };
    answer(StatusCode::OK, &page, &uri)
}

/// The lines of objects, named in the reader's language where there are words in it.
async fn rows(
    state: &OutletState,
    picked: &[Picked],
    clear: bool,
    around: (&Speech, Zone, i64),
) -> Result<Vec<Row>, OutletError> {
    let looked: Vec<Looked> = picked.iter().map(|p| Looked::at(&p.json)).collect();
    let names = names(state, &looked, clear, around.0.locale()).await?;
    let lines = picked.iter().zip(&looked);
    let name = |id: &str| names.get(id).map(String::as_str);
    Ok(lines.map(|(p, l)| Row::of(p, l, name(&l.id), around)).collect())
}

/// What objects are called in this language, by id.
pub(super) async fn names(
    state: &OutletState,
    looked: &[Looked],
    clear: bool,
    locale: Locale,
) -> Result<HashMap<String, String>, OutletError> {
    if locale == Locale::En {
        return Ok(HashMap::new());
    }
    let named = looked.iter().filter(|l| l.value.is_none()).map(|l| l.id.clone());
    let ids: Vec<String> = named.collect();
    let places = state.0.shelf.translations_of(&ids, clear);
    let contents = state.0.shelf.pick(&places).await?;
    let read = contents.iter().filter_map(|content| {
        let content = Looked::at(&content.json);
        let (name, _) = translated(&content.json, locale)?;
        Some((content.text("object_ref").to_owned(), name))
    });
    Ok(read.collect())
}

fn count(say: &Speech, count: usize, uncounted: bool) -> String {
    let key = if uncounted { "feed-count-more" } else { "feed-count" };
    let shown = thousands(count);
    match key {
        "feed-count-more" => say.with("feed-count-more", &[("count", shown.into())]),
        _ => say.with("feed-count", &[("count", count.into())]),
    }
}

fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn ignored(say: &Speech, name: &str) -> String {
    match name {
        "collection" => say.t("feed-filter-collection"),
        "kind" => say.t("feed-filter-kind"),
        "tlp" => say.t("feed-filter-tlp"),
        "state" => say.t("feed-filter-state"),
        "confidence" => say.t("feed-filter-confidence"),
        "since" => say.t("feed-filter-since"),
        "until" => say.t("feed-filter-until"),
        "zone" => say.t("feed-filter-zone"),
        _ => say.t("feed-filter-place"),
    }
}

fn with(address: String, more: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{more}")
}

impl Choices {
    fn of(filter: &Filter, clear: bool, say: &Speech) -> Self {
        let kinds = Kind::ALL.into_iter().map(Sort::Indicator).chain([Sort::Report, Sort::Other]);
        let kinds = kinds.map(|sort| {
            let text = match sort {
                Sort::Indicator(kind) => kind_label(kind, say),
                Sort::Report => say.t("kind-context"),
                Sort::Pattern | Sort::Other | Sort::Part => say.t("kind-other"),
            };
            (kind_name(sort), text, filter.kind == Some(sort))
        });
        let states = [Standing::Current, Standing::Expired, Standing::Revoked];
        let states = states.map(|s| (state_name(s), state_text(s, say), filter.state == Some(s)));
        let released = [Collection::Signals, Collection::Context];
        let collections = released.map(|c| {
            let text = match c {
                Collection::Context => say.t("feed-collection-context"),
                Collection::Signals | Collection::Partners => say.t("feed-collection-signals"),
            };
            (c.alias(), text, filter.collection == Some(c))
        });
        let seen = Tlp::ALL.into_iter().filter(|t| *t != Tlp::Red && (!clear || *t == Tlp::Clear));
        let tlps = seen.map(|t| (tlp_name(t), t.label().to_owned(), filter.tlp == Some(t)));
        let bands = Band::ALL.map(|b| (b.as_str(), confidence(b, say), filter.band == Some(b)));
        let zones = Zone::ALL.map(|z| (z.as_str(), z.label().to_owned(), filter.zone == z));
        Self {
            kinds: kinds.collect(),
            states: states.into(),
            collections: collections.into(),
            tlps: tlps.collect(),
            bands: bands.into(),
            zones: zones.into(),
        }
    }
}

/// What a state is called.
pub(super) fn state_text(standing: Standing, say: &Speech) -> String {
    match standing {
        Standing::Current => say.t("feed-state-current"),
        Standing::Expired => say.t("feed-state-expired"),
        Standing::Revoked => say.t("feed-state-revoked"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_counts_are_readable() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(10_000), "10,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
