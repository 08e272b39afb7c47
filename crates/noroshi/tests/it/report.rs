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
