//! Which property of a cyber observable carries which kind of value: the one table behind patterns,
//! STIX 2.1 observables and STIX 2.0 observed data.

use crate::{FileHash, HashAlgorithm, Kind, Observable, SkipReason};

/// The observable that `text` is as the property `keys` of an object of this type. `keys` are the
/// names on the object path, list positions left out.
pub(crate) fn observable_at(
    object_type: &str,
    keys: &[&str],
    text: &str,
) -> Result<Observable, SkipReason> {
    let kind = match (object_type, keys) {
        ("email-message", ["to_refs" | "cc_refs" | "bcc_refs", ..]) => {
            return Err(SkipReason::Recipient);
        }
        ("ipv4-addr", ["value"]) => Kind::Ipv4,
        ("ipv6-addr", ["value"]) => Kind::Ipv6,
        ("domain-name", ["value"]) => Kind::Domain,
        ("url", ["value"]) => Kind::Url,
        ("email-addr", ["value"]) => Kind::Email,
        ("email-message", ["from_ref" | "sender_ref", "value"]) => Kind::Email,
        ("domain-name", ["resolves_to_refs", "value"]) => Kind::Ipv4,
        ("network-traffic", ["src_ref" | "dst_ref", "value"]) => Kind::Ipv4,
        ("network-traffic", ["x_ja3"]) => Kind::Ja3,
        ("network-traffic", ["x_ja4"]) => Kind::Ja4,
        ("mutex", ["name"]) => Kind::Mutex,
        ("windows-registry-key", ["key"]) => Kind::RegistryKey,
        ("vulnerability", ["name"]) => Kind::Cve,
        ("file", ["name"]) => Kind::FileName,
        ("process", ["image_ref" | "binary_ref", "name"]) => Kind::FileName,
        ("email-message", ["body_multipart", "body_raw_ref", "name"]) => Kind::FileName,
        ("file" | "artifact", ["hashes", algorithm])
        | ("process", ["image_ref" | "binary_ref", "hashes", algorithm])
        | ("email-message", ["body_multipart", "body_raw_ref", "hashes", algorithm]) => {
            return hash_at(algorithm, text);
        }
        _ => return Err(SkipReason::UnsupportedProperty),
    };
    observable_of(kind, text)
}

/// `text` as a value of `kind`, read as feeds write them: a network value is what it is, whatever it
/// was called (an address filed as a domain name is an address), and a file name may come with its
/// folder, which is cut off because folders carry user names.
pub(crate) fn observable_of(kind: Kind, text: &str) -> Result<Observable, SkipReason> {
    let network = matches!(
        kind,
        Kind::Ipv4 | Kind::Ipv6 | Kind::Domain | Kind::Host | Kind::Url | Kind::Email
    );
    let read = match kind {
        _ if network => network_value(text),
        Kind::FileName => Observable::parse(kind, base_name(text)).ok(),
        _ => Observable::parse(kind, text).ok(),
    };
    read.ok_or(SkipReason::NotAValue(kind))
}

/// The network value `text` is: an address or network, a URL, a mail address, a name. A port after
/// an address or a name is cut off; a URL without a scheme is taken as `http`.
pub(crate) fn network_value(text: &str) -> Option<Observable> {
    let text = text.trim();
    let parse = |kind, text: &str| Observable::parse(kind, text).ok();
    let address = |text: &str| parse(Kind::Ipv4, text).or_else(|| parse(Kind::Ipv6, text));
    if let Some(found) = address(text) {
        return Some(found);
    }
    if let Some(inner) = text.strip_prefix('[') {
        let (inner, port) = inner.split_once(']')?;
        let portless = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return if portless { parse(Kind::Ipv6, inner) } else { None };
    }
    if text.contains("://") {
        return parse(Kind::Url, text);
    }
    let slash = text.find('/');
    if slash.is_none() && text.contains('@') {
        return parse(Kind::Email, text);
    }
    if let Some(slash) = slash {
        let host = text.get(..slash).unwrap_or_default();
        // `/24` after something that is no address, or a path alone, is not a URL.
        let host = host.rsplit_once(':').filter(|(_, p)| is_port(p)).map_or(host, |(h, _)| h);
        let is_host = address(host).is_some()
            || parse(Kind::Host, host).is_some_and(|o| match o {
                Observable::Domain(d) => d.has_known_suffix(),
                _ => false,
            });
        return if is_host { parse(Kind::Url, &format!("http://{text}")) } else { None };
    }
    let host = text.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(text, |(h, _)| h);
    parse(Kind::Ipv4, host).or_else(|| parse(Kind::Domain, host))
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|_| text.bytes().all(|b| b.is_ascii_digit()))
}

/// A hash filed under the name of an algorithm. Which of ours it is follows from its length: feeds
/// mix the names up. Algorithms not ours may share a length with one that is, so the name has to be
/// one of ours.
fn hash_at(algorithm: &str, text: &str) -> Result<Observable, SkipReason> {
    let named = HashAlgorithm::from_name(algorithm).ok_or(SkipReason::UnsupportedProperty)?;
    FileHash::parse(text.trim()).map(Observable::Hash).ok_or(SkipReason::NotAValue(named.kind()))
}

fn base_name(path: &str) -> &str {
    path.trim().rsplit(['/', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_values_are_what_they_are() {
        for (text, want) in [
            ("176.223.111.131", Some((Kind::Ipv4, "176.223.111.131"))),
            ("198.51.100.7:8080", Some((Kind::Ipv4, "198.51.100.7"))),
            ("198.51.100.0/24", Some((Kind::Ipv4, "198.51.100.0/24"))),
            ("2001:db8::1", Some((Kind::Ipv6, "2001:db8::1"))),
            ("[2001:db8::1]:443", Some((Kind::Ipv6, "2001:db8::1"))),
            ("c2.example.net:443", Some((Kind::Host, "c2.example.net"))),
            ("example.net/a?b", Some((Kind::Url, "http://example.net/a?b"))),
            ("198.51.100.7/a", Some((Kind::Url, "http://198.51.100.7/a"))),
            ("https://example.net/a@b", Some((Kind::Url, "https://example.net/a@b"))),
            ("a@example.net", Some((Kind::Email, "a@example.net"))),
            ("/a/b.php", None),
            ("a/b.php", None),
            ("index.php/24", None),
            ("[2001:db8::1", None),
            ("example.net:99999", None),
            ("", None),
        ] {
            let got = network_value(text);
            assert_eq!(
                got.as_ref().map(|o| (o.kind(), o.value())),
                want.map(|(k, v)| (k, v.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn hashes_go_by_length_under_a_name_of_ours() {
        let sha256 = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f";
        assert!(hash_at("MD5", sha256).is_ok_and(|o| o.kind() == Kind::Sha256));
        assert_eq!(hash_at("SHA3-256", sha256), Err(SkipReason::UnsupportedProperty));
        assert_eq!(hash_at("MD5", "xyz"), Err(SkipReason::NotAValue(Kind::Md5)));
    }
}
