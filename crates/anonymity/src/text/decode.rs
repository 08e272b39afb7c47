//! Undoing the encodings a name can hide in inside a URL or a host name.

mod charsets;
mod runs;

pub(crate) use charsets::misread;
pub(crate) use runs::hidden;

/// Percent-decodes until nothing changes, at most three times; what is not UTF-8 afterwards is
/// replaced, because it is searched, never released.
pub(crate) fn percent(text: &str) -> String {
    repeated(text, |bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// As [`percent`], but what is not UTF-8 is read in the Japanese character set in which it is whole.
pub(crate) fn percent_japanese(text: &str) -> String {
    repeated(text, charsets::likeliest)
}

fn repeated(text: &str, read: fn(&[u8]) -> String) -> String {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains('%') {
            break;
        }
        let next = percent_once(&text, read);
        if next == text {
            break;
        }
        text = next;
    }
    text
}

fn percent_once(text: &str, read: fn(&[u8]) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    // Each run of encoded bytes is read by itself: two in one text may differ.
    let mut run = Vec::new();
    let flush = |run: &mut Vec<u8>, out: &mut String| {
        out.push_str(&read(run));
        run.clear();
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let pair = rest.as_bytes().get(1..3).filter(|_| c == '%');
        let byte = pair.and_then(|p| Some(hex(*p.first()?)? * 16 + hex(*p.get(1)?)?));
        let is_open = run.last().is_some_and(|b| *b >= 0x80);
        let used = if let Some(byte) = byte {
            run.push(byte);
            3
        } else if let Some(byte) = u8::try_from(c).ok().filter(|_| is_open && is_second_half(c)) {
            run.push(byte);
            1
        } else {
            flush(&mut run, &mut out);
            out.push(c);
            c.len_utf8()
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    flush(&mut run, &mut out);
    out
}

/// Whether the character may be the second byte of a Shift_JIS character: a letter or sign, but
/// nothing that parts a URL.
fn is_second_half(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '@' | '[' | ']' | '^' | '_' | '`' | '{' | '|' | '}' | '~')
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// A host name, or a text that holds one, as people read it: punycode labels in Unicode.
pub(crate) fn unicode_host(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let is_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_label(c)).unwrap_or(rest.len());
        let (label, after) = rest.split_at(end);
        let encoded = label.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("xn--"));
        if encoded {
            out.push_str(&idna::domain_to_unicode(label).0);
        } else {
            out.push_str(label);
        }
        let separator = after.chars().next();
        out.extend(separator);
        rest = after.get(separator.map_or(0, char::len_utf8)..).unwrap_or_default();
    }
    out
}
