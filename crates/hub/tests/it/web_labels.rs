//! Pages about labels: what a reporter sees before anything is said, cases the public knows of, the
//! direct lane.

use axum::http::StatusCode;
use noroshi_hub::access::Role;
use noroshi_hub::context;

use crate::web_world::World;

fn filled<'a>(csrf: &'a str, key: &'a str, button: &'a str) -> Vec<(&'a str, &'a str, &'a str)> {
    vec![
        ("_csrf", "", csrf),
        ("idempotency", "", key),
        ("text", "", "185.220.101.7"),
        ("attack_type", "", "ransomware"),
        ("do", "", button),
    ]
}

#[tokio::test]
async fn a_reporter_sees_label_and_shares_and_adds_to_its_report() {
    let world = World::new().await;
    for (language, label, share) in
        [("en", "a member", "6 members fit this label"), ("ja", "会員", "6 組織です")]
    {
        let member = world.signed_in(Role::Member, Some(0), language).await;
        let csrf = member.csrf().await;
        let page = member.upload("/report", &filled(&csrf, "k1", "check")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains(&format!("<strong>{label}</strong>")), "{}", page.body);
        // FSI and PDI stand around numbers in texts.
        let plain: String =
            page.body.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
        assert!(plain.contains(share), "{plain}");
        assert!(page.body.contains("16.7 % (1/6)"), "own share: {}", page.body);
        assert!(page.body.contains("20.0 % (1/5)"), "after a colluder: {}", page.body);
    }
    let member = world.signed_in(Role::Member, Some(0), "en").await;
    let csrf = member.csrf().await;
    let first = member.upload("/report", &filled(&csrf, "k2", "send")).await;
    let first = first.place().trim_start_matches("/reports/").to_owned();
    let form = member.get(&format!("/report?continues={first}")).await;
    assert!(form.body.contains(&format!("name=\"continues\" value=\"{first}\"")), "{}", form.body);
    let mut fields = filled(&csrf, "k3", "send");
    fields.push(("continues", "", &first));
    let second = member.upload("/report", &fields).await;
    let page = member.get(second.place()).await;
    assert!(page.body.contains(&format!("<a href=\"/reports/{first}\">")), "{}", page.body);
    // Somebody else's report cannot be continued, and what was typed is not lost.
    let other = world.signed_in(Role::Member, Some(1), "en").await;
    let other_csrf = other.csrf().await;
    let mut fields = filled(&other_csrf, "k4", "send");
    fields.push(("continues", "", &first));
    let refused = other.upload("/report", &fields).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("185.220.101.7"), "{}", refused.body);
}

#[tokio::test]
async fn a_public_case_holds_the_group_until_it_is_taken_back() {
    let world = World::new().await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let csrf = desk.csrf().await;
    let page = desk.get("/desk/flags").await;
    assert!(page.body.contains("Kaku Railway"), "{}", page.body);
    let body = |since: &str, basis: &str| {
        format!("_csrf={csrf}&member={}&since={since}&basis={basis}", world.members[2])
    };
    let refused = desk.post("/desk/flags", &body("", "a+paper")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("value=\"a paper\""), "typed text is kept: {}", refused.body);
    let refused = desk.post("/desk/flags", &body("2027-01-01", "a+paper")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        desk.post("/desk/flags", &body("2026-11-20", "a+paper")).await.place(),
        "/desk/flags"
    );
    let member = world.signed_in(Role::Member, Some(0), "en").await;
    let own = member.csrf().await;
    let page = member.upload("/report", &filled(&own, "k1", "check")).await;
    assert!(page.body.contains("Nothing would be said about the attack now"), "{}", page.body);
    let page = desk.get("/desk/flags").await;
    let id = page.body.split("/desk/flags/").nth(1).unwrap().split('/').next().unwrap();
    let path = format!("/desk/flags/{id}/withdraw");
    let taken = desk.post(&path, &format!("_csrf={csrf}")).await;
    assert_eq!(taken.place(), "/desk/flags");
    assert!(desk.get("/desk/flags").await.body.contains("taken back"));
    let page = member.upload("/report", &filled(&own, "k1", "check")).await;
    assert!(page.body.contains("16.7 % (1/6)"), "{}", page.body);
}

