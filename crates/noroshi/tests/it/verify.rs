//! A stranger checks a hub: certificates recomputed, objects proven, lies found.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};

use noroshi_anonymity::policy::{Certificate, Ratio};
use noroshi_outlet::SignedDocument;
use noroshi_seal::SigningKey;
use serde_json::Value;

use crate::published::{Hub, Served, day};
use crate::site::{Site, good, run, text};

/// The exit code and what was printed.
fn verify(served: &Served, hub: &Hub, args: &[&str]) -> (i32, String) {
    let key = hub.key_text();
    let output = run(
        served.folder.path(),
        &[&["verify"], args, &["--hub", &served.base, "--hub-key", &key]].concat(),
    );
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}

fn json(served: &Served, hub: &Hub, args: &[&str]) -> Vec<Value> {
    let (_, said) = verify(served, hub, &[args, &["--json"]].concat());
    said.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {said}")))
        .collect()
}

#[test]
fn every_certificate_is_recomputed_from_a_hub_and_offline() {
    let hub = Hub::with_history();
    let served = hub.serve();
    let (code, said) = verify(&served, &hub, &["fetch", "--to", "published"]);
    assert_eq!(code, 0, "{said}");
    let mut label_only = 0;
    let ids: BTreeSet<&str> = hub.certificates.iter().map(|c| c.release_id.as_str()).collect();
    let mut lines = Vec::new();
    for id in &ids {
        let online = json(&served, &hub, &["certificate", id]);
        assert_eq!(online, json(&served, &hub, &["certificate", id, "--folder", "published"]));
        lines.extend(online);
    }
    assert_eq!(lines.len(), hub.certificates.len());
    for line in &lines {
        assert_eq!(line["result"], "good", "{line}");
        let same =
            |c: &&Certificate| line["release_id"] == c.release_id && line["record"] == c.record;
        let certificate = hub.certificates.iter().find(same).unwrap();
        assert_eq!(line["candidates"], certificate.candidates);
        assert_eq!(line["joined_candidates"], certificate.candidates, "{line}");
        assert_eq!(line["chain"], serde_json::json!({"first": 1, "last": 2}));
        assert_eq!(line["parameters"]["k"], 5);
        let later = line["recomputed"] == "label-only";
        assert_eq!(line["version"], if later { 2 } else { 1 });
        label_only += usize::from(later);
    }
    assert_eq!(label_only, 1, "the one release that is the second on its case");
    let id = hub.certificates[0].release_id.as_str();
    let (code, said) = verify(&served, &hub, &["certificate", id]);
    assert_eq!(code, 0, "{said}");
    for part in [
        "Good: everything".to_owned(),
        format!("label: {}", hub.certificates[0].label.en),
        format!("{} members (at least 6", hub.certificates[0].candidates),
        "chain of records checked from 1 to 2".to_owned(),
        "What this means".to_owned(),
    ] {
        assert!(said.contains(&part), "{part}: {said}");
    }
    let (_, said) = verify(&served, &hub, &["certificate", id, "--lang", "ja"]);
    assert!(
        said.contains(&hub.certificates[0].label.ja) && said.contains("この結果の意味"),
        "{said}"
    );
    let last = hub.certificates.last().unwrap().release_id.as_str();
    let (code, said) = verify(&served, &hub, &["certificate", last, "--records", "0"]);
    assert!(
        code == 0
            && said.contains("label only")
            && said.contains("read together leave")
            && said.contains("from 2 to 2"),
        "{said}"
    );
    // Fetching again takes only what changes.
    let again = json(&served, &hub, &["fetch", "--to", "published"]).remove(0);
    assert_eq!((&again["saved"], &again["releases"]), (&1.into(), &ids.len().into()));
}

