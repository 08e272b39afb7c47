//! Servers on real sockets and clients of several kinds.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{Response, Version};
use axum::routing::get;
use axum::{Extension, Router};
use http_body_util::{BodyExt as _, Empty};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use noroshi_outlet::listen::{self, ListenConfig, Tls, TlsError, TlsFiles};
use noroshi_outlet::{Clock, ManualClock};
use noroshi_seal::ClientCertificate;
use noroshi_stix::Timestamp;
use rustls::client::{ClientConfig, ResolvesClientCert};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, SignatureScheme};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::world::START;

pub(crate) type Reply = Response<Bytes>;

/// A certificate and its key.
pub(crate) struct Pair {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Pair {
    /// For `localhost`, signed by itself.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        change(&mut params);
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    pub(crate) fn der(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap()
    }

    pub(crate) fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap()
    }
}

/// The files of a server.
pub(crate) struct Files {
    pub(crate) folder: TempDir,
}

impl Files {
    pub(crate) fn of(pair: &Pair) -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        files.put(pair);
        files
    }

    /// Replaces both as renewing tools do it: each whole, one after the other.
    pub(crate) fn put(&self, pair: &Pair) {
        self.write("server.pem", &pair.certificate);
        self.write("server.key", &pair.key);
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let (new, path) = (self.folder.path().join("new"), self.folder.path().join(name));
        std::fs::write(&new, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        std::fs::rename(&new, &path).unwrap();
        path
    }

    pub(crate) fn names(&self) -> TlsFiles {
        TlsFiles {
            certificate: self.folder.path().join("server.pem"),
            key: self.folder.path().join("server.key"),
            client_ca: None,
            client_certificates: true,
        }
    }

    pub(crate) fn load(&self) -> Arc<Tls> {
        load(self.names()).unwrap()
    }
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(ManualClock::new(Timestamp::from_micros(START)))
}

pub(crate) fn load(files: TlsFiles) -> Result<Arc<Tls>, TlsError> {
    Tls::load_and_check(files, clock(), Duration::from_millis(50))
}

/// Answers with what the handler sees of the connection.
pub(crate) fn mirror() -> Router {
    let who = async |certificate: Option<Extension<ClientCertificate>>, request: Request| {
        let id = certificate.map_or("nobody".to_owned(), |Extension(c)| c.id());
        let host = request.headers().get("host").map_or("-", |h| h.to_str().unwrap());
        format!("{id} {host} {}", request.uri())
    };
    let large = async || vec![b'x'; 64 * 1024 * 1024];
    let endless = async || {
        let ticks = futures::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, io::Error>(Bytes::from_static(b": still here\n\n")), ()))
        });
        axum::body::Body::from_stream(ticks)
    };
    Router::new()
        .route("/who", get(who))
        .route("/large", get(large))
        .route("/endless", get(endless))
        .route("/slow", get(async || tokio::time::sleep(Duration::from_millis(500)).await))
}

/// A server that runs until it is dropped or stopped.
pub(crate) struct Running {
    pub(crate) address: String,
    stop: Option<oneshot::Sender<()>>,
    done: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn start(
        router: Router,
        tls: Option<Arc<Tls>>,
        change: impl FnOnce(&mut ListenConfig),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mut config = ListenConfig::default();
        change(&mut config);
        let (stop, stopped) = oneshot::channel();
        let stopped = async { drop(stopped.await) };
        let done = tokio::spawn(listen::serve(listener, router, tls, config, stopped));
        Self { address, stop: Some(stop), done }
    }

    pub(crate) async fn tcp(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    pub(crate) async fn tls(&self, client: &Client) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(client.config.clone()).connect(name, self.tcp().await).await
    }

    /// Asks over a new connection, in the version that is agreed on.
    pub(crate) async fn ask(&self, client: &Client, path: &str) -> io::Result<Reply> {
        let stream = self.tls(client).await?;
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            ask_http2(stream, path).await
        } else {
            ask_http1(stream, path).await
        }
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.done.await.unwrap();
    }
}

/// What a client believes and shows.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) config: Arc<ClientConfig>,
}

/// Which versions, which protocols.
pub(crate) struct Speaks {
    pub(crate) tls: &'static rustls::SupportedProtocolVersion,
    pub(crate) alpn: &'static [&'static str],
}

