//! People who sign in.

use super::{record, unknown};
use crate::access::{self, Role};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::accounts::{self, Account};
use crate::vault::members;

/// An account to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// What they may do.
    pub role: Role,
    /// The member they act for; needed for [`Role::Member`] and only there.
    pub member: Option<String>,
    /// Their name, for the audit trail.
    pub name: String,
}

/// Adds an account and returns its id.
///
/// # Errors
/// When the role and the member do not go together, or there is no such member.
pub async fn add_account(hub: &Hub, new: NewAccount) -> Result<String, HubError> {
    let nobody = matches!(new.role, Role::Anonymous | Role::Partner | Role::Authority);
    if (new.role == Role::Member) != new.member.is_some() || nobody {
        return Err(HubError::bad(
            "bad-account",
            "An account of role member needs --member; desk and operator accounts have none.",
        ));
    }
    let account = Account {
        id: ids::fresh("u", hub.entropy()),
        role: new.role,
        member: new.member,
        name: new.name,
        disabled: false,
    };
    let id = account.id.clone();
    let (now, entropy) = (hub.now(), hub.entropy_arc());
    let done = hub
        .vault()
        .write("admin.add_account", move |tx| {
            if let Some(m) = &account.member
                && members::one(tx, m)?.is_none()
            {
                return Ok(false);
            }
            accounts::insert(tx, &account, now)?;
            record(tx, entropy.as_ref(), now, "account.add", &account.id)?;
            Ok(true)
        })
        .await?;
    if done { Ok(id) } else { Err(unknown("member", "member list")) }
}

/// Switches an account off and ends its sessions.
///
/// # Errors
/// When there is no such account or it was off.
pub async fn disable_account(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (id, now, entropy) = (id.to_owned(), hub.now(), hub.entropy_arc());
    let done = hub
        .vault()
        .write("admin.disable_account", move |tx| {
            let done = accounts::disable(tx, &id, now)?;
            if done {
                record(tx, entropy.as_ref(), now, "account.disable", &id)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("account", "account list")) }
}

/// Every account.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_accounts(hub: &Hub) -> Result<Vec<Account>, HubError> {
    Ok(hub.vault().read("admin.accounts", accounts::list).await?)
}

/// Makes a one-time sign-in link for an account; it holds for a day.
///
/// # Errors
/// When there is no such account or it is switched off.
pub async fn sign_in_link(hub: &Hub, account: &str) -> Result<String, HubError> {
    access::create_link(hub, account).await
}
