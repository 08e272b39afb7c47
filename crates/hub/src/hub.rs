//! The hub in operation: its two databases, its key, its policy of the moment.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use noroshi_anonymity::{Gate, WarningLists};
use noroshi_outlet::{Clock, Shelf, Trust};
use noroshi_seal::{Entropy, OpeningKey, SigningKey, random_bytes};
use noroshi_stix::{ObjectType, StixId, Timestamp, Tlp};
use noroshi_store::{Store, StoreError};
use zeroize::Zeroizing;

use crate::config::Config;
use crate::days;
use crate::desk_queue;
use crate::error::HubError;
use crate::jobs::Jobs;
use crate::labels::{PublicNames, PublicReader, Trees};
use crate::mailbox;
use crate::metrics::HubMetrics;
use crate::own_warnings;
use crate::register::{self, Policy};
use crate::tick;
use crate::vault::{VAULT, secrets};

/// Everything the handlers and the tick need. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Inner>, Option<Arc<str>>);

struct Inner {
    config: Config,
    tlp: Lanes,
    vault: Store,
    shelf: Shelf,
    signing: SigningKey,
    identity: StixId,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    warning_lists: WarningLists,
    policy: RwLock<Arc<Policy>>,
    trees: Arc<Trees>,
    metrics: HubMetrics,
    jobs: Jobs,
    words_turn: tokio::sync::Semaphore,
    hash_turn: tokio::sync::Semaphore,
    desk: OpeningKey,
    /// The tick of the newest anonymous answer, and how many came in it.
    answers: Mutex<(i64, u32)>,
}

/// The markings of the two lanes.
#[derive(Clone, Copy)]
struct Lanes {
    signal: Tlp,
    context: Tlp,
}

