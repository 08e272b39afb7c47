//! Who calls, and what stands behind an outlet that takes objects.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use futures::future::BoxFuture;
use noroshi_outlet::i18n::Locale;
use noroshi_outlet::problem::Problem;
use noroshi_outlet::{
    Asking, Caller, Chrome, HubSide, Inbox, PartnerSigner, PostedEnvelope, Reader, ReaderAuth,
};
use noroshi_seal::{ApiKey, BatchHead, SeededEntropy, SignedBatchHead, random_bytes};
use noroshi_stix::taxii::{Status, StatusState};
use serde_json::{Value, json};

use crate::world::{Answer, Hub, TAXII, World};

pub(crate) const PARTNERS: &str =
    "/taxii2/noroshi/collections/8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a04/";

/// Somebody with a credential.
pub(crate) struct Actor<'w> {
    pub(crate) world: &'w World,
    pub(crate) authorization: String,
}

impl Actor<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Request::delete(path), Body::empty()).await
    }

    /// Posts an envelope of these objects to a collection, named by its path.
    pub(crate) async fn post(&self, collection: &str, objects: &[Value]) -> Answer {
        self.post_text(collection, json!({"objects": objects}).to_string()).await
    }

    pub(crate) async fn post_text(&self, collection: &str, text: impl Into<Body>) -> Answer {
        let request = Request::post(format!("{collection}objects/"))
            .header(header::ACCEPT, TAXII)
            .header(header::CONTENT_TYPE, TAXII);
        self.send(request, text.into()).await
    }

    pub(crate) async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request.header(header::AUTHORIZATION, &self.authorization);
        self.world.send_body(request, body).await
    }

    /// The objects of `partners` that a query gives, whatever page they are on.
    pub(crate) async fn partners(&self, query: &str) -> Vec<Value> {
        let mut objects = Vec::new();
        let mut next = String::new();
        loop {
            let page = self.get(&format!("{PARTNERS}objects/?{query}{next}")).await;
            assert_eq!(page.status, 200, "{}", page.text());
            let page = page.json();
            objects.extend(page["objects"].as_array().cloned().unwrap_or_default());
            let Some(cursor) = page["next"].as_str() else { return objects };
            next = format!("&next={cursor}");
        }
    }
}

/// An inbox that keeps what it gets, and a key that signs.
pub(crate) struct Behind {
    pub(crate) posted: Mutex<Vec<(String, PostedEnvelope)>>,
    /// Who holds it keeps posts to the inbox from being answered.
    pub(crate) door: tokio::sync::RwLock<()>,
    hub: Hub,
    entropy: SeededEntropy,
}

impl Default for Behind {
    fn default() -> Self {
        // Two outlets over one shelf must not name two batches alike.
        static OUTLETS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1_000);
        let seed = OUTLETS.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let entropy = SeededEntropy::new(seed);
        Self {
            posted: Mutex::default(),
            door: tokio::sync::RwLock::default(),
            hub: Hub::new(1),
            entropy,
        }
    }
}

impl Behind {
    pub(crate) fn side(self: &Arc<Self>) -> HubSide {
        HubSide { readers: self.clone(), inbox: self.clone(), signer: self.clone() }
    }

    /// A fresh key, another one in every world.
    pub(crate) fn api_key(&self) -> ApiKey {
        ApiKey::generate(&self.entropy)
    }
}

impl PartnerSigner for Behind {
    fn random(&self) -> [u8; 16] {
        random_bytes(&self.entropy)
    }

    fn sign(&self, head: BatchHead) -> SignedBatchHead {
        head.sign(&self.hub.key)
    }
}

fn caller_name(caller: Caller<'_>) -> String {
    match (caller.headers.get(header::AUTHORIZATION), caller.certificate) {
        (Some(key), _) => key.to_str().unwrap().to_owned(),
        (None, Some(certificate)) => certificate.id(),
        (None, None) => "nobody".to_owned(),
    }
}

impl Inbox for Behind {
    fn post<'a>(
        &'a self,
        caller: Caller<'a>,
        envelope: PostedEnvelope,
    ) -> BoxFuture<'a, Result<Status, Problem>> {
        let total = u64::try_from(envelope.len()).unwrap();
        self.posted.lock().unwrap().push((caller_name(caller), envelope));
        let status = Status {
            id: Status::fresh_id(self.random()),
            status: StatusState::Complete,
            request_timestamp: None,
            total_count: total,
            success_count: total,
            successes: Vec::new(),
            failure_count: 0,
            failures: Vec::new(),
            pending_count: 0,
            pendings: Vec::new(),
        };
        Box::pin(async move {
            let _open = self.door.read().await;
            Ok(status)
        })
    }

    fn status<'a>(
        &'a self,
        caller: Caller<'a>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Status>, Problem>> {
        let known =
            self.posted.lock().unwrap().iter().any(|(name, _)| *name == caller_name(caller));
        let status = known.then(|| Status {
            id: id.to_owned(),
            status: StatusState::Complete,
            request_timestamp: None,
            total_count: 0,
            success_count: 0,
            successes: Vec::new(),
            failure_count: 0,
            failures: Vec::new(),
            pending_count: 0,
            pendings: Vec::new(),
        });
        Box::pin(std::future::ready(Ok(status)))
    }
}

impl ReaderAuth for Behind {
    fn reader<'a>(&'a self, _: &'a HeaderMap, _: Asking) -> BoxFuture<'a, Reader> {
        Box::pin(std::future::ready(Reader::Anonymous))
    }

    fn chrome<'a>(&'a self, _: &'a HeaderMap, _: Locale) -> BoxFuture<'a, Chrome> {
        Box::pin(std::future::ready(Chrome::default()))
    }
}
