//! Consent to pass a filing on is enforced by keys: without it no envelope exists, and nobody but the
//! reporter can say more than was said.

use noroshi_hub::access::Role;
use noroshi_hub::admin::AuthorityKind;
use noroshi_seal::{Envelope, Purpose, open};
use serde_json::{Value, json};

use crate::cases::{answer_all, at, power_company};
use crate::filings::{Ministry, authority, officer, sees_only, wish};
use crate::place::Place;
use crate::world::{SECOND, World};

crate::on_both_engines![
    without_consent_no_envelope_exists,
    consent_reaches_those_that_were_named_and_no_later_one,
    a_key_that_does_not_hold_gets_nothing,
];

async fn office(w: &World, name: &str, seed: u64, kind: AuthorityKind) -> Ministry {
    authority(w, name, (seed, 400), &[], kind).await
}

/// Every envelope there is, of filings and of copies.
async fn envelopes(w: &World) -> Vec<Vec<u8>> {
    let all = w.hub.vault().read("test.envelopes", |tx| {
        let mut all = tx.query("SELECT envelope FROM filing", &[], |r| r.opt_blob(0))?;
        all.extend(tx.query("SELECT envelope FROM filing_copy", &[], |r| r.opt_blob(0))?);
        Ok(all.into_iter().flatten().collect())
    });
    all.await.unwrap()
}

/// How many of them somebody's key opens.
async fn opens(w: &World, of: &Ministry) -> usize {
    let opened = |bytes: &Vec<u8>| {
        let envelope = Envelope::from_bytes(bytes).unwrap();
        open(of.key.opening_key(), Purpose::Filing, b"", &envelope).is_ok()
    };
    envelopes(w).await.iter().filter(|e| opened(e)).count()
}

