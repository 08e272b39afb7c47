//! Filings and the desk of an authority: sealed, limited in use, and nothing lost.

use axum::http::{Method, StatusCode};
use noroshi_hub::access::use_link;
use noroshi_hub::admin::AuthorityKind;
use noroshi_hub::{admin, app};
use noroshi_seal::{AuthorityKey, Envelope, Purpose, SeededEntropy, Token, open};
use serde_json::{Value, json};

use crate::cases::{answer_all, answers, at, power_company};
use crate::place::Place;
use crate::world::{Actor, DAY, SECOND, World};

crate::on_both_engines![
    ransomware_from_the_first_alarm_to_the_final_report,
    without_a_key_the_document_is_the_members_own,
    what_is_missing_or_odd_is_not_filed,
    an_expired_key_refuses_and_loses_nothing,
    an_authority_sees_what_is_sealed_to_it_and_nothing_else,
];

/// The day the world begins, since 1970.
const TODAY: i64 = 20_780;

/// An authority with a key, and one of its people.
pub(crate) struct Ministry {
    pub(crate) id: String,
    pub(crate) key: AuthorityKey,
    pub(crate) person: Actor,
}

async fn ministry(w: &World, name: &str, seed: u64, days: i64, obligations: &[&str]) -> Ministry {
    authority(w, name, (seed, days), obligations, AuthorityKind::Addressee).await
}

pub(crate) async fn authority(
    w: &World,
    name: &str,
    (seed, days): (u64, i64),
    obligations: &[&str],
    kind: AuthorityKind,
) -> Ministry {
    let key = AuthorityKey::generate(&SeededEntropy::new(seed)).unwrap();
    let statement = key.state(name, TODAY, TODAY + days - 1).unwrap().to_json();
    let obligations: Vec<String> = obligations.iter().map(|o| (*o).to_owned()).collect();
    let id = admin::add_authority(&w.hub, &statement, &obligations, kind).await.unwrap();
    let person = officer(w, &id).await;
    Ministry { id, key, person }
}

pub(crate) async fn officer(w: &World, authority: &str) -> Actor {
    let account = admin::add_authority_account(&w.hub, authority, "C D").await.unwrap();
    let link = admin::sign_in_link(&w.hub, &account).await.unwrap();
    let token = Token::parse(link.rsplit('/').next().unwrap()).unwrap();
    let session = use_link(&w.hub, &token).await.unwrap().unwrap();
    w.actor(vec![
        ("cookie", format!("noroshi={}", session.token.expose().as_str())),
        ("x-csrf-token", session.csrf),
    ])
}

impl Ministry {
    /// Signs in anew: sessions end sooner than cases.
    pub(crate) async fn inbox(&self, w: &World) -> Vec<Value> {
        let answer = officer(w, &self.id).await.get("/api/v1/authority/filings").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["filings"].as_array().unwrap().clone()
    }

    /// Fetches and opens an envelope, as `noroshi authority open` does.
    pub(crate) async fn open(&self, w: &World, id: &str) -> Value {
        let sealed =
            officer(w, &self.id).await.get(&format!("/api/v1/authority/filings/{id}")).await;
        assert_eq!(sealed.status, 200, "{}", sealed.text());
        let envelope = Envelope::from_bytes(&sealed.body).unwrap();
        let payload = open(self.key.opening_key(), Purpose::Filing, b"", &envelope).unwrap();
        serde_json::from_slice(&payload).unwrap()
    }
}

pub(crate) fn wish(obligation: &str, stage: &str) -> Value {
    json!({"obligation": obligation, "stage": stage})
}

