//! Undoing what people do to indicators so that nobody clicks them, and full-width writing.
//!
//! `evil[.]com`, `evil(dot)com`, `evil。com`, `ｅｖｉｌ．ｃｏｍ` all become `evil.com`. Line breaks
//! stay where they are, so line numbers hold. Schemes (`hxxp`) are left to the scan.

mod bracket;

use unicode_normalization::UnicodeNormalization;

use super::chars::{at, char_at};

/// Folded text and where it differs in a telling way.
pub(super) struct Folded<'a> {
    /// The text to scan.
    pub(super) text: &'a [u8],
    /// Offsets in `text` where a defanged character was restored, ascending.
    pub(super) defanged: &'a [usize],
    /// Offsets in `text` of characters that were full-width, ascending.
    pub(super) wide: &'a [usize],
    /// Where the two texts go on together after a change: offset in `text`, offset in the block.
    shifts: &'a [(usize, usize)],
}

impl Folded<'_> {
    /// The place in the block that an offset in `text` came from.
    pub(super) fn source(&self, offset: usize) -> usize {
        let next = self.shifts.partition_point(|(out, _)| *out <= offset);
        let last = next.checked_sub(1).and_then(|i| self.shifts.get(i));
        last.map_or(offset, |(out, from)| from + (offset - out))
    }

    /// Whether a defanged character was restored in the range.
    pub(super) fn is_defanged(&self, start: usize, end: usize) -> bool {
        any_within(self.defanged, start, end)
    }

    /// Whether the range was defanged or in full-width characters.
    pub(super) fn is_folded(&self, start: usize, end: usize) -> bool {
        self.is_defanged(start, end) || any_within(self.wide, start, end)
    }
}

fn any_within(offsets: &[usize], start: usize, end: usize) -> bool {
    let first = offsets.partition_point(|o| *o < start);
    offsets.get(first).is_some_and(|o| *o < end)
}

/// Buffers that are used again from block to block.
#[derive(Default)]
pub(super) struct Scratch {
    out: Vec<u8>,
    defanged: Vec<usize>,
    wide: Vec<usize>,
    shifts: Vec<(usize, usize)>,
}

/// Folds a block. Where nothing is to be done the block itself is returned.
pub(super) fn fold<'a>(block: &'a [u8], scratch: &'a mut Scratch) -> Folded<'a> {
    scratch.out.clear();
    scratch.defanged.clear();
    scratch.wide.clear();
    scratch.shifts.clear();
    let mut folder = Folder { text: block, at: 0, copied: 0, to: scratch };
    folder.run();
    let (copied, changed) = (folder.copied, folder.copied > 0);
    if !changed {
        return Folded { text: block, defanged: &[], wide: &[], shifts: &[] };
    }
    scratch.out.extend_from_slice(&block[copied..]);
    Folded {
        text: &scratch.out,
        defanged: &scratch.defanged,
        wide: &scratch.wide,
        shifts: &scratch.shifts,
    }
}

/// Walks the text; everything before `copied` is already in the output.
struct Folder<'a> {
    text: &'a [u8],
    at: usize,
    copied: usize,
    to: &'a mut Scratch,
}

