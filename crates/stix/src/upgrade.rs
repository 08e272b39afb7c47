//! From STIX 2.0 to STIX 2.1, saying what changed.
//!
//! The outcome depends on nothing but the input: upgrading twice gives the same bytes, ids included.
//! What STIX 2.1 has no place for is kept as a custom property, by value.

mod change;
mod observables;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::limits::MAX_COPIED_MARKINGS;
use crate::pattern::ast::{Comparison, ObjectPath, Observation, Step};
use crate::table::TABLE;

pub use change::Change;

/// An object of STIX 2.1, and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Upgraded {
    /// The object, then the observables it was taken apart into: `observed-data` becomes several.
    pub objects: Vec<Value>,
    /// Each change; empty where the object already was STIX 2.1.
    pub changes: Vec<Change>,
}

/// A bundle of STIX 2.1 objects, and how they came about.
#[derive(Clone, Debug, PartialEq)]
pub struct UpgradedBundle {
    /// The bundle. Equal observables of several observations are in it once.
    pub bundle: Value,
    /// For each object of the old bundle that changed, its place and what changed.
    pub changes: Vec<(usize, Vec<Change>)>,
    /// For each object of the new bundle, the place of the old object it comes from.
    pub origins: Vec<usize>,
}

/// Where STIX 2.1 keeps the kinds that STIX 2.0 called labels.
const TYPES_OF: [(&str, &str); 6] = [
    ("identity", "roles"),
    ("indicator", "indicator_types"),
    ("malware", "malware_types"),
    ("report", "report_types"),
    ("threat-actor", "threat_actor_types"),
    ("tool", "tool_types"),
];

/// Whether `object` is one of STIX 2.0: a statement that names no later version.
pub fn is_stix_20(object: &Value) -> bool {
    match object.get("spec_version").and_then(Value::as_str) {
        Some(version) => version == "2.0",
        None => object.get("created").is_some(),
    }
}

/// Upgrades one object. Objects of STIX 2.1, and what is no object, come back as they are.
pub fn upgrade(object: &Value) -> Upgraded {
    let (Some(old), true) = (object.as_object(), is_stix_20(object)) else {
        return Upgraded { objects: vec![object.clone()], changes: Vec::new() };
    };
    let mut upgrade = Upgrade { object: old.clone(), changes: Vec::new(), observables: Vec::new() };
    let added = Change::new("version-added", "", "spec_version 2.1 added");
    upgrade.set("spec_version", "2.1".into(), added);
    match old.get("type").and_then(Value::as_str).unwrap_or_default() {
        "indicator" => upgrade.indicator(),
        "malware" => upgrade.default_to(
            "is_family",
            true.into(),
            Change::new(
                "family-assumed",
                "is_family",
                "is_family set to true: STIX 2.0 does not tell families from samples",
            ),
        ),
        "report" => {
            if let Some(created) = old.get("created") {
                let why = "published was missing; the time of creation stands for it";
                let why = Change::new("published-added", "published", why);
                upgrade.default_to("published", created.clone(), why);
            }
        }
        "observed-data" => upgrade.observed_data(),
        _ => (),
    }
    upgrade.labels();
    let mut objects = vec![Value::Object(upgrade.object)];
    objects.extend(upgrade.observables);
    Upgraded { objects, changes: upgrade.changes }
}