async fn without_consent_no_envelope_exists(place: &Place) {
    let w = World::new(place).await;
    let law = authority(&w, "架空省", (1, 400), &["jp-acd"], AuthorityKind::Addressee).await;
    let office = office(&w, "架空統括室", 2, AuthorityKind::NationalOffice).await;
    let partner = authority(&w, "架空警察", (3, 400), &[], AuthorityKind::Partner).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let filings = at(&report, "filings");
    let made = member.actor.post_json(&filings, &wish("jp-acd", "first")).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(envelopes(&w).await.len(), 1);
    assert_eq!((opens(&w, &law).await, opens(&w, &office).await), (1, 0));
    assert_eq!((office.inbox(&w).await, partner.inbox(&w).await), (vec![], vec![]));
    // Nobody but the reporter's member can say it.
    let consent = format!("{filings}/1/consent");
    let word = json!({"pass_on": "national-office"});
    let other = w.member("Bashouan").await;
    for actor in [&other.actor, &law.person, &office.person, &w.desk().await] {
        actor.post_json(&consent, &word).await.refused(404, "not-found");
    }
    let operator = w.person(Role::Operator, None).await;
    operator.post_json(&consent, &word).await.refused(404, "not-found");
    assert_eq!(envelopes(&w).await.len(), 1);
    // Later, the reporter does.
    w.clock.advance(60 * SECOND);
    let said = member.actor.post_json(&consent, &word).await;
    assert_eq!(said.status, 200, "{}", said.text());
    assert_eq!(said.json()["passed_on"][0]["name"], "架空統括室");
    assert_eq!((opens(&w, &law).await, opens(&w, &office).await), (1, 1));
    assert_eq!(opens(&w, &partner).await, 0);
    let listed = office.inbox(&w).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["passed_on_by_consent"], true);
    assert_eq!(law.inbox(&w).await[0]["passed_on_by_consent"], false);
    assert_eq!(law.inbox(&w).await[0]["pass_on"], "national-office");
    assert_eq!(partner.inbox(&w).await, Vec::<Value>::new());
    // The same filing, as data and as a document, under an id of its own.
    let id = listed[0]["id"].as_str().unwrap();
    let opened = office.open(&w, id).await;
    let first = law.inbox(&w).await[0]["id"].as_str().unwrap().to_owned();
    let theirs = law.open(&w, &first).await;
    assert_eq!(opened["passed_on_by_consent"], true);
    assert_eq!(opened["filing"]["items"], theirs["filing"]["items"]);
    assert!(opened.to_string().contains("架空電力株式会社"));
    let pdf = opened["pdf"].as_str().unwrap();
    let pdf = data_encoding::BASE64.decode(pdf.as_bytes()).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && theirs["pdf"].is_string());
    assert!(id != first && id.starts_with("k-"));
    office
        .person
        .get(&format!("/api/v1/authority/filings/{first}"))
        .await
        .refused(404, "not-found");
    law.person.get(&format!("/api/v1/authority/filings/{id}")).await.refused(404, "not-found");
    // Limited use holds on this way too: over every route nothing but its own envelope.
    let secrets =
        [member.id.as_str(), &report, &first, "Denryoku", "架空電力", "配電監視", "kazaana"];
    sees_only(&office.person, &[id, report.as_str(), &first, "1"], &secrets).await;
    // It can say that it has it, and asks nothing of somebody who owes it nothing.
    let answer = format!("/api/v1/authority/filings/{id}");
    let person = officer(&w, &office.id).await;
    let ask = json!({"event": "ask-supplement", "note": "VPN?"});
    person.post_json(&answer, &ask).await.refused(409, "passed-on");
    let page = person.get("/authority?lang=ja").await.text();
    assert!(page.contains("同意により渡された") && !page.contains("value=\"ask\""), "{page}");
    let done = person.post_json(&answer, &json!({"event": "acknowledge"})).await;
    assert_eq!(done.json()["filings"][0]["state"], "acknowledged");
    let own = member.actor.get(&filings).await.json();
    assert_eq!(own["filings"][0]["state"], "filed", "the addressee did not acknowledge");
    assert!(own["filings"][0]["passed_on"][0]["acknowledged"].is_string(), "{own}");
    // More can be said, less cannot: what was sealed is out.
    for less in ["none", "national-office"] {
        let less = json!({"pass_on": less});
        member.actor.post_json(&consent, &less).await.refused(422, "bad-answer");
    }
    let more = json!({"pass_on": "partners"});
    assert_eq!(member.actor.post_json(&consent, &more).await.status, 200);
    assert_eq!((opens(&w, &partner).await, opens(&w, &office).await), (1, 1));
    // Who pressed at the same moment and said less takes nothing back.
    let filing = first.clone();
    let less = move |tx: &mut noroshi_store::Tx<'_>| {
        noroshi_hub::vault::filings::scope(tx, &filing, "national-office")
    };
    w.hub.vault().write("test.scope", less).await.unwrap();
    assert_eq!(law.inbox(&w).await.len(), 1);
    let own = member.actor.get(&filings).await.json();
    assert_eq!(own["filings"][0]["pass_on"], "partners", "{own}");
    // A page says no in the reader's language.
    let person = w.person(Role::Member, Some(&member.id)).await;
    let token = person.header("x-csrf-token").to_owned();
    let media = "application/x-www-form-urlencoded";
    let form = format!("_csrf={token}&what=jp-acd%2Fnone&pass_on=none&do=file");
    let no = person.post(&format!("/reports/{report}/filings?lang=ja"), media, form).await;
    assert!(no.text().contains("そのような段階はありません"), "{}", no.text());
    // Each word is in the trail, with who said it.
    let trail = w.hub.vault().read("test.trail", |tx| {
        let sql = "SELECT actor, subject FROM audit WHERE action = 'filing.consent'";
        tx.query(sql, &[], |r| Ok((r.text(0)?, r.text(1)?)))
    });
    let trail = trail.await.unwrap();
    assert_eq!(trail.len(), 2);
    assert!(trail.iter().all(|(actor, subject)| !actor.is_empty() && *subject == first));
}

