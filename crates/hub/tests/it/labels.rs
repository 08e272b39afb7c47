//! Labels, from the register to a certificate that a stranger recomputes from what is served.

use std::collections::BTreeMap;

use noroshi_anonymity::Register;
use noroshi_anonymity::policy::{
    Checked, PublicDocuments, Record, SignedCertificate, SignedRecord,
};
use noroshi_hub::admin::NewMember;
use noroshi_hub::context;
use serde_json::{Value, json};

use crate::place::Place;
use crate::world::{Actor, CONTEXTS, Member, SECOND, World};

const HOUR: i64 = 3_600 * SECOND;

crate::on_both_engines![
    the_case_of_2011_is_certified_and_recomputed,
    a_case_in_the_news_holds_its_cell,
    what_the_reporter_is_shown_is_what_goes_out,
    a_correction_is_a_new_version_and_a_withdrawal_rides_the_batch,
];

/// The members of the worked example, each under the id it has in the demo's register.
pub(crate) struct Cast {
    pub(crate) w: World,
    pub(crate) members: BTreeMap<String, Member>,
    pub(crate) desk: Actor,
}

impl Cast {
    pub(crate) async fn new(place: &Place) -> Self {
        let w = World::with(place, |c| {
            let order = ["heavy", "auto", "electronics", "energy", "transport"];
            c.anonymity.merge_order = order.map(str::to_owned).into();
        })
        .await;
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reference/demo-register.toml");
        let register = Register::from_toml(&std::fs::read_to_string(file).unwrap()).unwrap();
        let mut members = BTreeMap::new();
        for m in register.members() {
            let new = NewMember {
                name_ja: m.names[0].clone(),
                name_en: m.names.last().unwrap().clone(),
                label_path: m.label_path.clone(),
                weight: m.weight,
                ..NewMember::default()
            };
            members.insert(m.id.expose().to_owned(), w.member_with(new).await);
        }
        let desk = w.desk().await;
        w.tick().await;
        Self { w, members, desk }
    }

    pub(crate) fn of(&self, id: &str) -> &Actor {
        &self.members[id].actor
    }

    /// A report by this member whose context waits for the batch, approved by both.
    pub(crate) async fn approved(&self, id: &str) -> String {
        let report = self.filed(id, json!({"attack_type": "targeted-mail"})).await;
        self.decide(&self.w.desk().await, "desk/", &report).await;
        self.decide(self.of(id), "", &report).await;
        report
    }

    pub(crate) async fn filed(&self, id: &str, fields: Value) -> String {
        self.of(id).report(fields).await.accepted()
    }

