//! In which order properties are written.

use crate::table::{Form, Properties, TABLE, TypeRow};

use super::plain;
use super::tree::Node;

/// What a value is, as far as its order goes.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// The whole document: a bundle, an object, a list.
    Document,
    /// A STIX object.
    Object,
    /// A STIX object whose type is known.
    Known(&'static TypeRow),
    /// An object inside an object.
    Part(&'static TypeRow),
    /// A list of values of this type.
    Typed(&'static Form),
    /// The extensions of an object.
    Extensions,
    /// Anything else: by name.
    Other,
}

/// What comes first, whatever the object.
const FIRST: [&str; 4] = ["type", "spec_version", "id", "extension_type"];

/// After every property the specification lists; names decide.
const LAST: usize = usize::MAX;

impl Kind {
    /// What the items of a list are.
    pub(super) fn of_item(self) -> Self {
        match self {
            Self::Document => Self::Object,
            Self::Typed(Form::List(inner)) => of_form(inner),
            _ => Self::Other,
        }
    }

    /// The same, once the members of the object are known.
    pub(super) fn of_object(self, members: &[(&str, Node<'_>)]) -> Self {
        let object_type = || {
            members.iter().find_map(|(name, value)| match value {
                Node::Scalar(text) if plain(name) == "type" => Some(plain(text)),
                _ => None,
            })
        };
        match self {
            Self::Document if object_type().is_none_or(|name| name == "bundle") => Self::Document,
            Self::Document | Self::Object => match object_type() {
                Some(name) => TABLE.object_type(&name).map_or(Self::Object, Self::Known),
                None => Self::Object,
            },
            other => other,
        }
    }

    /// What a member of this object is.
    pub(super) fn of_member(self, name: &str) -> Self {
        match self {
            Self::Document if name == "objects" => Self::Document,
            Self::Known(row) | Self::Part(row) => {
                match lists(row).into_iter().flatten().find_map(|list| list.get(name)) {
                    Some(property) => of_form(&property.form),
                    None => Self::Other,
                }
            }
            Self::Extensions => TABLE.part(name).map_or(Self::Other, Self::Part),
            _ => Self::Other,
        }
    }

    /// The place of a member; equal places are ordered by name.
    pub(super) fn rank(self, name: &str) -> usize {
        if let Some(place) = FIRST.iter().position(|first| *first == name) {
            return place;
        }
        let after = FIRST.len();
        match self {
            Self::Document => {
                if name == "objects" {
                    LAST
                } else {
                    after
                }
            }
            Self::Known(row) | Self::Part(row) => {
                let mut names = lists(row).into_iter().flatten().flat_map(Properties::iter);
                names.position(|(known, _)| known == name).map_or(LAST, |place| after + place)
            }
            Self::Object => {
                let mut names = TABLE.common("sdo").into_iter().flat_map(Properties::iter);
                names.position(|(known, _)| known == name).map_or(LAST, |place| after + place)
            }
            _ => LAST,
        }
    }
}

/// Common properties, then its own.
fn lists(row: &'static TypeRow) -> [Option<&'static Properties>; 2] {
    [TABLE.common(&row.class), Some(&row.properties)]
}

fn of_form(form: &'static Form) -> Kind {
    match form {
        Form::Part(name) => TABLE.part(name).map_or(Kind::Other, Kind::Part),
        Form::List(_) => Kind::Typed(form),
        Form::Extensions => Kind::Extensions,
        _ => Kind::Other,
    }
}
