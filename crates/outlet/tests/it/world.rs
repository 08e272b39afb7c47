//! Actors: a hub that signs, readers that ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use noroshi_outlet::{
    Clock, Contributor, Credential, ManualClock, OutletConfig, OutletState, ReleasedObject, Rights,
    Shelf, SignedBatch, Trust, harden, router,
};
use noroshi_seal::{ApiKey, BatchHead, SeededEntropy, SigningKey, leaf_hash, random_bytes};
use noroshi_stix::{
    IndicatorFacts, Kind, ObjectType, Observable, StixId, Timestamp, Tlp, emit, identity,
};
use serde_json::Value;
use tower::ServiceExt;

use crate::actor::{Actor, Behind};
use crate::place::Place;

pub(crate) const TAXII: &str = "application/taxii+json;version=2.1";
pub(crate) const SIGNALS: &str =
    "/taxii2/noroshi/collections/8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01/";
pub(crate) const PEPPER: [u8; 32] = [7; 32];
/// 2026-11-23T03:00:00Z.
pub(crate) const START: i64 = 1_795_402_800_000_000;
pub(crate) const TICK: i64 = 10_000_000;

/// The side that releases, and signs what partners post.
pub(crate) struct Hub {
    pub(crate) key: SigningKey,
    pub(crate) creator: StixId,
    entropy: SeededEntropy,
    ticks: AtomicU64,
}

impl Hub {
    pub(crate) fn new(seed: u64) -> Self {
        let entropy = SeededEntropy::new(seed);
        let creator = StixId::random(ObjectType::IDENTITY, random_bytes(&entropy));
        let key = SigningKey::generate(&entropy);
        Self { key, creator, entropy, ticks: AtomicU64::new(0) }
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust { keys: vec![self.key.verifying_key()], creator: self.creator.clone() }
    }

    pub(crate) fn fresh_id(&self) -> StixId {
        StixId::random(ObjectType::INDICATOR, random_bytes(&self.entropy))
    }

    pub(crate) fn api_key(&self) -> ApiKey {
        ApiKey::generate(&self.entropy)
    }

    /// The next tick, ten seconds after the last one.
    pub(crate) fn tick(&self) -> Timestamp {
        let n = self.ticks.fetch_add(1, Ordering::SeqCst);
        Timestamp::from_micros(START + TICK * i64::try_from(n).unwrap())
    }

    pub(crate) fn identity(&self) -> Vec<u8> {
        identity(&self.creator, "The hub", Timestamp::from_micros(START))
    }

    pub(crate) fn indicator(&self, kind: Kind, value: &str, tlp: Tlp) -> Vec<u8> {
        self.version(&self.fresh_id(), kind, value, tlp, START, false)
    }

    pub(crate) fn version(
        &self,
        id: &StixId,
        kind: Kind,
        value: &str,
        tlp: Tlp,
        modified: i64,
        revoked: bool,
    ) -> Vec<u8> {
        emit(&IndicatorFacts {
            id: id.clone(),
            creator: &self.creator,
            tick: Timestamp::from_micros(modified),
            valid_until: None,
            observable: &Observable::parse(kind, value).unwrap(),
            confidence: 80,
            tlp,
            created: Timestamp::from_micros(START),
            revoked,
        })
    }

    pub(crate) fn expiring(&self, kind: Kind, value: &str, until: i64) -> Vec<u8> {
        emit(&IndicatorFacts {
            id: self.fresh_id(),
            creator: &self.creator,
            tick: Timestamp::from_micros(START),
            valid_until: Some(Timestamp::from_micros(until)),
            observable: &Observable::parse(kind, value).unwrap(),
            confidence: 80,
            tlp: Tlp::Green,
            created: Timestamp::from_micros(START),
            revoked: false,
        })
    }

    pub(crate) fn batch(&self, objects: Vec<Vec<u8>>) -> SignedBatch {
        self.batch_of("signals", objects)
    }

    pub(crate) fn batch_of(&self, collection: &str, objects: Vec<Vec<u8>>) -> SignedBatch {
        let leaves: Vec<_> = objects.iter().map(|o| leaf_hash(o)).collect();
        let id = random_bytes(&self.entropy);
        let tick = self.tick().as_micros();
        let head = BatchHead::over(id, collection, tick, &leaves, [0; 32]).unwrap();
        let objects = objects.into_iter().map(|bytes| ReleasedObject { bytes }).collect();
        SignedBatch { head: head.sign(&self.key), objects }
    }
}

/// An outlet with a hub behind it and one reader.
pub(crate) struct World {
    pub(crate) hub: Hub,
    pub(crate) shelf: Shelf,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) app: Router,
    pub(crate) behind: Arc<Behind>,
    pub(crate) key: String,
}

