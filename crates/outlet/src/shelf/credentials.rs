//! Who may read and add: API keys and client certificates, of which the shelf knows a keyed hash
//! and nothing else.
//!
//! A key is opaque here. Which member it belongs to is written in the vault only.

use std::collections::HashMap;
use std::sync::PoisonError;

use noroshi_seal::{ApiKey, ClientCertificate, KeyDigest};
use noroshi_store::{Param, StoreError};

use super::publish::bump;
use super::{Shelf, schema};
use crate::error::OutletError;

/// A key or client certificate, without its secret and without its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The public part: [`ApiKey::id`] or [`ClientCertificate::id`].
    pub key_id: String,
    /// [`ApiKey::digest`] or [`ClientCertificate::digest`] under the pepper that hub and outlet
    /// share.
    pub digest: [u8; 32],
    /// When it stops to be valid, microseconds since the epoch.
    pub expires_micros: i64,
    /// What it opens.
    pub rights: Rights,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(..)")
    }
}

/// What a credential opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Read what the hub released: `signals`, `context`, block lists, the stream.
    pub read_releases: bool,
    /// Read `partners`.
    pub read_partners: bool,
    /// Add to `inbox`: a member's key that may report.
    pub write_inbox: bool,
    /// Add to `partners`, and delete there what came under the same name.
    pub write_partners: Option<Contributor>,
    /// Delete in `partners` what anybody brought: the desk.
    pub moderate: bool,
}

/// An opaque, random name under which a partner's objects are kept, the same for all its keys.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Contributor(pub [u8; 16]);

impl std::fmt::Debug for Contributor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contributor(..)")
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
    rights: Rights,
}

/// The result of checking a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyCheck {
    /// The key is known and valid.
    Good(Rights),
    /// The key is known, but its time is over.
    Expired,
    /// There is no such key.
    Unknown,
}

impl Shelf {
    /// Replaces all credentials.
    pub async fn set_credentials(&self, all: Vec<Credential>) -> Result<(), OutletError> {
        self.change_credentials("set-credentials", move |tx| {
            tx.execute(schema::DELETE_CREDENTIALS, &[])?;
            all.iter().try_for_each(|c| upsert(tx, c))
        })
        .await
    }

    /// Adds a credential, or replaces the one with the same key id.
    pub async fn upsert_credential(&self, one: Credential) -> Result<(), OutletError> {
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
        self.check_digest(key.id(), &key.digest(pepper), now)
    }

    /// Checks a certificate whose holder the TLS handshake proved. `now` in microseconds.
    pub(crate) fn check_certificate(
        &self,
        certificate: &ClientCertificate,
        pepper: &[u8; 32],
        now: i64,
    ) -> KeyCheck {
        self.check_digest(&certificate.id(), &certificate.digest(pepper), now)
    }

    fn check_digest(&self, id: &str, digest: &KeyDigest, now: i64) -> KeyCheck {
        let table = self.0.credentials.read().unwrap_or_else(PoisonError::into_inner);
        match table.by_id.get(id) {
            Some(known) if known.digest.matches(digest) => {
                if now < known.expires_micros {
                    KeyCheck::Good(known.rights)
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
                    let contributor = row.blob(6)?.try_into().ok().map(Contributor);
                    let rights = Rights {
                        read_releases: row.int(3)? != 0,
                        read_partners: row.int(4)? != 0,
                        write_inbox: row.int(5)? != 0,
                        write_partners: contributor,
                        moderate: row.int(7)? != 0,
                    };
                    let expires_micros = row.int(2)?;
                    let principal =
                        digest.map(|digest| Principal { digest, expires_micros, rights });
                    Ok((row.text(0)?, principal))
                })?;
                Ok(rows.into_iter().filter_map(|(key_id, p)| Some((key_id, p?))).collect())
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

fn upsert(tx: &mut noroshi_store::Tx<'_>, one: &Credential) -> Result<(), StoreError> {
    let rights = &one.rights;
    // No name is no bytes: a column that may be absent would need another comparison per engine.
    let contributor = rights.write_partners.as_ref().map_or(&[][..], |c| &c.0);
    tx.execute(
        schema::UPSERT_CREDENTIAL,
        &[
            Param::from(&one.key_id),
            Param::from(&one.digest),
            Param::from(one.expires_micros),
            Param::from(rights.read_releases),
            Param::from(rights.read_partners),
            Param::from(rights.write_inbox),
            Param::from(contributor),
            Param::from(rights.moderate),
        ],
    )
    .map(|_| ())
}
