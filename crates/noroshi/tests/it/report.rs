//! `noroshi report` and `noroshi verify`: every format, seen before it is sent, proved afterwards.

use crate::site::{Site, bad, good};

/// File name, content, an indicator of it.
const FORMATS: [(&str, &str, &str); 7] = [
    (
        "list.txt",
        "C2: hxxp://45[.]77[.]30[.]1/gate と 45.77.30.1 です。README.md 1.0.0.0",
        "45.77.30.1",
    ),
    (
        "report.json",
        r#"{"schema":"noroshi-report/1","title":"x","indicators":["45.77.30.2"]}"#,
        "45.77.30.2",
    ),
    ("report.toml", "schema = \"noroshi-report/1\"\nindicators = [\"45.77.30.3\"]\n", "45.77.30.3"),
    (
        "bundle.json",
        r#"{"type":"bundle","id":"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","objects":[{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f","value":"45.77.30.4"}]}"#,
        "45.77.30.4",
    ),
    (
        "event.json",
        r#"{"Event":{"info":"x","Attribute":[{"type":"ip-dst","value":"45.77.30.5","to_ids":true}]}}"#,
        "45.77.30.5",
    ),
    ("list.csv", "type,value\nip-dst,45.77.30.6\n", "45.77.30.6"),
    (
        "mail.eml",
        "From: a <a@badhost-nine.net>\r\nTo: b@example.jp\r\nSubject: x\r\n\r\nsee http://45.77.30.7/x\r\n",
        "45.77.30.7",
    ),
];

#[test]
fn every_format_is_shown_and_sent() {
    let mut site = Site::new();
    site.start();
    let key = site.key(&site.member("Aozora"));
    let folder = site.folder.path();
    for (name, content, value) in FORMATS {
        site.write(name, content);
        let shown = good(folder, &["report", "--dry-run", "--all", name]);
        assert!(shown.contains(value), "{name}: {shown}");
    }
    let (_, body) = site.get(&key, "/api/v1/reports");
    assert_eq!(body, b"{\"reports\":[]}", "a dry run sent something");
    for (name, _, value) in FORMATS {
        let said = good(folder, &["report", "--yes", "--hub", &site.base, "--key", &key, name]);
        assert!(said.contains(value) && said.contains("BEGIN NOROSHI RECEIPT"), "{name}: {said}");
    }
    let wanted: Vec<_> = FORMATS.iter().map(|f| format!("'{}'", f.2)).collect();
    let all = |p: &[String]| {
        wanted.iter().all(|w| p.iter().any(|p| p.contains(w) || p.contains(w.trim_matches('\''))))
    };
    let patterns = site.patterns(&key, all);
    assert!(all(&patterns), "{patterns:?}");
}

#[test]
fn without_a_yes_nothing_is_sent_and_mistakes_are_said() {
    let mut site = Site::new();
    site.start();
    let key = site.key(&site.member("Aozora"));
    let folder = site.folder.path();
    site.write("a.txt", "45.77.31.1");
    // Nobody there to answer the question.
    bad(folder, &["report", "--hub", &site.base, "--key", &key, "a.txt"]);
    for (args, words) in [
        (vec!["report", "--yes", "--hub", &site.base, "a.txt"], "no API key"),
        (
            vec!["report", "--yes", "--hub", &site.base, "--key", "nrsh_wrong", "a.txt"],
            "key-refused",
        ),
        (
            vec!["report", "--yes", "--hub", "http://127.0.0.1:9", "--key", &key, "a.txt"],
            "no answer from",
        ),
        (vec!["report", "--dry-run", "missing.txt"], "missing.txt cannot be read"),
        (vec!["report", "--yes", "--dry-run", "a.txt"], "cannot be used with"),
    ] {
        let error = bad(folder, &args);
        assert!(error.contains(words) && !error.contains("panicked"), "{args:?}: {error}");
    }
    site.write("broken.json", "{\"schema\":\"noroshi-report/1\",");
    let error = bad(folder, &["report", "--dry-run", "broken.json"]);
    assert!(error.contains("line 1") && error.contains("broken.json"), "{error}");
    let (_, body) = site.get(&key, "/api/v1/reports");
    assert_eq!(body, b"{\"reports\":[]}");
}

/// A mail as an employee would paste it: own host and address in a header, own domain and person
/// in the body, once in base64, and the attacker's.
const OWN_MAIL: &str = "Received: from nkg-fs01.nkg.local (10.20.3.4) by mx.nagoya-kikai.example\r\n\
From: Support <support@badhost-ten.net>\r\nTo: taro@nagoya-kikai.example\r\nSubject: NKG invoice\r\n\
Content-Type: text/plain; charset=utf-8\r\n\r\n\
Please see http://45.77.33.7/x and http://badhost-ten.net/?h=nkg-fs01 bmtnLWZzMDEubmtnLmxvY2Fs\r\n";

/// Every way in which the hub could have learned something of the list.
const OWN_MARKS: [&str; 7] =
    ["nkg-fs01", "10.20.3.4", "nagoya-kikai", "taro@", "NKG invoice", "bmtnLWZzMDE", "noroshi-own"];

