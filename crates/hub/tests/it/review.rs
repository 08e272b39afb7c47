//! Clocks that go back, batches that are refused, two things at once in one tick, planted cookies.

use axum::http::StatusCode;
use noroshi_hub::vault::members::AssetKind;
use noroshi_hub::{access::Role, admin, context, tick};
use noroshi_stix::Timestamp;
use noroshi_store::Param;
use serde_json::{Value, json};

use crate::place::Place;
use crate::world::{Actor, CONTEXTS, DAY, SECOND, TICK, World};

crate::on_both_engines![
    a_refused_batch_does_not_keep_back_the_others,
    a_version_is_younger_than_the_last_though_the_clock_went_back,
    what_the_desk_takes_back_stays_back_though_it_is_reported_again,
    what_was_held_once_goes_out_when_it_passes_again,
    a_held_value_that_is_reported_with_a_hold_waits_for_it,
    a_context_batch_that_failed_goes_out_with_the_next_tick,
    who_has_no_signature_approves_no_context,
    a_plain_cookie_is_nobody_under_https,
    the_figures_do_not_tell_that_a_report_came_in,
];

async fn a_refused_batch_does_not_keep_back_the_others(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    w.tick().await;
    let damaged = "INSERT INTO outbox (batch, position, collection, tick, body, published)
        VALUES ($1, -1, 'context', 0, $1, 0)";
    w.hub
        .vault()
        .write("test.damage", |tx| tx.execute(damaged, &[Param::from([7; 16].as_slice())]))
        .await
        .unwrap();
    a.actor.report_text("45.77.9.1").await.accepted();
    w.clock.advance(TICK);
    // The failure is told, after the others are out.
    assert!(tick::tick(&w.hub).await.is_err());
    assert_eq!(b.actor.feed("ipv4.txt").await, ["45.77.9.1"]);
}

