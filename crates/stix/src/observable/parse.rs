//! From text to an [`Observable`], strictly.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use super::{
    DomainName, EmailAddress, FileHash, HashAlgorithm, Kind, Observable, Rule, RuleLanguage, WebUrl,
};

/// Longest free-form value (file name, mutex, registry key) accepted, in bytes.
pub(super) const MAX_VALUE_LEN: usize = 1024;

/// The text is not a value of the kind it was said to be. The text itself is not repeated: it may be
/// somebody's secret, and errors end up in logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}; give the plain value, without quotes or defanging")]
pub struct BadObservable {
    /// What it was said to be.
    pub kind: Kind,
}

impl Observable {
    /// Reads `text` as a value of `kind` and normalises it. Nothing is refanged here: defanged
    /// text is read by `noroshi-intake`.
    ///
    /// A host given as a [`Kind::Domain`], or the other way round, is accepted: which it is follows
    /// from the public suffix list.
    ///
    /// # Errors
    /// [`BadObservable`] where the text is not such a value.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, BadObservable> {
        let text_or_rule = if is_rule(kind) { text } else { text.trim() };
        Self::try_parse(kind, text_or_rule).ok_or(BadObservable { kind })
    }

    fn try_parse(kind: Kind, text: &str) -> Option<Self> {
        match kind {
            Kind::Ipv4 => ipv4(text).map(Self::Ipv4),
            Kind::Ipv6 => ipv6(text),
            Kind::Domain | Kind::Host => DomainName::parse(text).map(Self::Domain),
            Kind::Url => WebUrl::parse(text).map(Self::Url),
            Kind::Email => EmailAddress::parse(text).map(Self::Email),
            Kind::Md5 => hash(text, HashAlgorithm::Md5),
            Kind::Sha1 => hash(text, HashAlgorithm::Sha1),
            Kind::Sha224 => hash(text, HashAlgorithm::Sha224),
            Kind::Sha256 => hash(text, HashAlgorithm::Sha256),
            Kind::Sha384 => hash(text, HashAlgorithm::Sha384),
            Kind::Sha512 => hash(text, HashAlgorithm::Sha512),
            Kind::FileName => file_name(text).map(Self::FileName),
            Kind::Mutex => plain(text).map(Self::Mutex),
            Kind::RegistryKey => registry_key(text).map(Self::RegistryKey),
            Kind::Ja3 => hash(text, HashAlgorithm::Md5).map(|o| Self::Ja3(o.value())),
            Kind::Ja4 => ja4(text).map(Self::Ja4),
            Kind::Cve => cve(text).map(Self::Cve),
            Kind::Yara => Rule::new(RuleLanguage::Yara, text).map(Self::Rule),
            Kind::Sigma => Rule::new(RuleLanguage::Sigma, text).map(Self::Rule),
            Kind::Suricata => Rule::new(RuleLanguage::Suricata, text).map(Self::Rule),
        }
    }
}

fn is_rule(kind: Kind) -> bool {
    matches!(kind, Kind::Yara | Kind::Sigma | Kind::Suricata)
}

fn ipv4(text: &str) -> Option<Ipv4Net> {
    match text.split_once('/') {
        Some(_) => text.parse::<Ipv4Net>().ok().map(|n| n.trunc()),
        None => text.parse::<Ipv4Addr>().ok().map(Ipv4Net::from),
    }
}

/// An IPv4 address in the clothes of IPv6 (`::ffff:198.51.100.7`) is that IPv4 address: the same
/// host, and no way around what is known of it.
fn ipv6(text: &str) -> Option<Observable> {
    let net = match text.split_once('/') {
        Some(_) => text.parse::<Ipv6Net>().ok()?.trunc(),
        None => text.parse::<Ipv6Addr>().ok().map(Ipv6Net::from)?,
    };
    let mapped = net.addr().to_ipv4_mapped().zip(net.prefix_len().checked_sub(MAPPED_PREFIX_LEN));
    match mapped {
        Some((addr, len)) => Ipv4Net::new(addr, len).ok().map(Observable::Ipv4),
        None => Some(Observable::Ipv6(net)),
    }
}

/// Length of the prefix `::ffff:0:0/96` of IPv4-mapped addresses.
const MAPPED_PREFIX_LEN: u8 = 96;

fn hash(text: &str, algorithm: HashAlgorithm) -> Option<Observable> {
    FileHash::parse(text).filter(|h| h.algorithm() == algorithm).map(Observable::Hash)
}

fn plain(text: &str) -> Option<String> {
    let ok = !text.is_empty() && text.len() <= MAX_VALUE_LEN && !text.chars().any(char::is_control);
    ok.then(|| text.to_owned())
}

fn file_name(text: &str) -> Option<String> {
    plain(text).filter(|n| !n.contains(['/', '\\']) && n != "." && n != "..")
}

