//! Why a document could not be read at all.

/// A document that gives no draft. Each text says what to do; none repeats a value of the document.
///
/// Errors inside one object of a larger document are not here: they are problems of the draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// Nothing but white space.
    #[error("The document is empty: send a report, a list of indicators or a mail.")]
    Empty,
    /// More bytes than [`crate::Limits::max_bytes`].
    #[error(
        "The document has {given} bytes and at most {limit} are read: split it into several reports."
    )]
    TooLarge {
        /// Bytes given.
        given: usize,
        /// Bytes read at most.
        limit: usize,
    },
    /// Nested deeper than [`crate::Limits::max_depth`].
    #[error("Arrays and objects are nested more than {limit} deep: flatten the document.")]
    TooDeep {
        /// Levels read at most.
        limit: usize,
    },
    /// More values than [`crate::Limits::max_values`].
    #[error("The document has more than {limit} values: split it into several reports.")]
    TooManyValues {
        /// Values read at most.
        limit: usize,
    },
    /// The JSON ends in the middle.
    #[error("The JSON ends too early, at line {line}, column {column}: send the whole file.")]
    JsonTruncated {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Not JSON.
    #[error("The JSON is malformed at line {line}, column {column}: correct it there.")]
    JsonSyntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Not TOML.
    #[error("The TOML is malformed at line {line}, column {column}: correct it there.")]
    TomlSyntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON and TOML are UTF-8 by definition.
    #[error("Byte {offset} is not UTF-8: save the file as UTF-8.")]
    NotUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// A field this version does not know.
    #[error("{path} is not a field of a report: remove it or correct its name.")]
    UnknownField {
        /// Where, such as `indicators[2].kind`.
        path: String,
    },
    /// A required field is absent.
    #[error("{path} is missing: add it.")]
    MissingField {
        /// Where.
        path: String,
    },
    /// A value of another JSON or TOML type.
    #[error("{path} must be {expected}: correct its type.")]
    WrongType {
        /// Where.
        path: String,
        /// What is expected, such as `a text`.
        expected: &'static str,
    },
    /// A value of the right type that means nothing.
    #[error("{path} must be {expected}: correct its value.")]
    WrongValue {
        /// Where.
        path: String,
        /// What is expected, such as `an RFC 3339 time such as 2026-11-23T03:00:00Z`.
        expected: &'static str,
    },
    /// The JSON is none of the documents we read.
    #[error(
        "This JSON is neither a noroshi report, nor a STIX bundle, nor a MISP event: send one of these."
    )]
    UnknownShape,
    /// The mail has no header we could read.
    #[error("This is not a mail message: save the suspicious mail as .eml and send that file.")]
    MailUnreadable,
}

impl IntakeError {
    /// The stable machine name of the error, in kebab case.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::TooDeep { .. } => "too-deep",
            Self::TooManyValues { .. } => "too-many-values",
            Self::JsonTruncated { .. } => "json-truncated",
            Self::JsonSyntax { .. } => "json-syntax",
            Self::TomlSyntax { .. } => "toml-syntax",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::UnknownField { .. } => "unknown-field",
            Self::MissingField { .. } => "missing-field",
            Self::WrongType { .. } => "wrong-type",
            Self::WrongValue { .. } => "wrong-value",
            Self::UnknownShape => "unknown-shape",
            Self::MailUnreadable => "mail-unreadable",
        }
    }
}
