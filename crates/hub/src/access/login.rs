//! Sign-in names.

use unicode_normalization::UnicodeNormalization;

use crate::error::HubError;

/// Most characters of a sign-in name.
pub const MAX_LOGIN: usize = 64;

/// The name somebody types to sign in with a password: lower-case letters, digits and `. _ - @ +`,
/// 3 to 64 of them, so that an address of mail can be one and no two look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Reads a name; case and width of letters do not count.
    ///
    /// # Errors
    /// 422 `bad-login`.
    pub fn parse(text: &str) -> Result<Self, HubError> {
        let folded = fold(text);
        let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-@+".contains(&b);
        let good = (3..=MAX_LOGIN).contains(&folded.len())
            && folded.bytes().all(inside)
            && folded.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        if good {
            return Ok(Self(folded));
        }
        Err(HubError::unprocessable(
            "bad-login",
            "A sign-in name has 3 to 64 letters a to z, digits and . _ - @ +, and starts with a letter or digit.",
        ))
    }

    /// The folded name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is compared and counted, also of what is no name: at most as long as the longest name, so
/// that nobody makes the hub fold megabytes.
pub(crate) fn fold(text: &str) -> String {
    text.trim().chars().take(4 * MAX_LOGIN).nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_plain() {
        assert_eq!(
            Login::parse(" Ｓato.Hanako@Example.JP ").unwrap().as_str(),
            "sato.hanako@example.jp"
        );
        for bad in ["", "ab", ".abc", "a b c", "satо", "佐藤花子", "a\0bc", &"x".repeat(65)] {
            assert!(Login::parse(bad).is_err(), "{bad}");
        }
    }
}
