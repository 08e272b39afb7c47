//! The rules about the source itself: which crate may depend on which, and who may read the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What each crate without I/O may depend on. None of these opens a socket or a file or reads a
/// clock in the functions we call; whoever adds one says so in review.
const PURE: &[(&str, &[&str])] = &[
    (
        "noroshi-stix",
        &[
            "serde",
            "serde_json",
            "jiff",
            "uuid",
            "ipnet",
            "url",
            "unicode-normalization",
            "idna",
            "psl",
            "data-encoding",
            "regex-automata",
            "thiserror",
        ],
    ),
    (
        "noroshi-seal",
        &[
            "ed25519-dalek",
            "sha2",
            "blake3",
            "subtle",
            "zeroize",
            "data-encoding",
            "thiserror",
            "hpke",
            "argon2",
            "chacha20poly1305",
            "bip39",
            "unicode-normalization",
            "serde",
            "serde_json",
        ],
    ),
    (
        "noroshi-anonymity",
        &[
            "noroshi-stix",
            "noroshi-seal",
            "serde",
            "serde_json",
            "toml",
            "ipnet",
            "idna",
            "psl",
            "aho-corasick",
            "unicode-normalization",
            "thiserror",
            "sha2",
            "data-encoding",
            "encoding_rs",
            "regex-automata",
            "unicode-security",
        ],
    ),
    ("noroshi-duty", &["serde", "serde_json", "toml", "jiff", "thiserror", "krilla", "skrifa"]),
    ("noroshi-scan", &["noroshi-stix", "aho-corasick", "memchr"]),
    (
        "noroshi-intake",
        &[
            "noroshi-stix",
            "serde",
            "serde_json",
            "toml",
            "csv",
            "mail-parser",
            "encoding_rs",
            "unicode-normalization",
            "aho-corasick",
            "memchr",
            "regex-automata",
            "psl",
            "idna",
            "ipnet",
            "url",
            "unicode-normalization",
            "data-encoding",
            "sha2",
            "thiserror",
        ],
    ),
];

/// Direct dependencies of each of our packages: name, kind (`null`, `dev` or `build`).
fn packages() -> BTreeMap<String, Vec<(String, String)>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let dependencies = |p: &Value| {
        let list = p["dependencies"].as_array().unwrap();
        let kind = |d: &Value| d["kind"].as_str().unwrap_or("normal").to_owned();
        list.iter().map(|d| (d["name"].as_str().unwrap().to_owned(), kind(d))).collect()
    };
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|p| (p["name"].as_str().unwrap().to_owned(), dependencies(p))).collect()
}

/// Everything of ours that `from` reaches, tests and build scripts included.
fn reach(all: &BTreeMap<String, Vec<(String, String)>>, from: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(name) = open.pop() {
        for (dependency, _) in all.get(&name).into_iter().flatten() {
            if all.contains_key(dependency) && seen.insert(dependency.clone()) {
                open.push(dependency.clone());
            }
        }
    }
    seen
}

#[test]
fn the_outlet_cannot_name_a_reporter() {
    let all = packages();
    let reached = reach(&all, "noroshi-outlet");
    assert!(reached.contains("noroshi-store"), "the walk does not see the arrows: {reached:?}");
    for forbidden in ["anonymity", "duty", "hub", "intake"].map(|n| format!("noroshi-{n}")) {
        assert!(all.contains_key(&forbidden), "{forbidden} was renamed; this rule with it");
        assert!(!reached.contains(&forbidden), "the outlet reaches {forbidden}");
    }
    // Beside it only the hub and the binary may use the hub's crate.
    for (name, _) in all.iter().filter(|(n, _)| *n != "noroshi") {
        assert!(!reach(&all, name).contains("noroshi-hub"), "{name} reaches the hub");
    }
    // The store knows no word of the domain.
    assert!(reach(&all, "noroshi-store").is_empty());
}

#[test]
fn pure_crates_depend_on_nothing_that_opens_or_reads() {
    let all = packages();
    for (name, allowed) in PURE {
        for (dependency, kind) in &all[*name] {
            if kind != "dev" {
                assert!(allowed.contains(&dependency.as_str()), "{name} depends on {dependency}");
            }
        }
    }
}

