//! Proofs that released objects are part of signed batches.

use noroshi_store::{Param, Tx};

use super::verify::BatchRow;
use super::{Shelf, schema};
use crate::collection::Collection;
use crate::error::OutletError;
use crate::proof::InclusionProof;

impl Shelf {
    /// The proof for one version of a released object, the newest where none is named. `None` also
    /// where the object is not TLP:CLEAR and only that may be read, and where its batch is no
    /// longer what was signed.
    pub(crate) async fn proof(
        &self,
        id: &str,
        version: Option<i64>,
        clear_only: bool,
    ) -> Result<Option<InclusionProof>, OutletError> {
        let found = {
            let view = self.view();
            let released = Collection::ALL.into_iter().filter(|c| c.is_released());
            released
                .filter_map(|collection| match version {
                    Some(version) => view.index.of_version(collection, id, version),
                    None => view.index.newest_of(collection, id).next(),
                })
                .filter_map(|place| Some((place, view.index.mark(place)?)))
                .find(|(_, mark)| !mark.gone() && (mark.tlp == 0 || !clear_only))
                .map(|(place, mark)| (place, mark.version))
        };
        let Some((place, version)) = found else { return Ok(None) };
        let sequence = i64::from(place) + 1;
        let (id, trust) = (id.to_owned(), self.0.trust.clone());
        let reading = move |tx: &mut Tx<'_>| {
            let batch = tx.query_one(schema::BATCH_AT, &[Param::from(sequence)], BatchRow::read)?;
            Ok(batch.and_then(|batch| {
                let index = place.checked_sub(batch.places()?.start)?;
                let (head, signed) = (batch.head()?, batch.check(&trust)?);
                InclusionProof::over(&id, version, &head, &signed.leaves, index as usize)
            }))
        };
        let proof = self.0.store.read("proof", reading).await?;
        if proof.is_none() {
            self.reject(1);
            tracing::error!("the head of a batch on the shelf was changed");
        }
        Ok(proof)
    }
}
