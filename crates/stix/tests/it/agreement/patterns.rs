//! Verdicts on patterns: published ones, ones drawn at random, and those with a piece missing or
//! too many.

use noroshi_stix::Document;
use noroshi_stix::pattern::ast::Observation;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::python;
use crate::printing::observation;
use crate::samples::samples;

/// Patterns drawn; each is also broken in several ways.
const DRAWN: usize = 250;

/// Longest pattern asked about: the other readers take seconds for long ones.
const LONGEST: usize = 400;

/// What is put into a pattern to break it.
const PIECES: [&str; 16] = [
    " AND ", " OR ", "[", "]", "(", ")", "'", " = ", ":", ".", "NOT ", " 5 ", "t'x'", "\\", "*",
    "EXISTS ",
];

#[test]
fn verdicts_on_patterns_agree() {
    let mut patterns = published();
    let good = patterns.len() + DRAWN;
    patterns.extend(drawn());
    let broken: Vec<String> = patterns
        .iter()
        .skip(good - DRAWN)
        .enumerate()
        .flat_map(|(i, text)| break_up(text, i))
        .collect();
    patterns.extend(broken);
    let questions = patterns.iter().map(|text| json!({"pattern": text})).collect();
    let Some(answers) = python::answers(questions) else { return };
    let (mut counts, mut unexplained) = ([[0; 4]; 2], Vec::new());
    let mut used = vec![0; DIFFERENCES.len()];
    for (text, answer) in patterns.iter().zip(&answers) {
        let ours = Observation::parse(text);
        let third = rstix::pattern::parse_ast(text);
        let verdicts = [
            ("stix2-patterns", answer["patterns"].is_null(), answer["patterns"].to_string()),
            ("rstix", third.is_ok(), format!("{:?}", third.as_ref().err())),
        ];
        for (place, (name, theirs, said)) in verdicts.into_iter().enumerate() {
            let column = match (ours.is_ok(), theirs) {
                (true, true) => 0,
                (false, false) => 1,
                (true, false) => 2,
                (false, true) => 3,
            };
            counts[place][column] += 1;
            if ours.is_ok() == theirs {
                continue;
            }
            let explained = DIFFERENCES
                .iter()
                .position(|d| d.reader == name && d.here == ours.is_ok() && (d.is_so)(text, &said));
            match explained {
                Some(place) => used[place] += 1,
                None => {
                    let said: String = said.chars().take(200).collect();
                    unexplained.push(format!(
                        "{name}: {text} here {:?}, there {said}",
                        ours.as_ref().err()
                    ));
                }
            }
        }
    }
    println!("{} patterns: both good, both bad, good here alone, good there alone", patterns.len());
    println!("  stix2-patterns {:?}\n  rstix          {:?}", counts[0], counts[1]);
    for (difference, count) in DIFFERENCES.iter().zip(&used) {
        println!("{count:>5} {}: {}", difference.reader, difference.why);
    }
    assert!(unexplained.is_empty(), "{} differ:\n{}", unexplained.len(), unexplained.join("\n"));
    let idle = DIFFERENCES.iter().zip(&used).filter(|(_, count)| **count == 0);
    assert_eq!(idle.map(|(d, _)| d.why).collect::<Vec<_>>(), Vec::<&str>::new(), "explain nothing");
}

fn published() -> Vec<String> {
    let Some(folder) = samples() else { return Vec::new() };
    let mut all = Vec::new();
    for file in [
        "amnesty/novispy.stix2",
        "amnesty/pegasus.stix2",
        "oasis/apt1.json",
        "oasis/poisonivy.json",
        "unit42/akira-ransomware-stix.json",
    ] {
        let document = Document::read(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        let patterns =
            document.objects().iter().filter_map(|o| o.get("pattern").and_then(Value::as_str));
        all.extend(patterns.map(str::to_owned));
    }
    all
}

/// Always the same: a difference that is found stays found.
fn drawn() -> Vec<String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut all = Vec::new();
    while all.len() < DRAWN {
        let text = observation().new_tree(&mut runner).unwrap().current().to_string();
        if text.len() <= LONGEST {
            all.push(text);
        }
    }
    all
}

/// The pattern with one character missing, one piece too many, two halves in the wrong order.
fn break_up(text: &str, number: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let at = |n: usize| number.wrapping_mul(31).wrapping_add(n) % chars.len();
    let join = |a: &[char], piece: &str, b: &[char]| -> String {
        a.iter().copied().chain(piece.chars()).chain(b.iter().copied()).collect()
    };
    let mut all = Vec::new();
    for n in 0..3 {
        let place = at(n * 17);
        all.push(join(&chars[..place], "", &chars[place + 1..]));
        let piece = PIECES[(number + n * 5) % PIECES.len()];
        all.push(join(&chars[..place], piece, &chars[place..]));
    }
    let middle = at(5);
    all.push(join(&chars[middle..], " ", &chars[..middle]));
    all
}

/// Where a reader says otherwise, and why.
struct Difference {
    reader: &'static str,
    /// Whether the pattern is good here, and bad there.
    here: bool,
    is_so: fn(text: &str, said: &str) -> bool,
    why: &'static str,
}

/// A backslash that is not before a quote or another backslash.
fn has_lone_backslash(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && !matches!(chars.next(), Some('\'' | '\\')) {
            return true;
        }
    }
    false
}

/// Digits that begin with a zero.
fn has_leading_zero(text: &str) -> bool {
    let begins = |w: &[u8]| !w[0].is_ascii_alphanumeric() && w[1] == b'0' && w[2].is_ascii_digit();
    text.as_bytes().windows(3).any(begins)
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        reader: "stix2-patterns",
        here: true,
        is_so: |text, _| text.contains("START '") || text.contains("STOP '"),
        why: "9.5.1: times are t'...'; STIX 2.0 wrote plain texts, which have to be read to be upgraded",
    },
    Difference {
        reader: "stix2-patterns",
        here: true,
        is_so: |_, said| said.contains("input 'true'") || said.contains("input 'false'"),
        why: "9.6.1: its grammar has no order of booleans; ours has: false before true",
    },
    Difference {
        reader: "stix2-patterns",
        here: true,
        is_so: |text, _| has_lone_backslash(text),
        why: "9.2: a backslash has to be escaped; published feeds leave it out",
    },
    Difference {
        reader: "stix2-patterns",
        here: true,
        is_so: |text, _| has_leading_zero(text),
        why: "9.2: an integer has no leading zeros; ours reads past them",
    },
    Difference {
        reader: "rstix",
        here: true,
        is_so: |_, said| said.contains("expected list index"),
        why: "9.7: an index is an integer, which may be negative; nothing is there",
    },
    Difference {
        reader: "rstix",
        here: true,
        is_so: |text, said| said.contains("invalid escape") && has_lone_backslash(text),
        why: "9.2: a backslash has to be escaped; published feeds leave it out",
    },
    Difference {
        reader: "rstix",
        here: true,
        is_so: |text, _| text.contains("START '") || text.contains("STOP '"),
        why: "9.5.1: times are t'...'; STIX 2.0 wrote plain texts, which have to be read to be upgraded",
    },
];
