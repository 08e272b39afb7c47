//! What waits for the desk: the queue follows what happens, in the order of urgency; decisions that
//! come second change nothing.

use noroshi_hub::Hub;
use noroshi_hub::admin;
use noroshi_hub::campaign;
use noroshi_hub::context::{self, Seen};
use noroshi_hub::correlate;
use noroshi_hub::correlate::score::{Link, Strength};
use noroshi_hub::desk_queue;
use noroshi_hub::desk_review::{self, Change, Composition};
use noroshi_hub::labels::outlook::Prospect;
use noroshi_hub::vault::desk_work::{self, Choice, Kind, Page, Work};
use noroshi_hub::vault::members::AssetKind;
use noroshi_hub::vault::reports::{self, ContextState, ReportRow};
use noroshi_hub::vault::{campaigns, desk_reports, indicators};
use serde_json::json;

use crate::place::Place;
use crate::world::{CONTEXTS, DAY, SECOND, World};

crate::on_both_engines![
    the_queue_follows_what_happens,
    the_urgent_and_the_shared_stand_first,
    pages_follow_each_other_without_gaps,
    a_hold_puts_aside_and_takes_an_approval_back,
    whoever_comes_second_changes_nothing,
    nobody_replaces_or_approves_words_unseen,
    the_desk_says_only_terms_and_the_reporter_approves_again,
    answers_and_second_officers_wait,
    reports_of_one_attacker_are_found,
    a_campaign_groups_and_leaves_nothing_outside,
    a_vault_without_a_desk_is_taken_up,
    a_legal_clock_and_a_hold_put_a_report_first,
    a_legal_clock_that_moves_is_looked_at_again,
];

const HOUR: i64 = 3600 * SECOND;

async fn work(hub: &Hub, choice: Choice) -> Vec<Work> {
    let now = hub.now();
    let read = move |tx: &mut noroshi_store::Tx<'_>| {
        let page = Page { choice: &choice, after: None, rank: 3, before: now, now, limit: 1_000 };
        desk_work::page(tx, &page)
    };
    hub.vault().read("test.work", read).await.unwrap()
}

async fn kinds(hub: &Hub) -> Vec<Kind> {
    let mut all: Vec<Kind> = work(hub, Choice::All).await.iter().map(|w| w.kind).collect();
    all.sort();
    all
}

async fn row_of(hub: &Hub, id: &str) -> ReportRow {
    let id = id.to_owned();
    let read = move |tx: &mut noroshi_store::Tx<'_>| reports::one(tx, &id);
    hub.vault().read("test.report", read).await.unwrap().unwrap()
}

/// What a form of this moment says it was made from.
async fn stand_of(hub: &Hub, id: &str) -> String {
    context::stand(&hub.policy().vocabulary, &row_of(hub, id).await)
}

async fn context_of(hub: &Hub, id: &str) -> ContextState {
    row_of(hub, id).await.context
}

async fn desk_account(w: &World, name: &str) -> String {
    use noroshi_hub::access::Role;
    use noroshi_hub::admin::NewAccount;
    let new = NewAccount { role: Role::Desk, member: None, name: name.to_owned() };
    admin::add_account(&w.hub, new).await.unwrap()
}

