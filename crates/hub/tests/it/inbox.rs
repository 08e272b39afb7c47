//! The inbox: objects become one report, gated and attributed like every other; each object is
//! refused alone; the answer is kept for whoever posted.

use axum::http::HeaderMap;
use futures::future::join_all;
use noroshi_hub::access::Role;
use noroshi_hub::admin;
use noroshi_stix::taxii::{Status, StatusDetail};
use serde_json::{Value, json};

use crate::place::Place;
use crate::world::{DAY, OBJECTS, REPORTS, World, bearer};

crate::on_both_engines![
    objects_become_one_report_and_go_out_with_the_tick,
    what_belongs_to_a_member_is_kept_back,
    one_bad_object_never_rejects_the_others,
    where_every_object_fails_no_report_is_filed,
    without_an_agreement_nothing_is_taken,
    who_may_not_report_may_not_post,
    a_status_answers_for_its_member_only_and_for_seven_days,
    the_same_envelope_again_is_one_report,
    what_is_too_large_is_refused_whole,
    five_thousand_objects,
];

fn id(object_type: &str, n: u32) -> String {
    format!("{object_type}--{n:08x}-9b1e-4c55-8d6f-0a7be12c9d41")
}

fn indicator(n: u32, pattern: &str) -> Value {
    let time = "2026-11-20T10:00:00.123Z";
    json!({"type": "indicator", "spec_version": "2.1", "id": id("indicator", n), "created": time,
        "modified": time, "valid_from": time, "pattern_type": "stix", "pattern": pattern})
}

fn address(n: u32, value: &str) -> Value {
    json!({"type": "ipv4-addr", "spec_version": "2.1", "id": id("ipv4-addr", n), "value": value})
}

fn envelope(objects: &[Value]) -> String {
    json!({"objects": objects}).to_string()
}

fn message(list: &[StatusDetail], n: usize) -> &str {
    list[n].message.as_deref().unwrap()
}

async fn objects_become_one_report_and_go_out_with_the_tick(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    w.tick().await;
    let sent = envelope(&[
        indicator(
            1,
            "[domain-name:value = 'c2.badhost-one.net' OR ipv4-addr:value = '45.77.20.1']",
        ),
        address(2, "45.77.20.2"),
        json!({"type": "observed-data", "id": id("observed-data", 3), "created": "2017-01-01T00:00:00.000Z",
            "modified": "2017-01-02T00:00:00.000Z", "objects": {"0": {"type": "ipv4-addr", "value": "45.77.20.3"}}}),
        json!({"type": "malware", "spec_version": "2.1", "id": id("malware", 4), "name": "x", "is_family": false}),
        address(5, "45.77.20.2"),
        json!({"type": "mac-addr", "id": id("mac-addr", 6), "value": "d2:fb:49:24:37:18"}),
    ]);
    let status = w.post(&a.key, &sent).await.unwrap();
    assert_eq!((status.success_count, status.failure_count, status.pending_count), (6, 0, 0));
    assert_eq!(status.request_timestamp, Some(w.hub.now()));
    let told: Vec<_> = (0..6).map(|n| message(&status.successes, n)).collect();
    assert_eq!(told[0], "2 indicators go out with the next tick");
    for n in [1, 2, 4] {
        assert_eq!(told[n], "goes out with the next tick", "{n}");
    }
    assert_eq!(told[3], "stored with the report; it holds no indicator");
    assert!(told[5].starts_with("stored with the report; it gives no indicator: "), "{}", told[5]);
    assert_eq!(status.successes[0].id, id("indicator", 1));
    assert_eq!(status.successes[0].version, "2026-11-20T10:00:00.123Z");
    assert_eq!(status.successes[1].version, "1970-01-01T00:00:00.000Z");
    assert_eq!(status.successes[2].version, "2017-01-02T00:00:00.000Z");

    // One report, as if filed by hand: with items, receipt, originals, a line of the trail.
    let list = a.actor.get(REPORTS).await.json();
    assert_eq!(list["reports"].as_array().unwrap().len(), 1);
    let report = list["reports"][0]["id"].as_str().unwrap().to_owned();
    let view = a.actor.get(&format!("{REPORTS}/{report}")).await.json();
    assert_eq!(view["indicators"].as_array().unwrap().len(), 4, "{view}");
    assert_eq!(view["indicators"][0]["origin"], format!("object {}", id("indicator", 1)));
    assert!(view["receipt"].as_str().unwrap().contains("NOROSHI RECEIPT"));
    let (originals, line) = w
        .hub
        .vault()
        .read("test.originals", move |tx| {
            use noroshi_hub::vault::{audit, reports};
            Ok((reports::originals(tx, &report)?, audit::last_of(tx, &report, "report.file")?))
        })
        .await
        .unwrap();
    assert_eq!(originals.len(), 1);
    assert_eq!(originals[0].1, sent.as_bytes());
    assert_eq!(line.unwrap().actor, a.key.id());

    assert!(b.actor.indicators("45.77.20.2").await.is_empty(), "before the tick");
    w.tick().await;
    for value in ["c2.badhost-one.net", "45.77.20.1", "45.77.20.2", "45.77.20.3"] {
        let out = b.actor.indicators(value).await;
        assert_eq!(out.len(), 1, "{value}");
        // Made anew: nothing of the object that was posted.
        assert_eq!(out[0]["created_by_ref"], w.hub.identity().to_string());
        assert!(!out[0].to_string().contains("9b1e-4c55"), "{}", out[0]);
    }
    // Two lanes lead out, and no other: nothing of it is in `partners`.
    let others = w.hub.vault().read("test.lanes", |tx| {
        let sql = "SELECT COUNT(*) FROM outbox WHERE collection NOT IN ('signals', 'context')";
        tx.query_one(sql, &[], |r| r.int(0))
    });
    assert_eq!(others.await.unwrap(), Some(0));
}

