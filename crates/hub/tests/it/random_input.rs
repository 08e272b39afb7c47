//! Whatever bytes arrive, the hub answers; it does not fail.

use std::sync::OnceLock;

use axum::body::Body;
use axum::http::Method;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::place::{Place, sqlite};
use crate::world::{Actor, REPORTS, World};

/// One world for all cases: opening a hub takes longer than a thousand reports.
fn reporter() -> &'static (Runtime, Place, Actor) {
    static WORLD: OnceLock<(Runtime, Place, Actor)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let place = sqlite();
        let actor = runtime.block_on(async {
            let world = World::new(&place).await;
            let actor = world.member("Aozora").await.actor;
            // The databases stay open for as long as the process lives.
            std::mem::forget(world);
            actor
        });
        (runtime, place, actor)
    })
}

const VALID: [&str; 6] = [
    r#"{"schema":"noroshi-report/1","title":"x","hold_until":"2026-11-24T00:00:00Z","affected_hosts":80,"techniques":["T1566.001"],"indicators":[{"type":"domain","value":"c2.badhost-four.net"},"hxxp://45.77.8[.]1/a"]}"#,
    "schema = \"noroshi-report/1\"\ntitle = \"x\"\nstage = \"early\"\nindicators = [\"45.77.8.2\"]\n",
    r#"{"type":"bundle","id":"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","objects":[{"type":"indicator","spec_version":"2.1","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created":"2026-11-23T00:00:00Z","modified":"2026-11-23T00:00:00Z","pattern":"[url:value = 'http://45.77.8.3/' OR file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']","pattern_type":"stix","valid_from":"2026-11-23T00:00:00Z"}]}"#,
    r#"{"Event":{"info":"x","uuid":"8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","Attribute":[{"type":"ip-dst|port","value":"45.77.8.4|443","to_ids":true}],"Object":[{"name":"file","Attribute":[{"type":"filename|md5","value":"a.exe|d41d8cd98f00b204e9800998ecf8427e"}]}]}}"#,
    "type,value,comment\nip-dst,45.77.8.5,x\ndomain,badhost-five.net,\"a\nb\"\n",
    "From: =?utf-8?B?44GC?= <a@badhost-six.net>\r\nReceived: from x (y [45.77.8.6])\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/html; charset=shift_jis\r\n\r\n<a href=\"http://45.77.8.7/\">x</a>\r\n--q--\r\n",
];

const MEDIA: [&str; 14] = [
    "",
    "application/json",
    "application/toml",
    "text/plain",
    "text/csv",
    "message/rfc822",
    "application/stix+json;version=2.1",
    "application/octet-stream",
    "text/html; charset=shift_jis",
    "multipart/form-data; boundary=q",
    "multipart/form-data; boundary=\"\"",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "application/vnd.misp+json",
];

/// A valid report with pieces cut out, doubled, swapped and overwritten.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..40_usize, 0..6_u8, any::<u8>());
    (prop::sample::select(VALID.to_vec()), prop::collection::vec(change, 1..6)).prop_map(
        |(text, changes)| {
            let mut bytes = text.as_bytes().to_vec();
            for (at, length, what, byte) in changes {
                if bytes.is_empty() {
                    break;
                }
                let from = at.index(bytes.len());
                let to = (from + length).min(bytes.len());
                match what {
                    0 => drop(bytes.drain(from..to)),
                    1 => bytes[from] = byte,
                    2 => {
                        let piece = bytes[from..to].to_vec();
                        let many = piece.repeat(usize::from(byte));
                        bytes.splice(from..from, many);
                    }
                    3 => bytes.truncate(from),
                    4 => drop(bytes.splice(from..from, [b'\\', b'u', b'0', b'0', b'0', b'0'])),
                    _ => bytes[from..to].reverse(),
                }
            }
            bytes
        },
    )
}

fn never_fails(bytes: Vec<u8>, media: &str, key: Option<&str>) {
    let (runtime, _, actor) = reporter();
    let mut headers = vec![("content-type", media)];
    headers.extend(key.map(|k| ("idempotency-key", k)));
    for path in [REPORTS, "/api/v1/preview", "/api/v1/reports?name=a.eml"] {
        let body = Body::from(bytes.clone());
        let answer = runtime.block_on(actor.send(Method::POST, path, &headers, body));
        let status = answer.status.as_u16();
        assert!(status < 500, "{status} for {media:?}: {}", answer.text());
        if status >= 400 {
            answer.refused(status, &answer.code());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        media in prop::sample::select(MEDIA.to_vec()),
    ) {
        never_fails(bytes, media, None);
    }

    #[test]
    fn mutations_of_reports(bytes in mutated(), media in prop::sample::select(MEDIA.to_vec())) {
        never_fails(bytes, media, Some("one-key"));
    }

    #[test]
    fn forms_around_anything(
        bytes in mutated(),
        name in "[ -~\\x00-\\x1f]{0,12}",
        file in ".{0,12}",
    ) {
        let head = format!("--q\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n");
        let body = [head.as_bytes(), &bytes, b"\r\n--q--\r\n"].concat();
        never_fails(body, "multipart/form-data; boundary=q", None);
    }
}