async fn the_queue_follows_what_happens(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    assert!(kinds(&w.hub).await.is_empty());
    let fields = json!({
        "attack_type": "ransomware",
        "indicators": ["45.77.4.1", "http://bashouan-vpn.net/", "10.0.0.5"],
    });
    let id = a.actor.report(fields.clone()).await.accepted();
    assert_eq!(kinds(&w.hub).await, [Kind::Report, Kind::Context, Kind::Value]);
    // The same value again is one thing to do.
    a.actor.report(json!({"indicators": ["http://bashouan-vpn.net/"]})).await.accepted();
    let values = work(&w.hub, Choice::Kind("value")).await;
    assert_eq!((values.len(), values[0].reports), (1, 2));
    let desk = w.desk().await;
    let items = desk.get("/api/v1/desk/quarantine").await.json()["items"].clone();
    for item in items.as_array().unwrap().iter().filter(|i| i["releasable"] == true) {
        let path = format!("/api/v1/desk/quarantine/{}", item["item"]["id"].as_str().unwrap());
        assert_eq!(desk.post_json(&path, &json!({"ruling": "release"})).await.status, 200);
    }
    assert!(work(&w.hub, Choice::Kind("value")).await.is_empty());
    let path = format!("/api/v1/desk/reports/{id}/context");
    desk.post_json(&path, &json!({"decision": "approve"})).await;
    assert!(work(&w.hub, Choice::Kind("context")).await.is_empty());
    for report in work(&w.hub, Choice::Kind("report")).await {
        desk_review::change(&w.hub, &report.report, "k-1", Change::Review).await.unwrap();
    }
    assert!(kinds(&w.hub).await.is_empty());
    desk_review::change(&w.hub, &id, "k-1", Change::Reopen).await.unwrap();
    assert_eq!(kinds(&w.hub).await, [Kind::Report]);
    // What is out and would be kept back now is to be looked at, until it is withdrawn.
    w.tick().await;
    w.later(2 * DAY).await;
    b.actor.report(json!({"indicators": ["45.77.4.1"]})).await.accepted();
    admin::declare_asset(&w.hub, &a.id, AssetKind::Network, "45.77.4.0/24").await.unwrap();
    w.tick().await;
    let recalls = work(&w.hub, Choice::Kind("recall")).await;
    assert_eq!((recalls.len(), recalls[0].rank, recalls[0].reports), (1, 0, 2));
    let desk = w.desk().await;
    let revoke = json!({"kind": "ipv4", "value": "45.77.4.1"});
    assert_eq!(desk.post_json("/api/v1/desk/revoke", &revoke).await.status, 202);
    assert!(work(&w.hub, Choice::Kind("recall")).await.is_empty());
}

async fn the_urgent_and_the_shared_stand_first(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let old = a.actor.report(json!({"indicators": ["45.77.4.1"]})).await.accepted();
    w.clock.advance(HOUR);
    let grave =
        json!({"attack_type": "ransomware", "impact": "safety", "indicators": ["45.77.4.2"]});
    let grave = b.actor.report(grave).await.accepted();
    let order = |all: &[Work]| -> Vec<String> { all.iter().map(|w| w.report.clone()).collect() };
    let reports = work(&w.hub, Choice::Kind("report")).await;
    assert_eq!(order(&reports), [grave.clone(), old.clone()]);
    assert_eq!((reports[0].rank, reports[1].rank), (0, 3));
    // Somebody else names the same value: both gain a step, and say why.
    w.clock.advance(HOUR);
    let second = b.actor.report(json!({"indicators": ["45.77.4.1"]})).await.accepted();
    let reports = work(&w.hub, Choice::Kind("report")).await;
    assert_eq!(order(&reports), [grave, old.clone(), second]);
    assert_eq!((reports[1].rank, reports[2].rank), (2, 2));
    let read = move |tx: &mut noroshi_store::Tx<'_>| desk_reports::one(tx, &old);
    let row = w.hub.vault().read("test.desk", read).await.unwrap().unwrap();
    assert_eq!(row.why, ["shared"]);
}

