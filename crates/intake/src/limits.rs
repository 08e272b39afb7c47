//! How much of anything one document may bring.

/// Bounds on one document. Whatever exceeds a bound is refused or cut before memory is spent on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest document, in bytes.
    pub max_bytes: usize,
    /// Deepest nesting of arrays and objects in JSON and TOML, and of messages in mail.
    pub max_depth: usize,
    /// Most values (numbers, strings, members, elements) in one JSON document.
    pub max_values: usize,
    /// Most distinct indicators of one draft; further ones are dropped with a problem noted.
    pub max_indicators: usize,
    /// Most dropped candidates that are listed; further ones are counted as one problem.
    pub max_dropped: usize,
    /// Most problems that are listed; the last one then says that there were more.
    pub max_problems: usize,
    /// Longest free text of one field of a native report, in bytes.
    pub max_text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 16 * 1024 * 1024,
            max_depth: 64,
            max_values: 1_000_000,
            max_indicators: 50_000,
            max_dropped: 5_000,
            max_problems: 1_000,
            max_text: 1024 * 1024,
        }
    }
}
