//! What keys and certificates of members and of partners have in common.

use noroshi_seal::{ApiKey, ClientCertificate};
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::certificates::{CertificateFile, Registered, fingerprint_text};
use crate::error::HubError;
use crate::vault::keys::{self, KeyRow};
use crate::vault::partners::{self, PartnerKey};

/// What every new key or certificate has, whoever owns it.
#[derive(Clone)]
pub(super) struct Fresh {
    pub(super) id: String,
    pub(super) digest: Vec<u8>,
    pub(super) fingerprint: Option<Vec<u8>>,
    pub(super) expires: Timestamp,
}

impl Fresh {
    /// Of a key that was just made.
    pub(super) fn of_key(key: &ApiKey, pepper: &[u8; 32], expires: Timestamp) -> Self {
        let digest = key.digest(pepper).as_bytes().to_vec();
        Self { id: key.id().to_owned(), digest, fingerprint: None, expires }
    }

    /// Ends with the certificate, if that is sooner.
    ///
    /// # Errors
    /// When the certificate has run out, or it should hold for no day.
    pub(super) fn of_certificate(
        file: &CertificateFile,
        pepper: &[u8; 32],
        now: Timestamp,
        days: u32,
    ) -> Result<Self, HubError> {
        let expires = end_of(now, days)?.min(file.not_after);
        if expires <= now {
            return Err(HubError::bad(
                "certificate-expired",
                format!("The certificate has run out on {}. Make a new one.", file.not_after),
            ));
        }
        let certificate = &file.certificate;
        Ok(Self {
            id: certificate.id(),
            digest: certificate.digest(pepper).as_bytes().to_vec(),
            fingerprint: Some(certificate.fingerprint().to_vec()),
            expires,
        })
    }

    /// What the operator is shown.
    pub(super) fn registered(&self, certificate: &ClientCertificate) -> Registered {
        Registered {
            id: self.id.clone(),
            fingerprint: fingerprint_text(certificate.fingerprint()),
            expires: self.expires,
        }
    }
}

/// When a key made now ends.
///
/// # Errors
/// When it should hold for no day.
pub(super) fn end_of(now: Timestamp, days: u32) -> Result<Timestamp, HubError> {
    if days == 0 {
        return Err(HubError::bad("bad-key", "A key holds for at least one day."));
    }
    let end = now.plus_days(i64::from(days));
    Ok(if end > now { end } else { Timestamp::from_micros(i64::MAX) })
}

/// Whether a key or certificate of this public part was ever made.
///
/// # Errors
/// When the vault cannot be read.
pub(super) fn known_as(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    Ok(either(tx, id)?.is_some())
}

/// The refusal of a certificate that stands for a key already.
pub(super) fn registered_before(id: &str) -> HubError {
    HubError::bad(
        "certificate-known",
        format!(
            "This certificate was registered before, as key {id}; see `noroshi admin key list`. One certificate stands for one key, also after its end: make another one."
        ),
    )
}

/// A key of a member or of a partner.
pub(super) enum Either {
    Member(KeyRow),
    Partner(PartnerKey),
}

impl Either {
    /// Whether it holds at `now`.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        match self {
            Self::Member(k) => k.holds(now),
            Self::Partner(k) => k.holds(now),
        }
    }

    /// Whether it is a client certificate.
    pub(super) fn is_certificate(&self) -> bool {
        match self {
            Self::Member(k) => k.fingerprint.is_some(),
            Self::Partner(k) => k.fingerprint.is_some(),
        }
    }
}

/// The key or certificate of this public part.
///
/// # Errors
/// When the vault cannot be read.
pub(super) fn either(tx: &mut Tx<'_>, id: &str) -> Result<Option<Either>, StoreError> {
    if let Some(key) = keys::one(tx, id)? {
        return Ok(Some(Either::Member(key)));
    }
    Ok(partners::key(tx, id)?.map(Either::Partner))
}
