//! The second factor: one-time codes of a phone (RFC 6238: HMAC-SHA-1, 30 seconds, six digits, what
//! every authenticator program does), and recovery codes for a lost phone.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use noroshi_seal::{Entropy, random_bytes};
use noroshi_stix::Timestamp;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Microseconds of one step.
const STEP_MICROS: i64 = 30_000_000;
/// Steps a phone's clock may be wrong by.
const WINDOW: i64 = 1;
/// Recovery codes that are made together.
pub(crate) const RECOVERY_CODES: usize = 10;
/// Letters and digits of a recovery code without its dashes: 80 random bits.
const RECOVERY_LEN: usize = 16;

/// What phone and hub share. Never printed.
pub(crate) struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A fresh secret of 160 bits (RFC 4226, R6).
    pub(crate) fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        let bytes: [u8; 20] = random_bytes(entropy);
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// As it is stored.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// As it is stored.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As people type it into a program that cannot photograph: groups of four letters and digits.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let plain = Zeroizing::new(BASE32_NOPAD.encode(&self.0));
        Zeroizing::new(in_fours(&plain, " "))
    }

    /// What the QR code holds (the key URI format of authenticator programs).
    pub(crate) fn to_uri(&self, hub: &str, login: &str) -> Zeroizing<String> {
        let secret = Zeroizing::new(BASE32_NOPAD.encode(&self.0));
        let (hub, login) = (percent(hub), percent(login));
        Zeroizing::new(format!("otpauth://totp/{hub}:{login}?secret={}&issuer={hub}", *secret))
    }

    /// The step whose code this is, if it is later than `last` and the clocks agree within a step.
    /// Every step is looked at, whatever was found before.
    pub(crate) fn step_of(&self, code: &str, now: Timestamp, last: i64) -> Option<i64> {
        let present = now.as_micros().div_euclid(STEP_MICROS);
        let typed: Zeroizing<String> =
            Zeroizing::new(code.chars().filter(|c| !c.is_whitespace()).collect());
        let mut found = None;
        for step in present - WINDOW..=present + WINDOW {
            let fits = self.code_at(step).as_bytes().ct_eq(typed.as_bytes());
            if bool::from(fits) && step > last {
                found = Some(step);
            }
        }
        found
    }

    /// The code of a step: dynamic truncation of RFC 4226, section 5.3.
    fn code_at(&self, step: i64) -> Zeroizing<String> {
        let counter = u64::try_from(step).unwrap_or(0).to_be_bytes();
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            return Zeroizing::new(String::new());
        };
        mac.update(&counter);
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let offset = usize::from(hash[19] & 0xf);
        let four = hash.get(offset..offset + 4).and_then(|b| <[u8; 4]>::try_from(b).ok());
        let number = u32::from_be_bytes(four.unwrap_or_default()) & 0x7fff_ffff;
        Zeroizing::new(format!("{:06}", number % 1_000_000))
    }
}

/// The code a phone shows at `now`; for tests and programs that play a person.
pub fn code_now(secret: &str, now: Timestamp) -> Option<String> {
    let letters: String = secret.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = BASE32_NOPAD.decode(letters.to_ascii_uppercase().as_bytes()).ok()?;
    let secret = TotpSecret::from_bytes(bytes);
    Some(secret.code_at(now.as_micros().div_euclid(STEP_MICROS)).to_string())
}

/// A code that stands for the phone once.
pub(crate) struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// A fresh code of 80 bits.
    pub(crate) fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        let bytes: [u8; 10] = random_bytes(entropy);
        let mut text = BASE32_NOPAD.encode(&bytes);
        text.make_ascii_lowercase();
        Self(Zeroizing::new(text))
    }

    /// Reads what somebody typed, with or without dashes, in either case.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let plain = Zeroizing::new(plain.to_ascii_lowercase());
        let good = plain.len() == RECOVERY_LEN
            && plain.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
        good.then_some(Self(plain))
    }

    /// As it is shown, once.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(in_fours(&self.0, "-"))
    }

    /// What is stored. 80 random bits need no slow hash.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let hash = Sha256::new().chain_update(b"noroshi/1/recovery-code\0");
        hash.chain_update(self.0.as_bytes()).finalize().into()
    }
}

fn in_fours(text: &str, between: &str) -> String {
    let groups: Vec<&str> =
        text.as_bytes().chunks(4).filter_map(|c| std::str::from_utf8(c).ok()).collect();
    groups.join(between)
}

/// Percent-encoding of everything but unreserved characters (RFC 3986, section 2.3).
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use noroshi_seal::SeededEntropy;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1; the last six of its eight digits.
        let secret = TotpSecret::from_bytes(b"12345678901234567890".to_vec());
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code_at(seconds / 30).as_str(), code, "{seconds}");
            assert_eq!(secret.step_of(code, at(seconds), 0), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_holds_for_one_step_around_and_once() {
        let secret = TotpSecret::generate(&SeededEntropy::new(1));
        let code = secret.code_at(1000);
        for (step, good) in [(998, false), (999, true), (1000, true), (1001, true), (1002, false)] {
            assert_eq!(secret.step_of(&code, at(step * 30), 0).is_some(), good, "{step}");
        }
        assert_eq!(secret.step_of(&code, at(30_000), 1000), None, "a code works twice");
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert_eq!(secret.step_of(&spaced, at(30_000), 0), Some(1000));
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(secret.step_of(wrong, at(30_000), 0), None, "{wrong}");
        }
    }

    #[test]
    fn the_uri_is_what_phones_read() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890".to_vec());
        let uri = secret.to_uri("狼煙 hub", "a.b@c");
        assert_eq!(
            uri.as_str(),
            "otpauth://totp/%E7%8B%BC%E7%85%99%20hub:a.b%40c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E7%8B%BC%E7%85%99%20hub"
        );
        assert!(secret.to_text().starts_with("GEZD GNBV GY3T"));
        assert_eq!(code_now(&secret.to_text(), at(59)).as_deref(), Some("287082"));
    }

    #[test]
    fn recovery_codes_are_read_as_they_were_shown() {
        let code = RecoveryCode::generate(&SeededEntropy::new(1));
        let shown = code.to_text();
        assert_eq!(shown.len(), 19);
        for typed in [shown.to_string(), shown.to_uppercase(), shown.replace('-', " ")] {
            assert_eq!(RecoveryCode::parse(&typed).unwrap().digest(), code.digest());
        }
        for wrong in ["", "123456", &shown[..18], "aaaa-aaaa-aaaa-aaa1"] {
            assert!(RecoveryCode::parse(wrong).is_none(), "{wrong}");
        }
    }
}
