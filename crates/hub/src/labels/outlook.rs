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
    Held(HoldReason),
}

impl Prospect {
    /// What would be published about a report of the member at `position` with these facts.
    pub(crate) fn of(
        state: &PublicState,
        known: Option<&Candidates>,
        position: Option<usize>,
        facts: &ContextFacts,
    ) -> Self {
        let Some(position) = position else { return Self::Held(HoldReason::NotInTree) };
        let moment = state.moment();
        let seen = preview(&moment, known, position, None);
        let label = match seen.decision {
            Decision::Publish(label) => label,
            Decision::Hold(reason) => return Self::Held(reason),
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
        let mut hash = Sha256::new();
        match self {
            Self::Published(o) => {
                for text in [&o.ja.0, &o.ja.1, &o.en.0, &o.en.1].into_iter().chain(&o.members) {
                    hash.update(text.len().to_be_bytes());
                    hash.update(text.as_bytes());
                }
            }
            Self::Held(_) => hash.update(b"held"),
        }
        let digest = hash.finalize();
        HEXLOWER.encode(digest.get(..8).unwrap_or_default())
    }

    /// Public ids of everybody the label names; nobody where nothing would be published.
    pub(crate) fn members(&self) -> Vec<String> {
        match self {
            Self::Published(outlook) => outlook.members.clone(),
            Self::Held(_) => Vec::new(),
        }
    }
}