/// Upgrades every object of a bundle. A value that is no bundle comes back as it is.
pub fn upgrade_bundle(bundle: &Value) -> UpgradedBundle {
    let mut out = bundle.clone();
    let mut changes = Vec::new();
    let Some(old) = bundle.get("objects").and_then(Value::as_array) else {
        return UpgradedBundle { bundle: out, changes, origins: Vec::new() };
    };
    let (mut objects, mut origins) = (Vec::<Value>::new(), Vec::new());
    let mut places: HashMap<String, usize> = HashMap::new();
    for (index, object) in old.iter().enumerate() {
        let upgraded = upgrade(object);
        if !upgraded.changes.is_empty() {
            changes.push((index, upgraded.changes));
        }
        let mut parts = upgraded.objects.into_iter();
        let first = parts.next();
        // Observables of STIX 2.1 may stand beside observed data of STIX 2.0.
        if let Some(observable) = first.as_ref().filter(|o| o.get("created").is_none()) {
            let id = observable.get("id").and_then(Value::as_str).unwrap_or_default();
            places.insert(id.to_owned(), objects.len());
        }
        objects.extend(first);
        origins.resize(objects.len(), index);
        for observable in parts {
            let id = observable.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            match places.get(&id).and_then(|place| objects.get_mut(*place)) {
                Some(other) => observables::merge(other, &observable),
                None => {
                    places.insert(id, objects.len());
                    objects.push(observable);
                    origins.push(index);
                }
            }
        }
    }
    if let Some(members) = out.as_object_mut() {
        members.remove("spec_version");
        members.insert("objects".to_owned(), Value::Array(objects));
    }
    UpgradedBundle { bundle: out, changes, origins }
}

struct Upgrade {
    object: Map<String, Value>,
    changes: Vec<Change>,
    observables: Vec<Value>,
}

impl Upgrade {
    fn set(&mut self, key: &str, value: Value, why: Change) {
        self.object.insert(key.to_owned(), value);
        self.changes.push(why);
    }

    fn default_to(&mut self, key: &str, value: Value, why: Change) {
        if !self.object.contains_key(key) {
            self.set(key, value, why);
        }
    }

    /// Labels were required and said the kind; now they are free words, and the kind has a
    /// property of its own. All go over: the vocabulary is an open one.
    fn labels(&mut self) {
        let object_type = self.object.get("type").and_then(Value::as_str).unwrap_or_default();
        let Some((_, types)) = TYPES_OF.iter().find(|(name, _)| *name == object_type) else {
            return;
        };
        if self.object.contains_key(*types) {
            return;
        }
        if let Some(labels) = self.object.remove("labels") {
            let text = format!("labels moved to {types}");
            self.set(types, labels, Change::new("labels-moved", *types, text));
            self.selectors("labels", Some(types));
        }
    }

    fn indicator(&mut self) {
        let why = "pattern_type stix added: STIX 2.0 has no other";
        let why = Change::new("pattern-type-added", "pattern_type", why);
        self.default_to("pattern_type", "stix".into(), why);
        let is_stix = self.object.get("pattern_type").is_some_and(|t| t == "stix");
        let text = self.object.get("pattern").and_then(Value::as_str);
        let tree = text.filter(|_| is_stix).and_then(|text| Observation::parse(text).ok());
        let (Some(text), Some(mut tree)) = (text, tree) else { return };
        let renamed = rename(&mut tree);
        // STIX 2.0 wrote times as plain strings.
        let plain_times = text.contains("START '") || text.contains("STOP '");
        if renamed || plain_times {
            let why = "the pattern is written as in STIX 2.1";
            let why = Change::new("pattern-rewritten", "pattern", why);
            self.set("pattern", tree.to_string().into(), why);
        }
    }

    /// Moves the observables out, where that does not copy too many markings: `objects` is
    /// deprecated, but still STIX 2.1.
    fn observed_data(&mut self) {
        let Some(Value::Object(objects)) = self.object.get("objects") else { return };
        let id = self.object.get("id").and_then(Value::as_str).unwrap_or_default();
        let all = Markings::of(&self.object);
        if objects.len().saturating_mul(all.whole.len()) > MAX_COPIED_MARKINGS {
            return;
        }
        let markings = |key: &str| all.at(key);
        let (refs, made) = observables::made_of(objects, id, markings, &mut self.changes);
        if refs.is_empty() {
            return;
        }
        self.observables = made;
        self.object.remove("objects");
        let why = format!("objects moved out: {} observables with ids of their own", refs.len());
        let why = Change::new("observables-moved", refs.len().to_string(), why);
        self.set("object_refs", refs.into_iter().map(Value::from).collect(), why);
        self.selectors("objects", None);
    }

