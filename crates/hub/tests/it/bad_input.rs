//! Bad input gets a refusal that says what to do, never a failure, and leaves nothing behind.

use axum::body::{Body, Bytes};
use axum::http::Method;
use futures::stream;
use serde_json::json;

use crate::place::Place;
use crate::world::{Actor, REPORTS, World};

crate::on_both_engines![
    every_bad_body_is_refused_with_its_code,
    broken_forms_are_refused,
    a_hundred_megabytes_are_not_held_in_memory,
    a_half_broken_bundle_keeps_its_good_half,
    more_indicators_than_allowed_are_told,
    nul_and_lone_surrogates_never_fail_the_database,
    huge_headers_are_refused,
    decisions_refuse_what_they_do_not_know,
];

async fn refused(w: &World, actor: &Actor, name: &str, media: &str, body: Vec<u8>, code: &str) {
    let before = w.rows().await;
    // An empty preview is an answer, too.
    let paths = [REPORTS, "/api/v1/preview"];
    for path in paths.iter().take(if code == "nothing-understood" { 1 } else { 2 }) {
        let answer = actor.post(path, media, body.clone()).await;
        assert!(answer.status.is_client_error(), "{name}: {} {}", answer.status, answer.text());
        answer.refused(answer.status.as_u16(), code);
    }
    assert_eq!(w.rows().await, before, "{name} left something behind");
}

async fn every_bad_body_is_refused_with_its_code(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await.actor;
    let json = "application/json";
    let report = |field: &str| format!("{{\"schema\":\"noroshi-report/1\",{field}}}").into_bytes();
    let nested = |open: &str, n: usize| {
        [b"{\"schema\":\"noroshi-report/1\",\"indicators\":".as_slice(), open.repeat(n).as_bytes()]
            .concat()
    };
    let deep_toml = format!("schema = \"noroshi-report/1\"\nindicators = {}", "[".repeat(100_000));
    let dotted = format!("schema = \"noroshi-report/1\"\n{} = 1", vec!["a"; 5_000].join("."));
    let cases: Vec<(&str, &str, Vec<u8>, &str)> = vec![
        ("empty", json, vec![], "empty"),
        ("white space", json, b" \n ".to_vec(), "empty"),
        ("truncated", json, b"{\"schema\":\"noroshi-report/1\",\"ind".to_vec(), "json-truncated"),
        ("malformed", json, b"{\"schema\" \"noroshi-report/1\"}".to_vec(), "json-syntax"),
        ("a number", json, report("\"title\":7"), "wrong-type"),
        ("a text for a number", json, report("\"affected_hosts\":\"many\""), "wrong-type"),
        ("an object for a list", json, report("\"indicators\":{}"), "wrong-type"),
        ("a bad time", json, report("\"hold_until\":\"yesterday\""), "wrong-value"),
        ("a bad technique", json, report("\"techniques\":[\"phishing\"]"), "wrong-value"),
        ("a bad stage", json, report("\"stage\":\"last\""), "wrong-value"),
        ("an unknown field", json, report("\"victim\":\"us\""), "unknown-field"),
        (
            "an unknown field inside",
            json,
            report("\"indicators\":[{\"type\":\"ipv4\",\"value\":\"45.77.6.1\",\"x\":1}]"),
            "unknown-field",
        ),
        ("no value", json, report("\"indicators\":[{\"type\":\"ipv4\"}]"), "missing-field"),
        (
            "an unknown kind",
            json,
            report("\"indicators\":[{\"type\":\"ship\",\"value\":\"x\"}]"),
            "wrong-value",
        ),
        ("another schema", json, b"{\"schema\":\"noroshi-report/9\"}".to_vec(), "wrong-value"),
        ("another document", json, b"{\"hello\":1}".to_vec(), "unknown-shape"),
        ("100,000 arrays", json, nested("[", 100_000), "too-deep"),
        ("100,000 objects", json, nested("{\"a\":", 100_000), "too-deep"),
        (
            "arrays that close",
            json,
            [nested("[", 100_000), b"]".repeat(100_000), b"}".to_vec()].concat(),
            "too-deep",
        ),
        (
            "no UTF-8",
            json,
            b"{\"schema\":\"noroshi-report/1\",\"title\":\"\xff\xfe\"}".to_vec(),
            "not-utf8",
        ),
        ("deep TOML", "application/toml", deep_toml.into_bytes(), "too-deep"),
        ("a deep TOML key", "application/toml", dotted.into_bytes(), "too-deep"),
        ("broken TOML", "application/toml", b"schema = ".to_vec(), "toml-syntax"),
        ("nothing in the text", "text/plain", b"all quiet today".to_vec(), "nothing-understood"),
    ];
    for (name, media, body, code) in cases {
        refused(&w, &a, name, media, body, code).await;
    }
}

