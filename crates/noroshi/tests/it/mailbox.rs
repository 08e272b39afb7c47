//! Words of a report with the real program: the case of 2011 proven without the hub, and questions
//! answered without a name.

use std::path::Path;
use std::sync::Arc;

use noroshi_hub::admin::{self, NewMember};
use noroshi_hub::config::Config;
use noroshi_hub::intake::{Part, Submission, accept};
use noroshi_hub::{Hub, NewReporter, days, mailbox, tick};
use noroshi_outlet::ManualClock;
use noroshi_seal::{ReportKey, ReporterKeys, SeededEntropy, WordList, Words};
use noroshi_stix::Timestamp;

use crate::site::{Site, bad, good, run, text};

const DAY: i64 = 86_400_000_000;

async fn open(data: &Path, clock: Arc<ManualClock>, seed: u64) -> Hub {
    let mut config = Config::default();
    config.hub.data = data.to_owned();
    config.signal.tick_seconds = 1;
    Hub::open(config, "", clock, Arc::new(SeededEntropy::new(seed))).await.unwrap()
}

/// A proof of a report of 2011-08-11, loaded a day later; also the hub's public key.
async fn proof(folder: &Path, words: &Words, content: &str) -> (String, String) {
    let at: Timestamp = "2011-08-11T04:00:00Z".parse().unwrap();
    let clock = Arc::new(ManualClock::new(at));
    let hub = open(&folder.join("data"), clock.clone(), 1).await;
    admin::publish_agreement(&hub, "2011-01", "Share.").await.unwrap();
    let member = NewMember {
        name_ja: "架空重工".to_owned(),
        name_en: "Kaku".to_owned(),
        label_path: vec!["Industry".to_owned()],
        weight: 1,
        ..NewMember::default()
    };
    let member = admin::add_member(&hub, member).await.unwrap();
    admin::sign_agreement(&hub, &member, "x", at.plus_days(365)).await.unwrap();
    hub.reload_policy().await.unwrap();
    let keys = ReporterKeys::derive(words).unwrap();
    let public = keys.public();
    let key = ReportKey { key: public.report_key, commit: keys.commit("p-kaku") };
    let part = Part {
        name: "a.txt".to_owned(),
        media: "text/plain".to_owned(),
        bytes: content.as_bytes().to_vec(),
    };
    let submission = Submission {
        parts: vec![part],
        idempotency: None,
        continues: None,
        reporter: Some(NewReporter { key, mailbox: public.mailbox_key }),
    };
    let (accepted, _) = accept(&hub, &member, "test", submission).await.unwrap();
    clock.advance(DAY);
    tick::tick(&hub).await.unwrap();
    let file = days::proof(&hub, &accepted.report).await.unwrap();
    (file, hub.signing_key().verifying_key().to_string())
}

