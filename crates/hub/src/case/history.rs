//! What happened to a case, in the order it was recorded. Nothing is ever changed or removed: a clock
//! that was corrected stands there with both moments.

use std::collections::BTreeMap;

use noroshi_duty::{Answers, Event, Reference};
use noroshi_stix::Timestamp;
use noroshi_store::Tx;
use serde_json::Value as Json;

use super::Case;
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::{accounts, cases, keys};

/// One line of the history.
pub struct Entry {
    /// When it was recorded.
    pub at: Timestamp,
    /// Who recorded it: the name of a person, or the label of a key.
    pub who: String,
    /// What.
    pub what: What,
}

/// What was recorded.
pub enum What {
    /// A version of the answers, with how many answers it has.
    Answered {
        /// Number of the version.
        version: i64,
        /// How many fields have an answer.
        answers: usize,
    },
    /// A clock started, or was corrected.
    Clock {
        /// The clock.
        clock: String,
        /// The moment it had before, if any.
        before: Option<String>,
        /// The moment it has; none where it was taken back.
        after: Option<String>,
    },
    /// An event.
    Event(Event),
}

/// The history of a case, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub async fn of(hub: &Hub, case: &Case) -> Result<Vec<Entry>, HubError> {
    let id = case.id.clone();
    let read = move |tx: &mut Tx<'_>| {
        let answers = cases::all_answers(tx, &id)?;
        let events = cases::recorded(tx, &id)?;
        let actors = answers.iter().map(|a| &a.actor).chain(events.iter().map(|e| &e.actor));
        let mut names = BTreeMap::new();
        for actor in actors {
            if !names.contains_key(actor) {
                let account = accounts::one(tx, actor)?.map(|a| a.name);
                let key = keys::one(tx, actor)?.map(|k| k.label);
                names.insert(actor.clone(), account.or(key).unwrap_or_else(|| actor.clone()));
            }
        }
        Ok((answers, events, names))
    };
    let (answers, events, names) = hub.vault().read("case.history", read).await?;
    let who = |actor: &str| names.get(actor).cloned().unwrap_or_else(|| actor.to_owned());
    let mut all = Vec::new();
    let mut before = BTreeMap::new();
    for row in &answers {
        let body: Json = serde_json::from_str(&row.body).unwrap_or_default();
        let read = Answers::from_json(&case.reference, &body);
        let now = clocks(&case.reference, &read);
        let entry = |what| Entry { at: row.at, who: who(&row.actor), what };
        let (mut changed, mut same) = (Vec::new(), true);
        for clock in case.reference.clock_list().iter().map(|c| &c.id) {
            let (was, is) = (before.get(clock).cloned(), now.get(clock).cloned());
            if was != is {
                same = false;
                changed.push(entry(What::Clock { clock: clock.clone(), before: was, after: is }));
            }
        }
        // A correction of one clock says all there is to say.
        if same || row.version == 1 || changed.len() > 1 {
            all.push(entry(What::Answered { version: row.version, answers: read.len() }));
        }
        all.extend(changed);
        before = now;
    }
    for row in events {
        if let Ok(event) = serde_json::from_str(&row.body) {
            all.push(Entry { at: row.at, who: who(&row.actor), what: What::Event(event) });
        }
    }
    all.sort_by_key(|e| e.at);
    Ok(all)
}

/// The moment of every clock that runs, in the reporter's zone.
pub fn clocks(reference: &Reference, answers: &Answers) -> BTreeMap<String, String> {
    let Ok(clocks) = answers.clocks(reference) else { return BTreeMap::new() };
    let ids = reference.clock_list().iter().map(|c| c.id.clone());
    ids.filter_map(|id| {
        let at = clocks.event(&id)?;
        let zone = at.time_zone().iana_name().map(|n| format!(" ({n})")).unwrap_or_default();
        Some((id, format!("{}{zone}", at.strftime("%Y-%m-%d %H:%M:%S %:z"))))
    })
    .collect()
}
