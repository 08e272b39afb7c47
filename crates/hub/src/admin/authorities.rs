//! Authorities: whose key filings are sealed to, and people who sign in for them.

use noroshi_seal::KeyStatement;

use super::{Scribe, record, unknown};
use crate::access::Role;
use crate::case::builtin;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::accounts::{self, Account};
use crate::vault::authorities::{self, AuthorityRow};

/// What an authority is to reporters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthorityKind {
    /// Takes the filings of its obligations.
    #[default]
    Addressee,
    /// The national cyber security office: also what reporters have passed on to it.
    NationalOffice,
    /// A partner of that office, in the same way.
    Partner,
}

impl AuthorityKind {
    /// Stable name in tables and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Addressee => "addressee",
            Self::NationalOffice => "national-office",
            Self::Partner => "partner",
        }
    }
}

/// Imports an authority's key statement for the filings of these obligations, and returns the
/// authority's id. An authority of the same name gets the new key and keeps its id.
///
/// Compare the name of the signer with the authority by another way first.
///
/// # Errors
/// When the statement does not hold, an obligation is none, or another authority takes its filings.
pub async fn add_authority(
    hub: &Hub,
    statement: &str,
    obligations: &[String],
    kind: AuthorityKind,
) -> Result<String, HubError> {
    let read = KeyStatement::parse(statement).map_err(|e| {
        HubError::bad("bad-statement", format!("The statement does not hold: {e}."))
    })?;
    let reference = builtin()?;
    if let Some(none) = obligations.iter().find(|o| reference.obligation(o).is_none()) {
        let text = format!("There is no obligation {none:?}. `noroshi duty list` lists them.");
        return Err(HubError::bad("unknown", text));
    }
    if obligations.is_empty() && kind == AuthorityKind::Addressee {
        let text = "Say which filings go to it, such as --obligation jp-acd.";
        return Err(HubError::bad("no-obligation", text));
    }
    let mut row = AuthorityRow {
        id: ids::fresh("g", hub.entropy()),
        name: read.authority().to_owned(),
        statement: statement.to_owned(),
        obligations: obligations.to_vec(),
        kind: kind.as_str().to_owned(),
    };
    row.obligations.sort();
    row.obligations.dedup();
    let (now, scribe) = (hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.add_authority", move |tx| {
            let all = authorities::list(tx)?;
            let taken = |a: &AuthorityRow| {
                a.name != row.name && a.obligations.iter().any(|o| row.obligations.contains(o))
            };
            if let Some(other) = all.iter().find(|a| taken(a)) {
                return Ok(Err(other.name.clone()));
            }
            match all.iter().find(|a| a.name == row.name) {
                Some(known) => {
                    row.id = known.id.clone();
                    authorities::renew(tx, &row)?;
                }
                None => authorities::insert(tx, &row, now)?,
            }
            record(tx, &scribe, now, "authority.key", &row.id)?;
            Ok(Ok(row.id.clone()))
        })
        .await?;
    done.map_err(|other| {
        let text = format!("Filings of one of these obligations go to {other} already.");
        HubError::bad("authority-known", text)
    })
}

/// Every authority.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_authorities(hub: &Hub) -> Result<Vec<AuthorityRow>, HubError> {
    Ok(hub.vault().read("admin.authorities", authorities::list).await?)
}

/// Ends an authority: nothing more is sealed to it, and its people see nothing any more.
///
/// # Errors
/// When there is no such authority.
pub async fn remove_authority(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (id, now, scribe) = (id.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.remove_authority", move |tx| {
            let done = authorities::remove(tx, &id, now)?;
            if done {
                record(tx, &scribe, now, "authority.remove", &id)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("authority", "authority list")) }
}

/// Adds somebody who signs in for an authority, and returns the account's id.
///
/// # Errors
/// When there is no such authority.
pub async fn add_authority_account(
    hub: &Hub,
    authority: &str,
    name: &str,
) -> Result<String, HubError> {
    let account = Account {
        id: ids::fresh("u", hub.entropy()),
        role: Role::Authority,
        member: None,
        name: name.to_owned(),
        disabled: false,
    };
    let id = account.id.clone();
    let (authority, now, scribe) = (authority.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.add_authority_account", move |tx| {
            if !authorities::list(tx)?.iter().any(|a| a.id == authority) {
                return Ok(false);
            }
            accounts::insert(tx, &account, now)?;
            authorities::bind(tx, &account.id, &authority)?;
            record(tx, &scribe, now, "account.add", &account.id)?;
            Ok(true)
        })
        .await?;
    if done { Ok(id) } else { Err(unknown("authority", "authority list")) }
}
