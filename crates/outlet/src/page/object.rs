//! `GET /objects/{id}`: everything released about one object.

use askama::Template;
use axum::Extension;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use noroshi_stix::Timestamp;

use super::graph::Graph;
use super::moment::{Moment, Zone};
use super::refused::not_found;
use super::related::{Related, related};
use super::row::{Looked, confidence, tlp_class, translated};
use super::{Frame, answer};
use crate::anonymity::failed;
use crate::i18n::{Locale, Speech};
use crate::params::Params;
use crate::problem::Problem;
use crate::reader::{Grant, Scope};
use crate::shelf::{Band, Surroundings, VersionAt};
use crate::state::OutletState;

#[derive(Template)]
#[template(path = "object.html")]
struct Page {
    frame: Frame,
    id: String,
    kind_label: String,
    /// The heading: the value made unfit to follow, or the name.
    shown: String,
    /// The value as it is.
    value: Option<String>,
    /// The text of a rule, or a pattern.
    pattern: Option<String>,
    tlp: &'static str,
    tlp_class: &'static str,
    tlp_meaning: String,
    revoked: bool,
    confidence: String,
    sightings: Option<String>,
    first: Option<Moment>,
    last: Option<Moment>,
    collection: &'static str,
    decay: Option<Decay>,
    words: Vec<Words>,
    versions: Vec<Version>,
    graph: Option<Graph>,
    related: Vec<Related>,
    certificate: Option<String>,
    raw: String,
}

/// How much of its time an indicator has left.
struct Decay {
    from: Moment,
    until: Moment,
    /// What is over, in hundredths, at most 100.
    over: i64,
    class: &'static str,
    text: String,
}

/// Title and text in one language.
struct Words {
    lang: &'static str,
    name: String,
    description: String,
}

/// One line of the history.
struct Version {
    at: Moment,
    what: String,
    newest: bool,
    proof: String,
}

/// `GET /objects/{object}`
pub(crate) async fn show(
    State(state): State<OutletState>,
    OriginalUri(uri): OriginalUri,
    Extension(grant): Extension<Grant>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let locale = Locale::negotiate(uri.query(), &headers);
    let clear = match grant.releases {
        Scope::All => false,
        Scope::Clear => true,
        Scope::Nothing => return not_found(&state, &uri, &headers).await,
    };
    let id = params.segment("object").to_ascii_lowercase();
    let Some(around) = state.0.shelf.around(&id, clear) else {
        return not_found(&state, &uri, &headers).await;
    };
    let chrome = state.0.readers.chrome(&headers, locale).await;
    let frame = Frame::new(&state, locale, chrome, &uri, &headers);
    let wanted: Vec<_> = [Some(around.place), around.translation].into_iter().flatten().collect();
    let picked = state.0.shelf.pick(&wanted).await.map_err(failed)?;
    let Some((own, translation)) = picked.split_first().filter(|(p, _)| p.place == around.place)
    else {
        return not_found(&state, &uri, &headers).await;
    };
    let looked = Looked::at(&own.json);
    let translation = translation.first().map(|t| Looked::at(&t.json));
    let related = related(&state, &looked, &around, clear, &frame.say).await.map_err(failed)?;
    let versions = history(&around, looked.revoked, &id, &frame.say);
    let (zone, now) = (Zone::of(locale), state.now().as_micros());
    let words = words(&looked, translation.as_ref());
    let own_words = words.iter().find(|w| w.lang == locale.tag());
    let shown = own_words.map_or_else(|| looked.shown(), |w| w.name.clone());
    let page = Page {
        kind_label: looked.kind_label(&frame.say),
        value: looked.value.as_ref().map(|(_, value)| value.clone()),
        pattern: Some(looked.text("pattern").to_owned()).filter(|p| !p.is_empty()),
        tlp: looked.tlp.label(),
        tlp_class: tlp_class(looked.tlp),
        tlp_meaning: tlp_meaning(looked.tlp, &frame.say),
        revoked: looked.revoked,
        confidence: confidence(looked.band, &frame.say),
        sightings: sightings(&looked, &related.sightings, &frame.say),
        first: looked.created.map(|at| zone.moment(at)),
        last: looked.modified.map(|at| zone.moment(at)),
        collection: around.collection.alias(),
        decay: decay(&looked, zone, now, &frame.say),
        versions,
        graph: Graph::of(&shown, &looked.kind_label(&frame.say), &related.objects),
        certificate: certificate(&state, &looked, around.versions.len()),
        raw: serde_json::to_string_pretty(&looked.json).unwrap_or_default(),
        related: related.objects,
        words,
        shown,
        id,
        frame,
    };
    answer(StatusCode::OK, &page, &uri)
}

