//! Where a token may begin and end: the rules all searches share.
//!
//! *Word* bytes continue a token. A token begins where the byte before is no word byte, or right
//! after an escape that logs put there: `%2F` of an encoded URL, `\n` or `\u003c` of a JSON string.

/// ASCII letters and digits.
pub(crate) const ALNUM: u8 = 1;
/// `_`.
pub(crate) const UNDERSCORE: u8 = 2;
/// `-`.
pub(crate) const HYPHEN: u8 = 4;
/// `.`.
pub(crate) const DOT: u8 = 8;
/// Hexadecimal digits.
pub(crate) const HEX: u8 = 16;
/// `:`.
pub(crate) const COLON: u8 = 32;
/// Decimal digits.
pub(crate) const DIGIT: u8 = 64;

/// What continues a host or file name, dots aside.
pub(crate) const NAME: u8 = ALNUM | UNDERSCORE | HYPHEN;
/// What continues an address, dots aside: a hyphen separates (`198.51.100.7-198.51.100.20`).
pub(crate) const ADDRESS: u8 = ALNUM | UNDERSCORE;

/// The classes of each byte.
static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        let mut class = 0;
        if b.is_ascii_alphanumeric() {
            class |= ALNUM;
        }
        if b.is_ascii_hexdigit() {
            class |= HEX;
        }
        if b.is_ascii_digit() {
            class |= DIGIT;
        }
        class |= match b {
            b'_' => UNDERSCORE,
            b'-' => HYPHEN,
            b'.' => DOT,
            b':' => COLON,
            _ => 0,
        };
        table[i] = class;
        i += 1;
    }
    table
}

/// Whether `byte` is of one of these classes.
#[inline]
pub(crate) fn is(byte: u8, classes: u8) -> bool {
    CLASS[byte as usize] & classes != 0
}

/// The start of the run of `classes` bytes that ends before `at`, not before `floor`.
#[inline]
pub(crate) fn run_start(text: &[u8], floor: usize, at: usize, classes: u8) -> usize {
    let mut start = at;
    while start > floor && is(text[start - 1], classes) {
        start -= 1;
    }
    start
}

/// The end of the run of `classes` bytes that starts at `at`.
#[inline]
pub(crate) fn run_end(text: &[u8], at: usize, classes: u8) -> usize {
    let mut end = at;
    while end < text.len() && is(text[end], classes) {
        end += 1;
    }
    end
}

/// Whether a token of `word` bytes may begin at `at`.
#[inline]
pub(crate) fn clean_start(text: &[u8], at: usize, word: u8) -> bool {
    at == 0 || !is(text[at - 1], word) || follows_escape(text, at)
}

/// Whether a token of `word` bytes may end at `at`. Full stops after it do not matter unless the
/// token goes on behind them.
#[inline]
pub(crate) fn clean_end(text: &[u8], at: usize, word: u8) -> bool {
    let after = run_end(text, at, DOT);
    text.get(after).is_none_or(|b| !is(*b, word))
}

/// Whether the bytes before `at` are an escape: `%XX`, `\n`, `\r`, `\t` or `\uXXXX`.
#[inline]
pub(crate) fn follows_escape(text: &[u8], at: usize) -> bool {
    let Some(before) = text.get(..at) else { return false };
    match before {
        [.., b'%', a, b] if is(*a, HEX) && is(*b, HEX) => true,
        [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., b'\\', b'u', a, b, c, d] => [a, b, c, d].iter().all(|x| is(**x, HEX)),
        _ => false,
    }
}

/// Where a token begins if an escape's tail was read as part of a run that starts at `start`:
/// `%2Fevil.example` is the run `2Fevil.example`.
#[inline]
pub(crate) fn after_escape(text: &[u8], start: usize) -> Option<usize> {
    if !matches!(text.get(start.wrapping_sub(1)), Some(b'%' | b'\\')) {
        return None;
    }
    [1, 2, 5].into_iter().map(|n| start + n).find(|at| follows_escape(text, *at))
}
