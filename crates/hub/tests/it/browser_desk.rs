//! The desk in a real browser: what one analyst reviews by keyboard is what another member reads.

use noroshi_hub::access::Role;
use noroshi_hub::{campaign, context, tick};
use noroshi_stix::Timestamp;
use serde_json::json;

use crate::browser;
use crate::web_world::{Browser, World};

const MAIL: &str = "From: Kaiun Post <billing@kaiun-post.net>\r\n\
To: taro@kaku-heavy.co.jp\r\nSubject: =?UTF-8?B?6KuL5rGC5pu444Gu5Lu2?=\r\n\
Content-Type: text/plain; charset=utf-8\r\n\r\n\
架空重工業の皆様\r\n\r\n添付の請求書をご確認ください。 hxxps://cdn-teikei[.]org/up/check.php?uid=8f3a91c2\r\n\
同じメールが Kaku Railway にも届いています。10.1.2.3 から 45[.]83[.]22[.]109 への通信を確認。\r\n\
Version 1.0.0.0, http://kaku-electric-vpn.net/login\r\n";

async fn file(member: &Browser, key: &str, fields: &[(&str, &str, &str)]) -> String {
    let csrf = member.csrf().await;
    let mut all = vec![("_csrf", "", csrf.as_str()), ("idempotency", "", key), ("do", "", "send")];
    all.extend_from_slice(fields);
    let sent = member.upload("/report", &all).await;
    assert!(sent.place().starts_with("/reports/"), "{}", sent.body);
    sent.place().trim_start_matches("/reports/").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_works_by_keyboard_together_and_without_script() {
    let world = World::new().await;
    // Sessions end sooner than this story.
    let one = || world.member();
    let two = || world.signed_in(Role::Member, Some(1), "en");
    let first = [
        ("text", "", "kuro-umi.net 45.83.22.109"),
        ("attack_type", "", "ransomware"),
        ("impact", "", "availability"),
    ];
    let ransom = file(&one().await, "k1", &first).await;
    world.clock.advance(3 * 3_600_000_000);
    let other =
        file(&two().await, "k2", &[("text", "", "kuro-umi.net"), ("attack_type", "", "")]).await;
    world.clock.advance(3_600_000_000);
    let fields = [("file", "請求書.eml", MAIL), ("text", "", "")];
    let mail = file(&one().await, "k3", &fields).await;
    let mut long = String::new();
    for n in 0..600 {
        long +=
            &format!("2026-11-21T10:02:{:02} 10.1.20.7 CONNECT 45.83.{}.{n}:443\n", n % 60, n % 9);
    }
    let long = file(&two().await, "k4", &[("file", "proxy.log", &long), ("text", "", "")]).await;
    world.clock.advance(600_000_000);
    tick::tick(&world.hub).await.unwrap();
    let group = [ransom.clone(), other];
    let (group, _) = campaign::group(&world.hub, None, &group, "k-test").await.unwrap();

    let mut links = json!({ "member": world.link(Role::Member, Some(0)).await });
    for who in ["desk-keys", "desk-one", "desk-two", "desk-three", "desk-plain", "desk-marks"]
        .into_iter()
        .map(str::to_owned)
        .chain(["en-wide", "en-phone", "ja-wide", "ja-phone"].map(|v| format!("look-{v}")))
    {
        links[who] = json!(world.link(Role::Desk, None).await);
    }
    let told = json!({
        "links": links,
        "stage": "agree",
        "mail": format!("/desk/reports/{mail}"),
        "long": format!("/desk/reports/{long}"),
        "campaign": format!("/desk/campaigns/{}", group.id),
    });
    let before = world.hub.now();
    browser::check(&world, "desk_pages.py", told).await;
    if std::env::var_os("NOROSHI_TEST_CHROMIUM").is_none() {
        return;
    }
    // The batch: what the analyst saw and the reporter agreed to is what the other member reads.
    assert!(before <= Timestamp::from_micros(world.hub.now().as_micros()));
    assert_eq!(context::release_approved(&world.hub).await.unwrap(), 1);
    tick::tick(&world.hub).await.unwrap();
    let read = two().await.get("/").await;
    assert!(read.body.contains("ransomware"), "{}", read.body);
}
