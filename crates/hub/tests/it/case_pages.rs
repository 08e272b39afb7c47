//! What happens to a case, in a browser without a script: nothing is lost, nothing is hidden.

use axum::http::Method;
use noroshi_hub::access::Role;

use crate::cases::{answer_all, at, power_company};
use crate::place::Place;
use crate::world::{Actor, Answer, DAY, SECOND, World};

crate::on_both_engines![
    clocks_are_corrected_and_both_moments_stay,
    what_contradicts_or_cannot_be_read_is_told_beside_the_field,
    a_case_is_withdrawn_found_reportable_and_closed,
];

const HOUR: i64 = 3_600 * SECOND;

async fn send(person: &Actor, report: &str, lang: &str, fields: &[(&str, &str)]) -> Answer {
    let hex = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let token = ("_csrf", person.header("x-csrf-token"));
    let form = fields.iter().chain([&token]).map(|(n, v)| format!("{n}={}", hex(v)));
    let form = form.collect::<Vec<_>>().join("&");
    let media = "application/x-www-form-urlencoded";
    person.post(&format!("/reports/{report}/case?lang={lang}"), media, form).await
}

fn clock<'a>(clock: &'a str, at: &'a str, zone: &'a str, act: &'a str) -> [(&'a str, &'a str); 5] {
    [("form", "clock"), ("clock", clock), ("at", at), ("zone", zone), ("do", act)]
}

async fn clocks_are_corrected_and_both_moments_stay(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let person = w.person(Role::Member, Some(&member.id)).await;
    let stored = async || member.actor.get(&at(&report, "answers")).await.json();
    // Shown first: what would move, and nothing is saved.
    let wanted = clock("awareness", "2026-11-22T09:00", "Asia/Tokyo", "preview");
    let shown = send(&person, &report, "en", &wanted).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    let text = shown.text();
    let row = "2026-11-27 23:59:59 +09:00 (Asia/Tokyo) → <strong>2026-11-26 23:59:59";
    assert!(text.contains(row), "{text}");
    assert!(text.contains("value=\"2026-11-22T09:00\"") && text.contains("Nothing was saved yet"));
    assert_eq!(stored().await["version"], 1);
    // Then set, from another zone: the moment is the same.
    let wanted = clock("awareness", "2026-11-22T00:00", "UTC", "set");
    let set = send(&person, &report, "en", &wanted).await;
    assert_eq!(set.status, 303, "{}", set.text());
    assert_eq!(stored().await["version"], 2);
    let page = person.get(&format!("/reports/{report}/case?lang=en")).await.text();
    assert!(!page.contains("<script>") && !page.contains("style="), "{page}");
    assert!(page.contains("Moment corrected: "), "{page}");
    let history = page.split("id=\"history\"").nth(1).unwrap();
    assert!(
        history.contains("2026-11-23 11:30:00 +09:00 (Asia/Tokyo) → 2026-11-22 00:00:00 +00:00")
    );
    assert!(history.contains("A B"), "who did it: {history}");
    // Submitted after its deadline by telephone: noted, and stamped.
    w.clock.advance(6 * DAY);
    let person = w.person(Role::Member, Some(&member.id)).await;
    let filed = [
        ("form", "filed"),
        ("stage", "jp-appi/first"),
        ("at", "2026-11-29T10:00"),
        ("zone", "Asia/Tokyo"),
        ("do", "filed"),
    ];
    assert_eq!(send(&person, &report, "en", &filed).await.status, 303);
    let page = person.get(&format!("/reports/{report}/case?lang=en")).await.text();
    let submitted = page.split("<h3>Submitted</h3>").nth(1).unwrap();
    let submitted = submitted.split("</section>").next().unwrap();
    assert!(submitted.contains("<strong>LATE</strong>"), "{submitted}");
    assert!(submitted.contains("2026-11-29 10:00:00 +09:00"), "{submitted}");
    let japanese = person.get(&format!("/reports/{report}/case?lang=ja")).await.text();
    assert!(japanese.contains("期限超過") && japanese.contains("時刻の訂正"), "{japanese}");
}

