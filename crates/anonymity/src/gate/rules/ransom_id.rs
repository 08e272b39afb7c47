//! What extortionists call one victim.

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Victims' ids in names of ransom notes and of encrypted files (`RECOVER-x7f3k2a-FILES.txt`,
/// `plan.id[1A2B3C4D-3352].[x@y.example].ext`): with it anybody opens the negotiation, where the
/// victim is named.
///
/// Notes without an id (`README_TO_DECRYPT.txt`) pass. Addresses of negotiations are cut to their
/// host before they come here.
pub(super) struct RansomId;

static TEXT: RuleText = RuleText {
    code: "ransom-id",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "身代金要求で使われる被害者固有の識別子に見える部分が含まれています。交渉ページから被害組織が特定されるおそれがあるため確認します。",
    en: "It seems to hold the id extortionists gave to one victim: the negotiation behind it names the victim, so the desk checks it.",
};

/// Words of notes. The last are Japanese.
const NOTE: [&str; 13] = [
    "readme",
    "read_me",
    "read-me",
    "decrypt",
    "recover",
    "restore",
    "unlock",
    "ransom",
    "how_to",
    "howto",
    "復号",
    "復旧",
    "身代金",
];

impl GateRule for RansomId {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let name = matches!(
            subject.observable,
            Observable::FileName(_)
                | Observable::Mutex(_)
                | Observable::RegistryKey(_)
                | Observable::Email(_)
        );
        let file = matches!(subject.observable, Observable::FileName(_));
        if name
            && subject.texts.iter().any(|text| is_marked(text) || (file && is_note_with_id(text)))
        {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// `id[...]`, `.id-...`, `id=...`, `victim-id: ...`.
fn is_marked(text: &str) -> bool {
    let low = text.to_ascii_lowercase();
    low.match_indices("id").any(|(at, _)| {
        let before = low.get(..at).and_then(|b| b.chars().next_back());
        let rest = low.get(at + 2..).unwrap_or_default();
        let Some(id) = rest.strip_prefix(['[', '-', '=', ':', '(', '_']) else { return false };
        let id: String = id
            .trim_start()
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        !before.is_some_and(char::is_alphanumeric) && is_id(&id.replace('-', ""))
    })
}

fn is_note_with_id(text: &str) -> bool {
    let low = text.to_lowercase();
    let stem = low.rsplit_once('.').map_or(low.as_str(), |(stem, _)| stem);
    NOTE.iter().any(|word| low.contains(word))
        && stem
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !NOTE.iter().any(|note| word.contains(note)))
            .any(is_id)
}

/// Letters and digits in one word, or a long number: nobody's word.
fn is_id(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (6..=64).contains(&word.len()) && digits > 0 && (digits >= 2 || word.len() >= 7)
}
