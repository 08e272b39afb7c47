//! The filters of the feed, as they stand in the address: `/?q=...&kind=ipv4&state=current`.
//!
//! An address keeps its meaning, so it can be sent to a colleague. What it says and nobody
//! understands is named on the page and changes nothing.

use std::fmt::Write as _;

use noroshi_stix::{Kind, StixId, Tlp};

use super::moment::{DAY, Zone};
use crate::collection::Collection;
use crate::cursor::{Position, STREAM_SCOPE};
use crate::i18n::Locale;
use crate::params::Params;
use crate::search;
use crate::shelf::{Band, Sort, Standing, Wanted};

/// What a reader asked to see.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// As it was typed.
    pub(crate) q: String,
    pub(crate) collection: Option<Collection>,
    pub(crate) kind: Option<Sort>,
    pub(crate) tlp: Option<Tlp>,
    pub(crate) state: Option<Standing>,
    pub(crate) band: Option<Band>,
    /// Days as they were typed.
    pub(crate) since: String,
    pub(crate) until: String,
    pub(crate) zone: Zone,
    pub(crate) before: Option<Position>,
    pub(crate) after: Option<Position>,
    /// Names of what was not understood.
    pub(crate) ignored: Vec<&'static str>,
    /// The zone of a reader that chose none.
    usual: Zone,
}

/// Names of the filters in an address.
const NAMES: [&str; 11] = [
    "q",
    "collection",
    "kind",
    "tlp",
    "state",
    "confidence",
    "since",
    "until",
    "zone",
    "before",
    "after",
];

impl Filter {
    /// Reads an address. Of a name that stands there twice the last one counts.
    pub(crate) fn read(params: &Params, locale: Locale) -> Self {
        let usual = Zone::of(locale);
        let mut filter = Self {
            q: String::new(),
            collection: None,
            kind: None,
            tlp: None,
            state: None,
            band: None,
            since: String::new(),
            until: String::new(),
            zone: usual,
            before: None,
            after: None,
            ignored: Vec::new(),
            usual,
        };
        for name in NAMES {
            let given = params.query().iter().rev().find(|(n, _)| n == name);
            let Some(value) = given.map(|(_, v)| v.trim()).filter(|v| !v.is_empty()) else {
                continue;
            };
            if !filter.set(name, value) {
                filter.ignored.push(name);
            }
        }
        filter
    }

    fn set(&mut self, name: &str, value: &str) -> bool {
        let cursor = || Position::from_cursor(value, STREAM_SCOPE);
        match name {
            "q" => {
                self.q = value.chars().take(search::MAX_QUERY).collect();
                true
            }
            "collection" => keep(&mut self.collection, released(value)),
            "kind" => keep(&mut self.kind, kind(value)),
            "tlp" => keep(&mut self.tlp, Tlp::from_label(&value.replace('-', "+"))),
            "state" => keep(&mut self.state, standing(value)),
            "confidence" => {
                keep(&mut self.band, Band::ALL.into_iter().find(|b| b.as_str() == value))
            }
            "since" => day(&mut self.since, value),
            "until" => day(&mut self.until, value),
            "zone" => match Zone::ALL.into_iter().find(|z| z.as_str() == value) {
                Some(zone) => {
                    self.zone = zone;
                    true
                }
                None => false,
            },
            "before" => keep(&mut self.before, cursor()),
            _ => keep(&mut self.after, cursor()),
        }
    }

    /// What the shelf is asked for.
    pub(crate) fn wanted(&self, clear_only: bool, now: i64) -> Wanted {
        let id = self.q.trim().to_ascii_lowercase().parse::<StixId>().ok();
        let words = if id.is_some() { Vec::new() } else { search::words(&self.q) };
        Wanted {
            words,
            id: id.map(|id| id.as_str().to_owned()),
            clear_only,
            collection: self.collection,
            sort: self.kind,
            tlp: self.tlp.map(Tlp::rank),
            standing: self.state,
            band: self.band,
            since: self.zone.midnight(&self.since),
            until: self.zone.midnight(&self.until).map(|day| day.saturating_add(DAY)),
            before: self.before,
            after: self.after,
            now,
        }
    }

    /// Whether anything is left out.
    pub(crate) fn is_active(&self) -> bool {
        !self.query(false).is_empty()
    }

    /// Whether one of the further filters is in force.
    pub(crate) fn is_narrow(&self) -> bool {
        self.collection.is_some()
            || self.tlp.is_some()
            || self.band.is_some()
            || !self.since.is_empty()
            || !self.until.is_empty()
    }

