//! The keys behind twelve words, and the mailbox they open.

use std::sync::LazyLock;

use noroshi_seal::{
    Answer, Domain, Envelope, MAX_ANSWER_LEN, MAX_QUESTION_LEN, OpeningKey, Purpose, Question,
    ReporterKeys, SealError, SeededEntropy, WordList, Words, commitment, find_questions,
    question_reference, seal, with_words,
};
use zeroize::Zeroizing;

use crate::entropy;

const WORDS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                     abandon abandon about";

/// Derived once: that is the point of Argon2id.
pub(crate) static KEYS: LazyLock<ReporterKeys> =
    LazyLock::new(|| ReporterKeys::derive(&Words::parse(WORDS).unwrap()).unwrap());
static OTHER: LazyLock<ReporterKeys> =
    LazyLock::new(|| ReporterKeys::derive(&Words::generate(&SeededEntropy::new(5))).unwrap());

fn desk() -> OpeningKey {
    OpeningKey::generate(&SeededEntropy::new(9)).unwrap()
}

pub(crate) fn other_keys() -> &'static ReporterKeys {
    &OTHER
}

/// Changing any of these would lock every reporter out of his mailbox.
#[test]
fn the_same_words_give_the_same_keys_for_ever() {
    let public = KEYS.public();
    insta::assert_snapshot!(format!(
        "report key: {}\nmailbox key: {}\nmailbox: {}\ncommit: {}",
        public.report_key,
        public.mailbox_key.key_id(),
        public.mailbox_id,
        data_encoding::HEXLOWER.encode(&KEYS.commit("m-1")),
    ));
}

#[test]
fn keys_live_as_long_as_the_call() {
    let japanese = Words::parse(WORDS).unwrap().expose(WordList::Japanese).unwrap();
    let public = with_words(japanese, ReporterKeys::public).unwrap();
    assert_eq!(public, KEYS.public());
    let wrong = with_words(Zeroizing::new("legal winner".to_owned()), |_| ());
    assert_eq!(wrong, Err(SealError::BadWords));
    assert_eq!(format!("{public:?}"), "ReporterPublic(..)");
    assert_eq!(format!("{:?}", public.mailbox_id), "MailboxId(..)");
}

#[test]
fn a_commitment_fixes_the_member_and_the_words() {
    assert_eq!(KEYS.commit("m-1"), commitment("m-1", KEYS.blinding()));
    assert_ne!(KEYS.commit("m-1"), KEYS.commit("m-2"));
    assert_ne!(KEYS.commit("m-1"), OTHER.commit("m-1"));
}

#[test]
fn a_reporter_finds_his_questions_among_all() {
    let source = entropy();
    let (mine, theirs) = (KEYS.public().mailbox_key, OTHER.public().mailbox_key);
    let ask = |key, text| Question::seal(key, text, &source).unwrap().to_bytes();
    let items = [
        ask(&theirs, "not yours"),
        ask(&mine, "いつ気づきましたか"),
        vec![1, 2, 3],
        ask(&mine, "May we publish this?"),
        seal(&mine, Purpose::Filing, b"", b"no question", &source).unwrap().to_bytes(),
    ];
    let found = find_questions(KEYS.mailbox_key(), items.iter().map(Vec::as_slice));
    let texts: Vec<&str> = found.iter().map(Question::text).collect();
    assert_eq!(texts, ["いつ気づきましたか", "May we publish this?"]);
    let second = Envelope::from_bytes(&items[1]).unwrap();
    assert_eq!(found[0].reference(), question_reference(&second));
    let len = |item: &Vec<u8>| item.len();
    assert_eq!(len(&items[0]), len(&items[1]));
    assert_eq!(format!("{:?}", found[0]), "Question(..)");
}

#[test]
fn an_answer_is_signed_for_one_question_of_one_desk() {
    let (desk, source) = (desk(), entropy());
    let question = Question::seal(&KEYS.public().mailbox_key, "?", &source).unwrap();
    let reference = question_reference(&question);
    let sealed = Answer::seal(desk.sealing_key(), &KEYS, &reference, "はい", &source).unwrap();
    let answer = Answer::open(&desk, &sealed).unwrap();
    assert_eq!((answer.text(), answer.question()), ("はい", reference));
    assert_eq!(answer.reporter(), &KEYS.public().report_key);
    assert_eq!(format!("{answer:?}"), "Answer(..)");

    // A desk that opened it cannot pass it on as an answer to another question or desk.
    let forge = |key: &OpeningKey, question: [u8; 32], signed_for: &[u8]| {
        let signature = KEYS.signing_key().sign(Domain::MailboxAnswer, signed_for);
        let mut payload = KEYS.public().report_key.to_bytes().to_vec();
        payload.extend_from_slice(&question);
        payload.extend_from_slice(&signature.to_bytes());
        payload.extend_from_slice("はい".as_bytes());
        let sealed = seal(key.sealing_key(), Purpose::MailboxAnswer, b"", &payload, &source);
        Answer::open(key, &sealed.unwrap()).err()
    };
    let id = desk.sealing_key().key_id().to_bytes();
    let signed = [id.as_slice(), &reference, "はい".as_bytes()].concat();
    assert_eq!(forge(&desk, reference, &signed), None);
    assert_eq!(forge(&desk, [0; 32], &signed), Some(SealError::BadSignature));
    let other = OpeningKey::generate(&source).unwrap();
    assert_eq!(forge(&other, reference, &signed), Some(SealError::BadSignature));
}

#[test]
fn messages_have_limits_and_say_so() {
    let (desk, source) = (desk(), entropy());
    let key = KEYS.public().mailbox_key;
    let long = |len| "x".repeat(len);
    assert!(Question::seal(&key, &long(MAX_QUESTION_LEN), &source).is_ok());
    assert!(Question::seal(&key, &long(MAX_QUESTION_LEN + 1), &source).is_err());
    let answer = |len| Answer::seal(desk.sealing_key(), &KEYS, &[0; 32], &long(len), &source);
    assert!(answer(MAX_ANSWER_LEN).is_ok());
    assert!(answer(MAX_ANSWER_LEN + 1).is_err());
    for payload in [b"".as_slice(), &[0; 127], &[0xff; 300]] {
        let sealed = seal(desk.sealing_key(), Purpose::MailboxAnswer, b"", payload, &source);
        assert!(Answer::open(&desk, &sealed.unwrap()).is_err());
    }
    let sealed = seal(&key, Purpose::MailboxQuestion, b"", &[0xff], &source).unwrap();
    let refused = Question::open(KEYS.mailbox_key(), &sealed).err();
    assert_eq!(refused, Some(SealError::BadMailboxMessage));
}
