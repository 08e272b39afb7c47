//! Host names that carry data.

use data_encoding::BASE64_NOPAD;

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
/// Shorter labels are letters by chance too often.
const SHORTEST_BASE64: usize = 8;
/// Letters of base64 that stand for three bytes.
const GROUP: usize = 4;

impl GateRule for EncodedHost {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let Some(domain) = &subject.domain else { return };
        let below =
            domain.registrable().and_then(|r| domain.as_str().strip_suffix(r)).unwrap_or_default();
        // Punycode is encoded too, but readable once decoded.
        let encoded = |label: &str| {
            !label.starts_with("xn--")
                && ((label.len() >= SHORTEST_LABEL && is_opaque(label)) || is_lost_base64(label))
        };
        if below.split('.').any(encoded) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// Whether a label is a word or a stock code in base64, of which the name system lost the capitals:
/// with some of the letters as capitals every group of four decodes to what such a text holds.
fn is_lost_base64(label: &str) -> bool {
    if label.len() < SHORTEST_BASE64 || !label.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let groups: Vec<&[u8]> = label.as_bytes().chunks(GROUP).collect();
    let is_word =
        groups.iter().all(|group| may_be(group, |b| b.iter().all(u8::is_ascii_lowercase)));
    // `492A.T`.
    let is_code = matches!(groups.as_slice(), [front, back]
        if may_be(front, |b| matches!(b, [b'0'..=b'9', b, b'0'..=b'9'] if b.is_ascii_alphanumeric()))
        && may_be(back, |b| matches!(b, [b, b'.', b'T' | b't'] if b.is_ascii_alphanumeric())));
    is_word || is_code
}

/// Whether a group of base64 decodes to such bytes with some of its letters as capitals.
fn may_be(group: &[u8], is_such: impl Fn(&[u8]) -> bool) -> bool {
    (0..1_u8 << group.len()).any(|capitals| {
        let letter = |(i, byte): (usize, &u8)| match capitals >> i & 1 {
            0 => *byte,
            _ => byte.to_ascii_uppercase(),
        };
        let group: Vec<u8> = group.iter().enumerate().map(letter).collect();
        BASE64_NOPAD.decode(&group).is_ok_and(|bytes| is_such(&bytes))
    })
}
