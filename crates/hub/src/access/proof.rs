//! Proving who one is with a password and a code.
//!
//! An unknown name, a wrong password, a wrong or used code and an account that is switched off get the
//! same answer after the same work: one count, one hash, one line in the trail.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};
use zeroize::Zeroizing;

use super::attempts::{self, Counted, KnownBrowser, Tried};
use super::login::fold;
use super::password::{self, Password};
use super::sessions::{Begin, NewSession, Prepared};
use super::totp::{RecoveryCode, TotpSecret};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::accounts::{self, Account};
use crate::vault::credentials::{self, Credentials};
use crate::vault::sessions::{self, Means, Session};
use crate::vault::{audit, secrets};

/// What somebody typed to sign in.
pub struct Attempt<'a> {
    /// The sign-in name.
    pub login: &'a str,
    /// The password.
    pub password: Password,
    /// The code of the phone, or a recovery code.
    pub code: &'a str,
    /// The cookie of a known browser.
    pub browser: Option<&'a str>,
}

/// What became of an attempt.
pub enum Tries {
    /// Signed in.
    Good {
        /// The session.
        session: Box<NewSession>,
        /// The cookie that makes the browser known.
        browser: String,
        /// How the person wants pages to be.
        preferences: accounts::Preferences,
    },
    /// Something was wrong; nobody says what.
    Refused,
    /// Too many failures: so many seconds.
    Wait(u32),
}

/// Signs somebody in.
///
/// # Errors
/// 503 where the vault does not answer or there is no memory.
pub async fn sign_in(hub: &Hub, attempt: &Attempt<'_>) -> Result<Tries, HubError> {
    let prepared = Prepared::new(hub);
    let begin = Some(prepared.begin());
    Ok(match prove(hub, attempt, begin).await? {
        Proof::Good(proved) => Tries::Good {
            session: Box::new(prepared.begun(proved.account)),
            browser: proved.browser,
            preferences: proved.preferences,
        },
        Proof::Refused => Tries::Refused,
        Proof::Wait(seconds) => Tries::Wait(seconds),
    })
}

/// What became of proving it again.
pub enum Again {
    /// It is them.
    Good,
    /// Something was wrong; nobody says what.
    Refused,
    /// Too many failures: so many seconds.
    Wait(u32),
}

/// Proves once more who sits at a session, before what they sign in with is changed. `browser` is the
/// cookie of a known browser: what strangers fail at does not count there.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn prove_again(
    hub: &Hub,
    session: &Session,
    password: Password,
    code: &str,
    browser: Option<&str>,
) -> Result<Again, HubError> {
    let account = session.account.id.clone();
    let login =
        hub.vault().read("credentials.login", move |tx| credentials::login_of(tx, &account));
    let login = login.await?.unwrap_or_default();
    let attempt = Attempt { login: &login, password, code, browser };
    match prove(hub, &attempt, None).await? {
        Proof::Good(proved) if proved.account.id == session.account.id => {
            let (id, now) = (session.id.clone(), hub.now());
            hub.vault()
                .write("credentials.proved", move |tx| sessions::proved(tx, &id, now))
                .await?;
            Ok(Again::Good)
        }
        Proof::Good(_) | Proof::Refused => Ok(Again::Refused),
        Proof::Wait(seconds) => Ok(Again::Wait(seconds)),
    }
}

enum Proof {
    Good(Box<Proved>),
    Refused,
    Wait(u32),
}

#[derive(Clone)]
struct Proved {
    account: Account,
    preferences: accounts::Preferences,
    browser: String,
}

