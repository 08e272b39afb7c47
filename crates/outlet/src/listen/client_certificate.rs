//! Client certificates at the level of TLS: pinned, not trusted through an authority.
//!
//! The handshake proves that the client holds the private key of the certificate it shows, and
//! nothing else. Whether that certificate opens anything is looked up for each request, like an API
//! key. So a tool makes its certificate itself, and no authority can make another one that counts.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    SignatureScheme,
};

/// Takes any certificate whose key the client holds.
pub(super) fn pinned(provider: &CryptoProvider) -> Arc<dyn ClientCertVerifier> {
    Arc::new(Pinned { algorithms: provider.signature_verification_algorithms })
}

/// Takes certificates under these authorities only; pinning comes on top. `None` when the
/// authorities cannot be used.
pub(super) fn under(
    authorities: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Option<Arc<dyn ClientCertVerifier>> {
    WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), provider.clone())
        .allow_unauthenticated()
        .build()
        .ok()
}

struct Pinned {
    algorithms: WebPkiSupportedAlgorithms,
}

impl ClientCertVerifier for Pinned {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    /// None: many clients send no certificate at all when its issuer is not among the names.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let bytes = end_entity.len() + intermediates.iter().map(|c| c.len()).sum::<usize>();
        if bytes > MAX_CHAIN {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        // Its dates are not asked: until when it counts stands with the pin, as for an API key.
        ParsedCertificate::try_from(end_entity)?;
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl fmt::Debug for Pinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pinned(..)")
    }
}

/// Most bytes of a client's chain. A session ticket carries the chain back and forth.
const MAX_CHAIN: usize = 16 * 1024;
