//! Who may read: API keys, of which the shelf knows a keyed hash and nothing else.
//!
//! A key is opaque here. Which member it belongs to is written in the vault only.

use std::collections::HashMap;
use std::sync::PoisonError;

use noroshi_seal::{ApiKey, KeyDigest};
use noroshi_store::{Param, StoreError};

use super::publish::bump;
use super::{Shelf, schema};
use crate::error::OutletError;

/// A key that may read, without its secret and without its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct ReaderCredential {
    /// The public part of the key.
    pub key_id: String,
    /// [`ApiKey::digest`] under the pepper that hub and outlet share.
    pub digest: [u8; 32],
    /// When it stops to be valid, microseconds since the epoch.
    pub expires_micros: i64,
    /// Whether it may add to the inbox.
    pub write_inbox: bool,
}

impl std::fmt::Debug for ReaderCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReaderCredential(..)")
    }
}

/// Credentials in memory.
#[derive(Default)]
pub(super) struct Table {
    generation: i64,
    by_id: HashMap<String, Principal>,
}

/// What a key may do.
#[derive(Clone)]
struct Principal {
    digest: KeyDigest,
    expires_micros: i64,
}

/// The result of checking a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyCheck {
    /// The key is known and valid.
    Good,
    /// The key is known, but its time is over.
    Expired,
    /// There is no such key.
    Unknown,
}

impl Shelf {
    /// Replaces all credentials.
    pub async fn set_credentials(&self, all: Vec<ReaderCredential>) -> Result<(), OutletError> {
        self.change_credentials("set-credentials", move |tx| {
            tx.execute(schema::DELETE_CREDENTIALS, &[])?;
            all.iter().try_for_each(|c| upsert(tx, c))
        })
        .await
    }

    /// Adds a credential, or replaces the one with the same key id.
    pub async fn upsert_credential(&self, one: ReaderCredential) -> Result<(), OutletError> {
        self.change_credentials("upsert-credential", move |tx| upsert(tx, &one)).await
    }

    /// Removes a credential. One that is not there is no error.
    pub async fn remove_credential(&self, key_id: &str) -> Result<(), OutletError> {
        let key_id = key_id.to_owned();
        self.change_credentials("remove-credential", move |tx| {
            tx.execute(schema::DELETE_CREDENTIAL, &[Param::from(&key_id)]).map(|_| ())
        })
        .await
    }

    /// Checks a key as a client sent it. `now` in microseconds.
    pub(crate) fn check_key(&self, text: &str, pepper: &[u8; 32], now: i64) -> KeyCheck {
        let Ok(key) = ApiKey::parse(text) else { return KeyCheck::Unknown };
        let digest = key.digest(pepper);
        let table = self.0.credentials.read().unwrap_or_else(PoisonError::into_inner);
        match table.by_id.get(key.id()) {
            Some(known) if known.digest.matches(&digest) => {
                if now < known.expires_micros {
                    KeyCheck::Good
                } else {
                    KeyCheck::Expired
                }
            }
            _ => KeyCheck::Unknown,
        }
    }

    /// Reads the credentials again if their generation is another one.
    pub(super) async fn refresh_credentials(&self, generation: i64) -> Result<(), StoreError> {
        let current = || self.0.credentials.read().unwrap_or_else(PoisonError::into_inner);
        if current().generation == generation {
            return Ok(());
        }
        let by_id = self
            .0
            .store
            .read("credentials", |tx| {
                let rows = tx.query(schema::CREDENTIALS, &[], |row| {
                    let digest = KeyDigest::from_slice(&row.blob(1)?).ok();
                    Ok((row.text(0)?, digest, row.int(2)?))
                })?;
                Ok(rows
                    .into_iter()
                    .filter_map(|(key_id, digest, expires_micros)| {
                        Some((key_id, Principal { digest: digest?, expires_micros }))
                    })
                    .collect())
            })
            .await?;
        *self.0.credentials.write().unwrap_or_else(PoisonError::into_inner) =
            Table { generation, by_id };
        Ok(())
    }

    async fn change_credentials(
        &self,
        name: &'static str,
        mut change: impl FnMut(&mut noroshi_store::Tx<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), OutletError> {
        self.0
            .store
            .write(name, move |tx| {
                change(tx)?;
                bump(tx, "credentials", 1).map(|_| ())
            })
            .await?;
        self.catch_up().await
    }
}

fn upsert(tx: &mut noroshi_store::Tx<'_>, one: &ReaderCredential) -> Result<(), StoreError> {
    tx.execute(
        schema::UPSERT_CREDENTIAL,
        &[
            Param::from(&one.key_id),
            Param::from(&one.digest),
            Param::from(one.expires_micros),
            Param::from(one.write_inbox),
        ],
    )
    .map(|_| ())
}
