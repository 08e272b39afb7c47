//! Envelopes: the known answer of X-Wing under a key schedule made by hand after RFC 9180, and what
//! holds for every payload, key and changed bit.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use noroshi_seal::{
    Entropy, Envelope, OpeningKey, Purpose, SIZE_CLASSES, SealError, SealingKey, SeededEntropy,
    open, seal,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::entropy;

const VECTOR: &str = include_str!("vectors/xwing.txt");
const HEADER_LEN: usize = 15;
const ENCAPSULATION_LEN: usize = 1120;

fn vector(name: &str) -> Vec<u8> {
    let line = VECTOR.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    data_encoding::HEXLOWER.decode(line.trim().as_bytes()).unwrap()
}

fn opening_key() -> OpeningKey {
    OpeningKey::generate(&SeededEntropy::new(21)).unwrap()
}

/// Gives exactly the bytes of a test vector.
struct Given(Vec<u8>);

impl Entropy for Given {
    fn fill(&self, out: &mut [u8]) {
        out.copy_from_slice(&self.0);
    }
}

#[test]
fn known_answer_of_xwing_and_the_key_schedule_of_rfc_9180() {
    let key = OpeningKey::from_seed(&vector("sk").try_into().unwrap()).unwrap();
    assert_eq!(key.sealing_key().to_bytes(), vector("pk"));

    let envelope =
        seal(key.sealing_key(), Purpose::Filing, b"r-1", b"hello", &Given(vector("eseed")))
            .unwrap();
    let bytes = envelope.to_bytes();
    let (header, rest) = bytes.split_at(HEADER_LEN);
    let (encapsulation, ciphertext) = rest.split_at(ENCAPSULATION_LEN);
    assert_eq!(encapsulation, vector("ct"));

    let info = [b"noroshi/1/envelope\0".as_slice(), header].concat();
    let (aead_key, nonce) = key_schedule(&vector("ss"), &info);
    let text = ChaCha20Poly1305::new_from_slice(&aead_key)
        .unwrap()
        .decrypt(&Nonce::from(nonce), Payload { msg: ciphertext, aad: b"r-1" })
        .unwrap();
    let mut expected = vec![0, 0, 0, 5];
    expected.extend_from_slice(b"hello");
    expected.resize(1024, 0);
    assert_eq!(text, expected);
}

/// RFC 9180, section 5.1, base mode, for KEM 0x647a, KDF 0x0001, AEAD 0x0003.
fn key_schedule(shared: &[u8], info: &[u8]) -> ([u8; 32], [u8; 12]) {
    const SUITE: &[u8] = b"HPKE\x64\x7a\x00\x01\x00\x03";
    let extract = |salt: &[u8], label: &[u8], input: &[u8]| {
        hmac(salt, &[b"HPKE-v1", SUITE, label, input].concat())
    };
    let context = [
        &[0],
        extract(b"", b"psk_id_hash", b"").as_slice(),
        extract(b"", b"info_hash", info).as_slice(),
    ]
    .concat();
    let secret = extract(shared, b"secret", b"");
    let expand = |label: &[u8], len: u8| {
        // One block of HKDF-Expand is enough for both.
        hmac(&secret, &[&[0, len], b"HPKE-v1".as_slice(), SUITE, label, &context, &[1]].concat())
    };
    let nonce = expand(b"base_nonce", 12)[..12].try_into().unwrap();
    (expand(b"key", 32), nonce)
}

/// RFC 2104 over SHA-256, for keys of at most one block.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

#[test]
fn length_says_only_the_class() {
    let key = opening_key();
    let len = |purpose, payload: usize| {
        seal(key.sealing_key(), purpose, b"", &vec![7; payload], &entropy())
            .map(|envelope| envelope.to_bytes().len())
    };
    let overhead = HEADER_LEN + ENCAPSULATION_LEN + 16;
    for (payload, class) in [
        (0, 0),
        (1_020, 0),
        (1_021, 1),
        (4_092, 1),
        (4_093, 2),
        (16_380, 2),
        (65_532, 3),
        (262_140, 4),
        (262_141, 5),
    ] {
        assert_eq!(len(Purpose::Filing, payload).unwrap(), overhead + SIZE_CLASSES[class]);
    }
    for (purpose, class) in
        [(Purpose::Identity, 0), (Purpose::MailboxQuestion, 1), (Purpose::MailboxAnswer, 1)]
    {
        assert_eq!(len(purpose, 0).unwrap(), overhead + SIZE_CLASSES[class]);
        assert_eq!(len(purpose, purpose.limit()).unwrap(), overhead + SIZE_CLASSES[class]);
        let too_long = SealError::PayloadTooLong { purpose, limit: purpose.limit() };
        assert_eq!(len(purpose, purpose.limit() + 1), Err(too_long));
    }
}

#[test]
fn an_envelope_for_one_purpose_opens_for_no_other() {
    let key = opening_key();
    for sealed_for in Purpose::ALL {
        let envelope = seal(key.sealing_key(), sealed_for, b"", b"x", &entropy()).unwrap();
        for opened_for in Purpose::ALL {
            let opened = open(&key, opened_for, b"", &envelope);
            if sealed_for == opened_for {
                assert_eq!(opened.unwrap().as_slice(), b"x");
                continue;
            }
            assert_eq!(opened.err(), Some(SealError::OtherPurpose { sealed_for, opened_for }));
            // Not by writing another purpose on it either.
            let mut bytes = envelope.to_bytes();
            bytes[6] =
                seal(key.sealing_key(), opened_for, b"", b"", &entropy()).unwrap().to_bytes()[6];
            if let Ok(relabelled) = Envelope::from_bytes(&bytes) {
                assert!(open(&key, opened_for, b"", &relabelled).is_err());
            }
        }
    }
}

