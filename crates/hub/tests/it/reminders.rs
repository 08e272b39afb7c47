//! Reminders by mail: once for each mark, over restarts, through a day without a mail server, and
//! nothing in them that a carrier may not read.

use axum::http::Method;
use noroshi_hub::access::Role;
use noroshi_hub::config::MailTls;
use noroshi_hub::reminders::{self, Passed};
use serde_json::{Value, json};

use crate::cases::{answer_all, at, power_company};
use crate::mail_server::MailServer;
use crate::place::Place;
use crate::world::{Answer, DAY, Member, SECOND, START, World};

crate::on_both_engines![
    a_mail_server_that_is_down_for_a_day_loses_nothing,
    what_became_pointless_is_not_sent,
    settings_are_checked_and_kept_as_typed,
    who_asks_for_details_gets_them,
];

pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const PATH: &str = "/api/v1/duties/reminders";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) async fn pass(w: &World) -> Passed {
    reminders::pass(&w.hub, &w.texts).await.unwrap()
}

/// Goes to so many hours after the start of the clock that the case has: 11:30 in Tokyo.
pub(crate) fn go(w: &World, hours: i64) {
    let start = START - HOUR / 2;
    w.clock.advance(start + hours * HOUR - w.hub.now().as_micros());
}

pub(crate) async fn messages(member: &Member) -> Vec<Value> {
    member.actor.get(PATH).await.json()["messages"].as_array().unwrap().clone()
}

pub(crate) fn states(messages: &[Value]) -> Vec<(&str, &str)> {
    let text = |m: &'_ Value, key: &str| m[key].as_str().unwrap_or_default().to_owned();
    let mut all: Vec<(&str, &str)> = messages
        .iter()
        .map(|m| (m["mark"].as_str().unwrap_or("trial"), m["state"].as_str().unwrap()))
        .collect();
    assert!(messages.iter().all(|m| text(m, "id").starts_with("n-")));
    all.sort_unstable();
    all
}

pub(crate) async fn set(member: &Member, settings: Value) -> Answer {
    member.actor.put_json(PATH, &settings).await
}

async fn a_mail_server_that_is_down_for_a_day_loses_nothing(place: &Place) {
    let Some(mut server) = MailServer::new(place.folder.path()) else { return };
    let port = server.port;
    let ca = server.ca();
    let open = async || {
        World::with(place, |c| {
            c.hub.public_url = "http://hub.example.org".to_owned();
            c.smtp.host = "localhost".to_owned();
            c.smtp.port = port;
            c.smtp.ca = ca.clone();
            c.smtp.from = "noroshi@hub.example.org".to_owned();
        })
        .await
    };
    let w = open().await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let mails = json!(["soc@kure.example.jp", "legal@kure.example.jp"]);
    let wanted = json!({"marks": ["50", "80", "100"], "mails": mails, "language": "both"});
    assert_eq!(set(&member, wanted).await.status, 200);
    assert_eq!(pass(&w).await, Passed::default());
    // Half of the 108.5 hours to the first deadline are gone, and nobody takes mail.
    go(&w, 55);
    assert_eq!(pass(&w).await, Passed { decided: 1, failed: 2, ..Passed::default() });
    for _ in 0..24 {
        w.clock.advance(HOUR);
        let p = pass(&w).await;
        assert_eq!((p.decided, p.sent, p.dead), (0, 0, 0));
    }
    let waiting = messages(&member).await;
    assert_eq!(states(&waiting), [("50", "waiting"), ("50", "waiting")]);
    assert_eq!(waiting[0]["trouble"], "unreachable");
    assert!(waiting[0]["attempts"].as_i64().unwrap() > 20, "{waiting:?}");
    let person = w.person(Role::Member, Some(&member.id)).await;
    let page = person.get("/duties/reminders?lang=en").await.text();
    assert!(page.contains("waiting to be sent") && page.contains("cannot be reached"), "{page}");
    let page = person.get("/duties?lang=ja").await.text();
    assert!(page.contains("2 件が送信待ち"), "{page}");
    // The operator sees how many, and nothing of whom.
    let operator = w.person(Role::Operator, None).await;
    let counts = operator.get("/operator/reminders?lang=en").await.text();
    assert!(counts.contains("cannot be reached") && counts.contains("<td>2</td>"), "{counts}");
    assert!(!counts.contains("kure") && !counts.contains("appi") && !counts.contains(&report));
    // Over a restart nothing is decided twice; then the server is back.
    let w = {
        let now = w.hub.now();
        drop(w);
        let w = open().await;
        w.clock.advance(now.as_micros() - w.hub.now().as_micros());
        w
    };
    server.start();
    w.clock.advance(HOUR);
    assert_eq!(pass(&w).await, Passed { sent: 2, ..Passed::default() });
    w.clock.advance(HOUR);
    assert_eq!(pass(&w).await, Passed::default());
    let mails = server.arrived(2);
    assert_eq!(mails.len(), 2);
    let mut to: Vec<&str> = mails.iter().map(|m| m.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["legal@kure.example.jp", "soc@kure.example.jp"]);
    let mail = &mails[0];
    assert_eq!(mail.subject, "noroshi: 期限のお知らせ / noroshi: a deadline");
    assert!(
        mail.text.contains("More than 50 %") && mail.text.contains("50 % 以上"),
        "{}",
        mail.text
    );
    let link = format!("http://hub.example.org/reports/{report}#deadlines");
    assert!(mail.text.contains(&link), "{}", mail.text);
    assert_eq!(mail.date, (START - HOUR / 2) / SECOND + 80 * 3600);
    assert!(mail.raw.contains("Auto-Submitted: auto-generated"));
    assert!(mail.id.ends_with("@hub.example.org") && mail.id.starts_with("n-"));
    for secret in ["Denryoku", "電力", "個人", "appi", "APPI", "ランサム", "kazaana"] {
        assert!(!mail.raw.contains(secret) && !mail.text.contains(secret), "{secret}");
    }
    // Two marks passed while nobody looked: one message, and it does not hide that it is late.
    let member = Member { actor: w.with_key(&member.key), ..member };
    go(&w, 120);
    assert_eq!(pass(&w).await, Passed { decided: 1, sent: 2, ..Passed::default() });
    let late = server.arrived(4);
    assert_eq!(late.len(), 4);
    assert!(late[3].subject.contains("a deadline has passed"), "{}", late[3].subject);
    assert!(late[3].text.contains("期限を過ぎました"), "{}", late[3].text);
    assert_eq!(
        states(&messages(&member).await),
        [("100", "sent"), ("100", "sent"), ("50", "sent"), ("50", "sent")]
    );
    // What the server refuses for ever is given up at once; what it refuses for now waits.
    let mails = json!(["nobody@kure.example.jp", "later@kure.example.jp"]);
    let wanted = json!({"marks": [], "mails": mails});
    assert_eq!(set(&member, wanted).await.status, 200);
    let tried = member.actor.post_json(&format!("{PATH}/try"), &json!({})).await;
    assert_eq!(tried.json(), json!({"queued": 2}), "{}", tried.text());
    assert_eq!(pass(&w).await, Passed { failed: 1, dead: 1, ..Passed::default() });
    let all = messages(&member).await;
    let of = |a: &str| all.iter().find(|m| m["address"] == a).unwrap();
    assert_eq!(of("nobody@kure.example.jp")["trouble"], "refused");
    assert_eq!(of("later@kure.example.jp")["trouble"], "refused-for-now");
}

