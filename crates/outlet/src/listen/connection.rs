//! One connection from its first byte to its last.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, Uri, header, uri};
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use noroshi_seal::ClientCertificate;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::server::TlsStream;
use tower::Service as _;

use super::pulse::{Answer, Life, Look, Pulse, Socket};
use super::{ListenConfig, Tls};

/// What the server wants of its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// To go on.
    Running,
    /// To finish what runs and take nothing more.
    Draining,
    /// To be gone.
    Ended,
}

/// What all connections share.
pub(super) struct Server {
    pub(super) config: ListenConfig,
    router: Router,
    tls: Option<Arc<Tls>>,
    either: Builder<TokioExecutor>,
    http1: Builder<TokioExecutor>,
    http2: Builder<TokioExecutor>,
}

impl Server {
    pub(super) fn new(router: Router, tls: Option<Arc<Tls>>, config: ListenConfig) -> Self {
        let either = limited();
        Self {
            config,
            // Makes services of all handlers now and not for each request.
            router: router.with_state(()),
            tls,
            http1: either.clone().http1_only(),
            http2: either.clone().http2_only(),
            either,
        }
    }

    /// Serves a new connection until it ends.
    pub(super) async fn take(&self, socket: TcpStream, mut phase: watch::Receiver<Phase>) {
        let pulse = Arc::new(Pulse::default());
        let Some(tls) = &self.tls else {
            let io = TokioIo::new(Socket::new(socket, pulse.clone()));
            return self.serve(&self.either, io, None, pulse, phase).await;
        };
        let shaken = tokio::select! {
            shaken = tokio::time::timeout(
                self.config.handshake_timeout,
                shake_hands(tls, socket, pulse.clone()),
            ) => shaken,
            // A handshake serves nobody yet: it may be cut.
            _ = phase.changed() => return,
        };
        let Ok(Some(stream)) = shaken else {
            // Neither who it was nor what was shown: both may name a member.
            tracing::debug!("a TLS handshake failed or took too long");
            return;
        };
        let (_, session) = stream.get_ref();
        let certificate = session
            .peer_certificates()
            .and_then(|chain| chain.first())
            .map(|end_entity| ClientCertificate::from_der(end_entity));
        let spoken = match session.alpn_protocol() {
            Some(b"h2") => &self.http2,
            _ => &self.http1,
        };
        self.serve(spoken, TokioIo::new(stream), certificate, pulse, phase).await;
    }

    async fn serve<I: Read + Write + Unpin + 'static>(
        &self,
        spoken: &Builder<TokioExecutor>,
        io: I,
        certificate: Option<ClientCertificate>,
        pulse: Arc<Pulse>,
        mut phase: watch::Receiver<Phase>,
    ) {
        let (router, counted) = (self.router.clone(), pulse.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let open = counted.begin();
            let request = shape(request, certificate).map(Body::new);
            let answering = router.clone().call(request);
            async move {
                let answer: Response<Body> = answering.await?;
                Ok::<_, Infallible>(answer.map(|body| Answer::new(body, open)))
            }
        });
        let mut connection = pin!(spoken.serve_connection(io, service));
        let mut timer = pin!(tokio::time::sleep(self.config.header_timeout));
        let (mut look, mut leaving) = (Look::default(), false);
        loop {
            tokio::select! {
                biased;
                // What failed was the client's: it left, or spoke something else.
                _ = connection.as_mut() => return,
                changed = phase.changed() => match *phase.borrow_and_update() {
                    Phase::Draining if changed.is_ok() => connection.as_mut().graceful_shutdown(),
                    Phase::Running if changed.is_ok() => {}
                    _ => return,
                },
                () = timer.as_mut() => {
                    let wait = match pulse.life(&mut look) {
                        Life::Stuck => return,
                        Life::Idle if leaving => return,
                        Life::Idle => {
                            // HTTP/2 clients are told, and may have sent something just now.
                            connection.as_mut().graceful_shutdown();
                            leaving = true;
                            GOODBYE
                        }
                        Life::Alive => self.config.idle_timeout / 2,
                    };
                    timer.as_mut().reset(tokio::time::Instant::now() + wait);
                }
            }
        }
    }

    /// Says that there is no place, as far as that can be said without waiting.
    pub(super) fn send_away(&self, socket: &TcpStream) {
        if self.tls.is_none() {
            // Whether it arrives does not matter: the connection is closed either way.
            let _ = socket.try_write(NO_PLACE);
        }
    }
}