/// Files of `crates/*/src` and their text without comments.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, out: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                // What a file tests with stands at its end.
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
                out.push((path, lines.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    let mut out = Vec::new();
    for entry in std::fs::read_dir(Path::new(ROOT).join("crates")).unwrap() {
        walk(&entry.unwrap().path().join("src"), &mut out);
    }
    out
}

#[test]
fn time_and_randomness_enter_in_one_file() {
    let words = [
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "getrandom::",
        "rand::",
        "thread_rng",
        "OsRng",
        "new_v4",
        "now_v7",
    ];
    let mut found = BTreeSet::new();
    for (path, text) in sources() {
        let path = path.to_string_lossy().into_owned();
        found.extend(words.iter().filter(|w| text.contains(*w)).map(|w| (path.clone(), *w)));
    }
    let (inside, outside): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(p, _)| p.ends_with("crates/noroshi/src/system.rs"));
    assert!(inside.len() >= 2, "the one place is gone, or this test sees nothing: {inside:?}");
    assert!(outside.is_empty(), "{outside:?}");
    let lints = std::fs::read_to_string(Path::new(ROOT).join("clippy.toml")).unwrap();
    for method in ["std::time::SystemTime::now", "jiff::Timestamp::now", "getrandom::fill"] {
        assert!(lints.contains(method), "clippy no longer forbids {method}");
    }
}

#[test]
fn pure_crates_open_and_read_nothing() {
    let words = [
        "std::fs",
        "std::net::Tcp",
        "std::net::Udp",
        "std::env",
        "std::process",
        "std::thread",
        "tokio",
        "Instant::now",
        "File::open",
        "TcpStream",
        "println!",
        "eprintln!",
        "dbg!",
    ];
    for (path, text) in sources() {
        let pure = PURE.iter().any(|(name, _)| {
            let folder = format!("crates/{}/src", name.trim_start_matches("noroshi-"));
            path.to_string_lossy().contains(&folder)
        });
        let found: Vec<_> = words.iter().filter(|w| pure && text.contains(*w)).collect();
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}

#[test]
fn the_inbox_cannot_reach_the_shelf() {
    let inbox: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| path.to_string_lossy().contains("hub/src/inbox"))
        .collect();
    assert!(inbox.len() >= 2, "the inbox was moved; this rule with it");
    for (path, text) in inbox {
        for word in ["shelf", "Shelf", "outbox", "batch", "sign("] {
            assert!(!text.contains(word), "{} knows {word}", path.display());
        }
    }
}

#[test]
fn what_is_attributed_cannot_be_serialised_or_printed() {
    // Compiles only as long as exactly one of the two blanket implementations fits.
    macro_rules! lacks {
        ($type:ty, $trait:path) => {{
            trait Ambiguous<A> {
                fn here() {}
            }
            impl<T: ?Sized> Ambiguous<()> for T {}
            struct Implements;
            impl<T: ?Sized + $trait> Ambiguous<Implements> for T {}
            <$type as Ambiguous<_>>::here()
        }};
    }
    use noroshi_hub::vault::{keys, members, partners, reports, statuses};
    lacks!(reports::ReportRow, serde::Serialize);
    lacks!(reports::ItemRow, serde::Serialize);
    lacks!(reports::DropRow, serde::Serialize);
    lacks!(reports::ItemRow, std::fmt::Debug);
    lacks!(reports::DropRow, std::fmt::Debug);
    lacks!(members::Member, serde::Serialize);
    lacks!(members::Member, std::fmt::Debug);
    lacks!(keys::KeyRow, serde::Serialize);
    lacks!(keys::KeyRow, std::fmt::Debug);
    lacks!(partners::Partner, serde::Serialize);
    lacks!(partners::PartnerKey, std::fmt::Debug);
    lacks!(statuses::StatusRow, std::fmt::Debug);
    lacks!(noroshi_intake::Facts, serde::Serialize);
    lacks!(noroshi_intake::Draft, serde::Serialize);
    lacks!(noroshi_hub::intake::Submission, std::fmt::Debug);
    lacks!(noroshi_hub::intake::Understanding, std::fmt::Debug);
    lacks!(noroshi_seal::SigningKey, serde::Serialize);
    lacks!(noroshi_seal::ApiKey, serde::Serialize);
    lacks!(noroshi_seal::Token, serde::Serialize);
    lacks!(noroshi_anonymity::Report<noroshi_anonymity::Submitted>, serde::Serialize);
}