async fn pages_follow_each_other_without_gaps(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    for n in 0..12 {
        let kind = if n % 3 == 0 { "ransomware" } else { "phishing" };
        a.actor.report(json!({"attack_type": kind, "indicators": [format!("45.77.5.{n}")]})).await;
        if n % 2 == 0 {
            w.clock.advance(HOUR);
        }
    }
    let all = work(&w.hub, Choice::All).await;
    assert_eq!(all.len(), 24);
    for choice in [Choice::All, Choice::Kind("context")] {
        let wanted = work(&w.hub, choice.clone()).await;
        let mut seen: Vec<Work> = Vec::new();
        loop {
            let after = seen.last().map(|w| desk_work::Place {
                rank: w.rank,
                since: w.since.as_micros(),
                subject: w.subject.clone(),
                kind: w.kind.as_str().to_owned(),
            });
            let (choice, now) = (choice.clone(), w.hub.now());
            let read = move |tx: &mut noroshi_store::Tx<'_>| {
                let after = after.as_ref();
                desk_work::page(
                    tx,
                    &Page { choice: &choice, after, rank: 3, before: now, now, limit: 5 },
                )
            };
            let page = w.hub.vault().read("test.page", read).await.unwrap();
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert!(seen == wanted, "{choice:?}");
    }
}

async fn a_hold_puts_aside_and_takes_an_approval_back(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.crowd(5).await;
    let id = a.actor.report(json!({"attack_type": "phishing"})).await.accepted();
    let me = desk_account(&w, "A").await;
    let approve = context::Decision::Approve;
    context::desk_decides(&w.hub, &id, &me, approve, Seen::default()).await.unwrap();
    let hold = |from, hours| Change::Hold {
        from,
        reason: "second-opinion".to_owned(),
        hours,
        note: "見てください".to_owned(),
    };
    desk_review::change(&w.hub, &id, &me, hold(0, 4)).await.unwrap();
    assert_eq!(context_of(&w.hub, &id).await, ContextState::Proposed);
    assert!(work(&w.hub, Choice::All).await.is_empty());
    assert_eq!(work(&w.hub, Choice::Paused).await.len(), 2);
    // The reporter cannot say yes to what the desk took back.
    let path = format!("/api/v1/reports/{id}/context");
    a.actor.post_json(&path, &json!({"decision": "approve"})).await.refused(409, "conflict");
    w.clock.advance(5 * HOUR);
    assert_eq!(work(&w.hub, Choice::All).await.len(), 2, "back by itself");
    for bad in [("no-reason", 4, ""), ("other", 5, ""), ("other", 4, &*"x".repeat(501))] {
        let (reason, hours, note) = (bad.0.to_owned(), bad.1, bad.2.to_owned());
        let change = Change::Hold { from: 0, reason, hours, note };
        let refused = desk_review::change(&w.hub, &id, &me, change).await;
        assert_eq!(refused.unwrap_err().problem().code(), "bad-hold");
    }
}

async fn whoever_comes_second_changes_nothing(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let id = a.actor.report(json!({"attack_type": "phishing"})).await.accepted();
    let (one, two) = (desk_account(&w, "A").await, desk_account(&w, "B").await);
    let change = |who: &str, change: Change| {
        let (hub, id, who) = (w.hub.clone(), id.clone(), who.to_owned());
        async move { desk_review::change(&hub, &id, &who, change).await }
    };
    let take = |from: &str| Change::Take { from: from.to_owned() };
    change(&one, take("")).await.unwrap();
    assert_eq!(change(&two, take("")).await.unwrap_err().problem().code(), "conflict");
    assert_eq!(work(&w.hub, Choice::Mine(one.clone())).await.len(), 2);
    assert!(work(&w.hub, Choice::Mine(two.clone())).await.is_empty());
    change(&two, take(&one)).await.unwrap();
    assert_eq!(
        change(&one, Change::Release { from: one.clone() }).await.unwrap_err().problem().code(),
        "conflict"
    );
    change(&one, Change::Review).await.unwrap();
    assert_eq!(change(&two, Change::Review).await.unwrap_err().problem().code(), "conflict");
    let hold = Change::Hold { from: 0, reason: "other".into(), hours: 0, note: String::new() };
    change(&one, hold.clone()).await.unwrap();
    let yes = context::Decision::Approve;
    context::desk_decides(&w.hub, &id, &one, yes, Seen::default()).await.unwrap();
    assert_eq!(change(&two, hold).await.unwrap_err().problem().code(), "conflict");
    assert_eq!(context_of(&w.hub, &id).await, ContextState::DeskApproved, "it takes nothing");
    assert_eq!(desk_review::look(&w.hub, &id, &one).await.unwrap(), Vec::<String>::new());
    assert_eq!(desk_review::look(&w.hub, &id, &two).await.unwrap(), ["A"]);
    w.clock.advance(100 * SECOND);
    assert_eq!(desk_review::look(&w.hub, &id, &two).await.unwrap(), Vec::<String>::new());
}

