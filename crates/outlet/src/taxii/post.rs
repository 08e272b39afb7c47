//! Adding objects (section 5.5): to `partners` by value, to `inbox` as a report.

use axum::body::{self, Body};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use noroshi_stix::taxii::TAXII_MEDIA;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::envelope::too_large;
use super::request::Asked;
use super::resources::Known;
use super::{Answer, PostedEnvelope, failed, not_writable, resource};
use crate::accept;
use crate::collection::Collection;
use crate::params::bad_request;
use crate::problem::{Problem, beyond_limit};
use crate::state::OutletState;

/// `POST .../objects/`: 202 with the status of each object. The answer leaves when all that was
/// taken is durable.
pub(crate) async fn post(asked: Asked, request: Request) -> Answer {
    let Asked { state, grant, headers, .. } = &asked;
    let known = Known::find(&asked)?;
    let inbox = state.0.inbox.as_ref().filter(|_| known == Known::Inbox);
    let partners = match (known, grant.contributor, &state.0.signer) {
        (Known::Shelf(Collection::Partners, _), Some(name), Some(signer)) => Some((name, signer)),
        _ => None,
    };
    if inbox.is_none() && partners.is_none() {
        return Err(not_writable());
    }
    check_media(headers)?;
    // Apart, so that whoever fills the one leaves the other open.
    let room = if inbox.is_some() { &state.0.inbox_room } else { &state.0.partners_room };
    let (envelope, _permit) = read(state, room, headers, request.into_body()).await?;
    let status = match (inbox, partners) {
        (Some(inbox), _) => inbox.post(asked.caller(), envelope).await?,
        (None, Some((name, signer))) => {
            let now = state.now().as_micros();
            state.0.shelf.append(envelope, name, signer.as_ref(), now).await.map_err(failed)?
        }
        (None, None) => return Err(not_writable()),
    };
    Ok(accepted(resource(&status)))
}

/// Reads and takes apart the body. How much of all bodies is in memory at a time is limited, so
/// that many large posts wait instead of filling the machine; the permit is held as long as the
/// body is.
async fn read<'s>(
    state: &OutletState,
    room: &'s Semaphore,
    headers: &HeaderMap,
    body: Body,
) -> Result<(PostedEnvelope, SemaphorePermit<'s>), Problem> {
    let max = state.0.config.max_body;
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    let length = declared.and_then(|v| v.parse().ok()).unwrap_or(max).min(max);
    let units = u32::try_from(length.div_ceil(POST_UNIT)).unwrap_or(u32::MAX).clamp(1, POST_UNITS);
    let permit = room.acquire_many(units).await.map_err(|_| Problem::internal())?;
    let bytes = body::to_bytes(body, max).await.map_err(|error| {
        if beyond_limit(&error) {
            too_large(format!("Send at most {max} bytes at once."))
        } else {
            cut_off()
        }
    })?;
    Ok((PostedEnvelope::parse(bytes)?, permit))
}

/// The body has to be TAXII 2.1; a client that leaves the version out means the newest one.
fn check_media(headers: &HeaderMap) -> Result<(), Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let media = accept::media_type(media);
    let fits = media.is_some_and(|m| {
        m.media == "application/taxii+json" && m.version.as_deref().is_none_or(|v| v == "2.1")
    });
    if fits {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "The request body has a media type that is not taken here",
    )
    .detail(format!("Send an envelope with Content-Type: {TAXII_MEDIA}.")))
}

fn accepted(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::ACCEPTED;
    response.into_response()
}

fn cut_off() -> Problem {
    bad_request("body-cut-off", "The connection ended before the whole body arrived")
        .detail("Send it again; nothing was stored.")
}

/// Bytes of body that one permit stands for.
const POST_UNIT: usize = 1024 * 1024;
/// Permits there are for each of the two: bodies of all posts to it take so many MiB at most.
pub(crate) const POST_UNITS: u32 = 32;
