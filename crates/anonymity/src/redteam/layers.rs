//! Every text that some bytes may be read as.

use std::collections::BTreeSet;

use serde_json::Value;

/// How often an encoding is looked for inside another.
const DEPTH: usize = 3;
/// Shortest run of an alphabet that is tried as an encoding.
const LEAST_RUN: usize = 6;

/// The bytes as text, the strings of it where it is JSON, and what those hold encoded, each once.
pub(super) fn of(bytes: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        strings(&value, &mut |text| unwrap(text, DEPTH, &mut found));
    } else {
        for part in bytes.split(|b| *b == b'\n') {
            match serde_json::from_slice::<Value>(part) {
                Ok(value) => strings(&value, &mut |text| unwrap(text, DEPTH, &mut found)),
                Err(_) => unwrap(&String::from_utf8_lossy(part), DEPTH, &mut found),
            }
        }
    }
    found
}

fn strings(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, each)),
        Value::Object(map) => map.iter().for_each(|(key, item)| {
            each(key);
            strings(item, each);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn unwrap(text: &str, depth: usize, found: &mut BTreeSet<String>) {
    if text.len() < 2 || !found.insert(text.to_owned()) || depth == 0 {
        return;
    }
    let mut next: Vec<String> = vec![text.chars().rev().collect()];
    if text.contains('%') {
        next.push(percent(text));
    }
    if text.to_ascii_lowercase().contains("xn--") {
        let labels = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        next.push(
            labels.map(|l| idna::domain_to_unicode(l.trim_end_matches('.')).0 + " ").collect(),
        );
    }
    for run in runs(text, |c| c.is_ascii_hexdigit()) {
        next.extend(readings(&hexadecimal(run)));
    }
    for signs in ["", "+/", "-_"] {
        for run in runs(text, |c| c.is_ascii_alphanumeric() || signs.contains(c)) {
            next.extend(readings(&base64(run)));
        }
    }
    let is_new = |reading: &String| is_text(reading);
    next.into_iter().filter(is_new).for_each(|reading| unwrap(&reading, depth - 1, found));
}

/// The longest pieces made of these characters.
fn runs(text: &str, is_in: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !is_in(c)).filter(|run| run.len() >= LEAST_RUN)
}

/// Bytes as UTF-8 and, where every second one is empty, as UTF-16.
fn readings(bytes: &[u8]) -> Vec<String> {
    let mut all: Vec<String> = String::from_utf8(bytes.to_vec()).into_iter().collect();
    let (mut low, mut high) = (0, 0);
    for pair in bytes.chunks_exact(2) {
        if let [a, b] = pair {
            low += usize::from(*b == 0);
            high += usize::from(*a == 0);
        }
    }
    let pairs = bytes.len() / 2;
    let wide = |order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes.chunks_exact(2).filter_map(|p| p.try_into().ok()).map(order).collect();
        String::from_utf16(&units).ok()
    };
    if pairs >= 2 && low * 2 > pairs {
        all.extend(wide(u16::from_le_bytes));
    } else if pairs >= 2 && high * 2 > pairs {
        all.extend(wide(u16::from_be_bytes));
    }
    all
}

/// Mostly letters, digits and punctuation.
fn is_text(reading: &str) -> bool {
    reading.chars().count() >= 3 && !reading.chars().any(|c| c.is_control() && c != '\n')
}

fn percent(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [a, b, after @ ..]) = (first, tail)
            && let [byte] = hexadecimal(&String::from_utf8_lossy(&[*a, *b])).as_slice()
        {
            out.push(*byte);
            rest = after;
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hexadecimal(run: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        run.chars().filter_map(|c| c.to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.chunks_exact(2).map(|p| p.iter().fold(0, |byte, d| byte << 4 | d)).collect()
}

/// Standard and URL alphabet, with or without padding.
fn base64(run: &str) -> Vec<u8> {
    let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for c in run.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.extend(u8::try_from(bits >> held & 0xff));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn reads_through_encodings() {
        for (bytes, hidden) in [
            (r#"{"a":"\u0068okusei"}"#, "hokusei"),
            (r#"{"a":{"hokusei":1}}"#, "hokusei"),
            ("path/%68%6f%6b%75%73%65%69", "path/hokusei"),
            ("x=686f6b75736569;", "hokusei"),
            ("aG9rdXNlaS1zdGVlbA==", "hokusei-steel"),
            ("aABvAGsAdQBzAGUAaQA=", "hokusei"),
            ("iesukoh", "hokusei"),
            (r#"[{"u":"http://a.example/YUc5cmRYTmxhUzF6ZEdWbGJBPT0"}]"#, "hokusei-steel"),
            ("xn--wgv71a119e.jp", "日本語"),
        ] {
            let layers = of(bytes.as_bytes());
            assert!(layers.iter().any(|l| l.contains(hidden)), "{bytes}: {layers:?}");
        }
    }
}
