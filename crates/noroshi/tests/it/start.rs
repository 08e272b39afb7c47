//! Starting: the configuration is written, read strictly, and what is wrong is said.

use crate::site::{Site, bad, good, text};

#[test]
fn init_writes_a_configuration_that_starts() {
    let folder = tempfile::tempdir().unwrap();
    let said = good(folder.path(), &["hub", "init"]);
    assert!(said.contains("noroshi.toml"), "{said}");
    let config = std::fs::read_to_string(folder.path().join("noroshi.toml")).unwrap();
    assert!(config.contains("# ") && config.contains("[hub]"));
    // A second time it is kept.
    let error = bad(folder.path(), &["hub", "init"]);
    assert!(error.contains("noroshi.toml exists"), "{error}");
    assert_eq!(std::fs::read_to_string(folder.path().join("noroshi.toml")).unwrap(), config);
}

#[test]
fn what_is_wrong_with_a_configuration_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let error = bad(folder.path(), &["hub"]);
    assert!(error.contains("noroshi.toml cannot be read") && error.contains("hub init"), "{error}");
    for (config, words) in [
        ("[hub]\nlisten_on = 1\n", "listen_on"),
        ("[hub]\nlisten = 7\n", "listen"),
        ("[signal]\ntick_seconds = 0\n", "use 1 to 3600 seconds"),
        ("[signal]\ntlp = \"red\"\n", "signal.tlp"),
        ("[context]\nbatch_hours = 1000\n", "use 1 to 720 hours"),
        ("[hub]\npublic_url = \"hub.example\"\n", "start it with https://"),
        ("[hub]\nwarning_list = \"missing.txt\"\n", "missing.txt cannot be read"),
        ("[hub]\nvault = \"postgres://me@db.example.net/x\"\n", "encrypted"),
        ("[hub]\nvault = \"postgres://me:s3cret@%%%\"\n", "PostgreSQL"),
        ("not toml", "noroshi.toml"),
    ] {
        std::fs::write(folder.path().join("noroshi.toml"), config).unwrap();
        let error = bad(folder.path(), &["hub"]);
        assert!(error.contains(words), "{config:?}: {error}");
        assert!(!error.contains("s3cret") && !error.contains("panicked"), "{error}");
        let words: Vec<_> = error.trim().split(": ").collect();
        let once: std::collections::HashSet<_> = words.iter().collect();
        assert_eq!(words.len(), once.len(), "says something twice: {error}");
    }
}

#[test]
fn the_first_start_prints_one_operator_link_and_the_data_is_private() {
    let mut site = Site::new();
    site.start();
    site.kill();
    let first = site.log();
    assert_eq!(first.matches("/sign-in/").count(), 1, "{first}");
    site.start();
    assert_eq!(site.log().matches("/sign-in/").count(), 1, "a second start makes no second link");
    // A second hub on the same address says so.
    let error = bad(site.folder.path(), &["hub"]);
    assert!(error.contains("cannot listen on"), "{error}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(site.path("data")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{mode:o}");
    }
}

#[test]
fn a_malformed_request_on_the_wire_gets_a_refusal() {
    use std::io::{Read as _, Write as _};
    let mut site = Site::new();
    site.start();
    let key = site.key(&site.member("Aozora"));
    let address = site.base.trim_start_matches("http://").to_owned();
    let auth = format!("Host: x\r\nAuthorization: Bearer {key}\r\nContent-Type: text/plain\r\n");
    for (name, request) in [
        (
            "a length that is no number",
            format!("POST /api/v1/reports HTTP/1.1\r\n{auth}Content-Length: ten\r\n\r\n45.77.1.1"),
        ),
        (
            "two lengths",
            format!(
                "POST /api/v1/reports HTTP/1.1\r\n{auth}Content-Length: 3\r\nContent-Length: 9\r\n\r\n45.77.1.1"
            ),
        ),
        (
            "a negative length",
            format!("POST /api/v1/reports HTTP/1.1\r\n{auth}Content-Length: -1\r\n\r\n"),
        ),
        (
            "a broken chunk",
            format!(
                "POST /api/v1/reports HTTP/1.1\r\n{auth}Transfer-Encoding: chunked\r\n\r\nzz\r\n45\r\n"
            ),
        ),
        (
            "too long a length",
            format!(
                "POST /api/v1/reports HTTP/1.1\r\n{auth}Content-Length: 99999999999999999999999\r\n\r\n"
            ),
        ),
        ("no request", "\0\0\0\r\n\r\n".to_owned()),
    ] {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        let answer = text(&answer);
        // Either a 4xx, or the connection is closed without a word.
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{name}: {answer}");
    }
    let (status, body) = site.get(&key, "/api/v1/reports");
    assert_eq!((status, text(&body).as_str()), (200, "{\"reports\":[]}"));
}
