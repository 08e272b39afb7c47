//! Undoing the encodings a name can hide in inside a URL or a host name.

mod runs;

pub(crate) use runs::hidden;

/// Percent-decodes until nothing changes, at most three times; what is not UTF-8 afterwards is
/// replaced, because it is searched, never released.
pub(crate) fn percent(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains('%') {
            break;
        }
        let next = percent_once(&text);
        if next == text {
            break;
        }
        text = next;
    }
    text
}

fn percent_once(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high * 16 + low);
            rest = after;
        } else {
            out.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
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
