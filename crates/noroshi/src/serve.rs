//! Hub and outlet on one address, and the beat that connects them.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use noroshi_hub::Hub;
use noroshi_hub::app::{self, App};
use noroshi_hub::reminders::{self, Passed};
use noroshi_hub::{context, tick};
use noroshi_outlet::i18n::{OUTLET_TEXTS, Texts};
use noroshi_outlet::listen::{self, ListenConfig, Tls, TlsFiles};
use noroshi_outlet::{OutletConfig, OutletState};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::system::clock;

/// The texts of hub and outlet.
fn texts() -> Result<Arc<Texts>> {
    let files: Vec<_> = OUTLET_TEXTS.iter().chain(noroshi_hub::HUB_TEXTS).copied().collect();
    Ok(Arc::new(Texts::new(&files).context("the built-in texts cannot be read")?))
}

/// The routes of hub and outlet together.
pub(crate) fn router(hub: &Hub) -> Result<Router> {
    let hub_app = App { hub: hub.clone(), texts: texts()? };
    let mut config = OutletConfig::new(hub.key_pepper());
    config.title = hub.config().hub.name.clone();
    config.public_url = Some(hub.config().public_url());
    config.public_clear = hub.config().outlet.public_clear;
    let metrics = hub.clone();
    config.more_metrics = Some(Arc::new(move || metrics.metrics().to_text()));
    // One file may be as large as the whole report; the form around it takes a little more.
    config.max_body = hub.config().limits.report_bytes + 1024 * 1024;
    config.own_limits = app::OWN_LIMITS;
    let side = hub_app.hub_side();
    let state = OutletState::beside_hub(hub.shelf().clone(), hub.clock(), config, side)?;
    let router = noroshi_outlet::router(state.clone()).merge(app::router(hub_app));
    Ok(keep_to_https(noroshi_outlet::harden(router, &state), &hub.config().public_url()))
}

/// Under https, tells browsers never to come by plain HTTP again (RFC 6797), for a year.
pub(crate) fn keep_to_https(router: Router, public_url: &str) -> Router {
    if !public_url.starts_with("https://") {
        return router;
    }
    router.layer(map_response(async |mut response: Response| {
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
        response
    }))
}

/// Reads certificate and key, if there are to be any.
pub(crate) fn load_tls(files: Option<TlsFiles>) -> Result<Option<Arc<Tls>>> {
    Ok(files.map(|files| Tls::load(files, clock())).transpose()?)
}

/// Binds the address; port 0 takes a free one.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: is another noroshi running, or the port taken? Change hub.listen")
    })
}

/// Serves until `stop` resolves, then lets running requests finish, for a few seconds.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<Arc<Tls>>,
    stop: impl Future<Output = ()> + Send,
) -> Result<()> {
    if in_clear(listener.local_addr()?, tls.is_some()) {
        tracing::warn!(
            "keys and reports travel in clear: this is plain HTTP on an address that others may \
             reach; set a TLS certificate, or listen on 127.0.0.1 behind a TLS proxy"
        );
    }
    let mut config = ListenConfig::default();
    config.max_connections = places(config.max_connections, raise_open_files());
    listen::serve(listener, router, tls, config, stop).await;
    Ok(())
}

/// How many connections fit into this many open files and leave some for databases, certificates
/// and answers: without a file of its own, nothing works.
fn places(wanted: usize, open_files: Option<u64>) -> usize {
    let most = open_files.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    wanted.min(most.saturating_sub(256).max(most / 2))
}

/// Shells and service managers give a program 1,024 open files unless it asks for more; thousands
/// of members listen at a time. Answers with the limit there is, `None` for none.
#[cfg(unix)]
fn raise_open_files() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    const WANTED: u64 = 65_536;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(WANTED, |most| most.min(WANTED));
    if current? >= wanted {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        Ok(()) => Some(wanted),
        Err(error) => {
            tracing::warn!(%error, "the limit of open files stays at {current:?}");
            current
        }
    }
}