#[test]
fn the_contractor_of_2011_proves_its_day_without_the_hub() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let words = Words::generate(&SeededEntropy::new(11));
    let content = "targeted mail, 45.77.32.1";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (file, hub) = runtime.block_on(proof(folder, &words, content));
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("proof.json", &file);
    write("a.txt", content);
    write("b.txt", "targeted mail, 45.77.32.2");
    write("words.txt", words.expose(WordList::Japanese).unwrap().as_str());
    let others = Words::generate(&SeededEntropy::new(12));
    write("others.txt", others.expose(WordList::English).unwrap().as_str());
    let verify = |extra: &[&str]| -> Vec<String> {
        let all = [&["verify", "receipt", "--hub-key", &hub][..], extra].concat();
        all.iter().map(|arg| (*arg).to_owned()).collect()
    };
    let ok = |extra: &[&str]| {
        let args = verify(extra);
        good(folder, &args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let refused = |extra: &[&str]| {
        let args = verify(extra);
        bad(folder, &args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let said = ok(&["--proof", "proof.json", "--content", "a.txt"]);
    assert!(said.contains("2011-08-11"), "{said}");
    refused(&["--proof", "proof.json", "--content", "b.txt"]);
    // Whoever asks gives a challenge; only the words answer it.
    let challenge = good(folder, &["verify", "challenge"]).trim().to_owned();
    let answer = |words: &str| {
        run(folder, &["verify", "answer", &challenge, "--receipt", "proof.json", "--words", words])
    };
    let given = answer("words.txt");
    assert!(given.status.success(), "{}", text(&given.stderr));
    let given = text(&given.stdout).trim().to_owned();
    let both = ["--proof", "proof.json", "--challenge", &challenge, "--answer", &given];
    ok(&both);
    assert!(!answer("others.txt").status.success());
    ok(&["--proof", "proof.json", "--words", "words.txt", "--member", "p-kaku"]);
    refused(&["--proof", "proof.json", "--words", "words.txt", "--member", "p-other"]);
    refused(&["--proof", "proof.json", "--words", "others.txt"]);
    // Without the head of the day, or with another day's, it proves nothing.
    let mut whole: serde_json::Value = serde_json::from_str(&file).unwrap();
    whole["head"]["day"] = "2011-08-10".into();
    write("changed.json", &whole.to_string());
    refused(&["--proof", "changed.json", "--content", "a.txt"]);
    whole.as_object_mut().unwrap().remove("head");
    write("headless.json", &whole.to_string());
    refused(&["--proof", "headless.json", "--content", "a.txt"]);
}

#[test]
fn questions_are_read_and_answered_with_words_alone() {
    let mut site = Site::new();
    site.start();
    let (key, other) = (site.key(&site.member("Aozora")), site.key(&site.member("Bashouan")));
    let folder = site.folder.path();
    site.write("a.txt", "45.77.32.1");
    let said =
        good(folder, &["report", "--yes", "--words", "--hub", &site.base, "--key", &key, "a.txt"]);
    let twelve = said.lines().find(|l| l.split_whitespace().count() == 12 && l.starts_with("    "));
    site.write("words.txt", twelve.unwrap().trim());
    let others = Words::generate(&SeededEntropy::new(12)).expose(WordList::English).unwrap();
    site.write("others.txt", others.as_str());
    assert!(said.contains("reporter:") && said.contains("commit:"), "{said}");
    let id = said.lines().find_map(|l| l.strip_prefix("report:")).unwrap().trim().to_owned();
    let log = site.log();
    let hub = log.lines().find(|l| l.contains("public key")).unwrap().rsplit(' ').next().unwrap();
    // The desk's clock only dates its question: ahead, so that it does not end.
    let now: Timestamp = "2098-01-01T00:00:00Z".parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let clock = Arc::new(ManualClock::new(now));
        let desk = open(&site.path("data"), clock, 2).await;
        mailbox::ask(&desk, &id, "still-running", None, "officer").await.unwrap();
    });
    // Another member's key fetches the same list.
    let with = ["--hub", &site.base, "--hub-key", hub, "--key", &other];
    let read =
        |words: &str| run(folder, &[&["mailbox", "read", "--words", words][..], &with].concat());
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let shown = loop {
        let output = read("words.txt");
        let shown = text(&output.stdout);
        if shown.contains("Is the attack still going on?") {
            break shown;
        }
        assert!(std::time::Instant::now() < end, "{shown}{}", text(&output.stderr));
        std::thread::sleep(std::time::Duration::from_millis(200));
    };
    assert!(shown.contains("It cannot change what is published."), "{shown}");
    let question = shown.split_whitespace().next().unwrap().to_owned();
    let none = read("others.txt");
    assert!(none.status.success() && text(&none.stdout).contains("None of the"));
    let answer = |words: &str, question: &str, answer: &str| {
        run(
            folder,
            &[&["mailbox", "answer", "--words", words][..], &with, &[question, answer]].concat(),
        )
    };
    for (words, asked, said) in [
        ("words.txt", &*question, "perhaps"),
        ("words.txt", "ffffffffffff", "yes"),
        ("words.txt", "", "yes"),
        ("others.txt", &question, "yes"),
    ] {
        assert!(!answer(words, asked, said).status.success(), "{words} {asked} {said}");
    }
    let sent = answer("words.txt", &question, "yes");
    assert!(sent.status.success(), "{}", text(&sent.stderr));
    let learned = runtime.block_on(async {
        let clock = Arc::new(ManualClock::new(now));
        let desk = open(&site.path("data"), clock, 3).await;
        mailbox::about(&desk, &id, false).await.unwrap()
    });
    assert_eq!(learned[0].answer.as_deref(), Some("yes"));
    // A list that another key signed is refused.
    let wrong = "ab".repeat(32);
    let with = ["--hub", &site.base, "--hub-key", &wrong, "--key", &other];
    bad(folder, &[&["mailbox", "read", "--words", "words.txt"][..], &with].concat());
}
