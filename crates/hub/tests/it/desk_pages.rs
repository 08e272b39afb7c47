//! The desk's pages: the queue, the marked text, decisions of two, campaigns, the hours.

use axum::http::{StatusCode, header};
use noroshi_hub::access::Role;
use noroshi_hub::tick;

use crate::web_world::{Browser, World, between};

/// A mail with a sender, a link, the reporter's and another member's name, a recipient.
const MAIL: &str = "From: Kaiun Post <billing@kaiun-post.net>\r\n\
To: taro@kaku-heavy.co.jp\r\nSubject: =?UTF-8?B?6KuL5rGC5pu444Gu5Lu2?=\r\n\
Content-Type: text/plain; charset=utf-8\r\n\r\n\
架空重工業の皆様\r\nKaku Railway has the same. See hxxps://cdn-teikei[.]org/up and 10.1.2.3\r\n\
Version 1.0.0.0, look-alike http://kaku-electric-vpn.net/\r\n";

/// Files a report as the first member; its id.
async fn file(member: &Browser, fields: &[(&str, &str, &str)], key: &str) -> String {
    let csrf = member.csrf().await;
    let mut all = vec![("_csrf", "", csrf.as_str()), ("idempotency", "", key), ("do", "", "send")];
    all.extend_from_slice(fields);
    let sent = member.upload("/report", &all).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.place().trim_start_matches("/reports/").to_owned()
}

async fn mail(member: &Browser) -> String {
    let fields = [("file", "mail.eml", MAIL), ("attack_type", "", "phishing"), ("text", "", "")];
    file(member, &fields, "k-mail").await
}

/// Text without the marks that stand around numbers.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect()
}

#[tokio::test]
async fn the_queue_can_be_filtered_and_paged() {
    let world = World::new().await;
    let member = world.member().await;
    mail(&member).await;
    for n in 0..60 {
        let text = format!("45.77.6.{n}");
        let kind = if n == 7 { "ransomware" } else { "phishing" };
        file(&member, &[("text", "", &text), ("attack_type", "", kind)], &format!("k{n}")).await;
    }
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let first = desk.get("/desk").await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.body.matches("data-row class").count(), 50);
    let tab = between(&first.body, "aria-current=\"page\">All <b>", "</b>");
    assert_eq!(tab, "123", "61 reports, 61 descriptions, one value");
    // The urgent one stands first, in both of its rows.
    let at = first.body.find("ransomware").unwrap();
    assert!(at < first.body.find("phishing").unwrap_or(usize::MAX));
    let mut seen = 50;
    let mut page = first;
    while let Some((_, rest)) = page.body.split_once("rel=\"next\"") {
        let before = &page.body[..page.body.len() - rest.len()];
        let next = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        let next = next.replace("&amp;", "&").replace("&#38;", "&");
        page = desk.get(&next).await;
        assert_eq!(page.status, StatusCode::OK, "{next}");
        seen += page.body.matches("data-row class").count();
    }
    assert_eq!(seen, 123);
    let values = desk.get("/desk?show=value").await.body;
    assert_eq!(values.matches("data-row class").count(), 1);
    assert!(values.contains("http://kaku-electric-vpn.net/"), "{values}");
    let urgent = desk.get("/desk?show=report&urgency=2").await.body;
    assert_eq!(urgent.matches("data-row class").count(), 1);
    assert!(desk.get("/desk?age=1h").await.body.contains("Nothing waits here"));
    // Less than what ends a session.
    world.clock.advance(5_400_000_000);
    assert!(!desk.get("/desk?age=1h").await.body.contains("Nothing waits here"));
    // Nonsense asks for everything.
    let odd = desk.get("/desk?show=%00&urgency=9&age=x&after=1.2").await;
    assert_eq!(odd.status, StatusCode::OK);
    assert_eq!(odd.body.matches("data-row class").count(), 50);
    assert!(odd.body.len() < 100_000, "{}", odd.body.len());
}

