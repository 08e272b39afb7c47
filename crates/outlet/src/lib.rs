//! Serve releases: shelf, TAXII server, feeds, block lists, stream, public pages.
//!
//! The outlet holds what anyone who may read it may read, and nothing else: it does not depend on
//! the crates that know who reported what, so it cannot name a reporter. It serves only objects
//! that carry a valid signature of the hub.
//!
//! ```text
//! SignedBatch --publish--> Shelf (verified) --> router: /taxii2/  /feeds/  /stream  /  /objects/
//! SignedDocument --put_documents-/                      \--> /anonymity/  /proofs/
//! ```
//!
//! A server opens a [`Shelf`], makes an [`OutletState`] of it, merges [`router`] with routes of its
//! own if it has any, passes the whole through [`harden`], and serves it with [`listen::serve`].

pub mod i18n;
pub mod listen;
pub mod problem;

mod accept;
mod anonymity;
mod assets;
mod clock;
mod collection;
mod compress;
mod cursor;
mod delivery;
mod document;
mod download;
mod error;
mod feeds;
mod frames;
mod harden;
mod http_date;
mod metrics;
mod operations;
mod page;
mod params;
mod proof;
mod reader;
mod release;
mod routes;
mod search;
mod shelf;
mod state;
mod stream;
mod taxii;
mod writing;

pub use clock::{Clock, ManualClock};
pub use collection::Collection;
pub use delivery::{Channel, DELIVERY_SECONDS, Delivered};
pub use document::{SIGNATURE_HEADER, SignedDocument};
pub use error::OutletError;
pub use harden::harden;
pub use proof::{InclusionProof, ProofFlaw, ProofSchema};
pub use reader::{Asking, Chrome, NavLink, Reader, ReaderAuth};
pub use routes::{Access, Action, ROUTES, RouteSpec, router};
pub use shelf::{
    Contributor, Credential, Headline, Published, ReleasedObject, Rights, SCHEMA, Shelf,
    ShelfHealth, SignedBatch, Trust,
};
pub use state::{MoreMetrics, OutletConfig, OutletState};
pub use taxii::PostedEnvelope;
pub use writing::{Caller, HubSide, Inbox, PartnerSigner};
