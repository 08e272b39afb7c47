//! What a client posts: an envelope (section 3.7), taken apart without reading its objects.
//!
//! One pass finds where each object begins and ends. The bytes are kept as they came, so that what
//! is stored by value is stored to the letter; each object is read, and refused, on its own.

use std::ops::Range;

use axum::body::Bytes;
use axum::http::StatusCode;

use crate::params::bad_request;
use crate::problem::Problem;

/// The objects of a posted envelope: each a piece of text with balanced brackets, nested no deeper
/// than 64 levels. Whether a piece is valid JSON is found when it is read.
#[derive(Clone)]
pub struct PostedEnvelope {
    body: Bytes,
    objects: Vec<Range<usize>>,
}

impl PostedEnvelope {
    /// Takes an envelope apart.
    ///
    /// # Errors
    /// 400 `bad-json`, `bad-envelope` or `too-deep`, with the byte where it was noticed; 413
    /// `body-too-large` for more than 50,000 objects.
    pub fn parse(body: Bytes) -> Result<Self, Problem> {
        if let Err(error) = std::str::from_utf8(&body) {
            return Err(bad_json("The body is not UTF-8", error.valid_up_to()));
        }
        let mut scanner = Scanner { text: &body, at: 0 };
        let objects = scanner.envelope()?;
        Ok(Self { objects, body })
    }

    /// The bytes of each object as they came.
    pub fn objects(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.objects.iter().map(|range| self.body.get(range.clone()).unwrap_or_default())
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

impl std::fmt::Debug for PostedEnvelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostedEnvelope(..)")
    }
}