#[tokio::test]
async fn the_text_is_marked_with_what_was_found_in_it() {
    let world = World::new().await;
    let id = mail(&world.member().await).await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let page = plain(&desk.get(&format!("/desk/reports/{id}")).await.body);
    let marked = between(&page, "id=\"originals\"", "aria-labelledby=\"indicators\"");
    let mark = |text: &str| {
        let (before, after) = marked
            .split_once(&format!(">{text}<small>"))
            .unwrap_or_else(|| panic!("{text} is not marked: {marked}"));
        let class = before.rsplit("class=\"").next().unwrap().split('"').next().unwrap();
        let label = after.split("</small>").next().unwrap().trim().to_owned();
        let why = between(after, "class=\"tip\">", "</span>").to_owned();
        (class.to_owned(), label, why)
    };
    assert_eq!(mark("hxxps://cdn-teikei[.]org/up").0, "m goes");
    assert_eq!(mark("billing@kaiun-post.net").0, "m goes");
    let (class, label, why) = mark("Kaku Railway");
    assert_eq!((class.as_str(), label.as_str()), ("m victim", "member"));
    assert!(why.contains("Kaku Railway"), "{why}");
    assert_eq!(mark("架空重工業").1, "reporter");
    assert_eq!(mark("taro@kaku-heavy.co.jp").1, "recipient");
    assert_eq!(mark("10.1.2.3").1, "private address");
    assert_eq!(mark("1.0.0.0").0, "m none");
    let (class, label, why) = mark("http://kaku-electric-vpn.net/");
    assert_eq!((class.as_str(), label.as_str()), ("m victim", "member"));
    assert!(why.contains("desk decides"), "{why}");
    // The head of the mail stands apart, its subject decoded.
    assert!(marked.contains("Head of the mail") && marked.contains("請求書の件"), "{marked}");
}

