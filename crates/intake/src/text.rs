//! Indicators in text for people: reports, mails, logs, lists, in English and Japanese.
//!
//! Three passes, each over a block of whole lines. [`rules`] cuts out detection rules, which stay
//! opaque. [`fold`] undoes defanging and full-width writing and remembers where it did. [`scan`]
//! walks the folded bytes once, run of name characters by run, and looks closer only where a run
//! has a dot, a colon, an at sign or the length of a hash; what it takes must pass
//! [`Observable::parse`]. There is no regular expression over the text.

mod chars;
mod context;
mod digest;
mod fold;
mod host;
mod ip;
mod label;
mod mailbox;
mod registry;
mod rules;
mod scan;
mod spoken;
mod url;
mod words;

use std::ops::Range;

use noroshi_stix::{Kind, Observable};

use crate::draft::Collector;
use crate::{DropReason, Origin, Place};

/// Something in a text that is, or looks like, an indicator.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its line, from 1.
    pub line: u64,
    /// Where it stands, in bytes of the text as it was given.
    pub span: Range<usize>,
    /// Whether it was written so that nobody clicks it by accident, or in full-width characters.
    pub defanged: bool,
    /// What it is.
    pub outcome: Outcome<'a>,
}

/// What a candidate turned out to be.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// An indicator.
    Found(Observable),
    /// None, and why. The text is as understood, not as written.
    Dropped(&'a str, DropReason),
}

/// Finds the indicators of a text and hands each to `sink`, in the order of the blocks of the text.
///
/// The text should be UTF-8; other bytes separate words. A value that is repeated may be handed over
/// once only. Never fails, and needs memory for one block of lines, whatever the length of the text.
pub fn extract(text: &[u8], sink: &mut impl FnMut(Candidate<'_>)) {
    let mut memory = scan::Memory::for_text(text.len());
    let mut line = 1;
    let mut rest = text;
    for rule in rules::find(text) {
        let skipped = text.len() - rest.len();
        let (before, after) = rest.split_at(rule.range.start.saturating_sub(skipped));
        line = extract_plain(before, skipped, line, &mut memory, sink);
        let span = rule.range.clone();
        let (body, after) = after.split_at(rule.range.end - rule.range.start);
        let outcome = Outcome::Found(Observable::Rule(rule.rule));
        sink(Candidate { line, span, defanged: false, outcome });
        line += count_lines(body);
        rest = after;
    }
    extract_plain(rest, text.len() - rest.len(), line, &mut memory, sink);
}

/// `from` is where `text` begins in the whole.
fn extract_plain(
    text: &[u8],
    mut from: usize,
    mut line: u64,
    memory: &mut scan::Memory,
    sink: &mut impl FnMut(Candidate<'_>),
) -> u64 {
    let mut rest = text;
    let mut scratch = fold::Scratch::default();
    while !rest.is_empty() {
        let (block, after) = rest.split_at(block_end(rest));
        let folded = fold::fold(block, &mut scratch);
        let mut placed = |mut candidate: Candidate<'_>| {
            candidate.span = candidate.span.start + from..candidate.span.end + from;
            sink(candidate);
        };
        scan::scan(&folded, line, memory, &mut placed);
        label::find(&folded, line, &mut placed);
        from += block.len();
        line += count_lines(block);
        rest = after;
    }
    line
}

/// Length of the next block: whole lines where they are not absurdly long.
fn block_end(text: &[u8]) -> usize {
    if text.len() <= BLOCK_LEN {
        return text.len();
    }
    let head = &text[..BLOCK_LEN];
    let cut = memchr::memrchr(b'\n', head).or_else(|| memchr::memrchr(b' ', head));
    cut.map_or_else(|| whole_char_end(text, BLOCK_LEN), |at| at + 1)
}

fn whole_char_end(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && chars::at(text, at) & 0xC0 == 0x80 && at < BLOCK_LEN + 4 {
        at += 1;
    }
    at
}

fn count_lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// Bytes folded and scanned at a time: fits the second-level cache with its folded copy.
const BLOCK_LEN: usize = 64 * 1024;

/// Finds indicators and collects them; `place` turns a line number into a place.
pub(crate) fn extract_into(text: &[u8], out: &mut Collector<'_>, place: impl Fn(u64) -> Place) {
    extract(text, &mut |candidate| {
        let origin = Origin { place: place(candidate.line), defanged: candidate.defanged };
        match candidate.outcome {
            Outcome::Found(observable) => out.find(observable, origin),
            Outcome::Dropped(text, reason) => out.drop(text, reason, origin),
        }
    });
}

/// Reads a value of a known kind that may be defanged: the whole text must be that value, give or
/// take quotes around it.
pub(crate) fn refang_as(kind: Kind, value: &str) -> Option<Observable> {
    let mut scratch = fold::Scratch::default();
    let folded = fold::fold(value.as_bytes(), &mut scratch);
    let plain = std::str::from_utf8(folded.text).ok()?;
    let plain = plain.trim_matches(|c: char| c.is_whitespace() || "\"'`<>[](){}".contains(c));
    if kind != Kind::Url {
        return Observable::parse(kind, plain).ok();
    }
    url::with_plain_scheme(plain).and_then(|text| Observable::parse(kind, &text).ok())
}
