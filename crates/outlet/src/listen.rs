//! Sockets: a router served over TCP or TLS, with the limits that a server on the internet needs.
//!
//! `axum::serve` waits for ever for a header that never ends, and knows neither TLS nor a limit of
//! connections. Here every connection has a task of its own, holds one of a bounded number of
//! places, and is watched by one timer (see [`pulse`]), so that a request costs nothing extra.

mod client_certificate;
mod connection;
mod pulse;
mod reload;
mod tls;
mod validity;

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use connection::{Phase, Server};
pub use reload::Tls;
pub use tls::{TlsError, TlsFiles};

/// How connections are held. The defaults suit a server that anybody can reach.
#[derive(Clone, Debug)]
pub struct ListenConfig {
    /// Most open connections, handshakes included. Whoever comes then is sent away at once.
    pub max_connections: usize,
    /// How long a TLS handshake may take.
    pub handshake_timeout: Duration,
    /// How long a new connection may take to send its first request.
    pub header_timeout: Duration,
    /// How long a connection may lie without a request, or take nothing of an answer. A request
    /// that never ends after another one counts as none. Noticed within this time, at the earliest
    /// after half of it.
    pub idle_timeout: Duration,
    /// How long running requests and open streams may go on after the server was asked to stop.
    pub grace: Duration,
}

impl Default for ListenConfig {
    /// 25,000 connections, 10 seconds a handshake, 15 a first request, a minute of nothing, 5
    /// seconds to end.
    fn default() -> Self {
        Self {
            max_connections: 25_000,
            handshake_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(60),
            grace: Duration::from_secs(5),
        }
    }
}

/// Serves the router until `stop` resolves, then ends connections as they finish, and whatever is
/// still open after [`ListenConfig::grace`].
///
/// With `tls`, HTTP/2 or HTTP/1.1 is agreed on in the handshake (ALPN), and each request of a
/// connection with a client certificate carries it as a [`noroshi_seal::ClientCertificate`]
/// extension. Without, the first bytes tell which of both is spoken. The files of `tls` are watched
/// while this runs.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<Arc<Tls>>,
    config: ListenConfig,
    stop: impl Future<Output = ()> + Send,
) {
    let (phase, _) = watch::channel(Phase::Running);
    let grace = config.grace;
    let server = Arc::new(Server::new(router, tls.clone(), config));
    let watching = async {
        match tls {
            Some(tls) => tls.watch().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = accept(&listener, &server, &phase) => {}
        () = watching => {}
        () = stop => {}
    }
    drop(listener);
    phase.send_replace(Phase::Draining);
    if tokio::time::timeout(grace, phase.closed()).await.is_err() {
        phase.send_replace(Phase::Ended);
        phase.closed().await;
    }
}

/// Takes connections for ever. Nothing here waits for a client.
async fn accept(listener: &TcpListener, server: &Arc<Server>, phase: &watch::Sender<Phase>) {
    let places = Arc::new(Semaphore::new(server.config.max_connections));
    let mut complaints = Complaints::default();
    loop {
        let socket = match listener.accept().await {
            Ok((socket, _)) => socket,
            Err(error) if is_the_clients(&error) => continue,
            Err(error) => {
                // Most likely no file descriptor is free: some are in a moment.
                if complaints.due() {
                    tracing::error!(%error, "connections cannot be accepted; if too many files are \
                        open, raise the limit (ulimit -n, LimitNOFILE=)");
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            if complaints.due() {
                tracing::warn!(
                    most = server.config.max_connections,
                    "too many connections are open; further ones are sent away"
                );
            }
            server.send_away(&socket);
            continue;
        };
        let (server, phase) = (server.clone(), phase.subscribe());
        tokio::spawn(async move {
            prepare(&socket);
            server.take(socket, phase).await;
            drop(place);
        });
    }
}

/// Small answers leave at once instead of waiting for more.
fn prepare(socket: &TcpStream) {
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY cannot be set");
    }
}

/// Errors of one connection that was given up before it was taken.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Lets one line a minute into the log, however often something happens.
#[derive(Default)]
struct Complaints(Option<Instant>);

impl Complaints {
    fn due(&mut self) -> bool {
        let due = self.0.is_none_or(|last| last.elapsed() >= Duration::from_secs(60));
        if due {
            self.0 = Some(Instant::now());
        }
        due
    }
}
