//! What an account signs in with: set for the first time, changed, renewed.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};
use zeroize::Zeroizing;

use super::login::Login;
use super::password::{self, Password};
use super::sessions::is_fresh;
use super::totp::{RECOVERY_CODES, RecoveryCode, TotpSecret};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::credentials::{self, Credentials};
use crate::vault::sessions::{self, Session};
use crate::vault::{accounts, audit};

/// What an account has to sign in with, for its own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The sign-in name.
    pub login: Option<String>,
    /// Since when there is a password with a phone.
    pub password: Option<Timestamp>,
    /// Recovery codes that are left.
    pub codes: i64,
}

/// What an account has to sign in with.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn standing(hub: &Hub, account: &str) -> Result<Standing, HubError> {
    let id = account.to_owned();
    let read = move |tx: &mut Tx<'_>| {
        Ok(Standing {
            login: credentials::login_of(tx, &id)?,
            password: credentials::of(tx, &id)?.map(|c| c.changed),
            codes: credentials::codes_left(tx, &id)?,
        })
    };
    Ok(hub.vault().read("credentials.standing", read).await?)
}

/// What is shown to set a phone up.
pub struct Enrolment {
    /// The secret as text, in groups of four.
    pub secret: Zeroizing<String>,
    /// What the QR code holds.
    pub uri: Zeroizing<String>,
}

/// Begins to set a phone up in this session; the same secret until it is done.
///
/// # Errors
/// 403 `prove-first` where the person did not prove a moment ago who they are.
pub async fn begin_enrolment(
    hub: &Hub,
    session: &Session,
    login: &str,
) -> Result<Enrolment, HubError> {
    fresh_only(hub, session)?;
    let (id, secret) = (session.id.clone(), TotpSecret::generate(hub.entropy()));
    let work = move |tx: &mut Tx<'_>| sessions::pending_or(tx, &id, secret.as_bytes());
    let kept = hub.vault().write("credentials.enrol", work).await?;
    let secret = TotpSecret::from_bytes(kept.ok_or_else(HubError::not_found)?);
    Ok(Enrolment { secret: secret.to_text(), uri: secret.to_uri(&hub.config().hub.name, login) })
}

/// What is to be set or changed.
pub enum Change {
    /// A password and a phone, for the first time or anew.
    Set {
        /// The sign-in name, where the account has none yet.
        login: Option<Login>,
        /// The new password.
        password: Password,
        /// A code of the phone that is being set up.
        code: String,
    },
    /// Another password; the phone stays.
    Password(Password),
    /// Another phone; the password stays. With a code of the new one.
    Phone(String),
    /// New recovery codes.
    Codes,
}

/// Makes the change, ends the account's other sessions, and returns new recovery codes where there are
/// any: they are shown this once.
///
/// # Errors
/// 403 `prove-first`; 422 with `password-short`, `password-long`, `password-weak`, `login-taken`,
/// `code-wrong`; 409 where there is no password to change.
pub async fn change(
    hub: &Hub,
    session: &Session,
    change: Change,
) -> Result<Vec<Zeroizing<String>>, HubError> {
    fresh_only(hub, session)?;
    let before = standing(hub, &session.account.id).await?;
    let known = before.login.as_deref().and_then(|l| Login::parse(l).ok());
    let hash = match &change {
        Change::Set { login, password, .. } => {
            password.check(known.as_ref().or(login.as_ref()))?;
            password::hash(hub, password).await?
        }
        Change::Password(password) => {
            password.check(known.as_ref())?;
            password::hash(hub, password).await?
        }
        Change::Phone(_) | Change::Codes => String::new(),
    };
    let codes: Vec<RecoveryCode> = match &change {
        Change::Password(_) => Vec::new(),
        _ => (0..RECOVERY_CODES).map(|_| RecoveryCode::generate(hub.entropy())).collect(),
    };
    let work = Making {
        session: session.clone(),
        change,
        hash: Zeroizing::new(hash),
        known,
        digests: codes.iter().map(RecoveryCode::digest).collect(),
        now: hub.now(),
        audit: ids::fresh("a", hub.entropy()),
    };
    let made = hub.vault().write("credentials.change", move |tx| work.run(tx)).await?;
    made.map(|()| codes.iter().map(RecoveryCode::to_text).collect()).map_err(Refusal::into_error)
}

