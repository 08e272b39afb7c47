//! The shapes in which STIX objects come together: a bundle, a list, lines, an envelope of TAXII.

use serde_json::{Map, Value};

use crate::limits::{MAX_DOCUMENT_LEN, MAX_JSON_DEPTH};
use crate::upgrade::{Change, upgrade_bundle};

/// How the objects of a document stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// One object.
    Object,
    /// `{"type": "bundle", "objects": [...]}`
    Bundle,
    /// `[...]`
    List,
    /// An envelope of TAXII: `{"objects": [...]}`, perhaps with `more` and `next`.
    Envelope,
    /// One object after the other, as a rule one per line.
    Lines,
}

/// STIX objects that came together.
///
/// ```
/// use noroshi_stix::{Document, Shape};
///
/// let lines = b"{\"type\": \"mutex\", \"id\": \"1\"}\n{\"type\": \"mutex\", \"id\": \"2\"}\n";
/// let document = Document::read(lines)?;
/// assert_eq!((document.shape(), document.objects().len()), (Shape::Lines, 2));
/// # Ok::<(), noroshi_stix::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    shape: Shape,
    wrapper: Map<String, Value>,
    objects: Vec<Value>,
}

/// A document without STIX 2.0, and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct UpgradedDocument {
    /// The document.
    pub document: Document,
    /// For each object that changed, its place in the old document and what changed.
    pub changes: Vec<(usize, Vec<Change>)>,
    /// For each object of the new document, the place of the old object it comes from.
    pub origins: Vec<usize>,
}

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Longer than [`MAX_DOCUMENT_LEN`].
    #[error("the document has {len} bytes; split it into documents of at most {MAX_DOCUMENT_LEN}")]
    TooLong {
        /// Its length, in bytes.
        len: usize,
    },
    /// Nested deeper than [`MAX_JSON_DEPTH`].
    #[error("nested deeper than {MAX_JSON_DEPTH} levels at line {line}, column {column}")]
    TooDeep {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Not JSON.
    #[error("not valid JSON at line {line}, column {column}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but neither a bundle, an object, a list of objects nor a TAXII envelope.
    #[error("expected a STIX bundle, object or list, one object per line, or a TAXII envelope")]
    NotStix,
}

impl DocumentError {
    /// A stable code, the same in every language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "document-too-long",
            Self::TooDeep { .. } => "document-too-deep",
            Self::NotJson { .. } => "not-json",
            Self::NotStix => "not-stix",
        }
    }
}

impl From<serde_json::Error> for DocumentError {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.to_string().starts_with("recursion limit") {
            return Self::TooDeep { line, column };
        }
        Self::NotJson { line, column }
    }
}

impl Document {
    /// Reads a document of any [`Shape`], with or without a byte order mark.
    ///
    /// # Errors
    /// [`DocumentError`] where `bytes` hold no STIX objects, or pass a limit. What is wrong with
    /// one object is no error: see [`validate_document`](crate::validate_document).
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        let values: Vec<Value> = texts_of(bytes)?.into_iter::<Value>().collect::<Result<_, _>>()?;
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return Err(DocumentError::NotStix) };
        let mut rest: Vec<Value> = values.collect();
        if !rest.is_empty() {
            rest.insert(0, first);
            return Ok(Self { shape: Shape::Lines, wrapper: Map::new(), objects: rest });
        }
        match first {
            Value::Array(objects) => Ok(Self { shape: Shape::List, wrapper: Map::new(), objects }),
            Value::Object(members) => Self::of(members),
            _ => Err(DocumentError::NotStix),
        }
    }

    fn of(mut members: Map<String, Value>) -> Result<Self, DocumentError> {
        let Some(shape) = shape_of(&members) else { return Err(DocumentError::NotStix) };
        if shape == Shape::Object {
            let objects = vec![Value::Object(members)];
            return Ok(Self { shape, wrapper: Map::new(), objects });
        }
        // What is no list of objects stays where a finding can point to it.
        let objects = match members.get_mut("objects") {
            Some(Value::Array(items)) if !items.is_empty() => std::mem::take(items),
            _ => return Ok(Self { shape, wrapper: members, objects: Vec::new() }),
        };
        members.remove("objects");
        Ok(Self { shape, wrapper: members, objects })
    }

    /// How the objects stand together.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// What the bundle or envelope says besides its objects; empty for the other shapes.
    pub fn wrapper(&self) -> &Map<String, Value> {
        &self.wrapper
    }

    /// The objects, in order.
    pub fn objects(&self) -> &[Value] {
        &self.objects
    }

    /// The document with its STIX 2.0 objects upgraded (see [`upgrade`](crate::upgrade())).
    #[must_use]
    pub fn upgrade(self) -> UpgradedDocument {
        let Self { mut shape, mut wrapper, objects } = self;
        if objects.is_empty() {
            let document = Self { shape, wrapper, objects };
            return UpgradedDocument { document, changes: Vec::new(), origins: Vec::new() };
        }
        wrapper.insert("objects".to_owned(), Value::Array(objects));
        let upgraded = upgrade_bundle(&Value::Object(wrapper));
        let mut wrapper = match upgraded.bundle {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let objects = match wrapper.remove("objects") {
            Some(Value::Array(objects)) => objects,
            _ => Vec::new(),
        };
        if shape == Shape::Object && objects.len() > 1 {
            shape = Shape::List;
        }
        let document = Self { shape, wrapper, objects };
        UpgradedDocument { document, changes: upgraded.changes, origins: upgraded.origins }
    }
}

/// The shape of a single JSON object with these members; `None` where it is nothing of STIX.
fn shape_of(members: &Map<String, Value>) -> Option<Shape> {
    match members.get("type") {
        Some(name) if name == "bundle" => Some(Shape::Bundle),
        Some(_) => Some(Shape::Object),
        None => members.contains_key("objects").then_some(Shape::Envelope),
    }
}

/// The JSON texts of a document, which may be several, one after the other.
pub(crate) fn texts_of(
    bytes: &[u8],
) -> Result<serde_json::Deserializer<serde_json::de::SliceRead<'_>>, DocumentError> {
    if bytes.len() > MAX_DOCUMENT_LEN {
        return Err(DocumentError::TooLong { len: bytes.len() });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Ok(serde_json::Deserializer::from_slice(bytes))
}
