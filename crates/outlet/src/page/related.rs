//! What an object is connected with: reports that name it, what a report names, the other end of a
//! relationship, and one step further through reports.

use std::collections::HashSet;

use super::feed::names;
use super::row::{Looked, tlp_class};
use crate::error::OutletError;
use crate::i18n::Speech;
use crate::shelf::Surroundings;
use crate::state::OutletState;

/// Most objects that are shown around one.
const MAX_NEAR: usize = 24;
/// Most objects one step further.
const MAX_FAR: usize = 16;

/// An object beside the one that is shown.
pub(crate) struct Related {
    pub(crate) href: String,
    pub(crate) kind_label: String,
    pub(crate) shown: String,
    pub(crate) tlp: &'static str,
    pub(crate) tlp_class: &'static str,
    pub(crate) revoked: bool,
    /// Through which of the others (its number) it is connected, where not directly.
    pub(crate) through: Option<usize>,
    /// In which way.
    pub(crate) how: String,
}

/// All of it.
#[derive(Default)]
pub(crate) struct Neighbours {
    pub(crate) objects: Vec<Related>,
    /// Counts of released sightings.
    pub(crate) sightings: Vec<i64>,
}

/// Reads what stands around an object, as far as this reader may see it.
pub(crate) async fn related(
    state: &OutletState,
    looked: &Looked,
    around: &Surroundings,
    clear: bool,
    say: &Speech,
) -> Result<Neighbours, OutletError> {
    let shelf = &state.0.shelf;
    let mut places = around.referrers.clone();
    places.extend(shelf.places_of(&looked.references(), clear));
    let mut found = Neighbours::default();
    let mut near: Vec<(Looked, String)> = Vec::new();
    // What relationships lead to, and how.
    let mut led: Vec<(String, String)> = Vec::new();
    for picked in shelf.pick(&places).await? {
        let other = Looked::at(&picked.json);
        match other.object_type.as_str() {
            "relationship" => {
                let how = other.text("relationship_type").to_owned();
                let ends = other.references().into_iter().filter(|id| *id != looked.id);
                led.extend(ends.map(|id| (id, how.clone())));
            }
            "sighting" => {
                let count = other.json.get("count").and_then(serde_json::Value::as_i64);
                found.sightings.push(count.unwrap_or(1).max(0));
            }
            "language-content" | "marking-definition" | "identity" => {}
            _ => near.push((other, String::new())),
        }
    }
    let ids: Vec<String> = led.iter().map(|(id, _)| id.clone()).collect();
    for picked in shelf.pick(&shelf.places_of(&ids, clear)).await? {
        let other = Looked::at(&picked.json);
        let how = led.iter().find(|(id, _)| *id == other.id).map(|(_, how)| how.clone());
        near.push((other, how.unwrap_or_default()));
    }
    let mut seen = HashSet::from([looked.id.clone()]);
    near.retain(|(other, _)| seen.insert(other.id.clone()));
    near.truncate(MAX_NEAR);
    // One step further, through reports only: what else the attack consisted of.
    let mut far: Vec<(String, usize)> = Vec::new();
    for (number, (report, _)) in
        near.iter().enumerate().filter(|(_, (o, _))| o.object_type == "report")
    {
        far.extend(report.references().into_iter().map(|id| (id, number)));
    }
    far.retain(|(id, _)| seen.insert(id.clone()));
    far.truncate(MAX_FAR);
    let ids: Vec<String> = far.iter().map(|(id, _)| id.clone()).collect();
    let mut further: Vec<(Looked, usize)> = Vec::new();
    for picked in shelf.pick(&shelf.places_of(&ids, clear)).await? {
        let other = Looked::at(&picked.json);
        let through = far.iter().find(|(id, _)| *id == other.id).map_or(0, |(_, n)| *n);
        if !matches!(other.object_type.as_str(), "identity" | "marking-definition") {
            further.push((other, through));
        }
    }
    let (mut all, mut ways) = (Vec::new(), Vec::new());
    for (other, how) in near {
        all.push(other);
        ways.push((None, how));
    }
    for (other, through) in further {
        all.push(other);
        ways.push((Some(through), String::new()));
    }
    let names = names(state, &all, clear, say.locale()).await?;
    let lines = all.into_iter().zip(ways).map(|(other, (through, how))| Related {
        href: format!("/objects/{}", other.id),
        kind_label: other.kind_label(say),
        shown: names.get(&other.id).cloned().unwrap_or_else(|| other.shown()),
        tlp: other.tlp.label(),
        tlp_class: tlp_class(other.tlp),
        revoked: other.revoked,
        through,
        how,
    });
    found.objects = lines.collect();
    Ok(found)
}
