//! Whatever JSON stands in the list, the inbox answers, and says of each object what became of it.

use std::sync::OnceLock;

use noroshi_seal::ApiKey;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::place::{Place, sqlite};
use crate::world::World;

/// One world for all cases: opening a hub takes longer than a thousand posts.
fn world() -> &'static (Runtime, Place, World, ApiKey) {
    static WORLD: OnceLock<(Runtime, Place, World, ApiKey)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let place = sqlite();
        let (world, key) = runtime.block_on(async {
            let world = World::new(&place).await;
            let key = world.member("Aozora").await.key;
            (world, key)
        });
        (runtime, place, world, key)
    })
}

const ID: &str = "-5f2d1c3a-9b1e-4c55-8d6f-0a7be12c9d41";

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}|[\\x00-\\x1f]{1,3}".prop_map(Value::from),
        prop::sample::select(WORDS.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(KEYS.to_vec()), inner), 0..5)
                .prop_map(|m| m.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

/// Something with the type and id of an object, and anything else.
fn any_object() -> impl Strategy<Value = Value> {
    let types = prop::sample::select(TYPES.to_vec());
    let more = prop::collection::vec((prop::sample::select(KEYS.to_vec()), any_json()), 0..6);
    (types, more, any::<bool>()).prop_map(|(object_type, more, last)| {
        let mut object = json!({"type": object_type, "id": format!("{object_type}-{ID}")});
        for (key, value) in more {
            if last || object.get(key).is_none() {
                object[key] = value;
            }
        }
        object
    })
}

const TYPES: [&str; 12] = [
    "indicator",
    "ipv4-addr",
    "file",
    "url",
    "email-message",
    "email-addr",
    "observed-data",
    "attack-pattern",
    "report",
    "marking-definition",
    "bundle",
    "x-unknown",
];

const KEYS: [&str; 24] = [
    "type",
    "id",
    "spec_version",
    "created",
    "modified",
    "pattern",
    "pattern_type",
    "value",
    "objects",
    "hashes",
    "name",
    "to_refs",
    "object_refs",
    "revoked",
    "0",
    "MD5",
    "",
    "external_references",
    "source_name",
    "external_id",
    "extensions",
    "labels",
    "key",
    "\u{0}",
];

const WORDS: [&str; 14] = [
    "indicator",
    "2.0",
    "2.1",
    "stix",
    "yara",
    "45.77.30.1",
    "http://45.77.30[.]2/a",
    "[ipv4-addr:value = '45.77.30.3']",
    "[file:name = 'a\u{0}b']",
    "mitre-attack",
    "T1566.001",
    "d41d8cd98f00b204e9800998ecf8427e",
    "aozora.example.jp",
    "email-addr--5f2d1c3a-9b1e-4c55-8d6f-0a7be12c9d41",
];

fn answers(objects: &[String]) {
    let (runtime, _, world, key) = world();
    let sent = format!("{{\"objects\":[{}]}}", objects.join(","));
    let status = runtime.block_on(world.post(key, &sent));
    let status = status.unwrap_or_else(|p| panic!("{} {}: {sent}", p.status(), p.detail_text()));
    assert_eq!(status.total_count, objects.len() as u64);
    assert_eq!(status.failures.len() as u64, status.failure_count);
    for detail in status.successes.iter().chain(&status.failures) {
        assert!(!detail.id.is_empty() || sent.contains("\"id\":\"\""), "{detail:?}");
        assert!(detail.message.as_ref().is_some_and(|m| !m.is_empty()), "{detail:?}");
    }
    assert_eq!(runtime.block_on(world.ask(key, &status.id)), Some(status));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_in_the_list(objects in prop::collection::vec(any_json(), 0..6)) {
        answers(&objects.iter().map(Value::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn anything_like_an_object(objects in prop::collection::vec(any_object(), 0..6)) {
        answers(&objects.iter().map(Value::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_no_json_between_brackets(
        pieces in prop::collection::vec("[a-z0-9 ,:.\"\\\\u+-]{0,20}", 0..5),
        object in any_object(),
    ) {
        // Kept to pieces with balanced quotes: others are no envelope, which the outlet refuses.
        let balanced = |p: &&String| !p.contains(['"', '\\']);
        let mut all: Vec<String> = pieces.iter().filter(balanced).map(|p| format!("{{{p}}}")).collect();
        all.push(object.to_string());
        answers(&all);
    }
}
