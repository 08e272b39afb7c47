//! The shelf: the database of what may be fetched.
//!
//! [`Shelf::publish`] puts signed batches on it; everything else reads. Reading never trusts the
//! database: see [`ledger`].

mod credentials;
mod facts;
mod ledger;
mod lists;
mod page;
mod publish;
mod recent;
mod row;
mod schema;
mod verify;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

pub(crate) use credentials::KeyCheck;
pub use credentials::{Contributor, Credential, Rights};
use noroshi_seal::VerifyingKey;
use noroshi_stix::StixId;
use noroshi_store::{Address, Store};
pub(crate) use page::{Page, PageQuery, VersionFilter, What};
pub use publish::{Published, ReleasedObject, SignedBatch};
pub use schema::SCHEMA;
use tokio::sync::{Mutex, broadcast};

use crate::cursor::Position;
use crate::error::OutletError;
use crate::release::{Release, Wave};

/// Whom the outlet believes.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The keys a batch may be signed with: the hub's present one and those it had before.
    pub keys: Vec<VerifyingKey>,
    /// The hub's identity, which created everything it releases.
    pub creator: StixId,
}

/// The database of releases, verified. Cheap to clone.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    store: Store,
    trust: Trust,
    view: RwLock<View>,
    /// How many of the newest objects are kept in memory.
    window: usize,
    credentials: RwLock<credentials::Table>,
    /// Held while new batches are verified, so that they are taken in once and in order.
    catching_up: Mutex<()>,
    waves: broadcast::Sender<Arc<Wave>>,
}

/// What is in memory about the shelf. One lock, so that a reader sees ledger and window agree.
struct View {
    ledger: ledger::Ledger,
    recent: recent::Recent,
}

/// Figures about the shelf, for operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShelfHealth {
    /// Objects that were verified and can be served.
    pub verified: u64,
    /// Rows that failed verification, at start or while serving.
    pub rejected: u64,
    /// The newest verified tick, microseconds since the epoch; 0 for an empty shelf.
    pub newest_tick: i64,
}

impl Shelf {
    /// Opens the shelf and verifies all of it. Afterwards batches that other processes publish are
    /// noticed within a quarter of a second.
    ///
    /// Must be called inside a tokio runtime.
    pub async fn open(address: &Address, trust: Trust) -> Result<Self, OutletError> {
        Self::open_with_window(address, trust, WINDOW).await
    }

    /// As [`Shelf::open`], keeping at most `window` of the newest objects in memory, and the public
    /// page's feed with them. Polls that begin before them are answered from the database.
    pub async fn open_with_window(
        address: &Address,
        trust: Trust,
        window: usize,
    ) -> Result<Self, OutletError> {
        if trust.keys.is_empty() {
            return Err(OutletError::Config("no trusted signing key is given"));
        }
        let store = Store::open(address, &SCHEMA).await?;
        let shelf = Self(Arc::new(Inner {
            store,
            trust,
            view: RwLock::new(View {
                ledger: ledger::Ledger::new(),
                recent: recent::Recent::new(window),
            }),
            window,
            credentials: RwLock::default(),
            catching_up: Mutex::new(()),
            waves: broadcast::channel(WAVES_KEPT).0,
        }));
        shelf.catch_up().await?;
        shelf.follow();
        Ok(shelf)
    }

    /// Figures for `/readyz` and `/metrics`.
    pub fn health(&self) -> ShelfHealth {
        let view = self.view();
        ShelfHealth {
            verified: view.ledger.verified(),
            rejected: view.ledger.rejected(),
            newest_tick: view.ledger.newest_tick(),
        }
    }

    /// The database below, for its statistics and backup, and for tests.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The place of the newest visible object.
    pub(crate) fn end(&self) -> Position {
        self.view().ledger.end()
    }

    /// From now on, what becomes visible.
    pub(crate) fn waves(&self) -> broadcast::Receiver<Arc<Wave>> {
        self.0.waves.subscribe()
    }

    /// The newest releases of the window that `keep` wants, newest first.
    pub(crate) fn latest(
        &self,
        count: usize,
        keep: impl Fn(&Release) -> bool,
    ) -> Vec<Arc<Release>> {
        let view = self.view();
        let wanted = view.recent.latest().map(|slot| &slot.release).filter(|r| keep(r));
        wanted.take(count).cloned().collect()
    }

    /// Looks for batches of other processes for as long as anyone holds the shelf.
    fn follow(&self) {
        let weak = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            let mut timer = tokio::time::interval(FOLLOW_EVERY);
            timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                timer.tick().await;
                let Some(inner) = weak.upgrade() else { return };
                if let Err(error) = Shelf(inner).catch_up().await {
                    tracing::warn!(%error, "the shelf could not be read; trying again");
                    tokio::time::sleep(FOLLOW_AFTER_ERROR).await;
                }
            }
        });
    }

    fn view(&self) -> RwLockReadGuard<'_, View> {
        self.0.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn view_mut(&self) -> RwLockWriteGuard<'_, View> {
        self.0.view.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many of the newest objects are kept in memory when nobody says.
const WINDOW: usize = 4_096;
/// How often the shelf is asked for batches of other processes.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);
/// How long to wait after an error before asking again.
const FOLLOW_AFTER_ERROR: Duration = Duration::from_secs(2);
/// How many waves a slow listener may be behind before it catches up from the database.
const WAVES_KEPT: usize = 64;