fn registry_key(text: &str) -> Option<String> {
    const HIVES: [(&str, &str); 10] = [
        ("HKLM", "HKEY_LOCAL_MACHINE"),
        ("HKCU", "HKEY_CURRENT_USER"),
        ("HKCR", "HKEY_CLASSES_ROOT"),
        ("HKU", "HKEY_USERS"),
        ("HKCC", "HKEY_CURRENT_CONFIG"),
        ("HKEY_LOCAL_MACHINE", "HKEY_LOCAL_MACHINE"),
        ("HKEY_CURRENT_USER", "HKEY_CURRENT_USER"),
        ("HKEY_CLASSES_ROOT", "HKEY_CLASSES_ROOT"),
        ("HKEY_USERS", "HKEY_USERS"),
        ("HKEY_CURRENT_CONFIG", "HKEY_CURRENT_CONFIG"),
    ];
    let (hive, rest) = text.split_once('\\')?;
    let hive = hive.trim_end_matches(':');
    let (_, long) = HIVES.iter().find(|(short, _)| short.eq_ignore_ascii_case(hive))?;
    // `...\Run\` and `...\Run` are one key; a hive alone is no sign of anything.
    let rest = rest.trim_end_matches(|c: char| c == '\\' || c.is_whitespace());
    (!rest.is_empty()).then(|| format!("{long}\\{rest}")).and_then(|key| plain(&key))
}

/// JA4 as FoxIO writes it: protocol, TLS version, SNI, counts of ciphers and extensions, ALPN; then
/// twelve and twelve hexadecimal digits.
fn ja4(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split('_');
    let (head, ciphers, extensions) = (parts.next()?, parts.next()?, parts.next()?);
    let hex = |s: &str| s.len() == 12 && s.bytes().all(|c| c.is_ascii_hexdigit());
    let [protocol, v1, v2, sni, counts @ .., a1, a2] = head.as_bytes() else { return None };
    let ok = parts.next().is_none()
        && matches!(protocol, b't' | b'q' | b'd')
        && matches!(
            [*v1, *v2],
            [b'1', b'0'..=b'3'] | [b's', b'1'..=b'3'] | [b'd', b'1'..=b'3'] | [b'0', b'0']
        )
        && matches!(sni, b'd' | b'i')
        && counts.len() == 4
        && counts.iter().all(u8::is_ascii_digit)
        && a1.is_ascii_alphanumeric()
        && a2.is_ascii_alphanumeric();
    (ok && hex(ciphers) && hex(extensions)).then_some(lower)
}

/// The first year of the CVE list; earlier ones are fillers such as `CVE-0000-0000`.
const FIRST_CVE_YEAR: u16 = 1999;

fn cve(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let (year, number) = upper.strip_prefix("CVE-")?.split_once('-')?;
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let ok = year.len() == 4
        && (4..=19).contains(&number.len())
        && digits(year)
        && digits(number)
        && year.parse::<u16>().is_ok_and(|y| y >= FIRST_CVE_YEAR);
    ok.then(|| upper.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_a_round_trip() {
        let cases = [
            (Kind::Ipv4, "198.51.100.7", "198.51.100.7"),
            (Kind::Ipv4, "198.51.100.7/24", "198.51.100.0/24"),
            (Kind::Ipv6, "2001:DB8::1", "2001:db8::1"),
            (Kind::Domain, "Example.COM.", "example.com"),
            (Kind::Host, "日本語.jp", "xn--wgv71a119e.jp"),
            (
                Kind::Url,
                "HTTP://Evil.example.com/a b?x=1#frag",
                "http://evil.example.com/a%20b?x=1",
            ),
            (Kind::Email, "Spear@Evil.example.com", "spear@evil.example.com"),
            (Kind::Md5, "D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e"),
            (Kind::Ipv6, "::ffff:198.51.100.7", "198.51.100.7"),
            (Kind::Ipv6, "::ffff:198.51.100.7/120", "198.51.100.0/24"),
            (Kind::RegistryKey, r"hklm\Software\Run", r"HKEY_LOCAL_MACHINE\Software\Run"),
            (Kind::RegistryKey, r"HKCU:\Software\Run \", r"HKEY_CURRENT_USER\Software\Run"),
            (Kind::Cve, "cve-2021-44228", "CVE-2021-44228"),
            (
                Kind::Ja4,
                "t13d1516h2_8daaf6152771_b186095e22b6",
                "t13d1516h2_8daaf6152771_b186095e22b6",
            ),
        ];
        for (kind, given, want) in cases {
            let o = Observable::parse(kind, given).unwrap();
            assert_eq!(o.value(), want);
            assert_eq!(Observable::parse(o.kind(), &o.value()).unwrap(), o);
        }
    }

    #[test]
    fn refuses_what_is_not_of_the_kind() {
        let cases = [
            (Kind::Ipv4, "256.1.1.1"),
            (Kind::Ipv4, "1.2.3"),
            (Kind::Domain, "198.51.100.7"),
            (Kind::Domain, "localhost"),
            (Kind::Domain, "-a.com"),
            (Kind::Url, "javascript:alert(1)"),
            (Kind::Url, "http:///x"),
            (Kind::Email, "a@b"),
            (Kind::Sha256, "00"),
            (Kind::Md5, "00000000000000000000000000000000"),
            (Kind::FileName, "../x"),
            (Kind::Cve, "CVE-21-1"),
            (Kind::Cve, "CVE-0000-0000"),
            (Kind::Ja4, "t13d1516h2_8daaf6152771_b186095e22b6_"),
            (Kind::Ja4, "t99d1516h2_8daaf6152771_b186095e22b6"),
            (Kind::RegistryKey, r"HKLM\\"),
            (Kind::RegistryKey, r"C:\Windows"),
            (Kind::Ipv4, "010.1.1.1"),
            (Kind::Ipv4, "198.51.100.7/33"),
            (Kind::Ipv6, "fe80::1%eth0"),
            (Kind::Mutex, "a\nb"),
        ];
        for (kind, text) in cases {
            assert!(Observable::parse(kind, text).is_err(), "{kind} {text}");
        }
    }
}