async fn broken_forms_are_refused(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await.actor;
    let form = "multipart/form-data; boundary=b";
    let part = |n: usize| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{n}.txt\"\r\n\r\n45.77.6.2\r\n"
        )
    };
    let many: String = (0..51).map(part).collect();
    let cases = [
        ("no boundary", "multipart/form-data", part(0), "broken-form"),
        ("cut off", form, part(0), "broken-form"),
        ("another boundary", "multipart/form-data; boundary=c", part(0) + "--b--", "broken-form"),
        ("not a form", form, "45.77.6.2".to_owned(), "broken-form"),
        ("no file", form, "--b--\r\n".to_owned(), "empty"),
        ("51 files", form, many + "--b--\r\n", "too-many-files"),
    ];
    for (name, media, body, code) in cases {
        refused(&w, &a, name, media, body.into_bytes(), code).await;
    }
    // One bad file refuses all of them.
    let body = part(1)
        + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.json\"\r\n\r\n{\"a\r\n--b--\r\n";
    refused(&w, &a, "one bad file", form, body.into_bytes(), "json-truncated").await;
}

/// What this process holds in memory, in bytes.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|p| p.parse::<u64>().ok()).unwrap_or(0) * 4096
}

async fn a_hundred_megabytes_are_not_held_in_memory(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await.actor;
    let before = (w.rows().await, resident());
    for media in ["text/plain", "multipart/form-data; boundary=b"] {
        let head = Bytes::from_static(
            b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n",
        );
        let piece = Bytes::from(vec![b'a'; 1024 * 1024]);
        let pieces = std::iter::once(head).chain(std::iter::repeat_n(piece, 100));
        let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, std::io::Error>)));
        let answer = a.send(Method::POST, REPORTS, &[("content-type", media)], body).await;
        answer.refused(413, "too-large");
        // And where the length is said beforehand, nothing is read at all.
        let headers = [("content-type", media), ("content-length", "104857600")];
        let answer = a.send(Method::POST, REPORTS, &headers, Body::empty()).await;
        assert_eq!(answer.status, 413, "{}", answer.text());
    }
    assert_eq!(w.rows().await, before.0);
    // Other tests run beside this one, so only the order of magnitude is checked.
    let grown = resident().saturating_sub(before.1);
    assert!(grown < 300 * 1024 * 1024, "{grown} bytes more than before");
}