async fn ransomware_from_the_first_alarm_to_the_final_report(place: &Place) {
    let w = World::new(place).await;
    let law = ministry(&w, "架空省", 1, 400, &["jp-acd"]).await;
    let privacy = ministry(&w, "架空委員会", 2, 400, &["jp-appi"]).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let filings = at(&report, "filings");
    let file = async |body: Value| {
        w.clock.advance(60 * SECOND);
        let made = member.actor.post_json(&filings, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.json()
    };
    // The first hours: promptly, to the ministry, with consent for the national office.
    let mut first = wish("jp-acd", "first");
    first["pass_on"] = json!("national-office");
    let first = file(first).await;
    assert_eq!((&first["state"], &first["delivery"]), (&json!("filed"), &json!("sealed")));
    assert_eq!(first["filing"]["language"], "ja");
    // Day five is the last for the commission.
    w.clock.advance(2 * DAY);
    file(wish("jp-appi", "first")).await;
    // The ministry opens its own, and asks.
    let listed = law.inbox(&w).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["pass_on"], "national-office");
    let id = listed[0]["id"].as_str().unwrap().to_owned();
    let opened = law.open(&w, &id).await;
    assert_eq!(opened["id"], json!(id));
    assert_eq!(opened["pass_on"], "national-office");
    assert_eq!(opened["filing"]["obligation"], "jp-acd");
    assert!(opened.to_string().contains("架空電力株式会社"));
    let answer = format!("/api/v1/authority/filings/{id}");
    let law_now = officer(&w, &law.id).await;
    assert_eq!(law_now.post_json(&answer, &json!({"event": "acknowledge"})).await.status, 200);
    let ask = json!({"event": "ask-supplement", "note": "VPN機器の機種を知らせてください。"});
    assert_eq!(
        law_now.post_json(&answer, &ask).await.json()["filings"][0]["state"],
        "supplement-asked"
    );
    let own = member.actor.get(&filings).await.json();
    assert_eq!(own["filings"][0]["state"], "supplement-asked");
    assert_eq!(own["filings"][0]["events"][1]["note"], "VPN機器の機種を知らせてください。");
    // The supplement is the second version of the stage.
    assert_eq!(file(wish("jp-acd", "first")).await["version"], 2);
    // A month later everything is known.
    w.clock.advance(25 * DAY);
    let known = json!({"answers": {
        "resolved_at": "2026-11-26T18:00:00+09:00",
        "closed_at": "2026-12-15T12:00:00+09:00",
        "pd_response": "本人に通知した。",
        "media": "11月27日に公表した。",
        "root_cause": [{"type": "資格情報の窃取", "note": "委託先の端末から"}],
        "prevention": ["VPNの多要素認証(12月末)"],
        "resolution": "端末を再構築し、復旧した。",
    }});
    let put = member.actor.put_json(&at(&report, "answers"), &known).await;
    assert_eq!(put.status, 200, "{}", put.text());
    let detailed = file(wish("jp-acd", "detailed")).await;
    assert_eq!(detailed["filing"]["late"], false, "{detailed}");
    file(wish("jp-appi", "final-malicious")).await;
    let duties = member.actor.get(&at(&report, "duties")).await.json();
    assert_eq!((&duties["duties"], &duties["problems"]), (&json!([]), &json!([])), "{duties}");
    // The first one can be made again as it was, also as a document; the hub holds only ciphertext.
    let again = member.actor.get(&format!("{filings}/1")).await.json();
    let (mut was, mut is) = (opened["filing"].clone(), again["filing"].clone());
    assert_eq!(was["items"].as_array().unwrap().len(), is["items"].as_array().unwrap().len());
    for filing in [&mut was, &mut is] {
        filing["sources"] = json!([]);
    }
    assert_eq!(was, is);
    let pdf = member.actor.get(&format!("{filings}/1.pdf")).await;
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    assert!(pdf.body.starts_with(b"%PDF-"));
    let stored = w.hub.vault().read("test.bodies", |tx| {
        tx.query("SELECT body, envelope FROM filing", &[], |r| Ok((r.opt_text(0)?, r.blob(1)?)))
    });
    let stored = stored.await.unwrap();
    assert_eq!(stored.len(), 5);
    for (body, envelope) in stored {
        assert!(body.is_none());
        assert!(!String::from_utf8_lossy(&envelope).contains("架空電力"));
    }
    assert_eq!(law.inbox(&w).await.len(), 3);
    assert_eq!(privacy.inbox(&w).await.len(), 2);
}

