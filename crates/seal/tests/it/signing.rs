//! RFC 8032 vectors, separation of purposes, silence about secrets.

use std::collections::HashSet;

use ed25519_dalek::Verifier as _;
use noroshi_seal::{Domain, KeyId, SealError, Signature, SigningKey, VerifyingKey};
use proptest::prelude::*;

use crate::{entropy, key, unhex};

/// RFC 8032, section 7.1: seed, public key, message, signature.
const VECTORS: [(&str, &str, &[u8], &str); 3] = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        b"\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        b"\xaf\x82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
];

#[test]
fn rfc_8032_keys_and_signatures() {
    for (seed, public, message, signature) in VECTORS {
        let key = SigningKey::from_seed(unhex(seed));
        assert_eq!(key.verifying_key().to_string(), public);
        assert_eq!(*key.seed(), unhex::<32>(seed));
        // Ours always carry a purpose, so the bare vector is checked on the curve itself.
        let bare = ed25519_dalek::VerifyingKey::from_bytes(&unhex(public)).unwrap();
        bare.verify(message, &ed25519_dalek::Signature::from_bytes(&unhex(signature))).unwrap();
        let bare_signature = Signature::from_bytes(unhex(signature));
        for domain in Domain::ALL {
            assert_eq!(
                key.verifying_key().verify(domain, message, &bare_signature),
                Err(SealError::BadSignature)
            );
        }
    }
}

#[test]
fn a_signature_is_the_curves_over_prefix_and_message() {
    let signature = key().sign(Domain::ReleaseBatch, b"message");
    ed25519_dalek::VerifyingKey::from_bytes(&key().verifying_key().to_bytes())
        .unwrap()
        .verify(
            b"noroshi/1/release-batch\0message",
            &ed25519_dalek::Signature::from_bytes(&signature.to_bytes()),
        )
        .unwrap();
}

#[test]
fn no_purpose_stands_for_another() {
    for signed in Domain::ALL {
        let signature = key().sign(signed, b"message");
        for checked in Domain::ALL {
            let answer = key().verifying_key().verify(checked, b"message", &signature);
            assert_eq!(answer.is_ok(), signed == checked, "{signed:?} read as {checked:?}");
        }
    }
}

#[test]
fn weak_and_malformed_keys_are_refused() {
    // The neutral element, order 4, order 8, and y = 18 spelled as 2^255 - 1.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let order_eight = unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    for bytes in [neutral, [0; 32], order_eight, [0xff; 32]] {
        assert_eq!(VerifyingKey::from_bytes(&bytes), Err(SealError::BadPublicKey));
    }
    assert_eq!("abc".parse::<VerifyingKey>(), Err(SealError::BadPublicKey));
    assert_eq!("abc".parse::<KeyId>(), Err(SealError::BadKeyId));
    assert_eq!("abc".parse::<Signature>(), Err(SealError::MalformedSignature));
}

#[test]
fn text_forms_read_back() {
    let verifying = key().verifying_key();
    assert_eq!(verifying.to_string().parse::<VerifyingKey>(), Ok(verifying));
    assert_eq!(verifying.key_id().to_string().parse::<KeyId>(), Ok(verifying.key_id()));
    let signature = key().sign(Domain::Receipt, b"m");
    assert_eq!(signature.to_string().parse::<Signature>(), Ok(signature));
    assert_eq!(Signature::from_slice(&signature.to_bytes()), Ok(signature));
    assert_eq!(Signature::from_slice(&[0; 63]), Err(SealError::MalformedSignature));
}

#[test]
fn fresh_keys_differ_and_print_no_secret() {
    let source = entropy();
    let keys: Vec<SigningKey> = (0..20).map(|_| SigningKey::generate(&source)).collect();
    let names: HashSet<KeyId> = keys.iter().map(|key| key.verifying_key().key_id()).collect();
    assert_eq!(names.len(), keys.len());
    for key in &keys {
        let seed = data_encoding::HEXLOWER.encode(key.seed().as_slice());
        let printed = format!("{key:?} {:?}", key.verifying_key());
        assert!(!printed.contains(&seed[..8]), "{printed}");
    }
}

proptest! {
    #[test]
    fn any_change_of_message_or_signature_is_noticed(
        message in proptest::collection::vec(any::<u8>(), 1..200),
        place in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let signature = key().sign(Domain::Receipt, &message);
        let public = key().verifying_key();
        prop_assert_eq!(public.verify(Domain::Receipt, &message, &signature), Ok(()));

        let mut other = message.clone();
        other[place.index(message.len())] ^= 1 << bit;
        prop_assert!(public.verify(Domain::Receipt, &other, &signature).is_err());

        let mut forged = signature.to_bytes();
        forged[place.index(64)] ^= 1 << bit;
        let forged = Signature::from_bytes(forged);
        prop_assert!(public.verify(Domain::Receipt, &message, &forged).is_err());
    }
}
