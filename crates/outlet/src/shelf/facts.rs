//! What the outlet must know of an object, read from the signed bytes alone.

mod about;

use std::borrow::Cow;

pub(crate) use about::{About, Band, Sort};
use noroshi_stix::{Found, Kind, Object, StixId, Timestamp, Tlp, observables_in_pattern};
use serde::Deserialize;

use crate::collection::Collection;

/// The facts of one object that decide where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) id: String,
    pub(crate) object_type: String,
    /// Whether it is of STIX 2.0.
    pub(crate) spec_20: bool,
    /// `modified`, else `created`, in microseconds. Without either, its version is the time it was
    /// added (TAXII 2.1, section 3.4).
    pub(crate) version: Option<i64>,
    pub(crate) created_by: Option<String>,
    /// The strictest TLP marking; without one, TLP:AMBER, so that nothing becomes public by an
    /// omission. Marking definitions are public by nature.
    pub(crate) tlp: Tlp,
    pub(crate) revoked: bool,
    /// End of validity in microseconds; `i64::MAX` where there is none.
    pub(crate) until: i64,
    /// What goes into block lists: kind and value, without repetition. None for partners' objects.
    pub(crate) entries: Vec<(Kind, String)>,
    /// What people look for in it. None for partners' objects.
    pub(crate) about: Option<About>,
}

impl Facts {
    /// Reads the facts of an object of this collection; the reason names what is wrong with it.
    pub(crate) fn read(bytes: &[u8], collection: Collection) -> Result<Self, &'static str> {
        let raw: Raw<'_> = serde_json::from_slice(bytes)
            .map_err(|_| "it is not a STIX object with the properties every object has")?;
        let id: StixId = raw.id.parse().map_err(|_| "its id is not a STIX identifier")?;
        if id.object_type() != raw.object_type {
            return Err("its type and its id disagree");
        }
        let version = match raw.modified.as_deref().or(raw.created.as_deref()) {
            Some(text) => Some(instant(text).ok_or("its version is not a timestamp")?),
            None => None,
        };
        let until = match raw.valid_until.as_deref() {
            Some(text) => instant(text).ok_or("its valid_until is not a timestamp")?,
            None => i64::MAX,
        };
        let markings = raw.object_marking_refs.iter().filter_map(|m| Tlp::from_stix_id(m));
        let tlp = match markings.max() {
            Some(tlp) => tlp,
            None if raw.object_type == "marking-definition" => Tlp::Clear,
            None => Tlp::Amber,
        };
        let mut entries = Vec::new();
        let listed = collection.is_released() && raw.object_type == "indicator";
        if listed && raw.pattern_type.as_deref() == Some("stix") {
            let pattern = raw.pattern.as_deref().unwrap_or_default();
            // A pattern that does not parse is no reason to refuse: it just lists nothing.
            for found in observables_in_pattern(pattern).unwrap_or_default() {
                let Found::Observable(observable) = found else { continue };
                let entry = (observable.kind(), observable.value());
                if !entries.contains(&entry) {
                    entries.push(entry);
                }
            }
        }
        let spec_20 = match raw.spec_version.as_deref() {
            Some("2.1") => false,
            Some("2.0") => true,
            Some(_) => return Err("its spec_version is neither 2.0 nor 2.1"),
            // Only observables may leave it out in STIX 2.1; they have no version of their own.
            None => version.is_some(),
        };
        let about =
            collection.is_released().then(|| About::read(bytes, &raw.object_type, &entries));
        Ok(Self {
            id: id.as_str().to_owned(),
            object_type: raw.object_type.into_owned(),
            spec_20,
            version,
            created_by: raw.created_by_ref.map(Cow::into_owned),
            tlp,
            revoked: raw.revoked,
            until,
            entries,
            about,
        })
    }

    /// Reads the facts of an object that is to be published: it must be valid STIX, made by
    /// `creator` (or be its identity, or a marking definition), and not TLP:RED.
    pub(crate) fn read_for_publishing(
        bytes: &[u8],
        collection: Collection,
        creator: &StixId,
    ) -> Result<Self, &'static str> {
        Object::from_slice(bytes).map_err(|_| "it is not a valid STIX 2.1 object")?;
        let facts = Self::read(bytes, collection)?;
        let own = facts.id == creator.as_str()
            || facts.created_by.as_deref() == Some(creator.as_str())
            || facts.object_type == "marking-definition";
        if !own {
            return Err("it was not created by the hub");
        }
        facts.not_red()
    }

    /// Reads the facts of an object that a partner posts.
    pub(crate) fn read_posted(bytes: &[u8]) -> Result<Self, &'static str> {
        if bytes.len() > MAX_OBJECT_BYTES {
            return Err("it is larger than 4 MiB");
        }
        Self::read(bytes, Collection::Partners)?.not_red()
    }

    /// The facts of some object, for tests of what they are used for.
    #[cfg(test)]
    pub(crate) fn sample(object_type: &str, n: u32) -> Self {
        Self {
            id: format!("{object_type}--{n}"),
            object_type: object_type.to_owned(),
            spec_20: false,
            version: Some(1),
            created_by: None,
            tlp: Tlp::Clear,
            revoked: false,
            until: i64::MAX,
            entries: Vec::new(),
            about: None,
        }
    }

    fn not_red(self) -> Result<Self, &'static str> {
        match self.tlp {
            Tlp::Red => Err("it is marked TLP:RED, which is for named recipients only"),
            _ => Ok(self),
        }
    }
}

/// Largest object a partner may post, in bytes.
const MAX_OBJECT_BYTES: usize = 4 * 1024 * 1024;

/// The properties looked at. Borrowed, because this runs over every object of the shelf at start.
#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(rename = "type", borrow)]
    object_type: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default, borrow)]
    spec_version: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    created: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    modified: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    created_by_ref: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    valid_until: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pattern: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pattern_type: Option<Cow<'a, str>>,
    #[serde(default)]
    object_marking_refs: Vec<String>,
    #[serde(default)]
    revoked: bool,
}

fn instant(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_micros)
}
