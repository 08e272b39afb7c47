//! The reference client from PyPI, `taxii2-client`, against the running program.
//!
//! Runs where `NOROSHI_TEST_PYTHON` names an interpreter that has `taxii2-client` and `stix2`.

use std::io::Write as _;
use std::process::Command;

use crate::site::{Site, good, text};

const READING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/member_client.py");
const POSTING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/posting_clients.py");

fn python() -> Option<String> {
    let python = std::env::var("NOROSHI_TEST_PYTHON").ok();
    if python.is_none() {
        let text = "\nSKIPPED: taxii2-client; set NOROSHI_TEST_PYTHON to a python that has it\n";
        std::io::stderr().write_all(text.as_bytes()).unwrap();
    }
    python
}

fn run(python: &str, args: &[&str]) {
    let output = Command::new(python).args(args).output().unwrap();
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success() && out.contains("all checks passed"), "{out}{error}");
}

#[test]
fn a_member_posts_reports_and_a_partner_intelligence() {
    let Some(python) = python() else { return };
    let mut site = Site::new();
    site.start();
    let (reporter, reader) = (site.member("Aozora"), site.member("Bashouan"));
    let partner = site.admin(&["partner", "add", "--name", "Example CERT"]).trim().to_owned();
    let partner = site.admin(&["partner", "key", "create", &partner, "--label", "collector"]);
    let reading = site.admin(&["key", "create", &reader, "--label", "firewall"]);
    let keys = [site.key(&reporter), partner.trim().to_owned(), reading.trim().to_owned()];
    for key in &keys {
        // A running hub follows with its next tick.
        let taken = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            site.get(key, "/taxii2/").0 == 200
        });
        assert!(taken, "a new key is not taken");
    }
    let discovery = format!("{}/taxii2/", site.base);
    run(&python, &[POSTING, &discovery, &keys[0], &keys[1], &keys[2]]);
}

#[test]
fn a_member_discovers_lists_pages_and_filters() {
    let Some(python) = python() else { return };
    let mut site = Site::new();
    site.start();
    let (reporter, reader) = (site.member("Aozora"), site.member("Bashouan"));
    let (key, other) = (site.key(&reporter), site.key(&reader));
    for n in 0..3 {
        let list: String = (1..=7).map(|i| format!("45.77.{}.{i}\n", 40 + n)).collect();
        site.write("list.txt", list);
        good(
            site.folder.path(),
            &["report", "--yes", "--hub", &site.base, "--key", &key, "list.txt"],
        );
        let wanted = 7 * (n + 1);
        assert_eq!(site.patterns(&other, |p| p.len() == wanted).len(), wanted);
    }
    let discovery = format!("{}/taxii2/", site.base);
    run(&python, &[READING, &discovery, &other, "21"]);
}
