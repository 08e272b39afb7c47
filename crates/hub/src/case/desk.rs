//! The desk of an authority: the envelopes that were sealed to it, and nothing else.

use noroshi_outlet::problem::Problem;
use noroshi_store::Tx;

use crate::access::Principal;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::filings::{self, FilingEvent, FilingRow};
use crate::vault::{audit, authorities};

use super::filings::Kept;

/// Most characters of what an authority asks.
const MAX_NOTE: usize = 2_000;

/// What an authority does with a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has it.
    Acknowledge,
    /// It asks for more, in these words.
    AskSupplement(String),
}

/// The filings sealed to the authority this person acts for, oldest first.
///
/// # Errors
/// 404 for anybody else.
pub async fn inbox(hub: &Hub, who: &Principal) -> Result<Vec<Kept>, HubError> {
    let account = account(who)?;
    let read = move |tx: &mut Tx<'_>| {
        let Some(authority) = authorities::of_account(tx, &account)? else { return Ok(None) };
        let rows = filings::of_authority(tx, &authority)?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let events = filings::events(tx, &row.id)?;
            all.push(Kept { events, copies: Vec::new(), passed_on: false, row });
        }
        for (row, acknowledged) in filings::copies_of_authority(tx, &authority)? {
            let event = acknowledged.map(|at| FilingEvent {
                at,
                event: "acknowledged".to_owned(),
                note: String::new(),
            });
            let events = event.into_iter().collect();
            all.push(Kept { events, copies: Vec::new(), passed_on: true, row });
        }
        all.sort_by(|a, b| (a.row.at, &a.row.id).cmp(&(b.row.at, &b.row.id)));
        Ok(Some(all))
    };
    hub.vault().read("authority.inbox", read).await?.ok_or_else(HubError::not_found)
}

/// The envelope of one of them. That it was fetched is in the audit trail.
///
/// # Errors
/// 404 where it was not sealed to this authority.
pub async fn envelope(hub: &Hub, who: &Principal, id: &str) -> Result<Vec<u8>, HubError> {
    match act(hub, who, id, "filing.fetch", None).await? {
        Acted::Done(row) => row.envelope.ok_or_else(HubError::not_found),
        Acted::NotItsPlace => Err(not_its_place()),
    }
}

/// The authority acknowledges or asks for more; its reporter sees it.
///
/// # Errors
/// 404 where it was not sealed to this authority, 422 where it asks nothing, 409 where it asks about
/// what it has by consent only.
pub async fn answer(hub: &Hub, who: &Principal, id: &str, answer: Answer) -> Result<(), HubError> {
    let (action, event, note) = match answer {
        Answer::Acknowledge => ("filing.acknowledge", "acknowledged", String::new()),
        Answer::AskSupplement(note) => ("filing.ask", "supplement-asked", note.trim().to_owned()),
    };
    if event == "supplement-asked" && (note.is_empty() || note.chars().count() > MAX_NOTE) {
        return Err(super::profile::wrong("note", "Say what is asked, in up to 2000 characters."));
    }
    let event = FilingEvent { at: hub.now(), event: event.to_owned(), note };
    match act(hub, who, id, action, Some(event)).await? {
        Acted::Done(_) => Ok(()),
        Acted::NotItsPlace => Err(not_its_place()),
    }
}

/// Whether it was done.
enum Acted {
    Done(Box<FilingRow>),
    /// An authority that has it by consent asks nothing of a reporter that owes it nothing.
    NotItsPlace,
}

fn not_its_place() -> HubError {
    let status = axum::http::StatusCode::CONFLICT;
    let problem = Problem::new(status, "passed-on", "It was passed on to you by consent")
        .detail("The reporter owes you nothing more. Ask the authority the filing was made to.");
    HubError::Detailed(Box::new(problem))
}

async fn act(
    hub: &Hub,
    who: &Principal,
    id: &str,
    action: &str,
    event: Option<FilingEvent>,
) -> Result<Acted, HubError> {
    let account = account(who)?;
    let entry = audit::Entry::new(hub.now(), &account, action, id);
    let (id, audit_id) = (id.to_owned(), ids::fresh("a", hub.entropy()));
    let done = hub
        .vault()
        .write("authority.act", move |tx| {
            let Some(authority) = authorities::of_account(tx, &account)? else { return Ok(None) };
            let row = match filings::for_authority(tx, &id, &authority)? {
                Some(row) => {
                    if let Some(event) = &event {
                        filings::add_event(tx, &row.id, &account, event)?;
                    }
                    row
                }
                None => {
                    let Some((row, _)) = filings::copy_for_authority(tx, &id, &authority)? else {
                        return Ok(None);
                    };
                    match &event {
                        Some(e) if e.event != "acknowledged" => {
                            return Ok(Some(Acted::NotItsPlace));
                        }
                        Some(e) => filings::acknowledge_copy(tx, &row.id, e.at)?,
                        None => {}
                    }
                    row
                }
            };
            audit::append(tx, &audit_id, &entry)?;
            Ok(Some(Acted::Done(Box::new(row))))
        })
        .await?;
    done.ok_or_else(HubError::not_found)
}

fn account(who: &Principal) -> Result<String, HubError> {
    who.session().map(|s| s.account.id.clone()).ok_or_else(HubError::not_found)
}
