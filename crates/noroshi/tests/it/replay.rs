//! The harness on what a hub published: exact checks, beliefs without the truth, rates with it.

use std::collections::BTreeMap;
use std::fs;

use noroshi_outlet::SignedDocument;
use serde_json::{Value, json};

use crate::published::{Hub, Served, day};
use crate::site::{run, text};

fn redteam(served: &Served, hub: &Hub, args: &[&str]) -> (i32, String) {
    let key = hub.key_text();
    let output = run(served.folder.path(), &[&["redteam", "--hub-key", &key], args].concat());
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}

/// Exit code and the last line.
fn figures(served: &Served, hub: &Hub, args: &[&str]) -> (i32, Value) {
    let (code, said) = redteam(served, hub, &[args, &["--json"]].concat());
    let line = said.lines().last().unwrap_or_default();
    (code, serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {said}")))
}

fn direct(hub: &Hub, name: &str, number: u32) -> SignedDocument {
    let line = json!({"day": "2026-11-24", "ground": "consent", "number": number, "recipients": 7});
    SignedDocument::sign(format!("direct/{name}"), true, line.to_string(), &hub.key)
}

#[test]
fn a_history_is_replayed_from_a_hub_and_from_a_folder() {
    let hub = Hub::with_history();
    let mut documents = hub.documents();
    documents.extend([direct(&hub, "1", 1), direct(&hub, "2", 2), direct(&hub, "latest", 2)]);
    let served = hub.serve_with(documents, false);
    let online = ["--hub", &served.base, "--key", &served.key, "--html", "board.html"];
    let (code, line) = figures(&served, &hub, &online);
    assert_eq!(code, 0, "{line}");
    assert_eq!(
        (&line["records"], &line["releases"], &line["cases"]),
        (&2.into(), &6.into(), &5.into())
    );
    assert_eq!(line["recomputed"], json!({"everything": 5, "label_only": 1}));
    assert_eq!(line["outside_guarantee"], json!({"releases": 2, "recipients": 14}));
    assert_eq!((&line["refused"], &line["limits_exceeded"]), (&json!([]), &json!([])));
    assert!(line["worst_cell_share"].as_f64().unwrap() <= 1.0 / 3.0 + 1e-4, "{line}");
    let stated = hub.certificates.iter().map(|c| c.worst_posterior_after_coalition.to_f64());
    let stated = stated.fold(0.0, f64::max);
    let adversary = |name: &str| &line["adversaries"][name];
    let worst = adversary("A-coal")["worst_posterior"].as_f64().unwrap();
    assert!((worst - stated).abs() < 1e-4, "{worst} measured, {stated} certified");
    assert!(adversary("A-prior")["worst_posterior"].as_f64().unwrap() < worst);
    for name in ["A-prior", "A-link", "A-join", "A-coal", "A-hit"] {
        assert!(adversary(name)["top1"].is_null() && adversary(name)["unique"] == 0.0, "{line}");
    }
    let page = fs::read_to_string(served.path("board.html")).unwrap();
    assert!(page.contains("<main id=\"en\"") && page.contains("<main id=\"ja\""));
    assert!(!page.contains("redteam-") && !page.contains("verify-") && !page.contains("<script"));
    // The same from what was saved.
    let fetched = run(
        served.folder.path(),
        &[
            "verify",
            "fetch",
            "--to",
            "published",
            "--hub",
            &served.base,
            "--key",
            &served.key,
            "--hub-key",
            &hub.key_text(),
        ],
    );
    assert!(fetched.status.success(), "{}", text(&fetched.stderr));
    assert_eq!(figures(&served, &hub, &["--history", "published"]), (0, line));
    let (_, said) = redteam(&served, &hub, &["--history", "published", "--lang", "ja"]);
    assert!(said.contains("公開履歴") && said.contains("直接の警告2件"), "{said}");
}

#[test]
fn with_the_truth_rates_are_measured() {
    let hub = Hub::with_history();
    let served = hub.serve();
    let truth: BTreeMap<_, _> = hub.truth.iter().cloned().collect();
    fs::write(served.path("truth.json"), serde_json::to_string(&truth).unwrap()).unwrap();
    let args = ["--hub", &served.base, "--truth", "truth.json"];
    let (code, line) = figures(&served, &hub, &args);
    assert_eq!(code, 0, "{line}");
    assert_eq!(line["truth"], json!({"cases": 5, "elsewhere": 0}));
    assert_eq!(
        (&line["adversaries"]["A-link"]["targets"], &line["adversaries"]["A-join"]["targets"]),
        (&6.into(), &5.into())
    );
    // Whoever reads nothing draws one of the heaviest: of 13 in the first week, where two victims
    // are among them, of the 6 that are left in the second, where one is.
    let prior = line["adversaries"]["A-prior"]["top1"].as_f64().unwrap();
    assert!((prior - (2.0 / 13.0 + 1.0 / 6.0) / 5.0).abs() < 1e-4, "{prior}");
    for name in ["A-prior", "A-link", "A-join", "A-coal"] {
        let top1 = line["adversaries"][name]["top1"].as_f64().unwrap();
        let interval = &line["adversaries"][name]["interval"];
        let [low, high] = [0, 1].map(|i| interval[i].as_f64().unwrap());
        assert!(0.0 <= low && low <= top1 && top1 <= high && high <= 1.0, "{line}");
    }
    // A wrong truth is noticed; one of another history is refused.
    let mut wrong = truth.clone();
    for victim in wrong.values_mut() {
        "nobody".clone_into(victim);
    }
    fs::write(served.path("truth.json"), serde_json::to_string(&wrong).unwrap()).unwrap();
    let (_, line) = figures(&served, &hub, &args);
    assert_eq!(
        (&line["truth"]["elsewhere"], &line["adversaries"]["A-join"]["top1"]),
        (&6.into(), &0.0.into())
    );
    // None right of five: Wilson's upper end is z^2 / (n + z^2).
    let none = &line["adversaries"]["A-join"]["interval"];
    assert_eq!(none[0], 0.0);
    assert!((none[1].as_f64().unwrap() - 3.8416 / 8.8416).abs() < 1e-4, "{none}");
    fs::write(served.path("truth.json"), r#"{"report--x":"a"}"#).unwrap();
    let (code, said) = redteam(&served, &hub, &args);
    assert!(code == 1 && said.contains("report--x"), "{said}");
}

#[test]
fn what_does_not_hold_is_found() {
    let found = |hub: &Hub, documents: Vec<SignedDocument>| {
        let served = hub.serve_with(documents, true);
        let (code, line) = figures(&served, hub, &["--hub", &served.base]);
        assert_eq!(code, 3, "{line}");
        let reasons = line["refused"].as_array().unwrap().iter();
        reasons.map(|r| r["reason"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let hub = Hub::with_history();
    let first = format!("certificates/{}", hub.certificates[0].release_id);
    let without = |name: &str| hub.documents().into_iter().filter(|d| d.name != name).collect();
    assert_eq!(found(&hub, without(&first)), ["uncertified"]);
    assert_eq!(found(&hub, without("records/1")), ["missing"]);
    let mut lying = Hub::with_history();
    lying.certificates[0].candidates += 1;
    assert_eq!(found(&lying, lying.documents()), ["differs"]);
    let mut moved = Hub::with_history();
    moved.records[0].at = day(-1);
    assert_eq!(found(&moved, moved.documents()), ["chain"]);
    let mut elsewhere = Hub::with_history();
    elsewhere.certificates[0].record = 2;
    let mut reasons = found(&elsewhere, elsewhere.documents());
    reasons.sort();
    assert_eq!(reasons, ["uncertified", "unrecorded"]);
    let mut gap = hub.documents();
    gap.extend([direct(&hub, "2", 2), direct(&hub, "latest", 3)]);
    assert_eq!(found(&hub, gap), ["missing", "other"]);
}

#[test]
fn a_history_that_tells_too_much_exceeds_the_limits() {
    let hub = Hub::forgetful();
    let served = hub.serve();
    let (code, line) = figures(&served, &hub, &["--hub", &served.base]);
    assert_eq!(code, 3, "{line}");
    // One certificate calls itself the first on its case and is not; read together, they leave too few.
    assert_eq!(line["recomputed"], json!({"everything": 3, "label_only": 0}), "{line}");
    let refused = line["refused"].as_array().unwrap();
    for reason in ["differs", "too-few"] {
        assert!(refused.iter().any(|r| r["reason"] == reason), "{reason}: {line}");
    }
    let limits = line["limits_exceeded"].as_array().unwrap();
    assert!(limits.iter().any(|l| l["limit"] == "bound" && l["adversary"] == "A-coal"), "{line}");
}

#[test]
fn usage_is_checked() {
    let hub = Hub::with_history();
    let served = hub.serve();
    for wrong in [
        &["--history", "published", "-k", "3"][..],
        &["--history", "published", "--hub", "http://127.0.0.1:1"],
        &["--truth", "truth.json"],
    ] {
        assert_eq!(redteam(&served, &hub, wrong).0, 2, "{wrong:?}");
    }
    assert_eq!(
        run(served.folder.path(), &["redteam", "--history", "published"]).status.code(),
        Some(2)
    );
    assert_eq!(redteam(&served, &hub, &["--history", "nowhere"]).0, 1);
}
