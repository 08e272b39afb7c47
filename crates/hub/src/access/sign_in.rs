//! One-time links.

use noroshi_seal::Token;

use super::sessions::{NewSession, Prepared};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::accounts;
use crate::vault::sessions::Means;

/// Microseconds a one-time link holds: one day.
const LINK_MICROS: i64 = 24 * 3600 * 1_000_000;

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
    let (prepared, now, link) = (Prepared::new(hub), hub.now(), link.digest());
    let begin = prepared.begin();
    let account = hub
        .vault()
        .write("sign_in.use", move |tx| {
            accounts::sweep(tx, now)?;
            let account = accounts::use_link(tx, &link, now)?;
            if let Some(a) = &account {
                begin.run(tx, &a.id, Means::Link)?;
            }
            Ok(account)
        })
        .await?;
    Ok(account.map(|account| prepared.begun(account)))
}