#[cfg(not(unix))]
fn raise_open_files() -> Option<u64> {
    None
}

fn in_clear(address: SocketAddr, tls: bool) -> bool {
    !tls && !address.ip().to_canonical().is_loopback()
}

/// Runs the ticks of the signal lane and the batches of the context lane.
pub(crate) fn beat(hub: Hub) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(until_next_tick(&hub)).await;
            match tick::tick(&hub).await {
                Ok(t) if t.released + t.held > 0 => {
                    tracing::info!(released = t.released, held = t.held, "tick");
                }
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "a tick failed; the next one carries on"),
            }
            if let Err(error) = context::release_due(&hub).await {
                tracing::error!(%error, "a context batch failed; the next tick carries on");
            }
        }
    })
}

/// Reminds members of deadlines. A task of its own: a mail server that hangs keeps back no release.
pub(crate) fn remind(hub: Hub) -> Result<JoinHandle<()>> {
    let texts = texts()?;
    Ok(tokio::spawn(async move {
        loop {
            tokio::time::sleep(BETWEEN_REMINDERS).await;
            match reminders::pass(&hub, &texts).await {
                Ok(p) if p != Passed::default() => {
                    let Passed { decided, sent, failed, dead } = p;
                    tracing::info!(decided, sent, failed, dead, "reminders");
                }
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "reminders failed; the next pass carries on"),
            }
        }
    }))
}

/// Deadlines have minutes.
const BETWEEN_REMINDERS: Duration = Duration::from_secs(20);

fn until_next_tick(hub: &Hub) -> Duration {
    let (now, tick) = (hub.now(), hub.tick_micros());
    let next = now.floor_to(tick).plus_micros(tick);
    Duration::from_micros(u64::try_from(next.as_micros() - now.as_micros()).unwrap_or(0))
}

/// Resolves on Ctrl-C and on SIGTERM.
pub(crate) async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}

/// A runtime for one command.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the asynchronous runtime cannot start")
}

/// Logs to standard error: `NOROSHI_LOG=debug` for more, `NOROSHI_LOG_FORMAT=json` for machines.
pub(crate) fn start_logs(default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("NOROSHI_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let quiet = QUIET.iter().filter_map(|directive| directive.parse().ok());
    let filter = quiet.fold(filter, |filter, quiet| filter.add_directive(quiet));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let json = std::env::var("NOROSHI_LOG_FORMAT").is_ok_and(|f| f == "json");
    let started = if json { logs.json().try_init() } else { logs.try_init() };
    if started.is_err() {
        eprintln!("noroshi: logs were started before; going on");
    }
}

/// Asked for more, the TLS library would write the certificates of clients into the log, and the HTTP
/// client the addresses members want to be called at.
const QUIET: [&str; 3] = ["rustls=warn", "ureq=warn", "ureq_proto=warn"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_fine_on_this_machine_only() {
        let clear = |address: &str, tls| in_clear(address.parse().unwrap(), tls);
        for own in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert!(!clear(own, false), "{own}");
        }
        for open in ["0.0.0.0:1", "[::]:1", "192.0.2.1:1", "10.0.0.1:1"] {
            assert!(clear(open, false) && !clear(open, true), "{open}");
        }
    }

    #[test]
    fn connections_leave_files_for_everything_else() {
        assert_eq!(places(25_000, None), 25_000);
        assert_eq!(places(25_000, Some(65_536)), 25_000);
        assert_eq!(places(25_000, Some(20_000)), 19_744);
        assert_eq!(places(25_000, Some(256)), 128);
    }

    #[test]
    fn libraries_that_tell_names_are_kept_quiet() {
        let is_one = |d: &str| d.parse::<tracing_subscriber::filter::Directive>().is_ok();
        assert!(QUIET.into_iter().all(is_one));
    }
}