async fn what_belongs_to_a_member_is_kept_back(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let sent = envelope(&[
        indicator(1, "[domain-name:value = 'mail.aozora.example.jp']"),
        indicator(
            2,
            "[url:value = 'http://bashouan.example.jp/x' OR ipv4-addr:value = '45.77.20.9']",
        ),
        address(3, "10.1.2.3"),
    ]);
    let status = w.post(&a.key, &sent).await.unwrap();
    assert_eq!(status.success_count, 3, "what is kept back was taken");
    assert!(message(&status.successes, 0).starts_with("kept back: "));
    assert!(message(&status.successes, 0).contains("belongs to a member"));
    let mixed = message(&status.successes, 1);
    assert!(
        mixed.starts_with("1 of 2 indicators go out with the next tick; url kept back: "),
        "{mixed}"
    );
    assert!(message(&status.successes, 2).contains("private or reserved"));
    w.tick().await;
    assert_eq!(b.actor.indicators("45.77.20.9").await.len(), 1);
    let out = b.actor.objects(OBJECTS).await;
    let text = serde_json::to_string(&out).unwrap();
    for word in ["aozora", "bashouan", "10.1.2.3"] {
        assert!(!text.contains(word), "{word} went out");
    }
}

async fn one_bad_object_never_rejects_the_others(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let good = address(1, "45.77.20.10").to_string();
    let bad = [
        r#"{"type":"ipv4-addr" "id":7}"#.to_owned(),
        "7".to_owned(),
        "null".to_owned(),
        "[[[]]]".to_owned(),
        r#""\ud800""#.to_owned(),
        "{}".to_owned(),
        r#"{"type":"ipv4-addr","value":"45.77.20.11"}"#.to_owned(),
        r#"{"type":"ipv4-addr","id":"x\u0000y","value":"45.77.20.11"}"#.to_owned(),
        r#"{"type":"ipv4-addr","id":"nonsense","value":"45.77.20.11"}"#.to_owned(),
        json!({"type": "file", "id": id("file", 2), "name": "a\u{0}b"}).to_string(),
        // What is no indicator is kept with the report as it was written, which a NUL cannot be.
        json!({"type": "mac-addr", "id": id("mac-addr", 6), "value": "a\u{0}b"}).to_string(),
        json!({"type": "artifact", "id": id("artifact", 7), "hashes": {"a\u{0}": "b"}}).to_string(),
        indicator(3, "[domain-name:value = ").to_string(),
        json!({"type": "bundle", "id": id("bundle", 4), "objects": [address(5, "45.77.20.11")]})
            .to_string(),
        format!("{{\"x\":{}1{}}}", "[".repeat(63), "]".repeat(63)),
    ];
    for at in [0, bad.len()] {
        let mut list = bad.to_vec();
        list.insert(at, good.clone());
        let sent = format!("{{\"objects\":[{}]}}", list.join(","));
        let status = w.post(&a.key, &sent).await.unwrap();
        assert_eq!((status.success_count, status.failure_count), (1, bad.len() as u64));
        assert_eq!(status.successes[0].id, id("ipv4-addr", 1));
        for failure in &status.failures {
            let text = failure.message.as_deref().unwrap();
            assert!(text.len() > 20 && text.ends_with('.'), "not a sentence: {text}");
            assert!(!failure.id.is_empty());
        }
        let ids: Vec<&str> = status.failures.iter().map(|f| f.id.as_str()).collect();
        // Its id, or its place where it has none.
        assert!(ids.contains(&&*id("indicator", 3)) && ids.contains(&"nonsense"), "{ids:?}");
        assert!(ids.contains(&&*format!("objects[{}]", if at == 0 { 1 } else { 0 })), "{ids:?}");
        assert_eq!(w.ask(&a.key, &status.id).await, Some(status));
    }
    w.tick().await;
    assert_eq!(a.actor.feed("ipv4.txt").await, ["45.77.20.10"]);
}