async fn a_half_broken_bundle_keeps_its_good_half(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await.actor;
    let good = |n: u8| {
        json!({"type": "indicator", "spec_version": "2.1",
            "id": format!("indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd{n:02x}"),
            "created": "2026-11-23T00:00:00Z", "modified": "2026-11-23T00:00:00Z",
            "pattern": format!("[ipv4-addr:value = '45.77.7.{n}']"), "pattern_type": "stix",
            "valid_from": "2026-11-23T00:00:00Z"})
    };
    let mut broken = good(2);
    broken["pattern"] = "[ipv4-addr:value = ".into();
    let bundle = json!({"type": "bundle", "id": "bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        "objects": [good(1), broken, 7, {"type": "indicator"}, null, good(3)]});
    let answer =
        a.post("/api/v1/reports", "application/stix+json;version=2.1", bundle.to_string()).await;
    answer.accepted();
    let json = answer.json();
    let values: Vec<_> = json["indicators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["45.77.7.1", "45.77.7.3"]);
    let problems = json["problems"].as_array().unwrap();
    assert!(problems.len() >= 3, "{json}");
    for p in problems {
        assert!(p["path"].as_str().unwrap().contains("objects["), "{p}");
        assert!(
            !p["code"].as_str().unwrap().is_empty() && !p["message"].as_str().unwrap().is_empty()
        );
    }
}

async fn more_indicators_than_allowed_are_told(place: &Place) {
    let w = World::with(place, |c| c.limits.report_indicators = 500).await;
    let a = w.member("Aozora").await.actor;
    let list: Vec<_> = (0..600).map(|n| format!("45.{}.{}.9", 77 + n / 250, n % 250)).collect();
    let rows = list.iter().map(|v| format!("ip-dst,{v}\n")).collect::<String>();
    let native = json!({"schema": "noroshi-report/1", "indicators": list});
    for (media, body) in [
        ("text/plain", list.join("\n")),
        ("application/json", native.to_string()),
        ("text/csv", format!("type,value\n{rows}")),
    ] {
        let answer = a.post(REPORTS, media, body).await;
        answer.accepted();
        let json = answer.json();
        assert_eq!(json["indicators"].as_array().unwrap().len(), 500, "{media}");
        let problems = json["problems"].as_array().unwrap();
        assert!(problems.iter().any(|p| p["code"] == "too-many-indicators"), "{problems:?}");
    }
}

async fn nul_and_lone_surrogates_never_fail_the_database(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await.actor;
    let escaped = r#"{"schema":"noroshi-report/1","title":"a\u0000b","narrative":"\u0000","indicators":[
        {"type":"file-name","value":"a\u0000b.exe"},{"type":"mutex","value":"x\u0000y"},
        {"type":"yara","value":"rule a { condition: true }\u0000"},"45.77.6.9\u0000",
        {"type":"registry-key","value":"HKLM\\a\u0000b"}]}"#;
    let lone = r#"{"schema":"noroshi-report/1","title":"a\ud800b","indicators":["45.77.6.9"]}"#;
    let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\0b.txt\"\r\n\r\n45.77.6.9\r\n--b--\r\n";
    let field = "--b\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\n\0\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n45.77.6.9\r\n--b--\r\n";
    let mail = "From: a\0b <x\0y@badhost-three.net>\r\nSubject: \0\r\n\r\n45.77.6.9 \0 hxxp://a\0b.net/\r\n";
    for (media, body) in [
        ("application/json", escaped),
        ("application/json", lone),
        ("text/plain", "45.77.6.9\0 \0 c:\\a\0b.exe 999.1.1.1\0 readme\0.md 1.0.0.0"),
        ("text/csv", "type,value\ndomain,bad\0host.net\nip-dst,45.77.6.9\n\0,\0\nsnort,\"a\0\"\n"),
        ("message/rfc822", mail),
        (
            "application/toml",
            "schema = \"noroshi-report/1\"\ntitle = \"a\\u0000b\"\nindicators = [\"45.77.6.9\"]",
        ),
        ("multipart/form-data; boundary=b", part),
        ("multipart/form-data; boundary=b", field),
        ("application/octet-stream", "\0\0\0\0"),
    ] {
        let before = w.rows().await;
        let answer = a.post(REPORTS, media, body).await;
        assert!(answer.status.as_u16() < 500, "{media} {body:?}: {}", answer.text());
        if answer.status != 201 {
            answer.refused(answer.status.as_u16(), &answer.code());
            assert_eq!(w.rows().await, before);
        }
    }
    let desk = w.desk().await;
    let revoke = json!({"kind": "mutex", "value": "a\u{0}b"});
    let answer = desk.post_json("/api/v1/desk/revoke", &revoke).await;
    assert!(answer.status.is_client_error(), "{}", answer.text());
}

async fn huge_headers_are_refused(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await.actor;
    let long = "x".repeat(40_000);
    let body = || Body::from("45.77.6.3");
    for name in ["x-anything", "cookie", "idempotency-key", "user-agent"] {
        a.send(Method::POST, REPORTS, &[(name, &long)], body())
            .await
            .refused(431, "headers-too-large");
    }
    let path = format!("{REPORTS}?name={}", "x".repeat(9_000));
    a.send(Method::POST, &path, &[], body()).await.refused(414, "uri-too-long");
    // What a media type says is a hint; nonsense in it is no failure.
    for media in
        ["", "x", "multipart/form-data;;;", "application/json; charset=utf-16", "image/png"]
    {
        let answer = a.post(REPORTS, media, "45.77.6.3").await;
        assert!(answer.status.as_u16() < 500, "{media}: {}", answer.text());
    }
}

async fn decisions_refuse_what_they_do_not_know(place: &Place) {
    let w = World::new(place).await;
    let desk = w.desk().await;
    let a = w.member("Aozora").await.actor;
    let id = a.report(json!({"techniques": ["T1566.001"]})).await.accepted();
    for body in
        ["", "{", "[]", "{}", "{\"decision\":\"maybe\"}", "{\"decision\":\"approve\",\"x\":1}"]
    {
        let path = format!("/api/v1/desk/reports/{id}/context");
        desk.post(&path, "application/json", body).await.refused(422, "bad-json");
        desk.post("/api/v1/desk/quarantine/i-x", "application/json", body)
            .await
            .refused(422, "bad-json");
        desk.post("/api/v1/desk/revoke", "application/json", body).await.refused(422, "bad-json");
    }
    let large = format!("{{\"decision\":\"{}\"}}", "x".repeat(20_000));
    let path = format!("/api/v1/reports/{id}/context");
    a.post(&path, "application/json", large).await.refused(413, "too-large");
    let nonsense = json!({"kind": "ship", "value": "x"});
    desk.post_json("/api/v1/desk/revoke", &nonsense).await.refused(400, "bad-kind");
    let wrong = json!({"kind": "ipv4", "value": "x"});
    desk.post_json("/api/v1/desk/revoke", &wrong).await.refused(400, "bad-value");
}
