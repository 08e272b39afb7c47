//! Sessions: how long they hold, and ending them.

use noroshi_outlet::Asking;
use noroshi_seal::Token;
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::Role;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::accounts::Account;
use crate::vault::audit;
use crate::vault::sessions::{self, Beginning, Means, Session};

/// Microseconds a session holds, used or not: twelve hours, a long shift.
pub const SESSION_MICROS: i64 = 12 * HOUR;
/// Microseconds after which a session that nobody uses ends: two hours, so that somebody who is
/// called away finds the page as it was, and a forgotten browser is not open all night.
const IDLE_MICROS: i64 = 2 * HOUR;
/// Microseconds for which somebody who proved who they are may change what they sign in with.
const FRESH_MICROS: i64 = 15 * 60 * 1_000_000;
/// The time of the last use is kept to five minutes: a write for each of them, not for each request.
const SEEN_MICROS: i64 = 5 * 60 * 1_000_000;
const HOUR: i64 = 3600 * 1_000_000;

/// A session that has just begun.
pub struct NewSession {
    /// Goes into the cookie.
    pub token: Token,
    /// Goes into forms and the `X-CSRF-Token` header.
    pub csrf: String,
    /// Who signed in.
    pub account: Account,
    /// Until when it holds.
    pub expires: Timestamp,
}

/// The tokens of a session that may begin.
pub(super) struct Prepared {
    token: Token,
    digest: [u8; 32],
    csrf: String,
    id: String,
    audit: String,
    now: Timestamp,
}

/// What a transaction needs to begin the session; it may run twice.
#[derive(Clone)]
pub(super) struct Begin {
    digest: [u8; 32],
    csrf: String,
    id: String,
    audit: String,
    now: Timestamp,
}

impl Prepared {
    pub(super) fn new(hub: &Hub) -> Self {
        let token = Token::generate(hub.entropy());
        Self {
            digest: token.digest(),
            token,
            csrf: Token::generate(hub.entropy()).expose().to_string(),
            id: ids::fresh("e", hub.entropy()),
            audit: ids::fresh("a", hub.entropy()),
            now: hub.now(),
        }
    }

    pub(super) fn begin(&self) -> Begin {
        Begin {
            digest: self.digest,
            csrf: self.csrf.clone(),
            id: self.id.clone(),
            audit: self.audit.clone(),
            now: self.now,
        }
    }

    /// The session that [`Begin::run`] has begun.
    pub(super) fn begun(self, account: Account) -> NewSession {
        let expires = self.now.plus_micros(SESSION_MICROS);
        NewSession { token: self.token, csrf: self.csrf, account, expires }
    }
}

impl Begin {
    /// Starts the session and notes it in the trail.
    pub(super) fn run(
        &self,
        tx: &mut Tx<'_>,
        account: &str,
        means: Means,
    ) -> Result<(), StoreError> {
        sessions::sweep(tx, self.now, idle_since(self.now))?;
        let beginning = Beginning {
            digest: &self.digest,
            id: &self.id,
            account,
            csrf: &self.csrf,
            means,
            at: self.now,
            expires: self.now.plus_micros(SESSION_MICROS),
        };
        sessions::add(tx, &beginning)?;
        audit::note(tx, &self.audit, self.now, account, "sign-in", account)
    }
}

/// The moment after which a session has to be used to hold at `now`.
fn idle_since(now: Timestamp) -> Timestamp {
    now.plus_micros(-IDLE_MICROS)
}

/// The session of a token, if it holds; notes that it is used where a person asks.
///
/// # Errors
/// 503 where the vault does not answer.
pub(super) async fn by_token(
    hub: &Hub,
    token: &Token,
    asking: Asking,
) -> Result<Option<Session>, HubError> {
    let (digest, now) = (token.digest(), hub.now());
    let read = move |tx: &mut Tx<'_>| sessions::one(tx, &digest, now, idle_since(now));
    let found = hub.vault().read("access.session", read).await?;
    if let (Some(session), Asking::Person) = (&found, asking)
        && session.seen.plus_micros(SEEN_MICROS) <= now
    {
        let id = session.id.clone();
        hub.vault().write("access.session_seen", move |tx| sessions::seen(tx, &id, now)).await?;
    }
    Ok(found)
}

/// Whether the person of this session proved a moment ago who they are.
pub fn is_fresh(session: &Session, now: Timestamp) -> bool {
    session.proved.plus_micros(FRESH_MICROS) > now
}

/// Ends the session of a token; harmless where there is none.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn end_session(hub: &Hub, token: &Token) -> Result<(), HubError> {
    let digest = token.digest();
    Ok(hub.vault().write("sign_in.end", move |tx| sessions::end(tx, &digest)).await?)
}

/// Sessions that hold, by name: of one account, or of everybody where it is empty; after this name
/// and id.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn list_sessions(
    hub: &Hub,
    account: &str,
    after: (String, String),
    limit: i64,
) -> Result<Vec<Session>, HubError> {
    page(hub, account, "", after, limit).await
}

/// The same for everybody but members' people: who of a member is at work at the time of a release
/// would tell who reported.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn list_hub_sessions(
    hub: &Hub,
    after: (String, String),
    limit: i64,
) -> Result<Vec<Session>, HubError> {
    page(hub, "", Role::Member.as_str(), after, limit).await
}

async fn page(
    hub: &Hub,
    account: &str,
    without: &'static str,
    after: (String, String),
    limit: i64,
) -> Result<Vec<Session>, HubError> {
    let (account, now) = (account.to_owned(), hub.now());
    let read = move |tx: &mut Tx<'_>| {
        let when = (now, idle_since(now));
        sessions::page(tx, &account, when, without, (&after.0, &after.1), limit)
    };
    Ok(hub.vault().read("access.sessions", read).await?)
}

/// Ends one of a person's own sessions.
///
/// # Errors
/// 404 where it is none of theirs, or has ended.
pub async fn end_own_session(hub: &Hub, own: &Session, id: &str) -> Result<(), HubError> {
    let (account, id) = (own.account.id.clone(), id.to_owned());
    let (now, audit_id) = (hub.now(), ids::fresh("a", hub.entropy()));
    let work = move |tx: &mut Tx<'_>| {
        let done = sessions::end_one(tx, &id, &account)?;
        if done {
            audit::note(tx, &audit_id, now, &account, "session.end", &account)?;
        }
        Ok(done)
    };
    let done = hub.vault().write("access.end_own", work).await?;
    if done { Ok(()) } else { Err(HubError::not_found()) }
}

/// Ends all of a person's sessions but this one; answers how many.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn end_other_sessions(hub: &Hub, own: &Session) -> Result<u64, HubError> {
    let (account, id) = (own.account.id.clone(), own.id.clone());
    let (now, audit_id) = (hub.now(), ids::fresh("a", hub.entropy()));
    let work = move |tx: &mut Tx<'_>| {
        let ended = sessions::end_all(tx, &account, &id)?;
        audit::note(tx, &audit_id, now, &account, "session.end-others", &account)?;
        Ok(ended)
    };
    Ok(hub.vault().write("access.end_others", work).await?)
}