/// Most objects in one envelope.
const MAX_OBJECTS: usize = 50_000;
/// Deepest nesting of lists and objects inside a posted object.
const MAX_DEPTH: u32 = 64;

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn envelope(&mut self) -> Result<Vec<Range<usize>>, Problem> {
        if self.next_token() != Some(b'{') {
            return Err(match self.peek() {
                Some(b'[' | b'"') => bad_envelope("Send a JSON object with a list of objects."),
                _ => self.unexpected(),
            });
        }
        self.at += 1;
        let mut objects = None;
        let mut first = true;
        loop {
            match self.next_token() {
                Some(b'}') if first => break,
                Some(b'"') => {}
                _ => return Err(self.unexpected()),
            }
            first = false;
            let name = self.string()?;
            let is_objects = self.text.get(name) == Some(b"\"objects\"");
            self.take(b':')?;
            if is_objects && objects.replace(self.list()?).is_some() {
                return Err(bad_envelope("The envelope has objects twice."));
            } else if !is_objects {
                self.value()?;
            }
            match self.next_token() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected()),
            }
        }
        self.at += 1;
        if self.next_token().is_some() {
            return Err(self.unexpected());
        }
        objects.ok_or_else(|| bad_envelope("The envelope has no list of objects."))
    }

    fn list(&mut self) -> Result<Vec<Range<usize>>, Problem> {
        if self.next_token() != Some(b'[') {
            return Err(bad_envelope("The objects of an envelope are a list."));
        }
        self.at += 1;
        let mut items = Vec::new();
        if self.next_token() == Some(b']') {
            self.at += 1;
            return Ok(items);
        }
        loop {
            // Noticed here, so that a body of nothing but commas makes no longer list.
            if items.len() == MAX_OBJECTS {
                return Err(too_large(format!("Send at most {MAX_OBJECTS} objects at once.")));
            }
            items.push(self.value()?);
            match self.next_token() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(items);
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    /// Steps over one value.
    fn value(&mut self) -> Result<Range<usize>, Problem> {
        match self.next_token() {
            Some(b'{' | b'[') => self.nested(),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9' | b'a'..=b'z') => {
                let start = self.at;
                let word =
                    |b: &u8| matches!(b, b'+' | b'-' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E');
                self.at += self.rest().iter().take_while(|b| word(b)).count();
                Ok(start..self.at)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Steps over a list or object. Which kind each open level has is a bit of `kinds`.
    fn nested(&mut self) -> Result<Range<usize>, Problem> {
        let start = self.at;
        let (mut kinds, mut depth) = (0_u64, 0_u32);
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => {
                    if depth == MAX_DEPTH {
                        return Err(too_deep(self.at));
                    }
                    depth += 1;
                    kinds = (kinds << 1) | u64::from(byte == b'{');
                }
                b'}' | b']' => {
                    if (kinds & 1 == 1) != (byte == b'}') {
                        return Err(self.unexpected());
                    }
                    depth -= 1;
                    kinds >>= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Ok(start..self.at);
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(self.unexpected())
    }

    /// Steps over a string; the range has its quotes.
    fn string(&mut self) -> Result<Range<usize>, Problem> {
        let start = self.at;
        self.at += 1;
        while let Some(found) = memchr::memchr2(b'"', b'\\', self.rest()) {
            self.at += found;
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Ok(start..self.at);
            }
            self.at += 2;
        }
        self.at = self.text.len();
        Err(self.unexpected())
    }

    fn take(&mut self, byte: u8) -> Result<(), Problem> {
        if self.next_token() != Some(byte) {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    /// The next byte that is no white space, without stepping over it.
    fn next_token(&mut self) -> Option<u8> {
        let blank = |b: &&u8| matches!(b, b' ' | b'\n' | b'\r' | b'\t');
        self.at += self.rest().iter().take_while(blank).count();
        self.peek()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn unexpected(&self) -> Problem {
        bad_json("The body is not valid JSON", self.at.min(self.text.len()))
    }
}

pub(super) fn too_large(detail: String) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "The request body is too large")
        .detail(detail)
}

fn bad_json(title: &'static str, at: usize) -> Problem {
    bad_request("bad-json", title)
        .detail(format!("Noticed at byte {at}. Send the whole envelope; nothing was stored."))
}

fn bad_envelope(detail: &'static str) -> Problem {
    bad_request("bad-envelope", "The body is not a TAXII envelope")
        .detail(format!("{detail} As in {{\"objects\": [...]}}; nothing was stored."))
}

fn too_deep(at: usize) -> Problem {
    bad_request("too-deep", "An object is nested too deep")
        .detail(format!("At byte {at}. Nest at most {MAX_DEPTH} levels; nothing was stored."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<Vec<String>, &'static str> {
        let envelope = PostedEnvelope::parse(Bytes::copy_from_slice(text.as_bytes()));
        let envelope = envelope.map_err(|problem| problem.code())?;
        Ok(envelope.objects().map(|o| String::from_utf8(o.to_vec()).unwrap()).collect())
    }

    #[test]
    fn objects_come_out_as_they_went_in() {
        let text = r#" { "more":false, "objects" : [ {"a": "}\"]", "b":[1,{"c":2.0 }]} ,7,"x", null ] , "x":{"objects":[1]} } "#;
        assert_eq!(
            parse(text).unwrap(),
            [r#"{"a": "}\"]", "b":[1,{"c":2.0 }]}"#, "7", r#""x""#, "null"]
        );
        assert!(parse(r#"{"objects":[]}"#).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_envelope_is_refused_with_a_reason() {
        for broken in [
            "",
            " ",
            r#"{"objects": ["#,
            r#"{"objects": [1,]}"#,
            r#"{"objects":[1 2]}"#,
            r#"{"objects":[{]}"#,
            r#"{"objects":[[}]}"#,
            r#"{"objects":["a]}"#,
            r#"{"objects":[1]}x"#,
            r#"{"objects":[1]"#,
            r#"{"a"}"#,
            r#"{"objects":["a\"#,
            "{,}",
            r#"{"objects":[1],}"#,
            "nonsense",
        ] {
            assert_eq!(parse(broken), Err("bad-json"), "{broken}");
        }
        for other in ["[]", "{}", r#"{"objects":7}"#, r#"{"objects":[],"objects":[]}"#, "\"x\""] {
            assert_eq!(parse(other), Err("bad-envelope"), "{other}");
        }
        let nested = |n: usize| format!("{{\"objects\":[{}{}]}}", "[".repeat(n), "]".repeat(n));
        assert!(parse(&nested(64)).is_ok());
        assert_eq!(parse(&nested(65)), Err("too-deep"));
        let many = |n: usize| format!("{{\"objects\":[{}0]}}", "0,".repeat(n - 1));
        assert_eq!(parse(&many(MAX_OBJECTS)).unwrap().len(), MAX_OBJECTS);
        assert_eq!(parse(&many(MAX_OBJECTS + 1)), Err("body-too-large"));
        let latin = PostedEnvelope::parse(Bytes::from_static(b"{\"objects\":[\"\xff\"]}"));
        assert_eq!(latin.unwrap_err().code(), "bad-json");
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(serde_json::Value::from),
            any::<i64>().prop_map(serde_json::Value::from),
            ".{0,12}".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
                proptest::collection::vec((".{0,6}", inner), 0..4)
                    .prop_map(|m| serde_json::Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn agrees_with_a_full_parser(objects in proptest::collection::vec(json(), 0..6), pretty: bool) {
            let envelope = serde_json::json!({"objects": objects, "x": {"objects": [1]}});
            let text = if pretty {
                serde_json::to_string_pretty(&envelope).unwrap()
            } else {
                envelope.to_string()
            };
            let found: Vec<serde_json::Value> =
                parse(&text).unwrap().iter().map(|o| serde_json::from_str(o).unwrap()).collect();
            prop_assert_eq!(found, objects);
        }

        #[test]
        fn any_bytes_get_an_answer(bytes: Vec<u8>) {
            let _ = PostedEnvelope::parse(Bytes::from(bytes));
        }

        #[test]
        fn a_cut_envelope_is_never_taken(objects in proptest::collection::vec(json(), 0..4), cut in 1usize..40) {
            let text = serde_json::json!({"objects": objects}).to_string();
            let kept = text.len().saturating_sub(cut);
            prop_assert!(PostedEnvelope::parse(Bytes::copy_from_slice(&text.as_bytes()[..kept])).is_err());
        }
    }
}