    /// The filters as the query of an address, without cursors, for a link to the same list.
    pub(crate) fn query(&self, with_zone: bool) -> String {
        let mut out = String::new();
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                let joint = if out.is_empty() { "" } else { "&" };
                let _ = write!(out, "{joint}{name}={}", encode(value));
            }
        };
        put("q", &self.q);
        put("collection", self.collection.map_or("", Collection::alias));
        put("kind", self.kind.map_or("", kind_name));
        put("tlp", self.tlp.map_or("", tlp_name));
        put("state", self.state.map_or("", state_name));
        put("confidence", self.band.map_or("", Band::as_str));
        put("since", &self.since);
        put("until", &self.until);
        if with_zone && self.zone != self.usual {
            put("zone", self.zone.as_str());
        }
        out
    }

    /// The address of the same list, from a cursor on.
    pub(crate) fn address(&self, cursor: Option<(&str, Position)>) -> String {
        let mut query = self.query(true);
        if let Some((name, position)) = cursor {
            let joint = if query.is_empty() { "" } else { "&" };
            let _ = write!(query, "{joint}{name}={}", position.to_cursor(STREAM_SCOPE));
        }
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }
}

fn keep<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let known = value.is_some();
    *slot = value;
    known
}

fn day(slot: &mut String, value: &str) -> bool {
    let known = Zone::Utc.midnight(value).is_some();
    if known {
        value.clone_into(slot);
    }
    known
}

fn released(name: &str) -> Option<Collection> {
    Collection::find(name).filter(|c| c.is_released())
}

/// `report` and `other`, or the name of a kind of indicator.
pub(crate) fn kind(name: &str) -> Option<Sort> {
    match name {
        "report" => Some(Sort::Report),
        "other" => Some(Sort::Other),
        _ => Kind::from_name(name).map(Sort::Indicator),
    }
}

/// The name of a kind in addresses.
pub(crate) fn kind_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Indicator(kind) => kind.as_str(),
        Sort::Report => "report",
        Sort::Pattern | Sort::Other | Sort::Part => "other",
    }
}

/// The name of a marking in addresses.
pub(crate) const fn tlp_name(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "clear",
        Tlp::Green => "green",
        Tlp::Amber => "amber",
        Tlp::AmberStrict => "amber-strict",
        Tlp::Red => "red",
    }
}

/// The name of a state in addresses.
pub(crate) const fn state_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Current => "current",
        Standing::Expired => "expired",
        Standing::Revoked => "revoked",
    }
}

fn standing(name: &str) -> Option<Standing> {
    [Standing::Current, Standing::Expired, Standing::Revoked]
        .into_iter()
        .find(|s| state_name(*s) == name)
}

/// Percent-encodes everything but letters, digits and what is safe in a query.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;
    use proptest::prelude::*;

    use super::*;

    fn read(query: &str) -> Filter {
        let uri: Uri = format!("/?{query}").parse().unwrap();
        Filter::read(&Params::from_uri(&uri).unwrap(), Locale::Ja)
    }

    #[test]
    fn an_address_leads_back_to_itself() {
        let query = "q=%E9%9B%BB%E5%8A%9B%20a%26b&collection=context&kind=report&tlp=amber-strict\
                     &state=revoked&confidence=reported&since=2026-11-01&until=2026-11-23&zone=utc";
        let filter = read(query);
        assert_eq!((filter.query(true).as_str(), filter.ignored.len()), (query, 0));
        assert_eq!(filter.tlp, Some(Tlp::AmberStrict));
        assert_eq!(filter.address(None), format!("/?{query}"));
    }

    #[test]
    fn what_is_not_understood_is_named_and_changes_nothing() {
        let filter = read("kind=gas&tlp=blue&since=soon&before=x&state=&q=+&unknown=1");
        assert_eq!(filter.ignored, ["kind", "tlp", "since", "before"]);
        assert!(!filter.is_active());
    }

    #[test]
    fn a_day_is_one_of_the_chosen_zone() {
        let (jst, utc) =
            (read("since=2026-11-23&until=2026-11-23"), read("since=2026-11-23&zone=utc"));
        let wanted = jst.wanted(false, 0);
        assert_eq!(wanted.until.unwrap() - wanted.since.unwrap(), DAY);
        assert_eq!(utc.wanted(false, 0).since.unwrap() - wanted.since.unwrap(), 9 * 3_600_000_000);
    }

    proptest! {
        #[test]
        fn any_words_survive_the_address(q in "[^\\s]\\PC{0,40}") {
            let filter = read(&format!("q={}", encode(&q)));
            prop_assert_eq!(filter.q, q.trim());
        }
    }
}
