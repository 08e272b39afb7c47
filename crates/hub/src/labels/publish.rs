//! Documents that go out beside releases: signed here, put on the shelf by the tick.

use noroshi_anonymity::policy::{PublishedRegister, Record, SignedCertificate};
use noroshi_outlet::{OutletError, SignedDocument};
use noroshi_seal::SigningKey;
use noroshi_store::{StoreError, Tx};

use super::standing::Standing;
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::documents::{self, Document, Mark};

/// Documents read at a time; a register of 10,000 members has a megabyte.
const LIMIT: i64 = 8;

/// Signs documents and keeps them in the vault until they are on the shelf.
pub(crate) struct Publisher<'a> {
    /// The hub's key.
    pub(crate) key: &'a SigningKey,
    /// Whether what they are about is TLP:CLEAR.
    pub(crate) clear: bool,
}

impl Publisher<'_> {
    /// The register and the parameters a record cites; once each.
    ///
    /// # Errors
    /// When the vault cannot be written.
    pub(crate) fn standing(&self, tx: &mut Tx<'_>, standing: &Standing) -> Result<(), StoreError> {
        let register = format!("registers/{}", standing.register);
        if !documents::exists(tx, &register)? {
            self.put(tx, register, PublishedRegister::of(&standing.roster).to_bytes())?;
        }
        let parameters = format!("parameters/{}", standing.parameters_hash);
        if !documents::exists(tx, &parameters)? {
            self.put(tx, parameters, standing.parameters.to_bytes())?;
        }
        Ok(())
    }

    /// A record, under its number and as the latest one.
    ///
    /// # Errors
    /// When the vault cannot be written.
    pub(crate) fn record(&self, tx: &mut Tx<'_>, record: Record) -> Result<(), StoreError> {
        let name = format!("records/{}", record.number);
        let body = record.sign(self.key).to_bytes();
        self.put(tx, name, body.clone())?;
        self.put(tx, "records/latest".to_owned(), body)
    }

    /// The certificate of one version of a release.
    ///
    /// # Errors
    /// When the vault cannot be written.
    pub(crate) fn certificate(
        &self,
        tx: &mut Tx<'_>,
        release_id: &str,
        version: i64,
        certificate: &SignedCertificate,
    ) -> Result<(), StoreError> {
        self.put(tx, certificate_name(release_id, version), certificate.to_bytes())
    }

    /// A document of any name.
    ///
    /// # Errors
    /// When the vault cannot be written.
    pub(crate) fn put(
        &self,
        tx: &mut Tx<'_>,
        name: String,
        body: Vec<u8>,
    ) -> Result<(), StoreError> {
        let signed = SignedDocument::sign(name, self.clear, body, self.key);
        let SignedDocument { name, clear, body, signature } = signed;
        documents::put(tx, &Document { name, clear, body, signature })
    }
}

/// The first version's certificate is named after the release, later ones say which.
pub(crate) fn certificate_name(release_id: &str, version: i64) -> String {
    match version {
        1 => format!("certificates/{release_id}"),
        n => format!("certificates/{release_id}-v{n}"),
    }
}

/// Puts waiting documents on the shelf. Returns how many. One that the shelf refuses does not keep
/// back the others; it is set aside.
///
/// # Errors
/// When a database does not answer (the next tick tries again), or, after all others are out, for
/// the first refused document.
pub(crate) async fn deliver(hub: &Hub) -> Result<usize, HubError> {
    let (mut delivered, mut refused) = (0, None);
    loop {
        let waiting =
            hub.vault().read("documents.waiting", |tx| documents::waiting(tx, LIMIT)).await?;
        if waiting.is_empty() {
            return refused.map_or(Ok(delivered), Err);
        }
        for document in waiting {
            let (name, sign) = (document.name.clone(), document.signature.clone());
            let put = hub.shelf().put_documents(vec![signed(document)]).await;
            let mark = match put {
                Ok(()) => Mark::Published,
                Err(
                    e @ (OutletError::BadDocument { .. }
                    | OutletError::UnsignedDocument(_)
                    | OutletError::DocumentChanges(_)),
                ) => {
                    tracing::error!(error = %e, "the shelf refuses a document");
                    refused.get_or_insert(HubError::Shelf(e));
                    Mark::Refused
                }
                Err(e) => return Err(HubError::Shelf(e)),
            };
            hub.vault()
                .write("documents.mark", move |tx| documents::mark(tx, &name, &sign, mark))
                .await?;
            delivered += usize::from(mark == Mark::Published);
        }
    }
}

fn signed(d: Document) -> SignedDocument {
    SignedDocument { name: d.name, clear: d.clear, body: d.body, signature: d.signature }
}
