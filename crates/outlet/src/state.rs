//! What every request handler shares.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use noroshi_stix::Timestamp;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::delivery::Channel;
use crate::error::OutletError;
use crate::feeds::ListCache;
use crate::i18n::{OUTLET_TEXTS, Texts};
use crate::metrics::Metrics;
use crate::reader::{NoSessions, ReaderAuth};
use crate::shelf::Shelf;
use crate::taxii::POST_UNITS;
use crate::writing::{HubSide, Inbox, PartnerSigner};

/// How an outlet serves. Every field has a default but the pepper.
#[derive(Clone)]
pub struct OutletConfig {
    /// The secret under which API keys are hashed; the hub has the same one.
    pub pepper: [u8; 32],
    /// The title that TAXII clients and the page show.
    pub title: String,
    /// The address under which clients reach this server, without a final slash, such as
    /// `https://noroshi.example`. Without it the `Host` header of the request is used.
    pub public_url: Option<String>,
    /// Whether anyone may read what is marked TLP:CLEAR.
    pub public_clear: bool,
    /// Objects on a TAXII page when the client does not say.
    pub page_default: usize,
    /// Most objects on a TAXII page.
    pub page_max: usize,
    /// Largest request body, in bytes.
    pub max_body: usize,
    /// Paths to which bodies of any size may be posted: their handlers read no more than they can
    /// hold, and answer.
    pub own_limits: &'static [&'static str],
    /// How long a request may take until its answer begins.
    pub timeout: Duration,
    /// Most listeners of the stream at a time.
    pub max_streams: usize,
    /// How often an idle stream shows that it is alive.
    pub heartbeat: Duration,
    /// Further OpenMetrics lines for `/metrics`, without the closing `# EOF`: the hub's.
    pub more_metrics: Option<MoreMetrics>,
}

/// Writes OpenMetrics lines when `/metrics` is asked for.
pub type MoreMetrics = Arc<dyn Fn() -> String + Send + Sync>;

impl OutletConfig {
    /// The defaults: 1,000 objects a page and at most 10,000, bodies up to 16 MiB, 30 seconds a
    /// request, 20,000 listeners, a heartbeat each 15 seconds, nothing public.
    pub fn new(pepper: [u8; 32]) -> Self {
        Self {
            pepper,
            title: "noroshi".to_owned(),
            public_url: None,
            public_clear: false,
            page_default: 1_000,
            page_max: 10_000,
            max_body: 16 * 1024 * 1024,
            own_limits: &[],
            timeout: Duration::from_secs(30),
            max_streams: 20_000,
            heartbeat: Duration::from_secs(15),
            more_metrics: None,
        }
    }
}

impl std::fmt::Debug for OutletConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutletConfig").field("title", &self.title).finish_non_exhaustive()
    }
}

/// Shelf, clock, configuration and texts of a running outlet. Cheap to clone.
#[derive(Clone)]
pub struct OutletState(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) shelf: Shelf,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: OutletConfig,
    pub(crate) texts: Texts,
    pub(crate) readers: Arc<dyn ReaderAuth>,
    pub(crate) inbox: Option<Arc<dyn Inbox>>,
    pub(crate) signer: Option<Arc<dyn PartnerSigner>>,
    /// Room for the bodies of posts to `inbox`.
    pub(crate) inbox_room: Semaphore,
    /// Room for the bodies of posts to `partners`.
    pub(crate) partners_room: Semaphore,
    pub(crate) metrics: Metrics,
    pub(crate) lists: ListCache,
}

impl OutletState {
    /// An outlet that knows API keys only.
    ///
    /// Must be called inside a tokio runtime: it watches the shelf to measure how long a release
    /// takes from its tick until it is served.
    pub fn new(
        shelf: Shelf,
        clock: Arc<dyn Clock>,
        config: OutletConfig,
    ) -> Result<Self, OutletError> {
        Self::build(shelf, clock, config, Arc::new(NoSessions), None)
    }

    /// An outlet beside a hub: people signed in there count as readers, and `inbox` and `partners`
    /// take objects.
    pub fn beside_hub(
        shelf: Shelf,
        clock: Arc<dyn Clock>,
        config: OutletConfig,
        hub: HubSide,
    ) -> Result<Self, OutletError> {
        let HubSide { readers, inbox, signer } = hub;
        Self::build(shelf, clock, config, readers, Some((inbox, signer)))
    }

    fn build(
        shelf: Shelf,
        clock: Arc<dyn Clock>,
        config: OutletConfig,
        readers: Arc<dyn ReaderAuth>,
        writing: Option<(Arc<dyn Inbox>, Arc<dyn PartnerSigner>)>,
    ) -> Result<Self, OutletError> {
        if config.page_default == 0 || config.page_default > config.page_max {
            return Err(OutletError::Config("page_default must be from 1 to page_max"));
        }
        let (inbox, signer) = writing.unzip();
        let state = Self(Arc::new(Shared {
            texts: Texts::new(OUTLET_TEXTS)?,
            metrics: Metrics::new(),
            lists: ListCache::default(),
            shelf,
            clock,
            config,
            readers,
            inbox,
            signer,
            inbox_room: Semaphore::new(POST_UNITS as usize),
            partners_room: Semaphore::new(POST_UNITS as usize),
        }));
        state.watch();
        Ok(state)
    }

    /// The present instant.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Scheme and host under which this client reaches the server.
    pub(crate) fn public_url(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.0.config.public_url {
            return url.trim_end_matches('/').to_owned();
        }
        let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or("localhost");
        format!("http://{host}")
    }

    /// Measures each wave of releases when it becomes visible.
    fn watch(&self) {
        let mut waves = self.0.shelf.waves();
        let weak = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            use tokio::sync::broadcast::error::RecvError;
            loop {
                let wave = match waves.recv().await {
                    Ok(wave) => wave,
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                };
                let Some(shared) = weak.upgrade() else { return };
                let micros = shared.clock.now().as_micros().saturating_sub(wave.tick);
                shared.metrics.tick_to_served(micros);
                if shared.metrics.has_listeners() {
                    let now = shared.clock.now().as_micros();
                    shared.shelf.deliveries().note(Channel::Stream, wave.tick, now);
                }
            }
        });
    }
}
