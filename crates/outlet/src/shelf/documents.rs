//! Documents beside the releases: put once, verified when they are taken in and each time they are
//! served.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use noroshi_seal::Hash;
use noroshi_store::{Param, Row, StoreError, Tx};

use super::publish::{MAX_ATTEMPTS, bump};
use super::{Shelf, Trust, schema};
use crate::document::SignedDocument;
use crate::error::OutletError;

/// The documents that were verified, without their bodies.
#[derive(Default)]
pub(super) struct Documents {
    /// Up to which number rows were read.
    read: i64,
    by_name: BTreeMap<String, Known>,
}

/// One document that was verified.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Known {
    clear: bool,
    hash: Hash,
    /// Its row was changed or removed since; until the hub puts it again it is not served.
    gone: bool,
}

/// What a row is after its signature was looked at.
enum Taken {
    Good(String, Known),
    Bad(String),
}

impl Shelf {
    /// Puts documents on the shelf; when this returns they are durable and can be read. One that is
    /// there already with the same body is left alone.
    ///
    /// # Errors
    /// Where a document has no good signature, name or body, or would change one that is there
    /// (names that end in `/latest` may change). Nothing of refused documents is kept.
    pub async fn put_documents(&self, documents: Vec<SignedDocument>) -> Result<(), OutletError> {
        for document in &documents {
            if let Some(reason) = document.flaw() {
                return Err(OutletError::BadDocument { name: document.name.clone(), reason });
            }
            if !document.verify(&self.0.trust.keys) {
                return Err(OutletError::UnsignedDocument(document.name.clone()));
            }
        }
        let mut turn = self.0.turn.lock().await;
        self.catch_up_in(&mut turn).await?;
        let new: Vec<_> = documents.into_iter().filter(|d| !self.has_document(d)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let (new, trust) = (Arc::new(new), self.0.trust.clone());
        let writing = move |tx: &mut Tx<'_>| write(tx, &new, &trust);
        if let Some(name) = self.0.store.write("put-documents", writing).await? {
            return Err(OutletError::DocumentChanges(name));
        }
        self.catch_up_in(&mut turn).await
    }

    /// A document that a caller may read. `None` is also the answer for one that is not `clear` to
    /// whoever reads only what is, and for one whose row no longer verifies.
    pub(crate) async fn document(
        &self,
        name: &str,
        clear_only: bool,
    ) -> Result<Option<SignedDocument>, OutletError> {
        let mut before = None;
        for _ in 0..MAX_ATTEMPTS {
            let Some(known) = self.known_document(name, clear_only) else { return Ok(None) };
            let asked = name.to_owned();
            let read = move |tx: &mut Tx<'_>| {
                tx.query_one(schema::DOCUMENT, &[Param::from(&asked)], read_row)
            };
            let found = self.0.store.read("document", read).await?;
            let found = found.map(|(_, document)| document);
            if let Some(good) = found
                .filter(|d| d.name == name && d.hash() == known.hash)
                .filter(|d| d.verify(&self.0.trust.keys))
            {
                return Ok(Some(good));
            }
            if before == Some(known) {
                self.lose_document(name, known);
                return Ok(None);
            }
            // Another process may have put a newer one.
            before = Some(known);
            self.catch_up().await?;
        }
        Err(OutletError::Unsteady)
    }

    /// Whether there is no document of this name: for a hub that fills a shelf again.
    pub fn lacks_document(&self, name: &str) -> bool {
        !self.documents().by_name.contains_key(name)
    }

    /// Names of the documents a caller may read, in order.
    pub(crate) fn document_names(&self, clear_only: bool) -> Vec<String> {
        let documents = self.documents();
        let seen = documents.by_name.iter().filter(|(_, k)| k.is_for(clear_only));
        seen.map(|(name, _)| name.clone()).collect()
    }