async fn without_a_key_the_document_is_the_members_own(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let filings = at(&report, "filings");
    let made = member.actor.post_json(&filings, &wish("jp-appi", "first")).await.json();
    // Making a document is not sending it: the clock still runs.
    assert_eq!((&made["state"], &made["delivery"]), (&json!("draft"), &json!("own")));
    let open = async || {
        let duties = member.actor.get(&at(&report, "duties")).await.json();
        duties["duties"]
            .as_array()
            .unwrap()
            .iter()
            .any(|d| d["obligation"] == "jp-appi" && d["stage"] == "first")
    };
    assert!(open().await);
    let mut sent = wish("jp-appi", "first");
    sent["sent"] = json!(true);
    sent["lang"] = json!("en");
    let sent = member.actor.post_json(&filings, &sent).await.json();
    assert_eq!((&sent["state"], &sent["number"]), (&json!("filed"), &json!(2)));
    assert_eq!(sent["filing"]["language"], "en");
    assert!(!open().await);
    let person = w.person(noroshi_hub::access::Role::Member, Some(&member.id)).await;
    let page = person.get(&format!("/reports/{report}?lang=en")).await.text();
    assert!(page.contains("Your own document") && page.contains("filings/2.pdf"), "{page}");
    // From the page: something is missing, and it says what.
    let token = person.header("x-csrf-token").to_owned();
    let form = format!("_csrf={token}&what=jp-appi%2Ffinal-malicious&pass_on=none&do=file");
    let media = "application/x-www-form-urlencoded";
    let refused = person.post(&format!("/reports/{report}/filings?lang=en"), media, form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Mandatory fields are missing"), "{}", refused.text());
}

async fn what_is_missing_or_odd_is_not_filed(place: &Place) {
    let w = World::new(place).await;
    ministry(&w, "架空省", 1, 400, &["jp-acd", "jp-appi"]).await;
    let (member, report) = power_company(&w).await;
    let filings = at(&report, "filings");
    let post = async |body: &Value| member.actor.post_json(&filings, body).await;
    let first = wish("jp-acd", "first");
    let missing = post(&first).await;
    missing.refused(422, "missing-fields");
    let fields = missing.json()["missing"].to_string();
    assert!(fields.contains("aware_at") && fields.contains("org_name"), "{fields}");
    assert_eq!(member.actor.get(&filings).await.json()["filings"], json!([]));
    let mut draft = first.clone();
    draft["draft"] = json!(true);
    let draft = post(&draft).await;
    assert_eq!((draft.status, &draft.json()["state"]), (StatusCode::CREATED, &json!("draft")));
    answer_all(&member, &report).await;
    // Contradicting dates, a stage out of order, a withdrawn incident: looked at first.
    let mut odd = answers();
    odd.insert("aware_at".to_owned(), json!("2026-11-19T08:00:00+09:00"));
    member.actor.put_json(&at(&report, "answers"), &json!({"answers": odd})).await;
    let looked = post(&first).await;
    looked.refused(422, "look-first");
    assert!(looked.json()["problems"].to_string().contains("aware"), "{}", looked.text());
    answer_all(&member, &report).await;
    let more = json!({"answers": {"media": "x", "pd_response": "x", "prevention": ["x"],
        "root_cause": [{"type": "x"}], "resolved_at": "2026-11-23T11:40:00+09:00",
        "closed_at": "2026-11-23T11:50:00+09:00", "resolution": "x"}});
    let more = member.actor.put_json(&at(&report, "answers"), &more).await;
    assert_eq!(more.status, 200, "{}", more.text());
    let early = wish("jp-acd", "detailed");
    post(&early).await.refused(422, "look-first");
    let gone = json!({"event": "withdrawn", "why": "誤検知でした"});
    assert_eq!(member.actor.post_json(&at(&report, "events"), &gone).await.status, 200);
    post(&first).await.refused(422, "look-first");
    let mut anyway = first.clone();
    anyway["despite_problems"] = json!(true);
    assert_eq!(post(&anyway).await.json()["state"], "filed");
    for (body, field) in [
        (wish("jp-tea", "first"), "obligation"),
        (wish("jp-acd", "tea"), "stage"),
        (json!({"obligation": "jp-acd", "stage": "first", "form": "tea"}), "form"),
    ] {
        let answer = post(&body).await;
        answer.refused(422, "bad-answer");
        assert_eq!(answer.json()["field"], field);
    }
    let consent = json!({"obligation": "jp-acd", "stage": "first", "pass_on": "everybody"});
    post(&consent).await.refused(422, "bad-json");
    for number in ["0", "99", "x", "1.txt"] {
        member.actor.get(&format!("{filings}/{number}")).await.refused(404, "not-found");
    }
    let other = w.member("Bashouan").await;
    other.actor.get(&filings).await.refused(404, "not-found");
    other.actor.get(&format!("{filings}/1")).await.refused(404, "not-found");
    w.desk().await.get(&filings).await.refused(404, "not-found");
}

async fn an_expired_key_refuses_and_loses_nothing(place: &Place) {
    let w = World::new(place).await;
    let ministry = ministry(&w, "架空省", 1, 1, &["jp-acd"]).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let filings = at(&report, "filings");
    w.clock.advance(DAY);
    let refused = member.actor.post_json(&filings, &wish("jp-acd", "first")).await;
    refused.refused(409, "authority-key-expired");
    assert_eq!(refused.json()["filing"], 1);
    let kept = member.actor.get(&format!("{filings}/1")).await.json();
    assert_eq!((&kept["state"], &kept["filing"]["missing"]), (&json!("draft"), &json!([])));
    let duties = member.actor.get(&at(&report, "duties")).await.json();
    assert!(duties["duties"].to_string().contains("\"jp-acd\""), "its clock still runs");
    // The new key of the same authority, under the same id.
    let statement = ministry.key.state("架空省", TODAY, TODAY + 30).unwrap().to_json();
    let same =
        admin::add_authority(&w.hub, &statement, &["jp-acd".to_owned()], AuthorityKind::Addressee)
            .await
            .unwrap();
    assert_eq!(same, ministry.id);
    let filed = member.actor.post_json(&filings, &wish("jp-acd", "first")).await.json();
    assert_eq!((&filed["state"], &filed["number"]), (&json!("filed"), &json!(2)));
    // What the operator gets wrong.
    let bad = async |statement: &str, obligation: &str| {
        let obligations = [obligation.to_owned()];
        admin::add_authority(&w.hub, statement, &obligations, AuthorityKind::Addressee)
            .await
            .unwrap_err()
            .to_string()
    };
    assert!(bad("{}", "jp-acd").await.contains("does not hold"));
    assert!(bad(&statement, "jp-tea").await.contains("no obligation"));
    let forged = statement.replace("架空省", "架空庁");
    assert!(bad(&forged, "jp-appi").await.contains("does not hold"));
    let other = AuthorityKey::generate(&SeededEntropy::new(9)).unwrap();
    let other = other.state("別の省", TODAY, TODAY + 9).unwrap().to_json();
    assert!(bad(&other, "jp-acd").await.contains("already"));
    // An authority that left sees nothing and gets nothing.
    let person = officer(&w, &ministry.id).await;
    admin::remove_authority(&w.hub, &ministry.id).await.unwrap();
    person.get("/api/v1/authority/filings").await.refused(404, "not-found");
}

async fn an_authority_sees_what_is_sealed_to_it_and_nothing_else(place: &Place) {
    let w = World::new(place).await;
    let law = ministry(&w, "架空省", 1, 400, &["jp-acd"]).await;
    let privacy = ministry(&w, "架空委員会", 2, 400, &["jp-appi"]).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    for (obligation, stage) in [("jp-acd", "first"), ("jp-appi", "first")] {
        let made = member.actor.post_json(&at(&report, "filings"), &wish(obligation, stage)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    }
    w.tick().await;
    let ids = (law.inbox(&w).await, privacy.inbox(&w).await);
    assert_eq!((ids.0.len(), ids.1.len()), (1, 1));
    let (own, foreign) = (ids.0[0]["id"].as_str().unwrap(), ids.1[0]["id"].as_str().unwrap());
    let path = |id: &str| format!("/api/v1/authority/filings/{id}");
    law.person.get(&path(foreign)).await.refused(404, "not-found");
    law.person
        .post_json(&path(foreign), &json!({"event": "acknowledge"}))
        .await
        .refused(404, "not-found");
    law.person
        .post_json(&path(own), &json!({"event": "ask-supplement", "note": " "}))
        .await
        .refused(422, "bad-answer");
    member.actor.get(&path(own)).await.refused(404, "not-found");
    w.desk().await.get("/api/v1/authority/filings").await.refused(404, "not-found");
    // Every route, with the ids this authority could know or guess: nothing but its own.
    let secrets = [
        member.id.as_str(),
        &report,
        foreign,
        "Denryoku",
        "denryoku",
        "架空電力",
        "配電監視",
        "kazaana",
    ];
    sees_only(&law.person, &[own, report.as_str(), foreign, "1"], &secrets).await;
    // Anybody may bring an answer to the mailbox: it takes and tells nothing.
    for route in app::ROUTES.iter().filter(|r| {
        r.method != "GET"
            && !r.path.contains("authority")
            && !r.path.starts_with("/sign")
            && !r.path.starts_with("/account")
            && r.path != "/api/v1/mailbox"
    }) {
        let path = route.path.replace("{id}", &report).replace("{number}", "1");
        let method = Method::from_bytes(route.method.as_bytes()).unwrap();
        assert_eq!(law.person.status(method, &path).await, 404, "{} {path}", route.method);
    }
    // Of the outlet, what anybody may read and no more.
    for route in noroshi_outlet::ROUTES.iter().filter(|r| r.method == "GET" && r.path != "/stream")
    {
        let path = route.path.replace("{collection}", "signals").replace("{list}", "ipv4.txt");
        let as_authority = law.person.status(Method::GET, &path).await;
        let as_nobody = w.anonymous().status(Method::GET, &path).await;
        assert_eq!(as_authority, as_nobody, "{path}");
    }
    let page = law.person.get("/authority?lang=ja").await.text();
    assert!(page.contains(own) && page.contains("当局が共有してよい相手"), "{page}");
    // What it did is in the trail; which case it was is not.
    law.open(&w, own).await;
    let trail = w.hub.vault().read("test.trail", |tx| {
        tx.query("SELECT action, subject FROM audit", &[], |r| Ok((r.text(0)?, r.text(1)?)))
    });
    let trail = trail.await.unwrap();
    assert!(trail.iter().any(|(a, s)| a == "filing.fetch" && s == own));
}

/// Asks every route with each of these ids: what is served is the authority's own, and tells no secret.
pub(crate) async fn sees_only(person: &Actor, ids: &[&str], secrets: &[&str]) {
    let mut served = Vec::new();
    for route in app::ROUTES.iter().filter(|r| r.method == "GET") {
        for id in ids {
            let path = route
                .path
                .replace("{id}", id)
                .replace("{number}", "1")
                .replace("{token}", "x")
                .replace("{file}", "hub.css");
            let answer = person.send(Method::GET, &path, &[], axum::body::Body::empty()).await;
            let text = answer.text();
            if answer.status == StatusCode::OK {
                served.push(route.path);
                // The address is echoed in links of the page, so it is not told by the hub.
                let told = secrets.iter().find(|s| text.contains(**s));
                assert!(told.is_none(), "{path} tells {told:?}");
            } else {
                // 307: the mailbox leads everybody to a document that only readers may read.
                assert!(
                    [404, 410, 303, 307].contains(&answer.status.as_u16()),
                    "{path}: {}",
                    answer.status
                );
            }
        }
    }
    served.dedup();
    let allowed = [
        "/api/v1/openapi.json",
        "/api/v1/authority/filings",
        "/api/v1/authority/filings/{id}",
        "/authority",
        // Its person's own.
        "/account",
        "/account/confirm",
        "/account/password",
        // Open to everybody.
        "/situation",
        "/assets/hub/{file}",
    ];
    assert_eq!(served, allowed);
}
