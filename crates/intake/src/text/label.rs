//! Values that only a label makes indicators: mutexes and file names.
//!
//! `Mutex: Global\x`, `ファイル名：請求書.exe`, and lists below a heading that is the label alone.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use noroshi_stix::{Kind, Observable};

use super::chars::{at, before, line_start};
use super::fold::Folded;
use super::{Candidate, Outcome, count_lines};

/// The labels. Matched without regard to the case of ASCII letters.
const LABELS: [(&str, Kind); 6] = [
    ("mutex", Kind::Mutex),
    ("ミューテックス", Kind::Mutex),
    ("file name", Kind::FileName),
    ("filename", Kind::FileName),
    ("ファイル名", Kind::FileName),
    ("file names", Kind::FileName),
];

/// Parts of the labels as they are usually written: cheaper to look for than the labels in any case.
const HINTS: [&str; 9] = [
    "utex",
    "UTEX",
    "ile name",
    "ile Name",
    "ILE NAME",
    "ilename",
    "ileName",
    "ファイル名",
    "ミューテックス",
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(LABELS.iter().map(|(label, _)| label))
        .ok()
});

/// Finds labelled values in a folded block whose first line has the number `line`.
pub(super) fn find(folded: &Folded<'_>, line: u64, sink: &mut impl FnMut(Candidate<'_>)) {
    let Some(finder) = FINDER.as_ref() else { return };
    let buf = folded.text;
    if !HINTS.iter().any(|h| memchr::memmem::find(buf, h.as_bytes()).is_some()) {
        return;
    }
    // Labels within a list that was read already do not begin another.
    let mut listed = 0;
    for label in finder.find_iter(buf) {
        let Some((_, kind)) = LABELS.get(label.pattern().as_usize()) else { continue };
        let glued = before(buf, label.start()).is_ascii_alphabetic() && *kind == Kind::Mutex;
        if glued || label.start() < listed {
            continue;
        }
        let mut hand_over = |value: &str, from: usize| {
            let observable = observable(*kind, value);
            let line = line + buf.get(..from).map_or(0, count_lines);
            let defanged = folded.is_folded(from, from + value.len());
            if let Some(observable) = observable {
                let span = folded.source(from)..folded.source(from + value.len());
                sink(Candidate { line, span, defanged, outcome: Outcome::Found(observable) });
            }
        };
        let near = &buf[label.end()..buf.len().min(label.end() + MAX_REST)];
        let line_end = label.end() + memchr::memchr(b'\n', near).unwrap_or(near.len());
        let rest = valid_head(&buf[label.end()..line_end]);
        if let Some((value, offset)) = value_after(rest) {
            hand_over(value, label.end() + offset);
        } else if is_heading(buf, label.start(), rest) {
            let (values, end) = items(buf, line_end + 1);
            listed = end;
            for (value, from) in values {
                hand_over(value, from);
            }
        }
    }
}

/// The text up to the first byte that is not UTF-8.
fn valid_head(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&bytes[..e.valid_up_to()]).unwrap_or_default(),
    }
}

/// How much of a line after a label is looked at, in bytes.
const MAX_REST: usize = 1024;

fn observable(kind: Kind, value: &str) -> Option<Observable> {
    let value = match kind {
        Kind::FileName => value.rsplit(['\\', '/']).next()?,
        _ => value,
    };
    let dotted = value.rsplit_once('.').is_some_and(|(base, extension)| {
        !base.is_empty() && (1..=12).contains(&extension.chars().count())
    });
    if kind == Kind::FileName && !dotted {
        return None;
    }
    Observable::parse(kind, value).ok()
}

/// The value in the rest of a line after its label, and its offset there. A separator or a quote
/// must stand between, and at most a few words such as "name is".
fn value_after(rest: &str) -> Option<(&str, usize)> {
    const FILLERS: [&str; 9] = ["es", "s", "names", "name", "名", "値", "is", "are", "was"];
    let mut text = rest;
    loop {
        let trimmed = text.trim_start_matches(' ');
        match FILLERS.iter().find_map(|f| trimmed.strip_prefix(f)) {
            Some(shorter) => text = shorter,
            None => break,
        }
    }
    let opened = text.trim_start_matches([' ', '\t', ':', '=', '*', '|']);
    let opened = opened.strip_prefix('は').unwrap_or(opened).trim_start_matches([' ', ':']);
    let quote = opened.chars().next()?;
    let (body, close) = match quote {
        '"' | '\'' | '`' => (opened.get(1..)?, Some(quote)),
        '「' => (opened.get('「'.len_utf8()..)?, Some('」')),
        '『' => (opened.get('『'.len_utf8()..)?, Some('』')),
        _ => (opened, None),
    };
    let separated = text.trim_start_matches(' ').starts_with([':', '=']);
    let value = match close {
        Some(close) => body.split(close).next()?,
        None if separated => body.split(['\t', ',', ';', '|', '、', '。', '<', ' ']).next()?,
        None => return None,
    };
    let value = value.trim_matches([' ', '+', '\r']).trim_end_matches('.');
    let plausible = (2..=260).contains(&value.len()) && value.chars().any(char::is_alphanumeric);
    plausible.then(|| (value, value.as_ptr().addr() - rest.as_ptr().addr()))
}

/// Whether the line has nothing but the label and decoration: `=== Mutex`, `File names:`.
fn is_heading(buf: &[u8], label_start: usize, rest: &str) -> bool {
    let lead = &buf[line_start(buf, label_start)..label_start];
    let decoration = |b: &u8| !b.is_ascii_alphanumeric() && *b < 0x80;
    let tail = rest.trim_matches([' ', ':', '*', '#', '=', '\r']);
    lead.iter().all(decoration) && matches!(tail, "" | "s" | "es" | "name" | "names" | "名")
}

/// The items of the list that begins at or just after `start`.
fn items(buf: &[u8], start: usize) -> (Vec<(&str, usize)>, usize) {
    let mut items = Vec::new();
    let mut from = start;
    while from < buf.len() && items.len() < MAX_ITEMS {
        let end = memchr::memchr(b'\n', &buf[from..]).map_or(buf.len(), |n| from + n);
        let Ok(line) = std::str::from_utf8(&buf[from..end]) else { break };
        let bare = line.trim();
        if bare.is_empty() && !items.is_empty()
            || bare.ends_with(':')
            || bare.starts_with(['=', '#'])
        {
            break;
        }
        if !bare.is_empty() {
            let item = bare.trim_start_matches(['-', '*', '+', '・', '•', ' ']);
            let value = match item.strip_prefix('`').and_then(|i| i.split('`').next()) {
                Some(quoted) => quoted.trim_matches('+'),
                None => item.trim_matches(['"', '\'']),
            };
            if value.len() > 260
                || value.contains("  ")
                || (item == value && value.contains(' ') && at(buf, from) != b'-')
            {
                break;
            }
            items.push((value, value.as_ptr().addr() - buf.as_ptr().addr()));
        }
        from = end + 1;
    }
    (items, from)
}

/// Most items of one list that are looked at.
const MAX_ITEMS: usize = 500;