/// Both where a label would be published and where it would be held.
async fn nobody_replaces_or_approves_words_unseen(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let (one, two) = (desk_account(&w, "A").await, desk_account(&w, "B").await);
    let of =
        |kind: &str| Composition { attack_type: Some(kind.to_owned()), ..Composition::default() };
    for (crowd, held) in [(0, true), (5, false)] {
        w.crowd(crowd).await;
        w.tick().await;
        let id = a.actor.report(json!({"attack_type": "phishing"})).await.accepted();
        // Both start from what the reporter chose; the words of the first stay.
        let from = stand_of(&w.hub, &id).await;
        let row = row_of(&w.hub, &id).await;
        let prospect = context::prospect(&w.hub, &row).await.unwrap().unwrap();
        assert_eq!(matches!(prospect, Prospect::Held { .. }), held);
        desk_review::compose(&w.hub, &id, &one, &from, &of("ransomware")).await.unwrap();
        let late = desk_review::compose(&w.hub, &id, &two, &from, &of("targeted-mail")).await;
        assert_eq!(late.unwrap_err().problem().code(), "conflict");
        assert!(row_of(&w.hub, &id).await.composed.is_some_and(|c| c.contains("ransomware")));
        // A yes or a no to the words of before changes nothing.
        let seen = Seen { state: Some("proposed".to_owned()), wording: Some(prospect.wording()) };
        for decision in [context::Decision::Approve, context::Decision::Decline] {
            let late = context::desk_decides(&w.hub, &id, &two, decision, seen.clone()).await;
            assert_eq!(late.unwrap_err().problem().code(), "wording-changed");
            assert_eq!(context_of(&w.hub, &id).await, ContextState::Proposed);
        }
        let gone = Seen { state: Some("desk-approved".to_owned()), wording: None };
        let decline = context::Decision::Decline;
        let late = context::desk_decides(&w.hub, &id, &two, decline, gone).await;
        assert_eq!(late.unwrap_err().problem().code(), "conflict");
    }
}

async fn the_desk_says_only_terms_and_the_reporter_approves_again(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    w.crowd(4).await;
    w.tick().await;
    let me = desk_account(&w, "A").await;
    // Words alone propose nothing; the desk reads them and chooses a term.
    let fields = json!({"title": "a strange mail", "narrative": "the night shift of Kure"});
    let id = a.actor.report(fields).await.accepted();
    assert_eq!(context_of(&w.hub, &id).await, ContextState::Nothing);
    let free = Composition {
        attack_type: Some("the night shift of Kure".to_owned()),
        ..Composition::default()
    };
    let fresh = stand_of(&w.hub, &id).await;
    let refused = desk_review::compose(&w.hub, &id, &me, &fresh, &free).await;
    assert_eq!(refused.unwrap_err().problem().code(), "nothing-composed");
    let mail = Composition {
        attack_type: Some("targeted-mail".to_owned()),
        techniques: vec!["T1566.001".to_owned(), "Kure".to_owned()],
        ..Composition::default()
    };
    desk_review::compose(&w.hub, &id, &me, &fresh, &mail).await.unwrap();
    assert_eq!(context_of(&w.hub, &id).await, ContextState::Proposed);
    let approve = context::Decision::Approve;
    let proposed = stand_of(&w.hub, &id).await;
    context::desk_decides(&w.hub, &id, &me, approve, Seen::default()).await.unwrap();
    let path = format!("/api/v1/reports/{id}/context");
    let yes = json!({"decision": "approve"});
    assert_eq!(a.actor.post_json(&path, &yes).await.status, 200);
    // Other words need both again, whatever was approved before.
    let other = Composition { attack_type: Some("phishing".to_owned()), ..Composition::default() };
    let stale = desk_review::compose(&w.hub, &id, &me, &proposed, &other).await;
    assert_eq!(stale.unwrap_err().problem().code(), "conflict");
    let approved = stand_of(&w.hub, &id).await;
    desk_review::compose(&w.hub, &id, &me, &approved, &other).await.unwrap();
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 0);
    a.actor.post_json(&path, &yes).await.refused(409, "conflict");
    context::desk_decides(&w.hub, &id, &me, approve, Seen::default()).await.unwrap();
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 0);
    assert_eq!(a.actor.post_json(&path, &yes).await.status, 200);
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 1);
    let text = serde_json::to_string(&b.actor.objects(CONTEXTS).await).unwrap();
    assert!(text.contains("phishing") && !text.contains("T1566"), "{text}");
    assert!(!text.contains("Kure") && !text.contains("strange"), "{text}");
    let released = stand_of(&w.hub, &id).await;
    let late = desk_review::compose(&w.hub, &id, &me, &released, &mail).await;
    assert_eq!(late.unwrap_err().problem().code(), "conflict");
}

