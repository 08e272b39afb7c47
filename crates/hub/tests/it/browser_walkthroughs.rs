//! Two cases from the first alarm to the last proof, in a browser: the contractor of 2011 that was
//! accused of silence, and ransomware at a power company in 2026.

use data_encoding::{BASE64, HEXLOWER};
use noroshi_hub::access::Role;
use noroshi_hub::admin::AuthorityKind::{self, Addressee, NationalOffice};
use noroshi_hub::admin::{self, NewAccount};
use noroshi_seal::{
    AuthorityKey, Challenge, Envelope, Purpose, ReportProof, ReporterKeys, SeededEntropy,
    VerifyingKey, Words, open,
};
use serde_json::{Value, json};

use crate::browser::converse;
use crate::cases::answers;
use crate::place::Place;
use crate::world::{DAY, World};

crate::on_both_engines![
    ransomware_at_a_power_company_in_a_browser,
    the_contractor_of_2011_proves_its_report_in_a_browser,
];

/// The day the world begins, since 1970.
const TODAY: i64 = 20_780;

/// A one-time link, without scheme and host.
async fn link(w: &World, account: &str) -> String {
    let link = admin::sign_in_link(&w.hub, account).await.unwrap();
    link[w.hub.config().public_url().len()..].to_owned()
}

async fn account(w: &World, member: &str) -> String {
    let (role, name) = (Role::Member, "当番".to_owned());
    let new = NewAccount { role, member: Some(member.to_owned()), name };
    admin::add_account(&w.hub, new).await.unwrap()
}

/// An authority that a law names, or that consent may name, and the account of one of its people.
async fn authority(
    w: &World,
    key: &AuthorityKey,
    name: &str,
    law: Option<&str>,
    kind: AuthorityKind,
) -> String {
    let statement = key.state(name, TODAY, TODAY + 400).unwrap().to_json();
    let laws: Vec<String> = law.map(str::to_owned).into_iter().collect();
    let id = admin::add_authority(&w.hub, &statement, &laws, kind).await.unwrap();
    admin::add_authority_account(&w.hub, &id, "C D").await.unwrap()
}

/// Moments as a form takes them: local, to the minute.
fn local(mut answers: serde_json::Map<String, Value>) -> Value {
    for value in answers.values_mut() {
        let Some(text) = value.as_str() else { continue };
        if text.len() == 25 && text.ends_with("+09:00") {
            *value = json!(text[..16]);
        }
    }
    Value::Object(answers)
}

async fn ransomware_at_a_power_company_in_a_browser(place: &Place) {
    let w = World::new(place).await;
    w.crowd(6).await;
    let company = w.member("Denryoku").await;
    let neighbour = w.member("Gasu").await;
    let ministry_key = AuthorityKey::generate(&SeededEntropy::new(1)).unwrap();
    let commission = AuthorityKey::generate(&SeededEntropy::new(2)).unwrap();
    let office = AuthorityKey::generate(&SeededEntropy::new(3)).unwrap();
    let people = [
        ("officer", account(&w, &company.id).await),
        ("neighbour", account(&w, &neighbour.id).await),
        ("ministry", authority(&w, &ministry_key, "架空省", Some("jp-acd"), Addressee).await),
        ("commission", authority(&w, &commission, "架空委員会", Some("jp-appi"), Addressee).await),
        ("office", authority(&w, &office, "架空統括室", None, NationalOffice).await),
    ];
    let mut links = json!({});
    for (who, account) in &people {
        links[*who] = json!(link(&w, account).await);
    }
    let finally = json!({
        "resolved_at": "2026-11-26T18:00",
        "closed_at": "2026-12-15T12:00",
        "pd_response": "本人に通知した。",
        "media": "11月27日に公表した。",
        "root_cause": [{"type": "資格情報の窃取", "note": "委託先の端末から"}],
        "prevention": ["VPNの多要素認証(12月末)"],
        "resolution": "端末を再構築し、復旧した。",
    });
    let told = json!({
        "links": links,
        "found": "ファイルが .kazaana に変わり、脅迫文があった。接続先 hxxp://kazaana-c2[.]net/ と 45.142.213.77",
        "answers": local(answers()),
        "final": finally,
    });
    converse(&w.app, "ransomware.py", told, async |wish| {
        if let Some(days) = wish["days"].as_i64() {
            w.later(days * DAY).await;
        } else if let Some(who) = wish["link"].as_str() {
            let (_, account) = people.iter().find(|(name, _)| *name == who).unwrap();
            return json!(link(&w, account).await);
        } else if let Some(id) = wish["open"].as_str() {
            let id = id.to_owned();
            let sealed = w.hub.vault().read("test.envelope", move |tx| {
                tx.query_one(
                    "SELECT envelope FROM filing WHERE id = $1",
                    &[id.as_str().into()],
                    |r| r.blob(0),
                )
            });
            let envelope = Envelope::from_bytes(&sealed.await.unwrap().unwrap()).unwrap();
            let key = ministry_key.opening_key();
            let payload = open(key, Purpose::Filing, b"", &envelope).unwrap();
            let filing: Value = serde_json::from_slice(&payload).unwrap();
            return json!({"text": filing.to_string(), "pass_on": filing["pass_on"]});
        } else {
            w.tick().await;
        }
        Value::Null
    })
    .await;
}

async fn the_contractor_of_2011_proves_its_report_in_a_browser(place: &Place) {
    let w = World::new(place).await;
    w.crowd(6).await;
    let contractor = w.member("Juukou").await;
    let account = account(&w, &contractor.id).await;
    let mail = "From: haikei@kaizen-bukken-mail.com\nSubject: 打合せ資料\n\nhxxp://update-shiryo-box[.]net/dl/setsumei.php";
    let told = json!({ "links": { "contractor": link(&w, &account).await }, "mail": mail });
    let hub = w.hub.signing_key().verifying_key();
    converse(&w.app, "accused.py", told, async |wish| {
        if let Some(days) = wish["days"].as_i64() {
            w.later(days * DAY).await;
        } else if wish["link"].is_string() {
            return json!(link(&w, &account).await);
        } else if wish["prove"].is_object() {
            return verdict(&hub, &wish["prove"]);
        }
        Value::Null
    })
    .await;
}

/// What the contractor's client finds out with the files, the words and the hub's key alone.
fn verdict(hub: &VerifyingKey, told: &Value) -> Value {
    let text = |name: &str| told[name].as_str().unwrap();
    let proof = ReportProof::parse(text("proof")).unwrap();
    let content = BASE64.decode(text("content").as_bytes()).unwrap();
    let challenge = Challenge::generate(&SeededEntropy::new(3));
    let answers = |words: Words| {
        let keys = ReporterKeys::derive(&words).unwrap();
        challenge
            .answer(&proof.receipt, &keys)
            .is_ok_and(|answer| challenge.verify(&proof.receipt, &answer).is_ok())
    };
    json!({
        "content": proof.verify_content(hub, &content).is_ok(),
        "other_content": proof.verify_content(hub, b"something else").is_ok(),
        "words": answers(Words::parse(text("words")).unwrap()),
        "other_words": answers(Words::generate(&SeededEntropy::new(8))),
        "day": proof.head.head.day,
        "root": HEXLOWER.encode(&proof.head.head.root),
    })
}
