//! API keys and tokens: text that reads back, digests that match only themselves, no secret printed.

use std::collections::HashSet;

use noroshi_seal::{ApiKey, KeyDigest, SealError, SeededEntropy, TOKEN_LEN, Token};
use proptest::prelude::*;

use crate::entropy;

const PEPPER: [u8; 32] = [5; 32];

#[test]
fn a_key_has_the_documented_form() {
    let key = ApiKey::generate(&entropy());
    let parts: Vec<&str> = key.expose().split('_').collect();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [4, 12, 32]);
    assert_eq!(parts[0], "nrsh");
    assert_eq!(parts[1], key.id());
    assert!(
        key.expose()
            .bytes()
            .all(|byte| byte == b'_' || b"abcdefghijklmnopqrstuvwxyz234567".contains(&byte))
    );
}

#[test]
fn a_digest_matches_the_same_key_and_pepper_only() {
    let source = entropy();
    let (key, other) = (ApiKey::generate(&source), ApiKey::generate(&source));
    let stored = KeyDigest::from_slice(key.digest(&PEPPER).as_bytes()).unwrap();
    assert!(stored.matches(&ApiKey::parse(key.expose()).unwrap().digest(&PEPPER)));
    assert!(!stored.matches(&other.digest(&PEPPER)));
    assert!(!stored.matches(&key.digest(&[6; 32])));
    assert!(matches!(KeyDigest::from_slice(&[0; 31]), Err(SealError::BadDigest)));
}

#[test]
fn the_digest_is_stable_across_versions() {
    let text = "nrsh_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let digest = ApiKey::parse(text).unwrap().digest(&PEPPER);
    let mut expected = blake3::Hasher::new_keyed(&PEPPER);
    expected.update(b"noroshi/1/api-key\0").update(text.as_bytes());
    assert_eq!(digest.as_bytes(), expected.finalize().as_bytes());
}

#[test]
fn nothing_secret_is_printed() {
    let source = entropy();
    let (key, token) = (ApiKey::generate(&source), Token::generate(&source));
    let printed = format!("{key:?} {:?} {token:?}", key.digest(&PEPPER));
    assert_eq!(printed, "ApiKey(secret) KeyDigest(..) Token(secret)");
}

#[test]
fn near_misses_are_refused_without_repeating_them() {
    let key = ApiKey::generate(&entropy());
    let good = key.expose();
    let upper = good.to_ascii_uppercase();
    let bad = [
        good[..good.len() - 1].to_owned(),
        format!("{good}a"),
        format!(" {good}"),
        good.replacen("nrsh", "nrsx", 1),
        good.replacen('_', "-", 2),
        upper,
        good.replace(good.chars().last().unwrap(), "1"),
    ];
    for text in bad {
        let error = ApiKey::parse(&text).unwrap_err();
        assert_eq!(error, SealError::BadApiKey);
        assert!(!error.to_string().contains(&good[18..]));
    }
}

#[test]
fn tokens_are_distinct_and_digest_to_other_bytes() {
    let source = entropy();
    let texts: HashSet<String> =
        (0..100).map(|_| Token::generate(&source).expose().to_string()).collect();
    assert_eq!(texts.len(), 100);
    assert!(texts.iter().all(|text| text.len() == TOKEN_LEN));
    let token = Token::generate(&source);
    let digest = data_encoding::BASE32_NOPAD.encode(&token.digest()).to_ascii_lowercase();
    assert_ne!(digest, *token.expose());
}

proptest! {
    #[test]
    fn keys_and_tokens_read_back(seed in any::<u64>()) {
        let source = SeededEntropy::new(seed);
        let key = ApiKey::generate(&source);
        let again = ApiKey::parse(key.expose()).unwrap();
        prop_assert_eq!(again.expose(), key.expose());
        prop_assert!(again.digest(&PEPPER).matches(&key.digest(&PEPPER)));
        let token = Token::generate(&source);
        prop_assert_eq!(Token::parse(&token.expose()).unwrap().digest(), token.digest());
    }

    #[test]
    fn each_key_has_one_spelling(seed in any::<u64>(), place in 0_usize..50, letter in "\\PC") {
        let key = ApiKey::generate(&SeededEntropy::new(seed));
        let mut text: Vec<char> = key.expose().chars().collect();
        text[place] = letter.chars().next().unwrap();
        let text: String = text.into_iter().collect();
        if let Ok(other) = ApiKey::parse(&text) {
            let same = other.digest(&PEPPER).matches(&key.digest(&PEPPER));
            prop_assert_eq!(same, text == key.expose());
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,80}", tail in "[a-z2-7_é]{0,60}") {
        let _ = ApiKey::parse(&text);
        let _ = ApiKey::parse(&format!("nrsh_{tail}"));
        let _ = Token::parse(&text);
        let _ = Token::parse(&tail);
    }
}