impl World {
    pub(crate) async fn new(place: &Place) -> Self {
        Self::with(place, |_| {}).await
    }

    /// A world in which anyone may read what is CLEAR.
    pub(crate) async fn public(place: &Place) -> Self {
        Self::with(place, |c| c.public_clear = true).await
    }

    pub(crate) async fn with(place: &Place, change: impl FnOnce(&mut OutletConfig)) -> Self {
        let shelf = Shelf::open(&place.address, Hub::new(1).trust()).await.unwrap();
        Self::over(shelf, change).await
    }

    /// A world in which almost every read goes to the database.
    pub(crate) async fn small_window(place: &Place) -> Self {
        let trust = Hub::new(1).trust();
        let shelf = Shelf::open_with_window(&place.address, trust, 2).await.unwrap();
        Self::over(shelf, |c| c.public_clear = true).await
    }

    async fn over(shelf: Shelf, change: impl FnOnce(&mut OutletConfig)) -> Self {
        let hub = Hub::new(1);
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(START)));
        let mut config = OutletConfig::new(PEPPER);
        change(&mut config);
        let clock_of_state: Arc<dyn Clock> = clock.clone();
        let behind = Arc::new(Behind::default());
        let state =
            OutletState::beside_hub(shelf.clone(), clock_of_state, config, behind.side()).unwrap();
        let app = harden(router(state.clone()), &state);
        let key = hub.api_key();
        let world = Self { hub, shelf, clock, app, behind, key: key.expose().to_owned() };
        world.admit(&key, i64::MAX).await;
        world
    }

    /// Makes a member's key valid until `expires`.
    pub(crate) async fn admit(&self, key: &ApiKey, expires: i64) {
        let rights = Rights { read_releases: true, read_partners: true, ..Rights::default() };
        self.admit_with(key, expires, rights).await;
    }

    /// Makes a key good that another outlet gave out.
    pub(crate) async fn admit_key(&self, key: &str) {
        self.admit(&ApiKey::parse(key).unwrap(), i64::MAX).await;
    }

    async fn admit_with(&self, key: &ApiKey, expires: i64, rights: Rights) {
        let credential = Credential {
            key_id: key.id().to_owned(),
            digest: *key.digest(&PEPPER).as_bytes(),
            expires_micros: expires,
            rights,
        };
        self.shelf.upsert_credential(credential).await.unwrap();
    }

    /// Somebody with a key of these rights.
    pub(crate) async fn actor(&self, rights: Rights) -> Actor<'_> {
        let key = self.behind.api_key();
        self.admit_with(&key, i64::MAX, rights).await;
        Actor { world: self, authorization: format!("Bearer {}", key.expose()) }
    }

    /// A partner CERT, which posts under the name `n`.
    pub(crate) async fn partner(&self, n: u8) -> Actor<'_> {
        let write_partners = Some(Contributor([n; 16]));
        self.actor(Rights { read_partners: true, write_partners, ..Rights::default() }).await
    }

    /// A member whose key may report.
    pub(crate) async fn reporter(&self) -> Actor<'_> {
        let all = Rights { read_releases: true, read_partners: true, ..Rights::default() };
        self.actor(Rights { write_inbox: true, ..all }).await
    }

    pub(crate) async fn publish(&self, objects: Vec<Vec<u8>>) {
        self.shelf.publish(self.hub.batch(objects)).await.unwrap();
    }

    /// Publishes `n` addresses, each its own object.
    pub(crate) async fn publish_addresses(&self, from: usize, n: usize) {
        let one = |i: usize| {
            let value = format!("203.0.{}.{}", 113 + i / 200, i % 200 + 1);
            self.hub.indicator(Kind::Ipv4, &value, Tlp::Green)
        };
        self.publish((from..from + n).map(one).collect()).await;
    }

    /// Asks as the member.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let auth = format!("Bearer {}", self.key);
        self.send(Request::get(path).header(header::AUTHORIZATION, auth)).await
    }

    /// Asks as nobody in particular.
    pub(crate) async fn anonymous(&self, path: &str) -> Answer {
        self.send(Request::get(path)).await
    }

    pub(crate) async fn send(&self, request: axum::http::request::Builder) -> Answer {
        self.send_body(request, Body::empty()).await
    }

    pub(crate) async fn send_body(
        &self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Answer {
        self.send_request(request.body(body).unwrap()).await
    }

    pub(crate) async fn send_request(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// A whole response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The ids of an envelope or manifest.
    pub(crate) fn ids(&self) -> Vec<String> {
        let json = self.json();
        let objects = json["objects"].as_array().cloned().unwrap_or_default();
        objects.iter().map(|o| o["id"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn code(&self) -> String {
        let json = self.json();
        let code = json.get("error_code").or_else(|| json.get("code"));
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}
