//! A member's own-asset list: what it finds, what it lets stand, which files are refused.

use noroshi_anonymity::OwnKind::{Brand, Domain, Host, Network, Person, Project};
use noroshi_anonymity::{OwnAssets, OwnKind};
use noroshi_stix::Kind;

use crate::support::observable;

fn own() -> OwnAssets {
    OwnAssets::from_toml(include_str!("../../../../reference/own-assets-example.toml")).unwrap()
}

/// The pieces of the text that are found.
fn found(text: &str) -> Vec<(&str, OwnKind)> {
    let hits = own().find(text);
    hits.into_iter().map(|hit| (text.get(hit.place).unwrap(), hit.kind)).collect()
}

#[test]
fn own_assets_are_found_where_they_stand() {
    for (text, expected) in [
        ("from nkg-fs01 by mx", vec![("nkg-fs01", Host)]),
        ("\\\\NKG-FS01\\share", vec![("NKG-FS01", Host)]),
        ("at ws0123, then", vec![("ws0123", Host)]),
        (
            "mail.nagoya-kikai.example (10.20.3.4)",
            vec![("mail.nagoya-kikai.example", Domain), ("10.20.3.4", Network)],
        ),
        ("10[.]20[.]3[.]4:443", vec![("10[.]20[.]3[.]4:443", Network)]),
        ("dc01.nkg.local", vec![("dc01.nkg.local", Domain)]),
        ("担当は山田太郎です", vec![("山田太郎", Person)]),
        ("by Taro Yamada and t.yamada", vec![("Taro Yamada", Person), ("t.yamada", Person)]),
        ("名古屋機械製作所より", vec![("名古屋機械製作所", Brand)]),
        ("案件ソウキュウ", vec![("ソウキュウ", Project)]),
        ("プロジェクト蒼穹 の図面", vec![("プロジェクト蒼穹", Project)]),
        // Encoded: the whole word.
        ("x bmtnLWZzMDEubmtnLmxvY2Fs y", vec![("bmtnLWZzMDEubmtnLmxvY2Fs", Domain)]),
        (
            "u=%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E",
            vec![("u=%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E", Person)],
        ),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn what_is_the_attackers_stands() {
    for text in [
        "C2 45.77.30.1 and http://kurotsuchi.net/gate.php",
        "10.21.3.4 and 203.0.113.77",
        "snkg-1 ws12345 unkg",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "経理部の職員が添付ファイルを開封した",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn indicators_are_judged_by_what_they_hold() {
    let own = own();
    for (kind, value, expected) in [
        (Kind::Ipv4, "10.20.0.0/15", vec![Network]),
        (Kind::Ipv4, "203.0.113.9", vec![Network]),
        (Kind::Host, "nkg-fs01.kuro.example", vec![Host]),
        (Kind::Domain, "nagoya-kikai.example", vec![Domain]),
        (Kind::Email, "taro@nagoya-kikai.example", vec![Domain]),
        (Kind::Domain, "nagoyakikai-login.net", vec![Brand]),
        (Kind::Url, "http://kurotsuchi.net/a?h=nkg-fs01", vec![Host]),
        (Kind::Domain, "kurotsuchi.net", vec![]),
    ] {
        let kinds = own.kinds_in(&observable(kind, value));
        assert!(expected.iter().all(|e| kinds.contains(e)), "{value}: {kinds:?}");
        assert_eq!(kinds.is_empty(), expected.is_empty(), "{value}: {kinds:?}");
    }
}

#[test]
fn unusable_lists_are_refused_with_the_reason() {
    for (list, words) in [
        ("", "schema"),
        ("schema = \"noroshi-own/2\"", "noroshi-own/1"),
        ("schema = \"noroshi-own/1\"\nhosts = []", "unknown field"),
        ("schema = \"noroshi-own/1\"\nhost_patterns = [\"(\"]", "host pattern"),
        ("schema = \"noroshi-own/1\"\nhost_patterns = [\"x*\"]", "fits every name"),
        ("schema = \"noroshi-own/1\"\nnetworks = [\"10.0.0\"]", "not an address"),
        ("schema = \"noroshi-own/1\"\ndomains = [\"a b\"]", "not a domain"),
        ("schema = \"noroshi-own/1\"\npeople = [\"x\"]", "cannot be looked for"),
    ] {
        let error = OwnAssets::from_toml(list).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains(words), "{list}: {error}");
    }
}
