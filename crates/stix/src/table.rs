//! What the specification says of each object type, read from `data/stix-2.1.json`: properties and
//! their types, vocabularies, orders of times, combinations, what makes the id of an observable.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

mod properties;

pub(crate) use properties::Properties;

/// The whole table.
#[derive(Default, Deserialize)]
pub(crate) struct Table {
    /// Properties every object of a class has.
    common: BTreeMap<String, Properties>,
    types: BTreeMap<String, TypeRow>,
    objects: BTreeMap<String, TypeRow>,
    vocabularies: BTreeMap<String, Vec<String>>,
    /// Source type, relationship type, target types.
    relationships: Vec<(String, String, Targets)>,
}

/// One object type, or one kind of object inside objects.
#[derive(Default, Deserialize)]
pub(crate) struct TypeRow {
    /// `sdo`, `sro`, `sco` or `meta`; empty for objects inside objects.
    #[serde(default)]
    pub(crate) class: String,
    pub(crate) properties: Properties,
    /// `[earlier, "<" or "<=", later]`
    #[serde(default)]
    pub(crate) order: Vec<(String, String, String)>,
    #[serde(default)]
    pub(crate) combinations: Vec<Combination>,
    /// The properties the id of an observable is made from.
    #[serde(default)]
    pub(crate) id_from: Vec<String>,
    /// The extensions the specification itself defines for it.
    #[serde(default)]
    pub(crate) extensions: Vec<String>,
}

/// Which properties stand together.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Combination {
    pub(crate) at_least_one: Vec<String>,
    pub(crate) exactly_one: Vec<String>,
    /// The next two hold where this one is present...
    pub(crate) when: Option<String>,
    /// ... and has this value, where one is given.
    pub(crate) equals: Option<bool>,
    pub(crate) all: Vec<String>,
    pub(crate) none: Vec<String>,
}

/// A property: its type, and whether every object has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Property {
    pub(crate) required: bool,
    pub(crate) form: Form,
}

/// The type of a property.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form {
    Any,
    Text,
    Integer(Option<i64>, Option<i64>),
    Float(Option<i64>, Option<i64>),
    Boolean,
    Timestamp,
    Binary,
    Hex,
    Hashes,
    Dictionary,
    Extensions,
    Id,
    Language,
    /// A text that should be in this vocabulary.
    Open(String),
    /// A text that has to be in this vocabulary.
    Closed(String),
    Reference(Targets),
    /// An object inside the object, of this row of the table.
    Part(String),
    List(Box<Form>),
}

/// What a reference may point to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Targets {
    /// Whether `names` are what it may not point to.
    negated: bool,
    /// Types, classes as `@sco`, or `*` for everything.
    names: Vec<String>,
}

impl Targets {
    /// Whether an object of this type may be pointed to. A type the table does not know may stand
    /// where a whole class is allowed.
    pub(crate) fn allow(&self, object_type: &str) -> bool {
        let class = TABLE.types.get(object_type).map(|row| row.class.as_str());
        let named = self.names.iter().any(|name| match name.strip_prefix('@') {
            Some(wanted) => class.is_none_or(|class| class == wanted),
            None => name == "*" || name == object_type,
        });
        named != self.negated
    }

    /// For people: `identity or location`.
    pub(crate) fn describe(&self) -> String {
        let names = self.names.join(" or ").replace('@', "any ");
        if self.negated { format!("anything but {names}") } else { names }
    }
}

impl From<String> for Targets {
    fn from(text: String) -> Self {
        let names = text.trim_start_matches('!').split('|').map(str::to_owned).collect();
        Self { negated: text.starts_with('!'), names }
    }
}

impl TryFrom<String> for Property {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (required, form) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        Ok(Self { required, form: form_of(form).ok_or(format!("unknown type {text}"))? })
    }
}

