//! The shelf: the database of what may be fetched.
//!
//! It is a log of signed batches: [`Shelf::publish`] adds what the hub released, [`Shelf::append`]
//! what a partner posts; everything else reads. Reading never trusts the database: see [`index`]
//! and [`verify`].

mod append;
mod catalog;
mod catch_up;
mod credentials;
mod delete;
mod deletion;
mod documents;
mod entries;
mod events;
mod facts;
mod find;
mod inclusion;
mod index;
mod lists;
mod page;
mod pick;
mod plan;
mod postings;
mod publish;
mod schema;
mod segment;
mod verify;
mod window;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

pub use catalog::Headline;
pub(crate) use credentials::KeyCheck;
pub use credentials::{Contributor, Credential, Rights};
pub(crate) use delete::{Deletion, Removal};
pub(crate) use facts::{Band, Sort};
pub(crate) use find::{Standing, Wanted};
use noroshi_seal::VerifyingKey;
use noroshi_stix::StixId;
use noroshi_store::{Address, Store};
pub(crate) use page::Page;
pub(crate) use pick::{Picked, Surroundings, VersionAt};
pub(crate) use plan::{PageQuery, VersionFilter, What};
pub(crate) use postings::Posting;
pub use publish::{Published, ReleasedObject, SignedBatch};
pub use schema::SCHEMA;
use tokio::sync::{Mutex, Semaphore, broadcast};

use crate::cursor::Position;
use crate::delivery::{Channel, Delivered, Deliveries};
use crate::error::OutletError;
use crate::release::Wave;

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
    documents: RwLock<documents::Documents>,
    /// Held while the log grows or is verified, so that each batch is taken in once and in order.
    turn: Mutex<Turn>,
    /// Rows that failed verification, at start or while serving.
    rejected: AtomicU64,
    /// Room for reading ahead.
    ahead: Arc<Semaphore>,
    waves: broadcast::Sender<Arc<Wave>>,
    deliveries: Deliveries,
}

/// What only the one who takes in batches needs.
#[derive(Default)]
struct Turn {
    deletions: Arc<deletion::Deletions>,
    /// Hash of the last batch head of `partners`, which the next one names.
    last_partner_head: Option<noroshi_seal::Hash>,
    /// The newest date of an object of `partners`, microseconds.
    partners_date: i64,
}

/// What is in memory about the shelf. One lock, so that a reader sees its parts agree.
struct View {
    index: index::Index,
    entries: entries::Entries,
    window: window::Window,
    catalog: catalog::Catalog,
    /// The place of the last release.
    end: Position,
    /// The newest tick of a release, microseconds.
    newest_tick: i64,
    verified: u64,
    releases: u64,
}

/// Figures about the shelf, for operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShelfHealth {
    /// Objects that were verified and can be served.
    pub verified: u64,
    /// Those among them that the hub released; the others are partners'.
    pub releases: u64,
    /// Rows that failed verification, at start or while serving.
    pub rejected: u64,
    /// The newest tick of a release, microseconds since the epoch; 0 where there is none.
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

    /// As [`Shelf::open`], keeping at most `window` of the newest objects in memory. Polls that begin before them are answered from the database.
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
                index: index::Index::default(),
                entries: entries::Entries::default(),
                window: window::Window::new(window),
                catalog: catalog::Catalog::default(),
                end: Position::START,
                newest_tick: 0,
                verified: 0,
                releases: 0,
            }),
            window,
            credentials: RwLock::default(),
            documents: RwLock::default(),
            turn: Mutex::default(),
            rejected: AtomicU64::new(0),
            ahead: Arc::new(Semaphore::new(page::PAGES_AHEAD)),
            waves: broadcast::channel(WAVES_KEPT).0,
            deliveries: Deliveries::default(),
        }));
        shelf.catch_up().await?;
        shelf.deliveries().begin(shelf.health().newest_tick);
        shelf.follow();
        Ok(shelf)
    }

    /// Figures for `/readyz` and `/metrics`.
    pub fn health(&self) -> ShelfHealth {
        let view = self.view();
        ShelfHealth {
            verified: view.verified,
            releases: view.releases,
            rejected: self.0.rejected.load(Ordering::Relaxed),
            newest_tick: view.newest_tick,
        }
    }

    /// How long it took since the start until what was released had its first reader on this way.
    pub fn delivered(&self, channel: Channel) -> Delivered {
        self.deliveries().of(channel)
    }

    /// The reports of the context lane that hold, newest first: title in English and time of
    /// publication.
    pub fn headlines(&self, clear_only: bool) -> Vec<Headline> {
        let view = self.view();
        view.catalog.headlines(&view.index, clear_only)
    }

    pub(crate) fn deliveries(&self) -> &Deliveries {
        &self.0.deliveries
    }

    /// The database below, for its statistics and backup, and for tests.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The place of the newest visible release.
    pub(crate) fn end(&self) -> Position {
        self.view().end
    }

    /// From now on, what becomes visible.
    pub(crate) fn waves(&self) -> broadcast::Receiver<Arc<Wave>> {
        self.0.waves.subscribe()
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

    /// Counts rows that were found changed or missing.
    fn reject(&self, rows: u64) {
        self.0.rejected.fetch_add(rows, Ordering::Relaxed);
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