#[test]
fn tells_apart_another_key_and_an_altered_envelope() {
    let (key, other) = (opening_key(), OpeningKey::generate(&entropy()).unwrap());
    let envelope = seal(key.sealing_key(), Purpose::Filing, b"r-1", b"x", &entropy()).unwrap();
    assert_eq!(envelope.recipient(), Some(key.sealing_key().key_id()));
    assert_eq!(
        open(&other, Purpose::Filing, b"r-1", &envelope).err(),
        Some(SealError::NotForThisKey {
            sealed_for: key.sealing_key().key_id(),
            opened_with: other.sealing_key().key_id(),
        })
    );
    assert_eq!(open(&key, Purpose::Filing, b"r-2", &envelope).err(), Some(SealError::Altered));

    let question = seal(key.sealing_key(), Purpose::MailboxQuestion, b"", b"x", &entropy());
    let question = question.unwrap();
    assert_eq!(question.recipient(), None);
    let refused = open(&other, Purpose::MailboxQuestion, b"", &question).err();
    assert_eq!(refused, Some(SealError::NotForThisMailbox));
}

#[test]
fn questions_carry_nothing_of_the_key_they_are_for() {
    let (one, two) = (opening_key(), OpeningKey::generate(&entropy()).unwrap());
    let sealed = |key: &OpeningKey| {
        let envelope = seal(key.sealing_key(), Purpose::MailboxQuestion, b"", b"x", &entropy());
        envelope.unwrap().to_bytes()
    };
    assert_eq!(sealed(&one)[..HEADER_LEN], sealed(&two)[..HEADER_LEN]);
    let mut named = sealed(&one);
    named[8] = 1;
    assert!(matches!(Envelope::from_bytes(&named), Err(SealError::BadEnvelope(_))));
}

#[test]
fn keys_read_back_from_mails_and_not_with_a_wrong_letter() {
    let key = opening_key().sealing_key().clone();
    let text = key.to_string();
    assert!(text.starts_with("nrsk_") && text.len() == 1_959, "{}", text.len());
    let broken: String = text
        .as_bytes()
        .chunks(72)
        .map(|line| format!(" {}\r\n", str::from_utf8(line).unwrap()))
        .collect();
    assert_eq!(broken.parse::<SealingKey>(), Ok(key.clone()));
    for at in [0, 4, 5, 700, 1_958] {
        let mut wrong = text.clone().into_bytes();
        wrong[at] = if wrong[at] == b'b' { b'c' } else { b'b' };
        let wrong = String::from_utf8(wrong).unwrap();
        assert_eq!(wrong.parse::<SealingKey>(), Err(SealError::BadSealingKey), "letter {at}");
    }
    for wrong in ["", "nrsk_", &text[..1_958], &text.to_uppercase(), &format!("{text}a")] {
        assert_eq!(wrong.parse::<SealingKey>(), Err(SealError::BadSealingKey));
    }
    assert_eq!(SealingKey::from_slice(&[0xff; 1216]), Err(SealError::BadSealingKey));
    assert_eq!(format!("{key:?}"), format!("SealingKey({})", key.key_id()));
}

#[test]
fn what_was_sealed_does_not_print() {
    let envelope =
        seal(opening_key().sealing_key(), Purpose::Filing, b"", b"x", &entropy()).unwrap();
    assert_eq!(format!("{envelope:?}"), "Envelope(filing, ..)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_sealed_opens(
        seed in any::<u64>(),
        purpose in proptest::sample::select(Purpose::ALL.to_vec()),
        associated in proptest::collection::vec(any::<u8>(), 0..40),
        payload in proptest::collection::vec(any::<u8>(), 0..1_020),
    ) {
        let key = opening_key();
        let source = SeededEntropy::new(seed);
        let one = seal(key.sealing_key(), purpose, &associated, &payload, &source).unwrap();
        let two = seal(key.sealing_key(), purpose, &associated, &payload, &source).unwrap();
        prop_assert_ne!(one.to_bytes(), two.to_bytes());
        let read = Envelope::from_bytes(&one.to_bytes()).unwrap();
        prop_assert_eq!(&read, &one);
        let opened = open(&key, purpose, &associated, &read).unwrap();
        prop_assert_eq!(opened.as_slice(), payload);
    }

    #[test]
    fn no_bit_can_be_changed(
        at in any::<proptest::sample::Index>(),
        bit in 0..8_u32,
        purpose in proptest::sample::select(Purpose::ALL.to_vec()),
    ) {
        let key = opening_key();
        let mut bytes = seal(key.sealing_key(), purpose, b"", b"x", &entropy()).unwrap().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let opened = Envelope::from_bytes(&bytes)
            .and_then(|envelope| open(&key, purpose, b"", &envelope));
        prop_assert!(opened.is_err(), "byte {}", at);
    }

    #[test]
    fn neither_cut_nor_longer(cut in any::<proptest::sample::Index>(), more in 1..3_000_usize) {
        let key = opening_key();
        let bytes =
            seal(key.sealing_key(), Purpose::Filing, b"", b"x", &entropy()).unwrap().to_bytes();
        prop_assert!(Envelope::from_bytes(&bytes[..cut.index(bytes.len())]).is_err());
        let longer = [bytes, vec![0; more]].concat();
        prop_assert!(Envelope::from_bytes(&longer).is_err());
    }
}
