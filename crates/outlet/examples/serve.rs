//! Fills a shelf with signed indicators and serves it, to point clients and load generators at.
//!
//! ```sh
//! cargo run --release -p noroshi-outlet --example serve -- 100000 127.0.0.1:8080 [ADDRESS] [public]
//! ```
//!
//! `ADDRESS` is a file or a `postgres://` address; without it the shelf is a file that vanishes.
//! Prints a key that reads everything and posts to `partners`, and how to ask. With `public`,
//! anyone may read what is marked TLP:CLEAR.
#![expect(clippy::disallowed_methods, reason = "this is a program, and it holds the real clock")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use futures::future::BoxFuture;
use noroshi_outlet::i18n::Locale;
use noroshi_outlet::listen::{self, ListenConfig};
use noroshi_outlet::problem::Problem;
use noroshi_outlet::{
    Asking, Caller, Chrome, Clock, Contributor, Credential, HubSide, Inbox, OutletConfig,
    OutletState, PartnerSigner, PostedEnvelope, Reader, ReaderAuth, ReleasedObject, Rights, Shelf,
    SignedBatch, Trust, harden, router,
};
use noroshi_seal::{
    ApiKey, BatchHead, Entropy, SeededEntropy, SignedBatchHead, SigningKey, key_pepper, leaf_hash,
    random_bytes,
};
use noroshi_stix::taxii::Status;
use noroshi_stix::{
    IndicatorFacts, Kind, ObjectType, Observable, StixId, Timestamp, Tlp, emit, identity,
};
use noroshi_store::Address;

/// Objects in one batch.
const BATCH: usize = 1_000;
const TICK: i64 = 10_000_000;

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(now.as_micros()).unwrap_or(i64::MAX))
    }
}

/// Signs what partners post; there are no sessions and no inbox here.
struct Signer {
    key: SigningKey,
    entropy: SeededEntropy,
}

impl PartnerSigner for Signer {
    fn random(&self) -> [u8; 16] {
        random_bytes(&self.entropy)
    }

    fn sign(&self, head: BatchHead) -> SignedBatchHead {
        head.sign(&self.key)
    }
}

impl Inbox for Signer {
    fn post<'a>(
        &'a self,
        _: Caller<'a>,
        _: PostedEnvelope,
    ) -> BoxFuture<'a, Result<Status, Problem>> {
        Box::pin(std::future::ready(Err(Problem::not_found())))
    }

    fn status<'a>(
        &'a self,
        _: Caller<'a>,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Option<Status>, Problem>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

impl ReaderAuth for Signer {
    fn reader<'a>(&'a self, _: &'a HeaderMap, _: Asking) -> BoxFuture<'a, Reader> {
        Box::pin(std::future::ready(Reader::Anonymous))
    }

