//! The pages in a real browser: Chromium, driven by the checks in `tests/browser`.
//!
//! Runs where `NOROSHI_TEST_PYTHON` has Playwright and `NOROSHI_TEST_CHROMIUM` names a Chromium;
//! `.ci/test` provides both. `NOROSHI_PICTURES` names a folder for a picture of every page.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use axum::Router;
use noroshi_hub::access::Role;
use noroshi_outlet::listen::{self, ListenConfig};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::web_world::World;

/// Runs a check of `tests/browser` against this world. `told` is what it gets beside `base`.
pub(crate) async fn check(world: &World, script: &str, told: Value) {
    converse(&world.router, script, told, async |_| Value::Null).await;
}

/// The same for any router; `act` does what the check asks for while it runs.
pub(crate) async fn converse(
    router: &Router,
    script: &str,
    mut told: Value,
    mut act: impl AsyncFnMut(Value) -> Value,
) {
    let (python, chromium) =
        (std::env::var_os("NOROSHI_TEST_PYTHON"), std::env::var_os("NOROSHI_TEST_CHROMIUM"));
    let (Some(python), Some(_)) = (python, chromium) else {
        let text = "\nSKIPPED: pages in a browser; set NOROSHI_TEST_PYTHON and \
                    NOROSHI_TEST_CHROMIUM, or use .ci/test\n";
        std::io::stderr().write_all(text.as_bytes()).unwrap();
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    told["base"] = json!(format!("http://{}", listener.local_addr().unwrap()));
    let serving = tokio::spawn(listen::serve(
        listener,
        router.clone(),
        None,
        ListenConfig::default(),
        std::future::pending(),
    ));
    let script = format!("{}/tests/browser/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new(python)
        .arg(script)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let (output, error) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    writeln!(input, "{told}").unwrap();
    let (said, mut wishes) = tokio::sync::mpsc::unbounded_channel();
    let reading = tokio::task::spawn_blocking(move || {
        for line in BufReader::new(output).lines() {
            said.send(line.unwrap()).unwrap();
        }
    });
    let complaints = tokio::task::spawn_blocking(move || std::io::read_to_string(error).unwrap());
    let mut text = String::new();
    while let Some(line) = wishes.recv().await {
        match line.strip_prefix("wish: ") {
            Some(wish) => {
                let answer = act(serde_json::from_str(wish).unwrap()).await;
                writeln!(input, "{answer}").unwrap();
            }
            None => text += &format!("{line}\n"),
        }
    }
    reading.await.unwrap();
    let error = complaints.await.unwrap();
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    serving.abort();
    assert!(status.success(), "{text}{error}");
    assert!(text.contains("all checks passed"), "{text}{error}");
    // What a check measured is seen with `--nocapture`.
    println!("{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_navigation_is_sound() {
    let world = World::new().await;
    let mut links = json!({});
    for role in [Role::Member, Role::Desk, Role::Operator] {
        for visitor in ["en-wide", "en-phone", "ja-wide", "ja-phone", "ja-zoomed"] {
            let member = (role == Role::Member).then_some(0);
            links[format!("{}-{visitor}", role.as_str())] = json!(world.link(role, member).await);
        }
    }
    let told = json!({ "links": links, "roles": ["member", "desk", "operator"] });
    check(&world, "first_pages.py", told).await;
}
