//! The certificate in use, and its renewal while the server runs.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use noroshi_stix::Timestamp;
use tokio_rustls::TlsAcceptor;

use super::tls::{Loaded, TlsError, TlsFiles, load};
use crate::clock::Clock;

/// Certificate and key of a server. New files are taken while it runs: when they changed and keep
/// still, or at once on SIGHUP. If the new ones cannot be used, the old ones stay.
pub struct Tls {
    files: TlsFiles,
    clock: Arc<dyn Clock>,
    check_every: Duration,
    current: RwLock<Loaded>,
    /// The files as they were before they were read.
    read_as: [Stamp; 3],
}

impl Tls {
    /// Reads the files. A certificate that has expired is served, with an error in the log: a hub
    /// that does not start warns nobody.
    ///
    /// # Errors
    /// [`TlsError`] names the file and what to do.
    pub fn load(files: TlsFiles, clock: Arc<dyn Clock>) -> Result<Arc<Self>, TlsError> {
        Self::load_and_check(files, clock, Duration::from_secs(2))
    }

    /// As [`Tls::load`], looking for new files this often.
    ///
    /// # Errors
    /// [`TlsError`] names the file and what to do.
    pub fn load_and_check(
        files: TlsFiles,
        clock: Arc<dyn Clock>,
        check_every: Duration,
    ) -> Result<Arc<Self>, TlsError> {
        let read_as = stamps(&files);
        let loaded = load(&files, &clock)?;
        if let Err(error) = still_good(&files, &loaded, clock.now()) {
            tracing::error!(%error, "clients will refuse to connect");
        }
        Ok(Arc::new(Self { files, clock, check_every, current: RwLock::new(loaded), read_as }))
    }

    /// Takes handshakes with the pair of this moment.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(current.server.clone())
    }

    /// Follows the files for ever.
    pub(super) async fn watch(self: Arc<Self>) {
        let mut hangup = Hangup::new();
        let (mut taken, mut last) = (self.read_as, self.read_as);
        let mut reminded = None;
        loop {
            let asked = tokio::select! {
                () = tokio::time::sleep(self.check_every) => false,
                () = hangup.received() => true,
            };
            let this = self.clone();
            // Files may lie on a disk that is slow.
            let Ok(now) = tokio::task::spawn_blocking(move || stamps(&this.files)).await else {
                continue;
            };
            // Certificate and key are rarely written in the same moment: wait until both keep still.
            let settled = now == last;
            last = now;
            if asked || (settled && now != taken) {
                taken = now;
                let this = self.clone();
                if tokio::task::spawn_blocking(move || this.renew()).await.is_err() {
                    tracing::error!("reading the TLS certificate failed; the old one stays");
                }
            }
            self.remind(&mut reminded);
        }
    }

    /// Takes the files as they are now, or says why not.
    fn renew(&self) {
        let loaded = load(&self.files, &self.clock)
            .and_then(|new| still_good(&self.files, &new, self.clock.now()).map(|()| new));
        match loaded {
            Ok(new) => {
                let until = new.end.map(|e| e.to_string());
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
                tracing::info!(until, "new connections use the TLS certificate that was read anew");
            }
            Err(error) => tracing::error!(%error, "the TLS certificate in use stays"),
        }
    }

    /// Once a day in the last week of a certificate: a renewal that works was long before.
    fn remind(&self, reminded: &mut Option<Timestamp>) {
        let end = self.current.read().unwrap_or_else(PoisonError::into_inner).end;
        let now = self.clock.now();
        let Some(end) = end.filter(|end| now.plus_days(7) > *end) else { return };
        if reminded.is_none_or(|last| now >= last.plus_days(1)) {
            *reminded = Some(now);
            tracing::warn!(%end, "the TLS certificate ends soon and was not renewed");
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}

fn still_good(files: &TlsFiles, loaded: &Loaded, now: Timestamp) -> Result<(), TlsError> {
    match loaded.end {
        Some(end) if end < now => Err(TlsError::Expired { file: files.certificate.clone(), end }),
        _ => Ok(()),
    }
}

/// What tells that a file is another one: time, length, number. `None` when it is not there.
type Stamp = Option<(Option<SystemTime>, u64, u64)>;

fn stamps(files: &TlsFiles) -> [Stamp; 3] {
    [Some(files.certificate.as_path()), Some(files.key.as_path()), files.client_ca.as_deref()]
        .map(|file| file.and_then(stamp))
}

/// Follows symbolic links, which is how most tools put new certificates in place.
fn stamp(file: &Path) -> Stamp {
    let about = std::fs::metadata(file).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&about);
    #[cfg(not(unix))]
    let number = 0;
    Some((about.modified().ok(), about.len(), number))
}

/// The signal by which a service is asked to read its files anew.
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    fn new() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let signal = signal(SignalKind::hangup());
            if let Err(error) = &signal {
                tracing::warn!(%error, "SIGHUP cannot be received; changed files are found anyway");
            }
            Self { signal: signal.ok() }
        }
        #[cfg(not(unix))]
        Self {}
    }

    async fn received(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}