    fn chrome<'a>(&'a self, _: &'a HeaderMap, _: Locale) -> BoxFuture<'a, Chrome> {
        Box::pin(std::future::ready(Chrome::default()))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let count: usize = args.next().as_deref().unwrap_or("1000").parse()?;
    let listen = args.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let rest: Vec<String> = args.collect();
    let folder = tempfile::tempdir()?;
    let address = match rest.iter().find(|a| *a != "public") {
        Some(text) => text.parse()?,
        None => Address::Sqlite(folder.path().join("shelf.db")),
    };

    let entropy = SeededEntropy::new(7);
    let key = SigningKey::generate(&entropy);
    let creator = StixId::random(ObjectType::IDENTITY, random_bytes(&entropy));
    let api_key = ApiKey::generate(&entropy);
    let trust = Trust { keys: vec![key.verifying_key()], creator: creator.clone() };
    let pepper = key_pepper(&key.verifying_key());

    let started = Instant::now();
    let shelf = Shelf::open(&address, trust).await?;
    println!("opened and verified {:?} in {:?}", shelf.health(), started.elapsed());
    let digest = *api_key.digest(&pepper).as_bytes();
    let key_id = api_key.id().to_owned();
    let expires_micros = i64::MAX;
    let rights = Rights {
        read_releases: true,
        read_partners: true,
        write_partners: Some(Contributor(random_bytes(&entropy))),
        ..Rights::default()
    };
    shelf.upsert_credential(Credential { key_id, digest, expires_micros, rights }).await?;
    let started = Instant::now();
    let now = SystemClock.now().floor_to(TICK);
    let batches = count.div_ceil(BATCH);
    for n in (0..batches).skip(usize::try_from(shelf.health().verified)? / BATCH) {
        let back = i64::try_from(batches - n)?;
        let tick = now.plus_micros(-back * TICK);
        let mut objects = if n == 0 { vec![identity(&creator, "noroshi", tick)] } else { vec![] };
        let from = n * BATCH + objects.len();
        objects.extend(
            (from..count.min((n + 1) * BATCH)).map(|i| object(i, &creator, tick, &entropy)),
        );
        shelf.publish(sign(&key, objects, tick, &entropy)?).await?;
    }
    println!("published up to {:?} in {:?}", shelf.health(), started.elapsed());

    let mut config = OutletConfig::new(pepper);
    config.public_clear = rest.iter().any(|a| a == "public");
    let hub = Arc::new(Signer { key, entropy });
    let hub = HubSide { readers: hub.clone(), inbox: hub.clone(), signer: hub };
    let state = OutletState::beside_hub(shelf, Arc::new(SystemClock), config, hub)?;
    let app = harden(router(state.clone()), &state);
    let listener = tokio::net::TcpListener::bind(&listen).await?;
    println!("http://{listen}/  key {}", api_key.expose());
    println!("curl -u key:{} http://{listen}/taxii2/", api_key.expose());
    listen::serve(listener, app, None, ListenConfig::default(), std::future::pending()).await;
    Ok(())
}

/// Indicators of every kind that block lists know, most of them addresses.
fn object(i: usize, creator: &StixId, tick: Timestamp, entropy: &dyn Entropy) -> Vec<u8> {
    let [a, b, c] = [(i >> 16) % 256, (i >> 8) % 256, i % 256];
    let (kind, value) = match i % 10 {
        0 => (Kind::Host, format!("c2-{i}.example.net")),
        1 => (Kind::Domain, format!("bad-{i}.example")),
        2 => (Kind::Url, format!("http://c2-{i}.example.net/path/{i}.html?id={i}")),
        3 => (Kind::Sha256, format!("{i:064x}")),
        4 => (Kind::Email, format!("sender{i}@mail-{i}.example.org")),
        5 => (Kind::Cve, format!("CVE-2026-{}", 1000 + i)),
        6 => (Kind::Ipv6, format!("2001:db8::{:x}:{:x}", i >> 16, i & 0xffff)),
        _ => (Kind::Ipv4, format!("45.{a}.{b}.{c}")),
    };
    let tlp = match i % 7 {
        0 => Tlp::Clear,
        1 | 2 => Tlp::Amber,
        3 => Tlp::AmberStrict,
        _ => Tlp::Green,
    };
    let fallback = Observable::Cve("CVE-2021-44228".to_owned());
    emit(&IndicatorFacts {
        id: StixId::random(ObjectType::INDICATOR, random_bytes(entropy)),
        creator,
        tick,
        valid_until: Some(tick.plus_days(90)),
        observable: &Observable::parse(kind, &value).unwrap_or(fallback),
        confidence: 80,
        tlp,
        created: tick,
        revoked: false,
    })
}

fn sign(
    key: &SigningKey,
    objects: Vec<Vec<u8>>,
    tick: Timestamp,
    entropy: &dyn Entropy,
) -> Result<SignedBatch, Box<dyn Error>> {
    let leaves: Vec<_> = objects.iter().map(|o| leaf_hash(o)).collect();
    let id = random_bytes(entropy);
    let head = BatchHead::over(id, "signals", tick.as_micros(), &leaves, [0; 32])?;
    let objects = objects.into_iter().map(|bytes| ReleasedObject { bytes }).collect();
    Ok(SignedBatch { head: head.sign(key), objects })
}
