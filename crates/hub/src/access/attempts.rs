//! How often somebody may try to sign in.
//!
//! Failures are counted for each sign-in name, whether it exists or not, and for all together, in the
//! vault: a restart forgives nothing. After a few, each costs a longer wait, up to a quarter of an
//! hour; an attempt that comes too early is answered without being looked at and makes nothing worse.
//!
//! So that nobody can keep somebody else out by trying on and on, a browser in which that person once
//! signed in carries a proof of it (a "device cookie") and is counted apart; and one-time links are
//! never counted.

use data_encoding::BASE32_NOPAD;
use noroshi_seal::{Entropy, random_bytes};
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};
use subtle::ConstantTimeEq;

use crate::vault::attempts::{self, Failed};
use crate::vault::credentials::Credentials;

/// Failures that cost nothing: people mistype.
const FREE: i64 = 5;
/// Seconds after the first failure that costs something; each further one doubles them.
const FIRST_WAIT: i64 = 15;
/// Longest wait in seconds.
const LONGEST_WAIT: i64 = 15 * 60;
/// Failures of everybody together that cost nothing.
const FREE_TOGETHER: i64 = 100;
/// Seconds after which one failure of everybody together is forgiven.
const FORGIVEN_SECONDS: i64 = 10;
/// Microseconds after which failures are forgotten.
const FORGOTTEN_MICROS: i64 = 24 * 3600 * SECOND;
const SECOND: i64 = 1_000_000;

/// Under which names an attempt is counted.
#[derive(Clone, Copy)]
pub(super) struct Counted {
    own: [u8; 32],
    /// `None` for a known browser.
    together: Option<[u8; 32]>,
}

/// Counts an attempt as failed before it is looked at, so that many at once are many.
///
/// # Errors
/// When the vault cannot be written. The inner error is how many seconds to wait.
pub(super) fn count(
    tx: &mut Tx<'_>,
    seed: &[u8; 32],
    who: Tried<'_>,
    now: Timestamp,
) -> Result<Result<Counted, u32>, StoreError> {
    attempts::sweep(tx, now.plus_micros(-FORGOTTEN_MICROS))?;
    let counted = who.names(seed);
    let own = attempts::one(tx, &counted.own)?;
    let all = match &counted.together {
        Some(name) => attempts::one(tx, name)?,
        None => None,
    };
    let wait = own.map_or(0, |f| wait_of_one(f, now)).max(all.map_or(0, |f| wait_of_all(f, now)));
    if wait > 0 {
        return Ok(Err(u32::try_from(wait).unwrap_or(u32::MAX)));
    }
    let failures = own.map_or(0, |f| f.failures).saturating_add(1);
    attempts::set(tx, &counted.own, Failed { failures, last: now })?;
    if let Some(name) = &counted.together {
        let Failed { failures, last } =
            settled(all.unwrap_or(Failed { failures: 0, last: now }), now);
        attempts::set(tx, name, Failed { failures: failures.saturating_add(1), last })?;
    }
    Ok(Ok(counted))
}

/// The attempt was good: nothing is held against this name any more.
///
/// # Errors
/// When the vault cannot be written.
pub(super) fn forgive(
    tx: &mut Tx<'_>,
    counted: &Counted,
    now: Timestamp,
) -> Result<(), StoreError> {
    attempts::forget(tx, &counted.own)?;
    if let Some(name) = &counted.together
        && let Some(all) = attempts::one(tx, name)?
    {
        let Failed { failures, last } = settled(all, now);
        attempts::set(tx, name, Failed { failures: (failures - 1).max(0), last })?;
    }
    Ok(())
}

/// Who tries: a folded sign-in name and, where the browser showed one that holds, its proof.
#[derive(Clone, Copy)]
pub(super) struct Tried<'a> {
    pub(super) login: &'a str,
    pub(super) browser: Option<&'a KnownBrowser>,
}

impl Tried<'_> {
    fn names(&self, seed: &[u8; 32]) -> Counted {
        match self.browser {
            Some(b) => Counted { own: keyed(seed, "browser", &[&b.nonce]), together: None },
            None => Counted {
                own: keyed(seed, "login", &[self.login.as_bytes()]),
                together: Some(keyed(seed, "together", &[])),
            },
        }
    }
}

/// Seconds until the next attempt under one name.
fn wait_of_one(f: Failed, now: Timestamp) -> i64 {
    if f.failures < FREE {
        return 0;
    }
    let doubled = u32::try_from(f.failures - FREE).unwrap_or(u32::MAX).min(16);
    let wait = FIRST_WAIT.saturating_mul(1 << doubled).min(LONGEST_WAIT);
    (wait - seconds_since(f.last, now)).max(0)
}

