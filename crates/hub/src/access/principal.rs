//! From a request's headers and certificate to who is asking.

use axum::http::{HeaderMap, StatusCode, header};
use data_encoding::BASE64;
use noroshi_outlet::Asking;
use noroshi_seal::{ApiKey, ClientCertificate, KeyDigest, Token};

use super::{Action, Role, may, sessions};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::sessions::Session;
use crate::vault::{keys, partners};

/// Cookie of a session when people reach the hub over https.
pub const SECURE_COOKIE: &str = "__Host-noroshi";
/// Cookie of a session on a plain http address, for tests on one machine.
pub const PLAIN_COOKIE: &str = "noroshi";

/// Who is asking.
#[derive(Clone)]
pub enum Principal {
    /// Nobody we know.
    Anonymous,
    /// A member's program, by API key or client certificate.
    Key {
        /// Public part of the key.
        id: String,
        /// The member.
        member: String,
        /// Whether the key may file reports.
        may_report: bool,
    },
    /// A partner's program, by API key or client certificate.
    Partner {
        /// Public part of the key.
        id: String,
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
            Self::Partner { .. } => Role::Partner,
            Self::Person(s) => s.account.role,
        }
    }

    /// The member they act for.
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::Anonymous | Self::Partner { .. } => None,
            Self::Key { member, .. } => Some(member),
            Self::Person(s) => s.account.member.as_deref(),
        }
    }

    /// The id that goes into the audit trail.
    pub fn actor(&self) -> &str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Key { id, .. } | Self::Partner { id } => id,
            Self::Person(s) => &s.account.id,
        }
    }

    /// The session, where a person is signed in.
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Person(s) => Some(s),
            Self::Anonymous | Self::Key { .. } | Self::Partner { .. } => None,
        }
    }

    /// Checks the token of a signed-in person's form or call. Keys need none: no browser sends
    /// them by itself. It does send a certificate, so where a request came from is checked for
    /// everybody (`app::same_origin`).
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
        // An account is a person's: a member's key has the role of its member, and no account.
        let person = action != Action::OwnAccount || matches!(self, Self::Person(_));
        if may(self.role(), action) && person {
            return Ok(());
        }
        match self {
            Self::Anonymous => Err(unauthorized(
                "unauthorized",
                "Sign in, or send an API key as `Authorization: Bearer nrsh_...`.",
            )),
            Self::Key { .. } | Self::Partner { .. } | Self::Person(_) => Err(HubError::not_found()),
        }
    }
}

/// Finds out who is asking: an API key (Bearer, or the password of Basic) before a session cookie,
/// and that before the client certificate of the connection. A page that asks by itself does not keep
/// its session awake.
///
/// # Errors
/// 401 with `key-refused`, `key-expired` or `key-revoked` where a key was sent or a registered
/// certificate shown that does not hold; 503 where the vault does not answer. A stale cookie or a
/// certificate nobody registered is nobody, not an error.
pub async fn authenticate(
    hub: &Hub,
    headers: &HeaderMap,
    certificate: Option<&ClientCertificate>,
    asking: Asking,
) -> Result<Principal, HubError> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let key = value.to_str().ok().and_then(key_in).and_then(|k| ApiKey::parse(&k).ok());
        let Some(key) = key else { return Err(refused()) };
        let digest = key.digest(&hub.key_pepper());
        return by_digest(hub, key.id().to_owned(), digest).await?.ok_or_else(refused);
    }
    if let Some(token) = session_token(hub, headers)
        && let Some(session) = sessions::by_token(hub, &token, asking).await?
    {
        return Ok(Principal::Person(session));
    }
    let Some(certificate) = certificate else { return Ok(Principal::Anonymous) };
    let digest = certificate.digest(&hub.key_pepper());
    Ok(by_digest(hub, certificate.id(), digest).await?.unwrap_or(Principal::Anonymous))
}

/// Name of the session cookie at the address people use.
pub fn session_cookie(hub: &Hub) -> &'static str {
    if hub.config().public_url().starts_with("https://") { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// The session token among the cookies. Under https only the `__Host-` name counts: the other one
/// can be planted by a neighbouring site, and whoever reports under a planted session hands the
/// report to the planter.
pub fn session_token(hub: &Hub, headers: &HeaderMap) -> Option<Token> {
    cookie(headers, session_cookie(hub)).and_then(|value| Token::parse(value).ok())
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = cookies.flat_map(|l| l.split(';')).filter_map(|p| p.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
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

/// A key or certificate as the vault knows it.
struct Known {
    digest: Vec<u8>,
    revoked: bool,
    holds: bool,
    principal: Principal,
}

/// Who holds the key or certificate of this public part and digest; `None` where nobody does.
///
/// # Errors
/// 401 where it was taken back or has run out; 503 where the vault does not answer.
async fn by_digest(
    hub: &Hub,
    id: String,
    digest: KeyDigest,
) -> Result<Option<Principal>, HubError> {
    let now = hub.now();
    let known = hub
        .vault()
        .read("access.key", move |tx| {
            if let Some(k) = keys::one(tx, &id)? {
                return Ok(Some(Known {
                    revoked: k.revoked.is_some(),
                    holds: k.holds(now),
                    digest: k.digest,
                    principal: Principal::Key {
                        id: k.id,
                        member: k.member,
                        may_report: k.may_report,
                    },
                }));
            }
            Ok(partners::key(tx, &id)?.map(|k| Known {
                revoked: k.revoked.is_some(),
                holds: k.holds(now),
                digest: k.digest,
                principal: Principal::Partner { id: k.id },
            }))
        })
        .await?;
    let Some(known) = known else { return Ok(None) };
    if !KeyDigest::from_slice(&known.digest).is_ok_and(|kept| kept.matches(&digest)) {
        return Ok(None);
    }
    // Only the holder of the whole key gets this far, so the answer may say more.
    if known.revoked {
        return Err(unauthorized(
            "key-revoked",
            "This key or certificate was taken back. Ask the operator for a new one.",
        ));
    }
    if !known.holds {
        return Err(unauthorized(
            "key-expired",
            "This key or certificate has run out. Ask the operator for a new one.",
        ));
    }
    Ok(Some(known.principal))
}

fn refused() -> HubError {
    unauthorized("key-refused", "This is no valid API key. Check that it was copied whole.")
}

fn unauthorized(code: &'static str, detail: &str) -> HubError {
    HubError::Request { status: StatusCode::UNAUTHORIZED, code, detail: detail.to_owned() }
}
