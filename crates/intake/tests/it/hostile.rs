//! Whatever the bytes: no panic, no endless work, and what is planted is found.

use std::time::{Duration, Instant};

use noroshi_intake::text::{Outcome, extract};
use noroshi_intake::{Hint, Limits, read};
use noroshi_stix::{Kind, Observable};
use proptest::prelude::*;

const NAMES: [&str; 8] = ["x.json", "x.toml", "x.csv", "x.eml", "x.txt", "x.tsv", "x", "x.stix2"];

/// Reads the bytes as everything; only that it returns matters.
fn read_all(bytes: &[u8]) {
    for name in NAMES {
        let draft = read(bytes, Hint::file_name(name), &Limits::default());
        if let Ok(draft) = draft {
            for found in &draft.found {
                let again = Observable::parse(found.observable.kind(), &found.observable.value());
                assert_eq!(again.as_ref(), Ok(&found.observable), "values read back");
            }
        }
    }
}

/// Pieces that the readers look for, so that random texts reach them.
const PIECES: [&str; 48] = [
    "[.]",
    "(dot)",
    " dot ",
    "[at]",
    "@",
    "://",
    "hxxp",
    "h**p",
    "http",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "\\",
    "\\.",
    "。",
    "．",
    "［",
    "】",
    "ａ",
    "𝐚",
    "\u{200b}",
    "evil",
    "com",
    ".",
    "..",
    "198.51.100.7",
    "/24",
    ":80:/",
    "2001:db8::",
    ":",
    "::",
    "CVE-2026-1234",
    "HKLM\\",
    "mutex: ",
    "\n",
    "\t",
    ",",
    "\"",
    "rule a {",
    "condition:",
    "sid:",
    "ファイル名：",
    "&amp;",
    "日本",
    "d41d8cd98f00b204e9800998ecf8427e",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        read_all(&bytes);
    }

    #[test]
    fn arbitrary_pieces_are_survived(
        pieces in proptest::collection::vec(0..PIECES.len(), 0..60),
        cut in 0_usize..400,
    ) {
        let text: String = pieces.iter().map(|i| PIECES[*i]).collect();
        read_all(text.as_bytes());
        // Cut anywhere, also within a character.
        read_all(&text.as_bytes()[..cut.min(text.len())]);
    }

    #[test]
    fn what_is_planted_is_found(
        which in 0_usize..6,
        label in "[a-z][a-z0-9]{3,12}",
        number in 1_u8..255,
        style in 0_usize..6,
        left in prop::sample::select(vec![" ", "「", "\"", "`", "\n", "は", "|", "<", "、", "\t"]),
        right in prop::sample::select(vec![" ", "」", "\"", "`", "\n", "へ", "|", ">", "。", "\t"]),
    ) {
        let host = format!("{label}.zq{label}.example.com");
        let (kind, plain) = match which {
            0 => (Kind::Domain, host),
            1 => (Kind::Ipv4, format!("198.51.100.{number}")),
            2 => (Kind::Url, format!("http://{host}/{label}")),
            3 => (Kind::Email, format!("{label}@{host}")),
            4 => (Kind::Md5, format!("{:02x}8cd98f00b204e9800998ecf84271{number:02x}", number)),
            _ => (Kind::Cve, format!("CVE-2026-1{number:04}")),
        };
        let written = match (which, style) {
            (0..=3, 1) => plain.replace('.', "[.]"),
            (0..=3, 2) => plain.replace('.', "(dot)").replace("http", "hxxp"),
            (0..=3, 3) => plain.replace('.', "{.}").replace('@', "[at]"),
            (_, 4) => plain.chars().map(wide).collect(),
            (0..=3, 5) => plain.replacen('.', "[.]", 1).replace("://", "[://]"),
            _ => plain.clone(),
        };
        let wanted = Observable::parse(kind, &plain).unwrap();
        let mut found = Vec::new();
        extract(format!("{left}{written}{right}").as_bytes(), &mut |c| {
            if let Outcome::Found(o) = c.outcome {
                found.push(o);
            }
        });
        prop_assert!(found.contains(&wanted), "{written:?} gave {found:?}");
    }
}

/// The full-width form of a character.
fn wide(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap(),
        other => other,
    }
}

/// Texts that make a careless reader look at the same bytes again and again.
#[test]
fn repetition_takes_linear_time() {
    let pieces = [
        "a dot ",
        "http://",
        "HKLM\\",
        "mutex ",
        "mutex\n",
        "rule a {\n condition",
        "a:",
        "a+",
        "a@",
        "[.]",
        "a[.",
        "1.2.3.4 and ",
        "a.com,",
        "\"",
        "<a b=\"",
        "title: x\n",
        "aaaa::",
        "日",
        "．",
        "。",
        "x.com/",
        "a,\"b",
        "--a\r\n",
        "sid:condition ",
    ];
    for piece in pieces {
        let text = piece.repeat(400_000 / piece.len());
        let start = Instant::now();
        for name in ["x.txt", "x.csv", "x.eml"] {
            let _ = read(text.as_bytes(), Hint::file_name(name), &Limits::default());
        }
        // Unoptimised and on a busy machine; quadratic work would take minutes.
        assert!(start.elapsed() < Duration::from_secs(30), "{piece:?}: {:?}", start.elapsed());
    }
}

/// Every link is compared with every recipient: that must not take recipients times links.
#[test]
fn many_recipients_and_many_links_take_linear_time() {
    let to: Vec<String> = (0..4_000).map(|n| format!("taro{n}@victim.example.org")).collect();
    let links: String = (0..4_000).map(|n| format!("http://x{n}.example.net/a?b={n}\n")).collect();
    let hidden = "http://last.example.net/go?to=taro3999%40victim.example.org\n";
    let head = format!("From: a@evil.example.com\nTo: {}\n\n", to.join(",\n "));
    let start = Instant::now();
    let mail = format!("{head}{links}{hidden}");
    let draft = read(mail.as_bytes(), Hint::file_name("x.eml"), &Limits::default()).unwrap();
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert!(draft.found.len() > 4_000, "{}", draft.found.len());
    assert!(!draft.observables().any(|o| o.value().contains("taro")), "a recipient is cut off");
}

#[test]
fn the_corpus_is_survived() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        read_all(&std::fs::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count >= 8, "{count} files");
}