/// Seconds until the next attempt of anybody.
fn wait_of_all(f: Failed, now: Timestamp) -> i64 {
    let over = level(f, now) - FREE_TOGETHER + 1;
    if over <= 0 {
        0
    } else {
        over * FORGIVEN_SECONDS - seconds_since(f.last, now) % FORGIVEN_SECONDS
    }
}

/// Failures of everybody that are not forgiven yet.
fn level(f: Failed, now: Timestamp) -> i64 {
    settled(f, now).failures
}

/// What of everybody's failures is left. The time moves on by what was forgiven only, so that those
/// who come every few seconds do not put forgiving off for ever.
fn settled(f: Failed, now: Timestamp) -> Failed {
    let forgiven = seconds_since(f.last, now) / FORGIVEN_SECONDS;
    if forgiven >= f.failures {
        return Failed { failures: 0, last: now };
    }
    // A clock that went back would else be waited for.
    let last = f.last.plus_micros(forgiven * FORGIVEN_SECONDS * SECOND).min(now);
    Failed { failures: f.failures - forgiven, last }
}

/// A clock that went back counts as no time.
fn seconds_since(last: Timestamp, now: Timestamp) -> i64 {
    ((now.as_micros() - last.as_micros()) / SECOND).max(0)
}

/// The proof that somebody signed in with a password in this browser before, until they change what
/// they sign in with.
pub(super) struct KnownBrowser {
    nonce: [u8; 16],
    mac: [u8; 16],
}

impl KnownBrowser {
    /// For somebody who has just signed in.
    pub(super) fn make(seed: &[u8; 32], who: &Credentials, entropy: &dyn Entropy) -> Self {
        let nonce: [u8; 16] = random_bytes(entropy);
        Self { mac: mac(seed, &nonce, who), nonce }
    }

    /// Reads a cookie.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()?;
        let (nonce, mac) = bytes.split_at_checked(16)?;
        Some(Self { nonce: nonce.try_into().ok()?, mac: mac.try_into().ok()? })
    }

    /// The value of the cookie.
    pub(super) fn to_text(&self) -> String {
        let mut text = BASE32_NOPAD.encode(&[self.nonce, self.mac].concat());
        text.make_ascii_lowercase();
        text
    }

    /// Whether it was made for who signs in with this, as it is now.
    pub(super) fn holds(&self, seed: &[u8; 32], who: &Credentials) -> bool {
        bool::from(mac(seed, &self.nonce, who).ct_eq(&self.mac))
    }
}

fn mac(seed: &[u8; 32], nonce: &[u8; 16], who: &Credentials) -> [u8; 16] {
    let changed = who.changed.as_micros().to_be_bytes();
    let whole = keyed(seed, "known", &[nonce, &changed, who.account.as_bytes()]);
    let mut out = [0; 16];
    out.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    out
}

fn keyed(seed: &[u8; 32], what: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = blake3::Hasher::new_keyed(seed);
    hash.update(what.as_bytes()).update(&[0]);
    for part in parts {
        hash.update(part);
    }
    *hash.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * SECOND)
    }

    #[test]
    fn waits_double_and_end_at_a_quarter_of_an_hour() {
        let wait = |failures| wait_of_one(Failed { failures, last: at(0) }, at(0));
        let waits: Vec<i64> = (4..14).map(wait).collect();
        assert_eq!(waits, [0, 15, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(wait(i64::MAX), 900);
        let failed = Failed { failures: 7, last: at(100) };
        assert_eq!([100, 110, 160].map(|now| wait_of_one(failed, at(now))), [60, 50, 0]);
        assert_eq!(wait_of_one(failed, at(0)), 60, "the clock went back");
    }

    #[test]
    fn together_one_is_forgiven_every_ten_seconds() {
        let failed = Failed { failures: 100, last: at(0) };
        assert_eq!(wait_of_all(Failed { failures: 99, last: at(0) }, at(0)), 0);
        assert_eq!([0, 4, 10, 11].map(|now| wait_of_all(failed, at(now))), [10, 6, 0, 0]);
        assert_eq!(level(failed, at(1_000)), 0);
    }

    #[test]
    fn under_constant_traffic_failures_are_forgiven_too() {
        // Somebody signs in every three seconds: counted, then forgiven.
        let mut all = Failed { failures: 100, last: at(0) };
        for second in (3..=303).step_by(3) {
            let Failed { failures, last } = settled(all, at(second));
            all = settled(Failed { failures: failures + 1, last }, at(second));
            all.failures -= 1;
        }
        assert_eq!(all, Failed { failures: 70, last: at(300) });
        assert_eq!(settled(all, at(250)), Failed { failures: 70, last: at(250) });
    }
}
