//! One walk over the folded bytes.

use noroshi_stix::{Kind, Observable};

use super::chars::{self, CLASS, DASH, DIGIT, DOT, LETTER, OUTSIDE, at};
use super::fold::Folded;
use super::{Candidate, Outcome, digest, host, ip, mailbox, registry, spoken, url};
use crate::DropReason;

/// What was handed over already, across blocks: a repeated value costs no second look.
pub(super) struct Memory {
    slots: Vec<Option<(Kind, Box<[u8]>)>>,
}

/// Most values remembered. A power of two.
const MAX_SLOTS: usize = 4096;

impl Memory {
    /// Memory for a text of this length: a cell of a table needs next to none.
    pub(super) fn for_text(len: usize) -> Self {
        Self { slots: vec![None; (len / 64).next_power_of_two().min(MAX_SLOTS)] }
    }

    fn has(&self, kind: Kind, raw: &[u8]) -> bool {
        let slot = &self.slots[hash(raw) & (self.slots.len() - 1)];
        slot.as_ref().is_some_and(|(k, known)| *k == kind && **known == *raw)
    }

    /// Whether this value was remembered; remembers it otherwise.
    fn knows(&mut self, kind: Kind, raw: &[u8]) -> bool {
        let mask = self.slots.len() - 1;
        let slot = &mut self.slots[hash(raw) & mask];
        if slot.as_ref().is_some_and(|(k, known)| *k == kind && **known == *raw) {
            return true;
        }
        *slot = Some((kind, raw.into()));
        false
    }
}

fn hash(raw: &[u8]) -> usize {
    let mut hash = raw.len() as u64;
    for chunk in raw.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    (hash >> 40) as usize
}

/// Finds the indicators of one folded block whose first line has the number `line`.
pub(super) fn scan(
    folded: &Folded<'_>,
    line: u64,
    memory: &mut Memory,
    sink: &mut impl FnMut(Candidate<'_>),
) {
    let mut scan = Scan { folded, buf: folded.text, line, counted: 0, memory, sink };
    scan.run();
}

/// The state of a walk. The readers of single kinds work on it.
pub(super) struct Scan<'a, 'm, S> {
    pub(super) folded: &'a Folded<'a>,
    pub(super) buf: &'a [u8],
    line: u64,
    counted: usize,
    memory: &'m mut Memory,
    sink: &'m mut S,
}

impl<S: FnMut(Candidate<'_>)> Scan<'_, '_, S> {
    fn run(&mut self) {
        let buf = self.buf;
        let mut i = 0;
        while i < buf.len() {
            let class = CLASS[usize::from(buf[i])];
            if class == OUTSIDE {
                i += 1;
                continue;
            }
            let start = i;
            let mut mask = class;
            i += 1;
            while i < buf.len() {
                let class = CLASS[usize::from(buf[i])];
                if class == OUTSIDE {
                    break;
                }
                mask |= class;
                i += 1;
            }
            // Every reader returns where to go on; never backwards.
            i = i.max(self.atom(start, i, mask));
        }
    }

    fn atom(&mut self, start: usize, end: usize, mask: u8) -> usize {
        match at(self.buf, end) {
            b':' => {
                if self.buf[end..].starts_with(b"://") {
                    return url::with_scheme(self, end);
                }
                if mask & (LETTER | DASH) == 0
                    && end - start <= 15
                    && let Some(next) = ip::v6(self, start, end)
                {
                    return next;
                }
            }
            b'@' => {
                if let Some(next) = mailbox::read(self, start, end) {
                    return next;
                }
            }
            _ => {}
        }
        if at(self.buf, start).eq_ignore_ascii_case(&b'h')
            && mask & (DIGIT | DOT) == 0
            && let Some(next) = registry::read(self, start, end)
        {
            return next;
        }
        if mask & DOT != 0 {
            return host::dotted(self, start, end, mask);
        }
        let len = end - start;
        if len < 13 {
            if len == 3 && self.buf[start..end].eq_ignore_ascii_case(b"dot") {
                return spoken::read(self, start, end).unwrap_or(end);
            }
            return end;
        }
        if mask & DIGIT != 0 {
            digest::read(self, start, end, mask & DASH != 0);
        }
        end
    }

    /// Hands over an indicator read from `raw`, which lies in the given range.
    pub(super) fn found(&mut self, kind: Kind, raw: &str, start: usize, end: usize) -> bool {
        if self.memory.knows(kind, raw.as_bytes()) {
            return true;
        }
        match Observable::parse(kind, raw) {
            Ok(observable) => {
                self.hand_over(Outcome::Found(observable), start, end);
                true
            }
            Err(_) => false,
        }
    }

    /// Hands over something that is none.
    pub(super) fn dropped(&mut self, reason: DropReason, start: usize, end: usize) {
        let text = chars::text(self.buf, start, end);
        if !text.is_empty() {
            self.hand_over(Outcome::Dropped(text, reason), start, end);
        }
    }

    /// Whether a value is known, without remembering it.
    pub(super) fn remembers(&self, kind: Kind, raw: &[u8]) -> bool {
        self.memory.has(kind, raw)
    }

    /// Whether a value was handed over before; remembers it from now on.
    pub(super) fn knows(&mut self, kind: Kind, raw: &[u8]) -> bool {
        self.memory.knows(kind, raw)
    }

    pub(super) fn hand_over(&mut self, outcome: Outcome<'_>, start: usize, end: usize) {
        self.hand_over_as(outcome, start, end, false);
    }

    /// As [`Self::hand_over`], for a value that is defanged in a way the fold does not see.
    pub(super) fn hand_over_as(
        &mut self,
        outcome: Outcome<'_>,
        start: usize,
        end: usize,
        meant: bool,
    ) {
        if let Some(passed) = self.buf.get(self.counted..start) {
            self.line += super::count_lines(passed);
            self.counted = start;
        }
        let defanged = meant || self.folded.is_folded(start, end);
        let span = self.folded.source(start)..self.folded.source(end);
        (self.sink)(Candidate { line: self.line, span, defanged, outcome });
    }

    /// Whether the range was defanged: then its author meant it.
    pub(super) fn is_meant(&self, start: usize, end: usize) -> bool {
        self.folded.is_defanged(start, end)
    }
}
