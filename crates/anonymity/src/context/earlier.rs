//! A context release that is out already: to be corrected, or taken back.

use noroshi_stix::{StixId, Timestamp, canonical_json};
use serde_json::Value;

use crate::release::{Lane, Release};

/// Versions of STIX objects differ by a millisecond at least.
const MILLISECOND: i64 = 1_000;

/// The objects of a release as the hub's record keeps them. Reading it is the only way to a new
/// version under the same ids, so nothing that was not released can be corrected or taken back.
#[derive(Clone)]
pub struct Earlier {
    objects: Vec<Value>,
    report: StixId,
    wording: StixId,
    pub(super) created: Timestamp,
    modified: Timestamp,
}

impl std::fmt::Debug for Earlier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Earlier({})", self.report)
    }
}

impl Earlier {
    /// Reads the JSON array of the newest version's objects; `None` where it is no context release.
    pub fn read(objects: &[u8]) -> Option<Self> {
        let objects: Vec<Value> = serde_json::from_slice(objects).ok()?;
        let of = |kind: &str| objects.iter().find(|o| o["type"] == kind);
        let id = |o: &Value| o["id"].as_str()?.parse::<StixId>().ok();
        let time = |o: &Value, key: &str| o[key].as_str()?.parse::<Timestamp>().ok();
        let report = of("report")?;
        Some(Self {
            report: id(report)?,
            wording: id(of("language-content")?)?,
            created: time(report, "created")?,
            modified: time(report, "modified")?,
            objects: objects.clone(),
        })
    }

    /// The id of the `report` object.
    pub fn report_id(&self) -> &StixId {
        &self.report
    }

    /// The earliest time of a newer version.
    pub(super) fn next_version(&self) -> Timestamp {
        Timestamp::from_micros(self.modified.as_micros() + MILLISECOND)
    }

    /// The id an object of this type keeps; techniques and actions are made anew.
    pub(super) fn id_of(&self, object_type: &str) -> Option<&StixId> {
        match object_type {
            "report" => Some(&self.report),
            "language-content" => Some(&self.wording),
            _ => None,
        }
    }

    /// The versions that take the release back, dated in the week of `at`.
    pub fn withdrawn(&self, at: Timestamp) -> Vec<Release> {
        let modified = super::week_start(at).max(self.next_version());
        let mut out = Vec::new();
        for object in &self.objects {
            let Some(id) = object["id"].as_str().and_then(|id| id.parse::<StixId>().ok()) else {
                continue;
            };
            let mut object = object.clone();
            object["revoked"] = Value::Bool(true);
            object["modified"] = Value::String(modified.to_string());
            out.push(Release::new(id, Lane::Context, canonical_json(&object)));
        }
        out
    }
}