async fn answers_and_second_officers_wait(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let desk = w.desk().await;
    let id = a.actor.report(json!({"attack_type": "phishing"})).await.accepted();
    let ask = format!("/api/v1/desk/reports/{id}/questions");
    desk.post_json(&ask, &json!({"form": "still-running"})).await;
    assert!(work(&w.hub, Choice::Kind("answer")).await.is_empty());
    let asked = a.actor.get(&format!("/api/v1/reports/{id}/questions")).await.json();
    let question = asked["questions"][0]["id"].as_str().unwrap().to_owned();
    let answer = format!("/api/v1/reports/{id}/questions/{question}");
    let answered = a.actor.post_json(&answer, &json!({"answer": "yes"})).await;
    assert!(answered.status.is_success(), "{}", answered.text());
    let waiting = work(&w.hub, Choice::Kind("answer")).await;
    assert_eq!((waiting.len(), waiting[0].subject.as_str()), (1, question.as_str()));
    desk_review::see_answers(&w.hub, &id, "k-1").await.unwrap();
    assert!(work(&w.hub, Choice::Kind("answer")).await.is_empty());

    let body = json!({"report": id, "recipients": [b.id], "ground": "law", "basis": "an act"});
    let made = desk.post_json("/api/v1/desk/direct", &body).await;
    assert!(made.status.is_success(), "{}", made.text());
    let waiting = work(&w.hub, Choice::Kind("direct")).await;
    assert_eq!(waiting.len(), 1);
    let other = w.desk().await;
    let path = format!("/api/v1/desk/direct/{}", waiting[0].subject);
    let agreed = other.post_json(&path, &json!({"agrees": true})).await;
    assert!(agreed.status.is_success(), "{}", agreed.text());
    assert!(work(&w.hub, Choice::Kind("direct")).await.is_empty());
}

