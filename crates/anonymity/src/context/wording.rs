//! The sentences of a context release. Only terms of the vocabulary are put into them.

use super::ContextFacts;
use crate::Language;
use crate::policy::CertifiedLabel;
use crate::vocabulary::Group;

/// What a victim is called without a label, or with one that says no more.
const VICTIM: (&str, &str) = ("会員", "A member");

/// What the victim is called: "A member" or "A member (heavy industry or automotive)".
fn victim(label: Option<&CertifiedLabel>, language: Language) -> String {
    let (plain, open, close) = match language {
        Language::Ja => (VICTIM.0, "(", ")"),
        Language::En => (VICTIM.1, " (", ")"),
    };
    match label.filter(|label| !label.is_root()) {
        Some(label) => format!("{plain}{open}{}{close}", label.words().get(language)),
        None => plain.to_owned(),
    }
}

/// The title: the kind of attack where it is known.
pub(super) fn title(
    facts: &ContextFacts,
    label: Option<&CertifiedLabel>,
    language: Language,
) -> String {
    let kind = join(facts, Group::AttackType, language);
    let victim = victim(label, language);
    match (language, kind) {
        (Language::Ja, Some(kind)) => format!("{victim}からの報告: {kind}"),
        (Language::Ja, None) => format!("{victim}からの報告"),
        (Language::En, Some(kind)) => format!("{victim} reported: {kind}"),
        (Language::En, None) => format!("{victim} reported an attack"),
    }
}

/// One sentence per kind of fact.
pub(super) fn description(
    facts: &ContextFacts,
    label: Option<&CertifiedLabel>,
    language: Language,
) -> String {
    let victim = victim(label, language);
    let mut sentences = vec![match language {
        Language::Ja => format!("{victim}が攻撃を報告しました。"),
        Language::En => format!("{victim} reported an attack."),
    }];
    if let Some((_, facet)) = label.and_then(CertifiedLabel::facet) {
        let head = if language == Language::Ja { "関係する製品" } else { "Product" };
        sentences.push(sentence(head, facet.get(language), language));
    }
    for group in Group::ALL {
        if let Some(text) = join(facts, group, language) {
            sentences.push(sentence(heading(group, language), &text, language));
        }
    }
    if !facts.techniques().is_empty() {
        let names: Vec<String> =
            facts.techniques().iter().map(|t| format!("{} {}", t.id(), t.name(language))).collect();
        let (head, separator) = match language {
            Language::Ja => ("攻撃手法(ATT&CK)", "、"),
            Language::En => ("Techniques (ATT&CK)", ", "),
        };
        sentences.push(sentence(head, &names.join(separator), language));
    }
    sentences.join(if language == Language::Ja { "" } else { " " })
}

fn heading(group: Group, language: Language) -> &'static str {
    let (ja, en) = match group {
        Group::AttackType => ("攻撃の種別", "Kind of attack"),
        Group::InitialAccess => ("侵入方法", "Way in"),
        Group::Impact => ("影響", "Impact"),
        Group::CourseOfAction => ("推奨する対応", "What to do"),
    };
    if language == Language::Ja { ja } else { en }
}

fn sentence(head: &str, text: &str, language: Language) -> String {
    match language {
        Language::Ja => format!("{head}: {text}。"),
        Language::En => format!("{head}: {text}."),
    }
}

fn join(facts: &ContextFacts, group: Group, language: Language) -> Option<String> {
    let texts: Vec<&str> = facts.terms(group).map(|t| t.text(language)).collect();
    let separator = if language == Language::Ja { "、" } else { "; " };
    (!texts.is_empty()).then(|| texts.join(separator))
}
