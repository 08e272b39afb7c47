//! JSON from strangers: bounded before it is parsed.

use serde_json::Value;

use crate::{IntakeError, Limits};

/// What one pass over the bytes tells, without building anything.
pub(crate) struct Survey<'a> {
    /// Deepest nesting.
    pub(crate) depth: usize,
    /// Values, at least as many as there are.
    pub(crate) values: usize,
    /// Member names of the outermost object, or of the objects directly in the outermost array, as
    /// written, the first few.
    pub(crate) keys: Vec<&'a [u8]>,
}

/// Whether text that starts like this is meant as JSON: `{"`, `{}`, `[{`, `[[`, `["`.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    let mut significant = bytes.iter().filter(|b| !b.is_ascii_whitespace());
    let (first, second) = (significant.next(), significant.next());
    match first {
        Some(b'{') => matches!(second, Some(b'"' | b'}') | None),
        Some(b'[') => matches!(second, Some(b'{' | b'[' | b'"')),
        _ => false,
    }
}

/// One pass over the bytes: nesting, number of values, outermost member names.
pub(crate) fn survey(bytes: &[u8]) -> Survey<'_> {
    let mut survey = Survey { depth: 0, values: 1, keys: Vec::new() };
    let mut depth = 0_usize;
    let mut in_list = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let start = at + 1;
                let end = string_end(bytes, start);
                let key_level = if in_list { 2 } else { 1 };
                if depth == key_level && survey.keys.len() < MAX_KEYS {
                    let rest = bytes.get(end + 1..).unwrap_or_default().trim_ascii_start();
                    let key = bytes.get(start..end).unwrap_or_default();
                    if rest.first() == Some(&b':') && !survey.keys.contains(&key) {
                        survey.keys.push(key);
                    }
                }
                at = end;
            }
            b'[' | b'{' => {
                in_list |= depth == 0 && byte == b'[';
                depth += 1;
                survey.values += 1;
                survey.depth = survey.depth.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => survey.values += 1,
            _ => {}
        }
        at += 1;
    }
    survey
}

/// Most outermost member names looked at.
const MAX_KEYS: usize = 64;

/// Offset of the closing quote of a string that starts at `start`, or of the end of the text.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(rest) = bytes.get(at..) {
        let Some(step) = memchr::memchr2(b'"', b'\\', rest) else { break };
        at += step;
        if bytes.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

/// Parses a document within the limits.
///
/// # Errors
/// Not UTF-8, too deep, too many values, truncated or malformed.
pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, IntakeError> {
    let survey = survey(bytes);
    if survey.depth > limits.max_depth {
        return Err(IntakeError::TooDeep { limit: limits.max_depth });
    }
    if survey.values > limits.max_values {
        return Err(IntakeError::TooManyValues { limit: limits.max_values });
    }
    let text =
        std::str::from_utf8(bytes).map_err(|e| IntakeError::NotUtf8 { offset: e.valid_up_to() })?;
    serde_json::from_str(text).map_err(|e| {
        let (line, column) = (e.line(), e.column());
        if e.is_eof() {
            IntakeError::JsonTruncated { line, column }
        } else {
            IntakeError::JsonSyntax { line, column }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surveys_without_parsing() {
        let s = survey(br#"[{"a\"": "]]]", "b": [1, [2]]}, {"c": 0}]"#);
        assert_eq!(s.depth, 4);
        assert_eq!(s.keys, [&br#"a\""#[..], b"b", b"c"]);
        assert!(s.values >= 8);
    }

    #[test]
    fn bounds_come_before_the_parser() {
        let limits = Limits::default();
        let deep = "[".repeat(100_000);
        assert_eq!(parse(deep.as_bytes(), &limits).unwrap_err().code(), "too-deep");
        let many = format!("[{}1]", "1,".repeat(1_000_000));
        assert_eq!(parse(many.as_bytes(), &limits).unwrap_err().code(), "too-many-values");
        assert_eq!(parse(b"{\"a\": [1,", &limits).unwrap_err().code(), "json-truncated");
        assert_eq!(parse(b"{\"a\": 1]", &limits).unwrap_err().code(), "json-syntax");
        assert_eq!(parse(b"{\"a\": \"\xff\"}", &limits).unwrap_err().code(), "not-utf8");
    }
}
