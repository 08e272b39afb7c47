//! The queue of reminders: no letter holds back others, an address that was corrected is told, trials
//! are few, and what became pointless never leaves.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use noroshi_hub::access::Role;
use noroshi_hub::config::MailTls;
use noroshi_hub::reminders::Passed;
use noroshi_hub::vault::reminders::SettingRow;
use serde_json::json;

use crate::cases::{answer_all, at, power_company};
use crate::place::Place;
use crate::reminders::{FORM, HOUR, PATH, go, messages, pass, set, states, without_server};
use crate::world::{DAY, SECOND, World};

crate::on_both_engines![
    one_letter_holds_back_no_other,
    an_address_that_was_corrected_is_told,
    addresses_that_change_bomb_nobody,
    trials_are_few,
    what_goes_nowhere_any_more_does_not_leave,
];

/// A mail server that knows no extension of SMTP, and no mailbox `nobody`.
fn plain_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            reader.get_mut().write_all(b"220 plain.test\r\n").unwrap();
            let (mut line, mut in_data) = (String::new(), false);
            while reader.read_line(&mut line).unwrap_or(0) > 0 {
                let answer = match line.trim_end() {
                    "." => "250 OK",
                    _ if in_data => "",
                    "DATA" => "354 Go on",
                    "QUIT" => "221 Bye",
                    l if l.starts_with("RCPT TO:<nobody@") => "550 No such mailbox",
                    _ => "250 OK",
                };
                in_data = (in_data || answer.starts_with("354")) && line != ".\r\n";
                if !answer.is_empty() {
                    reader.get_mut().write_all(format!("{answer}\r\n").as_bytes()).unwrap();
                }
                line.clear();
            }
        }
    });
    port
}

async fn with_plain_server(place: &Place) -> World {
    let port = plain_server();
    World::with(place, |c| {
        c.smtp.host = "127.0.0.1".to_owned();
        c.smtp.port = port;
        c.smtp.tls = MailTls::None;
        c.smtp.from = "noroshi@hub.example.org".to_owned();
    })
    .await
}

async fn one_letter_holds_back_no_other(place: &Place) {
    let w = with_plain_server(place).await;
    let (member, _) = power_company(&w).await;
    // As an earlier version took it.
    let row = SettingRow {
        language: "ja".to_owned(),
        detailed: false,
        marks: String::new(),
        mails: "佐藤@x.jp\na@x.jp\nb@x.jp\nnobody@x.jp\nc@x.jp".to_owned(),
        webhook: String::new(),
        secret: Vec::new(),
    };
    let (id, now) = (member.id.clone(), w.hub.now());
    let write = move |tx: &mut noroshi_store::Tx<'_>| {
        noroshi_hub::vault::reminders::set(tx, &id, now, &row)
    };
    w.hub.vault().write("test.reminders", write).await.unwrap();
    member.actor.post_json(&format!("{PATH}/try"), &json!({})).await;
    assert_eq!(pass(&w).await, Passed { sent: 3, dead: 2, ..Passed::default() });
}

async fn an_address_that_was_corrected_is_told(place: &Place) {
    let w = without_server(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let to = |mail: &str| json!({"marks": ["50", "80"], "mails": [mail]});
    assert_eq!(set(&member, to("sco@kure.example.jp")).await.status, 200);
    go(&w, 55);
    assert_eq!(pass(&w).await, Passed { decided: 1, failed: 1, ..Passed::default() });
    assert_eq!(set(&member, to("soc@kure.example.jp")).await.status, 200);
    assert_eq!(pass(&w).await, Passed { failed: 1, ..Passed::default() });
    let all = messages(&member).await;
    assert_eq!(states(&all), [("50", "cancelled"), ("50", "waiting")]);
    let waiting = all.iter().find(|m| m["state"] == "waiting").unwrap();
    assert_eq!(waiting["address"], "soc@kure.example.jp");
    // Once.
    w.clock.advance(HOUR);
    assert_eq!(pass(&w).await, Passed { failed: 1, ..Passed::default() });
    assert_eq!(messages(&member).await.len(), 2);
}

async fn addresses_that_change_bomb_nobody(place: &Place) {
    let w = with_plain_server(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    go(&w, 55);
    let mut sent = 0;
    for i in 0..16 {
        let to = json!({"marks": ["50"], "mails": [format!("a{i}@kure.example.jp")]});
        assert_eq!(set(&member, to).await.status, 200);
        sent += pass(&w).await.sent;
    }
    assert_eq!(sent, 12);
}

async fn trials_are_few(place: &Place) {
    let w = without_server(place).await;
    let (member, _) = power_company(&w).await;
    assert_eq!(set(&member, json!({"marks": [], "mails": ["soc@x.jp"]})).await.status, 200);
    let path = format!("{PATH}/try");
    for round in 0..5 {
        let tried = member.actor.post_json(&path, &json!({})).await;
        assert_eq!(tried.status, 200, "{round}: {}", tried.text());
        w.clock.advance(9 * 60 * SECOND);
        member.actor.post_json(&path, &json!({})).await.refused(429, "too-many-trials");
        w.clock.advance(60 * SECOND);
    }
    member.actor.post_json(&path, &json!({})).await.refused(429, "too-many-trials");
    let person = w.person(Role::Member, Some(&member.id)).await;
    let form = format!("_csrf={}&do=try", person.header("x-csrf-token"));
    let page = person.post("/duties/reminders?lang=ja", FORM, form).await;
    assert_eq!(page.status, 429);
    assert!(page.text().contains("10分に1回"), "{}", page.text());
    w.clock.advance(DAY);
    assert_eq!(member.actor.post_json(&path, &json!({})).await.status, 200);
}

async fn what_goes_nowhere_any_more_does_not_leave(place: &Place) {
    let w = with_plain_server(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let to = |mail: &str| json!({"marks": ["50"], "mails": [mail]});
    assert_eq!(set(&member, to("nobody@x.jp")).await.status, 200);
    go(&w, 55);
    assert_eq!(pass(&w).await, Passed { decided: 1, dead: 1, ..Passed::default() });
    let event = json!({"event": "stage-filed", "obligation": "jp-appi", "stage": "first"});
    assert_eq!(member.actor.post_json(&at(&report, "events"), &event).await.status, 200);
    pass(&w).await;
    // Tried anew after its stage was filed.
    let all = messages(&member).await;
    let again = format!("{PATH}/messages/{}", all[0]["id"].as_str().unwrap());
    assert_eq!(member.actor.post_json(&again, &json!({})).await.status, 200);
    assert_eq!(pass(&w).await, Passed::default());
    assert_eq!(states(&messages(&member).await), [("50", "cancelled")]);
    // A trial to an address that was removed.
    member.actor.post_json(&format!("{PATH}/try"), &json!({})).await;
    assert_eq!(set(&member, to("soc@x.jp")).await.status, 200);
    assert_eq!(pass(&w).await, Passed::default());
    let now = [("50", "cancelled"), ("trial", "cancelled")];
    assert_eq!(states(&messages(&member).await), now);
    // A trial of a member that left.
    w.clock.advance(HOUR);
    member.actor.post_json(&format!("{PATH}/try"), &json!({})).await;
    let (id, now) = (member.id.clone(), w.hub.now());
    let leave =
        move |tx: &mut noroshi_store::Tx<'_>| noroshi_hub::vault::members::leave(tx, &id, now);
    w.hub.vault().write("test.leave", leave).await.unwrap();
    assert_eq!(pass(&w).await, Passed::default());
}
