//! MISP attributes: which of their types carry a value of ours.
//!
//! The table follows the types MISP itself describes (`/attributes/describeTypes`). Composite types
//! (`filename|sha256`) are read part by part.

use crate::pattern::observables_in_pattern;
use crate::property::observable_of;
use crate::reading::{AttributeYield, SkipReason, Skipped};
use crate::{Found, Kind, Observable};

/// The observables of one MISP attribute, and why the rest of it gives none.
pub fn observables_in_attribute(misp_type: &str, value: &str) -> AttributeYield {
    let mut out = AttributeYield::default();
    match meaning(misp_type) {
        Meaning::Value(kind) => one(&mut out, misp_type, kind, value),
        Meaning::Pattern => pattern(&mut out, misp_type, value),
        Meaning::Skip(reason) => out.skipped.push(Skipped::new(misp_type, reason, value)),
        Meaning::Composite => composite(&mut out, misp_type, value),
    }
    out
}

enum Meaning {
    Value(Kind),
    Pattern,
    Composite,
    Skip(SkipReason),
}

fn meaning(misp_type: &str) -> Meaning {
    Meaning::Value(match misp_type {
        // MISP writes both families into both types; which it is follows from the value.
        "ip-src" | "ip-dst" | "ip" => Kind::Ipv4,
        "domain" | "onion-address" => Kind::Domain,
        "hostname" => Kind::Host,
        "url" | "uri" => Kind::Url,
        "email" | "email-src" | "email-reply-to" | "dns-soa-email" | "whois-registrant-email" => {
            Kind::Email
        }
        "md5" => Kind::Md5,
        "sha1" => Kind::Sha1,
        "sha224" => Kind::Sha224,
        "sha256" => Kind::Sha256,
        "sha384" => Kind::Sha384,
        "sha512" => Kind::Sha512,
        "filename" | "email-attachment" => Kind::FileName,
        "mutex" => Kind::Mutex,
        "regkey" => Kind::RegistryKey,
        "ja3-fingerprint-md5" => Kind::Ja3,
        "ja4" | "ja4-fingerprint" => Kind::Ja4,
        "vulnerability" => Kind::Cve,
        "yara" => Kind::Yara,
        "sigma" => Kind::Sigma,
        "snort" => Kind::Suricata,
        "stix2-pattern" => return Meaning::Pattern,
        "email-dst" => return Meaning::Skip(SkipReason::Recipient),
        t if t.starts_with("target-") => return Meaning::Skip(SkipReason::Target),
        t if t.contains('|') || t == "malware-sample" => return Meaning::Composite,
        _ => return Meaning::Skip(SkipReason::UnsupportedProperty),
    })
}

fn one(out: &mut AttributeYield, misp_type: &str, kind: Kind, value: &str) {
    let read = match kind {
        // Types for foreign algorithms have names of their own, so a hash is what its type says.
        Kind::Md5 | Kind::Sha1 | Kind::Sha224 | Kind::Sha256 | Kind::Sha384 | Kind::Sha512 => {
            Observable::parse(kind, value).map_err(|_| SkipReason::NotAValue(kind))
        }
        _ => observable_of(kind, value),
    };
    match read {
        Ok(observable) => out.found.push(observable),
        Err(reason) => out.skipped.push(Skipped::new(misp_type, reason, value)),
    }
}

/// A pair: the parts of the type and of the value stand in the same order.
fn composite(out: &mut AttributeYield, misp_type: &str, value: &str) {
    let (left_type, right_type) = match misp_type {
        "malware-sample" => ("filename", "md5"),
        _ => misp_type.split_once('|').unwrap_or((misp_type, "")),
    };
    // File names may contain the bar, hashes never do; registry values may, their keys never do.
    let parts = match left_type {
        "filename" => value.rsplit_once('|'),
        _ => value.split_once('|'),
    };
    let (left, right) = match (parts, right_type) {
        (Some((left, right)), _) => (left, Some(right)),
        // MISP also accepts `address:port`, which the address reader understands.
        (None, _) => (value, None),
    };
    for (part_type, part) in [(left_type, Some(left)), (right_type, right)] {
        let path = format!("{misp_type}: {part_type}");
        match (meaning(part_type), part) {
            (Meaning::Value(kind), Some(part)) => one(out, &path, kind, part),
            // A port or a registry value alone is nothing to block: passed over without a word.
            _ if matches!(part_type, "port" | "value") => (),
            (Meaning::Value(kind), None) => {
                out.skipped.push(Skipped::new(&path, SkipReason::NotAValue(kind), ""));
            }
            (Meaning::Skip(reason), part) => {
                out.skipped.push(Skipped::new(&path, reason, part.unwrap_or_default()));
            }
            (Meaning::Pattern | Meaning::Composite, part) => {
                let text = part.unwrap_or_default();
                out.skipped.push(Skipped::new(&path, SkipReason::UnsupportedProperty, text));
            }
        }
    }
}

