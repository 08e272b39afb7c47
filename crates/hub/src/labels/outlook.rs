//! What a reporter sees before anything is said: the label, how many others it fits, what an
//! outsider could guess.

use data_encoding::HEXLOWER;
use noroshi_anonymity::policy::{Candidates, Decision, HoldReason, Ratio, preview};
use noroshi_anonymity::{ContextFacts, Language, Words};
use sha2::{Digest, Sha256};

use super::state::PublicState;

/// What would be published about a report now.
pub struct Outlook {
    /// The label's words.
    pub label: Words,
    /// Public ids of everybody it names.
    pub members: Vec<String>,
    /// How many members may be the victim.
    pub candidates: u32,
    /// The reporter's own share of the candidates' weight: what an outsider would bet on it.
    pub own_share: Ratio,
    /// What an outsider can guess at best, of anybody.
    pub best_guess: Ratio,
    /// The same after the worst coalition of colluding members.
    pub worst: Ratio,
    /// Title and text in Japanese.
    pub ja: (String, String),
    /// Title and text in English.
    pub en: (String, String),
}

/// Either what would be published, or why nothing.
pub enum Prospect {
    /// It would be published so.
    Published(Box<Outlook>),
    /// It would be held.
    Held {
        /// Why.
        reason: HoldReason,
        /// [`words_print`] of what would be said once it is not.
        words: String,
    },
}

impl Prospect {
    /// What would be published about a report of the member at `position` with these facts.
    pub(crate) fn of(
        state: &PublicState,
        known: Option<&Candidates>,
        position: Option<usize>,
        facts: &ContextFacts,
    ) -> Self {
        let held = |reason| Self::Held { reason, words: words_print(facts) };
        let Some(position) = position else { return held(HoldReason::NotInTree) };
        let moment = state.moment();
        let seen = preview(&moment, known, position, None);
        let label = match seen.decision {
            Decision::Publish(label) => label,
            Decision::Hold(reason) => return held(reason),
        };
        Self::Published(Box::new(Outlook {
            label: label.words().clone(),
            members: state.named(label.node()),
            candidates: u32::try_from(label.candidates().len()).unwrap_or(u32::MAX),
            own_share: seen.own_share.unwrap_or(Ratio::ONE),
            best_guess: label.best_guess(),
            worst: label.worst_posterior(),
            ja: facts.preview_about(&label, Language::Ja),
            en: facts.preview_about(&label, Language::En),
        }))
    }

    /// A short name of what would be said about whom: another label or other words have another.
    pub fn wording(&self) -> String {
        match self {
            Self::Published(o) => {
                print_of([&o.ja.0, &o.ja.1, &o.en.0, &o.en.1].into_iter().chain(&o.members))
            }
            Self::Held { words, .. } => print_of(["held", words.as_str()]),
        }
    }

    /// Public ids of everybody the label names; nobody where nothing would be published.
    pub(crate) fn members(&self) -> Vec<String> {
        match self {
            Self::Published(outlook) => outlook.members.clone(),
            Self::Held { .. } => Vec::new(),
        }
    }
}

/// A short name of what would be said of an attack, whoever it is said about.
pub(crate) fn words_print(facts: &ContextFacts) -> String {
    let [ja, en] = [Language::Ja, Language::En].map(|language| facts.preview(language));
    print_of([ja.0, ja.1, en.0, en.1])
}

fn print_of(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.as_ref().len().to_be_bytes());
        hash.update(text.as_ref().as_bytes());
    }
    HEXLOWER.encode(hash.finalize().get(..8).unwrap_or_default())
}