async fn what_contradicts_or_cannot_be_read_is_told_beside_the_field(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let person = w.person(Role::Member, Some(&member.id)).await;
    let stored = async || member.actor.get(&at(&report, "answers")).await.json()["version"].clone();
    let typed = "2026-11-20T20:00";
    let before =
        send(&person, &report, "en", &clock("awareness", typed, "Asia/Tokyo", "set")).await;
    assert_eq!(before.status, 422);
    let text = before.text();
    assert!(text.contains("id=\"clock-despite-error\""), "{text}");
    assert!(text.contains("aria-describedby=\"clock-despite-error\""), "{text}");
    assert!(text.contains("would come before") && text.contains(&format!("value=\"{typed}\"")));
    assert!(text.contains("<option value=\"awareness\" selected>"), "{text}");
    for (clock_id, moment, zone, error) in [
        ("awareness", "2026-11-23T09:00", "Asia/Edo", "clock-zone-error"),
        ("awareness", "yesterday", "Asia/Tokyo", "clock-at-error"),
        ("awareness", "", "Asia/Tokyo", "clock-at-error"),
        ("awareness", "2027-01-01T09:00", "Asia/Tokyo", "clock-at-error"),
        ("gong", "2026-11-23T09:00", "Asia/Tokyo", "clock-clock-error"),
        ("awareness", "2026-11-23T09:00]x[", "Asia/Tokyo", "clock-at-error"),
    ] {
        let refused = send(&person, &report, "ja", &clock(clock_id, moment, zone, "set")).await;
        assert_eq!(refused.status, 422, "{moment} {zone}");
        let text = refused.text();
        assert!(text.contains(&format!("id=\"{error}\"")), "{moment} {zone}: {text}");
        assert!(text.contains(&format!("value=\"{zone}\"")), "{text}");
    }
    assert_eq!(stored().await, 1);
    // It can be true all the same; then it is kept, and told wherever the case is.
    let mut despite = clock("awareness", typed, "Asia/Tokyo", "set").to_vec();
    despite.push(("despite", "yes"));
    assert_eq!(send(&person, &report, "en", &despite).await.status, 303);
    assert_eq!(stored().await, 2);
    let page = person.get(&format!("/reports/{report}/case?lang=en")).await.text();
    assert!(page.contains("Look at this before you file"), "{page}");
    // Reasons are kept as typed; a form of another session changes nothing.
    let long = "長".repeat(501);
    for why in ["", &long] {
        let fields = [("form", "withdraw"), ("why", why), ("zone", "Asia/Tokyo")];
        let refused = send(&person, &report, "ja", &fields).await;
        assert_eq!(refused.status, 422);
        let text = refused.text();
        assert!(text.contains("id=\"withdraw-why-error\"") && text.contains(why), "{text}");
    }
    let path = format!("/reports/{report}/case");
    let media = [("content-type", "application/x-www-form-urlencoded")];
    let forged = person.send(Method::POST, &path, &media, "form=close".into()).await;
    assert_eq!(forged.status, 403);
    let other = w.member("Other").await;
    let other = w.person(Role::Member, Some(&other.id)).await;
    assert_eq!(other.get(&path).await.status, 404);
    assert_eq!(send(&other, &report, "en", &[("form", "close")]).await.status, 404);
}

async fn a_case_is_withdrawn_found_reportable_and_closed(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let person = w.person(Role::Member, Some(&member.id)).await;
    let duties = async || {
        let found = member.actor.get(&at(&report, "duties")).await.json();
        found["duties"].as_array().unwrap().len()
    };
    let all = duties().await;
    assert!(all > 2);
    let step = async |fields: &[(&str, &str)]| {
        w.clock.advance(HOUR);
        let done = send(&person, &report, "en", fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
    };
    let under = ("obligation", "jp-appi");
    step(&[("form", "reclassify"), under, ("reportable", "no"), ("why", "匿名化されていた")]).await;
    let fewer = duties().await;
    assert!(fewer < all && fewer > 0);
    step(&[("form", "reclassify"), under, ("reportable", "yes"), ("why", "Found more.")]).await;
    assert_eq!(duties().await, all);
    step(&[("form", "withdraw"), ("obligation", ""), ("why", "A drill.")]).await;
    assert_eq!(duties().await, 0);
    step(&[("form", "close")]).await;
    let page = person.get(&format!("/reports/{report}/case?lang=en")).await.text();
    let history = page.split("id=\"history\"").nth(1).unwrap();
    let mut place = 0;
    for line in [
        "Closed (",
        "Withdrawn under: all",
        "Found reportable under",
        "匿名化されていた",
        "Answers, version 1",
    ] {
        let found = history[place..].find(line).unwrap_or_else(|| panic!("{line}: {history}"));
        place += found;
    }
    let events = member.actor.get(&at(&report, "duties")).await.json()["events"].clone();
    let names: Vec<&str> =
        events.as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["opened", "reclassified", "reclassified", "withdrawn", "closed"]);
}