/// HTTP/1.1 and HTTP/2 with limits. Some are defaults of today that we want to keep.
fn limited() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().max_buf_size(MAX_BUFFER);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(MAX_HEADER_LIST)
        .max_send_buf_size(MAX_BUFFER)
        .max_frame_size(16 * 1024)
        .initial_stream_window_size(256 * 1024)
        .initial_connection_window_size(1024 * 1024)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20))
        // Floods of resets: by the client (CVE-2023-44487), and provoked from the server
        // (CVE-2025-8671).
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(256);
    builder
}

/// The handshake; `None` when it failed.
async fn shake_hands(
    tls: &Tls,
    mut socket: TcpStream,
    pulse: Arc<Pulse>,
) -> Option<TlsStream<Socket>> {
    let mut first = [0];
    if socket.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    // Methods of HTTP begin with a capital letter; a handshake begins with 0x16.
    if first[0].is_ascii_uppercase() {
        explain_https(&mut socket).await;
        return None;
    }
    tls.acceptor().accept(Socket::new(socket, pulse)).await.ok()
}

/// Somebody typed `http://`. Says so, and lets the answer arrive before the connection ends.
async fn explain_https(socket: &mut TcpStream) {
    if socket.write_all(HTTPS_ONLY).await.is_err() || socket.shutdown().await.is_err() {
        return;
    }
    let mut rest = [0; 4096];
    while let Ok(Ok(1..)) = tokio::time::timeout(GOODBYE, socket.read(&mut rest)).await {}
}

/// Makes a request look the same over HTTP/2 as over HTTP/1.1, for handlers that read `Host` or
/// write the address into an answer, and adds the certificate.
fn shape<B>(mut request: Request<B>, certificate: Option<ClientCertificate>) -> Request<B> {
    if let Some(authority) = request.uri().authority()
        && let Some(path) = request.uri().path_and_query().cloned()
    {
        // RFC 9113, section 8.3.1, and RFC 9112, section 3.2.2: the target's authority counts.
        let host = HeaderValue::from_str(authority.as_str()).ok();
        let mut parts = uri::Parts::default();
        parts.path_and_query = Some(path);
        if let (Some(host), Ok(uri)) = (host, Uri::from_parts(parts)) {
            request.headers_mut().insert(header::HOST, host);
            *request.uri_mut() = uri;
        }
    }
    if let Some(certificate) = certificate {
        request.extensions_mut().insert(certificate);
    }
    request
}

/// Most bytes of a connection that wait to be read or written. A header larger than this is
/// refused; the answer says so from half of it on.
const MAX_BUFFER: usize = 64 * 1024;
/// Header list of an HTTP/2 request, with 32 bytes for each field (RFC 9113, section 6.5.2).
const MAX_HEADER_LIST: u32 = 48 * 1024;
/// How long a client has to notice that the server ends the connection.
const GOODBYE: Duration = Duration::from_secs(1);

const NO_PLACE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    retry-after: 10\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const HTTPS_ONLY: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\
    content-type: application/problem+json\r\ncache-control: no-store\r\nconnection: close\r\n\r\n\
    {\"type\":\"urn:noroshi:problem:https-only\",\"code\":\"https-only\",\"status\":400,\
    \"title\":\"This port speaks https only\",\
    \"detail\":\"Write https:// instead of http:// in the address.\"}\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_one_form() {
        let request = Request::get("https://hub.example:8443/feeds/?lang=ja")
            .header(header::HOST, "other.example")
            .body(())
            .unwrap();
        let shaped = shape(request, None);
        assert_eq!(shaped.uri(), "/feeds/?lang=ja");
        assert_eq!(shaped.headers()[header::HOST], "hub.example:8443");
        assert!(shaped.extensions().get::<ClientCertificate>().is_none());

        let request = Request::get("/x").header(header::HOST, "hub.example").body(()).unwrap();
        let shaped = shape(request, Some(ClientCertificate::from_der(b"der")));
        assert_eq!((shaped.uri().path(), shaped.headers().len()), ("/x", 1));
        assert!(shaped.extensions().get::<ClientCertificate>().is_some());
    }
}
