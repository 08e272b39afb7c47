//! An object laid out for the rules: every value the specification gives a type, with its place.

use serde_json::{Map, Value};

use crate::table::{Form, Properties, TABLE, TypeRow};

type Members = Map<String, Value>;

/// The object under judgement.
pub(super) struct Subject<'a> {
    pub(super) members: &'a Members,
    /// `type`, or empty.
    pub(super) object_type: &'a str,
    /// What the specification says of the type; `None` for types it does not define.
    pub(super) row: Option<&'static TypeRow>,
    /// Every typed value.
    pub(super) values: Vec<Typed<'a>>,
    /// The object itself and every object inside it that has a row in the table.
    pub(super) parts: Vec<Part<'a>>,
}

/// A value with the type the specification gives it.
pub(super) struct Typed<'a> {
    pub(super) path: String,
    pub(super) form: &'static Form,
    pub(super) value: &'a Value,
}

/// An object or an object inside it.
pub(super) struct Part<'a> {
    /// Empty for the object itself, else with a final dot.
    pub(super) prefix: String,
    pub(super) members: &'a Members,
    pub(super) row: Option<&'static TypeRow>,
    /// Its required properties that are absent.
    pub(super) missing: Vec<&'static str>,
    /// Its properties that the specification does not define.
    pub(super) custom: Vec<&'a str>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(members: &'a Members) -> Self {
        let object_type = members.get("type").and_then(Value::as_str).unwrap_or_default();
        let row = TABLE.object_type(object_type);
        let mut subject = Self { members, object_type, row, values: Vec::new(), parts: Vec::new() };
        subject.part(String::new(), members, row);
        subject
    }

    /// Statements have a creation time and versions; observables have neither. A type that the
    /// specification does not know is what its extension says, else what it looks like.
    pub(super) fn is_observable(&self) -> bool {
        match self.row {
            Some(row) => row.class == "sco",
            None if self.has_extension(|kind| kind == "new-sco") => true,
            None if self.has_extension(|kind| kind.starts_with("new-s")) => false,
            None => !self.members.contains_key("created"),
        }
    }

    /// Whether an extension of this kind is declared.
    pub(super) fn has_extension(&self, wanted: impl Fn(&str) -> bool) -> bool {
        let extensions = self.members.get("extensions").and_then(Value::as_object);
        extensions.is_some_and(|all| {
            let kinds = all.values().filter_map(|e| e.get("extension_type")?.as_str());
            kinds.into_iter().any(wanted)
        })
    }

    fn part(&mut self, prefix: String, members: &'a Members, row: Option<&'static TypeRow>) {
        let class = match row {
            Some(row) => row.class.as_str(),
            None if self.is_observable() => "sco",
            None => "sdo",
        };
        let common = TABLE.common(class);
        let own = row.map(|row| &row.properties);
        let mut custom = Vec::new();
        for (name, value) in members {
            let property = own.and_then(|p| p.get(name)).or_else(|| common?.get(name));
            match property {
                Some(property) => self.value(format!("{prefix}{name}"), &property.form, value),
                None => custom.push(name.as_str()),
            }
        }
        let all = common.into_iter().chain(own).flat_map(Properties::iter);
        let missing = all.filter(|(name, p)| p.required && !members.contains_key(*name));
        let missing = missing.map(|(name, _)| name).collect();
        self.parts.push(Part { prefix, members, row, missing, custom });
    }

    fn value(&mut self, path: String, form: &'static Form, value: &'a Value) {
        match (form, value) {
            (Form::List(inner), Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    self.value(format!("{path}[{i}]"), inner, item);
                }
            }
            (Form::Part(name), Value::Object(members)) => {
                if let Some(row) = TABLE.part(name) {
                    self.part(format!("{path}."), members, Some(row));
                }
            }
            (Form::Extensions, Value::Object(extensions)) => {
                for (name, extension) in extensions {
                    let row = TABLE.part(name).filter(|_| name.ends_with("-ext"));
                    if let (Some(row), Some(members)) = (row, extension.as_object()) {
                        self.part(format!("{path}.{name}."), members, Some(row));
                    }
                }
            }
            _ => (),
        }
        self.values.push(Typed { path, form, value });
    }
}
