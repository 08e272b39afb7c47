//! Senders whose names carry data.

use noroshi_stix::Observable;

use super::super::generalise::is_opaque;
use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Mail addresses whose local part looks encoded: mailers write there whom they wrote to, and by
/// then its capitals are lost, so that what stands in it can no longer be read and judged.
pub(super) struct EncodedMailbox;

static TEXT: RuleText = RuleText {
    code: "encoded-mailbox",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "メールアドレスの@より前に符号化されたデータのような部分があります。受信者固有の識別子でないか確認します。",
    en: "The part before the @ looks like encoded data; the desk checks that it does not stand for a recipient.",
};

/// From this length on letters and digits in turns are no name.
const TURNS_FROM: usize = 8;
/// From this length on, without a sign between its words, a digit between letters is enough.
const DIGIT_FROM: usize = 12;

impl GateRule for EncodedMailbox {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let Observable::Email(address) = subject.observable else { return };
        let local = address.local_part();
        if is_opaque(local) || local.contains('%') || takes_turns(local) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// A digit with letters on both sides, twice, or once in a long word; or what pads base64.
fn takes_turns(local: &str) -> bool {
    let letters = local.replace(['+', '/'], "");
    let bytes = letters.as_bytes();
    let inner = bytes.windows(3).filter(|w| {
        matches!(w, [a, b, c] if a.is_ascii_alphabetic() && b.is_ascii_digit() && c.is_ascii_alphabetic())
    });
    let turns = inner.count();
    let glued = bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'=');
    (letters.len() >= TURNS_FROM && (turns >= 2 || local.ends_with('=')))
        || (letters.len() >= DIGIT_FROM && turns >= 1 && glued)
}