    /// Verifies the rows that came since the last time, up to the number `last`.
    pub(super) async fn refresh_documents(&self, last: i64) -> Result<(), StoreError> {
        let after = self.documents().read;
        if after >= last {
            return Ok(());
        }
        let trust = self.0.trust.clone();
        let reading = move |tx: &mut Tx<'_>| {
            let mut taken = Vec::new();
            tx.each(schema::DOCUMENTS, &[Param::from(after), Param::from(last)], |row| {
                let (_, document) = read_row(row)?;
                let good = document.flaw().is_none() && document.verify(&trust.keys);
                let known = Known { clear: document.clear, hash: document.hash(), gone: false };
                taken.push(if good {
                    Taken::Good(document.name, known)
                } else {
                    Taken::Bad(document.name)
                });
                Ok(())
            })?;
            Ok(taken)
        };
        let taken = self.0.store.read("documents", reading).await?;
        let mut documents = self.documents_mut();
        let mut rejected = 0;
        for one in taken {
            match one {
                Taken::Good(name, known) => drop(documents.by_name.insert(name, known)),
                Taken::Bad(name) => {
                    rejected += 1;
                    if let Some(known) = documents.by_name.get_mut(&name) {
                        known.gone = true;
                    }
                }
            }
        }
        documents.read = last;
        drop(documents);
        if rejected > 0 {
            self.reject(rejected);
            tracing::error!(rejected, "documents of the shelf fail verification");
        }
        Ok(())
    }

    fn known_document(&self, name: &str, clear_only: bool) -> Option<Known> {
        self.documents().by_name.get(name).copied().filter(|known| known.is_for(clear_only))
    }

    fn has_document(&self, document: &SignedDocument) -> bool {
        let known = self.known_document(&document.name, false);
        known.is_some_and(|known| known.hash == document.hash())
    }

    /// Takes a document away whose row is no longer what was verified, and counts it once.
    fn lose_document(&self, name: &str, lost: Known) {
        let mut documents = self.documents_mut();
        let Some(known) = documents.by_name.get_mut(name).filter(|known| **known == lost) else {
            return;
        };
        known.gone = true;
        drop(documents);
        self.reject(1);
        tracing::error!("a document of the shelf was changed");
    }

    fn documents(&self) -> std::sync::RwLockReadGuard<'_, Documents> {
        self.0.documents.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn documents_mut(&self) -> std::sync::RwLockWriteGuard<'_, Documents> {
        self.0.documents.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn is_for(&self, clear_only: bool) -> bool {
        !self.gone && (self.clear || !clear_only)
    }
}

/// Stores what is new. Answers the name of a document that would change, and has stored nothing
/// then.
fn write(
    tx: &mut Tx<'_>,
    documents: &[SignedDocument],
    trust: &Trust,
) -> Result<Option<String>, StoreError> {
    // Whoever holds the counter is the only one who puts documents.
    let count = i64::try_from(documents.len()).unwrap_or(i64::MAX);
    let first = bump(tx, "documents", count)?.saturating_sub(count).saturating_add(1);
    let mut fresh: BTreeMap<&str, &SignedDocument> = BTreeMap::new();
    for document in documents {
        let stored =
            tx.query_one(schema::DOCUMENT, &[Param::from(document.name.as_str())], read_row)?;
        // What nobody signed is no document: the hub's takes its place.
        let stored = stored.map(|(_, stored)| stored).filter(|s| s.verify(&trust.keys));
        let other = |there: &SignedDocument| there.hash() != document.hash();
        let there = [stored.as_ref(), fresh.get(document.name.as_str()).copied()];
        if !document.may_change() && there.into_iter().flatten().any(other) {
            bump(tx, "documents", -count)?;
            return Ok(Some(document.name.clone()));
        }
        if stored.as_ref().is_none_or(other) {
            fresh.insert(&document.name, document);
        } else {
            fresh.remove(document.name.as_str());
        }
    }
    for (document, number) in fresh.into_values().zip(first..) {
        let clear = i64::from(document.clear);
        tx.execute(
            schema::PUT_DOCUMENT,
            &[
                Param::from(&document.name),
                Param::from(number),
                Param::from(clear),
                Param::from(&document.body),
                Param::from(&document.signature),
            ],
        )?;
    }
    Ok(None)
}

/// Number and document of a row.
fn read_row(row: &Row<'_>) -> Result<(i64, SignedDocument), StoreError> {
    let clear = row.int(2)? != 0;
    let (name, body, signature) = (row.text(1)?, row.blob(3)?, row.blob(4)?);
    Ok((row.int(0)?, SignedDocument { name, clear, body, signature }))
}