async fn consent_reaches_those_that_were_named_and_no_later_one(place: &Place) {
    let w = World::new(place).await;
    let law = authority(&w, "架空省", (1, 400), &["jp-acd"], AuthorityKind::Addressee).await;
    let office = office(&w, "架空統括室", 2, AuthorityKind::NationalOffice).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let person = w.person(Role::Member, Some(&member.id)).await;
    let page = person.get(&format!("/reports/{report}?lang=en")).await.text();
    let hidden = format!("name=\"named\" value=\"{}\"", office.id);
    assert!(page.contains(&hidden) && page.contains("office: 架空統括室"), "{page}");
    // While the page is open the operator registers a partner: it was not shown, so it gets nothing.
    let late = authority(&w, "架空協力先", (4, 400), &[], AuthorityKind::Partner).await;
    let token = person.header("x-csrf-token").to_owned();
    let form =
        format!("_csrf={token}&what=jp-acd%2Ffirst&named={}&pass_on=partners&do=file", office.id);
    let media = "application/x-www-form-urlencoded";
    let sent = person.post(&format!("/reports/{report}/filings"), media, form).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!((opens(&w, &law).await, opens(&w, &office).await), (1, 1));
    assert_eq!(opens(&w, &late).await, 0);
    let page = person.get(&format!("/reports/{report}?lang=en")).await.text();
    assert!(page.contains("Passed on with your consent to 架空統括室"), "{page}");
    assert!(page.contains("Pass it on as well"), "it can still be said of the other one: {page}");
    // One that left meanwhile is not silently left out.
    noroshi_hub::admin::remove_authority(&w.hub, &office.id).await.unwrap();
    let form = format!(
        "_csrf={token}&what=jp-acd%2Ffirst&named={}&pass_on=national-office&do=file",
        office.id
    );
    let refused = person.post(&format!("/reports/{report}/filings?lang=ja"), media, form).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("登録のなくなった"), "{}", refused.text());
    // A draft is nobody's yet.
    let draft = json!({
        "obligation": "jp-acd", "stage": "first", "draft": true, "pass_on": "partners",
    });
    let draft = member.actor.post_json(&at(&report, "filings"), &draft).await.json();
    assert_eq!((&draft["state"], &draft["passed_on"]), (&json!("draft"), &json!([])));
    let consent = format!("{}/{}/consent", at(&report, "filings"), draft["number"]);
    let word = json!({"pass_on": "partners"});
    member.actor.post_json(&consent, &word).await.refused(422, "bad-answer");
    assert_eq!(opens(&w, &late).await, 0);
    // From the page, for the earlier filing.
    let form = format!("_csrf={token}&named={}&pass_on=partners", late.id);
    let said = person.post(&format!("/reports/{report}/filings/1/consent"), media, form).await;
    assert_eq!(said.status, 303, "{}", said.text());
    assert_eq!(opens(&w, &late).await, 1);
    let forged = format!("named={}&pass_on=partners", late.id);
    let forged = person.post(&format!("/reports/{report}/filings/1/consent"), media, forged).await;
    assert_eq!(forged.status, 403);
}

async fn a_key_that_does_not_hold_gets_nothing(place: &Place) {
    let w = World::new(place).await;
    authority(&w, "架空省", (1, 400), &["jp-acd"], AuthorityKind::Addressee).await;
    let office = authority(&w, "架空統括室", (2, 1), &[], AuthorityKind::NationalOffice).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    w.clock.advance(crate::world::DAY);
    let mut first = wish("jp-acd", "first");
    first["pass_on"] = json!("national-office");
    // The law's filing does not wait for somebody else's key.
    let made = member.actor.post_json(&at(&report, "filings"), &first).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!((&made.json()["state"], &made.json()["passed_on"]), (&json!("filed"), &json!([])));
    let consent = format!("{}/1/consent", at(&report, "filings"));
    let word = json!({"pass_on": "national-office"});
    member.actor.post_json(&consent, &word).await.refused(409, "recipient-key-expired");
    let statement = office.key.state("架空統括室", 20_780, 21_000).unwrap().to_json();
    let kind = AuthorityKind::NationalOffice;
    noroshi_hub::admin::add_authority(&w.hub, &statement, &[], kind).await.unwrap();
    assert_eq!(member.actor.post_json(&consent, &word).await.status, 200);
    assert_eq!(opens(&w, &office).await, 1);
}
