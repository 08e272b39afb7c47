//! Every route of the outlet, in one table.
//!
//! The router is built from [`ROUTES`] and from nothing else, so the table cannot drift from what
//! is served; a golden file shows it with what each kind of caller gets.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get};

use crate::state::OutletState;
use crate::{anonymity, assets, download, feeds, operations, page, proof, reader, stream, taxii};

/// One route: who may do what where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteSpec {
    /// The method. A route for GET answers HEAD as well.
    pub method: &'static str,
    /// The path, with `{names}` for the parts that vary.
    pub path: &'static str,
    /// What it does.
    pub action: Action,
    /// Who may do it.
    pub access: Access,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone; the answer holds nothing that needs membership.
    Anyone,
    /// Members and partners, each as far as their credential goes; where the public part is on,
    /// anyone, who then sees TLP:CLEAR only.
    Reader,
}

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant says what it does")]
pub enum Action {
    ShowPage,
    ShowObject,
    Download,
    Connect,
    ReadAsset,
    ReadHealth,
    ReadReadiness,
    ReadMetrics,
    Discover,
    ReadApiRoot,
    ListCollections,
    ReadCollection,
    ReadManifest,
    ReadObjects,
    ReadObject,
    ReadVersions,
    AddObjects,
    DeleteObject,
    ReadStatus,
    ListFeeds,
    ReadFeed,
    Listen,
    ListDocuments,
    ReadDocument,
    ReadProof,
}

/// The routes of the outlet. A TAXII path is also served without its final slash.
pub const ROUTES: &[RouteSpec] = &[
    route("/", Action::ShowPage, Access::Anyone),
    route("/objects/{object}", Action::ShowObject, Access::Reader),
    route("/download/{download}", Action::Download, Access::Reader),
    route("/connect", Action::Connect, Access::Anyone),
    route("/assets/outlet/{file}", Action::ReadAsset, Access::Anyone),
    route("/healthz", Action::ReadHealth, Access::Anyone),
    route("/readyz", Action::ReadReadiness, Access::Anyone),
    route("/metrics", Action::ReadMetrics, Access::Anyone),
    route("/taxii2/", Action::Discover, Access::Reader),
    route("/taxii2/noroshi/", Action::ReadApiRoot, Access::Reader),
    route("/taxii2/noroshi/collections/", Action::ListCollections, Access::Reader),
    route("/taxii2/noroshi/collections/{collection}/", Action::ReadCollection, Access::Reader),
    route(
        "/taxii2/noroshi/collections/{collection}/manifest/",
        Action::ReadManifest,
        Access::Reader,
    ),
    route("/taxii2/noroshi/collections/{collection}/objects/", Action::ReadObjects, Access::Reader),
    route(
        "/taxii2/noroshi/collections/{collection}/objects/{object}/",
        Action::ReadObject,
        Access::Reader,
    ),
    route(
        "/taxii2/noroshi/collections/{collection}/objects/{object}/versions/",
        Action::ReadVersions,
        Access::Reader,
    ),
    RouteSpec {
        method: "POST",
        path: "/taxii2/noroshi/collections/{collection}/objects/",
        action: Action::AddObjects,
        access: Access::Reader,
    },
    RouteSpec {
        method: "DELETE",
        path: "/taxii2/noroshi/collections/{collection}/objects/{object}/",
        action: Action::DeleteObject,
        access: Access::Reader,
    },
    route("/taxii2/noroshi/status/{status}/", Action::ReadStatus, Access::Reader),
    route("/feeds/", Action::ListFeeds, Access::Reader),
    route("/feeds/{list}", Action::ReadFeed, Access::Reader),
    route("/stream", Action::Listen, Access::Reader),
    route("/anonymity/", Action::ListDocuments, Access::Reader),
    route("/anonymity/{kind}/{name}", Action::ReadDocument, Access::Reader),
    route("/proofs/{object}", Action::ReadProof, Access::Reader),
];

const fn route(path: &'static str, action: Action, access: Access) -> RouteSpec {
    RouteSpec { method: "GET", path, action, access }
}

/// The routes of the outlet, to be merged with others and passed through [`crate::harden`].
pub fn router(state: OutletState) -> Router {
    let mut router = Router::new();
    for spec in ROUTES {
        let endpoint = endpoint(spec.action);
        let endpoint = match spec.access {
            Access::Anyone => endpoint,
            Access::Reader => {
                endpoint.layer(from_fn_with_state(state.clone(), reader::require_reader))
            }
        };
        if let Some(bare) = spec.path.strip_suffix('/').filter(|_| spec.path.starts_with("/taxii2"))
        {
            router = router.route(bare, endpoint.clone());
        }
        router = router.route(spec.path, endpoint);
    }
    router.with_state(state)
}

fn endpoint(action: Action) -> MethodRouter<OutletState> {
    match action {
        Action::ShowPage => on(page::show),
        Action::ShowObject => on(page::object),
        Action::Download => on(download::read),
        Action::Connect => on(page::connect),
        Action::ReadAsset => on(assets::read),
        Action::ReadHealth => on(operations::health),
        Action::ReadReadiness => on(operations::readiness),
        Action::ReadMetrics => on(operations::metrics),
        Action::Discover => on(taxii::discover),
        Action::ReadApiRoot => on(taxii::api_root),
        Action::ListCollections => on(taxii::collections),
        Action::ReadCollection => on(taxii::collection),
        Action::ReadManifest => on(taxii::manifest),
        Action::ReadObjects => on(taxii::objects),
        Action::ReadObject => on(taxii::object),
        Action::ReadVersions => on(taxii::versions),
        Action::AddObjects => axum::routing::post(taxii::post),
        Action::DeleteObject => axum::routing::delete(taxii::delete),
        Action::ReadStatus => on(taxii::status),
        Action::ListFeeds => on(feeds::index),
        Action::ReadFeed => on(feeds::read),
        Action::Listen => on(stream::listen),
        Action::ListDocuments => on(anonymity::index),
        Action::ReadDocument => on(anonymity::document),
        Action::ReadProof => on(proof::read),
    }
}

fn on<H, T>(handler: H) -> MethodRouter<OutletState>
where
    H: Handler<T, OutletState>,
    T: 'static,
{
    get(handler)
}
