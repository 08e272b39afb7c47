//! Client certificates as the operator hands them over: a PEM or DER file.

use noroshi_seal::ClientCertificate;
use noroshi_stix::Timestamp;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::error::HubError;

/// A certificate that was read, and until when it holds.
#[derive(Clone, Copy, Debug)]
pub struct CertificateFile {
    /// What the TLS handshake will prove.
    pub certificate: ClientCertificate,
    /// The certificate's own end.
    pub not_after: Timestamp,
}

/// A certificate that now stands for a key.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Public part of the key.
    pub id: String,
    /// SHA-256 as `openssl x509 -fingerprint -sha256` prints it: pairs of digits with colons.
    pub fingerprint: String,
    /// Until when it holds: the sooner of what was asked for and the certificate's own end.
    pub expires: Timestamp,
}

/// Reads a client certificate, PEM or DER. Of a chain the first counts: clients put their own there.
///
/// # Errors
/// When there is no X.509 certificate in it.
pub fn read_certificate(bytes: &[u8]) -> Result<CertificateFile, HubError> {
    let pem = CertificateDer::pem_slice_iter(bytes).next();
    let der = match pem {
        Some(Ok(der)) => der,
        Some(Err(_)) => return Err(unreadable()),
        None => CertificateDer::from(bytes),
    };
    let parsed = Certificate::from_der(&der).map_err(|_| unreadable())?;
    let end = parsed.tbs_certificate().validity().not_after.to_unix_duration();
    let not_after = i64::try_from(end.as_micros()).map_err(|_| unreadable())?;
    Ok(CertificateFile {
        certificate: ClientCertificate::from_der(&der),
        not_after: Timestamp::from_micros(not_after),
    })
}

/// A fingerprint with a colon between the bytes.
pub fn fingerprint_text(sha256: &[u8]) -> String {
    let pairs: Vec<String> = sha256.iter().map(|b| format!("{b:02X}")).collect();
    pairs.join(":")
}

fn unreadable() -> HubError {
    HubError::bad(
        "bad-certificate",
        "The file holds no X.509 certificate. Give the client's own certificate as PEM (-----BEGIN CERTIFICATE-----) or DER; its private key stays with the client.",
    )
}