struct Making {
    session: Session,
    change: Change,
    hash: Zeroizing<String>,
    known: Option<Login>,
    digests: Vec<[u8; 32]>,
    now: Timestamp,
    audit: String,
}

/// The secret of a phone that was set up, and the step of the code that proved it.
type Enrolled = (Zeroizing<Vec<u8>>, i64);

#[derive(Clone, Copy)]
enum Refusal {
    LoginTaken,
    NoLogin,
    CodeWrong,
    NothingToChange,
}

impl Refusal {
    fn into_error(self) -> HubError {
        match self {
            Self::LoginTaken => HubError::unprocessable(
                "login-taken",
                "This sign-in name cannot be used. Choose another.",
            ),
            Self::NoLogin => HubError::unprocessable("bad-login", "Choose a sign-in name."),
            Self::CodeWrong => HubError::unprocessable(
                "code-wrong",
                "The code is not the one the phone shows now. Check the phone's clock and type the next code.",
            ),
            Self::NothingToChange => {
                HubError::conflict("There is no password yet. Set one together with a phone.")
            }
        }
    }
}

impl Making {
    fn run(&self, tx: &mut Tx<'_>) -> Result<Result<(), Refusal>, StoreError> {
        let id = self.session.account.id.as_str();
        let done = match &self.change {
            Change::Set { login, code, .. } => self.set(tx, id, login.as_ref(), code)?,
            Change::Password(_) => {
                let done = credentials::set_password(tx, id, &self.hash, self.now)?;
                done.then_some(()).ok_or(Refusal::NothingToChange)
            }
            Change::Phone(code) => match self.enrolled(tx, code)? {
                Some((secret, step)) => {
                    let done = credentials::set_totp(tx, id, &secret, step, self.now)?;
                    done.then_some(()).ok_or(Refusal::NothingToChange)
                }
                None => Err(Refusal::CodeWrong),
            },
            Change::Codes => {
                let has = credentials::of(tx, id)?.is_some();
                has.then_some(()).ok_or(Refusal::NothingToChange)
            }
        };
        if done.is_ok() {
            if !self.digests.is_empty() {
                credentials::set_codes(tx, id, &self.digests)?;
            }
            sessions::clear_pending(tx, &self.session.id)?;
            sessions::end_all(tx, id, &self.session.id)?;
            accounts::forget_links(tx, id)?;
            audit::note(tx, &self.audit, self.now, id, self.action(), id)?;
        }
        Ok(done)
    }

    fn set(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        login: Option<&Login>,
        code: &str,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let Some((secret, step)) = self.enrolled(tx, code)? else {
            return Ok(Err(Refusal::CodeWrong));
        };
        if self.known.is_none() {
            let Some(login) = login else { return Ok(Err(Refusal::NoLogin)) };
            if !credentials::set_login(tx, id, login.as_str())? {
                return Ok(Err(Refusal::LoginTaken));
            }
        }
        let row = Credentials {
            account: id.to_owned(),
            password: self.hash.clone(),
            totp: secret,
            totp_step: step,
            changed: self.now,
        };
        credentials::set(tx, &row)?;
        Ok(Ok(()))
    }

    /// The secret that is being set up and the step of `code`, where it is the phone's.
    fn enrolled(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<Enrolled>, StoreError> {
        let Some(bytes) = sessions::pending(tx, &self.session.id)? else { return Ok(None) };
        let secret = TotpSecret::from_bytes(bytes);
        let step = secret.step_of(code, self.now, 0);
        Ok(step.map(|step| (Zeroizing::new(secret.as_bytes().to_vec()), step)))
    }

    const fn action(&self) -> &'static str {
        match self.change {
            Change::Set { .. } => "credential.set",
            Change::Password(_) => "credential.password",
            Change::Phone(_) => "credential.phone",
            Change::Codes => "credential.codes",
        }
    }
}

fn fresh_only(hub: &Hub, session: &Session) -> Result<(), HubError> {
    if is_fresh(session, hub.now()) {
        return Ok(());
    }
    Err(HubError::Request {
        status: axum::http::StatusCode::FORBIDDEN,
        code: "prove-first",
        detail: "Prove once more who you are before you change what you sign in with.".to_owned(),
    })
}