async fn reports_of_one_attacker_are_found(place: &Place) {
    let w = World::new(place).await;
    let (a, b, c) =
        (w.member("Aozora").await, w.member("Bashouan").await, w.member("Chidori").await);
    let one = json!({"techniques": ["T1566.001"], "indicators": ["45.77.4.1", "kuro-umi.net"]});
    let one = a.actor.report(one).await.accepted();
    w.clock.advance(3 * HOUR);
    let two = json!({"techniques": ["T1566.001"], "indicators": ["kuro-umi.net"]});
    let two = b.actor.report(two).await.accepted();
    let far = c.actor.report(json!({"indicators": ["1.1.1.1", "10.0.0.5"]})).await.accepted();
    c.actor.report(json!({"indicators": ["10.0.0.5"]})).await.accepted();
    let of = |id: &str| {
        let (hub, id) = (w.hub.clone(), id.to_owned());
        async move {
            let of = id.clone();
            let read = move |tx: &mut noroshi_store::Tx<'_>| reports::one(tx, &of);
            let row = hub.vault().read("test.one", read).await.unwrap().unwrap();
            correlate::related(&hub, &row).await.unwrap()
        }
    };
    let found = of(&one).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].report.id, two);
    assert_eq!(found[0].score.strength(), Strength::Medium);
    let parts: Vec<_> = found[0].score.parts.iter().map(|(l, p)| (l.clone(), *p)).collect();
    let value = Link::Value { kind: "domain".into(), value: "kuro-umi.net".into(), reports: 2 };
    assert_eq!(parts, [(value, 40), (Link::Time(3), 10), (Link::Technique("T1566.001".into()), 6)]);
    // What everybody has links nobody.
    assert!(of(&far).await.is_empty());
}

async fn a_campaign_groups_and_leaves_nothing_outside(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    w.crowd(4).await;
    w.tick().await;
    let me = desk_account(&w, "A").await;
    let fields = json!({"attack_type": "phishing", "indicators": ["kuro-umi.net"]});
    let (one, two) = (
        a.actor.report(fields.clone()).await.accepted(),
        b.actor.report(fields.clone()).await.accepted(),
    );
    w.tick().await;
    let before: Vec<_> = b.actor.objects(crate::world::OBJECTS).await;
    let both = [one.clone(), two.clone()];
    let (row, added) = campaign::group(&w.hub, None, &both, &me).await.unwrap();
    assert_eq!((row.number, row.reports, added), (1, 2, 2));
    // A report belongs to one campaign.
    let (second, added) = campaign::group(&w.hub, None, &both[..1], &me).await.unwrap();
    assert_eq!((second.number, added), (2, 0));
    let none = campaign::group(&w.hub, Some("c-none"), &both, &me).await;
    assert_eq!(none.unwrap_err().problem().code(), "not-found");
    let values = {
        let id = row.id.clone();
        let read = move |tx: &mut noroshi_store::Tx<'_>| campaigns::values(tx, &id, 10);
        w.hub.vault().read("test.values", read).await.unwrap()
    };
    assert!(values.iter().any(|v| v.1 == "kuro-umi.net" && v.2 == 2));
    campaign::part(&w.hub, &row.id, &two, &me).await.unwrap();
    assert!(campaign::part(&w.hub, &row.id, &two, &me).await.is_err());
    campaign::close(&w.hub, &row.id, true, &me).await.unwrap();
    assert!(campaign::close(&w.hub, &row.id, true, &me).await.is_err());
    w.later(7 * DAY).await;
    assert_eq!(b.actor.objects(crate::world::OBJECTS).await.len(), before.len());
    let contexts = b.actor.objects(CONTEXTS).await;
    assert!(contexts.iter().all(|o| o["type"] != "campaign" && o["type"] != "grouping"));
}

