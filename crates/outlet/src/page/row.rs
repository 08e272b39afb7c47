//! One released object as people see it in a list.

use noroshi_stix::{Found, Kind, Timestamp, Tlp, observables_in_pattern, tlp_of};
use serde_json::Value;

use super::moment::{Moment, Zone};
use crate::i18n::{Locale, Speech, kind_label};
use crate::shelf::{Band, Picked};

/// One line of the feed.
pub(crate) struct Row {
    /// Its own page.
    pub(crate) href: String,
    /// Class of its line: `create`, `update`, `revoke` or `expired`.
    pub(crate) state: &'static str,
    /// What is to be said about its state, where anything is.
    pub(crate) state_label: Option<String>,
    pub(crate) kind_label: String,
    /// Made unfit to follow.
    pub(crate) shown: String,
    /// As it is, to be copied; none for what is no value.
    pub(crate) value: Option<String>,
    pub(crate) tlp: &'static str,
    pub(crate) tlp_class: &'static str,
    pub(crate) confidence: String,
    /// When this version came.
    pub(crate) added: Moment,
    /// The tick of the first version.
    pub(crate) first: Moment,
}

/// An object taken apart.
pub(crate) struct Looked {
    pub(crate) json: Value,
    pub(crate) id: String,
    pub(crate) object_type: String,
    /// The value it stands for.
    pub(crate) value: Option<(Kind, String)>,
    pub(crate) tlp: Tlp,
    pub(crate) revoked: bool,
    pub(crate) created: Option<i64>,
    pub(crate) modified: Option<i64>,
    pub(crate) valid_from: Option<i64>,
    pub(crate) valid_until: Option<i64>,
    pub(crate) band: Band,
}

impl Looked {
    pub(crate) fn at(bytes: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let text = |name: &str| json.get(name).and_then(Value::as_str);
        let time = |name: &str| text(name)?.parse().ok().map(Timestamp::as_micros);
        let object_type = text("type").unwrap_or_default().to_owned();
        let tlp = match tlp_of(&json) {
            Some(tlp) => tlp,
            None if object_type == "marking-definition" => Tlp::Clear,
            None => Tlp::Amber,
        };
        Self {
            id: text("id").unwrap_or_default().to_owned(),
            value: value(&json, &object_type),
            tlp,
            revoked: json.get("revoked").and_then(Value::as_bool).unwrap_or(false),
            created: time("created"),
            modified: time("modified"),
            valid_from: time("valid_from"),
            valid_until: time("valid_until"),
            band: Band::of(json.get("confidence").and_then(Value::as_i64)),
            object_type,
            json,
        }
    }

    /// A text property.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.json.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Ids it refers to, but its creator and markings.
    pub(crate) fn references(&self) -> Vec<String> {
        let one = ["source_ref", "target_ref", "sighting_of_ref", "object_ref"];
        let ones = one.into_iter().map(|name| self.text(name).to_owned());
        let many = self.json.get("object_refs").and_then(Value::as_array).into_iter().flatten();
        let many = many.filter_map(|id| id.as_str().map(str::to_owned));
        let own = self.text("created_by_ref").to_owned();
        many.chain(ones).filter(|id| !id.is_empty() && *id != own).take(MAX_REFERENCES).collect()
    }

    /// What it is called where it stands for no value.
    pub(crate) fn name(&self) -> String {
        let name = self.text("name");
        let name = if name.is_empty() { &self.id } else { name };
        name.chars().take(MAX_NAME).collect()
    }

    /// What it is: the kind of its value, or its type in words.
    pub(crate) fn kind_label(&self, say: &Speech) -> String {
        match (&self.value, self.object_type.as_str()) {
            (Some((kind, _)), _) => kind_label(*kind, say),
            (None, "report" | "grouping") => say.t("kind-context"),
            (None, "indicator") => say.t("kind-pattern"),
            (None, "attack-pattern") => say.t("kind-technique"),
            (None, "course-of-action") => say.t("kind-action"),
            (None, "campaign") => say.t("kind-campaign"),
            (None, "malware") => say.t("kind-malware"),
            (None, "sighting") => say.t("kind-sighting"),
            (None, "language-content") => say.t("kind-translation"),
            (None, "relationship") => say.t("kind-relationship"),
            (None, other) => other.to_owned(),
        }
    }

    /// The value, defanged, or the name.
    pub(crate) fn shown(&self) -> String {
        match &self.value {
            Some((Kind::Yara | Kind::Sigma | Kind::Suricata, _)) | None => self.name(),
            Some((kind, value)) => defang(*kind, value).chars().take(MAX_SHOWN).collect(),
        }
    }

