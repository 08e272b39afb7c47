//! The console of an authority against a real hub: signed in, read, answered, and closed to everybody
//! who is not this machine.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::filing::{agent, answers};
use crate::site::{Site, bad, good, noroshi};

/// A console that runs, and its address.
pub(crate) struct Console {
    child: Child,
    url: String,
}

impl Console {
    fn start(folder: &Path, hub: &str, key: &str) -> Self {
        Self::start_with(folder, &["authority", "console", "--hub", hub, "--key", key])
    }

    pub(crate) fn start_with(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = noroshi(folder, arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().trim_end_matches('/').to_owned() }
    }

    fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        self.send(path, None, &[])
    }

    pub(crate) fn post(&self, path: &str, form: &str) -> (u16, String, Vec<u8>) {
        self.send(path, Some(form), &[])
    }

    /// Status, policy, body.
    fn send(
        &self,
        path: &str,
        form: Option<&str>,
        headers: &[(&str, &str)],
    ) -> (u16, String, Vec<u8>) {
        let mut request = ureq::http::Request::builder().uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = match form {
            None => agent().run(request.body(()).unwrap()).unwrap(),
            Some(form) => {
                let media = "application/x-www-form-urlencoded";
                let request = request.method("POST").header("content-type", media);
                agent().run(request.body(form.to_owned()).unwrap()).unwrap()
            }
        };
        let policy = answer.headers().get("content-security-policy");
        let policy = policy.map(|p| p.to_str().unwrap().to_owned()).unwrap_or_default();
        (answer.status().as_u16(), policy, answer.body_mut().read_to_vec().unwrap())
    }

    fn page(&self, path: &str) -> String {
        let (status, policy, body) = self.get(path);
        let text = String::from_utf8(body).unwrap();
        assert_eq!(status, 200, "{path}: {text}");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
        assert!(!text.contains("<script") && !text.contains("style="), "{text}");
        text
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn authority(site: &Site, name: &str, key: &str, more: &[&str]) -> String {
    let folder = site.folder.path();
    let keygen = ["authority", "keygen", "--name", name, "--out", key];
    let statement = format!("{key}.json");
    site.write(&statement, good(folder, &keygen));
    let made = site.admin(&[&["authority", "add", &statement], more].concat());
    made.split_whitespace().next().unwrap().to_owned()
}

fn link(site: &Site, authority: &str) -> String {
    let person = ["account", "add", "--role", "authority", "--authority", authority, "--name", "C"];
    site.admin(&person).lines().nth(1).unwrap().to_owned()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[test]
fn an_officer_reads_and_answers_with_the_key_of_this_machine() {
    let mut site = Site::new();
    let folder = site.folder.path().to_owned();
    let ministry = authority(&site, "架空省", "a.key", &["--obligation", "jp-acd"]);
    let office = authority(&site, "架空統括室", "b.key", &["--kind", "national-office"]);
    let listed = site.admin(&["authority", "list"]);
    assert!(listed.contains("national-office") && listed.contains("addressee"), "{listed}");
    let links = [link(&site, &ministry), link(&site, &office), link(&site, &ministry)];
    let member = site.member("Denryoku");
    let key = site.key(&member);
    site.start();
    let send = |method: &str, path: &str, body: Value| -> Value {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", site.base))
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .body(body.to_string())
            .unwrap();
        let mut answer = agent().run(request).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(answer.status().is_success(), "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    };
    let report = json!({"schema": "noroshi-report/1", "indicators": ["http://kazaana-c2.net/"]});
    let report = send("POST", "/api/v1/reports", report)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/reports/{report}");
    send("PUT", &format!("{path}/answers"), json!({"answers": answers()}));
    let wish = json!({"obligation": "jp-acd", "stage": "first", "pass_on": "national-office",
        "despite_problems": true});
    let filed = send("POST", &format!("{path}/filings"), wish);
    assert_eq!(filed["passed_on"][0]["name"], "架空統括室", "{filed}");

    let console = Console::start(&folder, &site.base, "a.key");
    // Who does not know the address, comes by another name or from another site gets nothing.
    let root = console.url.rfind('/').unwrap();
    let elsewhere = Console { url: console.url[..root].to_owned(), child: noop() };
    assert_eq!(elsewhere.get("/").0, 404);
    assert_eq!(console.send("/", None, &[("host", "rebound.example.net")]).0, 403);
    let foreign = [("origin", "https://evil.example.net")];
    assert_eq!(console.send("/sign-in", Some("link=x"), &foreign).0, 403);
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(console.send("/sign-in", Some("link=x"), &foreign).0, 403);
    assert!(console.page("/?lang=en").contains("Sign in"));
    let wrong = console.post("/sign-in", "link=https%3A%2F%2Fx%2Fsign-in%2Fabc");
    assert_eq!(wrong.0, 422, "{}", String::from_utf8_lossy(&wrong.2));
    let signed_in = console.post("/sign-in", &format!("link={}", encoded(&links[0])));
    assert_eq!(signed_in.0, 303, "{}", String::from_utf8_lossy(&signed_in.2));
    let list = console.page("/?lang=ja");
    let id = list.split("/filings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(list.contains("新着") && !list.contains("架空電力"), "{list}");
    let page = console.page(&format!("/filings/{id}?lang=ja"));
    assert!(page.contains("架空電力株式会社") && page.contains("共有してよい相手"), "{page}");
    assert!(page.contains("value=\"ask\"") && page.contains("filing.pdf"), "{page}");
    let (status, policy, pdf) = console.get(&format!("/filings/{id}/filing.pdf"));
    assert!(status == 200 && pdf.starts_with(b"%PDF-") && policy.contains("default-src 'none'"));
    let (_, _, data) = console.get(&format!("/filings/{id}/filing.json"));
    let data: Value = serde_json::from_slice(&data).unwrap();
    assert_eq!(data["filing"]["obligation"], "jp-acd");
    for none in ["/filings/f-none", "/filings/..%2F..%2Fx", "/filings/x/filing.pdf"] {
        assert!([404, 502].contains(&console.get(none).0), "{none}");
    }
    // The answers reach the reporter.
    let answer = format!("/filings/{id}/answer");
    assert_eq!(console.post(&answer, "do=acknowledge").0, 303);
    assert!(console.page(&format!("/filings/{id}?lang=en")).contains("acknowledged"));
    let note = encoded("VPN機器の機種を知らせてください。");
    assert_eq!(console.post(&answer, &format!("do=ask&note={note}")).0, 303);
    let own = send("GET", &format!("{path}/filings/1"), json!({}));
    assert_eq!(own["events"][1]["note"], "VPN機器の機種を知らせてください。");
    let empty = console.post(&answer, "do=ask&note=+");
    assert_eq!(empty.0, 502);
    assert!(String::from_utf8(empty.2).unwrap().contains("Say what is asked"));
    // Signed out, nothing is shown any more.
    assert_eq!(console.post("/sign-out", "").0, 303);
    assert_eq!(console.get(&format!("/filings/{id}")).0, 401);

    // What came by consent says so, and asks nothing.
    let second = Console::start(&folder, &site.base, "b.key");
    assert_eq!(second.post("/sign-in", &format!("link={}", encoded(&links[1]))).0, 303);
    let list = second.page("/?lang=en");
    let id = list.split("/filings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = second.page(&format!("/filings/{id}?lang=en"));
    assert!(page.contains("Passed on to you by consent") && !page.contains("value=\"ask\""));
    assert!(page.contains("架空電力株式会社"), "{page}");
    // With another key nothing opens, and it says why.
    let third = Console::start(&folder, &site.base, "b.key");
    assert_eq!(third.post("/sign-in", &format!("link={}", encoded(&links[2]))).0, 303);
    let list = third.page("/?lang=en");
    let id = list.split("/filings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (status, _, body) = third.get(&format!("/filings/{id}"));
    assert_eq!(status, 502);
    assert!(String::from_utf8(body).unwrap().contains("envelope"));
}

/// A child to end that does nothing.
fn noop() -> Child {
    std::process::Command::new("true").spawn().unwrap()
}

#[test]
fn the_console_is_for_this_machine_and_an_encrypted_hub() {
    let site = Site::new();
    let folder = site.folder.path();
    let keygen = ["authority", "keygen", "--name", "X", "--out", "x.key"];
    good(folder, &keygen);
    let open = |hub: &str, listen: &str| {
        let arguments =
            ["authority", "console", "--key", "x.key", "--hub", hub, "--listen", listen];
        bad(folder, &arguments)
    };
    assert!(open(&site.base, "0.0.0.0:0").contains("for this machine only"));
    assert!(open("http://hub.example.org", "127.0.0.1:0").contains("https://"));
    assert!(open("hub.example.org", "127.0.0.1:0").contains("https://"));
}
