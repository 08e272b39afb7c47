//! Names on the network: domains, URLs, mail addresses.

use std::net::Ipv4Addr;

/// A fully qualified domain name in lower-case ASCII (punycode), at most 253 bytes, without the
/// final dot, whose top-level label is on the public suffix list or has at least two letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

impl DomainName {
    /// Reads a name in any case, in Unicode or punycode, with or without the final dot.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.is_empty() || text.len() > 1000 || text.parse::<Ipv4Addr>().is_ok() {
            return None;
        }
        let plain =
            text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
        let ascii = if plain && !text.to_ascii_lowercase().contains("xn--") {
            text.to_ascii_lowercase()
        } else {
            idna::domain_to_ascii(text).ok()?
        };
        let labels_ok = ascii.split('.').all(|l| {
            (1..=63).contains(&l.len())
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.bytes().all(|b| {
                    b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_')
                })
        });
        let top = ascii.rsplit('.').next()?;
        let top_ok = top.len() >= 2
            && (top.starts_with("xn--") || top.bytes().all(|b| b.is_ascii_lowercase()));
        (labels_ok && top_ok && ascii.contains('.') && ascii.len() <= 253).then_some(Self(ascii))
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

/// An absolute `http`, `https` or `ftp` URL with a host, normalised as WHATWG URL does, without
/// user information and fragment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebUrl(url::Url);

/// Longest URL accepted, in bytes.
pub(super) const MAX_URL_LEN: usize = 8 * 1024;

impl WebUrl {
    /// Reads an absolute URL; `None` for other schemes, no host, or more than 8 KiB.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_URL_LEN {
            return None;
        }
        let mut url = url::Url::parse(text.trim()).ok()?;
        if !matches!(url.scheme(), "http" | "https" | "ftp") {
            return None;
        }
        match url.host()? {
            url::Host::Domain(d) => {
                DomainName::parse(d)?;
            }
            url::Host::Ipv4(_) | url::Host::Ipv6(_) => {}
        }
        // Credentials in a URL are somebody's; a fragment never reaches a server.
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        url.set_fragment(None);
        Some(Self(url))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host where it is a name.
    pub fn domain(&self) -> Option<DomainName> {
        self.0.domain().and_then(DomainName::parse)
    }

    /// The host, name or address, as text.
    pub fn host_str(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The parsed URL.
    pub fn as_url(&self) -> &url::Url {
        &self.0
    }
}

/// A mail address: local part as given (at most 64 bytes), `@`, a [`DomainName`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

impl EmailAddress {
    /// Reads `local@domain`; quoted local parts and address literals are refused.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let domain = DomainName::parse(domain)?;
        let local_ok = (1..=64).contains(&local.len())
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b));
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
