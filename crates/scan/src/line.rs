//! Scanning a stream of chunks line by line, whatever the chunks.

use memchr::{memchr, memchr_iter, memrchr};

use crate::boundary::{DOT, NAME, is};
use crate::{Hit, Matcher};

/// Longest unfinished line kept in memory, in bytes. What is longer is searched in pieces, cut
/// between words: a URL or a file name with spaces at the cut may be missed.
pub const MAX_LINE: usize = 1024 * 1024;

/// An indicator found in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineHit<'a> {
    /// The number the indicator was given with.
    pub id: u32,
    /// Number of the line in the stream, from 1.
    pub number: u64,
    /// The line, without its line feed and carriage return.
    pub line: &'a [u8],
    /// Where in the line the indicator begins.
    pub start: usize,
    /// Where in the line it ends.
    pub end: usize,
}

/// Feeds a [`Matcher`] from a stream. Hits come in the order of the lines, and within a line in
/// that of their places.
pub struct LineScanner<'m> {
    matcher: &'m Matcher,
    /// The line that has begun but not ended.
    rest: Vec<u8>,
    /// Lines ended so far.
    lines: u64,
    bytes: u64,
    hits: Vec<Hit>,
}

impl<'m> LineScanner<'m> {
    /// A scanner at the beginning of a stream.
    pub fn new(matcher: &'m Matcher) -> Self {
        Self { matcher, rest: Vec::new(), lines: 0, bytes: 0, hits: Vec::new() }
    }

    /// Takes the next piece of the stream and reports what its finished lines hold.
    pub fn push(&mut self, chunk: &[u8], sink: &mut impl FnMut(LineHit<'_>)) {
        self.bytes += chunk.len() as u64;
        let mut chunk = chunk;
        if !self.rest.is_empty() {
            let taken = memchr(b'\n', chunk).map_or(chunk.len(), |at| at + 1);
            let (head, tail) = chunk.split_at(taken);
            self.rest.extend_from_slice(head);
            chunk = tail;
            if self.rest.ends_with(b"\n") {
                let mut line = std::mem::take(&mut self.rest);
                self.scan(&line, sink);
                line.clear();
                self.rest = line;
            }
        }
        if let Some(end) = memrchr(b'\n', chunk) {
            let (whole, tail) = chunk.split_at(end + 1);
            self.scan(whole, sink);
            chunk = tail;
        }
        self.rest.extend_from_slice(chunk);
        while self.rest.len() > MAX_LINE {
            let split = self.rest[..MAX_LINE].iter().rposition(|b| !is(*b, NAME | DOT));
            let tail = self.rest.split_off(split.map_or(MAX_LINE, |at| at + 1));
            let piece = std::mem::replace(&mut self.rest, tail);
            self.scan(&piece, sink);
        }
    }

    /// Reports what the last line holds, if it did not end with a line feed; the scanner is then at
    /// the beginning of a new stream, its counts kept.
    pub fn finish(&mut self, sink: &mut impl FnMut(LineHit<'_>)) {
        let line = std::mem::take(&mut self.rest);
        if !line.is_empty() {
            self.scan(&line, sink);
            self.lines += 1;
        }
    }

    /// Lines that ended so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Bytes taken so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Scans some lines, counting their line feeds.
    fn scan(&mut self, text: &[u8], sink: &mut impl FnMut(LineHit<'_>)) {
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        self.matcher.scan(text, &mut |hit| hits.push(hit));
        hits.sort_unstable();
        let (mut number, mut line_start) = (self.lines + 1, 0);
        for hit in &hits {
            let from = line_start;
            for at in memchr_iter(b'\n', &text[from..hit.start]) {
                number += 1;
                line_start = from + at + 1;
            }
            let end = memchr(b'\n', &text[hit.start..]).map_or(text.len(), |at| hit.start + at);
            let line = &text[line_start..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let (start, end) = (hit.start - line_start, hit.end - line_start);
            sink(LineHit { id: hit.id, number, line, start, end });
        }
        self.lines += memchr_iter(b'\n', text).count() as u64;
        self.hits = hits;
    }
}
