//! What kinds of indicators are called.

use noroshi_stix::Kind;

use super::Speech;

/// The name of a kind for people. Names that are the same in every language stand here, the others
/// in the outlet's texts.
pub fn kind_label(kind: Kind, say: &Speech) -> String {
    match kind {
        Kind::Ipv4 => say.t("kind-ipv4"),
        Kind::Ipv6 => say.t("kind-ipv6"),
        Kind::Domain => say.t("kind-domain"),
        Kind::Host => say.t("kind-host"),
        Kind::Url => say.t("kind-url"),
        Kind::Email => say.t("kind-email"),
        Kind::FileName => say.t("kind-file-name"),
        Kind::Mutex => say.t("kind-mutex"),
        Kind::RegistryKey => say.t("kind-registry-key"),
        Kind::Cve => say.t("kind-cve"),
        Kind::Md5 => "MD5".to_owned(),
        Kind::Sha1 => "SHA-1".to_owned(),
        Kind::Sha224 => "SHA-224".to_owned(),
        Kind::Sha256 => "SHA-256".to_owned(),
        Kind::Sha384 => "SHA-384".to_owned(),
        Kind::Sha512 => "SHA-512".to_owned(),
        Kind::Ja3 => "JA3".to_owned(),
        Kind::Ja4 => "JA4".to_owned(),
        Kind::Yara => "YARA".to_owned(),
        Kind::Sigma => "Sigma".to_owned(),
        Kind::Suricata => "Suricata".to_owned(),
    }
}