#[test]
fn keys_decide_what_is_read() {
    let hub = Hub::with_history();
    let served = hub.serve_with(hub.documents(), false);
    let id = hub.certificates[0].release_id.as_str();
    let (code, said) = verify(&served, &hub, &["certificate", id]);
    assert!(code == 1 && said.contains("API key"), "{said}");
    let (code, said) = verify(&served, &hub, &["certificate", id, "--key", &served.key]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = verify(&served, &hub, &["release", id, "--key", &served.key]);
    assert_eq!(code, 0, "{said}");
    for usage in [&["certificate", "../x"][..], &["certificate"], &["release"], &["nonsense"]] {
        assert_eq!(verify(&served, &hub, usage).0, 2, "{usage:?}");
    }
    let missing = "report--00000000-0000-4000-8000-000000009999";
    let (code, said) = verify(&served, &hub, &["certificate", missing, "--key", &served.key]);
    assert!(code == 1 && said.contains("is not published"), "{said}");
}

/// Documents of a history that somebody changed and signed again.
fn refused(change: impl FnOnce(&mut Hub), release: usize) -> Value {
    let mut hub = Hub::with_history();
    change(&mut hub);
    let served = hub.serve();
    let id = hub.certificates[release].release_id.clone();
    json(&served, &hub, &["certificate", &id]).remove(0)
}

#[test]
fn a_hub_that_lies_is_found_out() {
    let certificate =
        |change: fn(&mut Certificate)| refused(|hub| change(&mut hub.certificates[0]), 0);
    let found = certificate(|c| c.candidates += 1);
    assert_eq!((&found["result"], &found["reason"]), (&"refused".into(), &"differs".into()));
    assert_eq!(
        certificate(|c| c.worst_posterior_after_coalition = Ratio::new(1, 20).unwrap())["reason"],
        "differs"
    );
    assert_eq!(certificate(|c| c.label.en = "a bank".into())["subject"], "label");
    // An old record is replaced: what follows does not name it.
    let chain = refused(|hub| hub.records[0].at = day(-1), 0);
    assert_eq!((&chain["reason"], &chain["subject"]), (&"chain".into(), &"2".into()));
    // A label of before is left out although the certificate was made without it as well.
    let hidden = refused(
        |hub| {
            hub.records[1].earlier.remove(0);
        },
        3,
    );
    assert_eq!(hidden["reason"], "hidden");
    let invented = refused(
        |hub| {
            let one = hub.records[1].earlier[0].clone();
            hub.records[1].earlier.push(one);
        },
        3,
    );
    assert_eq!(invented["reason"], "invented");
    let no_flag = refused(|hub| hub.records[1].flags.clear(), 3);
    assert_eq!(
        (&no_flag["reason"], &no_flag["subject"]),
        (&"differs".into(), &"quarantine_hash".into())
    );
}

#[test]
fn other_keys_and_changed_files_are_refused() {
    let hub = Hub::with_history();
    let served = hub.serve();
    assert_eq!(verify(&served, &hub, &["fetch", "--to", "published"]).0, 0);
    let id = hub.certificates[0].release_id.as_str();
    let offline =
        |hub: &Hub| json(&served, hub, &["certificate", id, "--folder", "published"]).remove(0);
    let mut other = Hub::with_history();
    other.key = SigningKey::from_seed([8; 32]);
    assert_eq!(offline(&other)["reason"], "document-signature");
    // A document signed by the hub around a certificate that is not.
    let inner = hub.certificates[0].clone().sign(&other.key).to_bytes();
    let name = format!("certificates/{id}");
    let wrapped = SignedDocument::sign(name.clone(), true, inner, &hub.key);
    let (body, signature) = (
        served.path(&format!("published/{name}.json")),
        served.path(&format!("published/{name}.signature")),
    );
    let (good_body, good_signature) = (fs::read(&body).unwrap(), fs::read(&signature).unwrap());
    fs::write(&body, &wrapped.body).unwrap();
    fs::write(&signature, wrapped.header()).unwrap();
    assert_eq!(offline(&hub)["reason"], "certificate-signature");
    fs::write(&signature, &good_signature).unwrap();
    assert_eq!(offline(&hub)["reason"], "document-signature");
    fs::write(&body, &good_body).unwrap();
    assert_eq!(offline(&hub)["result"], "good");
    fs::remove_file(served.path("published/records/1.json")).unwrap();
    let missing = offline(&hub);
    assert_eq!((&missing["reason"], &missing["subject"]), (&"missing".into(), &"records/1".into()));
}

#[test]
fn objects_are_proven_byte_for_byte() {
    let hub = Hub::with_history();
    let served = hub.serve();
    let ids: BTreeSet<&str> = hub.certificates.iter().map(|c| c.release_id.as_str()).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let good = json(&served, &hub, &[&["release"][..], &ids].concat());
    assert_eq!(good.len(), ids.len());
    assert!(good.iter().all(|line| line["result"] == "good" && line["collection"] == "context"));
    // A page as a client saved it, with one object changed.
    let page = ureq::get(format!("{}/taxii2/noroshi/collections/context/objects/", served.base))
        .header("accept", "application/taxii+json;version=2.1")
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    fs::write(served.path("page.json"), &page).unwrap();
    let (code, said) = verify(&served, &hub, &["release", "--objects", "page.json"]);
    assert!(code == 0 && said.lines().count() == ids.len(), "{said}");
    fs::write(served.path("page.json"), page.replacen("A member", "A bank", 1)).unwrap();
    let lines = json(&served, &hub, &["release", "--objects", "page.json"]);
    let bad: Vec<_> = lines.iter().filter(|line| line["result"] == "refused").collect();
    assert_eq!((bad.len(), &bad[0]["reason"]), (1, &"proof-not-included".into()));
    assert_eq!(verify(&served, &hub, &["release", "--objects", "page.json"]).0, 1);
    let mut other = Hub::with_history();
    other.key = SigningKey::from_seed([8; 32]);
    assert_eq!(json(&served, &other, &["release", ids[0]])[0]["reason"], "proof-head");
    // Offline, from what fetch saved.
    assert_eq!(verify(&served, &hub, &["fetch", "--to", "published"]).0, 0);
    let saved = format!("published/releases/{}.json", ids[1]);
    let offline = ["release", ids[1], "--folder", "published"];
    assert_eq!(verify(&served, &hub, &offline).0, 0);
    let objects = ["release", "--objects", &saved, "--folder", "published"];
    assert_eq!(verify(&served, &hub, &objects).0, 0);
    let changed = fs::read_to_string(served.path(&saved)).unwrap().replace("A member", "A bank");
    fs::write(served.path(&saved), changed).unwrap();
    assert_eq!(verify(&served, &hub, &offline).0, 1);
}

#[test]
fn a_hub_chooses_no_file_names() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answers = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4096];
        let n = stream.read(&mut asked).unwrap();
        let body = r#"{"documents":["../../outside/x"]}"#;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        String::from_utf8_lossy(&asked[..n]).into_owned()
    });
    let folder = tempfile::tempdir().unwrap();
    let key = Hub::new().key_text();
    let output =
        run(folder.path(), &["verify", "fetch", "--to", "to", "--hub", &base, "--hub-key", &key]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no document can have"), "{}", text(&output.stderr));
    assert!(answers.join().unwrap().starts_with("GET /anonymity/ "));
}