    pub(crate) async fn decide(&self, actor: &Actor, lane: &str, report: &str) {
        let path = format!("/api/v1/{lane}reports/{report}/context");
        let answer = actor.post_json(&path, &json!({"decision": "approve"})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub(crate) async fn batch(&self) -> usize {
        self.w.clock.advance(HOUR);
        context::release_approved(&self.w.hub).await.unwrap()
    }

    /// How the report stands, as its reporter sees it.
    pub(crate) async fn seen(&self, id: &str, report: &str) -> Value {
        self.of(id).get(&format!("/api/v1/reports/{report}")).await.json()
    }

    /// The certificate of a released report, checked as a stranger would: from served bytes and
    /// the hub's public key alone.
    pub(crate) async fn checked(&self, view: &Value) -> (SignedCertificate, Checked) {
        let reader = self.of("ihi");
        let path = view["release"]["certificate"].as_str().unwrap();
        let answer = reader.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let signed = SignedCertificate::from_bytes(&answer.body).unwrap();
        let key = self.w.hub.signing_key().verifying_key();
        let certificate = signed.verify(&key).unwrap().clone();
        let record = self.record(certificate.record).await;
        let mut documents = PublicDocuments::new();
        let missing = documents.missing(&record);
        for hash in &missing.registers {
            let answer = reader.get(&format!("/anonymity/registers/{hash}")).await;
            assert_eq!(documents.add_register(&answer.body).unwrap(), *hash);
        }
        for hash in &missing.parameters {
            let answer = reader.get(&format!("/anonymity/parameters/{hash}")).await;
            assert_eq!(documents.add_parameters(&answer.body).unwrap(), *hash);
        }
        let checked = documents.check(&certificate, &record).unwrap();
        (signed, checked)
    }

    pub(crate) async fn record(&self, number: u32) -> Record {
        let answer = self.of("ihi").get(&format!("/anonymity/records/{number}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let signed = SignedRecord::from_bytes(&answer.body).unwrap();
        signed.verify(&self.w.hub.signing_key().verifying_key()).unwrap().clone()
    }

    /// English titles of the context lane's reports, newest versions only.
    pub(crate) async fn titles(&self) -> Vec<String> {
        let answer = self.of("ihi").get(&format!("{CONTEXTS}?match[type]=report")).await;
        let objects = answer.json()["objects"].as_array().cloned().unwrap_or_default();
        objects.iter().map(|o| o["name"].as_str().unwrap().to_owned()).collect()
    }
}

async fn the_case_of_2011_is_certified_and_recomputed(place: &Place) {
    let cast = Cast::new(place).await;
    let mut reports = Vec::new();
    for id in ["mitsubishi-heavy", "ihi", "kawasaki-heavy"] {
        reports.push((id, cast.approved(id).await));
    }
    assert_eq!(cast.batch().await, 3);
    for (id, report) in &reports {
        let view = cast.seen(id, report).await;
        let (signed, checked) = cast.checked(&view).await;
        assert_eq!(checked, Checked::Everything);
        let certificate = signed.verify(&cast.w.hub.signing_key().verifying_key()).unwrap();
        // ANONYMITY 5.6: eleven candidates, the best guess after one colluder 4/28.
        assert_eq!(certificate.candidates, 11);
        assert_eq!(certificate.worst_posterior_after_coalition.to_string(), "1/7");
        assert_eq!(certificate.mismatches, 0);
    }
    // A fourth would be more than a third of eleven: the cell is closed for everybody in it.
    let fourth = cast.approved("hitachi").await;
    assert_eq!(cast.batch().await, 1);
    let view = cast.seen("hitachi", &fourth).await;
    let (signed, checked) = cast.checked(&view).await;
    let certificate = signed.verify(&cast.w.hub.signing_key().verifying_key()).unwrap();
    assert_eq!((checked, certificate.candidates), (Checked::Everything, 19));
    assert_eq!(certificate.label.en, "manufacturing");
    // Whom they are about is told to the operator alone, by the ids of the published register.
    let truth = noroshi_hub::admin::release_truth(&cast.w.hub).await.unwrap();
    let of_hitachi = cast.w.hub.policy().standing.public_id(&cast.members["hitachi"].id);
    assert_eq!(truth.len(), 4);
    assert!(truth.contains(&(certificate.release_id.clone(), of_hitachi.expose().to_owned())));
    // The records are a chain.
    let (first, second) = (cast.record(1).await, cast.record(2).await);
    assert_eq!(second.previous, first.hash_text());
    assert_eq!((first.releases.len(), second.earlier.len()), (3, 3));
    let titles = cast.titles().await;
    assert_eq!(titles.len(), 4);
    let heavy = titles.iter().filter(|t| t.contains("heavy")).count();
    assert_eq!(heavy, 3, "{titles:?}");
    // Who reported is in none of it.
    let bytes = cast.of("nec").get("/anonymity/records/2").await.text();
    for member in cast.members.values() {
        assert!(!bytes.contains(&member.id));
    }
}

async fn a_case_in_the_news_holds_its_cell(place: &Place) {
    let cast = Cast::new(place).await;
    let named = cast.members["mitsubishi-heavy"].id.clone();
    let flag = json!({
        "member": named, "since": cast.w.hub.now().to_string(), "basis": "Yomiuri, 19 September",
    });
    cast.of("ihi").post_json("/api/v1/desk/flags", &flag).await.refused(404, "not-found");
    let entered = cast.desk.post_json("/api/v1/desk/flags", &flag).await;
    assert_eq!(entered.status, 201, "{}", entered.text());
    let id = entered.json()["flags"][0]["id"].as_str().unwrap().to_owned();
    cast.desk.post_json("/api/v1/desk/flags", &flag).await.refused(409, "conflict");
    let mut bad = flag.clone();
    bad["basis"] = " ".into();
    cast.desk.post_json("/api/v1/desk/flags", &bad).await.refused(400, "no-basis");
    bad = flag.clone();
    bad["since"] = cast.w.hub.now().plus_days(1).to_string().into();
    cast.desk.post_json("/api/v1/desk/flags", &bad).await.refused(400, "not-yet-public");
    bad = flag.clone();
    bad["member"] = "m-nobody".into();
    cast.desk.post_json("/api/v1/desk/flags", &bad).await.refused(404, "not-found");
    // Another firm of the same cell is held and told why; one of another cell goes out.
    let (held, other) = (cast.approved("ihi").await, cast.approved("nec").await);
    let view = cast.seen("ihi", &held).await;
    assert_eq!(view["prospect"]["outcome"], "held");
    assert_eq!(view["prospect"]["reason"]["code"], "quarantine");
    assert_eq!(cast.batch().await, 1);
    let view = cast.seen("nec", &other).await;
    let (signed, checked) = cast.checked(&view).await;
    assert_eq!(checked, Checked::Everything);
    let text = String::from_utf8(signed.to_bytes()).unwrap();
    assert!(text.contains("\"en\":\"electronics\""), "{text}");
    assert_eq!(cast.record(1).await.flags.len(), 1);
    assert_eq!(cast.seen("ihi", &held).await["context"], "approved");
    // Taken back, the next batch looks again. The reporter agreed before there was a label, so it
    // is shown this one first.
    let path = format!("/api/v1/desk/flags/{id}/withdraw");
    assert_eq!(cast.desk.post_json(&path, &json!({})).await.status, 200);
    cast.desk.post_json(&path, &json!({})).await.refused(404, "not-found");
    assert_eq!(cast.batch().await, 0);
    assert_eq!(cast.seen("ihi", &held).await["context"], "desk-approved");
    cast.decide(cast.of("ihi"), "", &held).await;
    assert_eq!(cast.batch().await, 1);
}

async fn what_the_reporter_is_shown_is_what_goes_out(place: &Place) {
    let cast = Cast::new(place).await;
    let fields = json!({"schema": "noroshi-report/1", "attack_type": "targeted-mail"});
    let shown = cast.of("kawasaki-heavy").post_json("/api/v1/preview", &fields).await.json();
    let context = &shown["context"];
    assert_eq!(context["outcome"], "published", "{shown}");
    assert_eq!((&context["candidates"], &context["own_share"]), (&json!(11), &json!("1/16")));
    assert_eq!(context["best_guess"], "1/8");
    assert_eq!(context["worst_posterior_after_coalition"], "1/7");
    // Nothing of it is kept: the preview is a question.
    let report = cast.approved("kawasaki-heavy").await;
    let view = cast.seen("kawasaki-heavy", &report).await;
    assert_eq!(view["prospect"]["en"], context["en"]);
    assert_eq!(cast.batch().await, 1);
    let objects = cast.of("ihi").objects(CONTEXTS).await;
    let released = objects.iter().find(|o| o["type"] == "report").unwrap();
    assert_eq!(json!([released["name"], released["description"]]), context["en"]);
    let ja = objects.iter().find(|o| o["type"] == "language-content").unwrap();
    let ja = &ja["contents"]["ja"];
    assert_eq!(json!([ja["name"], ja["description"]]), context["ja"]);
    assert!(released["name"].as_str().unwrap().starts_with("A member ("));
    // After the decision there is nothing to look forward to.
    let view = cast.seen("kawasaki-heavy", &report).await;
    assert!(view.get("prospect").is_none());
    assert_eq!(view["release"]["state"], "out");
    // Without anything in the closed vocabulary no context is promised.
    let plain = cast.of("nec").post("/api/v1/preview", "text/plain", "45.77.1.1").await.json();
    assert!(plain.get("context").is_none(), "{plain}");
}

async fn a_correction_is_a_new_version_and_a_withdrawal_rides_the_batch(place: &Place) {
    let cast = Cast::new(place).await;
    let first = cast.approved("ihi").await;
    assert_eq!(cast.batch().await, 1);
    // The same attack again: nobody else can continue it.
    let path = format!("/api/v1/reports?continues={first}");
    let body = json!({"schema": "noroshi-report/1", "attack_type": "ransomware"});
    cast.of("nec").post_json(&path, &body).await.refused(400, "no-such-report");
    let second = cast.of("ihi").post_json(&path, &body).await.accepted();
    cast.decide(&cast.w.desk().await, "desk/", &second).await;
    cast.decide(cast.of("ihi"), "", &second).await;
    assert_eq!(cast.batch().await, 1);
    let (old, new) = (cast.seen("ihi", &first).await, cast.seen("ihi", &second).await);
    assert_eq!(new["release"]["release_id"], old["release"]["release_id"]);
    assert_eq!(new["continues"], first.as_str());
    let reports: Vec<Value> = cast
        .of("nec")
        .objects(CONTEXTS)
        .await
        .into_iter()
        .filter(|o| o["type"] == "report")
        .collect();
    assert_eq!(reports.len(), 2, "two versions");
    assert_eq!(reports[0]["id"], reports[1]["id"]);
    assert_ne!(reports[0]["modified"], reports[1]["modified"]);
    // The second certificate says that more was said about this case before.
    let (signed, checked) = cast.checked(&new).await;
    assert_eq!(checked, Checked::LabelOnly);
    let text = String::from_utf8(signed.to_bytes()).unwrap();
    assert!(text.contains("\"ledger\":\"later\""), "{text}");
    // One case is one victim, however often it is corrected: two more of the cell still fit.
    for id in ["mitsubishi-heavy", "kawasaki-heavy"] {
        cast.approved(id).await;
    }
    assert_eq!(cast.batch().await, 2);
    let heavy = cast.titles().await.iter().filter(|t| t.contains("heavy")).count();
    assert_eq!(heavy, 3, "{:?}", cast.titles().await);
    // Taken back: not at once, but with the batch.
    let revoke = format!("/api/v1/desk/reports/{second}/context/revoke");
    cast.of("ihi").post_json(&revoke, &json!({})).await.refused(404, "not-found");
    // Sessions end sooner than batches.
    let desk = cast.w.desk().await;
    assert_eq!(desk.post_json(&revoke, &json!({})).await.status, 202);
    desk.post_json(&revoke, &json!({})).await.refused(409, "conflict");
    cast.w.tick().await;
    assert!(cast.titles().await.iter().any(|t| t.contains("ransomware")));
    cast.batch().await;
    let gone = cast.of("nec").objects(CONTEXTS).await;
    let revoked = |o: &&Value| o["type"] == "report" && o["revoked"] == true;
    assert_eq!(gone.iter().filter(revoked).count(), 1);
    assert_eq!(cast.seen("ihi", &second).await["release"]["state"], "revoked");
    // What was taken back does not come back with a third report of the case.
    let third = cast.of("ihi").post_json(&path, &body).await.accepted();
    cast.decide(&cast.w.desk().await, "desk/", &third).await;
    cast.decide(cast.of("ihi"), "", &third).await;
    assert_eq!(cast.batch().await, 0);
    assert_eq!(cast.seen("ihi", &third).await["context"], "declined");
}
