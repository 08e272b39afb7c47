//! The operator's pages, as browsers without any script use them.

use axum::http::{StatusCode, header};
use noroshi_hub::access::{Role, use_link};
use noroshi_hub::admin;
use noroshi_hub::{Hub, tick, vault};
use noroshi_seal::Token;

use crate::place::Place;
use crate::web_world::{Browser, World, between};
use crate::world;

crate::on_both_engines![lists_page_through_everybody_once, the_trail_shows_administration_only];

const PAGES: [&str; 11] = [
    "/operator",
    "/operator/members",
    "/operator/agreements",
    "/operator/keys",
    "/operator/accounts",
    "/operator/sessions",
    "/operator/partners",
    "/operator/feeds",
    "/operator/jobs",
    "/operator/storage",
    "/operator/audit",
];

async fn report(world: &World) -> String {
    let member = world.member().await;
    let csrf = member.csrf().await;
    let fields = [
        ("_csrf", "", csrf.as_str()),
        ("idempotency", "", "k"),
        ("text", "", "evil@bad-sender.net from 45.155.205.7"),
        ("zone", "", "jst"),
        ("do", "", "send"),
    ];
    let sent = member.upload("/report", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.place().trim_start_matches("/reports/").to_owned()
}

/// Presses a button of a page.
async fn press(browser: &Browser, path: &str, fields: &str) -> crate::web_world::Answer {
    let csrf = browser.csrf_of("/operator/members").await;
    browser.post(path, &format!("_csrf={csrf}&{fields}")).await
}

#[tokio::test]
async fn no_page_tells_who_reported_what() {
    let world = World::new().await;
    let report = report(&world).await;
    tick::tick(&world.hub).await.unwrap();
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let mut pages: Vec<String> = PAGES.map(str::to_owned).to_vec();
    pages.push(format!("/operator/members/{}", world.members[0]));
    pages.push("/operator/audit.csv".to_owned());
    pages.push("/operator/audit.json".to_owned());
    for path in pages {
        let page = operator.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        for never in [report.as_str(), "bad-sender", "45.155.205.7", "report.file"] {
            assert!(!page.body.contains(never), "{never} on {path}");
        }
        if !path.contains("audit.") {
            assert!(!page.body.contains("<script>") && !page.body.contains(" style="), "{path}");
            let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'"), "{path}");
        }
        for title in ["h1", "main"] {
            assert_eq!(
                page.body.matches(&format!("<{title}")).count(),
                usize::from(!path.contains("audit.")),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn every_page_speaks_both_languages_and_is_for_operators_only() {
    let world = World::new().await;
    for (language, own, other) in
        [("en", "Sign out", "サインアウト"), ("ja", "サインアウト", "Sign out")]
    {
        let operator = world.signed_in(Role::Operator, None, language).await;
        for path in PAGES {
            let page = operator.get(path).await;
            assert!(page.body.contains(own) && !page.body.contains(other), "{path}");
            for (_, text) in noroshi_hub::HUB_TEXTS {
                for key in text.lines().filter_map(|l| l.split_once(" = ").map(|(k, _)| k)) {
                    assert!(!page.body.contains(&format!(">{key}<")), "{path}: {key}");
                }
            }
        }
    }
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let member = world.member().await;
    for path in PAGES {
        assert_eq!(desk.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(member.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_member_is_added_signs_gets_a_key_and_a_person_and_leaves() {
    let world = World::new().await;
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let typed = "name_ja=架空製鉄&name_en=Kaku Steel&label=manufacturing/heavy/kaku&weight=2";
    let bad = press(&operator, "/operator/members", &format!("{typed}&domains=no domain")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("value=\"Kaku Steel\"") && bad.body.contains("role=\"alert\""));
    let unlike =
        press(&operator, "/operator/members", &typed.replace("weight=2", "weight=0")).await;
    assert_eq!(unlike.status, StatusCode::BAD_REQUEST, "{}", unlike.body);
    let added =
        press(&operator, "/operator/members", &format!("{typed}&domains=kaku-steel.co.jp")).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let place = added.place().split('?').next().unwrap().to_owned();
    let id = place.rsplit('/').next().unwrap().to_owned();
    let page = operator.get(&place).await;
    assert!(page.body.contains("kaku-steel.co.jp") && page.body.contains("no valid signature"));

    let forged = operator.post(&place, "do=leave&sure=yes").await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let past = press(&operator, &place, "do=sign&signer=A B&until=2001-01-01").await;
    assert!(past.body.contains("lies ahead"), "{}", past.body);
    let signed = press(&operator, &place, "do=sign&signer=A B&until=2027-03-31").await;
    assert_eq!(signed.place(), format!("{place}?saved=1"), "{}", signed.body);
    let page = operator.get(&place).await;
    assert!(page.body.contains("2027-04-01 UTC") && page.body.contains("A B"), "{}", page.body);

    let key = press(&operator, &place, "do=key&label=siem&days=30&read=yes").await;
    let secret = between(&key.body, "<p class=\"box once\"><code>", "</code>").to_owned();
    assert!(secret.starts_with("nrsh_"), "{}", key.body);
    let public = secret.split('_').nth(1).unwrap().to_owned();
    let page = operator.get(&place).await;
    assert!(page.body.contains(&public) && !page.body.contains(&secret), "shown once");
    let rotated = press(&operator, &format!("/operator/keys/{public}"), "do=rotate").await;
    assert!(rotated.body.contains("nrsh_"), "{}", rotated.body);
    let revoke = format!("do=revoke&back={place}");
    let revoked = press(&operator, &format!("/operator/keys/{public}"), &revoke).await;
    assert_eq!(revoked.place(), format!("{place}?saved=1"));
    assert!(operator.get(&place).await.body.contains("revoked"));

    let person = press(&operator, &place, "do=account&name=Sato").await;
    let link = between(&person.body, "<p class=\"box once\"><code>", "</code>").to_owned();
    let token = Token::parse(link.rsplit('/').next().unwrap()).unwrap();
    let session = use_link(&world.hub, &token).await.unwrap().unwrap();
    assert_eq!(session.account.member.as_deref(), Some(id.as_str()));

    let own = press(&operator, &place, "do=own&kind=domain&value=kaku-works.net").await;
    assert_eq!(own.status, StatusCode::SEE_OTHER, "{}", own.body);
    let none = press(&operator, &place, "do=own&kind=domain&value=co.jp").await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
    let renamed = press(
        &operator,
        &place,
        "do=change&name_ja=架空鉄鋼&name_en=Kaku Iron&label=a/b/c&weight=1",
    );
    assert_eq!(renamed.await.status, StatusCode::SEE_OTHER);
    assert!(operator.get(&place).await.body.contains("value=\"Kaku Iron\""));
    let disowned = press(&operator, &place, "do=disown&kind=domain&value=kaku-works.net").await;
    assert_eq!(disowned.status, StatusCode::SEE_OTHER);
    assert!(!operator.get(&place).await.body.contains("kaku-works.net"));

    let unsure = press(&operator, &place, "do=leave").await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsure.body);
    let left = press(&operator, &place, "do=leave&sure=yes").await;
    assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.body);
    let list = operator.get("/operator/members?show=left").await;
    assert!(list.body.contains("Kaku Iron") && !list.body.contains("Kaku Heavy"), "{}", list.body);
    assert_eq!(press(&operator, "/operator/members/m-x", "do=leave&sure=yes").await.status, 404);

    // All of it is in the trail, under the operator's own account and with where to look.
    let trail = operator.get("/operator/audit").await.body;
    for action in [
        "member.add",
        "agreement.sign",
        "key.create",
        "key.rotate",
        "key.revoke",
        "account.add",
        "account.link",
        "member.asset.add",
        "member.change",
        "member.asset.remove",
        "member.leave",
    ] {
        let mut rows =
            trail.split("<tr>").filter(|r| r.contains(&format!("<code>{action}</code>")));
        assert!(rows.any(|r| r.contains("operator person")), "{action}: {trail}");
    }
    assert!(trail.contains(&format!("href=\"{place}\"")), "{trail}");
    let only = operator.get("/operator/audit?action=key.rotate").await.body;
    assert!(only.contains("<code>key.rotate</code>") && !only.contains("<code>member.add</code>"));
}

#[tokio::test]
async fn people_are_added_helped_in_and_switched_off() {
    let world = World::new().await;
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let made = press(&operator, "/operator/accounts", "name=Suzuki&role=desk").await;
    let link = between(&made.body, "<p class=\"box once\"><code>", "</code>").to_owned();
    let place = between(&made.body, "href=\"/operator/accounts/", "\"").to_owned();
    let place = format!("/operator/accounts/{place}");
    let mut person = world.visitor("en");
    let path = link[world.hub.config().public_url().len()..].to_owned();
    let entered = person.post(&path, "").await;
    person.take_cookie(&entered);
    assert_eq!(person.get("/desk").await.status, StatusCode::OK);

    let named = press(&operator, &place, "do=login&login=Suzuki@example.jp").await;
    assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.body);
    let bad = press(&operator, &place, "do=login&login=a").await;
    assert!(bad.body.contains("3 to 64 letters"), "{}", bad.body);
    assert!(person.get("/account").await.body.contains("suzuki@example.jp"));
    let page = operator.get(&place).await;
    assert!(page.body.contains("one-time link</td>"), "{}", page.body);
    // Reset signs out and gives a new way in.
    let unsure = press(&operator, &place, "do=reset").await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsure.body);
    assert_eq!(person.get("/desk").await.status, StatusCode::OK);
    let reset = press(&operator, &place, "do=reset&sure=yes").await;
    assert!(reset.body.contains("/sign-in/"), "{}", reset.body);
    assert_eq!(person.get("/desk").await.status, StatusCode::UNAUTHORIZED);
    let path = between(&reset.body, "<p class=\"box once\"><code>", "</code>").to_owned();
    let path = path[world.hub.config().public_url().len()..].to_owned();
    let entered = person.post(&path, "").await;
    person.take_cookie(&entered);
    let sessions = operator.get("/operator/sessions").await;
    let row = sessions.body.split("<tr>").find(|r| r.contains("Suzuki")).unwrap();
    let id = between(row, "/operator/sessions/", "\"").to_owned();
    let ended = press(&operator, &format!("/operator/sessions/{id}"), "").await;
    assert_eq!(ended.place(), "/operator/sessions?saved=1", "{}", ended.body);
    assert_eq!(person.get("/desk").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(press(&operator, &place, "do=disable&sure=yes").await.status, StatusCode::SEE_OTHER);
    assert!(operator.get(&place).await.body.contains("switched off"));
    let on = press(&operator, &place, "do=enable").await;
    assert_eq!(on.status, StatusCode::SEE_OTHER, "{}", on.body);
    assert!(!operator.get(&place).await.body.contains("switched off"));
    assert_eq!(press(&operator, &place, "do=enable").await.status, StatusCode::BAD_REQUEST);
    assert!(operator.get("/operator/audit").await.body.contains("account.enable"));
    // Nobody locks themselves out.
    let accounts = admin::list_accounts(&world.hub).await.unwrap();
    let own = accounts.iter().find(|a| a.role == Role::Operator).unwrap();
    let own = format!("/operator/accounts/{}", own.id);
    assert_eq!(press(&operator, &own, "do=disable&sure=yes").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(operator.get("/operator").await.status, StatusCode::OK);
}

#[tokio::test]
async fn agreements_and_partners_are_managed_on_their_pages() {
    let world = World::new().await;
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let page = operator.get("/operator/agreements").await;
    assert!(page.body.contains("Share and be shared with."), "{}", page.body);
    assert!(page.body.contains("Kaku Heavy Industries"), "{}", page.body);
    let same = press(&operator, "/operator/agreements", "version=2026-10&text=Other").await;
    assert_eq!(same.status, StatusCode::CONFLICT);
    assert!(same.body.contains(">Other</textarea>"), "{}", same.body);
    let new = press(&operator, "/operator/agreements", "version=2026-11&text=Line%0D%0ATwo").await;
    assert_eq!(new.status, StatusCode::SEE_OTHER, "{}", new.body);
    assert!(operator.get("/operator/agreements").await.body.contains("Line\nTwo"));

    let added = press(&operator, "/operator/partners", "name=JPCERT/CC&read_releases=yes").await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let again = press(&operator, "/operator/partners", "name=JPCERT/CC").await;
    assert!(again.body.contains("partner of this name already"), "{}", again.body);
    let page = operator.get("/operator/partners").await;
    let id = between(&page.body, "action=\"/operator/partners/", "\"").to_owned();
    let place = format!("/operator/partners/{id}");
    let key = press(&operator, &place, "do=key&label=collector").await;
    assert!(key.body.contains("nrsh_"), "{}", key.body);
    assert_eq!(press(&operator, &place, "do=remove").await.status, StatusCode::SEE_OTHER);
    let page = operator.get("/operator/partners").await;
    assert!(page.body.contains("revoked") && page.body.contains("has left"), "{}", page.body);
}

#[tokio::test]
async fn jobs_feeds_storage_and_what_needs_attention_are_shown() {
    let world = World::new().await;
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let overview = operator.get("/operator").await.body;
    assert!(overview.contains("4 members have no valid signature"), "{overview}");
    assert!(overview.contains("No backup was ever made"), "{overview}");
    assert!(operator.get("/operator/jobs").await.body.contains("not yet"));
    report(&world).await;
    // Looked at again and again, the page does not tell when a report came in.
    for page in [&overview, &operator.get("/operator").await.body] {
        assert!(page.contains("next tick</dt><dd>&#60; 100</dd>"), "{page}");
    }
    world.clock.advance(20_000_000);
    tick::tick(&world.hub).await.unwrap();
    let jobs = operator.get("/operator/jobs").await.body;
    let row = jobs.split("<tr>").find(|r| r.contains("<strong>Tick</strong>")).unwrap();
    assert!(row.contains("2026-11-23 03:00:20 UTC") && row.contains("runs: 1"), "{row}");
    let feeds = operator.get("/operator/feeds").await.body;
    let row = feeds.split("<tr>").find(|r| r.contains("<code>signals</code>")).unwrap();
    assert!(row.contains(">1</td>") && row.contains("03:00:20"), "{row}");
    let storage = operator.get("/operator/storage").await.body;
    assert!(storage.contains("vault.db") && storage.contains(" MiB"), "{storage}");
    let row = storage.split("<tr>").find(|r| r.contains("<code>report</code>")).unwrap();
    assert!(row.contains("&#60; 100"), "no exact number: {row}");
    // Without a folder nothing is made from here.
    assert!(storage.contains("hub.backups"), "{storage}");
    let refused = press(&operator, "/operator/storage", "").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
    let folder = tempfile::tempdir().unwrap();
    admin::backup(&world.hub, folder.path()).await.unwrap();
    let overview = operator.get("/operator").await.body;
    assert!(!overview.contains("No backup was ever made"), "{overview}");
    world.clock.advance(8 * 86_400_000_000);
    let operator = world.signed_in(Role::Operator, None, "en").await;
    assert!(operator.get("/operator").await.body.contains("older than a week"));
}

#[tokio::test]
async fn who_of_a_member_is_at_work_is_not_shown() {
    let world = World::new().await;
    let member = world.member().await;
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let page = operator.get("/operator/sessions").await;
    assert!(!page.body.contains("member person"), "{}", page.body);
    let rows = || page.body.split("<tr><td>").skip(1);
    assert!(rows().any(|r| r.contains("operator person") && r.contains("03:00 UTC")));
    // Signed in or not, the account's page is the same; and its sessions can be ended all the same.
    let accounts = admin::list_accounts(&world.hub).await.unwrap();
    let account = accounts.iter().find(|a| a.role == Role::Member).unwrap();
    let place = format!("/operator/accounts/{}", account.id);
    let before = operator.get(&place).await.body;
    let ended = press(&operator, &place, "do=end").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.body);
    assert_eq!(member.get("/report").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(operator.get(&place).await.body, before);
    let again = press(&operator, &place, "do=end").await;
    assert_eq!((again.status, again.place()), (ended.status, ended.place()));
}

async fn the_trail_shows_administration_only(place: &Place) {
    let w = world::World::new(place).await;
    let member = w.member("Aozora").await;
    w.person(Role::Member, Some(&member.id)).await;
    w.person(Role::Desk, None).await;
    member.actor.report_text("45.155.205.7").await.accepted();
    let wanted = admin::TrailWanted {
        from: noroshi_stix::Timestamp::from_micros(0),
        to: w.hub.now().plus_days(1),
        actor: String::new(),
        action: String::new(),
        subject: String::new(),
        before: None,
        limit: 3,
    };
    // Page by page, each line once, newest first.
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page =
            admin::trail(&w.hub, admin::TrailWanted { before, ..wanted.clone() }).await.unwrap();
        before = page.last().map(|(e, id)| (e.at, id.clone()));
        all.extend(page);
        if all.len() % 3 != 0 || before.is_none() {
            break;
        }
    }
    assert!(all.is_sorted_by(|a, b| (a.0.at, &a.1) > (b.0.at, &b.1)));
    let whole =
        w.hub.vault().read("test.trail", |tx| vault::audit::recent(tx, 1000)).await.unwrap();
    let hidden: Vec<_> = whole
        .iter()
        .filter(|e| !all.iter().any(|(s, _)| s == *e))
        .map(|e| e.action.as_str())
        .collect();
    // The report, and the member's person signing in; the desk's sign-in is shown.
    let mut hidden_sorted = hidden.clone();
    hidden_sorted.sort_unstable();
    assert_eq!(hidden_sorted, ["report.file", "sign-in"], "{hidden:?}");
    assert!(all.iter().any(|(e, _)| e.action == "sign-in"));
    assert_eq!(all.len() + 2, whole.len());
    let made = admin::TrailWanted { action: "key.create".to_owned(), limit: 100, ..wanted.clone() };
    assert_eq!(admin::trail(&w.hub, made).await.unwrap().len(), 1);
    let about = admin::TrailWanted { subject: member.id.clone(), limit: 100, ..wanted };
    let about = admin::trail(&w.hub, about).await.unwrap();
    assert!(about.len() >= 2 && about.iter().all(|(e, _)| e.subject == member.id));
}

async fn lists_page_through_everybody_once(place: &Place) {
    let w = world::World::new(place).await;
    let many = 120;
    // Names that are equal are told apart by the id.
    fill(&w.hub, many, |i| format!("Firm {:02}", i / 3)).await;
    let operator = w.person(Role::Operator, None).await;
    for (list, each) in [("members", "/operator/members/m-"), ("keys", "<td>siem<br>")] {
        let (mut path, mut seen, mut pages) = (format!("/operator/{list}"), 0, 0);
        loop {
            let page = operator.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text());
            seen += page.text().matches(each).count();
            pages += 1;
            let next = between(&page.text(), "href=\"", "\" rel=\"next\"").to_owned();
            let next = next.rsplit("href=\"").next().unwrap_or_default().replace("&#38;", "&");
            if next.is_empty() || pages > 10 {
                break;
            }
            path = next;
        }
        assert_eq!((seen, pages), (many, 3), "{list}");
    }
    let found = operator.get("/operator/members?q=FIRM-7.example").await.text();
    assert_eq!(found.matches("/operator/members/m-").count(), 1, "{found}");
    let none = operator.get("/operator/members?q=%25%25%27%3B--").await.text();
    assert_eq!(none.matches("/operator/members/m-").count(), 0, "{none}");
}

/// Members with a domain and a key each, a signature and a person for some, written at once.
async fn fill(hub: &Hub, count: usize, name: fn(usize) -> String) {
    let now = hub.now();
    let work = move |tx: &mut noroshi_store::Tx<'_>| {
        for i in 0..count {
            // In no order, as ids are.
            let id = format!("m-{:08x}", (i as u32).wrapping_mul(2_654_435_761));
            let member = vault::members::Member {
                id: id.clone(),
                name_ja: format!("架空{i}"),
                name_en: name(i),
                label_path: ["a", "b", "c"].map(str::to_owned).to_vec(),
                weight: 1,
                joined: now,
                left: None,
            };
            vault::members::insert(tx, &member)?;
            let domain = format!("firm-{i}.example.jp");
            vault::members::add_asset(tx, &id, vault::members::AssetKind::Domain, &domain)?;
            let key = vault::keys::KeyRow {
                id: format!("k{}", &id[2..]),
                member: id.clone(),
                label: "siem".to_owned(),
                digest: vec![0; 32],
                fingerprint: None,
                may_read: true,
                may_report: false,
                created: now,
                expires: now.plus_days(20),
                revoked: None,
            };
            vault::keys::insert(tx, &key)?;
            let version = vault::agreements::latest(tx)?.unwrap().version;
            if i % 10 != 0 {
                let signature = vault::agreements::Signature {
                    member: id.clone(),
                    agreement: version,
                    signer: "A signer of the firm".to_owned(),
                    signed: now,
                    expires: now.plus_days(365),
                    withdrawn: None,
                };
                vault::agreements::sign(tx, &format!("g{}", &id[2..]), &signature)?;
            }
            let account = vault::accounts::Account {
                id: format!("u{}", &id[1..]),
                role: Role::Member,
                member: Some(id.clone()),
                name: format!("Person of {}", name(i)),
                disabled: false,
            };
            vault::accounts::insert(tx, &account, now)?;
            vault::audit::note(tx, &format!("a{}", &id[1..]), now, "operator", "member.add", &id)?;
        }
        Ok(())
    };
    hub.vault().write("test.fill", work).await.unwrap();
}

#[tokio::test]
async fn pages_stay_small_and_fast_with_ten_thousand_members() {
    let world = World::new().await;
    fill(&world.hub, 10_000, |i| format!("Imaginary Corporation Number {i}")).await;
    let operator = world.signed_in(Role::Operator, None, "ja").await;
    let mut paths = PAGES.map(str::to_owned).to_vec();
    paths.push("/operator/members?q=Number+9".to_owned());
    paths.push("/operator/members?show=unsigned".to_owned());
    paths.push("/operator/accounts?q=zzz".to_owned());
    paths.push("/operator/keys?show=ending".to_owned());
    paths.push(format!("/operator/members/{}", world.members[0]));
    for path in paths {
        operator.get(&path).await;
        let began = std::time::Instant::now();
        let page = operator.get(&path).await;
        let took = began.elapsed();
        println!("{path}: {} KB, {took:?}", page.body.len() / 1000);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.len() < 100_000, "{path}: {}", page.body.len());
        // Without optimisation, on a machine that does much else; what is printed says more.
        assert!(took.as_secs() < 5, "{path}: {took:?}");
    }
}