    /// Whether its time is over.
    pub(crate) fn expired(&self, now: i64) -> bool {
        self.valid_until.is_some_and(|until| until <= now)
    }
}

/// The words of a `language-content` object in one language: name and description.
pub(crate) fn translated(content: &Value, locale: Locale) -> Option<(String, String)> {
    let words = content.get("contents")?.get(locale.tag())?;
    let text = |name: &str| words.get(name).and_then(Value::as_str).map(str::to_owned);
    Some((text("name")?, text("description").unwrap_or_default()))
}

impl Row {
    /// The line of an object; `name` where it is called something in the reader's language.
    pub(crate) fn of(
        picked: &Picked,
        looked: &Looked,
        name: Option<&str>,
        (say, zone, now): (&Speech, Zone, i64),
    ) -> Self {
        let expired = looked.expired(now);
        let (state, label) = match (looked.revoked, expired, picked.oldest) {
            (true, _, _) => ("revoke", Some(say.t("action-revoke"))),
            (false, true, _) => ("expired", Some(say.t("feed-state-expired"))),
            (false, false, true) => ("create", None),
            (false, false, false) => ("update", Some(say.t("action-update"))),
        };
        Self {
            href: format!("/objects/{}", looked.id),
            state,
            state_label: label,
            kind_label: looked.kind_label(say),
            shown: name.map_or_else(|| looked.shown(), str::to_owned),
            value: looked.value.as_ref().map(|(_, value)| value.clone()),
            tlp: looked.tlp.label(),
            tlp_class: tlp_class(looked.tlp),
            confidence: confidence(looked.band, say),
            added: zone.moment(picked.position.date_added),
            first: zone.moment(looked.created.unwrap_or(picked.position.date_added)),
        }
    }
}

/// How sure the hub is, in words.
pub(crate) fn confidence(band: Band, say: &Speech) -> String {
    match band {
        Band::Confirmed => say.t("feed-confidence-confirmed"),
        Band::Reported => say.t("feed-confidence-reported"),
        Band::Unstated => say.t("feed-confidence-unstated"),
    }
}

fn value(json: &Value, object_type: &str) -> Option<(Kind, String)> {
    let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    match (object_type, text("pattern_type")) {
        ("vulnerability", _) => Some((Kind::Cve, text("name").to_owned())),
        ("indicator", "stix") => observables_in_pattern(text("pattern"))
            .ok()?
            .into_iter()
            .find_map(|found| match found {
                Found::Observable(observable) => Some((observable.kind(), observable.value())),
                _ => None,
            }),
        ("indicator", "yara") => Some((Kind::Yara, text("pattern").to_owned())),
        ("indicator", "sigma") => Some((Kind::Sigma, text("pattern").to_owned())),
        ("indicator", "suricata" | "snort") => Some((Kind::Suricata, text("pattern").to_owned())),
        _ => None,
    }
}

/// Makes a value unclickable and unresolvable, so that nobody visits it from the page.
pub(crate) fn defang(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Ipv4 | Kind::Domain | Kind::Host => value.replace('.', "[.]"),
        Kind::Ipv6 => value.replacen(':', "[:]", 1),
        Kind::Email => value.replace('@', "[@]").replace('.', "[.]"),
        Kind::Url => {
            value.replacen("http", "hxxp", 1).replacen("ftp", "fxp", 1).replace('.', "[.]")
        }
        _ => value.to_owned(),
    }
}

/// The marking's class, for FIRST's colours.
pub(crate) const fn tlp_class(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "tlp clear",
        Tlp::Green => "tlp green",
        Tlp::Amber | Tlp::AmberStrict => "tlp amber",
        Tlp::Red => "tlp red",
    }
}

const MAX_NAME: usize = 200;
const MAX_SHOWN: usize = 400;
const MAX_REFERENCES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_on_the_page_can_be_followed() {
        assert_eq!(defang(Kind::Ipv4, "198.51.100.7"), "198[.]51[.]100[.]7");
        assert_eq!(defang(Kind::Url, "https://a.example/x.html"), "hxxps://a[.]example/x[.]html");
        assert_eq!(defang(Kind::Email, "a@b.example"), "a[@]b[.]example");
        assert_eq!(defang(Kind::Ipv6, "2001:db8::7"), "2001[:]db8::7");
    }

    #[test]
    fn what_is_no_object_is_shown_as_nothing() {
        let looked = Looked::at(b"not json");
        assert_eq!((looked.shown().as_str(), looked.tlp), ("", Tlp::Amber));
        assert!(looked.references().is_empty());
    }
}
