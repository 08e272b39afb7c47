//! The sentences of a context release. Only terms of the vocabulary are put into them.

use super::ContextFacts;
use crate::Language;
use crate::vocabulary::Group;

/// What every victim is called.
const VICTIM: (&str, &str) = ("会員", "A member");

/// The title: the kind of attack where it is known.
pub(super) fn title(facts: &ContextFacts, language: Language) -> String {
    let kind = join(facts, Group::AttackType, language);
    match (language, kind) {
        (Language::Ja, Some(kind)) => format!("{}からの報告: {kind}", VICTIM.0),
        (Language::Ja, None) => format!("{}からの報告", VICTIM.0),
        (Language::En, Some(kind)) => format!("{} reported: {kind}", VICTIM.1),
        (Language::En, None) => format!("{} reported an attack", VICTIM.1),
    }
}

/// One sentence per kind of fact.
pub(super) fn description(facts: &ContextFacts, language: Language) -> String {
    let mut sentences = vec![match language {
        Language::Ja => format!("{}が攻撃を報告しました。", VICTIM.0),
        Language::En => format!("{} reported an attack.", VICTIM.1),
    }];
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
