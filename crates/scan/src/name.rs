//! The search for everything with a dot: hosts, the addresses and URLs they stand in, file names.

use memchr::memchr;

use crate::boundary::{ALNUM, DIGIT, DOT, NAME, after_escape, clean_end, clean_start, is};
use crate::key::{self, EMPTY, finish, step};
use crate::{Hit, Matcher, address, freeform, web};

/// Longest name looked up: the longest file name accepted as an indicator.
const MAX_NAME: usize = 1024;

/// A run of name bytes and dots.
struct Run {
    start: usize,
    end: usize,
    dots: usize,
    digits: usize,
}

impl Run {
    /// The run around the byte at `at`, not before `floor`.
    #[inline]
    fn around(text: &[u8], floor: usize, at: usize) -> Self {
        let mut run = Self { start: at, end: at, dots: 0, digits: 0 };
        while run.start > floor && is(text[run.start - 1], NAME | DOT) {
            run.start -= 1;
            run.count(text[run.start]);
        }
        while run.end < text.len() && is(text[run.end], NAME | DOT) {
            run.count(text[run.end]);
            run.end += 1;
        }
        run
    }

    #[inline]
    fn count(&mut self, byte: u8) {
        self.dots += usize::from(byte == b'.');
        self.digits += usize::from(is(byte, DIGIT));
    }
}

/// Reports what any run with a dot in it holds.
pub(crate) fn scan_dotted(m: &Matcher, text: &[u8], hit: &mut impl FnMut(Hit)) {
    let mut from = 0;
    while let Some(found) = memchr(b'.', text.get(from..).unwrap_or_default()) {
        let run = Run::around(text, from, from + found);
        from = run.end;
        if m.has_v4 && run.dots >= 3 && run.digits >= 4 {
            address::check_run(m, text, run.start, run.end, hit);
        }
        if m.has_names {
            check_name(m, text, run.start, run.end, hit);
        }
    }
}

/// Reports what runs without a dot hold: words that anchor free-form indicators.
pub(crate) fn scan_words(m: &Matcher, text: &[u8], hit: &mut impl FnMut(Hit)) {
    let mut at = 0;
    while at < text.len() {
        if !is(text[at], NAME | DOT) {
            at += 1;
            continue;
        }
        let (start, mut dotted) = (at, false);
        while at < text.len() && is(text[at], NAME | DOT) {
            dotted |= text[at] == b'.';
            at += 1;
        }
        // Runs with a dot were seen by `scan_dotted`. The length tells most others apart, unless
        // something at the edge of the run does not count.
        let known = m.free.word_lengths & (1 << (at - start).min(63)) != 0;
        let edge = !is(text[start], ALNUM) || !is(text[at - 1], ALNUM);
        if !dotted && (known || edge || after_escape(text, start).is_some()) {
            check_name(m, text, start, at, hit);
        }
    }
}

/// Looks up a run and every part of it that begins behind a dot, from the last label to the first.
fn check_name(
    m: &Matcher,
    text: &[u8],
    run_start: usize,
    run_end: usize,
    hit: &mut impl FnMut(Hit),
) {
    let trimmed = |b: &&u8| !is(**b, ALNUM);
    let end = run_end - text[run_start..run_end].iter().rev().take_while(trimmed).count();
    let skip = |at: usize| at + text[at..end].iter().take_while(trimmed).count();
    let start = skip(run_start);
    let escaped = after_escape(text, run_start).filter(|at| *at < end).map(skip);
    let (mut hash, mut gated) = (EMPTY, false);
    let floor = start.max(end.saturating_sub(MAX_NAME));
    let mut at = end;
    while at > floor {
        at -= 1;
        let byte = text[at];
        if byte == b'.' {
            if gated {
                lookup(m, text, at + 1, end, hash, hit);
            } else if !m.last_labels.has(hash) {
                return;
            }
            gated = true;
        }
        hash = step(hash, byte);
        if at == start || (Some(at) == escaped && text[at - 1] != b'.') {
            if !gated && !m.last_labels.has(hash) {
                // A single label: it is its own last one.
                continue;
            }
            lookup(m, text, at, end, hash, hit);
        }
    }
}

/// Reports the indicators whose name is the span `start..end`.
#[inline]
fn lookup(
    m: &Matcher,
    text: &[u8],
    start: usize,
    end: usize,
    hash: u64,
    hit: &mut impl FnMut(Hit),
) {
    let fingerprint = finish(hash);
    if !m.table.may_have(fingerprint) {
        return;
    }
    for (tag, value, id) in m.table.find(fingerprint) {
        if !value.eq_ignore_ascii_case(&text[start..end]) {
            continue;
        }
        match tag {
            key::DOMAIN if clean_start(text, start, NAME) && clean_end(text, end, NAME) => {
                hit(Hit { id, start, end });
            }
            // Addresses are looked at where they are read as such.
            key::URL_HOST
                if !is(value[value.len() - 1], DIGIT) && clean_start(text, start, NAME | DOT) =>
            {
                let after = crate::boundary::run_end(text, end, DOT);
                web::check_url(m, text, start, value, after, hit);
            }
            key::MAIL_HOST if clean_end(text, end, NAME) => {
                web::check_mail(m, text, start, end, hash, hit);
            }
            key::ANCHOR => freeform::check(m, text, start, id, hit),
            _ => {}
        }
    }
}

/// A small set of hashes of last labels (`com`, `exe`): innocent names end here, most of the time.
#[derive(Default)]
pub(crate) struct LastLabels(Vec<u64>);

impl LastLabels {
    const BITS: usize = 1 << 14;

    /// Adds the last label of a name.
    pub(crate) fn add(&mut self, name: &[u8]) {
        self.0.resize(Self::BITS / 64, 0);
        let label = name.rsplit(|b| *b == b'.').next().unwrap_or(name);
        let bit = Self::bit(key::name_hash(label));
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    #[inline]
    fn has(&self, hash: u64) -> bool {
        let bit = Self::bit(hash);
        self.0.get(bit / 64).is_some_and(|word| word & (1 << (bit % 64)) != 0)
    }

    fn bit(hash: u64) -> usize {
        (finish(hash) >> 40) as usize % Self::BITS
    }
}
