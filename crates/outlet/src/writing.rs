//! What a hub adds to an outlet so that objects can be posted to it.
//!
//! An outlet alone only reads. Beside a hub, two collections take objects, and the two never meet:
//! `inbox` is handed whole to the hub, attributed, and nothing of it reaches the shelf from here;
//! `partners` is signed by the hub and put on the shelf by value.

use std::sync::Arc;

use axum::http::HeaderMap;
use futures::future::BoxFuture;
use noroshi_seal::{BatchHead, ClientCertificate, SignedBatchHead};
use noroshi_stix::taxii::Status;

use crate::problem::Problem;
use crate::reader::ReaderAuth;
use crate::taxii::PostedEnvelope;

/// The parts of a hub that an outlet beside it uses.
#[derive(Clone)]
pub struct HubSide {
    /// Knows who is signed in.
    pub readers: Arc<dyn ReaderAuth>,
    /// Takes what is posted to `inbox`.
    pub inbox: Arc<dyn Inbox>,
    /// Signs what is posted to `partners`.
    pub signer: Arc<dyn PartnerSigner>,
}

/// Who asks, as far as the connection and the headers tell. Whoever gets this authenticates it.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    /// The headers of the request.
    pub headers: &'a HeaderMap,
    /// The client certificate whose holder the TLS handshake proved.
    pub certificate: Option<&'a ClientCertificate>,
}

/// The inbox: objects become an attributed report of whoever sends them.
pub trait Inbox: Send + Sync {
    /// Files the objects of one envelope as one report. Answers when the report is durable; the
    /// status says of each object what became of it. The outlet has checked that the credential
    /// may write to the inbox; the hub checks again, and the agreement with it.
    fn post<'a>(
        &'a self,
        caller: Caller<'a>,
        envelope: PostedEnvelope,
    ) -> BoxFuture<'a, Result<Status, Problem>>;

    /// The status of an earlier post of the same member; `None` for anything else.
    fn status<'a>(
        &'a self,
        caller: Caller<'a>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Status>, Problem>>;
}

/// Signs batches of `partners` with the hub's key.
pub trait PartnerSigner: Send + Sync {
    /// Sixteen random bytes, for the ids of batches and status resources.
    fn random(&self) -> [u8; 16];

    /// Signs a head.
    fn sign(&self, head: BatchHead) -> SignedBatchHead;
}