#[tokio::test]
async fn a_long_original_is_cut_and_the_rest_is_a_page_away() {
    let world = World::new().await;
    let mut long = String::new();
    for n in 0..2_000 {
        long += &format!("2026-11-21 line {n} 接続 10.0.0.{}\n", n % 250);
    }
    long += "the last one is hxxp://kuro-umi[.]net/end\n";
    let id =
        file(&world.member().await, &[("file", "proxy.log", &long), ("text", "", "")], "k").await;
    let desk = world.signed_in(Role::Desk, None, "ja").await;
    let page = desk.get(&format!("/desk/reports/{id}")).await.body;
    assert!(page.contains("続きを表示") && !page.contains("/end<small>"), "{}", page.len());
    let mut next =
        between(&page, &format!("href=\"/desk/reports/{id}/originals/"), "\"").to_owned();
    let mut lines =
        between(&page, "id=\"originals\"", "id=\"indicators\"").matches("line ").count();
    let mut last = String::new();
    while !next.is_empty() {
        last = desk.get(&format!("/desk/reports/{id}/originals/{next}")).await.body;
        lines += last.matches("line ").count();
        assert!(last.len() < 400_000, "{}", last.len());
        next = between(&last, "class=\"button\" href=\"/desk/reports/", "\"").to_owned();
        next = next.rsplit("originals/").next().unwrap_or_default().to_owned();
    }
    assert!(last.contains(">hxxp://kuro-umi[.]net/end<small>"), "{last}");
    assert_eq!(lines, 2_000, "no line is lost or shown twice");
    let none = desk.get(&format!("/desk/reports/{id}/originals/7")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_second_of_two_sees_who_was_first_and_loses_nothing() {
    let world = World::new().await;
    let id = mail(&world.member().await).await;
    let (one, two) = (
        world.signed_in(Role::Desk, None, "en").await,
        world.signed_in(Role::Desk, None, "en").await,
    );
    let (own, other) = (one.csrf().await, two.csrf().await);
    let at = format!("/desk/reports/{id}");
    assert!(!one.get(&at).await.body.contains("Looking at this report now"));
    let page = plain(&two.get(&at).await.body);
    assert!(page.contains("Looking at this report now: desk person"), "{page}");

    // A question, while the other wrote one.
    let questions = format!("{at}/questions");
    let asked = one.post(&questions, &format!("_csrf={own}&from=0&form=still-running")).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    world.clock.advance(1_000_000);
    let mine = format!("_csrf={other}&from=0&form=free&text=Which+gateway+%3Cx%3E%3F");
    let late = two.post(&questions, &mine).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("asked a question"), "{}", late.body);
    assert!(late.body.contains("Which gateway &#60;x&#62;?"), "kept: {}", late.body);
    let again = between(&late.body, "name=\"from\" value=\"", "\"");
    assert_eq!(again, "1");
    let on = mine.replace("from=0", "from=1");
    assert_eq!(two.post(&questions, &on).await.status, StatusCode::SEE_OTHER);
    // The same again is a second click.
    assert_eq!(two.post(&questions, &on).await.status, StatusCode::SEE_OTHER);
    assert_eq!(two.get(&at).await.body.matches("Which gateway").count(), 1);

    // A hold, with a note.
    let hold = format!("{at}/act/hold");
    let first = format!("_csrf={own}&from=0&reason=vendor&hours=4");
    assert_eq!(one.post(&hold, &first).await.status, StatusCode::SEE_OTHER);
    let late =
        two.post(&hold, &format!("_csrf={other}&from=0&reason=other&hours=1&note=ask+Sato")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("ask Sato") && late.body.contains("put it aside"), "{}", late.body);

    // The context: approved by one, declined by two on a page from before.
    let shown = two.get(&at).await.body;
    let wording = between(&shown, "name=\"wording\" value=\"", "\"").to_owned();
    let decide = format!("{at}/context");
    let yes = format!("_csrf={own}&decision=approve&from=proposed&wording={wording}");
    assert_eq!(one.post(&decide, &yes).await.status, StatusCode::SEE_OTHER);
    let no = format!("_csrf={other}&decision=decline&from=proposed&wording={wording}");
    let late = two.post(&decide, &no).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("approved the description for the desk"), "{}", late.body);
    let still = between(&late.body, "name=\"from\" value=\"", "\"");
    assert_eq!(still, "desk-approved");
    // Whoever goes on, does.
    let on = format!("_csrf={other}&decision=decline&from={still}");
    assert_eq!(two.post(&decide, &on).await.status, StatusCode::SEE_OTHER);
    assert!(one.get(&at).await.body.contains("Not shared: it was declined"));

    // A value: one releases, two refuses a little later.
    let queue = one.get("/desk?show=value").await.body;
    let print = between(&queue, "action=\"/desk/values/", "\"").to_owned();
    let path = format!("/desk/values/{print}");
    let ruling = format!("_csrf={own}&ruling=release&back=%2Fdesk%3Fshow%3Dvalue");
    assert_eq!(one.post(&path, &ruling).await.place(), "/desk?show=value");
    let refuse = format!("_csrf={other}&ruling=refuse");
    let late = two.post(&path, &refuse).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    // A way back to elsewhere is not taken.
    for bad in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2Fdeskx", "%2Fdesk%0d%0aX"] {
        let keys = one.post("/desk/keys", &format!("_csrf={own}&keys=off&back={bad}")).await;
        assert_eq!(keys.place(), "/desk");
    }
}

