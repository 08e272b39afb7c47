//! The pages in a real browser: Chromium, driven by the checks in `tests/browser`.
//!
//! Runs where `NOROSHI_TEST_PYTHON` has Playwright and `NOROSHI_TEST_CHROMIUM` names a Chromium;
//! `.ci/test` provides both. `NOROSHI_PICTURES` names a folder for a picture of every page.

use std::io::Write as _;
use std::process::{Command, Stdio};

use noroshi_hub::access::Role;
use noroshi_outlet::listen::{self, ListenConfig};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::web_world::World;

/// Runs a check of `tests/browser` against this world. `told` is what it gets beside `base`.
pub(crate) async fn check(world: &World, script: &str, mut told: Value) {
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
        world.router.clone(),
        None,
        ListenConfig::default(),
        std::future::pending(),
    ));
    let script = format!("{}/tests/browser/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = tokio::task::spawn_blocking(move || {
        let mut child = Command::new(python)
            .arg(script)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(told.to_string().as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    serving.abort();
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{error}");
    assert!(text.contains("all checks passed"), "{text}{error}");
    // What a check measured is seen with `--nocapture`.
    println!("{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_navigation_is_sound() {
    let world = World::new().await;
    let mut links = json!({});
    for role in [Role::Member, Role::Desk, Role::Operator] {
        for visitor in ["en-wide", "en-phone", "ja-wide", "ja-phone"] {
            let member = (role == Role::Member).then_some(0);
            links[format!("{}-{visitor}", role.as_str())] = json!(world.link(role, member).await);
        }
    }
    let told = json!({ "links": links, "roles": ["member", "desk", "operator"] });
    check(&world, "first_pages.py", told).await;
}
