//! From a request's headers to who is asking.

use axum::http::{HeaderMap, StatusCode, header};
use data_encoding::BASE64;
use noroshi_seal::{ApiKey, KeyDigest, Token};

use super::{Action, Role, may};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::accounts::{self, Session};
use crate::vault::keys;

/// Cookie of a session when people reach the hub over https.
pub const SECURE_COOKIE: &str = "__Host-noroshi";
/// Cookie of a session on a plain http address, for tests on one machine.
pub const PLAIN_COOKIE: &str = "noroshi";

/// Who is asking.
#[derive(Clone)]
pub enum Principal {
    /// Nobody we know.
    Anonymous,
    /// A member's program, by API key.
    Key {
        /// Public part of the key.
        id: String,
        /// The member.
        member: String,
        /// Whether the key may file reports.
        may_report: bool,
    },
    /// A signed-in person.
    Person(Session),
}

impl Principal {
    /// The role.
    pub fn role(&self) -> Role {
        match self {
            Self::Anonymous => Role::Anonymous,
            Self::Key { .. } => Role::Member,
            Self::Person(s) => s.account.role,
        }
    }

    /// The member they act for.
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::Anonymous => None,
            Self::Key { member, .. } => Some(member),
            Self::Person(s) => s.account.member.as_deref(),
        }
    }

    /// The id that goes into the audit trail.
    pub fn actor(&self) -> &str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Key { id, .. } => id,
            Self::Person(s) => &s.account.id,
        }
    }

    /// The session, where a person is signed in.
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Person(s) => Some(s),
            Self::Anonymous | Self::Key { .. } => None,
        }
    }

    /// Checks the token of a signed-in person's form or call. Keys need none: no browser sends
    /// them by itself.
    ///
    /// # Errors
    /// 403 `forged-form` where the token is missing or of another session.
    pub fn check_form(&self, token: Option<&str>) -> Result<(), HubError> {
        let Self::Person(session) = self else { return Ok(()) };
        let good = token.is_some_and(|t| {
            bool::from(subtle::ConstantTimeEq::ct_eq(t.as_bytes(), session.csrf.as_bytes()))
        });
        if good {
            return Ok(());
        }
        Err(HubError::Request {
            status: StatusCode::FORBIDDEN,
            code: "forged-form",
            detail: "This form is not of your present session. Open the page again and send it once more."
                .to_owned(),
        })
    }

    /// Checks the action against the matrix and the key's own limits.
    ///
    /// # Errors
    /// 401 for nobody, 403 for a key without the right, 404 for somebody of another role: what one
    /// may not see does not exist.
    pub fn allow(&self, action: Action) -> Result<(), HubError> {
        // A key in a firewall must not tell whoever steals it that its member reported something.
        let attributed = matches!(action, Action::FileReport | Action::OwnReports);
        if let (Self::Key { may_report: false, .. }, true) = (self, attributed) {
            return Err(HubError::Request {
                status: StatusCode::FORBIDDEN,
                code: "key-may-not-report",
                detail:
                    "This key may read releases only. Use a key made with --report, or sign in."
                        .to_owned(),
            });
        }
        if may(self.role(), action) {
            return Ok(());
        }
        match self {
            Self::Anonymous => Err(unauthorized(
                "unauthorized",
                "Sign in, or send an API key as `Authorization: Bearer nrsh_...`.",
            )),
            Self::Key { .. } | Self::Person(_) => Err(HubError::not_found()),
        }
    }
}

/// Finds out who is asking: an API key (Bearer, or the password of Basic) before a session cookie.
///
/// # Errors
/// 401 with `key-refused`, `key-expired` or `key-revoked` where a key was sent that does not hold;
/// 503 where the vault does not answer. A stale cookie is nobody, not an error.
pub async fn authenticate(hub: &Hub, headers: &HeaderMap) -> Result<Principal, HubError> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let key = value.to_str().ok().and_then(key_in).and_then(|k| ApiKey::parse(&k).ok());
        return match key {
            Some(key) => by_key(hub, key).await,
            None => Err(refused()),
        };
    }
    match session_token(hub, headers) {
        Some(token) => by_session(hub, &token).await,
        None => Ok(Principal::Anonymous),
    }
}

/// Name of the session cookie at the address people use.
pub fn session_cookie(hub: &Hub) -> &'static str {
    if hub.config().public_url().starts_with("https://") { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// The session token among the cookies. Under https only the `__Host-` name counts: the other one
/// can be planted by a neighbouring site, and whoever reports under a planted session hands the
/// report to the planter.
pub fn session_token(hub: &Hub, headers: &HeaderMap) -> Option<Token> {
    let expected = session_cookie(hub);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == expected)
        .and_then(|(_, value)| Token::parse(value).ok())
}

fn key_in(header: &str) -> Option<String> {
    let (scheme, rest) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(BASE64.decode(rest.trim().as_bytes()).ok()?).ok()?;
        return decoded.split_once(':').map(|(_, password)| password.to_owned());
    }
    None
}

async fn by_key(hub: &Hub, key: ApiKey) -> Result<Principal, HubError> {
    let digest = key.digest(&hub.key_pepper());
    let id = key.id().to_owned();
    let row = hub.vault().read("access.key", move |tx| keys::one(tx, &id)).await?;
    let row = row.ok_or_else(refused)?;
    let kept = KeyDigest::from_slice(&row.digest).map_err(|_| refused())?;
    if !kept.matches(&digest) {
        return Err(refused());
    }
    // Only the holder of the whole key gets this far, so the answer may say more.
    if row.revoked.is_some() {
        return Err(unauthorized(
            "key-revoked",
            "This key was taken back. Ask the operator for a new one.",
        ));
    }
    if !row.holds(hub.now()) {
        return Err(unauthorized(
            "key-expired",
            "This key has run out. Ask the operator to rotate it.",
        ));
    }
    Ok(Principal::Key { id: row.id, member: row.member, may_report: row.may_report })
}

async fn by_session(hub: &Hub, token: &Token) -> Result<Principal, HubError> {
    let (digest, now) = (token.digest(), hub.now());
    let found =
        hub.vault().read("access.session", move |tx| accounts::session(tx, &digest, now)).await?;
    Ok(found.map_or(Principal::Anonymous, Principal::Person))
}

fn refused() -> HubError {
    unauthorized("key-refused", "This is no valid API key. Check that it was copied whole.")
}

fn unauthorized(code: &'static str, detail: &str) -> HubError {
    HubError::Request { status: StatusCode::UNAUTHORIZED, code, detail: detail.to_owned() }
}
