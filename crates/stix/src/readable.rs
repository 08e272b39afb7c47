//! STIX as people read it: properties in the order of the specification, two spaces for each level.
//!
//! Nothing is lost: numbers keep their digits, names that occur twice stay twice, and what this
//! library does not understand stays where it was. Formatting what is formatted changes nothing.

mod order;
mod tree;

use std::fmt::Write as _;

use serde_json::Value;

use crate::DocumentError;
use crate::document::texts_of;
use order::Kind;
use tree::Node;

/// The document in readable form, with a line break at the end. Several JSON texts, one after the
/// other, stay one per line.
///
/// ```
/// let object = br#"{"value": "198.51.100.7", "id": "ipv4-addr--1", "type": "ipv4-addr"}"#;
/// let text = noroshi_stix::readable(object)?;
/// assert_eq!(
///     text,
///     "{\n  \"type\": \"ipv4-addr\",\n  \"id\": \"ipv4-addr--1\",\n  \"value\": \"198.51.100.7\"\n}\n"
/// );
/// # Ok::<(), noroshi_stix::DocumentError>(())
/// ```
///
/// # Errors
/// [`DocumentError`] where `bytes` are no JSON or pass a limit.
pub fn readable(bytes: &[u8]) -> Result<String, DocumentError> {
    let mut texts = texts_of(bytes)?.into_iter::<Value>();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (mut nodes, mut begin) = (Vec::new(), 0);
    while let Some(value) = texts.next() {
        // Read once to know that it is JSON of bounded depth, and once more as it is written.
        drop(value?);
        let end = texts.byte_offset();
        let text = bytes.get(begin..end).and_then(|text| std::str::from_utf8(text).ok());
        nodes.extend(text.and_then(Node::of));
        begin = end;
    }
    let mut out = String::with_capacity(bytes.len() * 2);
    match nodes.as_slice() {
        [] => return Err(DocumentError::NotStix),
        [one] => {
            write(&mut out, one, Kind::Document, Some(0));
            out.push('\n');
        }
        several => {
            for node in several {
                write(&mut out, node, Kind::Object, None);
                out.push('\n');
            }
        }
    }
    Ok(out)
}

/// Deepest indentation; what is nested deeper stays in one line. (Indented further, a hostile
/// document would grow a hundredfold.)
const MAX_LEVEL: usize = 16;

/// Writes `node`; `level` is the indentation, `None` for all in one line.
fn write(out: &mut String, node: &Node<'_>, kind: Kind, level: Option<usize>) {
    let inner = level.map(|level| level + 1).filter(|level| *level <= MAX_LEVEL);
    match node {
        Node::Scalar(text) => out.push_str(&scalar(text)),
        Node::List(items) if items.is_empty() => out.push_str("[]"),
        Node::Object(members) if members.is_empty() => out.push_str("{}"),
        Node::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                separate(out, i, inner);
                write(out, item, kind.of_item(), inner);
            }
            line(out, inner.and(level));
            out.push(']');
        }
        Node::Object(members) => {
            let kind = kind.of_object(members);
            let mut sorted: Vec<_> = members
                .iter()
                .map(|(name, value)| (plain(name), value))
                .map(|(name, value)| (kind.rank(&name), name, value))
                .collect();
            sorted.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            out.push('{');
            for (i, (_, name, value)) in sorted.iter().enumerate() {
                separate(out, i, inner);
                let _ = write!(out, "{}: ", quoted(name));
                write(out, value, kind.of_member(name), inner);
            }
            line(out, inner.and(level));
            out.push('}');
        }
    }
}

fn separate(out: &mut String, i: usize, level: Option<usize>) {
    match (i, level) {
        (0, _) => (),
        (_, None) => out.push_str(", "),
        (_, Some(_)) => out.push(','),
    }
    line(out, level);
}

fn line(out: &mut String, level: Option<usize>) {
    if let Some(level) = level {
        out.push('\n');
        (0..level).for_each(|_| out.push_str("  "));
    }
}

/// Numbers and words as they are; strings with the fewest escapes.
fn scalar(text: &str) -> String {
    if text.starts_with('"') { quoted(&plain(text)) } else { text.to_owned() }
}

/// The characters of a JSON string.
fn plain(text: &str) -> String {
    serde_json::from_str(text).unwrap_or_else(|_| text.to_owned())
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