#[tokio::test]
async fn context_shows_its_certificate_and_the_direct_lane_asks_the_reporter() {
    let world = World::new().await;
    let member = world.signed_in(Role::Member, Some(0), "en").await;
    let own = member.csrf().await;
    let sent = member.upload("/report", &filled(&own, "k1", "send")).await;
    let report = sent.place();
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let csrf = desk.csrf().await;
    let decide = format!("{report}/context");
    desk.post(&format!("/desk{decide}"), &format!("_csrf={csrf}&decision=approve")).await;
    // A yes to other words than those that would be said now is none.
    let other = format!("_csrf={own}&decision=approve&wording=0123456789abcdef");
    assert_eq!(member.post(&decide, &other).await.status, StatusCode::CONFLICT);
    let asked = member.get(report).await.body;
    let wording =
        asked.split("name=\"wording\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let yes = format!("_csrf={own}&decision=approve&wording={wording}");
    assert_eq!(member.post(&decide, &yes).await.status, StatusCode::SEE_OTHER);
    assert_eq!(context::release_approved(&world.hub).await.unwrap(), 1);
    let page = member.get(report).await;
    assert!(page.body.contains("/anonymity/certificates/report--"), "{}", page.body);

    let propose = format!("/desk{report}/direct");
    let body = format!("_csrf={csrf}&ground=consent&recipient={}", world.members[1]);
    let made = desk.post(&propose, &body).await;
    assert_eq!(made.place(), format!("/desk{report}#direct"));
    let asked = member.get(report).await;
    assert!(asked.body.contains("Yes, tell these members"), "{}", asked.body);
    let other = world.signed_in(Role::Member, Some(1), "ja").await;
    assert!(other.get("/direct").await.body.contains("まだありません"));
    let id = asked.body.split("/direct/").nth(1).unwrap().split('"').next().unwrap();
    let agree = format!("{report}/direct/{id}");
    member.post(&agree, &format!("_csrf={own}&agrees=yes")).await;
    let page = other.get("/direct").await;
    assert!(
        page.body.contains("TLP:AMBER+STRICT") && page.body.contains("[kaku]"),
        "{}",
        page.body
    );
    // The operator's trail does not say whose account agreed, nor that one did.
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let trail = operator.get("/operator/audit").await.body;
    assert!(trail.contains("<code>member.add</code>"), "{trail}");
    assert!(!trail.contains("<code>direct.") && !trail.contains("<code>context."), "{trail}");

    desk.post(&format!("/desk{report}/context/revoke"), &format!("_csrf={csrf}")).await;
    assert!(member.get(report).await.body.contains("It was taken back"));
}

#[tokio::test]
async fn a_member_edits_what_it_is_called_and_the_gate_follows() {
    let world = World::new().await;
    let member = world.signed_in(Role::Member, Some(0), "en").await;
    let csrf = member.csrf().await;
    let page = member.get("/names").await;
    // 架空重工業株式会社 and kaku-heavy.co.jp: the short form and the domain are derived.
    for derived in ["<strong>架空重工業</strong>", "<strong>kaku heavy</strong>"] {
        assert!(page.body.contains(derived), "{derived}: {}", page.body);
    }
    let change = |what: &str, name: &str| format!("_csrf={csrf}&do={what}&name={name}");
    let everyday = member.post("/names", &change("add", "com")).await;
    assert_eq!(everyday.status, StatusCode::BAD_REQUEST);
    assert!(everyday.body.contains("ordinary addresses"), "{}", everyday.body);
    let refused = member.post("/names", &change("add", "x")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let added = member.post("/names", &change("add", "Tsukiyomi+Works")).await;
    assert_eq!(added.place(), "/names", "{}", added.body);
    assert!(member.get("/names").await.body.contains("added by you"));
    let judged = async || {
        world.hub.refresh_policy().await.unwrap();
        let mut fields = filled(&csrf, "k1", "check");
        fields[2].2 = "https://tsukiyomi-works-vpn.net/login";
        member.upload("/report", &fields).await.body
    };
    assert!(judged().await.contains("<del><code>https://tsukiyomi-works-vpn.net/login"));
    member.post("/names", &change("remove", "Tsukiyomi+Works")).await;
    assert!(!judged().await.contains("<del><code>https://tsukiyomi-works-vpn.net/login"));
    // A derived name that is taken out stays as a proposal and can be taken back in.
    member.post("/names", &change("remove", "kaku+heavy")).await;
    let page = member.get("/names").await.body;
    let unused = page.split("aria-labelledby=\"unused\"").nth(1).unwrap();
    assert!(unused.contains("kaku heavy"), "{unused}");
    member.post("/names", &change("add", "kaku+heavy")).await;
    let page = member.get("/names").await.body;
    let unused = page.split("aria-labelledby=\"unused\"").nth(1).unwrap_or_default();
    assert!(!unused.contains("kaku heavy"), "{unused}");
    // Nobody else's list, and nobody else sees it.
    let desk = world.signed_in(Role::Desk, None, "en").await;
    assert_eq!(desk.get("/names").await.status, StatusCode::NOT_FOUND);
}
