//! How far the server is with what a client added (section 4.3).

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use noroshi_seal::ClientCertificate;

use super::{Answer, TAXII_TYPE, failed, negotiate, resource};
use crate::params::Params;
use crate::problem::Problem;
use crate::reader::Grant;
use crate::state::OutletState;
use crate::writing::Caller;

/// `GET /taxii2/noroshi/status/{status}/`: the status of an own post; somebody else's does not
/// exist.
pub(crate) async fn status(
    State(state): State<OutletState>,
    Extension(grant): Extension<Grant>,
    certificate: Option<Extension<ClientCertificate>>,
    headers: HeaderMap,
    params: Params,
) -> Answer {
    negotiate(&headers)?;
    let id = params.segment("status");
    // What no id looks like is not asked for.
    if id.len() > 36 || !id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        return Err(Problem::not_found());
    }
    if let Some(name) = grant.contributor
        && let Some(json) = state.0.shelf.posting(id, name).await.map_err(failed)?
    {
        return Ok(([(header::CONTENT_TYPE, TAXII_TYPE)], json).into_response());
    }
    if let Some(inbox) = state.0.inbox.as_ref().filter(|_| grant.write_inbox) {
        let certificate = certificate.map(|Extension(c)| c);
        let caller = Caller { headers: &headers, certificate: certificate.as_ref() };
        if let Some(status) = inbox.status(caller, id).await? {
            return Ok(resource(&status));
        }
    }
    Err(Problem::not_found())
}
