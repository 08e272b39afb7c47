//! Whether essential services work, as the desk sets it for everybody.
//!
//! A status is about a service in the whole country or a region, never about a firm: a note that
//! names a member is refused.

use noroshi_anonymity::Verdict;
use noroshi_stix::{Observable, Timestamp};

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::{audit, services as rows};

/// Longest note in one language, in characters.
pub const MAX_NOTE: usize = 200;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each variant is named after what it stands for")]
        pub enum $name { $($variant),* }

        impl $name {
            /// All of them, in the order they are listed.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable name, in tables and forms.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The one of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|n| n.as_str() == name)
            }
        }
    };
}

names! {
    /// A service that others depend on; the sectors of `reference/sectors.toml` as far as they serve
    /// the public.
    Service {
        Power = "power",
        Gas = "gas",
        Water = "water",
        Rail = "rail",
        Air = "air",
        Ports = "ports",
        Logistics = "logistics",
        Finance = "finance",
        Telecom = "telecom",
        Broadcast = "broadcast",
        Medical = "medical",
        Government = "government",
        Fuel = "fuel",
    }
}

names! {
    /// How a service is.
    State {
        Normal = "normal",
        Impaired = "impaired",
        Down = "down",
        Unknown = "unknown",
    }
}

names! {
    /// Where that holds.
    Area {
        Nationwide = "nationwide",
        Hokkaido = "hokkaido",
        Tohoku = "tohoku",
        Kanto = "kanto",
        Chubu = "chubu",
        Kinki = "kinki",
        Chugoku = "chugoku",
        Shikoku = "shikoku",
        Kyushu = "kyushu",
        Several = "several",
    }
}

/// The status of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Which service.
    pub service: Service,
    /// How it is.
    pub state: State,
    /// Where.
    pub area: Area,
    /// What else there is to say, in Japanese; may be empty.
    pub note_ja: String,
    /// The same in English.
    pub note_en: String,
    /// When it was set.
    pub at: Timestamp,
}

/// What the desk sets; `None` takes a status back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which service.
    pub service: Service,
    /// How and where it is.
    pub to: Option<(State, Area)>,
    /// In Japanese.
    pub note_ja: String,
    /// In English.
    pub note_en: String,
}

/// The statuses that were set, in the order of [`Service::ALL`].
///
/// # Errors
/// When the vault does not answer.
pub async fn all(hub: &Hub) -> Result<Vec<Status>, HubError> {
    let mut found = hub.vault().read("services.all", rows::all).await?;
    let place = |s: &Status| Service::ALL.iter().position(|o| *o == s.service);
    found.sort_by_key(place);
    Ok(found)
}

/// Sets a status for everybody, and notes who did.
///
/// # Errors
/// 400 where a note is too long, names a member, or is there in one language only; when the vault
/// does not answer.
pub async fn set(hub: &Hub, change: Change, actor: &str) -> Result<(), HubError> {
    let notes = [change.note_ja.trim(), change.note_en.trim()];
    if notes.iter().any(|n| n.chars().count() > MAX_NOTE) {
        return Err(HubError::bad("note-too-long", "Keep a note under 200 characters."));
    }
    if notes[0].is_empty() != notes[1].is_empty() {
        return Err(HubError::bad("note-in-one-language", "Write the note in both languages."));
    }
    if notes.iter().any(|note| names_a_member(hub, note)) {
        return Err(HubError::bad(
            "note-names-member",
            "The note seems to name a member. Say how the service is, never whose it is.",
        ));
    }
    let [note_ja, note_en] = notes.map(str::to_owned);
    let (at, actor, id) = (hub.now(), actor.to_owned(), ids::fresh("a", hub.entropy()));
    let service = change.service;
    let work = move |tx: &mut noroshi_store::Tx<'_>| {
        let action = match change.to {
            Some((state, area)) => {
                let (note_ja, note_en) = (note_ja.clone(), note_en.clone());
                let status = Status { service, state, area, note_ja, note_en, at };
                rows::put(tx, &status, &actor)?;
                format!("service.{}", state.as_str())
            }
            None => {
                rows::remove(tx, service)?;
                "service.unset".to_owned()
            }
        };
        audit::note(tx, &id, at, &actor, &action, service.as_str())
    };
    Ok(hub.vault().write("services.set", work).await?)
}

/// Whether the gate, which knows every name and spelling, finds a member in a note.
fn names_a_member(hub: &Hub, note: &str) -> bool {
    if note.is_empty() {
        return false;
    }
    match hub.policy().gate.judge(&Observable::FileName(note.to_owned())) {
        Verdict::Pass(_) => false,
        Verdict::Quarantine(reasons) | Verdict::Drop(reasons) => {
            reasons.iter().any(|r| !r.owners().is_empty())
        }
    }
}
