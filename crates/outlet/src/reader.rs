//! Who is asking, as far as the outlet may know: a reader or not.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use futures::future::BoxFuture;

use crate::i18n::Locale;
use crate::problem::Problem;
use crate::shelf::KeyCheck;
use crate::state::OutletState;

/// Who is asking. There is no third kind and no name: the outlet does not know members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Someone who may read everything that is released.
    Member,
    /// Anyone else.
    Anonymous,
}

/// A link in the head of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    /// Where it leads.
    pub href: String,
    /// What it says, in the reader's language.
    pub label: String,
}

/// What a server that mounts the outlet adds to its page.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    /// Links in the head of the page.
    pub nav: Vec<NavLink>,
    /// Where one reports an attack.
    pub report: Option<String>,
    /// Where one signs in.
    pub sign_in: Option<String>,
}

/// Tells the outlet of readers that it cannot know itself: people signed in at a hub.
///
/// Asked only for requests without an `Authorization` header.
pub trait ReaderAuth: Send + Sync {
    /// Whether these request headers come with a session that may read releases.
    fn reader<'a>(&'a self, headers: &'a HeaderMap) -> BoxFuture<'a, Reader>;

    /// What to add to the page for this visitor.
    fn chrome<'a>(&'a self, headers: &'a HeaderMap, locale: Locale) -> BoxFuture<'a, Chrome>;
}

/// An outlet alone: there are no sessions.
pub(crate) struct NoSessions;

impl ReaderAuth for NoSessions {
    fn reader<'a>(&'a self, _: &'a HeaderMap) -> BoxFuture<'a, Reader> {
        Box::pin(std::future::ready(Reader::Anonymous))
    }

    fn chrome<'a>(&'a self, _: &'a HeaderMap, _: Locale) -> BoxFuture<'a, Chrome> {
        Box::pin(std::future::ready(Chrome::default()))
    }
}

impl Reader {
    /// Whether only what is marked TLP:CLEAR may be shown.
    pub(crate) fn clear_only(self) -> bool {
        self == Reader::Anonymous
    }
}

/// Finds out who is asking. A wrong key is refused even where anyone may read: the client believes
/// it is signed in and would take the public part for everything.
pub(crate) async fn identify(state: &OutletState, headers: &HeaderMap) -> Result<Reader, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        if !headers.contains_key(header::COOKIE) {
            return Ok(Reader::Anonymous);
        }
        return Ok(state.0.readers.reader(headers).await);
    };
    let key = value.to_str().ok().and_then(presented_key);
    let check = key.map_or(KeyCheck::Unknown, |key| {
        state.0.shelf.check_key(&key, &state.0.config.pepper, state.now().as_micros())
    });
    match check {
        KeyCheck::Good(_) => Ok(Reader::Member),
        KeyCheck::Expired => Err(unauthorized(
            "key-expired",
            "The key is no longer valid",
            "Ask your hub for a new key; a key ends with the agreement it was made under.",
        )),
        KeyCheck::Unknown => Err(unauthorized(
            "bad-credentials",
            "The key is not known here",
            "Send the API key as the password of Basic authentication or as a Bearer token.",
        )),
    }
}

/// Lets only readers pass: members, and anyone where the public part is on.
pub(crate) async fn require_reader(
    State(state): State<OutletState>,
    mut request: Request,
    next: Next,
) -> Response {
    match identify(&state, request.headers()).await {
        Ok(Reader::Anonymous) if !state.0.config.public_clear => unauthorized(
            "credentials-needed",
            "This needs an API key",
            "Send the API key as the password of Basic authentication or as a Bearer token.",
        )
        .into_response(),
        Ok(reader) => {
            request.extensions_mut().insert(reader);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// The key in an `Authorization` value: the password of Basic, whatever the user name, or a Bearer
/// token.
fn presented_key(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(rest.as_bytes()).ok()?).ok()?;
    let (_, password) = decoded.split_once(':')?;
    Some(password.to_owned())
}

fn unauthorized(code: &'static str, title: &'static str, detail: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, title)
        .detail(detail)
        .header(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"noroshi\", charset=\"UTF-8\""),
        )
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"noroshi\""))
}