async fn revoke(desk: &Actor, value: &str) {
    let body = json!({"kind": "ipv4", "value": value});
    let answer = desk.post_json("/api/v1/desk/revoke", &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
}

fn moment(object: &Value, field: &str) -> Timestamp {
    object[field].as_str().unwrap().parse().unwrap()
}

async fn a_version_is_younger_than_the_last_though_the_clock_went_back(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    a.actor.report_text("45.77.9.2").await.accepted();
    // Two reporters, three days apart: a second version.
    w.later(3 * DAY).await;
    b.actor.report_text("45.77.9.2").await.accepted();
    w.tick().await;
    let released = b.actor.indicators("45.77.9.2").await;
    assert_eq!(released.len(), 2, "a second version");
    w.clock.set(Timestamp::from_micros(w.hub.now().as_micros() - 3600 * SECOND));
    // Sessions end after a shift.
    let desk = w.desk().await;
    revoke(&desk, "45.77.9.2").await;
    w.tick().await;
    assert!(b.actor.feed("ipv4.txt").await.is_empty(), "it was taken back");
    let versions = b.actor.indicators("45.77.9.2").await;
    assert_eq!(versions.len(), released.len() + 1);
    for pair in versions.windows(2) {
        assert!(moment(&pair[0], "modified") < moment(&pair[1], "modified"), "{pair:?}");
    }
}

async fn what_the_desk_takes_back_stays_back_though_it_is_reported_again(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    a.actor.report_text("45.77.9.3").await.accepted();
    w.tick().await;
    w.clock.advance(3 * DAY);
    b.actor.report_text("45.77.9.3").await.accepted();
    let desk = w.desk().await;
    revoke(&desk, "45.77.9.3").await;
    w.tick().await;
    assert!(b.actor.feed("ipv4.txt").await.is_empty());
    let last = b.actor.indicators("45.77.9.3").await.pop().unwrap();
    assert_eq!(last["revoked"], true, "{last}");
}

/// A released-to-be URL that is held at its tick, because a member declared the domain meanwhile;
/// then the member gives the domain up.
async fn held_then_free(w: &World, reporter: &Actor, owner: &str) {
    reporter.report_text("https://kawara-yane.net/a").await.accepted();
    admin::declare_asset(&w.hub, owner, AssetKind::Domain, "kawara-yane.net").await.unwrap();
    assert_eq!(w.tick().await.held, 1);
    admin::undeclare_asset(&w.hub, owner, AssetKind::Domain, "kawara-yane.net").await.unwrap();
    w.tick().await;
    assert!(reporter.feed("url.txt").await.is_empty());
}

async fn what_was_held_once_goes_out_when_it_passes_again(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    held_then_free(&w, &a.actor, &b.id).await;
    let view = b.actor.report_text("https://kawara-yane.net/a").await.json();
    assert_eq!(view["indicators"][0]["verdict"], "passed", "{view}");
    w.tick().await;
    assert_eq!(a.actor.feed("url.txt").await, ["https://kawara-yane.net/a"]);
}

async fn a_held_value_that_is_reported_with_a_hold_waits_for_it(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    held_then_free(&w, &a.actor, &b.id).await;
    let until = w.hub.now().plus_days(1).to_string();
    let fields = json!({"indicators": ["https://kawara-yane.net/a"], "hold_until": until});
    b.actor.report(fields).await.accepted();
    w.tick().await;
    assert!(a.actor.feed("url.txt").await.is_empty(), "before the hold ended");
    w.later(DAY).await;
    assert_eq!(a.actor.feed("url.txt").await, ["https://kawara-yane.net/a"]);
}

/// A report whose context waits for the reporter's yes.
async fn proposed(w: &World, reporter: &Actor) -> String {
    let fields = json!({"techniques": ["T1566.001"], "indicators": ["45.77.9.4"]});
    let id = reporter.report(fields).await.accepted();
    let path = format!("/api/v1/desk/reports/{id}/context");
    let desk = w.desk().await;
    let answer = desk.post_json(&path, &json!({"decision": "approve"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    format!("/api/v1/reports/{id}/context")
}

async fn a_context_batch_that_failed_goes_out_with_the_next_tick(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.crowd(5).await;
    w.tick().await;
    let path = proposed(&w, &a.actor).await;
    let answer = a.actor.post_json(&path, &json!({"decision": "approve"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let swap = |sql: &'static str| w.hub.vault().write("test.swap", move |tx| tx.execute(sql, &[]));
    w.clock.advance(7 * DAY);
    swap("ALTER TABLE outbox RENAME TO outbox_away").await.unwrap();
    assert!(context::release_due(&w.hub).await.is_err());
    swap("ALTER TABLE outbox_away RENAME TO outbox").await.unwrap();
    assert_eq!(context::release_due(&w.hub).await.unwrap(), 1);
    assert!(a.actor.objects(CONTEXTS).await.iter().any(|o| o["type"] == "report"));
    // Once in a period.
    assert_eq!(context::release_due(&w.hub).await.unwrap(), 0);
}

async fn who_has_no_signature_approves_no_context(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let path = proposed(&w, &a.actor).await;
    admin::withdraw_agreement(&w.hub, &a.id).await.unwrap();
    let yes = a.actor.post_json(&path, &json!({"decision": "approve"})).await;
    yes.refused(403, "no-agreement");
    // A no keeps it inside, so everybody may say it.
    let no = a.actor.post_json(&path, &json!({"decision": "decline"})).await;
    assert_eq!(no.status, StatusCode::OK, "{}", no.text());
}

async fn a_plain_cookie_is_nobody_under_https(place: &Place) {
    let w = World::with(place, |c| c.hub.public_url = "https://hub.example".to_owned()).await;
    let account = admin::NewAccount { role: Role::Desk, member: None, name: "A B".to_owned() };
    let account = admin::add_account(&w.hub, account).await.unwrap();
    let link = admin::sign_in_link(&w.hub, &account).await.unwrap();
    let token = noroshi_seal::Token::parse(link.rsplit('/').next().unwrap()).unwrap();
    let session = noroshi_hub::access::use_link(&w.hub, &token).await.unwrap().unwrap();
    let token = session.token.expose().to_string();
    for (name, status) in [("noroshi", 401), ("__Host-noroshi", 200)] {
        let actor = w.actor(vec![("cookie", format!("{name}={token}"))]);
        let answer = actor.get("/api/v1/desk/reports").await;
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.text());
    }
    // A planted one beside it changes nothing.
    let both = w.actor(vec![("cookie", format!("noroshi=planted; __Host-noroshi={token}"))]);
    assert_eq!(both.get("/api/v1/desk/reports").await.status, StatusCode::OK);
}

async fn the_figures_do_not_tell_that_a_report_came_in(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let person = w.person(Role::Member, Some(&a.id)).await;
    let figures = async || {
        let text = w.anonymous().get("/metrics").await.text();
        // What the asking itself moves.
        text.lines().filter(|l| !l.contains("route=\"/metrics\"")).map(str::to_owned).collect()
    };
    // The first answer also begins the tables.
    let _: Vec<String> = figures().await;
    let before: Vec<String> = figures().await;
    a.actor.report_text("45.77.9.5").await.accepted();
    person.get("/reports").await;
    let after: Vec<String> = figures().await;
    assert_eq!(before, after);
}
