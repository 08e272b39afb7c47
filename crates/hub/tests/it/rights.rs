//! Who may do what: the matrix and every route of hub and outlet as one golden text, with what each
//! actor really gets.
//!
//! `UPDATE_GOLDEN=1 cargo test -p noroshi-hub` writes the text anew; a change in it is a change of
//! rights and belongs into review.

use std::fmt::Write as _;

use axum::http::Method;
use noroshi_hub::access::{Action, Role, may};
use noroshi_hub::admin::{self, AuthorityKind, NewPartner};
use noroshi_hub::app;
use noroshi_seal::{AuthorityKey, SeededEntropy};
use serde_json::json;

use crate::place::Place;
use crate::world::World;

crate::on_both_engines![matrix_and_routes_are_the_golden_text];

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/rights.txt");

async fn matrix_and_routes_are_the_golden_text(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let reading = w.key(&a.id, false, 30).await;
    w.tick().await;
    let filed = a
        .actor
        .report(json!({"techniques": ["T1566.001"], "indicators": ["http://bashouan-vpn.net/"]}))
        .await;
    let report = filed.accepted();
    w.tick().await;
    let desk = w.desk().await;
    let partner = NewPartner { name: "Somewhere CERT".to_owned(), ..NewPartner::default() };
    let partner = admin::add_partner(&w.hub, partner).await.unwrap();
    let partner = admin::create_partner_key(&w.hub, &partner, "x", 30).await.unwrap();
    let key = AuthorityKey::generate(&SeededEntropy::new(3)).unwrap();
    let statement = key.state("架空省", 20_780, 21_000).unwrap().to_json();
    let authority =
        admin::add_authority(&w.hub, &statement, &["jp-acd".to_owned()], AuthorityKind::Addressee)
            .await
            .unwrap();
    let authority = crate::filings::officer(&w, &authority).await;
    let actors = [
        ("anonymous", w.anonymous()),
        ("member", a.actor.clone()),
        ("read-only key", w.with_key(&reading)),
        ("other member", b.actor.clone()),
        ("desk", desk),
        ("authority", authority),
        ("operator", w.person(Role::Operator, None).await),
        ("partner", w.with_key(&partner)),
    ];
    // Known to the hub at once, to the outlet with the next tick.
    w.tick().await;

    let mut text = String::from("Who may do what\n\n");
    let yes = |role, action| if may(role, action) { "yes" } else { "-" };
    for action in Action::ALL {
        let cells: Vec<_> =
            Role::ALL.iter().map(|r| format!("{} {}", r.as_str(), yes(*r, action))).collect();
        writeln!(text, "{:<12} {}", action.as_str(), cells.join(", ")).unwrap();
    }
    text.push_str("\nWhat each actor gets\n\n");
    let hub = app::ROUTES.iter().map(|r| (r.method, r.path, r.action.as_str().to_owned()));
    let outlet =
        noroshi_outlet::ROUTES.iter().map(|r| (r.method, r.path, format!("{:?}", r.access)));
    for (method, path, action) in hub.chain(outlet) {
        let address = filled(path, &report);
        let mut cells = Vec::new();
        for (name, actor) in &actors {
            let status =
                actor.status(Method::from_bytes(method.as_bytes()).unwrap(), &address).await;
            assert!(status < 500, "{method} {path} as {name}: {status}");
            cells.push(format!("{name} {status}"));
        }
        writeln!(text, "{method} {path}  [{action}]\n    {}", cells.join(", ")).unwrap();
    }

    text.push_str("\nCollections that take objects (415: may post, but this was no envelope)\n\n");
    for collection in ["inbox", "partners"] {
        for (method, tail) in [("GET", ""), ("GET", "objects/"), ("POST", "objects/")] {
            let path = format!("/taxii2/noroshi/collections/{collection}/{tail}");
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let mut cells = Vec::new();
            for (name, actor) in &actors {
                cells.push(format!("{name} {}", actor.status(method.clone(), &path).await));
            }
            writeln!(text, "{method} {path}\n    {}", cells.join(", ")).unwrap();
        }
    }

    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &text).unwrap();
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(text == golden, "rights changed; see UPDATE_GOLDEN:\n{text}");
}

/// The path with something that exists in place of each name.
fn filled(path: &str, report: &str) -> String {
    let mut out = path.to_owned();
    for (name, value) in [
        ("{file}", "outlet.css"),
        ("{collection}", "signals"),
        ("{object}", "identity--00000000-0000-4000-8000-000000000000"),
        ("{list}", "ipv4.txt"),
        ("{id}", report),
    ] {
        out = out.replace(name, value);
    }
    match out.split_once('{') {
        Some((head, tail)) => format!("{head}x{}", tail.split_once('}').unwrap().1),
        None => out,
    }
}
