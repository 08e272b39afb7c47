//! Where in a data file something stands, for errors a person can act on.

use std::ops::Range;

use serde::de::DeserializeOwned;

/// A data file is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct LoadError {
    /// Name of the file as it was given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what is expected.
    pub message: String,
}

/// The text of one data file and its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceText<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

impl SourceText<'_> {
    /// Reads the whole file.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, LoadError> {
        toml::from_str(self.text).map_err(|e| {
            let at = e.span().unwrap_or(0..0);
            self.error(&at, e.message().trim().replace('\n', "; "))
        })
    }

    /// An error at a place in the file.
    pub(crate) fn error(&self, at: &Range<usize>, message: impl Into<String>) -> LoadError {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        LoadError { file: self.name.to_owned(), line, message: message.into() }
    }
}