pub(crate) const SPOKEN: [Speaks; 4] = [
    Speaks { tls: &rustls::version::TLS13, alpn: &["h2", "http/1.1"] },
    Speaks { tls: &rustls::version::TLS13, alpn: &["http/1.1"] },
    Speaks { tls: &rustls::version::TLS12, alpn: &["h2"] },
    Speaks { tls: &rustls::version::TLS12, alpn: &[] },
];

impl Client {
    /// Believes the server's certificates, shows none.
    pub(crate) fn new(servers: &[&Pair]) -> Self {
        Self::speaking(&SPOKEN[0], servers, None)
    }

    /// Shows `identity`: a certificate and a key, which need not fit.
    pub(crate) fn speaking(
        speaks: &Speaks,
        servers: &[&Pair],
        identity: Option<(&Pair, &Pair)>,
    ) -> Self {
        let mut roots = RootCertStore::empty();
        for server in servers {
            roots.add(server.der()).unwrap();
        }
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[speaks.tls])
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match identity {
            None => config.with_no_client_auth(),
            Some((shown, held)) => {
                let key = ring::sign::any_supported_type(&held.key_der()).unwrap();
                let key = Arc::new(CertifiedKey::new(vec![shown.der()], key));
                config.with_client_cert_resolver(Arc::new(Shows(key)))
            }
        };
        config.alpn_protocols = speaks.alpn.iter().map(|p| p.as_bytes().to_vec()).collect();
        Self { config: Arc::new(config) }
    }
}

#[derive(Debug)]
struct Shows(Arc<CertifiedKey>);

impl ResolvesClientCert for Shows {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// HTTP/2 has the authority in the target alone, HTTP/1.1 in `Host` alone.
fn request(path: &str, version: Version) -> Request<Empty<Bytes>> {
    const AUTHORITY: &str = "hub.example:8443";
    let request = if version == Version::HTTP_2 {
        Request::get(format!("http://{AUTHORITY}{path}"))
    } else {
        Request::get(path).header("host", AUTHORITY)
    };
    request.version(version).body(Empty::new()).unwrap()
}

async fn whole(answer: Response<hyper::body::Incoming>) -> io::Result<Reply> {
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    Ok(Response::from_parts(parts, body))
}

pub(crate) async fn ask_http1<I>(io: I, path: &str) -> io::Result<Reply>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut sender = http1(io).await?;
    ask_again(&mut sender, path).await
}

/// An HTTP/1.1 connection to ask on more than once.
pub(crate) async fn http1<I>(io: I) -> io::Result<http1::SendRequest<Empty<Bytes>>>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) =
        http1::handshake(TokioIo::new(io)).await.map_err(io::Error::other)?;
    tokio::spawn(connection);
    Ok(sender)
}

pub(crate) async fn ask_again(
    sender: &mut http1::SendRequest<Empty<Bytes>>,
    path: &str,
) -> io::Result<Reply> {
    let answer = sender.send_request(request(path, Version::HTTP_11)).await;
    whole(answer.map_err(io::Error::other)?).await
}

pub(crate) async fn http2<I>(io: I) -> io::Result<http2::SendRequest<Empty<Bytes>>>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let shaken = http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await;
    let (sender, connection) = shaken.map_err(io::Error::other)?;
    tokio::spawn(connection);
    Ok(sender)
}

pub(crate) async fn ask_http2<I>(io: I, path: &str) -> io::Result<Reply>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut sender = http2(io).await?;
    ask_multiplexed(&mut sender, path).await
}

pub(crate) async fn ask_multiplexed(
    sender: &mut http2::SendRequest<Empty<Bytes>>,
    path: &str,
) -> io::Result<Reply> {
    let answer = sender.send_request(request(path, Version::HTTP_2)).await;
    whole(answer.map_err(io::Error::other)?).await
}

/// Everything until the server ends the connection, however it does; fails after ten seconds.
pub(crate) async fn read_to_end(mut stream: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut all = Vec::new();
    let reading = async { drop(stream.read_to_end(&mut all).await) };
    let ended = tokio::time::timeout(Duration::from_secs(10), reading).await;
    assert!(ended.is_ok(), "the connection stays open");
    all
}

pub(crate) fn text(reply: &Reply) -> &str {
    std::str::from_utf8(reply.body()).unwrap()
}
