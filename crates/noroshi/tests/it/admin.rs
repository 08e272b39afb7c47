//! `noroshi admin` beside a running hub, and a backup that brings everything back.

use noroshi_seal::{AuthorityKey, SeededEntropy};

use crate::site::{Site, bad};

#[test]
fn keys_are_made_listed_rotated_and_revoked_beside_a_running_hub() {
    let mut site = Site::new();
    site.start();
    let member = site.member("Aozora");
    let key = site.key(&member);
    // A running hub follows with its next tick.
    let reads = |key: &str, wanted: u16| {
        (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            site.get(key, "/feeds/ipv4.txt").0 == wanted
        })
    };
    assert!(reads(&key, 200), "a new key is not taken");
    let id = key.split('_').nth(1).unwrap().to_owned();
    let list = site.admin(&["key", "list"]);
    assert!(list.contains(&id) && list.contains("read+report") && list.contains("good"), "{list}");
    assert!(!list.contains(key.rsplit('_').next().unwrap()), "the list shows a secret");

    let fresh = site.admin(&["key", "rotate", &id]).trim().to_owned();
    assert!(reads(&fresh, 200), "the new key of a rotation is not taken");
    assert_eq!(site.get(&key, "/feeds/ipv4.txt").0, 200, "the old one holds for a day");
    site.admin(&["key", "revoke", &id]);
    assert!(reads(&key, 401), "a revoked key still reads");
    assert_eq!(site.get(&fresh, "/feeds/ipv4.txt").0, 200);
    let error = bad(site.folder.path(), &["admin", "key", "revoke", &id]);
    assert!(error.contains("noroshi admin key list"), "{error}");

    site.admin(&["agreement", "withdraw", &member]);
    assert!(reads(&fresh, 401), "reads without an agreement");
}

#[test]
fn members_accounts_and_agreements_are_managed() {
    let site = Site::new();
    let member = site.member("Aozora");
    assert!(site.admin(&["member", "list"]).contains("株式会社Aozora"));
    site.admin(&["member", "own", &member, "domain", "aozora-works.net"]);
    site.admin(&["member", "disown", &member, "domain", "aozora-works.net"]);
    let made =
        site.admin(&["account", "add", "--role", "member", "--member", &member, "--name", "B"]);
    assert!(made.contains("/sign-in/"), "{made}");
    let account = made.lines().next().unwrap();
    assert!(site.admin(&["account", "link", account]).contains("/sign-in/"));
    site.admin(&["account", "login", account, "B.B@example.jp"]);
    assert!(site.admin(&["account", "reset", account]).contains("/sign-in/"));
    assert_eq!(site.admin(&["account", "sessions"]), "", "nobody is signed in");
    site.admin(&["account", "revoke", account]);
    site.admin(&["account", "disable", account]);
    assert!(site.admin(&["account", "list"]).contains("off"));
    assert!(site.admin(&["agreement", "list"]).contains("2026-10"));
    site.admin(&["member", "leave", &member]);
    assert!(site.admin(&["member", "list"]).contains("left"));
    for (args, words) in [
        (vec!["member", "leave", "m-x"], "member list"),
        (vec!["member", "own", &member, "ship", "x"], "alias, domain, network or brand"),
        (vec!["member", "own", &member, "domain", "co.jp"], "domain that somebody can own"),
        (
            vec!["account", "add", "--role", "king", "--name", "x"],
            "member, desk, authority or operator",
        ),
        (vec!["account", "add", "--role", "member", "--name", "x"], "--member"),
        (vec!["agreement", "publish", "2026-10", "agreement.txt"], "new version"),
        (
            vec!["agreement", "sign", &member, "--signer", "x", "--until", "2001-01-01T00:00:00Z"],
            "passed",
        ),
        (vec!["agreement", "withdraw", "m-x"], "agreement list"),
        (vec!["key", "rotate", "x"], "key list"),
        (vec!["account", "link", account], "nothing"),
        (vec!["account", "login", account, "b"], "3 to 64 letters"),
        (vec!["account", "reset", account], "account list"),
        (vec!["account", "revoke", "e-x"], "account sessions"),
    ] {
        let error = bad(site.folder.path(), &[&["admin"], args.as_slice()].concat());
        assert!(error.contains(words), "{args:?}: {error}");
    }
}

