//! `noroshi admin` beside a running hub, and a backup that brings everything back.

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
    site.admin(&["account", "disable", account]);
    assert!(site.admin(&["account", "list"]).contains("off"));
    assert!(site.admin(&["agreement", "list"]).contains("2026-10"));
    site.admin(&["member", "leave", &member]);
    assert!(site.admin(&["member", "list"]).contains("left"));
    for (args, words) in [
        (vec!["member", "leave", "m-x"], "member list"),
        (vec!["member", "own", &member, "ship", "x"], "alias, domain, network or brand"),
        (vec!["member", "own", &member, "domain", "co.jp"], "domain that somebody can own"),
        (vec!["account", "add", "--role", "king", "--name", "x"], "member, desk or operator"),
        (vec!["account", "add", "--role", "member", "--name", "x"], "--member"),
        (vec!["agreement", "publish", "2026-10", "agreement.txt"], "new version"),
        (
            vec!["agreement", "sign", &member, "--signer", "x", "--until", "2001-01-01T00:00:00Z"],
            "passed",
        ),
        (vec!["agreement", "withdraw", "m-x"], "agreement list"),
        (vec!["key", "rotate", "x"], "key list"),
        (vec!["account", "link", account], "nothing"),
    ] {
        let error = bad(site.folder.path(), &[&["admin"], args.as_slice()].concat());
        assert!(error.contains(words), "{args:?}: {error}");
    }
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