async fn a_vault_without_a_desk_is_taken_up(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let old = a.actor.report(json!({"indicators": ["45.77.4.1"]})).await.accepted();
    w.tick().await;
    w.later(8 * DAY).await;
    b.actor.report(json!({"indicators": ["45.77.4.1"]})).await.accepted();
    admin::declare_asset(&w.hub, &a.id, AssetKind::Network, "45.77.4.0/24").await.unwrap();
    w.tick().await;
    let decided = a.actor.report(json!({"attack_type": "phishing"})).await.accepted();
    let (me, desk) = (desk_account(&w, "A").await, w.desk().await);
    let no = context::Decision::Decline;
    context::desk_decides(&w.hub, &decided, &me, no, Seen::default()).await.unwrap();
    let fields = json!({"attack_type": "ransomware", "indicators": ["http://bashouan-vpn.net/"]});
    let id = a.actor.report(fields).await.accepted();
    let ask = format!("/api/v1/desk/reports/{id}/questions");
    desk.post_json(&ask, &json!({"form": "still-running"})).await;
    let asked = a.actor.get(&format!("/api/v1/reports/{id}/questions")).await.json();
    let question = asked["questions"][0]["id"].as_str().unwrap();
    let answer = format!("/api/v1/reports/{id}/questions/{question}");
    a.actor.post_json(&answer, &json!({"answer": "yes"})).await;
    let body = json!({"report": id, "recipients": [b.id], "ground": "law", "basis": "an act"});
    desk.post_json("/api/v1/desk/direct", &body).await;
    let things = |work: &[Work]| -> Vec<_> {
        let mut all: Vec<_> =
            work.iter().map(|w| (w.kind, w.subject.clone(), w.since, w.reports)).collect();
        all.sort();
        all
    };
    let mut before = work(&w.hub, Choice::All).await;
    for kind in Kind::ALL {
        assert!(before.iter().any(|w| w.kind == kind), "{kind:?}");
    }
    // Whoever decided a report has read it, and after a week nobody is asked to.
    before.retain(|w| w.kind != Kind::Report || ![&old, &decided].contains(&&w.subject));
    // As a version before the desk left it.
    for sql in ["DELETE FROM desk_work", "DELETE FROM desk_trait", "DELETE FROM desk_report"] {
        w.hub.vault().write("test.forget", move |tx| tx.execute(sql, &[])).await.unwrap();
    }
    assert!(work(&w.hub, Choice::All).await.is_empty());
    let again = World::at(place, w.hub.now()).await;
    assert_eq!(things(&work(&again.hub, Choice::All).await), things(&before));
}

async fn a_legal_clock_and_a_hold_put_a_report_first(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let end = w.hub.now().plus_micros(5 * HOUR);
    let held = json!({"indicators": ["45.77.4.1"], "hold_until": end.to_string()});
    let id = a.actor.report(held).await.accepted();
    // What is held does not leave with the next tick.
    let now = w.hub.now();
    let waiting = move |tx: &mut noroshi_store::Tx<'_>| {
        Ok((indicators::pending(tx, now)?, indicators::pending(tx, end)?))
    };
    assert_eq!(w.hub.vault().read("test.pending", waiting).await.unwrap(), (0, 1));
    desk_queue::promote(&w.hub).await.unwrap();
    assert_eq!(work(&w.hub, Choice::All).await[0].rank, 3);
    w.clock.advance(3 * HOUR);
    desk_queue::promote(&w.hub).await.unwrap();
    assert_eq!(work(&w.hub, Choice::All).await[0].rank, 0, "two hours before its hold ends");
    // The tick looks at the legal clocks once.
    w.tick().await;
    let read = move |tx: &mut noroshi_store::Tx<'_>| {
        Ok((desk_reports::one(tx, &id)?, desk_reports::unclocked(tx, 10)?))
    };
    let (row, left) = w.hub.vault().read("test.clocks", read).await.unwrap();
    assert!(row.is_some() && left.is_empty());
}

async fn a_legal_clock_that_moves_is_looked_at_again(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = crate::cases::power_company(&w).await;
    crate::cases::answer_all(&member, &report).await;
    let row = async || {
        w.tick().await;
        let id = report.clone();
        let read = move |tx: &mut noroshi_store::Tx<'_>| desk_reports::one(tx, &id);
        w.hub.vault().read("test.clock", read).await.unwrap().unwrap()
    };
    let before = row().await;
    // The firm knew two days earlier than it said.
    let earlier = json!({"answers": {"aware_at": "2026-11-21T11:30:00+09:00"}});
    let path = crate::cases::at(&report, "answers");
    assert_eq!(member.actor.put_json(&path, &earlier).await.status, 200);
    let after = row().await;
    assert!(before.clock.is_some() && after.clock != before.clock);
    assert!(after.due == after.clock, "the old moment is gone");
}