#[tokio::test]
async fn the_exact_words_are_seen_before_anybody_approves() {
    let world = World::new().await;
    let fields = [("text", "", "我々のところに変なメールが来た")];
    let id = file(&world.member().await, &fields, "k").await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let csrf = desk.csrf().await;
    let at = format!("/desk/reports/{id}");
    let page = desk.get(&format!("{at}?template=mail-malware")).await.body;
    assert!(page.contains("value=\"targeted-mail\" selected"), "{page}");
    assert!(page.contains("value=\"T1566.001\" checked"), "{page}");
    let compose = format!("{at}/context/compose");
    let chosen =
        "attack_type=targeted-mail&technique=T1566.001&impact=&course_of_action=quarantine-mail";
    let form = |page: &str| between(page, "context/compose\">", "</form>").to_owned();
    let from = between(&form(&page), "name=\"from\" value=\"", "\"").to_owned();
    assert!(from.starts_with("nothing-"), "{from}");
    let kept = desk.post(&compose, &format!("_csrf={csrf}&from={from}&{chosen}")).await;
    assert_eq!(kept.place(), format!("{at}#context"));
    let page = plain(&desk.get(&at).await.body);
    let context = between(&page, "aria-labelledby=\"context\"", "</section>");
    for shown in [
        "A member reported: targeted attack e-mail",
        "会員からの報告: 標的型メール攻撃",
        "6 members fit this label",
        "16.7 % (1/6)",
        "20.0 % (1/5)",
    ] {
        assert!(context.contains(shown), "{shown}: {context}");
    }
    let free = format!("_csrf={csrf}&from=proposed&attack_type=Kure&technique=Kaku");
    assert_eq!(desk.post(&compose, &free).await.status.as_u16(), 400);
    let stale = format!("_csrf={csrf}&from={from}&attack_type=ransomware");
    let late = desk.post(&compose, &stale).await;
    // The same person, a moment later, with other words: still a conflict to look at.
    assert!([StatusCode::CONFLICT, StatusCode::SEE_OTHER].contains(&late.status));
    assert!(desk.get(&at).await.body.contains("targeted attack e-mail"), "nothing changed");
}

#[tokio::test]
async fn something_that_is_out_is_withdrawn_after_one_more_question() {
    let world = World::new().await;
    let id = file(&world.member().await, &[("text", "", "185.220.101.7")], "k").await;
    world.clock.advance(20_000_000);
    tick::tick(&world.hub).await.unwrap();
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let csrf = desk.csrf().await;
    let page = desk.get(&format!("/desk/reports/{id}")).await.body;
    let ask = between(&page, "href=\"/desk/revoke?", "\"").replace("&#38;", "&");
    let ask = desk.get(&format!("/desk/revoke?{}", ask.replace("&amp;", "&"))).await;
    assert!(ask.body.contains("Withdraw this indicator?") && ask.body.contains("185.220.101.7"));
    let yes = format!("_csrf={csrf}&report={id}&kind=ipv4&value=185.220.101.7");
    assert_eq!(desk.post("/desk/revoke", &yes).await.status, StatusCode::SEE_OTHER);
    // A colleague later: told, not lost.
    let two = world.signed_in(Role::Desk, None, "en").await;
    let yes = yes.replace(&csrf, &two.csrf().await);
    let late = two.post("/desk/revoke", &yes).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("withdrew an indicator"), "{}", late.body);
}

