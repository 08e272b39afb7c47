//! Deadlines as people and their calendars see them.

use axum::body::Body;
use axum::http::Method;
use noroshi_hub::access::Role;
use serde_json::json;

use crate::cases::{answer_all, power_company};
use crate::place::Place;
use crate::world::{Actor, DAY, World};

crate::on_both_engines![pages_show_deadlines_in_words, the_calendar_tells_no_secret];

/// What a form sends.
const FORM: &str = "application/x-www-form-urlencoded";

async fn pages_show_deadlines_in_words(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    let mut person = w.person(Role::Member, Some(&member.id)).await;
    let page = async |person: &Actor, path: &str| {
        let answer = person.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'"), "{policy}");
        let text = answer.text();
        assert!(!text.contains("<script>") && !text.contains("style="), "{path}");
        text
    };
    // Before anything is answered: what may apply, and where to say so.
    let before = page(&person, &format!("/reports/{report}?lang=en")).await;
    assert!(before.contains("id=\"deadlines\"") && before.contains("/duties#profile"));
    assert!(page(&person, "/duties?lang=en").await.contains("Nothing is owed"));
    answer_all(&member, &report).await;
    let of_report = page(&person, &format!("/reports/{report}?lang=ja")).await;
    let mut place = 0;
    for due in ["2026-11-27 23:59:59", "2026-12-22 23:59:59", "2026-12-23 23:59:59", "2027-01-21"] {
        let found = of_report[place..].find(due).unwrap_or_else(|| panic!("{due}: {of_report}"));
        place += found;
    }
    assert!(of_report.contains("二次資料による") && !of_report.contains("期限超過"));
    w.clock.advance(5 * DAY);
    // Sessions end, deadlines do not.
    person = w.person(Role::Member, Some(&member.id)).await;
    assert!(page(&person, &format!("/reports/{report}?lang=ja")).await.contains("期限超過"));
    let all = page(&person, "/duties?lang=en").await;
    assert!(all.contains("LATE") && all.contains("2026-11-27 23:59:59"), "{all}");
    assert!(all.contains(&format!("/reports/{report}#deadlines")));
    // The form: kept as typed where it is wrong, stored where it is right.
    let token = person.header("x-csrf-token").to_owned();
    let send =
        async |fields: &str| person.post("/duties", FORM, format!("_csrf={token}&{fields}")).await;
    let wrong = send("zone=Asia%2FEdo&fact-jurisdictions=JP").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Asia/Edo"), "what was typed is lost");
    let right = "zone=Asia%2FTokyo&fact-jurisdictions=JP&fact-jurisdictions=EU&fact-sectors=jp-espa%2Felectricity\
                 &fact-jp_espa_designated=yes&fact-telecom_carrier=unknown&fact-telecom_subscribers=";
    let right = send(right).await;
    assert_eq!(right.status, 303, "{}", right.text());
    let facts = member.actor.get("/api/v1/duties/profile").await.json()["facts"].clone();
    let expected = json!({
        "jurisdictions": ["JP", "EU"],
        "sectors": ["jp-espa/electricity"],
        "jp_espa_designated": "yes",
    });
    assert_eq!(facts, expected);
    let kept = page(&person, "/duties?lang=en").await;
    assert!(kept.contains("<option value=\"EU\" selected>"), "{kept}");
    let forged =
        person.send(Method::POST, "/duties", &[("content-type", FORM)], Body::from("zone=UTC"));
    assert_eq!(forged.await.status, 403);
}

async fn the_calendar_tells_no_secret(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    let empty = member.actor.get("/api/v1/duties.ics?lang=en").await;
    assert_eq!(
        empty.text(),
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//noroshi//duties//EN\r\nEND:VCALENDAR\r\n"
    );
    answer_all(&member, &report).await;
    let first = member.actor.get("/api/v1/duties.ics?lang=en").await;
    assert_eq!(first.headers["content-type"], "text/calendar; charset=utf-8");
    let text = first.text();
    assert!(text.split("\r\n").all(|l| l.len() <= 75 && !l.contains('\n')), "{text}");
    let lines: Vec<String> =
        text.replace("\r\n ", "").trim_end().split("\r\n").map(str::to_owned).collect();
    let of = |name: &str| -> Vec<String> {
        lines.iter().filter_map(|l| l.strip_prefix(name)).map(str::to_owned).collect()
    };
    assert_eq!(
        of("DTSTART:"),
        ["20261127T145959Z", "20261222T145959Z", "20261223T145959Z", "20270121T145959Z"]
    );
    // A whole event, by hand.
    let start = lines.iter().position(|l| l == "BEGIN:VEVENT").unwrap();
    let uid = &of("UID:")[0];
    let summary = &of("SUMMARY:")[0];
    assert!(summary.contains(':') && !summary.contains("ランサム"), "{summary}");
    let expected = [
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{uid}"),
        "DTSTAMP:20261123T030001Z".to_owned(),
        "DTSTART:20261127T145959Z".to_owned(),
        format!("SUMMARY:{summary}"),
        "CLASS:CONFIDENTIAL".to_owned(),
        "TRANSP:TRANSPARENT".to_owned(),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        format!("DESCRIPTION:{summary}"),
        "TRIGGER:-P1D".to_owned(),
        "END:VALARM".to_owned(),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        format!("DESCRIPTION:{summary}"),
        "TRIGGER:-PT4H".to_owned(),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
    ];
    assert_eq!(lines[start..start + expected.len()], expected);
    for secret in [report.as_str(), "架空電力", "Denryoku", "端末", "denryoku.example"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    // A later look, after a restart too: the same events under the same names.
    w.clock.advance(DAY);
    let again = World::new(place).await;
    let later = again.with_key(&member.key).get("/api/v1/duties.ics?lang=en").await.text();
    let later = later.replace("\r\n ", "");
    let uids: Vec<_> = later.split("\r\n").filter_map(|l| l.strip_prefix("UID:")).collect();
    assert_eq!(uids, of("UID:"));
    w.desk().await.get("/api/v1/duties.ics").await.refused(404, "not-found");
}