async fn where_every_object_fails_no_report_is_filed(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let before: Vec<_> = w.rows().await.into_iter().filter(|r| r.0 != "inbox_status").collect();
    for (sent, failed) in [("{\"objects\":[7,{\"id\":\"x\"}]}", 2), ("{\"objects\":[]}", 0)] {
        let status = w.post(&a.key, sent).await.unwrap();
        assert_eq!((status.total_count, status.failure_count), (failed, failed));
        assert_eq!(w.ask(&a.key, &status.id).await, Some(status));
    }
    let after: Vec<_> = w.rows().await.into_iter().filter(|r| r.0 != "inbox_status").collect();
    assert_eq!(before, after);
}

async fn without_an_agreement_nothing_is_taken(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    admin::withdraw_agreement(&w.hub, &a.id).await.unwrap();
    let before = w.rows().await;
    for sent in [envelope(&[address(1, "45.77.20.12")]), "{\"objects\":[7]}".to_owned()] {
        let refused = w.post(&a.key, &sent).await.unwrap_err();
        assert_eq!((refused.status().as_u16(), refused.code()), (403, "no-agreement"));
    }
    assert_eq!(w.rows().await, before);
    let b = w.member("Bashouan").await;
    admin::member_leaves(&w.hub, &b.id).await.unwrap();
    let refused = w.post(&b.key, &envelope(&[address(1, "45.77.20.12")])).await.unwrap_err();
    assert_eq!(refused.code(), "no-agreement");
}

async fn who_may_not_report_may_not_post(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let reading = w.key(&a.id, false, 30).await;
    let sent = envelope(&[address(1, "45.77.20.13")]);
    let filed = w.post(&a.key, &sent).await.unwrap();
    let before = w.rows().await;
    let refused = w.post(&reading, &sent).await.unwrap_err();
    assert_eq!((refused.status().as_u16(), refused.code()), (403, "key-may-not-report"));
    // Nor does a stolen one tell that its member posted something.
    assert_eq!(w.ask(&reading, &filed.id).await, None);
    let nobody = w.post_with(&HeaderMap::new(), None, &sent).await.unwrap_err();
    assert_eq!((nobody.status().as_u16(), nobody.code()), (401, "unauthorized"));
    admin::revoke_key(&w.hub, reading.id()).await.unwrap();
    let revoked = w.post(&reading, &sent).await.unwrap_err();
    assert_eq!((revoked.status().as_u16(), revoked.code()), (401, "key-revoked"));
    // People: the desk has no inbox; a member's person needs the token of the session.
    for (role, member, code) in
        [(Role::Desk, None, "not-found"), (Role::Member, Some(a.id.as_str()), "forged-form")]
    {
        let cookie = cookie_of(&w, role, member).await;
        let refused = w.post_with(&cookie, None, &sent).await.unwrap_err();
        assert_eq!(refused.code(), code);
    }
    let after = w.rows().await;
    assert_eq!(before.first(), after.first(), "a report was filed");
}

/// The cookie alone, as a browser would send it from another site's page.
async fn cookie_of(w: &World, role: Role, member: Option<&str>) -> HeaderMap {
    let new = admin::NewAccount { role, member: member.map(str::to_owned), name: "x".to_owned() };
    let account = admin::add_account(&w.hub, new).await.unwrap();
    let link = admin::sign_in_link(&w.hub, &account).await.unwrap();
    let token = noroshi_seal::Token::parse(link.rsplit('/').next().unwrap()).unwrap();
    let session = noroshi_hub::access::use_link(&w.hub, &token).await.unwrap().unwrap();
    let cookie = format!("noroshi={}", session.token.expose().as_str());
    HeaderMap::from_iter([(axum::http::header::COOKIE, cookie.parse().unwrap())])
}