#[test]
fn signals_of_a_real_hub_are_proven() {
    let mut site = Site::new();
    site.start();
    let key = site.key(&site.member("Aozora"));
    site.write("list.txt", "45.77.30.1\n45.77.30.2\n45.77.30.3\n");
    let folder = site.folder.path();
    good(folder, &["report", "--yes", "--hub", &site.base, "--key", &key, "list.txt"]);
    site.patterns(&key, |patterns| patterns.len() == 3);
    let log = site.log();
    let hub = log.lines().find(|l| l.contains("public key")).unwrap().rsplit(' ').next().unwrap();
    let from = ["--hub", &site.base, "--hub-key", hub, "--key", &key];
    // All that was served, as it was served.
    let path = "/taxii2/noroshi/collections/signals/objects/?match[version]=all";
    let (status, page) = site.get(&key, path);
    assert_eq!(status, 200);
    site.write("page.json", &page);
    let said =
        good(folder, &[&["verify", "release", "--objects", "page.json"], &from[..]].concat());
    assert!(said.lines().count() >= 3 && said.lines().all(|l| l.starts_with("Good: ")), "{said}");
    // Written anew it is no longer what was signed.
    let pretty: Value = serde_json::from_slice(&page).unwrap();
    site.write("pretty.json", serde_json::to_string_pretty(&pretty).unwrap());
    let args = [&["verify", "release", "--objects", "pretty.json"], &from[..]].concat();
    let output = run(folder, &args);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("written anew"), "{}", text(&output.stdout));
    // It has published no label yet.
    let output = run(folder, &[&["redteam"], &from[..]].concat());
    assert!(text(&output.stderr).contains("nothing has been published yet"));
}
