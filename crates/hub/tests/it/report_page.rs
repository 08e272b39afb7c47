//! A report's page: its history, every version of its answers, and what a report would start.

use noroshi_hub::access::Role;
use serde_json::json;

use crate::cases::{answer_all, at, power_company};
use crate::place::Place;
use crate::world::{SECOND, World};

crate::on_both_engines![the_history_tells_every_stage, the_panel_foresees_what_sending_starts];

async fn the_history_tells_every_stage(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    let person = w.person(Role::Member, Some(&member.id)).await;
    let history = async |report: &str| {
        let page = person.get(&format!("/reports/{report}")).await.text();
        let start = page.split("class=\"timeline\"").nth(1).unwrap();
        start.split("</ol>").next().unwrap().to_owned()
    };
    let fresh = history(&report).await;
    assert!(fresh.contains("Report sent") && fresh.matches("<li").count() == 1, "{fresh}");

    w.clock.advance(60 * SECOND);
    answer_all(&member, &report).await;
    w.clock.advance(60 * SECOND);
    let path = at(&report, "answers");
    let later = json!({"answers": {"title": "a title given later"}});
    assert_eq!(member.actor.put_json(&path, &later).await.status, 200);
    w.clock.advance(60 * SECOND);
    let desk = w.desk().await;
    let approve = json!({"decision": "approve"});
    let context = format!("/api/v1/desk/reports/{report}/context");
    assert_eq!(desk.post_json(&context, &approve).await.status, 200);
    // A question that only the report's words open would not be told here; this one is shown.
    let ask = json!({"form": "still-running"});
    let asked = format!("/api/v1/desk/reports/{report}/questions");
    assert_eq!(desk.post_json(&asked, &ask).await.status, 201);
    w.clock.advance(60 * SECOND);
    let more = format!("/api/v1/reports?continues={report}");
    let second = member.actor.post(&more, "text/plain", "45.77.9.1").await.accepted();

    let steps = history(&report).await;
    let at = |text: &str| steps.find(text).unwrap_or_else(|| panic!("{text}: {steps}"));
    let order = [
        "Report sent",
        "Questions answered, version 1",
        "Questions answered, version 2",
        "The desk approved a description",
        "Added to the report",
    ];
    assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{steps}");
    at("The desk asked a question");
    at(&format!("href=\"/reports/{second}\""));
    // The same history on the page of what was added.
    assert_eq!(history(&second).await.matches("<li").count(), steps.matches("<li").count());

    // Every version is there to read, as it was given; nobody else reads it.
    let version = |n: u32| format!("/reports/{report}/answers/{n}");
    assert!(!person.get(&version(1)).await.text().contains("a title given later"));
    let newest = person.get(&version(2)).await.text();
    assert!(newest.contains("a title given later") && newest.contains("/answers/1\""), "{newest}");
    for missing in ["0", "3", "99999999999999999999", "x"] {
        let path = format!("/reports/{report}/answers/{missing}");
        assert_eq!(person.get(&path).await.status, 404, "{missing}");
    }
    let other = w.member("Bashouan").await;
    let other = w.person(Role::Member, Some(&other.id)).await;
    assert_eq!(other.get(&version(1)).await.status, 404);
}

async fn the_panel_foresees_what_sending_starts(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    let clauses = include_str!("../../../duty/tests/data/clauses.toml");
    let profile = json!({"facts": {"jurisdictions": ["JP"]}, "contracts": clauses});
    assert_eq!(member.actor.put_json("/api/v1/duties/profile", &profile).await.status, 200);
    let person = w.person(Role::Member, Some(&member.id)).await;
    let rows = w.rows().await;
    let panel = async |more: &[(&str, &str, &str)]| {
        let answer = crate::drafts::post(&person, "/report/panel", "d", more).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    };
    let text = ("text", "", "45.77.9.1 and 10.1.2.3");
    let without = panel(&[text, ("happened", "", "encrypted")]).await;
    assert!(without.contains("1 shared, 1 kept back") && without.contains("Give the time"));
    assert!(without.contains("<del><code>10.1.2.3</code></del>"), "{without}");
    let noticed = [text, ("noticed", "", "2026-11-23T11:30"), ("zone", "", "jst")];
    let with = panel(&noticed).await;
    assert!(with.contains("First deadline") && with.contains("2026-11-24 11:30"), "{with}");
    assert!(with.contains("as if you knew of it when you noticed"), "{with}");
    // What adds to a case starts no clock of its own.
    let added = panel(&[text, ("continues", "", &report)]).await;
    assert!(!added.contains("as if you knew of it"), "{added}");
    // What cannot be read yet is told in the panel, not with a failure.
    let half = panel(&[("text", "", "{\"type\": \"bundle\", ")]).await;
    assert!(half.contains("ends too early"), "{half}");
    assert!(panel(&[("text", "", " ")]).await.contains("Paste something"));
    // It brings the token of the present session, and changes nothing.
    assert!(with.contains(person.header("x-csrf-token")), "{with}");
    assert_eq!(w.rows().await, rows);
}
