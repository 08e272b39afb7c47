//! The harness as a command: its last line is JSON, its report is complete, and it finds what is
//! planted among released objects.

use std::fs;

use crate::site::{good, run, text};

#[test]
fn the_last_line_is_json_and_the_report_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let said = good(
        folder.path(),
        &["redteam", "--worlds", "1", "--campaigns", "60", "--json", "--html", "board.html"],
    );
    let line: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    for key in ["victims", "top1_joined", "top1_joined_colluder", "held", "sector_bits"] {
        assert!(line[key].is_number(), "{key}: {line}");
    }
    assert!(line["victims"].as_u64().unwrap() > 60);
    assert!(line["worst_posterior"].as_f64().unwrap() <= 0.25);
    assert_eq!(line["unique"], 0.0);
    assert_eq!(line["mismatches"], 0);
    assert_eq!(line["limits_exceeded"], serde_json::json!([]));
    let channels = line["identifiers"].as_array().unwrap();
    let is: Vec<&str> = channels.iter().map(|c| c["recall_is"].as_str().unwrap()).collect();
    assert_eq!(is, ["measured", "measured", "measured", "assumed"]);
    assert!(channels.iter().take(3).all(|c| c["planted"].as_u64().unwrap() > 500), "{channels:?}");
    assert!(line["named_by_identifier_at_most"].as_f64().unwrap() < 0.037, "{line}");
    assert!(said.contains("assumed") && !said.contains("redteam-"), "{said}");
    let others = line["compared"][0]["top1_joined"].as_f64().unwrap();
    assert!(others > 2.0 * line["top1_joined_colluder"].as_f64().unwrap(), "{others}");
    let page = fs::read_to_string(folder.path().join("board.html")).unwrap();
    assert!(page.contains("<main id=\"en\"") && page.contains("<main id=\"ja\""));
    assert_eq!(page.matches("<svg").count(), 4);
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("http://"));
    // Every text is there in both languages.
    assert!(!page.contains("redteam-"), "{page}");
}

const REGISTER: &str = r#"
schema = "noroshi-register/1"
[[member]]
id = "a"
names = ["Hokusei Steel Co., Ltd.", "北星製鋼株式会社"]
label_path = ["manufacturing"]
weight = 1
joined = "2011-04-01T00:00:00Z"
domains = ["hokusei-steel.co.jp"]
networks = ["203.0.113.0/24"]
"#;

fn indicator(pattern: &str, created: &str) -> String {
    format!(
        r#"{{"created":"{created}","id":"indicator--458897cc-c070-4537-9495-51cad69a5b46","modified":"{created}","pattern":"{pattern}","type":"indicator"}}"#
    )
}

#[test]
fn what_is_planted_among_releases_is_found() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("register.toml"), REGISTER).unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let tick = "2026-11-23T04:08:30.000Z";
    let clean = [
        indicator("[ipv4-addr:value = '45.83.22.109']", tick),
        indicator("[domain-name:value = 'kaiun-post.net']", tick),
    ];
    fs::write(out.join("bundle.json"), format!(r#"{{"objects":[{}]}}"#, clean.join(","))).unwrap();
    let args = ["redteam", "--releases", "out", "--register", "register.toml"];
    let said = good(folder.path(), &args);
    assert!(
        said.contains("Searched 2 objects in 1 files") && said.contains("Nothing found"),
        "{said}"
    );

    for (name, object, words) in [
        (
            "name",
            indicator("[domain-name:value = 'hokusei-stee1-vpn.net']", tick),
            "register entry 1",
        ),
        ("hex", indicator("[mutex:name = '686f6b757365692d737465656c']", tick), "register entry 1"),
        ("address", indicator("[ipv4-addr:value = '203.0.113.77']", tick), "register entry 1"),
        (
            "time",
            indicator("[ipv4-addr:value = '45.83.22.9']", "2026-11-23T04:08:31.250Z"),
            "created",
        ),
        ("look", clean[0].replace(':', ": "), "written differently"),
    ] {
        let file = out.join("planted.json");
        fs::write(&file, object).unwrap();
        let found = run(folder.path(), &args);
        assert_eq!(found.status.code(), Some(3), "{name}: {}", text(&found.stdout));
        assert!(text(&found.stdout).contains(words), "{name}: {}", text(&found.stdout));
        fs::remove_file(&file).unwrap();
    }
}