#[test]
fn partners_and_their_keys_are_managed() {
    let site = Site::new();
    let id = site.admin(&["partner", "add", "--name", "JPCERT/CC"]).trim().to_owned();
    let desk = ["partner", "add", "--name", "Our desk", "--desk", "--read-releases"];
    let desk = site.admin(&desk).trim().to_owned();
    let list = site.admin(&["partner", "list"]);
    assert!(list.contains(&format!("{id}  partners  JPCERT/CC")), "{list}");
    assert!(list.contains(&format!("{desk}  partners+desk+releases  Our desk")), "{list}");

    let make = ["partner", "key", "create", &id, "--label", "collector", "--days", "30"];
    let key = site.admin(&make).trim().to_owned();
    assert!(key.starts_with("nrsh_"), "{key}");
    let public = key.split('_').nth(1).unwrap();
    let fresh = site.admin(&["key", "rotate", public]).trim().to_owned();
    let keys = site.admin(&["key", "list"]);
    assert_eq!(keys.matches("partners  good").count(), 2, "{keys}");
    site.admin(&["key", "revoke", public]);
    site.admin(&["partner", "remove", &id]);
    let keys = site.admin(&["key", "list"]);
    assert_eq!(keys.matches("partners  revoked").count(), 2, "{keys}");
    assert!(!keys.contains(fresh.rsplit('_').next().unwrap()), "the list shows a secret");
    assert!(site.admin(&["partner", "list"]).contains("JPCERT/CC  removed"));
    for (args, words) in [
        (vec!["partner", "remove", &id], "partner list"),
        (vec!["partner", "add", "--name", "Our desk"], "partner list"),
        (vec!["partner", "key", "create", &id, "--label", "x"], "partner list"),
        // A partner is no member, and the other way round.
        (vec!["key", "create", &desk, "--label", "x"], "member list"),
        (
            vec!["agreement", "sign", &desk, "--signer", "x", "--until", "2099-01-01T00:00:00Z"],
            "member",
        ),
    ] {
        let error = bad(site.folder.path(), &[&["admin"], args.as_slice()].concat());
        assert!(error.contains(words), "{args:?}: {error}");
    }
}

#[test]
fn authorities_and_their_people_are_managed() {
    let site = Site::new();
    let key = AuthorityKey::generate(&SeededEntropy::new(1)).unwrap();
    let statement = key.state("架空省", 20_780, 60_000).unwrap();
    site.write("x.json", statement.to_json());
    let add = ["authority", "add", "x.json", "--obligation", "jp-acd"];
    let made = site.admin(&add);
    let id = made.split_whitespace().next().unwrap().to_owned();
    assert!(made.contains(&statement.signer().key_id().to_string()), "{made}");
    assert_eq!(site.admin(&add), made, "the same authority keeps its id");
    let list = site.admin(&["authority", "list"]);
    assert!(
        list.contains(&id) && list.contains("until 2134-04-11") && list.contains("jp-acd"),
        "{list}"
    );
    let person = ["account", "add", "--role", "authority", "--authority", &id, "--name", "C"];
    assert!(site.admin(&person).contains("/sign-in/"));
    assert!(site.admin(&["account", "list"]).contains("authority"));
    for (args, words) in [
        (vec!["account", "add", "--role", "authority", "--name", "x"], "--authority"),
        (vec!["account", "add", "--role", "desk", "--authority", &id, "--name", "x"], "authority"),
        (
            vec!["account", "add", "--role", "authority", "--authority", "g-x", "--name", "x"],
            "authority list",
        ),
        (vec!["authority", "add", "x.json", "--obligation", "jp-tea"], "noroshi duty list"),
        (vec!["authority", "add", "y.json", "--obligation", "jp-acd"], "cannot be read"),
        (vec!["authority", "remove", "g-x"], "authority list"),
    ] {
        let error = bad(site.folder.path(), &[&["admin"], args.as_slice()].concat());
        assert!(error.contains(words), "{args:?}: {error}");
    }
    site.admin(&["authority", "remove", &id]);
    assert!(!site.admin(&["authority", "list"]).contains(&id));
}