    /// Lets the selectors of granular markings follow a property that moved; those of one that is
    /// gone go with it, and what they marked was marked before.
    fn selectors(&mut self, old: &str, new: Option<&str>) {
        let Some(Value::Array(markings)) = self.object.get_mut("granular_markings") else { return };
        let mut changed = false;
        for marking in markings.iter_mut() {
            let Some(Value::Array(selectors)) = marking.get_mut("selectors") else { continue };
            selectors.retain_mut(|selector| {
                let rest = selector.as_str().and_then(|s| s.strip_prefix(old));
                let Some(rest) = rest.filter(|r| r.is_empty() || r.starts_with('.')) else {
                    return true;
                };
                changed = true;
                match new {
                    Some(new) => *selector = format!("{new}{rest}").into(),
                    None => return false,
                }
                true
            });
        }
        markings.retain(|m| m.get("selectors").is_none_or(|s| *s != Value::Array(Vec::new())));
        if markings.is_empty() {
            self.object.remove("granular_markings");
        }
        if changed {
            let target = new.unwrap_or("observables as a whole");
            let text = format!("granular markings of {old} now mark {target}");
            self.changes.push(Change::new("markings-moved", old, text));
        }
    }
}

/// The markings of the observables inside an object: those of the whole, and those of an observable
/// or of a part of it. Nothing may end up marked less than it was.
struct Markings {
    whole: Vec<Value>,
    by_key: HashMap<String, Vec<Value>>,
}

impl Markings {
    fn of(object: &Map<String, Value>) -> Self {
        let list = |key: &str| object.get(key).and_then(Value::as_array).into_iter().flatten();
        let mut whole: Vec<Value> = list("object_marking_refs").cloned().collect();
        let mut by_key: HashMap<String, Vec<Value>> = HashMap::new();
        for granular in list("granular_markings") {
            let Some(marking) = granular.get("marking_ref") else { continue };
            let selectors = granular.get("selectors").and_then(Value::as_array);
            for selector in selectors.into_iter().flatten().filter_map(Value::as_str) {
                let mut steps = selector.split('.');
                if steps.next() != Some("objects") {
                    continue;
                }
                match steps.next() {
                    None => whole.push(marking.clone()),
                    Some(key) => by_key.entry(key.to_owned()).or_default().push(marking.clone()),
                }
            }
        }
        Self { whole, by_key }
    }

    /// Those of the observable under `key`, each once.
    fn at(&self, key: &str) -> Vec<Value> {
        let own = self.by_key.get(key).into_iter().flatten();
        let mut seen = HashSet::new();
        let all = self.whole.iter().chain(own);
        all.filter(|marking| seen.insert(marking.as_str())).cloned().collect()
    }
}

/// Renames the properties of observables a pattern speaks of; whether there was one.
fn rename(node: &mut Observation) -> bool {
    match node {
        Observation::Single(comparison) => rename_in(comparison),
        Observation::Qualified(inner, _) => rename(inner),
        Observation::And(parts) | Observation::Or(parts) | Observation::FollowedBy(parts) => {
            parts.iter_mut().fold(false, |any, part| rename(part) | any)
        }
    }
}

fn rename_in(node: &mut Comparison) -> bool {
    match node {
        Comparison::And(parts) | Comparison::Or(parts) => {
            parts.iter_mut().fold(false, |any, part| rename_in(part) | any)
        }
        Comparison::Test(test) => rename_path(&mut test.path),
        Comparison::Exists { path, .. } => rename_path(path),
    }
}

fn rename_path(path: &mut ObjectPath) -> bool {
    let Some(Step::Key(name)) = path.steps.first_mut() else { return false };
    let known = TABLE.object_type(&path.object_type);
    match observables::new_name(&path.object_type, name) {
        Some(new) if known.is_some() => {
            *name = new.to_owned();
            true
        }
        _ => false,
    }
}