/// The words of an object in both languages, where it is described in words.
fn words(looked: &Looked, translation: Option<&Looked>) -> Vec<Words> {
    let description = looked.text("description").to_owned();
    if looked.value.is_some() || (description.is_empty() && translation.is_none()) {
        return Vec::new();
    }
    let mut all = Vec::new();
    let ja = translation.and_then(|t| translated(&t.json, Locale::Ja));
    if let Some((name, description)) = ja {
        all.push(Words { lang: Locale::Ja.tag(), name, description });
    }
    all.push(Words { lang: Locale::En.tag(), name: looked.name(), description });
    all
}

fn history(around: &Surroundings, revoked: bool, id: &str, say: &Speech) -> Vec<Version> {
    let zone = Zone::of(say.locale());
    let total = around.versions.len();
    let line = |(number, version): (usize, &VersionAt)| {
        let what = match (number, number + 1 == total) {
            (0, _) if revoked => say.t("action-revoke"),
            (_, true) => say.t("action-create"),
            (_, false) => say.t("action-update"),
        };
        let stamp = Timestamp::from_micros(version.version);
        Version {
            at: zone.moment(version.added),
            what,
            newest: number == 0,
            proof: format!("/proofs/{id}?version={stamp}"),
        }
    };
    around.versions.iter().enumerate().map(line).collect()
}

/// What may be said about how often it was seen: never a number (docs/anonymity.md). A `sighting`
/// that was released gives a band; without one, confidence says all there is.
fn sightings(looked: &Looked, released: &[i64], say: &Speech) -> Option<String> {
    if !released.is_empty() {
        let total: i64 = released.iter().fold(0, |sum, n| sum.saturating_add(*n));
        return Some(match total {
            ..5 => say.t("feed-sightings-few"),
            5..10 => say.t("feed-sightings-some"),
            10..20 => say.t("feed-sightings-many"),
            _ => say.t("feed-sightings-most"),
        });
    }
    looked.value.as_ref()?;
    match looked.band {
        Band::Confirmed => Some(say.t("feed-sightings-confirmed")),
        Band::Reported => Some(say.t("feed-sightings-reported")),
        Band::Unstated => None,
    }
}

fn decay(looked: &Looked, zone: Zone, now: i64, say: &Speech) -> Option<Decay> {
    let (from, until) = (looked.valid_from?, looked.valid_until?);
    let whole = until.saturating_sub(from).max(1);
    let gone = i128::from(now.saturating_sub(from)).clamp(0, i128::from(whole));
    let over = i64::try_from(gone * 100 / i128::from(whole)).unwrap_or(100);
    let (class, text) = match (now >= until, over) {
        (true, _) => ("over", say.t("feed-decay-over")),
        (false, ..50) => ("fresh", say.t("feed-decay-fresh")),
        (false, _) => ("ageing", say.t("feed-decay-ageing")),
    };
    Some(Decay { from: zone.moment(from), until: zone.moment(until), over, class, text })
}

/// The newest certificate there is of a report.
fn certificate(state: &OutletState, looked: &Looked, versions: usize) -> Option<String> {
    if looked.object_type != "report" {
        return None;
    }
    let name = |n: usize| match n {
        1 => format!("certificates/{}", looked.id),
        n => format!("certificates/{}-v{n}", looked.id),
    };
    let names = (1..=versions.max(1)).rev().map(name);
    names.into_iter().find(|n| !state.0.shelf.lacks_document(n)).map(|n| format!("/anonymity/{n}"))
}

fn tlp_meaning(tlp: noroshi_stix::Tlp, say: &Speech) -> String {
    use noroshi_stix::Tlp;
    match tlp {
        Tlp::Clear => say.t("feed-tlp-clear"),
        Tlp::Green => say.t("feed-tlp-green"),
        Tlp::Amber => say.t("feed-tlp-amber"),
        Tlp::AmberStrict => say.t("feed-tlp-amber-strict"),
        Tlp::Red => say.t("feed-tlp-red"),
    }
}