async fn a_status_answers_for_its_member_only_and_for_seven_days(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let status = w.post(&a.key, &envelope(&[address(1, "45.77.20.14")])).await.unwrap();
    assert!(uuid_like(&status.id), "{}", status.id);
    assert_eq!(w.ask(&a.key, &status.id).await, Some(status.clone()));
    assert_eq!(w.ask(&b.key, &status.id).await, None);
    let none = HeaderMap::new();
    let nobody = noroshi_outlet::Caller { headers: &none, certificate: None };
    assert_eq!(w.side.inbox.status(nobody, &status.id).await.unwrap(), None);
    for odd in ["", "x", "\0", "5f2d1c3a-9b1e-4c55-8d6f-0a7be12c9d41", "' OR 1=1"] {
        assert_eq!(w.ask(&a.key, odd).await, None, "{odd:?}");
    }
    // Another process on the same vault has it too.
    let again = World::new(place).await;
    assert_eq!(again.ask(&a.key, &status.id).await, Some(status.clone()));
    w.later(7 * DAY - 20_000_000).await;
    assert_eq!(w.ask(&a.key, &status.id).await, Some(status.clone()));
    w.clock.advance(20_000_000);
    assert_eq!(w.ask(&a.key, &status.id).await, None, "before any tick");
    w.tick().await;
    let kept = w.rows().await.into_iter().find(|r| r.0 == "inbox_status").unwrap();
    assert_eq!(kept.1, 0, "old statuses are not forgotten");
    assert_eq!(a.actor.get(REPORTS).await.json()["reports"].as_array().unwrap().len(), 1);
}

fn uuid_like(text: &str) -> bool {
    text.len() == 36 && text.bytes().filter(|b| *b == b'-').count() == 4
}

async fn the_same_envelope_again_is_one_report(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let with = |key: &str| {
        let mut headers = bearer(&a.key);
        headers.insert("idempotency-key", key.parse().unwrap());
        headers
    };
    let sent = format!("{{\"objects\":[{},7]}}", address(1, "45.77.20.15"));
    let headers = with("post-1");
    let posts = (0..8).map(|_| w.post_with(&headers, None, &sent));
    let all: Vec<Status> = join_all(posts).await.into_iter().map(Result::unwrap).collect();
    assert!(all.iter().all(|s| *s == all[0]), "the answers differ");
    assert_eq!(w.rows().await[0], ("report", 1));
    // Another envelope under the key, if only by an object that is refused.
    let other = format!("{{\"objects\":[{},8]}}", address(1, "45.77.20.15"));
    let refused = w.post_with(&headers, None, &other).await.unwrap_err();
    assert_eq!((refused.status().as_u16(), refused.code()), (409, "conflict"));
    let refused = w.post_with(&with(&"k".repeat(201)), None, &sent).await.unwrap_err();
    assert_eq!((refused.status().as_u16(), refused.code()), (400, "bad-idempotency-key"));
    // When its status is forgotten, the report still is not filed twice.
    w.later(8 * DAY).await;
    let late = w.post_with(&headers, None, &sent).await.unwrap();
    assert_ne!(late.id, all[0].id);
    assert_eq!((late.success_count, late.failure_count), (1, 1));
    assert_eq!(w.ask(&a.key, &late.id).await, Some(late));
    assert_eq!(w.rows().await[0], ("report", 1));
    // Without a key each post is a report.
    w.post(&a.key, &sent).await.unwrap();
    assert_eq!(w.rows().await[0], ("report", 2));
}

async fn what_is_too_large_is_refused_whole(place: &Place) {
    let w = World::with(place, |c| c.limits.report_bytes = 2_000).await;
    let a = w.member("Aozora").await;
    let before = w.rows().await;
    let long = json!({"type": "note", "id": id("note", 1), "content": "x".repeat(2_000)});
    let refused = w.post(&a.key, &envelope(&[address(2, "45.77.20.16"), long])).await.unwrap_err();
    assert_eq!((refused.status().as_u16(), refused.code()), (413, "too-large"));
    assert_eq!(w.rows().await, before);
    // Indicators beyond the limit are refused alone.
    let w = World::with(place, |c| c.limits.report_indicators = 2).await;
    let objects: Vec<_> = (1..=4).map(|n| address(n, &format!("45.77.21.{n}"))).collect();
    let status = w.post(&a.key, &envelope(&objects)).await.unwrap();
    assert_eq!((status.success_count, status.failure_count), (2, 2));
    assert!(message(&status.failures, 0).contains("in another one"));
}

async fn five_thousand_objects(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let value = |n: u32| format!("45.78.{}.{}", n / 250, n % 250 + 1);
    let objects: Vec<_> = (0..5_000).map(|n| address(n, &value(n))).collect();
    let status = w.post(&a.key, &envelope(&objects)).await.unwrap();
    assert_eq!((status.success_count, status.failure_count), (5_000, 0));
    let told: Vec<_> = status.successes.iter().map(|s| s.message.as_deref().unwrap()).collect();
    assert!(told.iter().all(|m| *m == "goes out with the next tick"));
    assert_eq!(w.ask(&a.key, &status.id).await, Some(status));
    w.tick().await;
    assert_eq!(b.actor.feed("ipv4.txt").await.len(), 5_000);
}
