//! People who sign in.

use noroshi_store::Tx;

use super::{Scribe, note, record, unknown};
use crate::access::{self, Login, Role};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::accounts::{self, Account, Listed, Wanted};
use crate::vault::{credentials, members, sessions};

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
    let (now, scribe) = (hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.add_account", move |tx| {
            if let Some(m) = &account.member
                && members::one(tx, m)?.is_none()
            {
                return Ok(false);
            }
            accounts::insert(tx, &account, now)?;
            record(tx, &scribe, now, "account.add", &account.id)?;
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
    let (id, now, scribe) = (id.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.disable_account", move |tx| {
            let done = accounts::disable(tx, &id, now)?;
            if done {
                record(tx, &scribe, now, "account.disable", &id)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("account", "account list")) }
}

/// Switches an account on again, with the password and phone it had.
///
/// # Errors
/// When there is no such account or it was on.
pub async fn enable_account(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (id, now, scribe) = (id.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.enable_account", move |tx| {
            let done = accounts::enable(tx, &id)?;
            if done {
                record(tx, &scribe, now, "account.enable", &id)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("account that is switched off", "account list")) }
}

/// Every account.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_accounts(hub: &Hub) -> Result<Vec<Account>, HubError> {
    Ok(hub.vault().read("admin.accounts", accounts::list).await?)
}

/// Makes a one-time sign-in link for an account; it holds for a day. Who holds it is that person to the
/// hub, so who made it is in the trail.
///
/// # Errors
/// When there is no such account or it is switched off.
pub async fn sign_in_link(hub: &Hub, account: &str) -> Result<String, HubError> {
    let link = access::create_link(hub, account).await?;
    let (id, now, scribe) = (account.to_owned(), hub.now(), Scribe::of(hub));
    let noted = move |tx: &mut Tx<'_>| note(tx, &scribe, now, "account.link", &id);
    hub.vault().write("admin.sign_in_link", noted).await?;
    Ok(link)
}

/// One page of accounts.
///
/// # Errors
/// When the vault does not answer.
pub async fn accounts_page(hub: &Hub, wanted: Wanted) -> Result<Vec<Listed>, HubError> {
    Ok(hub.vault().read("admin.accounts_page", move |tx| accounts::page(tx, &wanted)).await?)
}

/// Gives an account a sign-in name, the first or another one.
///
/// # Errors
/// When there is no such account, or another account has the name.
pub async fn set_login(hub: &Hub, account: &str, login: &Login) -> Result<(), HubError> {
    let (id, login) = (account.to_owned(), login.clone());
    let (now, scribe) = (hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.set_login", move |tx| {
            if accounts::one(tx, &id)?.is_none() {
                return Ok(None);
            }
            let done = credentials::set_login(tx, &id, login.as_str())?;
            if done {
                note(tx, &scribe, now, "account.login", &id)?;
            }
            Ok(Some(done))
        })
        .await?;
    match done {
        Some(true) => Ok(()),
        Some(false) => Err(HubError::unprocessable(
            "login-taken",
            "Another account has this sign-in name. Choose another.",
        )),
        None => Err(unknown("account", "account list")),
    }
}

/// Takes an account's password, phone and recovery codes away, ends its sessions and unused links,
/// and makes a one-time link with which its person sets them anew.
///
/// # Errors
/// When there is no such account or it is switched off.
pub async fn reset_account(hub: &Hub, account: &str) -> Result<String, HubError> {
    let (id, now, scribe) = (account.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.reset_account", move |tx| {
            if accounts::one(tx, &id)?.is_none_or(|a| a.disabled) {
                return Ok(false);
            }
            credentials::remove(tx, &id)?;
            sessions::end_all(tx, &id, "")?;
            accounts::forget_links(tx, &id)?;
            note(tx, &scribe, now, "account.reset", &id)?;
            Ok(true)
        })
        .await?;
    if done {
        return access::create_link(hub, account).await;
    }
    Err(unknown("account that is switched on", "account list"))
}

/// Ends a session of anybody.
///
/// # Errors
/// When there is no such session.
pub async fn revoke_session(hub: &Hub, session: &str) -> Result<(), HubError> {
    let (id, now, scribe) = (session.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.revoke_session", move |tx| {
            let done = sessions::end_one(tx, &id, "")?;
            if done {
                note(tx, &scribe, now, "session.revoke", &id)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("session", "account sessions")) }
}

/// Ends every session of an account and returns how many there were.
///
/// # Errors
/// When there is no such account.
pub async fn revoke_sessions(hub: &Hub, account: &str) -> Result<u64, HubError> {
    let (id, now, scribe) = (account.to_owned(), hub.now(), Scribe::of(hub));
    let ended = hub
        .vault()
        .write("admin.revoke_sessions", move |tx| {
            if accounts::one(tx, &id)?.is_none() {
                return Ok(None);
            }
            let ended = sessions::end_all(tx, &id, "")?;
            note(tx, &scribe, now, "session.revoke", &id)?;
            Ok(Some(ended))
        })
        .await?;
    ended.ok_or_else(|| unknown("account", "account list"))
}
