//! Twelve words: known answers of BIP-39, and what people do to words.

use noroshi_seal::{SealError, SeededEntropy, WordList, Words};
use proptest::prelude::*;

/// BIP-39's own vectors, and those of its Japanese list.
const KNOWN: [(&str, &str); 2] = [
    (
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
        "あいこくしん　あいこくしん　あいこくしん　あいこくしん　あいこくしん　あいこくしん　あいこくしん　あいこくしん　あいこくしん　あいこくしん　あいこくしん　あおぞら",
    ),
    (
        "legal winner thank year wave sausage worth useful legal winner thank yellow",
        "そつう　れきだい　ほんやく　わかす　りくつ　ばいか　ろせん　やちん　そつう　れきだい　ほんやく　わかめ",
    ),
];

fn expose(words: &Words, list: WordList) -> String {
    words.expose(list).unwrap().to_string()
}

#[test]
fn both_spellings_are_the_same_secret() {
    for (english, japanese) in KNOWN {
        for text in [english, japanese] {
            let words = Words::parse(text).unwrap();
            assert_eq!(expose(&words, WordList::English), english);
            assert_eq!(expose(&words, WordList::Japanese), japanese);
        }
    }
}

#[test]
fn reads_what_people_type() {
    let (english, japanese) = KNOWN[1];
    let decomposed = japanese.replace('ば', "は\u{3099}");
    assert_ne!(decomposed, japanese);
    for text in [
        english.to_uppercase(),
        english.replace(' ', "\r\n  "),
        // Full-width letters of a Japanese keyboard.
        english.replace("legal", "ｌｅｇａｌ"),
        japanese.replace('\u{3000}', " "),
        decomposed,
    ] {
        let words = Words::parse(&text).unwrap();
        assert_eq!(expose(&words, WordList::English), english, "{text}");
    }
}

#[test]
fn says_what_is_wrong() {
    let (english, japanese) = KNOWN[1];
    for (text, error) in [
        (String::new(), SealError::BadWords),
        ("legal winner".to_owned(), SealError::BadWords),
        (format!("{english} legal"), SealError::BadWords),
        ("x".repeat(3_000), SealError::BadWords),
        (english.replace("wave", "wafe"), SealError::UnknownWord(5)),
        (japanese.replace("りくつ", "りくつつ"), SealError::UnknownWord(5)),
        (english.replace("yellow", "winner"), SealError::WordsDoNotFit),
        // Half English, half Japanese.
        (english.replace("wave", "りくつ"), SealError::UnknownWord(5)),
    ] {
        assert_eq!(Words::parse(&text).err(), Some(error), "{text}");
    }
}

proptest! {
    #[test]
    fn fresh_words_read_back(seed in any::<u64>()) {
        let words = Words::generate(&SeededEntropy::new(seed));
        let english = expose(&words, WordList::English);
        for list in [WordList::English, WordList::Japanese] {
            let again = Words::parse(&expose(&words, list)).unwrap();
            prop_assert_eq!(expose(&again, WordList::English), english.clone());
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,300}", words in "([a-zあ-ん\u{3099}]{1,8}[ \u{3000}]){12}") {
        let _ = Words::parse(&text);
        let _ = Words::parse(&words);
    }
}
