//! Domain names.

use std::net::Ipv4Addr;

/// A fully qualified domain name in lower-case ASCII (punycode), at most 253 bytes, at least two
/// labels, without the final dot, whose top-level label could be one (letters or punycode).
///
/// Underscores are allowed anywhere in a label: names like `_dmarc.example.com` and hosts of dynamic
/// DNS services have them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

/// Longest name, in bytes (RFC 1035, section 2.3.4, less the root label).
const MAX_NAME_LEN: usize = 253;

/// Longest label, in bytes.
const MAX_LABEL_LEN: usize = 63;

/// Longest text looked at, in bytes: Unicode takes more bytes than its punycode.
const MAX_TEXT_LEN: usize = 1_000;

impl DomainName {
    /// Reads a name in any case, in Unicode or punycode, with or without the final dot. IPv4
    /// addresses in any writing a resolver takes (`10.1`, `0x7f.0.0.1`) are not names.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.is_empty() || text.len() > MAX_TEXT_LEN || text.parse::<Ipv4Addr>().is_ok() {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        // UTS 46 is needed for Unicode, and to check punycode; plain ASCII passes without.
        let ascii = if lower.bytes().all(is_name_byte) && !lower.contains("xn--") {
            lower
        } else {
            idna::domain_to_ascii(text).ok()?
        };
        let top = ascii.rsplit('.').next()?;
        let ok = ascii.contains('.')
            && ascii.len() <= MAX_NAME_LEN
            && ascii.split('.').all(is_label)
            && is_top_label(top);
        ok.then_some(Self(ascii))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part one registers: `c2.example.co.jp` gives `example.co.jp`. `None` for a public suffix.
    pub fn registrable(&self) -> Option<&str> {
        psl::domain_str(&self.0)
    }

    /// Whether the name itself is registrable, not a host below one.
    pub fn is_registrable(&self) -> bool {
        self.registrable() == Some(self.as_str())
    }

    /// Whether strangers register names directly below this one (`co.jp`, `github.io`): blocking it
    /// would block them all.
    pub fn is_public_suffix(&self) -> bool {
        self.has_known_suffix() && self.registrable().is_none()
    }

    /// Whether the top-level domain is a real one (on the public suffix list).
    pub fn has_known_suffix(&self) -> bool {
        psl::suffix(self.0.as_bytes()).is_some_and(|s| s.is_known())
    }

    /// Whether this name is `other` or lies below it.
    pub fn is_within(&self, other: &DomainName) -> bool {
        self.0 == other.0
            || self.0.strip_suffix(other.as_str()).is_some_and(|rest| rest.ends_with('.'))
    }
}

fn is_name_byte(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.')
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL_LEN).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| is_name_byte(b) && b != b'.')
}

fn is_top_label(label: &str) -> bool {
    label.len() >= 2 && (label.starts_with("xn--") || label.bytes().all(|b| b.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_as_people_write_them() {
        for (text, want) in [
            ("Example.COM.", "example.com"),
            ("日本語.JP", "xn--wgv71a119e.jp"),
            ("ＥＸＡＭＰＬＥ。ｃｏｍ", "example.com"),
            ("xn--wgv71a119e.jp", "xn--wgv71a119e.jp"),
            ("_dmarc.example.com", "_dmarc.example.com"),
            ("a_b.3322.org", "a_b.3322.org"),
            ("r3---sn-abc.example.com", "r3---sn-abc.example.com"),
            ("faß.example", "xn--fa-hia.example"),
        ] {
            let name = DomainName::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(name.as_str(), want);
        }
    }

    #[test]
    fn refuses_what_is_no_name() {
        let long_label = format!("{}.com", "a".repeat(64));
        let long_name = format!("{}com", "abcdefg.".repeat(32));
        for text in [
            "",
            ".",
            "localhost",
            "a..b.com",
            "-a.com",
            "a-.com",
            "a b.com",
            "1.2.3.4",
            "10.1",
            "0x7f.0.0.1",
            "a.b.c.4",
            "v1.0.0",
            "xn--a.com",
            "a.xn--",
            "example.com:80",
            "example.com/",
            "*.example.com",
            "ex\u{0}ample.com",
            "example.com..",
            &long_label,
            &long_name,
        ] {
            assert_eq!(DomainName::parse(text), None, "{text}");
        }
    }

    #[test]
    fn knows_what_can_be_registered() {
        let name = |s| DomainName::parse(s).unwrap();
        assert_eq!(name("c2.example.co.jp").registrable(), Some("example.co.jp"));
        assert!(name("example.co.jp").is_registrable());
        assert!(name("co.jp").is_public_suffix() && name("github.io").is_public_suffix());
        assert!(!name("dc01.corp").is_public_suffix() && !name("dc01.corp").has_known_suffix());
        assert!(name("a.example.com").is_within(&name("example.com")));
        assert!(!name("badexample.com").is_within(&name("example.com")));
    }
}
