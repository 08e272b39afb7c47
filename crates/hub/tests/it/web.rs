//! The pages, as browsers without any script use them.

use axum::http::{StatusCode, header};
use noroshi_hub::access::Role;
use noroshi_hub::{HUB_TEXTS, tick};
use noroshi_outlet::i18n::audit;

use crate::web_world::{Answer, Browser, World, between};

const PASTE: &str = "mail from evil@bad-sender.net, c2 hxxps://c2[.]bad-host[.]net/a and \
     45.155.205.7, our own portal[.]kaku-heavy[.]co[.]jp and 10.0.0.5";

/// Fields of a filled report form; `key` against double sending.
fn filled<'a>(
    csrf: &'a str,
    key: &'a str,
    text: &'a str,
    button: &'a str,
) -> Vec<(&'a str, &'a str, &'a str)> {
    vec![
        ("_csrf", "", csrf),
        ("idempotency", "", key),
        ("text", "", text),
        ("attack_type", "", "ransomware"),
        ("initial_access", "", ""),
        ("impact", "", ""),
        ("hold_until", "", ""),
        ("zone", "", "jst"),
        ("do", "", button),
    ]
}

async fn file(browser: &Browser, text: &str) -> String {
    let csrf = browser.csrf().await;
    let answer = browser.upload("/report", &filled(&csrf, "key-of-file", text, "send")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.place().to_owned()
}

async fn reports(world: &World) -> i64 {
    world.hub.vault().read("test.count", noroshi_hub::vault::reports::count).await.unwrap()
}

fn strict(answer: &Answer) {
    let header = |name| answer.headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default();
    let policy = header(header::CONTENT_SECURITY_POLICY);
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
    assert!(header(header::CACHE_CONTROL).contains("no-store"));
    // Browsers send `Origin: null` with forms of pages that say "no-referrer".
    assert_eq!(header(header::REFERRER_POLICY), "same-origin");
    for never in ["<script>", " style=", " onclick", "=\"http", "=\"//"] {
        assert!(!answer.body.contains(never), "{never} in {}", answer.body);
    }
}

#[tokio::test]
async fn a_link_signs_in_once_and_every_bad_link_looks_the_same() {
    let world = World::new().await;
    let link = world.link(Role::Member, Some(0)).await;
    let mut browser = world.visitor("en");
    for _ in 0..2 {
        // Looking does not use it up: mail scanners look.
        let page = browser.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("<button"), "{}", page.body);
        strict(&page);
    }
    let entered = browser.post(&link, "").await;
    assert_eq!((entered.status, entered.place()), (StatusCode::SEE_OTHER, "/home"));
    let cookie = entered.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(cookie.contains("Path=/") && !cookie.contains("Secure"), "{cookie}");
    browser.take_cookie(&entered);
    assert_eq!(browser.get("/home").await.place(), "/report");

    let expired = world.link(Role::Member, Some(0)).await;
    world.clock.advance(25 * 3_600_000_000);
    let never = format!("/sign-in/{}", "A".repeat(52));
    let stranger = world.visitor("en");
    let mut pages = Vec::new();
    for bad in [link.as_str(), &expired, &never, "/sign-in/short"] {
        for answer in [stranger.get(bad).await, stranger.post(bad, "").await] {
            assert_eq!(answer.status, StatusCode::GONE, "{bad}");
            assert!(answer.headers.get(header::SET_COOKIE).is_none());
            let place = between(&answer.body, "?lang=", "<").to_owned();
            assert!(!place.is_empty());
            pages.push(answer.body.replace(bad, "LINK"));
        }
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "a bad link tells more than that it is bad");
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let world = World::at("https://hub.example").await;
    let link = world.link(Role::Desk, None).await;
    let entered = world.visitor("en").post(&link, "").await;
    let cookie = entered.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.starts_with("__Host-noroshi=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let world = World::new().await;
    let browser = world.member().await;
    let csrf = browser.csrf().await;
    assert_eq!(browser.post("/sign-out", "").await.status, StatusCode::FORBIDDEN);
    let left = browser.post("/sign-out", &format!("_csrf={csrf}")).await;
    assert_eq!(left.place(), "/home");
    assert_eq!(browser.get("/report").await.status, StatusCode::UNAUTHORIZED);
    let home = browser.get("/home").await;
    assert!(home.body.contains("You are not signed in"), "{}", home.body);
}

#[tokio::test]
async fn checking_shows_what_others_will_see_and_stores_nothing() {
    let world = World::new().await;
    let browser = world.member().await;
    let csrf = browser.csrf().await;
    let mut fields = filled(&csrf, "k1", PASTE, "check");
    fields.push(("files", "list.txt", "45.155.205.79\n"));
    let page = browser.upload("/report", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    strict(&page);
    let preview = between(&page.body, "class=\"box preview\"", "</section>");
    assert!(preview.contains("a member"), "{preview}");
    assert!(preview.contains("<code>evil@bad-sender.net</code>"), "{preview}");
    for removed in ["portal.kaku-heavy.co.jp", "10.0.0.5"] {
        assert!(preview.contains(&format!("<del><code>{removed}</code></del>")), "{preview}");
    }
    assert!(preview.contains("A member reported: ransomware"), "{preview}");
    assert!(preview.contains("会員からの報告"), "{preview}");
    // What was typed and attached is still in the form.
    let form = between(&page.body, "<form class=\"report\"", "</form>");
    assert!(form.contains("hxxps://c2[.]bad-host[.]net/a"), "{form}");
    assert!(form.contains("value=\"ransomware\" selected"), "{form}");
    assert!(form.contains("name=\"kept\"") && form.contains("list.txt"), "{form}");
    assert_eq!(reports(&world).await, 0);
    let tick = tick::tick(&world.hub).await.unwrap();
    assert_eq!(tick.released, 0);

    // The attached file comes back with the form and is sent with it.
    let kept = between(form, "name=\"kept\" value=\"", "\"").to_owned();
    let mut fields = filled(&csrf, "k1", PASTE, "send");
    fields.push(("kept", "", &kept));
    let sent = browser.upload("/report", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = browser.get(sent.place()).await;
    assert!(page.body.contains("<code>evil@bad-sender.net</code>"), "{}", page.body);
    assert_eq!(reports(&world).await, 1);
}

#[tokio::test]
async fn sending_twice_files_once_and_the_report_shows_each_fate() {
    let world = World::new().await;
    let browser = world.member().await;
    let csrf = browser.csrf().await;
    let fields = filled(&csrf, "pressed-twice", PASTE, "send");
    let (first, second) =
        tokio::join!(browser.upload("/report", &fields), browser.upload("/report", &fields));
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    assert_eq!(first.place(), second.place());
    assert_eq!(reports(&world).await, 1);

    let page = browser.get(first.place()).await;
    strict(&page);
    assert!(page.body.contains("goes out with the next tick"), "{}", page.body);
    assert!(page.body.contains("<span class=\"fate\">not shared</span>"), "{}", page.body);
    assert!(page.body.contains("BEGIN NOROSHI RECEIPT"), "{}", page.body);
    world.clock.advance(20_000_000);
    assert!(tick::tick(&world.hub).await.unwrap().released > 0);
    let page = browser.get(first.place()).await;
    assert!(page.body.contains("out since"), "{}", page.body);

    // The same form with other words is another report, and says so before it is filed.
    let other =
        browser.upload("/report", &filled(&csrf, "pressed-twice", "45.155.205.9", "send")).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert!(other.body.contains("45.155.205.9"), "{}", other.body);
    let key = between(&other.body, "name=\"idempotency\" value=\"", "\"").to_owned();
    assert!(!key.is_empty() && key != "pressed-twice");
    let again = browser.upload("/report", &filled(&csrf, &key, "45.155.205.9", "send")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(reports(&world).await, 2);
}

#[tokio::test]
async fn words_without_an_indicator_are_a_report_for_the_desk() {
    let world = World::new().await;
    let browser = world.member().await;
    let csrf = browser.csrf().await;
    let mut fields = filled(&csrf, "k", "サーバー80台の動作がおかしい", "send");
    fields.retain(|(name, _, _)| *name != "attack_type");
    let sent = browser.upload("/report", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let page = desk.get(&sent.place().replace("/reports", "/desk/reports")).await;
    assert!(page.body.contains("サーバー80台の動作がおかしい"), "{}", page.body);
}

#[tokio::test]
async fn mistakes_keep_what_was_typed_and_say_what_to_do() {
    let world = World::new().await;
    let browser = world.member().await;
    let csrf = browser.csrf().await;
    let typed = "45.155.205.7 typed at 3 a.m.";
    let with = |name: &'static str, value: &'static str| {
        let mut fields = filled(&csrf, "k", typed, "send");
        fields.retain(|(n, _, _)| *n != name);
        fields.push((name, "", value));
        fields
    };
    for (fields, status, says) in [
        (with("hold_until", "2020-01-01T00:00"), 422, "has passed already"),
        (with("hold_until", "soon"), 422, "cannot be read"),
        (with("_csrf", "forged"), 403, "earlier session"),
    ] {
        let answer = browser.upload("/report", &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert!(answer.body.contains(says), "{says}: {}", answer.body);
        assert!(answer.body.contains(typed), "{}", answer.body);
        assert!(answer.body.contains("role=\"alert\""), "{}", answer.body);
    }
    let broken =
        browser.upload("/report", &filled(&csrf, "k", "{\"type\": \"bundle\", ", "send")).await;
    assert_eq!(broken.status.as_u16(), 422, "{}", broken.body);
    assert!(broken.body.contains("ends too early"), "{}", broken.body);
    let mut empty = filled(&csrf, "k", "  ", "send");
    empty.retain(|(name, _, _)| *name != "attack_type");
    assert!(browser.upload("/report", &empty).await.body.contains("The report is empty"));
    assert_eq!(reports(&world).await, 0);
}

#[tokio::test]
async fn forged_forms_are_refused_everywhere() {
    let world = World::new().await;
    let member = world.member().await;
    let report = file(&member, PASTE).await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let queue = desk.get(&format!("/desk{report}")).await;
    let item = between(&queue.body, "action=\"/desk/quarantine/", "\"").to_owned();
    assert!(!item.is_empty(), "{}", queue.body);
    for (browser, path, body) in [
        (&member, format!("{report}/context"), "decision=approve"),
        (&desk, format!("/desk{report}/context"), "decision=approve"),
        (&desk, format!("/desk/quarantine/{item}"), "ruling=refuse"),
        (&desk, "/desk/revoke".to_owned(), "kind=ipv4&value=45.155.205.7"),
        (&desk, "/sign-out".to_owned(), ""),
    ] {
        for body in [body.to_owned(), format!("{body}&_csrf=wrong")] {
            let answer = browser.post(&path, &body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            strict(&answer);
        }
    }
}

#[tokio::test]
async fn what_one_may_not_see_does_not_exist() {
    let world = World::new().await;
    let own = world.member().await;
    let report = file(&own, PASTE).await;
    assert_eq!(own.get(&report).await.status, StatusCode::OK);
    let other = world.signed_in(Role::Member, Some(1), "en").await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let desk_report = format!("/desk{report}");
    for (browser, path) in [
        (&other, report.as_str()),
        (&other, "/desk"),
        (&other, &desk_report),
        (&other, "/operator"),
        (&desk, "/report"),
        (&desk, &report),
        (&desk, "/operator"),
        (&operator, "/report"),
        (&operator, "/reports"),
        (&operator, "/desk"),
        (&operator, &desk_report),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        strict(&answer);
    }
    let stranger = world.visitor("en");
    for path in ["/report", "/reports", &report, "/desk", "/operator"] {
        assert_eq!(stranger.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert!(!other.get("/reports").await.body.contains(report.trim_start_matches("/reports/")));
}

#[tokio::test]
async fn the_desk_decides_and_the_reporter_has_the_last_word() {
    let world = World::new().await;
    let member = world.member().await;
    let report = file(&member, PASTE).await;
    let second = world.signed_in(Role::Member, Some(1), "en").await;
    file(&second, "the same evil@bad-sender.net wrote to us").await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let csrf = desk.csrf().await;

    let overview = desk.get("/desk").await;
    strict(&overview);
    assert!(overview.body.contains("Kaku Heavy Industries"), "{}", overview.body);
    let groups = desk.get("/desk/campaigns").await;
    strict(&groups);
    for shown in ["Kaku Heavy Industries", "Kaku Electric", "evil@bad-sender.net"] {
        assert!(groups.body.contains(shown), "{}", groups.body);
    }
    // What a member owns can never be released, and the button says so.
    let page = desk.get(&format!("/desk{report}")).await;
    let items = between(&page.body, "aria-labelledby=\"indicators\"", "</section>");
    assert!(items.contains("disabled") && items.contains("Can never be released"), "{items}");
    let item = between(items, "action=\"/desk/quarantine/", "\"");
    let path = format!("/desk/quarantine/{item}");
    let refused = desk.post(&path, &format!("_csrf={csrf}&ruling=release")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    let ruled = desk.post(&path, &format!("_csrf={csrf}&ruling=refuse")).await;
    assert_eq!(ruled.place(), format!("/desk{report}#indicators"));

    let page = desk.get(&format!("/desk{report}")).await;
    strict(&page);
    assert!(page.body.contains("kept back by the desk"), "{}", page.body);
    assert!(
        page.body.contains(">hxxps://c2[.]bad-host[.]net/a<small>"),
        "the original: {}",
        page.body
    );
    assert!(page.body.contains("Kaku Electric"), "related: {}", page.body);

    let decide = format!("_csrf={csrf}&decision=approve");
    let early = format!("_csrf={}&decision=approve", member.csrf().await);
    let path = format!("{report}/context");
    assert_eq!(member.post(&path, &early).await.status, StatusCode::CONFLICT);
    assert_eq!(desk.post(&format!("/desk{path}"), &decide).await.status, StatusCode::SEE_OTHER);
    // A second click of the same person is no conflict, a colleague's is.
    assert_eq!(desk.post(&format!("/desk{path}"), &decide).await.status, StatusCode::SEE_OTHER);
    let colleague = world.signed_in(Role::Desk, None, "en").await;
    let late = format!("_csrf={}&decision=approve", colleague.csrf().await);
    let late = colleague.post(&format!("/desk{path}"), &late).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("desk person"), "who was first: {}", late.body);
    let asked = member.get(&report).await;
    assert!(asked.body.contains("May exactly these words be shared?"), "{}", asked.body);
    assert!(asked.body.contains("A member reported: ransomware"), "{}", asked.body);
    assert!(member.get("/reports").await.body.contains("needs your answer"));
    assert_eq!(member.post(&path, &early).await.place(), report);
    assert!(member.get(&report).await.body.contains("Approved by both"));

    // A released indicator can be taken back.
    world.clock.advance(20_000_000);
    tick::tick(&world.hub).await.unwrap();
    let page = desk.get(&format!("/desk{report}")).await;
    assert!(page.body.contains("href=\"/desk/revoke?report="), "{}", page.body);
    let id = report.trim_start_matches("/reports/");
    let revoke = format!("_csrf={csrf}&report={id}&kind=email&value=evil%40bad-sender.net");
    assert_eq!(desk.post("/desk/revoke", &revoke).await.status, StatusCode::SEE_OTHER);
    let page = desk.get(&format!("/desk{report}")).await;
    assert!(page.body.contains("is being withdrawn"), "{}", page.body);
}

#[tokio::test]
async fn nothing_that_is_sent_becomes_markup() {
    let world = World::new().await;
    let browser = world.member().await;
    let csrf = browser.csrf().await;
    let evil = "\"><script>alert(1)</script><b>";
    for button in ["check", "send"] {
        let mut fields: Vec<(&str, &str, &str)> = vec![("_csrf", "", &csrf)];
        for name in
            ["idempotency", "text", "attack_type", "initial_access", "impact", "hold_until", "zone"]
        {
            fields.push((name, "", evil));
        }
        fields.push(("files", "<script>.txt", evil));
        fields.push(("do", "", button));
        let page = browser.upload("/report", &fields).await;
        assert!(!page.body.contains("<script>"), "{}", page.body);
        assert!(page.body.contains("&#60;script&#62;"), "{}", page.body);
    }
    // Stored and read again by the member and by the desk.
    let title = "<script>t</script> 45.155.205.9 <script>/x.exe foo<script>.bar.net";
    let report = format!(
        r#"{{"schema":"noroshi-report/1","title":"{title}","narrative":"{title}","attack_type":"<script>","product":"<script>","text":"{title}"}}"#
    );
    let place = file(&browser, &report).await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let operator = world.signed_in(Role::Operator, None, "en").await;
    for page in [
        browser.get(&place).await,
        browser.get("/reports").await,
        desk.get("/desk").await,
        desk.get(&format!("/desk{place}")).await,
        operator.get("/operator").await,
        browser.get("/nothing-%3Cscript%3E").await,
        browser.get("/reports/%3Cscript%3E").await,
        world.visitor("en").get("/sign-in/%3Cscript%3E").await,
    ] {
        assert!(!page.body.contains("<script>"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_member_without_agreement_is_told_and_reads_nothing() {
    let world = World::new().await;
    let unsigned = world.signed_in(Role::Member, Some(2), "en").await;
    assert!(unsigned.get("/report").await.body.contains("no valid signature"));
    assert!(unsigned.get("/").await.body.contains("The feed is for members"));
    let csrf = unsigned.csrf().await;
    let sent = unsigned.upload("/report", &filled(&csrf, "k", PASTE, "send")).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(sent.body.contains("evil@bad-sender.net"), "what was typed is kept");
    assert_eq!(reports(&world).await, 0);

    let signed = world.member().await;
    let feed = signed.get("/").await;
    assert!(!feed.body.contains("The feed is for members"), "{}", feed.body);
    assert!(feed.body.contains("href=\"/report\"") && feed.body.contains("href=\"/reports\""));
    assert!(!feed.body.contains("href=\"/home\""), "{}", feed.body);
    let stranger = world.visitor("en").get("/").await;
    assert!(stranger.body.contains("href=\"/home\""), "{}", stranger.body);
}

#[tokio::test]
async fn every_page_speaks_both_languages() {
    let world = World::new().await;
    file(&world.member().await, PASTE).await;
    for (role, member, paths) in [
        (Role::Member, Some(0), &["/report", "/reports"][..]),
        (Role::Desk, None, &["/desk"][..]),
        (Role::Operator, None, &["/operator"][..]),
    ] {
        for (language, own, other) in
            [("en", "Sign out", "サインアウト"), ("ja", "サインアウト", "Sign out")]
        {
            let browser = world.signed_in(role, member, language).await;
            for path in paths {
                let page = browser.get(path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                assert!(page.body.contains(&format!("<html lang=\"{language}\">")), "{path}");
                assert!(page.body.contains(own) && !page.body.contains(other), "{path}");
                let missing: Vec<_> = HUB_TEXTS
                    .iter()
                    .flat_map(|(_, text)| keys(text))
                    .filter(|key| page.body.contains(&format!(">{key}<")))
                    .collect();
                assert!(missing.is_empty(), "{path}: {missing:?}");
            }
        }
    }
    let chosen = world.visitor("en").get("/home?lang=ja").await;
    assert!(chosen.body.contains("サインインしていません"));
    assert!(
        chosen.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap().starts_with("lang=ja")
    );
}

fn keys(text: &str) -> Vec<&str> {
    text.lines().filter_map(|l| l.split_once(" = ").map(|(key, _)| key)).collect()
}

#[test]
fn texts_are_complete_agree_and_are_used() {
    let mut sources = Vec::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("templates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    assert_eq!(audit(HUB_TEXTS, &sources), Vec::<String>::new());
}

#[tokio::test]
async fn the_style_sheet_is_ours_and_can_be_kept() {
    let world = World::new().await;
    let visitor = world.visitor("en");
    let home = visitor.get("/home").await;
    let address = between(&home.body, "href=\"/assets/hub/", "\"");
    let css = visitor.get(&format!("/assets/hub/{address}")).await;
    assert_eq!(css.status, StatusCode::OK);
    let keep = css.headers.get(header::CACHE_CONTROL).unwrap().to_str().unwrap();
    assert!(keep.contains("immutable"), "{keep}");
    assert!(!css.body.contains("url(") && !css.body.contains("@import"));
    assert_eq!(visitor.get("/assets/hub/other.css").await.status, StatusCode::NOT_FOUND);
}
