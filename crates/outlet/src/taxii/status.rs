//! How far the server is with what a client added (section 4.3).

use axum::http::header;
use axum::response::IntoResponse;

use super::request::Asked;
use super::{Answer, TAXII_TYPE, failed, resource};
use crate::problem::Problem;

/// `GET /taxii2/noroshi/status/{status}/`: the status of an own post; somebody else's does not
/// exist.
pub(crate) async fn status(asked: Asked) -> Answer {
    let Asked { state, grant, params, .. } = &asked;
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
    if let Some(inbox) = state.0.inbox.as_ref().filter(|_| grant.write_inbox)
        && let Some(status) = inbox.status(asked.caller(), id).await?
    {
        return Ok(resource(&status));
    }
    Err(Problem::not_found())
}
