//! To whom something is addressed.

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Words of address and of organisations in file names and paths (`...御中`, `株式会社...`,
/// `...工場`, `Kaku Co., Ltd`): a lure is made out to its reader, and a stolen file says whose it
/// is, also where that is no member.
pub(super) struct Addressee;

static TEXT: RuleText = RuleText {
    code: "addressee",
    severity: Severity::High,
    confidence: Confidence::Low,
    releasable: true,
    ja: "宛名、会社名、事業所名に見える語(御中、株式会社、工場など)が含まれています。被害組織を示すものでないか確認します。",
    en: "It holds a word of address or of organisations, such as a legal form or a plant; the desk checks that it does not name the victim.",
};

/// Behind a name.
const BEHIND: [&str; 18] = [
    "御中",
    "様",
    "殿",
    "各位",
    "工場",
    "支社",
    "支店",
    "営業所",
    "事業所",
    "製作所",
    "研究所",
    "出張所",
    "発電所",
    "病院",
    "大学",
    "銀行",
    "市役所",
    "県庁",
];

/// What makes another word of the short ones: 仕様, 模様, 同様, 多様, 異様, 有様, 宮殿, 神殿.
const WORDS: &str = "仕模同多異有宮神沈";

/// Before or behind a name.
const FORMS: [&str; 9] = [
    "株式会社",
    "有限会社",
    "合同会社",
    "(株)",
    "(有)",
    "社団法人",
    "財団法人",
    "独立行政法人",
    "㈱",
];

/// English forms, as whole words behind a name.
const ENGLISH: [&str; 9] = [
    " co., ltd",
    " co.,ltd",
    " co. ltd",
    " k.k.",
    " gmbh",
    " holdings",
    " corporation",
    " plc",
    " incorporated",
];

impl GateRule for Addressee {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        if matches!(subject.observable, Observable::Rule(_)) {
            return;
        }
        let mut texts = subject.host_text.iter().chain(&subject.texts);
        if texts.any(|text| is_addressed(text)) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

fn is_addressed(text: &str) -> bool {
    if FORMS.iter().any(|form| text.contains(form)) {
        return true;
    }
    let named = |word: &&str| {
        text.match_indices(*word).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default().trim_end().chars().next_back();
            before.is_some_and(|c| c.is_alphabetic() && !(word.len() == 3 && WORDS.contains(c)))
        })
    };
    if BEHIND.iter().any(named) {
        return true;
    }
    let low = text.to_lowercase().replace(['_', '+'], " ");
    ENGLISH.iter().any(|word| {
        low.match_indices(word).any(|(at, found)| {
            let after = low.get(at + found.len()..).and_then(|rest| rest.chars().next());
            at >= 2 && !after.is_some_and(char::is_alphanumeric)
        })
    })
}
