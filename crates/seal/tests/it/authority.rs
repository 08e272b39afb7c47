//! An authority's key file, and what it states about its key.

use noroshi_seal::{
    AUTHORITY_KEY_PREFIX, AuthorityKey, KeyStatement, Purpose, SealError, SeededEntropy, open, seal,
};

use crate::entropy;

const PASSPHRASE: &str = "six random words are good";
/// 2026-04-01 and 2028-03-31.
const FROM: i64 = 20_544;
const UNTIL: i64 = 21_274;

fn authority() -> AuthorityKey {
    AuthorityKey::generate(&SeededEntropy::new(33)).unwrap()
}

fn statement() -> KeyStatement {
    authority().state("経済産業省 サイバーセキュリティ課", FROM, UNTIL).unwrap()
}

#[test]
fn a_key_file_reads_back_and_opens() {
    let key = authority();
    let text = key.expose();
    assert!(text.starts_with(AUTHORITY_KEY_PREFIX));
    let again = AuthorityKey::parse(&format!("{}\n", text.as_str()), None).unwrap();
    assert_eq!(again.sealing_key(), key.sealing_key());
    let envelope = seal(key.sealing_key(), Purpose::Filing, b"", b"x", &entropy()).unwrap();
    let opened = open(again.opening_key(), Purpose::Filing, b"", &envelope).unwrap();
    assert_eq!(opened.as_slice(), b"x");
}

#[test]
fn a_protected_file_needs_its_passphrase() {
    let key = authority();
    assert_eq!(key.protect("short", &entropy()).err(), Some(SealError::ShortPassphrase(12)));
    let text = key.protect(PASSPHRASE, &entropy()).unwrap();
    assert_ne!(text, key.expose());
    let read = |text: &str, passphrase| AuthorityKey::parse(text, passphrase).err();
    assert_eq!(read(&text, None), Some(SealError::PassphraseNeeded));
    assert_eq!(read(&text, Some("six random words are bad")), Some(SealError::WrongPassphrase));
    let again = AuthorityKey::parse(&text, Some(PASSPHRASE)).unwrap();
    assert_eq!(again.sealing_key(), key.sealing_key());
}

#[test]
fn refuses_what_is_no_key_file() {
    let text = authority().expose();
    let wrong = text.replacen(&text[10..12], "zz", 1);
    for text in ["", "nrsx_", &wrong, &text[..text.len() - 1], &text.replace("nrsx", "nrsk")] {
        let refused = AuthorityKey::parse(text, None).err();
        assert_eq!(refused, Some(SealError::BadAuthorityKey), "{text}");
    }
}

#[test]
fn the_statement_people_import() {
    let json = statement().to_json();
    let shown = json.replace(&authority().sealing_key().to_string(), "nrsk_...");
    insta::assert_snapshot!(shown);
    assert_eq!(KeyStatement::parse(&json), Ok(statement()));
}

#[test]
fn a_key_holds_from_its_first_day_to_its_last() {
    let statement = statement();
    assert_eq!(statement.key_on(FROM - 1), Err(SealError::KeyNotYetValid("2026-04-01".to_owned())));
    for day in [FROM, UNTIL] {
        assert_eq!(statement.key_on(day), Ok(authority().sealing_key()));
    }
    assert_eq!(statement.key_on(UNTIL + 1), Err(SealError::KeyExpired("2028-03-31".to_owned())));
}

#[test]
fn nothing_in_a_statement_can_be_changed() {
    let json = statement().to_json();
    let other = AuthorityKey::generate(&entropy()).unwrap();
    let foreign = other.state("経済産業省 サイバーセキュリティ課", FROM, UNTIL).unwrap();
    for (what, changed) in [
        ("authority", json.replace("経済産業省", "総務省")),
        ("from", json.replace("2026-04-01", "2026-03-01")),
        ("until", json.replace("2028-03-31", "2038-03-31")),
        (
            "key",
            json.replace(&authority().sealing_key().to_string(), &other.sealing_key().to_string()),
        ),
        ("signer", json.replace(&statement().signer().to_string(), &foreign.signer().to_string())),
    ] {
        assert_ne!(changed, json, "{what}");
        assert_eq!(KeyStatement::parse(&changed), Err(SealError::BadSignature), "{what}");
    }
    for (what, changed) in [
        ("format", json.replace("statement/1", "statement/2")),
        ("a field more", json.replacen('{', "{\"more\": 1,", 1)),
        ("a field twice", json.replacen('{', "{\"authority\": \"x\",", 1)),
        ("nothing", String::new()),
        ("no such day", json.replace("2026-04-01", "2026-02-30")),
        ("too long", format!("{json}{}", " ".repeat(20_000))),
    ] {
        let refused = KeyStatement::parse(&changed);
        assert!(matches!(refused, Err(SealError::BadKeyStatement(_))), "{what}");
    }
}

#[test]
fn refuses_to_state_nonsense() {
    for (name, from, until) in
        [("", 1, 2), ("a\nb", 1, 2), (" a", 1, 2), ("a", 2, 1), ("a", -1, 2), ("a", 1, 4_000_000)]
    {
        assert!(authority().state(name, from, until).is_err(), "{name:?} {from} {until}");
    }
}