/// A hub with a mail server that nobody runs.
pub(crate) async fn without_server(place: &Place) -> World {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    World::with(place, |c| {
        c.smtp.host = "127.0.0.1".to_owned();
        c.smtp.port = port;
        c.smtp.tls = MailTls::None;
        c.smtp.from = "noroshi@hub.example.org".to_owned();
    })
    .await
}

async fn what_became_pointless_is_not_sent(place: &Place) {
    let w = without_server(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let wanted =
        json!({"marks": ["50", "80", "95", "100", "+24h"], "mails": ["soc@kure.example.jp"]});
    assert_eq!(set(&member, wanted.clone()).await.status, 200);
    go(&w, 55);
    assert_eq!(pass(&w).await.decided, 1);
    // The firm knew a day later than it said: the old deadline is none any more.
    let later = json!({"answers": {"aware_at": "2026-11-24T11:30:00+09:00"}});
    member.actor.put_json(&at(&report, "answers"), &later).await;
    let p = pass(&w).await;
    assert_eq!((p.decided, p.failed), (0, 0), "{p:?}");
    assert_eq!(states(&messages(&member).await), [("50", "cancelled")]);
    // Half of the new time; then a later mark replaces what still waits.
    go(&w, 80);
    assert_eq!(pass(&w).await.decided, 1);
    go(&w, 116);
    assert_eq!(pass(&w).await.decided, 1);
    let now = [("50", "cancelled"), ("50", "superseded"), ("80", "waiting")];
    assert_eq!(states(&messages(&member).await), now);
    // Filed: nobody needs it.
    let event = json!({"event": "stage-filed", "obligation": "jp-appi", "stage": "first"});
    assert_eq!(member.actor.post_json(&at(&report, "events"), &event).await.status, 200);
    pass(&w).await;
    let now = [("50", "cancelled"), ("50", "superseded"), ("80", "cancelled")];
    assert_eq!(states(&messages(&member).await), now);
    // Withdrawn: no other deadline reminds.
    let event = json!({"event": "withdrawn", "why": "a drill"});
    assert_eq!(member.actor.post_json(&at(&report, "events"), &event).await.status, 200);
    w.clock.advance(60 * DAY);
    assert_eq!(pass(&w).await, Passed::default());
    // Nobody is told any more where nobody is named.
    let nobody = json!({"marks": ["50"], "mails": []});
    assert_eq!(set(&member, nobody).await.status, 200);
    assert_eq!(pass(&w).await, Passed::default());
}

async fn who_asks_for_details_gets_them(place: &Place) {
    let Some(mut server) = MailServer::new(place.folder.path()) else { return };
    let (port, ca) = (server.port, server.ca());
    server.start();
    let w = World::with(place, |c| {
        c.smtp.host = "localhost".to_owned();
        c.smtp.port = port;
        c.smtp.ca = ca;
        c.smtp.from = "noroshi@hub.example.org".to_owned();
    })
    .await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let wanted = json!({
        "marks": ["80"], "mails": ["soc@kure.example.jp"], "language": "en", "detailed": true,
    });
    assert_eq!(set(&member, wanted).await.status, 200);
    go(&w, 90);
    assert_eq!(pass(&w).await, Passed { decided: 1, sent: 1, ..Passed::default() });
    let mail = &server.arrived(1)[0];
    assert!(mail.text.contains("2026-11-27 23:59:59 +09:00"), "{}", mail.text);
    assert!(mail.text.contains("Obligation: ") && mail.text.contains("Stage: "), "{}", mail.text);
    assert!(!mail.text.contains("期限"), "{}", mail.text);
    for secret in ["Denryoku", "電力", "ランサム", "kazaana"] {
        assert!(!mail.raw.contains(secret) && !mail.text.contains(secret), "{secret}");
    }
    // A server whose certificate nobody signed is told nothing.
    let w = World::with(place, |c| {
        c.smtp.host = "localhost".to_owned();
        c.smtp.port = port;
        c.smtp.from = "noroshi@hub.example.org".to_owned();
    })
    .await;
    w.clock.advance(4 * DAY);
    let member = Member { actor: w.with_key(&member.key), ..member };
    member.actor.post_json(&format!("{PATH}/try"), &json!({})).await;
    assert_eq!(pass(&w).await.failed, 1);
    assert_eq!(messages(&member).await[0]["trouble"], "tls");
    assert_eq!(server.arrived(1).len(), 1);
}

async fn settings_are_checked_and_kept_as_typed(place: &Place) {
    let w = without_server(place).await;
    let (member, _) = power_company(&w).await;
    for (wrong, field, code) in [
        (json!({"marks": ["50"], "mails": ["soc"]}), "mails", "no-mail-address"),
        (json!({"marks": ["50"], "mails": ["a@x.jp\nBcc: b@x.jp"]}), "mails", "no-mail-address"),
        (json!({"marks": ["50"], "mails": ["佐藤@example.jp"]}), "mails", "mail-not-ascii"),
        (json!({"marks": ["51"]}), "marks", "no-mark"),
        (json!({"marks": [], "language": "fr"}), "language", "no-language"),
        (
            json!({"marks": [], "webhook": "https://hooks.example.com/"}),
            "webhook",
            "no-webhooks-here",
        ),
        (
            json!({"marks": [], "mails": (0..6).map(|i| format!("a{i}@x.jp")).collect::<Vec<_>>()}),
            "mails",
            "too-many-addresses",
        ),
    ] {
        let refused = set(&member, wrong).await;
        refused.refused(422, code);
        assert_eq!(refused.json()["field"], field);
    }
    let before = member.actor.get(PATH).await.json();
    assert_eq!(before["mails"], json!([]));
    assert_eq!(before["marks"], json!(["50", "80", "95", "100", "+24h"]));
    // On the page: beside the field, with what was typed.
    let person = w.person(Role::Member, Some(&member.id)).await;
    let token = person.header("x-csrf-token").to_owned();
    let send = async |fields: &str| {
        let form = format!("_csrf={token}&{fields}");
        person.post("/duties/reminders?lang=en", FORM, form).await
    };
    let wrong = send("do=save&language=ja&mark=80&mails=soc%40kure.example.jp%0D%0Ahelpdesk").await;
    assert_eq!(wrong.status, 422);
    let text = wrong.text();
    assert!(text.contains("soc@kure.example.jp\nhelpdesk"), "{text}");
    assert!(
        text.contains("id=\"mails-error\"") && text.contains("value=\"ja\" selected"),
        "{text}"
    );
    let right = send("do=save&language=ja&mark=80&detailed=yes&mails=soc%40kure.example.jp").await;
    assert_eq!(right.status, 303, "{}", right.text());
    let now = member.actor.get(PATH).await.json();
    assert_eq!((&now["marks"], &now["detailed"]), (&json!(["80"]), &json!(true)));
    assert_eq!(now["mails"], json!(["soc@kure.example.jp"]));
    // Nobody else sees or changes it.
    let other = w.member("Other").await;
    assert_eq!(other.actor.get(PATH).await.json()["mails"], json!([]));
    let forged = person.send(
        Method::POST,
        "/duties/reminders",
        &[("content-type", FORM)],
        "do=save&language=ja&mails=".into(),
    );
    assert_eq!(forged.await.status, 403);
    let desk = w.desk().await;
    assert_eq!(desk.get("/duties/reminders").await.status, 404);
    assert_eq!(person.get("/operator/reminders").await.status, 404);
}