impl Hub {
    /// Opens (and where needed creates) vault and shelf, the signing key and the register.
    /// `own_warnings` is the text of the operator's own warning list.
    ///
    /// # Errors
    /// When a database cannot be opened, was written by a newer noroshi, or the configuration or
    /// the register is inconsistent.
    pub async fn open(
        config: Config,
        own_warnings: &str,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, HubError> {
        let tlp = Lanes { signal: config.signal_tlp()?, context: config.context_tlp()? };
        let vault = Store::open(&config.vault()?, &VAULT).await?;
        let (signing, identity, desk) = own_secrets(&vault, entropy.as_ref()).await?;
        let trust = Trust { keys: vec![signing.verifying_key()], creator: identity.clone() };
        let shelf = Shelf::open(&config.shelf()?, trust).await?;
        let mut warning_lists = WarningLists::builtin();
        own_warnings::add(&mut warning_lists, own_warnings)?;
        let parameters = config.anonymity.parameters()?;
        let policy =
            register::load(&vault, &warning_lists, parameters, PublicNames::of(&signing)).await?;
        let hub = Self(
            Arc::new(Inner {
                config,
                tlp,
                vault,
                shelf,
                signing,
                identity,
                clock,
                entropy,
                warning_lists,
                policy: RwLock::new(Arc::new(policy)),
                trees: Arc::default(),
                metrics: HubMetrics::default(),
                jobs: Jobs::default(),
                words_turn: tokio::sync::Semaphore::new(1),
                hash_turn: tokio::sync::Semaphore::new(2),
                desk,
                answers: Mutex::default(),
            }),
            None,
        );
        days::begin(&hub).await?;
        desk_queue::catch_up(&hub).await?;
        tick::refill_shelf(&hub).await?;
        Ok(hub)
    }

    /// The configuration it runs with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The attributed database.
    pub fn vault(&self) -> &Store {
        &self.0.vault
    }

    /// The public database.
    pub fn shelf(&self) -> &Shelf {
        &self.0.shelf
    }

    /// The key that signs releases and receipts.
    pub fn signing_key(&self) -> &SigningKey {
        &self.0.signing
    }

    /// The hub's STIX identity, creator of everything released.
    pub fn identity(&self) -> &StixId {
        &self.0.identity
    }

    /// What API key digests are keyed with: derived from the public key, so that an outlet which
    /// knows only the shelf can check keys too. The keys are random; this only ties digests to us.
    pub fn key_pepper(&self) -> [u8; 32] {
        noroshi_seal::key_pepper(&self.0.signing.verifying_key())
    }

    /// The hub's counters.
    pub fn metrics(&self) -> &HubMetrics {
        &self.0.metrics
    }

    /// What the hub does by itself, and how it went.
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// The same hub; what [`crate::admin`] does with it is in the trail under this account.
    pub fn on_behalf_of(&self, account: &str) -> Self {
        Self(Arc::clone(&self.0), Some(account.into()))
    }

    /// Under which name administration is in the trail: an account, or `operator` for whoever works
    /// on the server itself.
    pub fn acting(&self) -> &str {
        self.1.as_deref().unwrap_or("operator")
    }

    /// Deriving keys from words takes 64 MiB: one at a time.
    pub(crate) fn words_turn(&self) -> &tokio::sync::Semaphore {
        &self.0.words_turn
    }

    /// Hashing a password takes 19 MiB: two at a time.
    pub(crate) fn hash_turn(&self) -> &tokio::sync::Semaphore {
        &self.0.hash_turn
    }

    /// Opens answers to the desk.
    pub fn desk_key(&self) -> &OpeningKey {
        &self.0.desk
    }

    /// Counts one more anonymous answer; false where this tick has had enough.
    pub(crate) fn one_more_answer(&self) -> bool {
        let tick = self.now().floor_to(self.tick_micros()).as_micros();
        let mut answers = self.0.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let before = if answers.0 == tick { answers.1 } else { 0 };
        *answers = (tick, before.saturating_add(1));
        before < mailbox::MAX_ANSWERS
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The clock, for parts that outlive a call.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
    }

    /// The source of random ids and keys.
    pub fn entropy(&self) -> &dyn Entropy {
        self.0.entropy.as_ref()
    }

    /// The source of random ids and keys, to move into a transaction.
    pub fn entropy_arc(&self) -> Arc<dyn Entropy> {
        Arc::clone(&self.0.entropy)
    }

    /// Marking of released indicators.
    pub fn signal_tlp(&self) -> Tlp {
        self.0.tlp.signal
    }

    /// Marking of released context.
    pub fn context_tlp(&self) -> Tlp {
        self.0.tlp.context
    }

    /// Length of a tick in microseconds.
    pub fn tick_micros(&self) -> i64 {
        i64::from(self.0.config.signal.tick_seconds) * 1_000_000
    }

    /// The register and gates of the moment.
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.0.policy.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Rereads the register where members, agreements or keys changed since, and hands the
    /// readers' credentials to the shelf. True where something changed.
    ///
    /// # Errors
    /// When a database cannot be read or the register is inconsistent; the old policy stays.
    pub async fn refresh_policy(&self) -> Result<bool, HubError> {
        let version = self
            .vault()
            .read("hub.register_version", |tx| secrets::counter(tx, secrets::REGISTER_VERSION))
            .await?;
        if version == self.policy().version {
            return Ok(false);
        }
        self.reload_policy().await?;
        Ok(true)
    }

    /// Rereads the register and hands the readers' credentials to the shelf, changed or not.
    ///
    /// # Errors
    /// When a database cannot be read or the register is inconsistent; the old policy stays.
    pub async fn reload_policy(&self) -> Result<(), HubError> {
        let parameters = self.config().anonymity.parameters()?;
        let public = PublicNames::of(self.signing_key());
        let policy =
            register::load(self.vault(), &self.0.warning_lists, parameters, public).await?;
        let credentials = register::reader_credentials(self.vault(), self.now()).await?;
        self.shelf().set_credentials(credentials).await?;
        *self.0.policy.write().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Arc::new(policy);
        Ok(())
    }

    /// Reads the public state that labels are decided on.
    pub(crate) fn public_reader(&self) -> PublicReader {
        PublicReader {
            standing: Arc::clone(&self.policy().standing),
            trees: Arc::clone(&self.0.trees),
            tree_days: self.config().anonymity.tree_days,
        }
    }

    /// What everybody uses.
    pub(crate) fn warning_lists(&self) -> &WarningLists {
        &self.0.warning_lists
    }

    /// The gate of the moment.
    pub fn with_gate<T>(&self, use_gate: impl FnOnce(&Gate) -> T) -> T {
        use_gate(&self.policy().gate)
    }
}

/// The signing key and identity, made at the first start and kept in the vault.
async fn own_secrets(
    vault: &Store,
    entropy: &dyn Entropy,
) -> Result<(SigningKey, StixId, OpeningKey), HubError> {
    let fresh_key = SigningKey::generate(entropy).seed();
    let fresh_identity: [u8; 16] = random_bytes(entropy);
    let fresh_desk: Zeroizing<[u8; 32]> = Zeroizing::new(random_bytes(entropy));
    let (seed, identity, desk) = vault
        .write("hub.own_secrets", move |tx| {
            let seed = secrets::secret_or(tx, secrets::SIGNING_SEED, fresh_key.as_slice())?;
            let identity = secrets::secret_or(tx, secrets::IDENTITY, &fresh_identity)?;
            let desk = secrets::secret_or(tx, secrets::DESK_SEED, fresh_desk.as_slice())?;
            Ok((seed, identity, desk))
        })
        .await?;
    let broken =
        || StoreError::Refused("the vault's signing key is damaged; restore a backup".to_owned());
    let seed = <[u8; 32]>::try_from(seed.as_slice()).map_err(|_| broken())?;
    let identity = <[u8; 16]>::try_from(identity.as_slice()).map_err(|_| broken())?;
    let desk = <[u8; 32]>::try_from(desk.as_slice()).map(Zeroizing::new).map_err(|_| broken())?;
    let desk = OpeningKey::from_seed(&desk).map_err(|_| broken())?;
    Ok((SigningKey::from_seed(seed), StixId::random(ObjectType::IDENTITY, identity), desk))
}
