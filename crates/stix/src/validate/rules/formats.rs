//! Values whose form the specification gives: addresses, registry keys, CPE names, countries.
//!
//! Not looked up, because the lists change: media types, character sets, names of protocols.
//! Only their form is looked at.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Type, property, whether breaking it is an error, the form, and what tells it.
type Format = (&'static str, &'static str, bool, &'static str, fn(&str) -> bool);

const FORMATS: [Format; 12] = [
    ("domain-name", "value", true, "RFC 1034, RFC 5890", is_domain_name),
    ("ipv4-addr", "value", true, "CIDR", is_ipv4),
    ("ipv6-addr", "value", true, "CIDR", is_ipv6),
    ("mac-addr", "value", true, "00:00:5e:00:53:af", is_mac),
    ("email-addr", "value", true, "user@example.com", is_mail_address),
    ("url", "value", true, "RFC 3986", is_url),
    ("windows-registry-key", "key", true, "HKEY_LOCAL_MACHINE\\...", has_long_hive),
    ("software", "cpe", true, "CPE 2.3", is_cpe),
    ("artifact", "mime_type", true, "type/subtype", is_media_type),
    ("directory", "path_enc", true, "UTF-8", is_character_set),
    ("file", "name_enc", true, "UTF-8", is_character_set),
    ("location", "country", false, "ISO 3166-1", is_country),
];

/// Every format of the object's type; values that were defanged have none.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    if subject.members.get("defanged") == Some(&Value::Bool(true)) {
        return;
    }
    for (object_type, property, is_error, form, formed) in FORMATS {
        if subject.object_type != object_type {
            continue;
        }
        let Some(text) = subject.members.get(property).and_then(Value::as_str) else { continue };
        if formed(text) {
            continue;
        }
        let message = format!("the value has not the form it has to have: {form}");
        if is_error {
            out.error_naming(form, "bad-value", property, message);
        } else {
            out.warning_naming(form, "bad-value", property, message);
        }
    }
}

fn split_prefix(text: &str, longest: u8) -> Option<&str> {
    match text.split_once('/') {
        None => Some(text),
        Some((address, prefix)) => {
            let digits = (1..=3).contains(&prefix.len()) && is_digits(prefix);
            let formed = digits && (prefix == "0" || !prefix.starts_with('0'));
            let inside = prefix.parse::<u8>().is_ok_and(|n| n <= longest);
            (formed && inside).then_some(address)
        }
    }
}

fn is_ipv4(text: &str) -> bool {
    split_prefix(text, 32).is_some_and(|address| address.parse::<Ipv4Addr>().is_ok())
}

fn is_ipv6(text: &str) -> bool {
    split_prefix(text, 128).is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
}

fn is_mac(text: &str) -> bool {
    let hex = |b: u8| b.is_ascii_digit() || matches!(b, b'a'..=b'f');
    text.len() == 17 && text.split(':').all(|part| part.len() == 2 && part.bytes().all(hex))
}

/// A local part and a domain, no display name (RFC 5322, addr-spec).
fn is_mail_address(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        let bare = |c: char| c.is_control() || matches!(c, '<' | '>' | ' ' | '@');
        !local.is_empty()
            && !domain.is_empty()
            && (local.starts_with('"') || !local.contains(bare))
            && !domain.contains(bare)
    })
}

/// A scheme, and no character a URL has to escape.
fn is_url(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(plain)
        && text.len() > scheme.len() + 1
        && !text
            .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"'))
}

/// Registry keys begin with their hive, in full.
fn has_long_hive(text: &str) -> bool {
    let hive = text.split('\\').next().unwrap_or_default();
    !["HKLM", "HKCC", "HKCR", "HKCU", "HKU"].iter().any(|short| hive.eq_ignore_ascii_case(short))
}

/// `cpe:2.3:` and eleven parts; a colon inside a part is escaped.
fn is_cpe(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("cpe:2.3:") else { return false };
    let (mut parts, mut len, mut escaped) = (1, 0, false);
    for c in rest.chars() {
        match c {
            ':' if !escaped && len > 0 => (parts, len) = (parts + 1, 0),
            ':' if !escaped => return false,
            c if c.is_whitespace() => return false,
            _ => len += 1,
        }
        escaped = c == '\\' && !escaped;
    }
    parts == 11 && len > 0
}

/// Labels of at most 63 characters, in ASCII or not. Names of services have underscores.
fn is_domain_name(text: &str) -> bool {
    let formed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii();
    let name = text.strip_suffix('.').unwrap_or(text);
    text.len() <= 1_000
        && name.split('.').all(|label| {
            (1..=63).contains(&label.chars().count())
                && label.chars().all(formed)
                && !label.contains(|c: char| c.is_whitespace() || c.is_control())
        })
}

fn is_character_set(text: &str) -> bool {
    let formed = |b: u8| b.is_ascii_alphanumeric() || b"-_.:+()".contains(&b);
    (2..=250).contains(&text.len()) && text.bytes().all(formed)
}

fn is_media_type(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b);
    text.split_once('/').is_some_and(|(kind, name)| {
        [kind, name].iter().all(|part| !part.is_empty() && part.bytes().all(plain))
    })
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        type Case = (fn(&str) -> bool, &'static [&'static str], &'static [&'static str]);
        let cases: [Case; 10] = [
            (
                is_domain_name,
                &["example.com", "_dmarc.example.com.", "例え.jp"],
                &["", ".", "a..b", "a b", "a/b", "example.com:80"],
            ),
            (is_character_set, &["UTF-8", "Shift_JIS", "ISO_8859-1:1987"], &["", "a b"]),
            (
                is_ipv4,
                &["198.51.100.7", "0.0.0.0/0"],
                &["198.51.100", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/+1", "1.2.3.4/08", "::1"],
            ),
            (
                is_ipv6,
                &["2001:db8::1", "::/0", "::ffff:1.2.3.4/128"],
                &["2001:db8", "::1/129", "fe80::1%eth0"],
            ),
            (
                is_mac,
                &["d2:fb:49:24:37:18"],
                &["D2:fb:49:24:37:18", "d2-fb-49-24-37-18", "d2:fb:49:24:37"],
            ),
            (
                is_mail_address,
                &["a@example.com", "\"a b\"@example.com"],
                &["A <a@example.com>", "a", "@example.com", "a@"],
            ),
            (
                is_url,
                &["https://example.com/?a=b", "urn:a:b"],
                &["example.com", "http:", "http://a b/"],
            ),
            (has_long_hive, &["HKEY_LOCAL_MACHINE\\a", "a"], &["HKLM\\a", "hku"]),
            (
                is_cpe,
                &[
                    "cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*",
                    "cpe:2.3:a:x:a\\:b:1:*:*:*:*:*:*:*",
                ],
                &["cpe:/a:microsoft:word:2000", "cpe:2.3:a:b", ""],
            ),
            (is_media_type, &["image/svg+xml"], &["jpeg", "image/", "a/b/c"]),
        ];
        for (formed, good, bad) in cases {
            good.iter().for_each(|text| assert!(formed(text), "{text}"));
            bad.iter().for_each(|text| assert!(!formed(text), "{text}"));
        }
        assert!(is_country("JP") && !is_country("jp") && !is_country("Japan"));
    }
}
