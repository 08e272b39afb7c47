//! What is told of earlier posts to `partners` (TAXII 2.1, section 4.3).

use noroshi_stix::taxii::Status;
use noroshi_store::{Param, StoreError, Tx};

use super::{Contributor, Shelf, schema};
use crate::error::OutletError;

/// How long a status can be asked for, in microseconds: two days (section 4.3 asks for one).
const KEPT: i64 = 2 * 86_400_000_000;

/// The status of one post, on its way to the database.
#[derive(Clone)]
pub(crate) struct Posting {
    /// UUID of the status.
    pub(crate) id: String,
    pub(crate) contributor: Contributor,
    /// When it came, microseconds.
    pub(crate) at: i64,
    /// The status resource as JSON.
    pub(crate) json: Vec<u8>,
}

impl Posting {
    /// Notes a status, and lets the old ones go.
    pub(super) fn insert(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        tx.execute(schema::DELETE_POSTINGS, &[Param::from(self.at - KEPT)])?;
        tx.execute(
            schema::INSERT_POSTING,
            &[
                Param::from(&self.id),
                Param::from(&self.contributor.0),
                Param::from(self.at),
                Param::from(&self.json),
            ],
        )
        .map(drop)
    }
}

impl Shelf {
    /// The status of an earlier post of this contributor, as JSON.
    pub(crate) async fn posting(
        &self,
        id: &str,
        contributor: Contributor,
    ) -> Result<Option<Vec<u8>>, OutletError> {
        let id = id.to_ascii_lowercase();
        let read = move |tx: &mut Tx<'_>| {
            tx.query_one(schema::POSTING, &[Param::from(&id)], |row| {
                Ok((row.blob(0)? == contributor.0, row.blob(1)?))
            })
        };
        let found = self.0.store.read("posting", read).await?;
        Ok(found.filter(|(mine, _)| *mine).map(|(_, json)| json))
    }

    /// Notes the status of a post that added nothing.
    pub(super) async fn note(&self, posting: Posting) -> Result<(), OutletError> {
        Ok(self.0.store.write("posting", move |tx| posting.insert(tx)).await?)
    }
}

/// The JSON of a status.
pub(super) fn json(status: &Status) -> Vec<u8> {
    // Structs of strings and numbers always serialise.
    serde_json::to_vec(status).unwrap_or_default()
}
