//! The reference client from PyPI, `taxii2-client`, against the running program.
//!
//! Runs where `NOROSHI_TEST_PYTHON` names an interpreter that has `taxii2-client` and `stix2`.

use std::io::Write as _;
use std::process::Command;

use crate::site::{Site, good, text};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/member_client.py");

#[test]
fn a_member_discovers_lists_pages_and_filters() {
    let Ok(python) = std::env::var("NOROSHI_TEST_PYTHON") else {
        let text = "\nSKIPPED: taxii2-client; set NOROSHI_TEST_PYTHON to a python that has it\n";
        std::io::stderr().write_all(text.as_bytes()).unwrap();
        return;
    };
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
    let output = Command::new(python).args([SCRIPT, &discovery, &other, "21"]).output().unwrap();
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success() && out.contains("all checks passed"), "{out}{error}");
}
