//! Names that exist only inside one network.

use noroshi_stix::DomainName;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Names under `.local`, `.internal`, `.corp`, `.lan` and the like, and under top-level domains
/// that do not exist: Active Directory names of the victim. Never releasable.
pub(super) struct InternalName;

static TEXT: RuleText = RuleText {
    code: "internal-name",
    severity: Severity::High,
    confidence: Confidence::High,
    releasable: false,
    ja: "組織内部でのみ有効な名前です。内部の構成や組織名を示すおそれがあるため共有されません。",
    en: "A name that exists only inside one network: it may show an internal system or its owner, so it is never shared.",
};

/// Top-level names used inside organisations (RFC 6762 appendix G, RFC 8375, ICANN's reserved
/// `internal`, and habits of Active Directory administrators).
const INTERNAL: [&str; 18] = [
    "corp",
    "domain",
    "domain_name",
    "home",
    "intern",
    "internal",
    "intra",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "localnet",
    "loc",
    "priv",
    "private",
    "workgroup",
    "wan",
];

impl GateRule for InternalName {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let outer =
            subject.domain.as_ref().is_some_and(|d| is_internal(d) || !d.has_known_suffix());
        // Inside a text `report.pdf` parses as a name, so an unknown ending says nothing there.
        if outer || subject.inner_domains.iter().any(is_internal) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

fn is_internal(name: &DomainName) -> bool {
    let name = name.as_str();
    let top = name.rsplit('.').next().unwrap_or_default();
    INTERNAL.contains(&top) || name.ends_with(".home.arpa")
}
