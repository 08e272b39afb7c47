//! Host names that carry data.

use super::super::generalise::is_opaque;
use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Labels below the registrable domain that look encoded: DNS tunnels and beacons write the
/// victim's data or number there.
///
/// The registrable domain itself may be as random as its owner likes. We do not cut the host down
/// to it, because that would block more than was reported.
pub(super) struct EncodedHost;

static TEXT: RuleText = RuleText {
    code: "encoded-host",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "ホスト名に符号化されたデータのような部分があります。被害組織固有の識別子でないか確認します。",
    en: "Part of the host name looks like encoded data; the desk checks that it is not a victim's own identifier.",
};

/// Shorter labels are numbered hosts more often than data.
const SHORTEST_LABEL: usize = 16;

impl GateRule for EncodedHost {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let Some(domain) = &subject.domain else { return };
        let below =
            domain.registrable().and_then(|r| domain.as_str().strip_suffix(r)).unwrap_or_default();
        // Punycode is encoded too, but readable once decoded.
        let encoded = |label: &str| {
            label.len() >= SHORTEST_LABEL && !label.starts_with("xn--") && is_opaque(label)
        };
        if below.split('.').any(encoded) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}