fn form_of(text: &str) -> Option<Form> {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let bounds = || {
        let (low, high) = rest.split_once("..").unwrap_or_default();
        (low.parse().ok(), high.parse().ok())
    };
    Some(match name {
        "any" => Form::Any,
        "string" => Form::Text,
        "integer" => Form::Integer(bounds().0, bounds().1),
        "float" => Form::Float(bounds().0, bounds().1),
        "boolean" => Form::Boolean,
        "timestamp" => Form::Timestamp,
        "binary" => Form::Binary,
        "hex" => Form::Hex,
        "hashes" => Form::Hashes,
        "dictionary" => Form::Dictionary,
        "extensions" => Form::Extensions,
        "id" => Form::Id,
        "language" => Form::Language,
        "open" => Form::Open(rest.to_owned()),
        "enum" => Form::Closed(rest.to_owned()),
        "object" => Form::Part(rest.to_owned()),
        "list" => Form::List(Box::new(form_of(rest)?)),
        "ref" => Form::Reference(Targets::from(rest.to_owned())),
        _ => return None,
    })
}

/// The table. A test reads it, so that a mistake in the file does not go unnoticed.
pub(crate) static TABLE: LazyLock<Table> = LazyLock::new(|| read().unwrap_or_default());

fn read() -> serde_json::Result<Table> {
    serde_json::from_str(include_str!("../data/stix-2.1.json"))
}

impl Table {
    /// The row of an object type.
    pub(crate) fn object_type(&self, name: &str) -> Option<&TypeRow> {
        self.types.get(name)
    }

    /// The row of an object inside objects.
    pub(crate) fn part(&self, name: &str) -> Option<&TypeRow> {
        self.objects.get(name)
    }

    /// The properties every object of this class has; meta objects list theirs themselves.
    pub(crate) fn common(&self, class: &str) -> Option<&Properties> {
        self.common.get(class)
    }

    /// Every object type with its row, by name.
    pub(crate) fn object_types(&self) -> impl Iterator<Item = (&str, &TypeRow)> {
        self.types.iter().map(|(name, row)| (name.as_str(), row))
    }

    /// Every kind of object inside objects with its row, by name.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&str, &TypeRow)> {
        self.objects.iter().map(|(name, row)| (name.as_str(), row))
    }

    /// The names of all vocabularies.
    pub(crate) fn vocabularies(&self) -> impl Iterator<Item = &str> {
        self.vocabularies.keys().map(String::as_str)
    }

    /// What the specification says of relationships: source, type, targets.
    pub(crate) fn relationships(&self) -> impl Iterator<Item = (&str, &str, &Targets)> {
        self.relationships.iter().map(|(s, kind, t)| (s.as_str(), kind.as_str(), t))
    }

    /// The words of a vocabulary.
    pub(crate) fn vocabulary(&self, name: &str) -> &[String] {
        self.vocabularies.get(name).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_is_whole() {
        let table = read().unwrap();
        let count = |class: &str| table.types.values().filter(|row| row.class == class).count();
        assert_eq!(["sdo", "sro", "sco", "meta"].map(count), [19, 2, 18, 3]);
        let mut forms: Vec<&Form> = table
            .types
            .values()
            .chain(table.objects.values())
            .flat_map(|row| row.properties.iter().map(|(_, p)| &p.form))
            .collect();
        while let Some(form) = forms.pop() {
            match form {
                Form::List(inner) => forms.push(inner),
                Form::Part(name) => assert!(table.objects.contains_key(name), "{name}"),
                Form::Open(name) | Form::Closed(name) => {
                    assert!(!table.vocabulary(name).is_empty(), "{name}");
                }
                Form::Reference(targets) => {
                    for name in &targets.names {
                        let known = name.starts_with('@') || name == "*" || name == "bundle";
                        assert!(known || table.types.contains_key(name), "{name}");
                    }
                }
                _ => (),
            }
        }
        let target = |name: &String| name == "@sco" || table.types.contains_key(name);
        for (source, kind, targets) in &table.relationships {
            assert!(table.types.contains_key(source), "{source}");
            assert!(targets.names.iter().all(target) && !targets.negated, "{source} {kind}");
        }
        for row in table.types.values() {
            for name in &row.extensions {
                assert!(table.objects.contains_key(name), "{name}");
            }
            for name in &row.id_from {
                assert!(row.properties.get(name).is_some() || name == "extensions", "{name}");
            }
        }
    }
}