fn pattern(out: &mut AttributeYield, misp_type: &str, value: &str) {
    let found = match observables_in_pattern(value) {
        Ok(found) => found,
        Err(error) => {
            return out.skipped.push(Skipped::new(misp_type, SkipReason::BadPattern(error), value));
        }
    };
    for part in found {
        match part {
            Found::Observable(observable) => out.found.push(observable),
            Found::Skipped(skipped) => out.skipped.push(skipped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";
    const SHA256: &str = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f";

    fn read(misp_type: &str, value: &str) -> String {
        let out = observables_in_attribute(misp_type, value);
        let found = out.found.iter().map(|o| format!("{} {}", o.kind(), o.value()));
        let skipped = out.skipped.iter().map(|s| format!("- {} {}", s.path, s.reason.code()));
        found.chain(skipped).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn single_values() {
        for (misp_type, value, want) in [
            ("ip-dst", "198.51.100.7", "ipv4 198.51.100.7"),
            ("ip-src", "2001:db8::1", "ipv6 2001:db8::1"),
            ("ip-src", "198.51.100.0/24", "ipv4 198.51.100.0/24"),
            ("domain", "example.net", "domain example.net"),
            ("hostname", "c2.example.net", "host c2.example.net"),
            ("url", "http://example.net/a", "url http://example.net/a"),
            ("uri", "/gate.php", "- uri not-a-value"),
            ("email-src", "a@example.net", "email a@example.net"),
            ("filename", r"%APPDATA%\x\a.exe", "file-name a.exe"),
            ("vulnerability", "CVE-2021-44228", "cve CVE-2021-44228"),
            ("mutex", r"Global\a", r"mutex Global\a"),
            ("regkey", r"HKLM\Software\a", r"registry-key HKEY_LOCAL_MACHINE\Software\a"),
            ("yara", "rule a {}", "yara rule a {}"),
            (
                "snort",
                "alert tcp any any -> any any (sid:1;)",
                "suricata alert tcp any any -> any any (sid:1;)",
            ),
            (
                "ja3-fingerprint-md5",
                "e7d705a3286e19ea42f587b344ee6865",
                "ja3 e7d705a3286e19ea42f587b344ee6865",
            ),
            ("stix2-pattern", "[domain-name:value = 'a.example.net']", "host a.example.net"),
            ("sha256", MD5, "- sha256 not-a-value"),
            ("imphash", MD5, "- imphash unsupported-property"),
            ("email-dst", "victim@example.org", "- email-dst recipient"),
            ("target-user", "taro", "- target-user target"),
            ("", "x", "-  unsupported-property"),
        ] {
            assert_eq!(read(misp_type, value), want);
        }
    }

    #[test]
    fn composites_give_each_part() {
        for (misp_type, value, want) in [
            ("filename|md5", format!("a|b.exe|{MD5}"), format!("file-name a|b.exe, md5 {MD5}")),
            ("malware-sample", format!("b.exe|{MD5}"), format!("file-name b.exe, md5 {MD5}")),
            ("filename|sha256", format!("x|{SHA256}"), format!("file-name x, sha256 {SHA256}")),
            (
                "filename|imphash",
                format!("x|{MD5}"),
                "file-name x, - filename|imphash: imphash unsupported-property".into(),
            ),
            (
                "domain|ip",
                "example.net|2001:db8::1".into(),
                "domain example.net, ipv6 2001:db8::1".into(),
            ),
            ("ip-dst|port", "198.51.100.7|443".into(), "ipv4 198.51.100.7".into()),
            ("ip-dst|port", "198.51.100.7:443".into(), "ipv4 198.51.100.7".into()),
            ("hostname|port", "c2.example.net|443".into(), "host c2.example.net".into()),
            (
                "regkey|value",
                r"HKCU\Run\a|b|c".into(),
                r"registry-key HKEY_CURRENT_USER\Run\a".into(),
            ),
            (
                "domain|ip",
                "example.net".into(),
                "domain example.net, - domain|ip: ip not-a-value".into(),
            ),
        ] {
            assert_eq!(read(misp_type, &value), want);
        }
    }
}
