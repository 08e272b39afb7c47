//! The role x action matrix: what each kind of caller gets from each route.

use std::fmt::Write as _;

use axum::http::{Request, header};
use data_encoding::BASE64;
use noroshi_outlet::{Access, ROUTES, SignedDocument};
use noroshi_stix::{Kind, Tlp};

use crate::place::{self, Place};
use crate::world::{SIGNALS, START, World};

crate::on_both_engines!(keys_are_checked);

/// One kind of caller: its name, and the `Authorization` header it sends.
struct Caller {
    name: &'static str,
    authorization: Option<String>,
}

async fn callers(world: &World) -> Vec<Caller> {
    let expired = world.hub.api_key();
    world.admit(&expired, START).await;
    let some = |name, authorization| Caller { name, authorization: Some(authorization) };
    vec![
        Caller { name: "anonymous", authorization: None },
        some("member", format!("Bearer {}", world.key)),
        some("expired key", format!("Bearer {}", expired.expose())),
        some("unknown key", format!("Bearer {}", world.hub.api_key().expose())),
        some("reporter", world.reporter().await.authorization),
        some("partner", world.partner(1).await.authorization),
    ]
}

fn path_of(route: &str, object: &str) -> String {
    route
        .replace("{collection}", "signals")
        .replace("{object}", object)
        .replace("{list}", "ipv4.txt")
        .replace("{file}", "outlet.css")
        .replace("{download}", "indicators.csv")
        .replace("{kind}/{name}", "records/1")
        .replace("{status}", "00000000-0000-4000-8000-000000000000")
}

#[test]
fn the_matrix_is_as_written() {
    let place = place::sqlite();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let matrix = runtime.block_on(async {
        let (closed, public) = (World::new(&place).await, place::sqlite());
        let public = World::public(&public).await;
        let object = closed.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Clear);
        let id = serde_json::from_slice::<serde_json::Value>(&object).unwrap();
        let id = id["id"].as_str().unwrap().to_owned();
        closed.publish(vec![object.clone()]).await;
        public.publish(vec![object]).await;
        for world in [&closed, &public] {
            let record = SignedDocument::sign("records/1", true, "{}", &world.hub.key);
            world.shelf.put_documents(vec![record]).await.unwrap();
        }
        let mut out = String::new();
        for (title, world) in [("members only", &closed), ("with a public part", &public)] {
            writeln!(out, "# {title}").unwrap();
            let callers = callers(world).await;
            let names: Vec<_> = callers.iter().map(|c| format!("{:>11}", c.name)).collect();
            let head = ["method", "path", "action", "access"];
            writeln!(
                out,
                "{:<7}{:<70}{:<17}{:<7}{}",
                head[0],
                head[1],
                head[2],
                head[3],
                names.join(" ")
            )
            .unwrap();
            for route in ROUTES {
                let mut cells = Vec::new();
                for caller in &callers {
                    // A GET is asked for without its body: the stream's never ends.
                    let method = if route.method == "GET" { "HEAD" } else { route.method };
                    let path = path_of(route.path, &id);
                    let mut request = Request::builder().method(method).uri(path);
                    if let Some(value) = &caller.authorization {
                        request = request.header(header::AUTHORIZATION, value);
                    }
                    let answer = world.send(request).await;
                    let empty = answer.body.is_empty();
                    assert!(method != "HEAD" || empty, "HEAD has no body: {}", route.path);
                    cells.push(format!("{:>11}", answer.status.as_u16()));
                }
                writeln!(
                    out,
                    "{:<7}{:<70}{:<17}{:<7}{}",
                    route.method,
                    route.path,
                    format!("{:?}", route.action),
                    format!("{:?}", route.access),
                    cells.join(" ")
                )
                .unwrap();
            }
        }
        out
    });
    let golden = include_str!("matrix.txt");
    if matrix != golden && std::env::var_os("NOROSHI_WRITE_GOLDEN").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/matrix.txt"), &matrix)
            .unwrap();
    }
    assert_eq!(matrix, golden, "set NOROSHI_WRITE_GOLDEN=1 to write tests/it/matrix.txt anew");
}

#[test]
fn what_anyone_may_use_holds_nothing_of_members() {
    let open: Vec<_> =
        ROUTES.iter().filter(|r| r.access == Access::Anyone).map(|r| r.path).collect();
    assert_eq!(open, ["/", "/connect", "/assets/outlet/{file}", "/healthz", "/readyz", "/metrics"]);
}

async fn keys_are_checked(place: &Place) {
    let world = World::new(place).await;
    let path = format!("{SIGNALS}objects/");
    let basic = |user: &str, password: &str| {
        format!("Basic {}", BASE64.encode(format!("{user}:{password}").as_bytes()))
    };
    let key = world.key.clone();
    let (id, _) = key["nrsh_".len()..].split_once('_').unwrap();
    for (authorization, status) in [
        (format!("Bearer {key}"), 200),
        (format!("bearer  {key}"), 200),
        (basic(id, &key), 200),
        (basic("anyone", &key), 200),
        (basic("", &key), 200),
        (basic(&key, ""), 401),
        (basic("admin", "wrong"), 401),
        (format!("Bearer {}", &key[..key.len() - 1]), 401),
        (format!("Bearer {key}x"), 401),
        (format!("Bearer nrsh_{id}_{}", "a".repeat(32)), 401),
        ("Bearer".into(), 401),
        ("Basic !!!".into(), 401),
        ("Basic ".into(), 401),
        ("Digest x".into(), 401),
        (String::new(), 401),
    ] {
        let request = Request::get(&path).header(header::AUTHORIZATION, &authorization);
        let answer = world.send(request).await;
        assert_eq!(answer.status, status, "{}", authorization.replace(&key, "KEY"));
        if status == 401 {
            assert_eq!(answer.code(), "bad-credentials");
            let offers = answer.headers.get_all(header::WWW_AUTHENTICATE).iter().count();
            assert_eq!(offers, 2, "Basic and Bearer are offered");
            assert!(!answer.text().contains("nrsh_"));
        }
    }
    let nobody = world.anonymous(&path).await;
    assert_eq!((nobody.status.as_u16(), nobody.code().as_str()), (401, "credentials-needed"));
    // A key ends at its moment, and is refused until someone makes it valid again.
    let other = world.hub.api_key();
    world.admit(&other, START + 1).await;
    let ask = async || {
        let auth = format!("Bearer {}", other.expose());
        world.send(Request::get(&path).header(header::AUTHORIZATION, auth)).await
    };
    assert_eq!(ask().await.status, 200);
    world.clock.advance(1);
    let expired = ask().await;
    assert_eq!((expired.status.as_u16(), expired.code().as_str()), (401, "key-expired"));
    world.admit(&other, START + 1_000_000).await;
    assert_eq!(ask().await.status, 200);
    world.shelf.remove_credential(other.id()).await.unwrap();
    assert_eq!(ask().await.status, 401);
}