/// Counts, hashes, looks at the code; with `begin` starts a session where all is good.
async fn prove(hub: &Hub, attempt: &Attempt<'_>, begin: Option<Begin>) -> Result<Proof, HubError> {
    let (login, now) = (fold(attempt.login), hub.now());
    let fresh: Zeroizing<[u8; 32]> = Zeroizing::new(noroshi_seal::random_bytes(hub.entropy()));
    let shown = attempt.browser.map(str::to_owned);
    let count = move |tx: &mut Tx<'_>| {
        let seed = seed(tx, &fresh)?;
        let found = credentials::by_login(tx, &login)?;
        let browser = shown.as_deref().and_then(KnownBrowser::parse);
        let holds = |b: &KnownBrowser| found.as_ref().is_some_and(|c| b.holds(&seed, c));
        let tried = Tried { login: &login, browser: browser.as_ref().filter(|b| holds(b)) };
        let counted = attempts::count(tx, &seed, tried, now)?;
        Ok(counted.map(|counted| (counted, seed, found)))
    };
    let (counted, seed, found) = match hub.vault().write("sign_in.count", count).await? {
        Ok(counted) => counted,
        Err(seconds) => return Ok(Proof::Wait(seconds)),
    };
    let stored = found.as_ref().map(|c| c.password.as_str());
    let password_good = password::matches(hub, stored, &attempt.password).await?;
    let settle = Settle {
        counted,
        seed,
        password_good,
        credentials: found,
        code: Zeroizing::new(attempt.code.chars().take(64).collect()),
        now: hub.now(),
        begin,
        audit: ids::fresh("a", hub.entropy()),
        entropy: hub.entropy_arc(),
    };
    let proved = hub.vault().write("sign_in.settle", move |tx| settle.run(tx)).await?;
    Ok(proved.map_or(Proof::Refused, |p| Proof::Good(Box::new(p))))
}

/// The last step of an attempt.
struct Settle {
    counted: Counted,
    seed: Zeroizing<[u8; 32]>,
    password_good: bool,
    credentials: Option<Credentials>,
    code: Zeroizing<String>,
    now: Timestamp,
    begin: Option<Begin>,
    audit: String,
    entropy: std::sync::Arc<dyn noroshi_seal::Entropy>,
}

impl Settle {
    /// Looks at the code and the account as they are now; uses the code up only where all is good.
    fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Proved>, StoreError> {
        let id = self.credentials.as_ref().map_or("", |c| c.account.as_str());
        let present = credentials::of(tx, id)?;
        let account = accounts::one(tx, id)?.filter(|a| !a.disabled);
        let unchanged = |c: &&Credentials| {
            self.credentials.as_ref().is_some_and(|before| before.changed == c.changed)
        };
        let means = self.means(tx, id, present.as_ref())?;
        let good = self.password_good && present.as_ref().filter(unchanged).is_some();
        if let (true, Some(means), Some(account), Some(present)) = (good, means, account, &present)
            && self.use_up(tx, id, means)?
        {
            attempts::forgive(tx, &self.counted, self.now)?;
            if let Some(begin) = &self.begin {
                begin.run(tx, id, means.0)?;
            }
            let browser = KnownBrowser::make(&self.seed, present, self.entropy.as_ref());
            let preferences = accounts::preferences(tx, id)?;
            return Ok(Some(Proved { account, preferences, browser: browser.to_text() }));
        }
        let subject = if id.is_empty() { "nobody" } else { id };
        audit::note(tx, &self.audit, self.now, "anonymous", "sign-in.refused", subject)?;
        Ok(None)
    }

    /// What the code is: of the phone and which step, or a recovery code. Both are looked at,
    /// whatever was typed and whether there is an account.
    fn means(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        present: Option<&Credentials>,
    ) -> Result<Option<(Means, i64)>, StoreError> {
        let secret = present.map_or_else(|| vec![0; 20], |c| c.totp.to_vec());
        let last = present.map_or(i64::MAX, |c| c.totp_step);
        let step = TotpSecret::from_bytes(secret).step_of(&self.code, self.now, last);
        let digest = RecoveryCode::parse(&self.code).map_or([0; 32], |c| c.digest());
        let recovery = credentials::has_code(tx, id, &digest)?;
        Ok(step.map(|s| (Means::Password, s)).or(recovery.then_some((Means::Recovery, 0))))
    }

    fn use_up(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        (means, step): (Means, i64),
    ) -> Result<bool, StoreError> {
        match means {
            Means::Recovery => {
                let code = RecoveryCode::parse(&self.code);
                code.map_or(Ok(false), |c| credentials::use_code(tx, id, &c.digest()))
            }
            Means::Password | Means::Link => credentials::use_step(tx, id, step),
        }
    }
}

/// The seed that attempts are counted under, made at the first use.
fn seed(tx: &mut Tx<'_>, fresh: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let kept = secrets::secret_or(tx, secrets::SIGN_IN_SEED, fresh)?;
    <[u8; 32]>::try_from(kept.as_slice())
        .map(Zeroizing::new)
        .map_err(|_| StoreError::Refused("the vault's sign-in seed is damaged".to_owned()))
}
