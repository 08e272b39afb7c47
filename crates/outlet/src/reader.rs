//! Who is asking, as far as the outlet may know: what they may do, never who they are.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use futures::future::BoxFuture;
use noroshi_seal::ClientCertificate;

use crate::accept;
use crate::collection::Collection;
use crate::i18n::Locale;
use crate::page;
use crate::problem::Problem;
use crate::shelf::{Contributor, KeyCheck, Rights};
use crate::state::OutletState;

/// Who is asking. There is no third kind and no name: the outlet does not know members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Someone who may read everything that is released.
    Member,
    /// Anyone else.
    Anonymous,
}

/// Who made a request: somebody, or a page that is open and asks by itself whether there is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// A person, or a program of theirs.
    Person,
    /// An open page; it keeps no session awake.
    Page,
}

impl Asking {
    /// By the address alone, which the pages of this server choose: nothing else in a request counts.
    fn of(uri: &Uri) -> Self {
        if uri.path() == STREAM { Self::Page } else { Self::Person }
    }
}

/// Where an open page listens.
const STREAM: &str = "/stream";

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
    fn reader<'a>(&'a self, headers: &'a HeaderMap, asking: Asking) -> BoxFuture<'a, Reader>;

    /// What to add to the page for this visitor. Never counts as use of the session.
    fn chrome<'a>(&'a self, headers: &'a HeaderMap, locale: Locale) -> BoxFuture<'a, Chrome>;
}

/// An outlet alone: there are no sessions.
pub(crate) struct NoSessions;

impl ReaderAuth for NoSessions {
    fn reader<'a>(&'a self, _: &'a HeaderMap, _: Asking) -> BoxFuture<'a, Reader> {
        Box::pin(std::future::ready(Reader::Anonymous))
    }

    fn chrome<'a>(&'a self, _: &'a HeaderMap, _: Locale) -> BoxFuture<'a, Chrome> {
        Box::pin(std::future::ready(Chrome::default()))
    }
}

/// How much of a collection somebody may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Nothing,
    /// What is marked TLP:CLEAR.
    Clear,
    All,
}

/// What a caller may do. No name: the outlet does not know members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// What the hub released.
    pub(crate) releases: Scope,
    /// What partners brought.
    pub(crate) partners: Scope,
    pub(crate) write_inbox: bool,
    /// Under which name the caller may post to `partners`.
    pub(crate) contributor: Option<Contributor>,
    /// Whether the caller may delete in `partners` what others brought.
    pub(crate) moderate: bool,
}

impl Grant {
    const NONE: Grant = Grant {
        releases: Scope::Nothing,
        partners: Scope::Nothing,
        write_inbox: false,
        contributor: None,
        moderate: false,
    };

    /// Somebody known by a session, or nobody.
    fn of_reader(reader: Reader, public_clear: bool) -> Self {
        let scope = match reader {
            Reader::Member => Scope::All,
            Reader::Anonymous if public_clear => Scope::Clear,
            Reader::Anonymous => Scope::Nothing,
        };
        Self { releases: scope, partners: scope, ..Self::NONE }
    }

    fn of_rights(rights: Rights) -> Self {
        let scope = |all| if all { Scope::All } else { Scope::Nothing };
        Self {
            releases: scope(rights.read_releases),
            partners: scope(rights.read_partners),
            write_inbox: rights.write_inbox,
            contributor: rights.write_partners,
            moderate: rights.moderate,
        }
    }

    /// How much of a collection may be read.
    pub(crate) fn reads(&self, collection: Collection) -> Scope {
        if collection.is_released() { self.releases } else { self.partners }
    }

    /// Whether releases may be read, and then whether only those marked TLP:CLEAR.
    ///
    /// # Errors
    /// 403 for a key that opens something else.
    pub(crate) fn clear_only(&self) -> Result<bool, Problem> {
        match self.releases {
            Scope::All => Ok(false),
            Scope::Clear => Ok(true),
            Scope::Nothing => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "releases-not-open",
                "This key does not open what the hub releases",
            )
            .detail("A partner's key opens the collection partners only; use a member's key.")),
        }
    }
}

/// Finds out what whoever asks may do: by API key, else by client certificate, else by session. A
/// wrong key is refused even where anyone may read: the client believes it is signed in and would
/// take the public part for everything.
pub(crate) async fn identify(
    state: &OutletState,
    headers: &HeaderMap,
    certificate: Option<&ClientCertificate>,
    asking: Asking,
) -> Result<Grant, Problem> {
    let (shelf, pepper) = (&state.0.shelf, &state.0.config.pepper);
    let now = state.now().as_micros();
    let check = match (headers.get(header::AUTHORIZATION), certificate) {
        (Some(value), _) => {
            let key = value.to_str().ok().and_then(presented_key);
            key.map_or(KeyCheck::Unknown, |key| shelf.check_key(&key, pepper, now))
        }
        // A certificate that nobody registered is no claim: browsers offer what they have.
        (None, Some(certificate)) => match shelf.check_certificate(certificate, pepper, now) {
            KeyCheck::Unknown => return Ok(by_session(state, headers, asking).await),
            check => check,
        },
        (None, None) => return Ok(by_session(state, headers, asking).await),
    };
    match check {
        KeyCheck::Good(rights) => Ok(Grant::of_rights(rights)),
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

async fn by_session(state: &OutletState, headers: &HeaderMap, asking: Asking) -> Grant {
    let reader = if headers.contains_key(header::COOKIE) {
        state.0.readers.reader(headers, asking).await
    } else {
        Reader::Anonymous
    };
    Grant::of_reader(reader, state.0.config.public_clear)
}

/// Lets only those pass who may do anything at all: members, partners, and anyone where the public
/// part is on.
pub(crate) async fn require_reader(
    State(state): State<OutletState>,
    mut request: Request,
    next: Next,
) -> Response {
    let certificate = request.extensions().get::<ClientCertificate>().copied();
    let person = request.method().is_safe() && accept::prefers_html(request.headers());
    let person = person.then(|| (request.uri().clone(), request.headers().clone()));
    let asking = Asking::of(request.uri());
    match identify(&state, request.headers(), certificate.as_ref(), asking).await {
        Ok(Grant::NONE) => match page::sign_in_first(&state, person).await {
            Some(page) => page,
            None => unauthorized(
                "credentials-needed",
                "This needs an API key",
                "Send the API key as the password of Basic authentication or as a Bearer token.",
            )
            .into_response(),
        },
        Ok(grant) => {
            request.extensions_mut().insert(grant);
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
