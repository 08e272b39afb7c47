//! From an observable to the pattern that matches it.

use crate::Observable;

/// The STIX pattern that matches `observable`: `[ipv4-addr:value = '198.51.100.7']`.
///
/// Networks use `ISSUBSET`. STIX has no property for TLS fingerprints: JA3 and JA4 are written as
/// the custom properties `network-traffic:x_ja3` and `network-traffic:x_ja4`. A CVE is
/// `[vulnerability:name = '...']`, which only reads back here (a release of one is a vulnerability
/// object, not an indicator). A rule is its own text, in its own language.
pub fn pattern_of(observable: &Observable) -> String {
    let (path, operator) = match observable {
        Observable::Ipv4(n) => ("ipv4-addr:value", equal_or_subset(n.prefix_len() == 32)),
        Observable::Ipv6(n) => ("ipv6-addr:value", equal_or_subset(n.prefix_len() == 128)),
        Observable::Domain(_) => ("domain-name:value", "="),
        Observable::Url(_) => ("url:value", "="),
        Observable::Email(_) => ("email-addr:value", "="),
        Observable::Hash(h) => return hash_pattern(h.algorithm().stix_name(), h.as_str()),
        Observable::FileName(_) => ("file:name", "="),
        Observable::Mutex(_) => ("mutex:name", "="),
        Observable::RegistryKey(_) => ("windows-registry-key:key", "="),
        Observable::Ja3(_) => ("network-traffic:x_ja3", "="),
        Observable::Ja4(_) => ("network-traffic:x_ja4", "="),
        Observable::Cve(_) => ("vulnerability:name", "="),
        Observable::Rule(rule) => return rule.text().to_owned(),
    };
    format!("[{path} {operator} {}]", quoted(&observable.value()))
}

fn equal_or_subset(single: bool) -> &'static str {
    if single { "=" } else { "ISSUBSET" }
}

/// Only names with a hyphen need quotes in an object path.
fn hash_pattern(algorithm: &str, digest: &str) -> String {
    let step =
        if algorithm.contains('-') { format!("'{algorithm}'") } else { algorithm.to_owned() };
    format!("[file:hashes.{step} = {}]", quoted(digest))
}

/// `text` as a string literal of the pattern language.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        if matches!(c, '\'' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn each_kind_has_its_property() {
        let cases = [
            (Kind::Ipv4, "198.51.100.7", "[ipv4-addr:value = '198.51.100.7']"),
            (Kind::Ipv4, "198.51.100.0/24", "[ipv4-addr:value ISSUBSET '198.51.100.0/24']"),
            (Kind::Ipv6, "2001:db8::/32", "[ipv6-addr:value ISSUBSET '2001:db8::/32']"),
            (Kind::Host, "c2.example.net", "[domain-name:value = 'c2.example.net']"),
            (
                Kind::Md5,
                "d41d8cd98f00b204e9800998ecf8427e",
                "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
            ),
            (
                Kind::Sha1,
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "[file:hashes.'SHA-1' = 'da39a3ee5e6b4b0d3255bfef95601890afd80709']",
            ),
            (Kind::Mutex, r"Global\it's", r"[mutex:name = 'Global\\it\'s']"),
        ];
        for (kind, value, want) in cases {
            assert_eq!(pattern_of(&Observable::parse(kind, value).unwrap()), want);
        }
    }
}
