//! Documents that go out beside releases: signed here, put on the shelf by the tick.

use noroshi_anonymity::policy::{PublishedRegister, Record, SignedCertificate};
use noroshi_outlet::SignedDocument;
use noroshi_seal::SigningKey;
use noroshi_store::{StoreError, Tx};

use super::standing::Standing;
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::documents::{self, Document};

/// Documents handed to the shelf at a time.
const LIMIT: i64 = 200;

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

/// Puts waiting documents on the shelf. Returns how many.
///
/// # Errors
/// When a database does not answer; the next tick tries again.
pub(crate) async fn deliver(hub: &Hub) -> Result<usize, HubError> {
    let mut delivered = 0;
    loop {
        let waiting =
            hub.vault().read("documents.waiting", |tx| documents::waiting(tx, LIMIT)).await?;
        if waiting.is_empty() {
            return Ok(delivered);
        }
        delivered += waiting.len();
        let done: Vec<_> = waiting.iter().map(|d| (d.name.clone(), d.signature.clone())).collect();
        let signed = waiting.into_iter().map(|d| SignedDocument {
            name: d.name,
            clear: d.clear,
            body: d.body,
            signature: d.signature,
        });
        hub.shelf().put_documents(signed.collect()).await?;
        hub.vault()
            .write("documents.published", move |tx| {
                done.iter().try_for_each(|(name, sign)| documents::published(tx, name, sign))
            })
            .await?;
    }
}