#[test]
fn a_certificate_is_registered_and_its_fingerprint_shown() {
    const SIEM: &[u8] = include_bytes!("../../../hub/tests/data/certificates/siem.pem");
    const OTHER: &[u8] = include_bytes!("../../../hub/tests/data/certificates/other.pem");
    let site = Site::new();
    let member = site.member("Aozora");
    let partner = site.admin(&["partner", "add", "--name", "JPCERT/CC"]).trim().to_owned();
    site.write("siem.pem", SIEM);
    site.write("other.pem", OTHER);
    site.write("no.pem", "no certificate");
    let create = |file| ["key", "create", &member, "--label", "SIEM", "--certificate", file];
    let shown = site.admin(&create("siem.pem"));
    let fingerprint = shown.trim();
    assert_eq!(fingerprint.len(), 32 * 3 - 1, "{shown}");
    assert!(fingerprint.starts_with("D5:C0:01:09:"), "{shown}");
    let list = site.admin(&["key", "list"]);
    let line = list.lines().find(|l| l.contains(fingerprint)).unwrap();
    assert!(line.contains("  read  good") && line.contains("SIEM  certificate"), "{line}");
    let id = line.split_whitespace().next().unwrap().to_owned();

    let of_partner =
        ["partner", "key", "create", &partner, "--label", "x", "--certificate", "other.pem"];
    site.admin(&of_partner);
    assert!(site.admin(&["key", "list"]).contains("  partners  good"));
    let again = bad(site.folder.path(), &[&["admin"], create("other.pem").as_slice()].concat());
    assert!(again.contains("registered before"), "{again}");
    for (args, words) in [
        (create("no.pem").to_vec(), "no X.509 certificate"),
        (create("missing.pem").to_vec(), "missing.pem cannot be read"),
        (vec!["key", "rotate", &id], "--certificate"),
    ] {
        let error = bad(site.folder.path(), &[&["admin"], args.as_slice()].concat());
        assert!(error.contains(words), "{args:?}: {error}");
    }
    site.admin(&["key", "revoke", &id]);
    assert!(site.admin(&["key", "list"]).contains("  read  revoked"));
}

#[test]
fn a_backup_serves_the_same_objects_and_goes_on() {
    let mut site = Site::new();
    let key = site.key(&site.member("Aozora"));
    site.start();
    let report = |site: &Site, file: &str| {
        let args = ["report", "--yes", "--hub", &site.base, "--key", &key, file];
        crate::site::good(site.folder.path(), &args)
    };
    site.write("one.txt", "45.77.20.1 45.77.20.2");
    report(&site, "one.txt");
    assert_eq!(site.patterns(&key, |p| p.len() == 2).len(), 2);
    let before = site.objects(&key);
    // Beside the running hub; a report that comes later is not in it.
    site.admin(&["backup", "copy"]);
    let error = bad(site.folder.path(), &["admin", "backup", "copy"]);
    assert!(!error.is_empty());
    site.kill();

    std::fs::rename(site.path("data"), site.path("lost")).unwrap();
    std::fs::create_dir(site.path("data")).unwrap();
    for name in ["vault.db", "shelf.db"] {
        std::fs::copy(site.path("copy").join(name), site.path("data").join(name)).unwrap();
    }
    site.start();
    assert_eq!(site.objects(&key), before);
    site.write("two.txt", "45.77.20.2 45.77.20.3");
    report(&site, "two.txt");
    let patterns = site.patterns(&key, |p| p.len() == 3);
    assert_eq!(patterns.len(), 3, "{patterns:?}");
    site.kill();

    // A lost shelf is filled again from the vault.
    for name in ["shelf.db", "shelf.db-wal", "shelf.db-shm"] {
        drop(std::fs::remove_file(site.path("data").join(name)));
    }
    site.start();
    let again = site.patterns(&key, |p| p.len() == 3);
    assert_eq!(again.len(), 3, "{again:?}");
}