impl Folder<'_> {
    fn run(&mut self) {
        while self.at < self.text.len() {
            let byte = self.text[self.at];
            if !TRIGGER[usize::from(byte)] {
                self.at += 1;
                continue;
            }
            match byte {
                b'[' | b'(' | b'{' | b']' => self.bracket(),
                b'\\' => self.escaped_dot(),
                _ => self.wide_char(),
            }
        }
    }

    /// Replaces `len` bytes from here by `with`.
    fn replace(&mut self, len: usize, with: &[u8]) {
        self.to.out.extend_from_slice(&self.text[self.copied..self.at]);
        self.to.out.extend_from_slice(with);
        self.at += len;
        self.copied = self.at;
        let out = self.to.out.len();
        // Dropped blanks take places with them.
        while self.to.shifts.last().is_some_and(|(last, _)| *last >= out) {
            self.to.shifts.pop();
        }
        self.to.shifts.push((out, self.at));
    }

    /// Where the next replacement will stand in the output.
    fn out_len(&self) -> usize {
        self.to.out.len() + (self.at - self.copied)
    }

    /// The byte of the output `back` places before the end (1 is the last).
    fn out_back(&self, back: usize) -> u8 {
        let pending = self.at - self.copied;
        if back <= pending {
            return at(self.text, self.at - back);
        }
        let out = &self.to.out;
        out.len().checked_sub(back - pending).map_or(0, |i| at(out, i))
    }

    /// A bracketed separator here, if there is one: `[.]`, `(dot)`, ` [at] `.
    fn separator(&mut self) -> bool {
        let Some((with, len)) = bracket::read(self.text, self.at) else { return false };
        // Blanks around belong to it only where a name stands on both sides.
        let left = (0..2).take_while(|n| self.out_back(n + 1) == b' ').count();
        let after = self.at + len;
        let right = (0..2).take_while(|n| at(self.text, after + n) == b' ').count();
        let colon = with.starts_with(b":");
        let follows = colon || is_name_start(self.text, after + right);
        let precedes = colon || with == b"//" || is_name_end(self.out_back(left + 1));
        if !(follows && precedes) {
            return false;
        }
        if !colon {
            self.drop_blanks(left);
        }
        let mark = self.out_len();
        push_ascending(&mut self.to.defanged, mark);
        self.replace(if colon { len } else { len + right }, with);
        true
    }

    fn bracket(&mut self) {
        if self.separator() {
            return;
        }
        let (byte, next) = (self.text[self.at], at(self.text, self.at + 1));
        let after_dot = self.out_back(1) == b'.' && is_name_end(self.out_back(2));
        if after_dot && matches!(byte, b'[' | b']') && next.is_ascii_alphanumeric() {
            let mark = self.out_len() - 1;
            push_ascending(&mut self.to.defanged, mark);
            self.replace(1, b"");
        } else if byte == b']' && next == b'.' && is_name_end(self.out_back(1)) {
            // `evil].com`, `evil].[com`
            let two = at(self.text, self.at + 2);
            if two == b'[' || two.is_ascii_alphanumeric() {
                self.replace(1, b"");
                return;
            }
            self.at += 1;
        } else if byte == b'[' && next == b'.' && is_name_end(self.out_back(1)) {
            self.half_bracket();
        } else {
            self.at += 1;
        }
    }

    /// `evil[.com` and `evil[.com]`.
    fn half_bracket(&mut self) {
        if !is_name_start(self.text, self.at + 2) {
            self.at += 1;
            return;
        }
        let mark = self.out_len();
        self.to.defanged.push(mark);
        self.replace(2, b".");
        let label_end = (self.at..self.at + 64)
            .find(|i| !matches!(at(self.text, *i), b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z'));
        if let Some(end) = label_end.filter(|e| at(self.text, *e) == b']') {
            self.at = end;
            self.replace(1, b"");
        }
    }

    /// `evil\.com`, but not `C:\dir\.config`.
    fn escaped_dot(&mut self) {
        let next_ok = at(self.text, self.at + 1) == b'.'
            && at(self.text, self.at + 2).is_ascii_alphanumeric()
            && is_name_end(self.out_back(1));
        let mut back = 1;
        while back < 256 && is_label_byte(self.out_back(back)) {
            back += 1;
        }
        if next_ok && !matches!(self.out_back(back), b'\\' | b'%') {
            let mark = self.out_len();
            self.to.defanged.push(mark);
            self.replace(2, b".");
        } else {
            self.at += 1;
        }
    }

    fn wide_char(&mut self) {
        let rest = &self.text[self.at..];
        match rest {
            [0xEF, 0xBC, 0x88 | 0xBB, ..] | [0xEF, 0xBD, 0x9B, ..] if self.separator() => {}
            [0xE3, 0x80, 0x90 | 0x94, ..] if self.separator() => {}
            [0xEF, 0xBC, low @ 0x81..=0xBF, ..] => {
                self.wide_ascii(low - 0x60);
            }
            [0xEF, 0xBD, low @ 0x80..=0x9E, ..] => self.wide_ascii(low - 0x20),
            [0xE3, 0x80, 0x82, ..] | [0xEF, 0xBD, 0xA1, ..] => self.ideographic_stop(),
            [0xE3, 0x80, 0x80, ..] => self.replace(3, b" "),
            // Zero-width characters, soft hyphens and byte order marks hide inside names.
            [0xE2, 0x80, 0x8B..=0x8D, ..] | [0xE2, 0x81, 0xA0, ..] | [0xEF, 0xBB, 0xBF, ..] => {
                self.replace(3, b"");
            }
            [0xC2, 0xAD, ..] => self.replace(2, b""),
            [0xE2, 0x80, 0x90..=0x93, ..] if self.between_names(3) => self.replace(3, b"-"),
            [0xE2, 0x80, 0xA4, ..] if self.between_names(3) => {
                let mark = self.out_len();
                self.to.defanged.push(mark);
                self.replace(3, b".");
            }
            [0xF0, 0x9D, ..] => self.mathematical(),
            _ => self.at += 1,
        }
    }

    fn between_names(&self, len: usize) -> bool {
        self.out_back(1).is_ascii_alphanumeric() && is_plain_start(self.text, self.at + len)
    }

    fn wide_ascii(&mut self, ascii: u8) {
        let mark = self.out_len();
        self.to.wide.push(mark);
        self.replace(3, &[ascii]);
    }

    /// `evil。com`, unless it ends a sentence: after a name with dots of its own it does.
    fn ideographic_stop(&mut self) {
        let mut back = 1;
        while back < 64 && (is_name_end(self.out_back(back)) || self.out_back(back) == b'-') {
            back += 1;
        }
        let boundary = self.out_len().checked_sub(back);
        let own_dots = self.out_back(back) == b'.'
            && boundary.is_none_or(|b| self.to.defanged.binary_search(&b).is_err());
        if !own_dots && self.between_names(3) {
            let mark = self.out_len();
            self.to.defanged.push(mark);
            self.replace(3, b".");
        } else {
            self.at += 3;
        }
    }

    /// Bold and italic letters of the mathematical block.
    fn mathematical(&mut self) {
        let plain = char_at(self.text, self.at)
            .filter(|c| ('\u{1D400}'..='\u{1D7FF}').contains(c))
            .and_then(|c| c.nfkc().next())
            .and_then(|c| u8::try_from(c).ok())
            .filter(u8::is_ascii_alphanumeric);
        match plain {
            Some(ascii) => {
                let mark = self.out_len();
                self.to.wide.push(mark);
                self.replace(4, &[ascii]);
            }
            None => self.at += 1,
        }
    }

    fn drop_blanks(&mut self, count: usize) {
        self.to.out.extend_from_slice(&self.text[self.copied..self.at]);
        self.copied = self.at;
        let keep = self.to.out.len().saturating_sub(count);
        self.to.out.truncate(keep);
    }
}

fn push_ascending(offsets: &mut Vec<usize>, offset: usize) {
    if offsets.last().is_none_or(|last| *last < offset) {
        offsets.push(offset);
    }
}

fn is_label_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn is_name_end(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Whether a name goes on at `index` in any script.
fn is_name_start(text: &[u8], index: usize) -> bool {
    is_plain_start(text, index)
        || (at(text, index) >= 0x80 && char_at(text, index).is_some_and(char::is_alphanumeric))
}

/// Whether a letter or digit that folds to ASCII stands at `index`.
fn is_plain_start(text: &[u8], index: usize) -> bool {
    match (at(text, index), at(text, index + 1), at(text, index + 2)) {
        (0xEF, 0xBC, low @ 0x81..=0xBF) => (low - 0x60).is_ascii_alphanumeric(),
        (0xEF, 0xBD, low @ 0x80..=0x9E) => (low - 0x20).is_ascii_alphanumeric(),
        (0xF0, 0x9D, _) => true,
        (byte, _, _) => byte.is_ascii_alphanumeric(),
    }
}

/// Bytes at which something may have to be done.
static TRIGGER: [bool; 256] = triggers();

const fn triggers() -> [bool; 256] {
    let mut table = [false; 256];
    let list: [u8; 10] = [b'[', b'(', b'{', b']', b'\\', 0xC2, 0xE2, 0xE3, 0xEF, 0xF0];
    let mut i = 0;
    while i < list.len() {
        table[list[i] as usize] = true;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut scratch = Scratch::default();
        let folded = fold(text.as_bytes(), &mut scratch);
        assert!(folded.defanged.is_sorted() && folded.wide.is_sorted());
        String::from_utf8(folded.text.to_vec()).unwrap()
    }

    #[test]
    fn places_lead_back_to_the_text() {
        let text = "a evil [.] com, ｅｖｉｌ．ｃｏｍ and x[.]jp";
        let mut scratch = Scratch::default();
        let folded = fold(text.as_bytes(), &mut scratch);
        let plain = std::str::from_utf8(folded.text).unwrap();
        for (value, written) in
            [("evil.com,", "evil [.] com,"), ("evil.com ", "ｅｖｉｌ．ｃｏｍ "), ("x.jp", "x[.]jp")]
        {
            let at = plain.find(value).unwrap();
            let span = folded.source(at)..folded.source(at + value.len());
            assert_eq!(&text[span], written, "{plain}");
        }
    }

    #[test]
    fn undoes_what_people_do() {
        let cases = [
            ("evil[.]com", "evil.com"),
            ("evil [.] com", "evil.com"),
            ("evil[ dot ]com", "evil.com"),
            ("evil[.com] x", "evil.com x"),
            ("evil.]com", "evil.com"),
            ("evil].[com", "evil.com"),
            ("evil[[.]]com", "evil.com"),
            ("evil【.】com", "evil.com"),
            ("evil［ドット］com", "evil.com"),
            ("user[at]evil(dot)com", "user@evil.com"),
            ("hxxp[:]//evil{.}com", "hxxp://evil.com"),
            ("hxxp[://]evil.com", "hxxp://evil.com"),
            ("2001[:]db8[:][:]42", "2001:db8::42"),
            (r"evil\.com", "evil.com"),
            ("ｅｖｉｌ．ｃｏｍ", "evil.com"),
            ("198。51。100。7", "198.51.100.7"),
            ("evil.com。It is", "evil.com。It is"),
            ("終了。Next", "終了。Next"),
            ("a（b）［c］", "a(b)[c]"),
            ("ev\u{200b}il.com", "evil.com"),
            (r"C:\dir\.config", r"C:\dir\.config"),
            ("array[.] = x", "array[.] = x"),
        ];
        for (given, want) in cases {
            assert_eq!(folded(given), want, "{given}");
        }
    }
}