#[test]
fn what_is_the_reporters_own_does_not_reach_the_hub() {
    let mut site = Site::new();
    site.start();
    let key = site.key(&site.member("Aozora"));
    let folder = site.folder.path();
    site.write("own.toml", include_str!("../../../../reference/own-assets-example.toml"));
    site.write("mail.eml", OWN_MAIL);
    site.write("log-nkg-fs01.txt", "C2 45.77.33.8 seen on ws0123\n45.77.33.9\n");
    site.write("clean.txt", "C2 45.77.33.10");
    site.write("escaped.json", r#"{"schema":"noroshi-report/1","narrative":"\u5c71\u7530\u592a\u90ce opened it","indicators":["45.77.33.11"]}"#);
    let own = ["--own", "own.toml"];
    let shown = good(
        folder,
        &[&["report", "--check", "mail.eml", "log-nkg-fs01.txt", "escaped.json"], &own[..]]
            .concat(),
    );
    for wanted in [
        "~~nkg-fs01",
        "own host name",
        "own domain",
        "~~ws0123~~",
        "■■■ opened it",
        "\"45.77.33.8\"",
    ] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    let document = &shown[shown.find("This is sent instead").unwrap()..];
    for mark in OWN_MARKS {
        assert!(!document.contains(mark), "{mark}: {document}");
    }
    let (_, body) = site.get(&key, "/api/v1/reports");
    assert_eq!(body, b"{\"reports\":[]}", "a check sent something");
    let shown = good(folder, &[&["report", "--check", "clean.txt"], &own[..]].concat());
    assert!(shown.contains("as they are"), "{shown}");

    let hub = ["--yes", "--hub", &site.base, "--key", &key];
    let files = ["report", "mail.eml", "log-nkg-fs01.txt", "escaped.json"];
    let said = good(folder, &[&files[..], &own, &hub].concat());
    assert!(said.contains("BEGIN NOROSHI RECEIPT"), "{said}");
    let patterns = site.patterns(&key, |p| p.iter().any(|p| p.contains("45.77.33.8")));
    assert!(patterns.iter().any(|p| p.contains("45.77.33.8")), "{patterns:?}");
    // Every byte the hub keeps and writes, for each mark and not for the attacker's addresses.
    let kept = site.kept();
    assert!(kept.iter().any(|bytes| holds(bytes, "45.77.33.7")), "the hub kept no report");
    for mark in OWN_MARKS {
        assert!(!kept.iter().any(|bytes| holds(bytes, mark)), "{mark} reached the hub");
    }
    // The search would have seen it: without the list the same mail tells.
    good(folder, &[&["report", "mail.eml"], &hub[..]].concat());
    assert!(site.kept().iter().any(|bytes| holds(bytes, "nkg-fs01")), "the search sees nothing");
}

#[test]
fn a_report_that_is_all_own_or_a_bad_list_is_not_sent() {
    let site = Site::new();
    let folder = site.folder.path();
    site.write("own.toml", include_str!("../../../../reference/own-assets-example.toml"));
    site.write("bad.toml", "schema = \"noroshi-own/1\"\nhost_patterns = [\"(\"]\n");
    site.write("a.txt", "10.20.3.4");
    for (args, words) in [
        (["report", "--check", "--own", "own.toml", "a.txt"], "nothing is left"),
        (["report", "--check", "--own", "bad.toml", "a.txt"], "host pattern"),
        (["report", "--check", "--own", "none.toml", "a.txt"], "none.toml cannot be read"),
        (["report", "--check", "--yes", "a.txt", "a.txt"], "cannot be used with"),
    ] {
        let error = bad(folder, &args);
        assert!(error.contains(words) && !error.contains("panicked"), "{args:?}: {error}");
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|piece| piece == text.as_bytes())
}

#[test]
fn a_receipt_proves_the_content_and_nothing_else() {
    let mut site = Site::new();
    site.start();
    let key = site.key(&site.member("Aozora"));
    let folder = site.folder.path();
    site.write("a.txt", "45.77.32.1");
    site.write("b.txt", "45.77.32.2");
    let said =
        good(folder, &["report", "--yes", "--json", "--hub", &site.base, "--key", &key, "a.txt"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let receipt = json["receipt"].as_str().unwrap();
    site.write("receipt.txt", receipt);
    let log = site.log();
    let hub = log.lines().find(|l| l.contains("public key")).unwrap().rsplit(' ').next().unwrap();
    let verify = |extra: &[&'static str]| {
        [&["verify", "receipt", "receipt.txt", "--hub-key", hub], extra].concat()
    };
    let good_one = good(folder, &verify(&["--content", "a.txt"]));
    assert!(good_one.contains(json["id"].as_str().unwrap()), "{good_one}");
    good(folder, &verify(&[]));
    bad(folder, &verify(&["--content", "b.txt"]));
    let other = "aa".repeat(32);
    bad(folder, &["verify", "receipt", "receipt.txt", "--hub-key", &other]);
    bad(folder, &["verify", "receipt", "receipt.txt", "--hub-key", "x"]);
    let day = receipt.lines().find(|l| l.starts_with("day:")).unwrap();
    site.write("receipt.txt", receipt.replace(day, "day:       2020-01-01"));
    bad(folder, &verify(&[]));
    site.write("receipt.txt", "nothing");
    bad(folder, &verify(&[]));
}
