//! What STIX 2.1 defines, for programs that explain it: types, their properties, vocabularies and
//! relationships, from the tables in `data/`.
//!
//! ```
//! use noroshi_stix::specification::ObjectDefinition;
//!
//! let indicator = ObjectDefinition::of("indicator").unwrap();
//! let pattern = indicator.properties().find(|p| p.name == "pattern").unwrap();
//! assert!(pattern.required && pattern.value_type == "string");
//! ```

use crate::table::{Form, Property, TABLE, TypeRow};

/// What the specification says of one type of object.
#[derive(Clone, Copy)]
pub struct ObjectDefinition {
    name: &'static str,
    row: &'static TypeRow,
}

/// One property of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyDefinition {
    /// Its name.
    pub name: &'static str,
    /// Whether every object has it.
    pub required: bool,
    /// The type of its value, such as `list of string`, `enum opinion` or `identifier of identity`.
    pub value_type: String,
    /// Whether objects of other types have it too.
    pub common: bool,
}

impl ObjectDefinition {
    /// Every type, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.object_types().map(|(name, row)| Self { name, row })
    }

    /// The kinds of objects inside objects: kill chain phases, the extensions of files and so on.
    /// Their class is empty.
    pub fn parts() -> impl Iterator<Item = Self> {
        TABLE.parts().map(|(name, row)| Self { name, row })
    }

    /// The type of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::all().find(|definition| definition.name == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// `sdo` (domain object), `sro` (relationship object), `sco` (cyber observable), `meta`, or empty.
    pub fn class(self) -> &'static str {
        &self.row.class
    }

    /// Its properties, common ones first, in the order of the specification.
    pub fn properties(self) -> impl Iterator<Item = PropertyDefinition> {
        let list = |common: bool| {
            let list =
                if common { TABLE.common(&self.row.class) } else { Some(&self.row.properties) };
            list.into_iter()
                .flat_map(|list| list.iter())
                .map(move |(name, property)| definition(name, property, common))
        };
        list(true).chain(list(false))
    }

    /// The relationships that go out from it: type, and what they lead to.
    pub fn relationships(self) -> impl Iterator<Item = (&'static str, String)> {
        let own = TABLE.relationships().filter(move |(source, ..)| *source == self.name);
        own.map(|(_, kind, targets)| (kind, targets.describe()))
    }

    /// The properties its deterministic id is made from; empty where ids are random.
    pub fn id_contributing(self) -> &'static [String] {
        &self.row.id_from
    }
}

/// The words of a vocabulary or enumeration, such as `indicator-type`; empty where there is none.
pub fn vocabulary(name: &str) -> &'static [String] {
    TABLE.vocabulary(name)
}

/// The names of all vocabularies and enumerations.
pub fn vocabularies() -> impl Iterator<Item = &'static str> {
    TABLE.vocabularies()
}

fn definition(name: &'static str, property: &'static Property, common: bool) -> PropertyDefinition {
    let value_type = value_type(&property.form);
    PropertyDefinition { name, required: property.required, value_type, common }
}

fn value_type(form: &Form) -> String {
    let bounded = |name: &str, low: Option<i64>, high: Option<i64>| {
        let text = |bound: Option<i64>| bound.map(|n| n.to_string()).unwrap_or_default();
        match low.or(high) {
            Some(_) => format!("{name} {}..{}", text(low), text(high)),
            None => name.to_owned(),
        }
    };
    match form {
        Form::Any => "any".to_owned(),
        Form::Text => "string".to_owned(),
        Form::Integer(low, high) => bounded("integer", *low, *high),
        Form::Float(low, high) => bounded("float", *low, *high),
        Form::Boolean => "boolean".to_owned(),
        Form::Timestamp => "timestamp".to_owned(),
        Form::Binary => "binary".to_owned(),
        Form::Hex => "hex".to_owned(),
        Form::Hashes => "hashes".to_owned(),
        Form::Dictionary => "dictionary".to_owned(),
        Form::Extensions => "extensions".to_owned(),
        Form::Id => "identifier".to_owned(),
        Form::Language => "language tag".to_owned(),
        Form::Open(name) => format!("open-vocab {name}-ov"),
        Form::Closed(name) => format!("enum {name}-enum"),
        Form::Reference(targets) => format!("identifier of {}", targets.describe()),
        Form::Part(name) => name.clone(),
        Form::List(inner) => format!("list of {}", value_type(inner)),
    }
}
