//! Passwords: what one may be, and the work of hashing them.
//!
//! NIST SP 800-63B: length counts, composition does not; what everybody tries first is refused.

use std::sync::LazyLock;

use noroshi_seal::{PasswordHash, SealError};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::login::Login;
use crate::error::HubError;
use crate::hub::Hub;

/// Fewest characters of a password.
pub const MIN_PASSWORD: usize = 12;
/// Most characters of a password.
pub const MAX_PASSWORD: usize = 256;

const WEAK: &str = include_str!("../../../../reference/weak-passwords.txt");

/// A password as it was typed, in the one form it is hashed in (NFKC). Wiped when dropped, and
/// never printed.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// What somebody typed. What is far too long for a password counts as empty, so that nobody can
    /// make the hub fold megabytes.
    pub fn typed(text: &str) -> Self {
        if text.len() > MAX_PASSWORD * 16 {
            return Self(Zeroizing::new(String::new()));
        }
        Self(Zeroizing::new(text.nfkc().collect()))
    }

    /// Checks a new password.
    ///
    /// # Errors
    /// 422 `password-short`, `password-long` or `password-weak`.
    pub(crate) fn check(&self, login: Option<&Login>) -> Result<(), HubError> {
        let count = self.0.chars().count();
        let refused = |code, text: String| Err(HubError::unprocessable(code, text));
        if count < MIN_PASSWORD {
            let text = format!("A password has at least {MIN_PASSWORD} characters.");
            return refused("password-short", text);
        }
        if count > MAX_PASSWORD {
            let text = format!("A password has at most {MAX_PASSWORD} characters.");
            return refused("password-long", text);
        }
        if is_weak(&self.0, login) {
            let text = "This password is among the first that anybody tries. Choose another; \
                        several words in a row are good.";
            return refused("password-weak", text.to_owned());
        }
        Ok(())
    }

    fn bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.as_bytes().to_vec())
    }
}

/// Whether it is in the list, one character or a short piece again and again, a run of neighbours,
/// or mostly the login.
fn is_weak(password: &str, login: Option<&Login>) -> bool {
    static LIST: LazyLock<Vec<&str>> = LazyLock::new(|| {
        WEAK.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect()
    });
    let folded = Zeroizing::new(password.trim().to_lowercase());
    if LIST.contains(&folded.as_str()) {
        return true;
    }
    let chars: Zeroizing<Vec<char>> = Zeroizing::new(folded.chars().collect());
    let repeats = |period: usize| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b);
    let pairs = || chars.iter().zip(chars.iter().skip(1));
    let run = |step: i64| {
        let follows =
            |(a, b): &(&char, &char)| i64::from(u32::from(**b)) - i64::from(u32::from(**a)) == step;
        // 1234567890 and zyx...: all but a few places follow each other.
        pairs().filter(follows).count() * 10 >= chars.len() * 7
    };
    if (1..=4).any(repeats) || run(1) || run(-1) {
        return true;
    }
    login.is_some_and(|login| {
        let rest = folded.replace(login.as_str(), "");
        rest.len() < folded.len() && rest.chars().count() < 6
    })
}

/// Hashes a password on a thread that may wait. Two at a time: each takes 19 MiB.
///
/// # Errors
/// 503 where there is no memory.
pub(crate) async fn hash(hub: &Hub, password: &Password) -> Result<String, HubError> {
    let (bytes, entropy) = (password.bytes(), hub.entropy_arc());
    let hashed =
        at_work(hub, move || PasswordHash::of(&bytes, entropy.as_ref()).map(|h| h.to_text()));
    hashed.await?.map_err(|_| busy())
}

/// Whether a stored hash is of this password. `None` takes as long and fits nothing.
///
/// # Errors
/// 503 where there is no memory or the stored hash is damaged.
pub(crate) async fn matches(
    hub: &Hub,
    stored: Option<&str>,
    password: &Password,
) -> Result<bool, HubError> {
    let hash = match stored {
        Some(text) => PasswordHash::parse(text).map_err(|_| busy())?,
        None => PasswordHash::nobody(),
    };
    let bytes = password.bytes();
    at_work(hub, move || hash.matches(&bytes)).await?.map_err(|_| busy())
}

async fn at_work<T: Send + 'static>(
    hub: &Hub,
    work: impl FnOnce() -> Result<T, SealError> + Send + 'static,
) -> Result<Result<T, SealError>, HubError> {
    let _turn = hub.hash_turn().acquire().await.map_err(|_| busy())?;
    tokio::task::spawn_blocking(work).await.map_err(|_| busy())
}

fn busy() -> HubError {
    HubError::Request {
        status: axum::http::StatusCode::SERVICE_UNAVAILABLE,
        code: "unavailable",
        detail: "The hub could not check the password now. Try again in a minute.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<&'static str> {
        let login = Login::parse("sato.hanako");
        Password::typed(text).check(login.as_ref().ok()).err().map(|e| e.problem().code())
    }

    #[test]
    fn length_counts_and_composition_does_not() {
        for good in [
            "tall ships at dawn",
            "のろしをあげるよるのうみ",
            "kqzvwmxtrpln",
            "correct horse battery stable",
            "sato.hanako likes green tea",
        ] {
            assert_eq!(refused(good), None, "{good}");
        }
        assert_eq!(refused("elevenchars"), Some("password-short"));
        assert_eq!(refused("のろしをあげるよる"), Some("password-short"));
        assert_eq!(refused(&"a b".repeat(90)), Some("password-long"));
        assert_eq!(refused(&"x".repeat(1_000_000)), Some("password-short"));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for weak in [
            "Password1234",
            "ＰＡＳＳＷＯＲＤ１２３４",
            "aaaaaaaaaaaa",
            "abababababab",
            "123412341234",
            "123456789012",
            "abcdefghijklm",
            "987654321098",
            "sato.hanako1",
            "SATO.HANAKO!!",
            "1q2w3e4r5t6y",
        ] {
            assert_eq!(refused(weak), Some("password-weak"), "{weak}");
        }
    }

    #[test]
    fn the_list_holds_nothing_that_is_refused_anyway() {
        for line in WEAK.lines().filter(|l| !l.starts_with('#')) {
            assert_eq!(line, line.trim().to_lowercase(), "{line}");
            assert!(line.chars().count() >= MIN_PASSWORD, "{line} is too short to be one");
        }
    }

    #[test]
    fn the_same_letters_in_another_form_are_the_same_password() {
        let (wide, narrow) =
            (Password::typed("ﾉﾛｼノロシのろし１２"), Password::typed("ノロシノロシのろし12"));
        assert_eq!(*wide.0, *narrow.0);
    }
}
