//! One-time links and the sessions they start.

use noroshi_seal::Token;
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::accounts::{self, Account};
use crate::vault::audit;

/// Microseconds a one-time link holds: one day.
const LINK_MICROS: i64 = 24 * 3600 * 1_000_000;
/// Microseconds a session holds: twelve hours, a long shift.
const SESSION_MICROS: i64 = 12 * 3600 * 1_000_000;

/// A session that has just begun.
pub struct NewSession {
    /// Goes into the cookie.
    pub token: Token,
    /// Goes into forms and the `X-CSRF-Token` header.
    pub csrf: String,
    /// Who signed in.
    pub account: Account,
    /// Until when it holds.
    pub expires: Timestamp,
}

/// Makes a one-time sign-in link for an account and returns its address.
///
/// # Errors
/// 404 where there is no such account; 503 where the vault does not answer.
pub async fn create_link(hub: &Hub, account: &str) -> Result<String, HubError> {
    let token = Token::generate(hub.entropy());
    let (digest, expires) = (token.digest(), hub.now().plus_micros(LINK_MICROS));
    let id = account.to_owned();
    let known = hub
        .vault()
        .write("sign_in.create_link", move |tx| {
            let known = accounts::one(tx, &id)?.is_some_and(|a| !a.disabled);
            if known {
                accounts::add_link(tx, &digest, &id, expires)?;
            }
            Ok(known)
        })
        .await?;
    if !known {
        return Err(HubError::not_found());
    }
    Ok(format!("{}/sign-in/{}", hub.config().public_url(), token.expose().as_str()))
}

/// Whether a link can still be used.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn link_holds(hub: &Hub, token: &Token) -> Result<bool, HubError> {
    let (digest, now) = (token.digest(), hub.now());
    Ok(hub.vault().read("sign_in.look", move |tx| accounts::link_holds(tx, &digest, now)).await?)
}

/// Uses a link up and starts a session; `None` where the link does not hold.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn use_link(hub: &Hub, link: &Token) -> Result<Option<NewSession>, HubError> {
    let token = Token::generate(hub.entropy());
    let csrf = Token::generate(hub.entropy());
    let now = hub.now();
    let expires = now.plus_micros(SESSION_MICROS);
    let (link, digest) = (link.digest(), token.digest());
    let csrf = csrf.expose().to_string();
    let given = csrf.clone();
    let audit_id = ids::fresh("a", hub.entropy());
    let account = hub
        .vault()
        .write("sign_in.use", move |tx| {
            accounts::sweep(tx, now)?;
            let account = accounts::use_link(tx, &link, now)?;
            if let Some(a) = &account {
                accounts::add_session(tx, &digest, &a.id, &csrf, expires)?;
                audit_sign_in(tx, &audit_id, a, now)?;
            }
            Ok(account)
        })
        .await?;
    Ok(account.map(|account| NewSession { token, csrf: given, account, expires }))
}

/// Ends a session; harmless where there is none.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn end_session(hub: &Hub, token: &Token) -> Result<(), HubError> {
    let digest = token.digest();
    Ok(hub.vault().write("sign_in.end", move |tx| accounts::end_session(tx, &digest)).await?)
}

fn audit_sign_in(
    tx: &mut Tx<'_>,
    id: &str,
    account: &Account,
    at: Timestamp,
) -> Result<(), StoreError> {
    let entry = audit::Entry::new(at, &account.id, "sign-in", &account.id);
    audit::append(tx, id, &entry)
}
