//! Certificates, parameters and shares that are read say the same when they are written again; the
//! search of released bytes ends and does not fail, whatever the bytes.

use std::sync::LazyLock;

use noroshi_anonymity::Register;
use noroshi_anonymity::policy::{Parameters, Ratio, SignedCertificate};
use noroshi_anonymity::redteam::adversary::{TextHunter, fingerprint};
use noroshi_seal::SigningKey;

static HUNTER: LazyLock<Option<TextHunter>> = LazyLock::new(|| {
    let register = include_str!("../../../../../reference/demo-register.toml");
    Register::from_toml(register).ok().and_then(|r| TextHunter::new(&r).ok())
});

/// Longest bytes searched; every layer of an encoding is searched again.
const SEARCHED: usize = 4096;

/// The first byte selects the format.
pub(super) fn check(bytes: &[u8]) {
    let Some((selector, rest)) = bytes.split_first() else { return };
    match selector % 4 {
        0 => {
            if let Ok(read) = SignedCertificate::from_bytes(rest) {
                let again = SignedCertificate::from_bytes(&read.to_bytes());
                assert_eq!(again.as_ref(), Ok(&read));
                // Nobody who does not have the key can make one.
                let key = SigningKey::from_seed([3; 32]).verifying_key();
                assert!(read.verify(&key).is_err());
            }
        }
        1 => {
            if let Ok(read) = Parameters::from_bytes(rest) {
                assert_eq!(Parameters::from_bytes(&read.to_bytes()).as_ref(), Ok(&read));
            }
        }
        2 => {
            if let Ok(read) = String::from_utf8_lossy(rest).parse::<Ratio>() {
                assert_eq!(read.to_string().parse::<Ratio>(), Ok(read));
            }
        }
        _ => {
            let searched = rest.get(..SEARCHED).unwrap_or(rest);
            if let Some(hunter) = &*HUNTER {
                hunter.find(searched);
            }
            assert_eq!(fingerprint(rest), fingerprint(rest));
        }
    }
}
