//! A filing's whole way with the real programs: key, hub, report, answers, envelope, opened.

use serde_json::{Value, json};

use crate::site::{Site, good};

/// A made-up case of a power company.
const POWER: &str = include_str!("../../../duty/tests/data/power.toml");

pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.max_redirects_will_error(false).build().into()
}

/// The answers of the case as JSON.
pub(crate) fn answers() -> Value {
    let file: toml::Table = toml::from_str(POWER).unwrap();
    let answers = file["answers"].as_table().unwrap().iter().map(|(field, value)| {
        let value = match value {
            toml::Value::Datetime(d) => json!(d.to_string()),
            other => serde_json::to_value(other).unwrap(),
        };
        (field.clone(), value)
    });
    Value::Object(answers.collect())
}

#[test]
fn what_a_member_files_its_authority_opens() {
    let mut site = Site::new();
    let folder = site.folder.path().to_owned();
    let keygen = ["authority", "keygen", "--name", "架空省", "--out", "a.key"];
    site.write("a.json", good(&folder, &keygen));
    let made = site.admin(&["authority", "add", "a.json", "--obligation", "jp-acd"]);
    let id = made.split_whitespace().next().unwrap().to_owned();
    let person = ["account", "add", "--role", "authority", "--authority", &id, "--name", "C"];
    let link = site.admin(&person).lines().nth(1).unwrap().to_owned();
    let member = site.member("Denryoku");
    let key = site.key(&member);
    site.start();

    let send = |method: &str, path: &str, body: Value| -> (u16, Value) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", site.base))
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .body(body.to_string())
            .unwrap();
        let mut answer = agent().run(request).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap())
    };
    let report = json!({"schema": "noroshi-report/1", "indicators": ["http://kazaana-c2.net/"]});
    let (status, report) = send("POST", "/api/v1/reports", report);
    assert_eq!(status, 201, "{report}");
    let report = report["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/reports/{report}");
    let (status, put) = send("PUT", &format!("{path}/answers"), json!({"answers": answers()}));
    assert_eq!(status, 200, "{put}");
    // The machine's clock may stand before the case: that is a contradiction, and filed all the same.
    let wish = json!({"obligation": "jp-acd", "stage": "first", "pass_on": "partners",
        "despite_problems": true});
    let (status, filed) = send("POST", &format!("{path}/filings"), wish);
    assert_eq!((status, &filed["delivery"]), (201, &json!("sealed")), "{filed}");

    let token = link.rsplit('/').next().unwrap();
    let entered = agent().post(format!("{}/sign-in/{token}", site.base)).send_empty().unwrap();
    assert_eq!(entered.status().as_u16(), 303);
    let cookie = entered.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let get = |path: &str| -> Vec<u8> {
        let address = format!("{}{path}", site.base);
        let mut answer = agent().get(address).header("cookie", &cookie).call().unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.body_mut().read_to_vec().unwrap()
    };
    let inbox: Value = serde_json::from_slice(&get("/api/v1/authority/filings")).unwrap();
    let filing = inbox["filings"][0]["id"].as_str().unwrap();
    assert_eq!(inbox["filings"][0]["pass_on"], "partners");
    site.write("f.nrse", get(&format!("/api/v1/authority/filings/{filing}")));
    // Into a folder: the form, and the document beside it.
    let both = ["authority", "open", "--key", "a.key", "--out", "out", "f.nrse"];
    assert_eq!(good(&folder, &both).lines().count(), 2);
    assert!(std::fs::read(folder.join("out/f.pdf")).unwrap().starts_with(b"%PDF-"));
    let data = std::fs::read_to_string(folder.join("out/f.json")).unwrap();
    assert!(data.contains("架空電力株式会社") && !data.contains("\"pdf\""));
    let opened = good(&folder, &["authority", "open", "--key", "a.key", "f.nrse"]);
    let opened: Value = serde_json::from_str(&opened).unwrap();
    assert_eq!((&opened["id"], &opened["pass_on"]), (&json!(filing), &json!("partners")));
    assert_eq!(opened["filing"]["obligation"], "jp-acd");
    assert!(opened.to_string().contains("架空電力株式会社"));
}
