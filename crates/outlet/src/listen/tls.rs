//! From PEM files to a TLS configuration, with errors that say which file to change.

use std::fmt;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use noroshi_stix::Timestamp;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::ClientCertVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig};

use super::client_certificate;
use super::validity::not_after;
use crate::clock::Clock;

/// Where certificate and key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM: the server's certificate, then those that lead to an authority.
    pub certificate: PathBuf,
    /// PEM: the private key of the first certificate, readable by its users only.
    pub key: PathBuf,
    /// PEM: if set, only client certificates under one of these authorities are taken.
    pub client_ca: Option<PathBuf>,
    /// Whether clients are asked for a certificate at all.
    pub client_certificates: bool,
}

/// Certificate and key cannot be used; the text names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is missing or closed to this user.
    #[error("the TLS file {} cannot be read ({error}); check its path and who may read it", file.display())]
    Read {
        /// Which one.
        file: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Nothing of a certificate in it.
    #[error("{} holds no certificate; write there the PEM text that begins with BEGIN CERTIFICATE, the server's own first", .0.display())]
    NoCertificate(PathBuf),
    /// A certificate that nobody can read.
    #[error("a certificate in {} cannot be read; copy the PEM file again as the authority gave it out", .0.display())]
    BadCertificate(PathBuf),
    /// Nothing of a key in it.
    #[error("{} holds no private key; write there the unencrypted PEM text that begins with BEGIN PRIVATE KEY", .0.display())]
    NoKey(PathBuf),
    /// Everybody can take the key.
    #[error("the private key {} is open to every user of this machine; run: chmod 640 {}", .0.display(), .0.display())]
    OpenKey(PathBuf),
    /// The key is of another certificate, or of a kind that is not known.
    #[error("the key {} does not fit the first certificate in {} ({error}); both must come from the same request", key.display(), certificate.display())]
    Pair {
        /// File of the key.
        key: PathBuf,
        /// File of the certificate.
        certificate: PathBuf,
        /// What the TLS library said.
        error: rustls::Error,
    },
    /// Its time is over.
    #[error("the certificate in {} expired on {end}; renew it", file.display())]
    Expired {
        /// Which one.
        file: PathBuf,
        /// The last instant it was good.
        end: Timestamp,
    },
    /// The library refuses its own defaults.
    #[error("TLS cannot be set up: {0}")]
    Setup(rustls::Error),
}

/// A pair that was checked, ready to be served with.
pub(super) struct Loaded {
    pub(super) server: Arc<ServerConfig>,
    /// Until when the certificate is good, where that can be read.
    pub(super) end: Option<Timestamp>,
}

/// Reads and checks the files: everything but whether the certificate has expired.
pub(super) fn load(files: &TlsFiles, clock: &Arc<dyn Clock>) -> Result<Loaded, TlsError> {
    let provider = Arc::new(ring::default_provider());
    let chain = certificates(&files.certificate)?;
    let end = chain.first().and_then(|der| not_after(der));
    let key = CertifiedKey::from_der(chain, private_key(&files.key)?, &provider).map_err(|e| {
        let (key, certificate) = (files.key.clone(), files.certificate.clone());
        TlsError::Pair { key, certificate, error: e }
    })?;
    let time = Arc::new(Time(clock.clone()));
    let builder = ServerConfig::builder_with_details(provider.clone(), time)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(TlsError::Setup)?;
    let builder = match verifier(files, &provider)? {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    let mut server = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(key)));
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Sessions travel with the client, so thousands of pollers resume without a table of them. The
    // keys are new with each pair of files, so what an old client CA allowed ends with it.
    server.ticketer = ring::Ticketer::new().map_err(TlsError::Setup)?;
    Ok(Loaded { server: Arc::new(server), end })
}

fn verifier(
    files: &TlsFiles,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<dyn ClientCertVerifier>>, TlsError> {
    if !files.client_certificates {
        return Ok(None);
    }
    let Some(file) = &files.client_ca else {
        return Ok(Some(client_certificate::pinned(provider)));
    };
    let mut authorities = RootCertStore::empty();
    for certificate in certificates(file)? {
        let added = authorities.add(certificate);
        added.map_err(|_| TlsError::BadCertificate(file.clone()))?;
    }
    let verifier = client_certificate::under(authorities, provider);
    verifier.map(Some).ok_or_else(|| TlsError::BadCertificate(file.clone()))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(file)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let chain = chain.map_err(|_| TlsError::BadCertificate(file.to_owned()))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(file.to_owned()));
    }
    Ok(chain)
}

fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let about =
        std::fs::metadata(file).map_err(|error| TlsError::Read { file: file.to_owned(), error })?;
    if open_to_all(&about) {
        return Err(TlsError::OpenKey(file.to_owned()));
    }
    PrivateKeyDer::from_pem_slice(&read(file)?).map_err(|_| TlsError::NoKey(file.to_owned()))
}

/// A group may read a key: that is how certificates are shared among services.
#[cfg(unix)]
fn open_to_all(about: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o007 != 0
}

#[cfg(not(unix))]
fn open_to_all(_: &Metadata) -> bool {
    false
}

fn read(file: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(file).map_err(|error| TlsError::Read { file: file.to_owned(), error })
}

/// The time as TLS wants it, from our clock.
struct Time(Arc<dyn Clock>);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        let micros = u64::try_from(self.0.now().as_micros()).ok()?;
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_micros(micros)))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Time(..)")
    }
}
