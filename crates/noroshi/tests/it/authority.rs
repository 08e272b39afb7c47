//! An authority's whole way: make a key, be sealed to, open.

use std::path::Path;
use std::process::{Command, Output};

use noroshi_seal::{KeyStatement, Purpose, SeededEntropy, seal};

fn noroshi(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).args(["--lang", "en", "authority"]).args(arguments);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

/// Makes a key and returns its statement.
fn keygen(folder: &Path, more: &[&str]) -> KeyStatement {
    let fixed = ["keygen", "--name", "警察庁", "--out", "a.key", "--from", "2026-11-23"];
    let made = noroshi(folder, &[&fixed, more].concat());
    assert!(made.status.success(), "{}", text(&made.stderr));
    let statement = KeyStatement::parse(text(&made.stdout)).unwrap();
    assert!(text(&made.stderr).contains(&statement.signer().key_id().to_string()));
    statement
}

fn put(folder: &Path, name: &str, statement: &KeyStatement, matter: &str, payload: &[u8]) {
    let key = statement.key_on(20_780).unwrap();
    let entropy = SeededEntropy::new(3);
    let envelope = seal(key, Purpose::Filing, matter.as_bytes(), payload, &entropy).unwrap();
    std::fs::write(folder.join(name), envelope.to_bytes()).unwrap();
}

#[test]
fn what_is_sealed_to_an_authority_opens_with_its_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let statement = keygen(folder, &[]);
    assert_eq!((statement.authority(), statement.valid_from()), ("警察庁", 20_780));
    assert_eq!(statement.valid_until(), 20_780 + 729);
    put(folder, "one.nrse", &statement, "", b"{\"stage\": \"early\"}");
    put(folder, "two.nrse", &statement, "", b"%PDF-1.7 ...");
    put(folder, "three.nrse", &statement, "r-1", b"bound");

    let one = noroshi(folder, &["open", "--key", "a.key", "one.nrse"]);
    assert_eq!(text(&one.stdout), "{\"stage\": \"early\"}");
    let bound = ["open", "--key", "a.key", "--matter", "r-1", "three.nrse"];
    assert_eq!(text(&noroshi(folder, &bound).stdout), "bound");

    std::fs::write(folder.join("four.nrse"), b"no envelope").unwrap();
    let files = ["four.nrse", "one.nrse", "three.nrse", "two.nrse"];
    let all = noroshi(folder, &[&["open", "--key", "a.key", "--out", "out"], &files[..]].concat());
    assert!(!all.status.success());
    let written = format!("out{0}one.json\nout{0}two.pdf\n", std::path::MAIN_SEPARATOR);
    assert_eq!(text(&all.stdout), written);
    assert_eq!(std::fs::read(folder.join("out/two.pdf")).unwrap(), b"%PDF-1.7 ...");
    let said = text(&all.stderr);
    assert!(said.contains("four.nrse: this is not an envelope of noroshi"), "{said}");
    assert!(said.contains("three.nrse: this envelope was altered"), "{said}");
    assert!(said.ends_with("2 of 4 envelopes could not be opened; the others were\n"), "{said}");
}

#[test]
fn a_key_file_is_private_and_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("pass"), "six random words are good\n").unwrap();
    let statement = keygen(folder, &["--passphrase-file", "pass"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.join("a.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let before = std::fs::read(folder.join("a.key")).unwrap();
    let again = noroshi(folder, &["keygen", "--name", "x", "--out", "a.key"]);
    assert!(!again.status.success() && again.stdout.is_empty());
    assert_eq!(std::fs::read(folder.join("a.key")).unwrap(), before);

    put(folder, "one.nrse", &statement, "", b"x");
    let closed = noroshi(folder, &["open", "--key", "a.key", "one.nrse"]);
    assert!(text(&closed.stderr).contains("--passphrase-file"), "{}", text(&closed.stderr));
    let opened = ["open", "--key", "a.key", "--passphrase-file", "pass", "one.nrse"];
    assert_eq!(text(&noroshi(folder, &opened).stdout), "x");
    std::fs::write(folder.join("pass"), "six random words are bad\n").unwrap();
    let wrong = noroshi(folder, &opened);
    assert!(text(&wrong.stderr).contains("does not open this key file"));
    assert!(!wrong.status.success() && wrong.stdout.is_empty());
}
