//! Signing in with a password and a phone, and one's own account, as browsers use them.

use axum::http::{HeaderMap, StatusCode, header};
use noroshi_hub::access::{Role, code_now};

use crate::web_world::{Answer, Browser, World, between};

const PASSWORD: &str = "tall ships at dawn";
const MINUTE: i64 = 60 * 1_000_000;
const HOUR: i64 = 60 * MINUTE;

/// Somebody with a password: what their phone and their paper know.
struct Person {
    login: &'static str,
    secret: String,
    codes: Vec<String>,
}

impl Person {
    fn code(&self, world: &World) -> String {
        code_now(&self.secret, world.hub.now()).unwrap()
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = fields
        .iter()
        .map(|(n, v)| {
            format!("{n}={}", v.replace('%', "%25").replace('&', "%26").replace('+', "%2B"))
        })
        .collect();
    pairs.join("&")
}

/// Sets the first password of who is signed in here.
async fn enrol(world: &World, browser: &Browser, login: &'static str) -> Person {
    let page = browser.get("/account/password").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("<svg class=\"qr\"") && page.body.contains("otpauth://totp/"));
    let secret = between(&page.body, "secret=", "&").to_owned();
    assert_eq!(secret.len(), 32, "{}", page.body);
    let csrf = between(&page.body, "name=\"_csrf\" value=\"", "\"").to_owned();
    let code = code_now(&secret, world.hub.now()).unwrap();
    let body = form(&[
        ("_csrf", &csrf),
        ("login", login),
        ("password", PASSWORD),
        ("again", PASSWORD),
        ("code", &code),
    ]);
    let done = browser.post("/account/password", &body).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let list = between(&done.body, "<ol class=\"codes\">", "</ol>");
    let codes: Vec<String> = list
        .split("<code>")
        .skip(1)
        .map(|c| c.split("</code>").next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10, "{list}");
    // Each code works once, also the one of the enrolment.
    world.clock.advance(MINUTE);
    Person { login, secret, codes }
}

async fn enrolled(world: &World, role: Role, login: &'static str) -> Person {
    let member = (role == Role::Member).then_some(0);
    let browser = world.signed_in(role, member, "en").await;
    enrol(world, &browser, login).await
}

async fn try_with(browser: &Browser, login: &str, password: &str, code: &str) -> Answer {
    let body = form(&[("login", login), ("password", password), ("code", code), ("next", "")]);
    browser.post("/sign-in", &body).await
}

/// Everything of an answer but what was typed.
fn seen(answer: &Answer, login: &str) -> (StatusCode, HeaderMap, String) {
    let typed = format!("name=\"login\" value=\"{login}\"");
    let body = answer.body.replace(&typed, "name=\"login\" value=\"LOGIN\"");
    let mut headers = answer.headers.clone();
    headers.remove(header::CONTENT_LENGTH);
    (answer.status, headers, body)
}

