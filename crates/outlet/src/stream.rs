//! Releases as they happen, as Server-Sent Events.
//!
//! A wave of releases is written out once and the same bytes go to every listener, so thousands of
//! them cost a wake-up each and no copy. A listener that cannot keep up, or comes back after a
//! while, reads what it missed from the shelf and then joins the others; nothing is queued for it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, stream};
use noroshi_seal::ClientCertificate;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Interval, MissedTickBehavior};

use crate::cursor::{Position, STREAM_SCOPE};
use crate::metrics;
use crate::params::{Params, bad_request};
use crate::problem::Problem;
use crate::reader::{self, Asking, Grant};
use crate::release::Wave;
use crate::state::OutletState;

/// `GET /stream`: events `create`, `update` and `revoke`, each with the object as data and its
/// place as id. `Last-Event-ID`, or `?after=` with such an id (or `start`), resumes; otherwise the
/// stream begins now.
pub(crate) async fn listen(
    State(state): State<OutletState>,
    Extension(grant): Extension<Grant>,
    certificate: Option<Extension<ClientCertificate>>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let clear_only = grant.clear_only()?;
    // First subscribe, then look where the shelf ends: the other way round could lose a wave.
    let waves = state.0.shelf.waves();
    let place = match headers.get(LAST_EVENT_ID) {
        Some(id) => Some(id.to_str().map_err(|_| bad_place())?),
        None => params.one("after")?,
    };
    let place = match place {
        None | Some("") => state.0.shelf.end(),
        Some("start") => Position::START,
        Some(id) => Position::from_cursor(id, STREAM_SCOPE).ok_or_else(bad_place)?,
    };
    let Some(counted) = state.0.metrics.listener(state.0.config.max_streams) else {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-many-streams",
            "All places at the stream are taken",
        )
        .detail("Poll the TAXII collection instead, or try again later.")
        .header(header::RETRY_AFTER, HeaderValue::from_static("60")));
    };
    let mut heartbeat = tokio::time::interval(state.0.config.heartbeat);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.reset();
    let listener = Listener {
        state,
        headers,
        certificate: certificate.map(|Extension(c)| c),
        grant,
        clear_only,
        waves,
        place,
        behind: true,
        ready: VecDeque::from([Bytes::from_static(OPENING)]),
        heartbeat,
        _counted: counted,
    };
    let body = stream::unfold(listener, |mut listener| async move {
        let bytes = listener.next().await?;
        Some((Ok::<_, Infallible>(bytes), listener))
    });
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            // Asks reverse proxies not to hold events back.
            (ACCEL_BUFFERING, HeaderValue::from_static("no")),
        ],
        // Whoever writes bodies out may ask once more behind the end.
        Body::from_stream(body.fuse()),
    )
        .into_response())
}

/// One open stream.
struct Listener {
    state: OutletState,
    headers: HeaderMap,
    certificate: Option<ClientCertificate>,
    grant: Grant,
    clear_only: bool,
    waves: broadcast::Receiver<Arc<Wave>>,
    place: Position,
    /// Whether there may be something on the shelf that this listener has not got.
    behind: bool,
    ready: VecDeque<Bytes>,
    heartbeat: Interval,
    _counted: metrics::Listener,
}

impl Listener {
    /// The next piece to send; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(bytes) = self.ready.pop_front() {
                return Some(bytes);
            }
            if self.behind {
                self.catch_up().await?;
                continue;
            }
            tokio::select! {
                wave = self.waves.recv() => match wave {
                    Ok(wave) => self.take(&wave),
                    Err(RecvError::Lagged(_)) => self.behind = true,
                    Err(RecvError::Closed) => return None,
                },
                _ = self.heartbeat.tick() => {
                    if !self.may_still_read().await {
                        return None;
                    }
                    return Some(Bytes::from_static(HEARTBEAT));
                }
            }
        }
    }

    fn take(&mut self, wave: &Wave) {
        if wave.end <= self.place {
            return;
        }
        if wave.from != self.place {
            // Something between is missing, or part of the wave was sent already.
            self.behind = true;
            return;
        }
        self.place = wave.end;
        let events = wave.events(self.clear_only);
        if !events.is_empty() {
            self.ready.push_back(events);
        }
    }

    async fn catch_up(&mut self) -> Option<()> {
        if self.place >= self.state.0.shelf.end() {
            self.behind = false;
            return Some(());
        }
        let read = self.state.0.shelf.events_after(self.place, self.clear_only).await;
        match read {
            Ok((events, place)) => {
                self.behind = place > self.place;
                self.place = place.max(self.place);
                if !events.is_empty() {
                    self.ready.push_back(events.into());
                }
                Some(())
            }
            Err(error) => {
                // The client comes back by itself and resumes where it was.
                tracing::warn!(%error, "a stream ends: the shelf could not be read");
                None
            }
        }
    }

    /// A key that has expired or was taken back since, or a session that has ended, stops to receive.
    async fn may_still_read(&self) -> bool {
        let certificate = self.certificate.as_ref();
        let now = reader::identify(&self.state, &self.headers, certificate, Asking::Page).await;
        now.is_ok_and(|now| now == self.grant)
    }
}

fn bad_place() -> Problem {
    bad_request("bad-event-id", "The place to resume from is not one of this stream")
        .detail("Send the id of an event of this stream, or leave it out to begin now.")
}

const LAST_EVENT_ID: &str = "last-event-id";
const ACCEL_BUFFERING: header::HeaderName = header::HeaderName::from_static("x-accel-buffering");
/// The first bytes: come back after three seconds, and a comment so that proxies pass it on.
const OPENING: &[u8] = b"retry: 3000\n: noroshi\n\n";
const HEARTBEAT: &[u8] = b": still here\n\n";
