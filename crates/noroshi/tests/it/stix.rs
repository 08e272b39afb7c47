//! `noroshi stix` beyond its golden files: standard input, files written back, hostile names.

use std::io::Write as _;
use std::process::{Output, Stdio};

use crate::site::{good, noroshi, run, text};

const OBJECT: &str =
    r#"{"name":"a","id":"mutex--99f9a0a1-6c5b-5c6d-8a5a-2f2f6a1d3c11","type":"mutex"}"#;

fn piped(args: &[&str], input: &[u8]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut child = noroshi(folder.path(), args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends early does not read to the end.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

#[test]
fn standard_input_is_a_file_like_others() {
    let output = piped(&["stix", "validate", "-"], OBJECT.as_bytes());
    assert!(output.status.success() && text(&output.stdout).contains("-: valid"));
    let output = piped(&["stix", "fmt", "-"], b"\xef\xbb\xbf{\"id\":\"1\",\"type\":\"mutex\"}");
    assert_eq!(text(&output.stdout), "{\n  \"type\": \"mutex\",\n  \"id\": \"1\"\n}\n");
    let output = piped(&["stix", "explain", "-"], OBJECT.as_bytes());
    assert!(text(&output.stdout).contains("Mutex “a”"));
    let output = piped(&["stix", "explain", "-"], b"[file:size > 5]");
    assert!(text(&output.stdout).contains("greater than 5"));
    for command in ["validate", "fmt", "explain"] {
        let output = piped(&["stix", command, "-"], b"\x00\xff");
        assert_eq!(output.status.code(), Some(2), "{command}");
    }
}

#[test]
fn files_are_written_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("a.json"), OBJECT).unwrap();
    std::fs::write(path("broken.json"), "{").unwrap();
    std::os::unix::fs::symlink("a.json", path("link.json")).unwrap();
    let output = run(folder.path(), &["stix", "fmt", "--write", "broken.json", "link.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(path("broken.json")).unwrap(), "{");
    let written = std::fs::read_to_string(path("a.json")).unwrap();
    assert!(written.starts_with("{\n  \"type\": \"mutex\",\n"), "{written}");
    assert!(path("link.json").is_symlink());
    assert_eq!(good(folder.path(), &["stix", "fmt", "--check", "a.json"]), "");
    let before = std::fs::metadata(path("a.json")).unwrap().modified().unwrap();
    good(folder.path(), &["stix", "fmt", "--write", "a.json"]);
    assert_eq!(std::fs::metadata(path("a.json")).unwrap().modified().unwrap(), before);
}

/// What a stranger wrote must not move the cursor of who reads it.
#[test]
fn nothing_foreign_controls_the_terminal() {
    let hostile = r#"{"type":"\u001b[2Jx","id":"\u001b]0;x\u0007","\u001b[31m":null,"name":"\u202e\u001b[1m",
        "created":"\u001b","description":"\u001b[31m","labels":["\u001b"],"extensions":{"\u001b":{}}}"#;
    for args in [vec!["stix", "validate", "-"], vec!["stix", "explain", "-"]] {
        for lang in ["en", "ja"] {
            let args = [&["--lang", lang][..], &args].concat();
            let output = piped(&args, hostile.as_bytes());
            let shown = text(&output.stdout) + &text(&output.stderr);
            assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
        }
    }
    let pattern = "[a:b = '\u{1b}[2J' OR file:'\u{1b}' = 'x' OR url:value = \u{1b}]";
    let output = piped(&["stix", "explain", pattern], b"");
    assert!(!(text(&output.stdout) + &text(&output.stderr)).contains('\u{1b}'));
}
