//! What a rule finds.

use std::fmt;

use super::CODES;
use crate::limits::MAX_FINDINGS;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Allowed, but better done otherwise.
    Warning,
    /// Against the specification.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing that is wrong with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule, stable and the same in every language: one of [`super::CODES`].
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Where: `external_references[0].url`; empty for the object as a whole.
    pub path: String,
    /// One sentence: what is wrong, or what to do.
    pub message: String,
    /// What the sentence names, for a text in another language: names of properties, types and
    /// vocabularies, numbers. Empty where it names nothing.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() { "object" } else { &self.path };
        write!(f, "{} {} at {place}: {}", self.severity, self.code, self.message)
    }
}

/// The findings so far.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) list: Vec<Finding>,
}

impl Findings {
    pub(super) fn error(
        &mut self,
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.add(code, Severity::Error, path.into(), message.into(), String::new());
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.add(code, Severity::Warning, path.into(), message.into(), String::new());
    }

    /// An error whose sentence names something.
    pub(super) fn error_naming(
        &mut self,
        detail: impl Into<String>,
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.add(code, Severity::Error, path.into(), message.into(), detail.into());
    }

    /// A warning whose sentence names something.
    pub(super) fn warning_naming(
        &mut self,
        detail: impl Into<String>,
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.add(code, Severity::Warning, path.into(), message.into(), detail.into());
    }

    /// Whether no more findings are kept.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MAX_FINDINGS
    }

    fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        path: String,
        message: String,
        detail: String,
    ) {
        debug_assert!(CODES.contains(&code), "{code} is not in the list of codes");
        if !self.is_full() {
            self.list.push(Finding { code, severity, path, message, detail });
        }
    }
}
