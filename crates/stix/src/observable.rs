//! One machine-checkable fact about an attack: an address, a name, a hash.
//!
//! An [`Observable`] can only be made from text that really is one: the parser normalises (lower
//! case, punycode, canonical prefixes) so that equal facts are equal values, whoever reported them.

mod domain;
mod email;
mod hash;
mod parse;
mod rule;
mod web_url;

use std::fmt;

pub use domain::DomainName;
pub use email::EmailAddress;
pub use hash::{FileHash, HashAlgorithm};
use ipnet::{Ipv4Net, Ipv6Net};
pub use parse::BadObservable;
pub use rule::{Rule, RuleLanguage};
pub use web_url::WebUrl;

/// A typed indicator value. Build one with [`Observable::parse`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Observable {
    /// An IPv4 address (prefix length 32) or network.
    Ipv4(Ipv4Net),
    /// An IPv6 address (prefix length 128) or network.
    Ipv6(Ipv6Net),
    /// A registrable domain or a host below one, lower case, punycode.
    Domain(DomainName),
    /// An absolute http, https or ftp URL.
    Url(WebUrl),
    /// An e-mail address; the domain in lower case.
    Email(EmailAddress),
    /// The hash of a file.
    Hash(FileHash),
    /// A file name without its folder.
    FileName(String),
    /// A mutex name.
    Mutex(String),
    /// A Windows registry key, hive in its long form (`HKEY_LOCAL_MACHINE\...`).
    RegistryKey(String),
    /// A JA3 TLS client fingerprint: 32 lower-case hexadecimal digits.
    Ja3(String),
    /// A JA4 TLS client fingerprint, such as `t13d1516h2_8daaf6152771_b186095e22b6`.
    Ja4(String),
    /// A vulnerability, such as `CVE-2021-44228`.
    Cve(String),
    /// A detection rule, kept whole and opaque: never released without review.
    Rule(Rule),
}

/// The kind of an [`Observable`], as a stable machine name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is named after the value it stands for")]
pub enum Kind {
    Ipv4,
    Ipv6,
    Domain,
    Host,
    Url,
    Email,
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    FileName,
    Mutex,
    RegistryKey,
    Ja3,
    Ja4,
    Cve,
    Yara,
    Sigma,
    Suricata,
}

impl Kind {
    /// Every kind, in the order people expect them listed.
    pub const ALL: [Kind; 21] = [
        Kind::Ipv4,
        Kind::Ipv6,
        Kind::Domain,
        Kind::Host,
        Kind::Url,
        Kind::Email,
        Kind::Md5,
        Kind::Sha1,
        Kind::Sha224,
        Kind::Sha256,
        Kind::Sha384,
        Kind::Sha512,
        Kind::FileName,
        Kind::Mutex,
        Kind::RegistryKey,
        Kind::Ja3,
        Kind::Ja4,
        Kind::Cve,
        Kind::Yara,
        Kind::Sigma,
        Kind::Suricata,
    ];

    /// The stable machine name, such as `sha256` or `registry-key`: used in files, tables and APIs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Ipv4 => "ipv4",
            Kind::Ipv6 => "ipv6",
            Kind::Domain => "domain",
            Kind::Host => "host",
            Kind::Url => "url",
            Kind::Email => "email",
            Kind::Md5 => "md5",
            Kind::Sha1 => "sha1",
            Kind::Sha224 => "sha224",
            Kind::Sha256 => "sha256",
            Kind::Sha384 => "sha384",
            Kind::Sha512 => "sha512",
            Kind::FileName => "file-name",
            Kind::Mutex => "mutex",
            Kind::RegistryKey => "registry-key",
            Kind::Ja3 => "ja3",
            Kind::Ja4 => "ja4",
            Kind::Cve => "cve",
            Kind::Yara => "yara",
            Kind::Sigma => "sigma",
            Kind::Suricata => "suricata",
        }
    }

    /// The kind with this machine name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Observable {
    /// Which kind of fact this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Ipv4(_) => Kind::Ipv4,
            Self::Ipv6(_) => Kind::Ipv6,
            Self::Domain(d) if d.is_registrable() => Kind::Domain,
            Self::Domain(_) => Kind::Host,
            Self::Url(_) => Kind::Url,
            Self::Email(_) => Kind::Email,
            Self::Hash(h) => h.algorithm().kind(),
            Self::FileName(_) => Kind::FileName,
            Self::Mutex(_) => Kind::Mutex,
            Self::RegistryKey(_) => Kind::RegistryKey,
            Self::Ja3(_) => Kind::Ja3,
            Self::Ja4(_) => Kind::Ja4,
            Self::Cve(_) => Kind::Cve,
            Self::Rule(r) => r.language().kind(),
        }
    }

    /// The normalised value as people and tools write it: `198.51.100.7`, `198.51.100.0/24`,
    /// `c2.example.net`. [`Observable::parse`] of the kind and this text gives the same value back.
    pub fn value(&self) -> String {
        match self {
            Self::Ipv4(n) if n.prefix_len() == 32 => n.addr().to_string(),
            Self::Ipv4(n) => n.to_string(),
            Self::Ipv6(n) if n.prefix_len() == 128 => n.addr().to_string(),
            Self::Ipv6(n) => n.to_string(),
            Self::Domain(d) => d.as_str().to_owned(),
            Self::Url(u) => u.as_str().to_owned(),
            Self::Email(e) => e.as_str().to_owned(),
            Self::Hash(h) => h.as_str().to_owned(),
            Self::FileName(s)
            | Self::Mutex(s)
            | Self::RegistryKey(s)
            | Self::Ja3(s)
            | Self::Ja4(s)
            | Self::Cve(s) => s.clone(),
            Self::Rule(r) => r.text().to_owned(),
        }
    }
}
