//! Mail addresses.

use super::DomainName;

/// A mail address in lower case: a local part of at most 64 bytes, `@`, a [`DomainName`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

/// Longest local part, in bytes (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_LEN: usize = 64;

impl EmailAddress {
    /// Reads `local@domain`. Quoted and non-ASCII local parts and address literals are refused, and
    /// dots at the ends of a local part or two in a row.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let domain = DomainName::parse(domain)?;
        let local_ok = local.len() <= MAX_LOCAL_LEN
            && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte));
        // Mail systems compare local parts without case in practice; equal senders must be equal.
        local_ok.then(|| Self {
            text: format!("{}@{}", local.to_ascii_lowercase(), domain.as_str()),
            at: local.len(),
        })
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before `@`.
    pub fn local_part(&self) -> &str {
        self.text.get(..self.at).unwrap_or_default()
    }

    /// The domain.
    pub fn domain(&self) -> Option<DomainName> {
        self.text.get(self.at + 1..).and_then(DomainName::parse)
    }
}

/// What RFC 5322 (section 3.2.3) calls `atext`.
fn is_atom_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_refuses() {
        let address = EmailAddress::parse("Spear+X@日本語.JP").unwrap();
        assert_eq!(address.as_str(), "spear+x@xn--wgv71a119e.jp");
        assert_eq!(address.local_part(), "spear+x");
        assert_eq!(address.domain(), DomainName::parse("xn--wgv71a119e.jp"));
        for text in [
            "",
            "a",
            "@a.com",
            "a@b",
            "a@",
            ".a@b.com",
            "a.@b.com",
            "a..b@b.com",
            "a b@b.com",
            "\"a\"@b.com",
            "a@b@c.com",
            "a@[198.51.100.7]",
            "あ@b.com",
        ] {
            assert_eq!(EmailAddress::parse(text), None, "{text}");
        }
    }
}