#[tokio::test]
async fn a_password_needs_its_phone_and_each_code_works_once() {
    let world = World::new().await;
    let person = enrolled(&world, Role::Desk, "sato@example.jp").await;
    let mut browser = world.visitor("en");
    let code = person.code(&world);
    let entered = try_with(&browser, " SATO@example.jp", PASSWORD, &code).await;
    assert_eq!((entered.status, entered.place()), (StatusCode::SEE_OTHER, "/home"));
    browser.take_cookie(&entered);
    assert_eq!(browser.get("/home").await.place(), "/desk");
    // Replayed, in another browser.
    let other = world.visitor("en");
    let again = try_with(&other, person.login, PASSWORD, &code).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    world.clock.advance(MINUTE);
    assert_eq!(try_with(&other, person.login, PASSWORD, "").await.status, StatusCode::FORBIDDEN);
    // Of recovery codes too, each works once.
    for (code, status) in [(0, 303), (0, 403), (1, 303)] {
        let answer = try_with(&other, person.login, PASSWORD, &person.codes[code]).await;
        assert_eq!(answer.status.as_u16(), status, "{code}");
    }
    let mut recovered = world.visitor("en");
    let entered = try_with(&recovered, person.login, PASSWORD, &person.codes[2]).await;
    recovered.take_cookie(&entered);
    let page = recovered.get("/account").await;
    assert!(page.body.contains("signed in with a recovery code"), "{}", page.body);
    assert!(page.body.contains("<dd>7</dd>"), "{}", page.body);
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same() {
    let world = World::new().await;
    let person = enrolled(&world, Role::Member, "sato@example.jp").await;
    let off = enrolled(&world, Role::Desk, "switched.off").await;
    let accounts = noroshi_hub::admin::list_accounts(&world.hub).await.unwrap();
    let desk = accounts.iter().find(|a| a.role == Role::Desk).unwrap();
    noroshi_hub::admin::disable_account(&world.hub, &desk.id).await.unwrap();
    let (code, of_off) = (person.code(&world), off.code(&world));
    let browser = world.visitor("en");
    let mut answers = Vec::new();
    for (login, password, code) in [
        ("nobody@example.jp", PASSWORD, code.as_str()),
        ("nobody@example.jp", "", ""),
        (person.login, "tall ships at dusk", &code),
        (person.login, PASSWORD, "000000"),
        (person.login, PASSWORD, "aaaa-aaaa-aaaa-aaaa"),
        (off.login, PASSWORD, &of_off),
        ("", "", ""),
    ] {
        let answer = try_with(&browser, login, password, code).await;
        answers.push(seen(&answer, login));
    }
    assert_eq!(answers[0].0, StatusCode::FORBIDDEN);
    assert!(answers[0].2.contains("role=\"alert\""), "{}", answers[0].2);
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    // A wrong password did not use the code up.
    let good = try_with(&browser, person.login, PASSWORD, &code).await;
    assert_eq!(good.status, StatusCode::SEE_OTHER, "{}", good.body);
}

#[tokio::test]
async fn trying_on_is_slowed_down_and_keeps_nobody_out() {
    let world = World::new().await;
    let person = enrolled(&world, Role::Member, "sato@example.jp").await;
    let mut known = world.visitor("en");
    let entered = try_with(&known, person.login, PASSWORD, &person.code(&world)).await;
    let cookies = entered.headers.get_all(header::SET_COOKIE).iter();
    let proof = cookies
        .filter_map(|c| c.to_str().ok()?.split(';').next())
        .find(|c| c.starts_with("noroshi-known="));
    known.cookie = proof.unwrap().to_owned();

    let attacker = world.visitor("en");
    for login in [person.login, "nobody@example.jp"] {
        for _ in 0..5 {
            assert_eq!(try_with(&attacker, login, "x", "1").await.status, StatusCode::FORBIDDEN);
        }
        let slowed = try_with(&attacker, login, "x", "1").await;
        assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(slowed.headers[header::RETRY_AFTER], "15");
        assert!(slowed.body.contains("links work at once"), "{}", slowed.body);
        assert!(slowed.body.contains(&format!("value=\"{login}\"")), "{}", slowed.body);
    }
    // The right words come too early from a strange browser, but not from a known one.
    world.clock.advance(10 * 1_000_000);
    let code = person.code(&world);
    let strange = try_with(&world.visitor("en"), person.login, PASSWORD, &code).await;
    assert_eq!(strange.status, StatusCode::TOO_MANY_REQUESTS);
    world.clock.advance(30 * 1_000_000);
    for _ in 0..3 {
        // Waiting longer and longer.
        try_with(&attacker, person.login, "x", "1").await;
    }
    let entered = try_with(&known, person.login, PASSWORD, &person.code(&world)).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    // A link works whatever was tried.
    let link = world.link(Role::Member, Some(0)).await;
    assert_eq!(world.visitor("en").post(&link, "").await.status, StatusCode::SEE_OTHER);
    // After the wait the same browser may try again, and success forgives.
    world.clock.advance(16 * MINUTE);
    let entered = try_with(&attacker, person.login, PASSWORD, &person.code(&world)).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    for _ in 0..5 {
        let answer = try_with(&attacker, person.login, "x", "1").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn what_is_refused_for_a_new_password_is_said() {
    let world = World::new().await;
    let browser = world.member().await;
    let page = browser.get("/account/password").await;
    let secret = between(&page.body, "secret=", "&").to_owned();
    let csrf = between(&page.body, "name=\"_csrf\" value=\"", "\"").to_owned();
    let code = code_now(&secret, world.hub.now()).unwrap();
    let send = |login: &str, one: &str, other: &str, code: &str| {
        form(&[
            ("_csrf", &csrf),
            ("login", login),
            ("password", one),
            ("again", other),
            ("code", code),
        ])
    };
    for (body, says) in [
        (send("sato", "short", "short", &code), "too short"),
        (send("sato", "password1234", "password1234", &code), "first passwords anybody tries"),
        (send("sato", PASSWORD, "tall ships at dusk", &code), "differ"),
        (send("佐藤", PASSWORD, PASSWORD, &code), "3 to 64 letters"),
        (send("sato", PASSWORD, PASSWORD, "000000"), "not the one your phone shows"),
    ] {
        let answer = browser.post("/account/password", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(answer.body.contains(says), "{says}: {}", answer.body);
        // The same phone is still being set up, and nothing secret that was typed comes back.
        assert!(answer.body.contains(&secret) && !answer.body.contains(PASSWORD));
    }
    assert_eq!(browser.post("/account/password", "login=x").await.status, StatusCode::FORBIDDEN);
    let done = browser.post("/account/password", &send("sato", PASSWORD, PASSWORD, &code)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    // The secret is never shown again, and the name is taken.
    let page = browser.get("/account/password").await;
    assert!(!page.body.contains(&secret) && !page.body.contains("otpauth"), "{}", page.body);
    let other = world.signed_in(Role::Desk, None, "en").await;
    let page = other.get("/account/password").await;
    let secret = between(&page.body, "secret=", "&").to_owned();
    let body = form(&[
        ("_csrf", between(&page.body, "name=\"_csrf\" value=\"", "\"")),
        ("login", "SATO"),
        ("password", PASSWORD),
        ("again", PASSWORD),
        ("code", &code_now(&secret, world.hub.now()).unwrap()),
    ]);
    let taken = other.post("/account/password", &body).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body.contains("cannot be used"), "{}", taken.body);
}

#[tokio::test]
async fn changing_it_needs_a_proof_and_ends_the_other_sessions() {
    let world = World::new().await;
    let mut browser = world.signed_in(Role::Operator, None, "en").await;
    let person = enrol(&world, &browser, "operator").await;
    let mut second = world.visitor("en");
    let entered = try_with(&second, person.login, PASSWORD, &person.code(&world)).await;
    second.take_cookie(&entered);
    world.clock.advance(20 * MINUTE);
    for place in ["/account/password", "/account/phone"] {
        let sent = browser.get(place).await;
        let to = format!("/account/confirm?next={place}");
        assert_eq!(sent.place(), to, "{}", sent.body);
    }
    let csrf = browser.csrf().await;
    let new = "rain on the harbour";
    let change = form(&[("_csrf", &csrf), ("password", new), ("again", new)]);
    let sent = browser.post("/account/password", &change).await;
    assert!(sent.place().starts_with("/account/confirm"), "{}", sent.body);

    let confirm = |password: &str, code: &str| {
        form(&[
            ("_csrf", &csrf),
            ("password", password),
            ("code", code),
            ("next", "/account/password"),
        ])
    };
    let wrong = browser.post("/account/confirm", &confirm("x", "1")).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert!(wrong.body.contains("did not fit"), "{}", wrong.body);
    let good = browser.post("/account/confirm", &confirm(PASSWORD, &person.code(&world))).await;
    assert_eq!(good.place(), "/account/password", "{}", good.body);
    let changed = browser.post("/account/password", &change).await;
    assert_eq!(changed.place(), "/account?saved=1", "{}", changed.body);
    assert_eq!(second.get("/account").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);

    world.clock.advance(MINUTE);
    let visitor = world.visitor("en");
    let old = try_with(&visitor, person.login, PASSWORD, &person.code(&world)).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);

    // Another phone: the old one's codes are good no more.
    let page = browser.get("/account/phone").await;
    let secret = between(&page.body, "secret=", "&").to_owned();
    assert!(!secret.is_empty() && secret != person.secret, "{}", page.body);
    let code = code_now(&secret, world.hub.now()).unwrap();
    let done = browser.post("/account/phone", &form(&[("_csrf", &csrf), ("code", &code)])).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    world.clock.advance(MINUTE);
    let old = try_with(&visitor, person.login, new, &person.code(&world)).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);
    let old = try_with(&visitor, person.login, new, &person.codes[0]).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN, "old recovery codes");
    let code = code_now(&secret, world.hub.now()).unwrap();
    let entered = try_with(&visitor, person.login, new, &code).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    browser.take_cookie(&entered);
    assert_eq!(browser.get("/home").await.place(), "/operator");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_person_only() {
    let world = World::new().await;
    let browser = world.signed_in(Role::Desk, None, "en").await;
    let person = enrol(&world, &browser, "desk.one").await;
    let mut second = world.visitor("en");
    let entered = try_with(&second, person.login, PASSWORD, &person.code(&world)).await;
    second.take_cookie(&entered);
    let stranger = world.member().await;

    let page = browser.get("/account").await;
    assert!(page.body.contains(">2026-11-23 03:00 UTC</time>"), "{}", page.body);
    assert!(!page.body.contains("03:01"), "hours only: {}", page.body);
    let other = between(&page.body, "name=\"session\" value=\"", "\"").to_owned();
    let (csrf, foreign) = (browser.csrf().await, stranger.csrf().await);
    let end = |csrf: &str, id: &str| form(&[("_csrf", csrf), ("do", "end"), ("session", id)]);
    let not_theirs = stranger.post("/account", &end(&foreign, &other)).await;
    assert_eq!(not_theirs.status, StatusCode::NOT_FOUND);
    assert_eq!(second.get("/account").await.status, StatusCode::OK);
    assert_eq!(browser.post("/account", &end(&csrf, &other)).await.place(), "/account");
    assert_eq!(second.get("/account").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    let gone = browser.post("/account", &form(&[("_csrf", &csrf), ("do", "end-all")])).await;
    assert_eq!(gone.place(), "/home");
    assert_eq!(browser.get("/account").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(stranger.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_after_a_shift() {
    let world = World::new().await;
    let idle = world.member().await;
    let busy = world.member().await;
    for _ in 0..11 {
        world.clock.advance(HOUR);
        assert_eq!(busy.get("/report").await.status, StatusCode::OK);
    }
    assert_eq!(idle.get("/report").await.status, StatusCode::UNAUTHORIZED);
    world.clock.advance(HOUR);
    assert_eq!(busy.get("/report").await.status, StatusCode::UNAUTHORIZED);
}

/// Pages that ask for news by themselves do not keep a session awake: only a person does.
#[tokio::test]
async fn a_forgotten_page_ends_like_any_other() {
    let world = World::new().await;
    // Who asks is looked up before the report is.
    let presence = "/desk/reports/r-none/presence?is=x";
    for path in [presence, "/?part=fresh", "/stream", "/"] {
        let desk = world.signed_in(Role::Desk, None, "en").await;
        for _ in 0..5 {
            world.clock.advance(25 * MINUTE);
            // The stream is open for as long as it holds: nothing of its body is read.
            match path {
                "/stream" => assert!(desk.status("/stream").await.as_u16() < 500),
                _ => assert!(desk.get(path).await.status.as_u16() < 500),
            }
        }
        let kept = desk.get("/desk").await.status;
        assert_eq!(kept == StatusCode::OK, path == "/", "{path}: {kept}");
    }
}

/// What strangers fail at keeps nobody from confirming who they are in a browser of theirs.
#[tokio::test]
async fn strangers_do_not_hold_up_a_known_browser() {
    let world = World::new().await;
    let mut browser = world.signed_in(Role::Desk, None, "en").await;
    let person = enrol(&world, &browser, "desk.three").await;
    let session = browser.cookie.clone();
    let stranger = world.visitor("en");
    let entered = try_with(&stranger, person.login, PASSWORD, &person.code(&world)).await;
    let cookies = entered.headers.get_all(header::SET_COOKIE).iter();
    let known = cookies
        .filter_map(|c| c.to_str().ok()?.split(';').next())
        .find(|c| c.starts_with("noroshi-known="))
        .unwrap();
    for _ in 0..6 {
        try_with(&stranger, person.login, "x", "1").await;
    }
    world.clock.advance(5 * 1_000_000);
    let csrf = browser.csrf().await;
    let confirm = |code: &str| {
        form(&[
            ("_csrf", &csrf),
            ("password", PASSWORD),
            ("code", code),
            ("next", "/account/phone"),
        ])
    };
    let slowed = browser.post("/account/confirm", &confirm(&person.code(&world))).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(slowed.headers[header::RETRY_AFTER], "10");
    assert!(slowed.body.contains("links work at once"), "{}", slowed.body);
    browser.cookie = format!("{session}; {known}");
    world.clock.advance(2 * 1_000_000);
    let good = browser.post("/account/confirm", &confirm(&person.codes[0])).await;
    assert_eq!(good.place(), "/account/phone", "{}", good.body);
}

#[tokio::test]
async fn whoever_has_to_sign_in_comes_back_to_where_they_were() {
    let world = World::new().await;
    let person = enrolled(&world, Role::Member, "sato").await;
    let visitor = world.visitor("en");
    let asked = visitor.get("/duties?lang=en&x=1").await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    let next = between(&asked.body, "name=\"next\" value=\"", "\"").replace("&#38;", "&");
    assert_eq!(next, "/duties?lang=en&x=1", "{}", asked.body);
    let body = form(&[
        ("login", person.login),
        ("password", PASSWORD),
        ("code", &person.code(&world)),
        ("next", &next),
    ]);
    assert_eq!(visitor.post("/sign-in", &body).await.place(), "/duties?lang=en&x=1");

    // A form that was sent too late: back to its page, from wherever it says it came.
    let late = visitor.upload("/report", &[("text", "", "x")]).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert!(late.body.contains("name=\"next\" value=\"/report\""), "{}", late.body);
    // Of a form kept in its own tab, too: neither a second form nor a page without what was typed.
    let form_page = world.member().await.get("/report").await;
    assert!(form_page.body.contains("<a href=\"/sign-in?next=/reports\" target=\"_blank\">"));
    let late = visitor.post("/reports/r-1/context", "decision=approve").await;
    assert!(late.body.contains("name=\"next\" value=\"\""), "{}", late.body);

    // Links take it along, too; and nobody is sent to another site.
    let link = world.link(Role::Member, Some(0)).await;
    let page = visitor.get(&format!("{link}?next=/names")).await;
    assert!(page.body.contains("name=\"next\" value=\"/names\""), "{}", page.body);
    assert_eq!(visitor.post(&link, "next=/names").await.place(), "/names");
    for evil in ["//evil.example/", "https://evil.example/", "/\\evil.example", "/%2fevil.example"]
    {
        let page = visitor.get(&format!("/sign-in?next={evil}")).await;
        assert!(page.body.contains("name=\"next\" value=\"\""), "{evil}: {}", page.body);
        world.clock.advance(MINUTE);
        let code = person.code(&world);
        let body = form(&[
            ("login", person.login),
            ("password", PASSWORD),
            ("code", &code),
            ("next", evil),
        ]);
        assert_eq!(visitor.post("/sign-in", &body).await.place(), "/home", "{evil}");
    }
}

#[tokio::test]
async fn language_and_zone_are_kept_with_the_account() {
    let world = World::new().await;
    let browser = world.signed_in(Role::Desk, None, "en").await;
    let person = enrol(&world, &browser, "desk.two").await;
    let csrf = browser.csrf().await;
    let keep = |language: &str, zone: &str| {
        form(&[("_csrf", &csrf), ("do", "keep"), ("language", language), ("zone", zone)])
    };
    let bad = browser.post("/account", &keep("ja", "Mars/Olympus")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.body);
    let kept = browser.post("/account", &keep("ja", "Europe/Berlin")).await;
    assert_eq!(kept.place(), "/account?saved=1");
    assert!(kept.headers[header::SET_COOKIE].to_str().unwrap().starts_with("lang=ja"));
    let page = browser.get("/account?saved=1").await;
    assert!(page.body.contains("2026-11-23 04:00 CET"), "{}", page.body);
    assert!(page.body.contains("role=\"status\""), "{}", page.body);
    let entered =
        try_with(&world.visitor("en"), person.login, PASSWORD, &person.code(&world)).await;
    let cookies: Vec<_> = entered.headers.get_all(header::SET_COOKIE).iter().collect();
    assert!(cookies.iter().any(|c| c.to_str().unwrap().starts_with("lang=ja")), "{cookies:?}");
}
