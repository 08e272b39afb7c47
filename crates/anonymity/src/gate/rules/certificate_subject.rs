//! Subjects of certificates and names of directories.

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Distinguished names (`CN=fs01, O=Kaku Heavy, C=JP`, `/C=JP/O=Kaku`, `OU=Finance,DC=kaku`) and
/// alternative names (`DNS:fs01`), written in file names, mutexes, registry keys, rules and URLs.
///
/// A certificate of the attacker is told by its fingerprint. Its subject is free text, and where
/// the certificate was stolen or is the victim's own it is a name.
pub(super) struct CertificateSubject;

static TEXT: RuleText = RuleText {
    code: "certificate-subject",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "証明書のサブジェクトまたはディレクトリの識別名(CN=、O=、OU= など)が含まれています。組織名でないか確認します。",
    en: "It holds the subject of a certificate or a directory's name (CN=, O=, OU=); the desk checks that it names no organisation.",
};

/// Attribute types that name somebody (RFC 4514 section 3, RFC 5280 appendix A).
const ATTRIBUTES: [&str; 15] = [
    "cn",
    "o",
    "ou",
    "dc",
    "uid",
    "l",
    "st",
    "street",
    "c",
    "emailaddress",
    "e",
    "serialnumber",
    "sn",
    "givenname",
    "organizationname",
];

/// Those that name a person or an organisation even where they stand alone.
const ALONE: [&str; 3] = ["cn", "ou", "emailaddress"];

impl GateRule for CertificateSubject {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        if subject.texts.iter().any(|text| is_subject(text)) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

fn is_subject(text: &str) -> bool {
    let pieces = text.split([',', ';', '/', '+', '_', '&', '\\', '"', '\'', '(', ')', '[', ']']);
    let mut several = 0;
    for piece in pieces.flat_map(|p| p.split("  ")) {
        let Some((name, value)) = piece.split_once('=') else { continue };
        // A word may stand before it, as in `Subject: CN=...`.
        let name = name.trim().rsplit([' ', ':']).next().unwrap_or_default().to_ascii_lowercase();
        let value = value.trim();
        if value.chars().filter(|c| c.is_alphanumeric()).count() < 2
            || !ATTRIBUTES.contains(&name.as_str())
        {
            continue;
        }
        if ALONE.contains(&name.as_str()) {
            return true;
        }
        several += 1;
    }
    let low = text.to_ascii_lowercase();
    several >= 2 || ["dns:", "dns name=", "subjectaltname"].iter().any(|w| low.contains(w))
}
