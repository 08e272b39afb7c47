//! The reference client from PyPI, `taxii2-client`, against a real socket.
//!
//! Runs where `NOROSHI_TEST_PYTHON` names an interpreter that has `taxii2-client` and `stix2`.

use std::io::Write as _;
use std::process::Stdio;

use noroshi_stix::{Kind, Tlp};

use crate::place::Place;
use crate::socket::serve;
use crate::world::{START, World};

crate::on_both_engines!(discovers_lists_pages_and_filters);

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/taxii2_client_check.py");

async fn discovers_lists_pages_and_filters(place: &Place) {
    let Ok(python) = std::env::var("NOROSHI_TEST_PYTHON") else {
        let text = "\nSKIPPED: taxii2-client; set NOROSHI_TEST_PYTHON to a python that has it\n";
        std::io::stderr().write_all(text.as_bytes()).unwrap();
        return;
    };
    let world = World::small_window(place).await;
    let hub = &world.hub;
    world.publish(vec![hub.identity()]).await;
    world.publish_addresses(0, 20).await;
    let id = hub.fresh_id();
    for n in 0..3 {
        let at = START + n * 1_000_000;
        let version = hub.version(&id, Kind::Domain, "example.org", Tlp::Green, at, false);
        world.publish(vec![version]).await;
    }
    let address = serve(&world).await;
    let output = tokio::task::spawn_blocking({
        let (key, id) = (world.key.clone(), id.as_str().to_owned());
        move || {
            std::process::Command::new(python)
                .args([SCRIPT, &format!("http://{address}/taxii2/"), &key, &id])
                .stdin(Stdio::null())
                .output()
                .unwrap()
        }
    })
    .await
    .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{error}");
    assert!(text.contains("all checks passed"), "{text}");
}