#[tokio::test]
async fn campaigns_and_the_hours_are_pages_of_the_desk() {
    let world = World::new().await;
    let one = file(
        &world.member().await,
        &[("text", "", "kuro-umi.net"), ("attack_type", "", "phishing")],
        "k",
    )
    .await;
    world.clock.advance(3_600_000_000 * 2);
    let second = world.signed_in(Role::Member, Some(1), "en").await;
    let two = file(&second, &[("text", "", "kuro-umi.net")], "k").await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let csrf = desk.csrf().await;
    let page = plain(&desk.get(&format!("/desk/reports/{one}")).await.body);
    let related = between(&page, "aria-labelledby=\"related\"", "</section>");
    assert!(related.contains("medium (50 points)"), "{related}");
    assert!(related.contains("kuro-umi.net, named by 2 reports <b>+40</b>"), "{related}");
    let proposed = desk.get("/desk/campaigns").await.body;
    assert!(proposed.contains("Make this a campaign"), "{proposed}");
    let made =
        desk.post("/desk/campaigns", &format!("_csrf={csrf}&report={one}&report={two}")).await;
    let at = made.place().to_owned();
    let page = plain(&desk.get(&at).await.body);
    for shown in
        ["1 Morning Calm", "Kaku Heavy Industries", "Kaku Electric", "kuro-umi.net", "<rect"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let ja = world.signed_in(Role::Desk, None, "ja").await;
    assert!(ja.get(&at).await.body.contains("1 朝凪"));
    assert!(!desk.get("/desk/campaigns").await.body.contains("Make this a campaign"));
    let part = format!("_csrf={csrf}&report={two}");
    assert_eq!(desk.post(&format!("{at}/remove"), &part).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        desk.post(&format!("{at}/close"), &format!("_csrf={csrf}&closed=yes")).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(desk.get(&at).await.body.contains("closed"));

    let hours = plain(&desk.get("/desk/now?hours=72").await.body);
    let reports = between(&hours, "class=\"bars reports\"", "</figure>");
    assert_eq!(reports.matches("<rect").count(), 2, "{reports}");
    assert!(reports.contains("2 in all, at most 1 in one bar"), "{reports}");
    assert!(reports.contains("<td>11-23 03:00 UTC</td><td>1</td>"), "{reports}");
    assert!(hours.contains("<td>phishing</td><td>1</td>"), "{hours}");
    assert!(hours.contains("put it into a campaign") && hours.contains("the reporter"), "{hours}");
    assert!(!hours.contains("style="), "no style is inline");
}

#[tokio::test]
async fn single_keys_can_be_switched_off_for_the_session() {
    let world = World::new().await;
    let mut desk = world.signed_in(Role::Desk, None, "en").await;
    let csrf = desk.csrf().await;
    assert!(desk.get("/desk").await.body.contains("data-keys=\"on\""));
    let set =
        desk.post("/desk/keys", &format!("_csrf={csrf}&keys=off&back=%2Fdesk%3Fshow%3Dall")).await;
    assert_eq!(set.place(), "/desk?show=all");
    let cookie = set.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.starts_with("desk_keys=off;") && !cookie.contains("Max-Age"), "{cookie}");
    desk.cookie += "; desk_keys=off";
    assert!(desk.get("/desk").await.body.contains("data-keys=\"off\""));
}

#[tokio::test]
async fn an_open_page_asks_who_else_looks_and_hears_only_news() {
    let world = World::new().await;
    let id = mail(&world.member().await).await;
    let (one, two) = (
        world.signed_in(Role::Desk, None, "en").await,
        world.signed_in(Role::Desk, None, "en").await,
    );
    let at = format!("/desk/reports/{id}/presence");
    let page = one.get(&format!("/desk/reports/{id}")).await.body;
    let is = between(&page, "presence?is=", "\"").to_owned();
    let quiet = one.get(&format!("{at}?is={is}")).await;
    assert_eq!(quiet.status, StatusCode::NO_CONTENT);
    two.get(&format!("/desk/reports/{id}")).await;
    let news = one.get(&format!("{at}?is={is}")).await;
    assert_eq!(news.status, StatusCode::OK);
    assert!(news.body.contains("desk person") && news.body.contains("hx-get"), "{}", news.body);
    assert_eq!(one.get("/desk/reports/r-none/presence").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn forged_forms_of_the_desk_are_refused() {
    let world = World::new().await;
    let id = mail(&world.member().await).await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let report = format!("/desk/reports/{id}");
    for (path, body) in [
        ("/desk/keys".to_owned(), "keys=off"),
        ("/desk/campaigns".to_owned(), "report=x"),
        ("/desk/campaigns/c-x/close".to_owned(), "closed=yes"),
        ("/desk/campaigns/c-x/remove".to_owned(), "report=x"),
        ("/desk/values/00".to_owned(), "ruling=release"),
        (format!("{report}/context/compose"), "attack_type=ransomware"),
        (format!("{report}/context/revoke"), ""),
        (format!("{report}/act/hold"), "reason=other&hours=1"),
        (format!("{report}/questions"), "form=still-running"),
        (format!("{report}/seen"), ""),
    ] {
        for body in [body.to_owned(), format!("{body}&_csrf=wrong")] {
            let answer = desk.post(&path, &body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}
