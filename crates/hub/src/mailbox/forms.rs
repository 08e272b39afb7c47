//! What the desk can ask: a closed list, and free text between desk and reporter.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use noroshi_anonymity::Words;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::HubError;

/// The name of a question in the desk's own words.
pub const FREE: &str = "free";
/// Most characters of a free question or answer: either fits into its envelope.
pub const MAX_FREE: usize = 1_000;

static BUILT_IN: LazyLock<Result<File, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../reference/questions.toml"))
        .map_err(|e| format!("reference/questions.toml: {e}"))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    question: BTreeMap<String, Form>,
}

/// A closed question.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The question in Japanese.
    pub ja: String,
    /// The question in English.
    pub en: String,
    /// What an answer can lead to.
    pub effect: Effect,
    /// The answers that can be chosen.
    #[serde(default = "yes_no_unknown")]
    pub answers: Vec<Choice>,
}

/// One answer of a closed question.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is sent.
    pub id: String,
    /// What it says in Japanese.
    pub ja: String,
    /// What it says in English.
    pub en: String,
}

/// Whether an answer can change what is published; never without a new approval.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It cannot.
    None,
    /// It can lead to a new proposal.
    Context,
}

fn yes_no_unknown() -> Vec<Choice> {
    let choice = |id: &str, ja: &str, en: &str| Choice {
        id: id.to_owned(),
        ja: ja.to_owned(),
        en: en.to_owned(),
    };
    vec![
        choice("yes", "はい", "yes"),
        choice("no", "いいえ", "no"),
        choice("unknown", "不明", "not known"),
    ]
}

/// The closed list, by id.
///
/// # Errors
/// When the built-in file cannot be read.
pub fn forms() -> Result<&'static BTreeMap<String, Form>, HubError> {
    match &*BUILT_IN {
        Ok(file) => Ok(&file.question),
        Err(e) => Err(HubError::Register(e.clone())),
    }
}

/// What is sealed to a reporter: it needs no list of its own to read it.
pub(super) fn sealed_text(form: Option<&Form>, id: &str, text: Option<&str>) -> String {
    let value: Value = match form {
        Some(f) => json!({
            "schema": "noroshi-question/1", "id": id, "ja": f.ja, "en": f.en,
            "answers": f.answers, "effect": f.effect,
        }),
        None => json!({
            "schema": "noroshi-question/1", "id": FREE, "ja": text, "en": text,
            "answers": [], "effect": Effect::None,
        }),
    };
    value.to_string()
}

/// Whether this can be the answer to a question of this form.
pub(super) fn fits(form: &str, answer: &str) -> bool {
    if form == FREE {
        let count = answer.chars().count();
        return !answer.trim().is_empty() && count <= MAX_FREE && !answer.contains('\0');
    }
    let known = forms().ok().and_then(|all| all.get(form));
    known.is_some_and(|f| f.answers.iter().any(|c| c.id == answer))
}

/// An answer in words.
pub fn words_of(form: &str, answer: &str) -> Words {
    let known = forms().ok().and_then(|all| all.get(form));
    let choice = known.and_then(|f| f.answers.iter().find(|c| c.id == answer));
    match choice {
        Some(c) => Words { ja: c.ja.clone(), en: c.en.clone() },
        None => Words { ja: answer.to_owned(), en: answer.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use noroshi_seal::MAX_QUESTION_LEN;

    use super::*;

    #[test]
    fn every_question_is_whole_and_fits_its_envelope() {
        let all = forms().unwrap();
        assert!(all.len() >= 8 && !all.contains_key(FREE));
        for (id, form) in all {
            let text = sealed_text(Some(form), id, None);
            assert!(text.len() <= MAX_QUESTION_LEN, "{id}");
            assert!(form.ja.ends_with('。') && form.en.ends_with('?'), "{id}");
            assert!(fits(id, &form.answers[0].id) && fits(id, "unknown"), "{id}");
            assert!(!fits(id, "") && !fits(id, "perhaps"), "{id}");
        }
    }

    #[test]
    fn free_text_has_room() {
        let longest = "\u{1f525}".repeat(MAX_FREE);
        assert!(fits(FREE, &longest) && !fits(FREE, &format!("{longest}x")) && !fits(FREE, " "));
        assert!(!fits("no-such-form", "yes"));
    }
}
