//! The story, step by step, over the hub's own HTTP interfaces.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use noroshi_hub::{Hub, access, admin, context};
use noroshi_outlet::i18n::{Speech, Value};
use noroshi_seal::Token;
use serde_json::Value as Json;

use super::cast::{Cast, Player, assemble};
use super::certified;
use super::promises::{Promises, found, marks};
use crate::client::{Answer, Client, File};
use crate::speech::japanese;

const REPORT: &[u8] = include_bytes!("../../demo/report.toml");
const MAIL: &[u8] = include_bytes!("../../demo/mail.eml");
const INDICATORS: &[u8] = include_bytes!("../../demo/indicators.txt");
const SECOND: &[u8] = include_bytes!("../../demo/second.txt");

const TAXII: &str = "application/taxii+json;version=2.1";
const SIGNALS: &str = "/taxii2/noroshi/collections/signals/objects/";
const CONTEXT: &str = "/taxii2/noroshi/collections/context/objects/";

/// What the next scene needs to know.
struct Stage<'a> {
    hub: &'a Hub,
    base: &'a str,
    tick: u32,
    speech: &'a Speech,
    promises: Promises<'a>,
    cast: Cast,
}

/// Plays every scene; whether all promises held.
pub(super) async fn tell(hub: &Hub, base: &str, tick: u32, speech: &Speech) -> Result<bool> {
    let cast = assemble(hub).await?;
    let mut stage = Stage { hub, base, tick, speech, promises: Promises::new(speech), cast };
    stage.coast();
    let first = stage.first_report().await?;
    stage.warning(&first).await?;
    stage.silence(&first).await?;
    stage.second_report().await?;
    stage.desk().await?;
    stage.context(&first).await?;
    stage.agreement().await?;
    let held = stage.promises.all_held();
    let last = if held { "demo-all-held" } else { "demo-some-failed" };
    println!("\n{}", speech.t(last));
    Ok(held)
}

/// A report that was acknowledged.
struct Filed {
    id: String,
    at: Instant,
    /// Values that passed, as others see them.
    passed: Vec<String>,
}

impl Stage<'_> {
    fn scene(&self, key: &str, arguments: &[(&str, Value<'_>)]) {
        println!("\n{}", self.speech.with(key, arguments));
    }

    fn say(&self, key: &str, arguments: &[(&str, Value<'_>)]) {
        println!("   {}", self.speech.with(key, arguments));
    }

    fn name(&self, player: &Player) -> String {
        player.name(japanese(self.speech))
    }

    fn coast(&self) {
        self.scene("demo-scene-coast", &[]);
        self.say(
            "demo-coast",
            &[
                ("members", Value::from(self.cast.members)),
                ("tick", Value::from(self.tick)),
                ("url", Value::from(self.base)),
            ],
        );
    }

    /// A heavy-industry member reports 80 infected servers, a mail and a list.
    async fn first_report(&mut self) -> Result<Filed> {
        let name = self.name(&self.cast.first);
        self.scene("demo-scene-report", &[("member", Value::from(name.clone()))]);
        self.say("demo-report-sent", &[("hosts", Value::from(80))]);
        let files = vec![
            file("report.toml", "application/toml", REPORT),
            file("suspicious.eml", "message/rfc822", MAIL),
            file("indicators.txt", "text/plain", INDICATORS),
        ];
        let client = Client::with_key(self.base, &self.cast.first.key);
        let filed = file_report(client, files).await?;
        self.show_judged(&filed.1);
        let receipt = filed.1["receipt"].as_str().unwrap_or_default().to_owned();
        let good = noroshi_seal::Receipt::parse(&receipt)
            .and_then(|r| r.verify(&self.hub.signing_key().verifying_key()))
            .is_ok();
        self.promises.check("demo-promise-receipt", good, &[]);
        Ok(filed.0)
    }

    /// What passed, what was kept back and why.
    fn show_judged(&self, answer: &Json) {
        let items = array(answer, "indicators");
        let (passed, kept): (Vec<&Json>, Vec<&Json>) =
            items.into_iter().partition(|i| i["verdict"] == "passed");
        self.say("demo-passed", &[("count", Value::from(passed.len()))]);
        for item in passed.iter().take(30) {
            let shared = item["shared_as"].as_str().or(item["value"].as_str()).unwrap_or_default();
            println!("      {:<13} {}", text(item, "kind"), defang(shared));
        }
        self.say("demo-kept", &[("count", Value::from(kept.len()))]);
        for item in kept {
            println!("      {:<13} {}", text(item, "kind"), text(item, "value"));
            for reason in array(item, "reasons") {
                println!("                    {}", text(reason, self.speech.lang()));
            }
        }
        let dropped = array(answer, "dropped");
        self.say("demo-dropped", &[("count", Value::from(dropped.len()))]);
        for d in dropped.iter().take(8) {
            let why = d["reason"][self.speech.lang()].as_str().unwrap_or_default();
            println!("      {}  {why}", text(d, "text"));
        }
    }

    /// Another member's TAXII client and block lists have it.
    async fn warning(&mut self, filed: &Filed) -> Result<()> {
        let reader = self.name(&self.cast.reader);
        self.scene("demo-scene-warning", &[("member", Value::from(reader))]);
        let client = Client::with_key(self.base, &self.cast.reader.key);
        let wanted = filed.passed.clone();
        let limit = Duration::from_secs(u64::from(self.tick) * 3 + 10);
        let (at, accepted) = (Instant::now(), filed.at);
        let (client, page, missing) = blocking(move || {
            loop {
                let page = client.get(&format!("{SIGNALS}?limit=1000"), TAXII)?.success()?;
                let missing = missing(&wanted, &page);
                if missing.is_empty() || at.elapsed() > limit {
                    return Ok((client, page, missing));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        })
        .await?;
        let seconds = format!("{:.2}", accepted.elapsed().as_secs_f64());
        let count = array(&page.json()?, "objects").len();
        self.promises.check(
            "demo-promise-taxii",
            missing.is_empty(),
            &[("count", Value::from(filed.passed.len())), ("seconds", Value::from(seconds))],
        );
        self.say("demo-taxii-objects", &[("count", Value::from(count))]);
        let lists = ["domain", "ipv4", "url", "sha256"];
        let (_, lines) = blocking(move || {
            let mut lines = Vec::new();
            for list in lists {
                let path = format!("/feeds/{list}.txt");
                let body = client.get(&path, "text/plain")?.success()?.text();
                lines.push((path, body.lines().filter(|l| !l.starts_with('#')).count()));
            }
            Ok((client, lines))
        })
        .await?;
        let blocked: usize = lines.iter().map(|(_, n)| n).sum();
        for (path, n) in &lines {
            println!("      {path:<20} {n}");
        }
        self.promises.check("demo-promise-lists", blocked > 0, &[]);
        Ok(())
    }

    /// Nothing any reader can fetch says who it was.
    async fn silence(&mut self, filed: &Filed) -> Result<()> {
        self.scene("demo-scene-silence", &[]);
        let marks = marks(&self.cast.first, &filed.id);
        let count = marks.len();
        let bytes = everything(self.base, &self.cast.reader.key).await?;
        let size = bytes.len();
        let leaks: Vec<String> = found(&marks, &bytes).into_iter().map(str::to_owned).collect();
        self.promises.check(
            "demo-promise-silence",
            leaks.is_empty(),
            &[("marks", Value::from(count)), ("bytes", Value::from(size))],
        );
        for leak in leaks {
            println!("      {leak}");
        }
        Ok(())
    }

    /// A second firm reports the same sender.
    async fn second_report(&mut self) -> Result<()> {
        let name = self.name(&self.cast.second);
        self.scene("demo-scene-second", &[("member", Value::from(name))]);
        let client = Client::with_key(self.base, &self.cast.second.key);
        let filed = file_report(client, vec![file("mail.txt", "text/plain", SECOND)]).await?;
        self.show_judged(&filed.1);
        Ok(())
    }

    /// Only the desk sees that the two belong together.
    async fn desk(&mut self) -> Result<()> {
        self.scene("demo-scene-desk", &[]);
        let desk = self.sign_in(&self.cast.desk).await?;
        let groups =
            blocking(move || desk.get("/api/v1/desk/groups", "*/*")?.success()?.json()).await?;
        let names = format!("members_{}", self.speech.lang());
        let group = array(&groups, "groups").into_iter().find(|g| array(g, "reports").len() > 1);
        let Some(group) = group else {
            self.promises.check("demo-promise-group", false, &[]);
            return Ok(());
        };
        let members: Vec<&str> =
            array(group, &names).iter().filter_map(|n| n.as_str()).collect::<Vec<_>>();
        let both = members.join(" + ");
        for shared in array(group, "shared").iter().take(5) {
            println!("      {:<13} {}", text(shared, "kind"), defang(&text(shared, "value")));
        }
        self.promises.check(
            "demo-promise-group",
            members.len() == 2,
            &[("members", Value::from(both))],
        );
        Ok(())
    }

    /// Context goes out only after the desk and the reporter, and says "a member".
    async fn context(&mut self, filed: &Filed) -> Result<()> {
        self.scene("demo-scene-context", &[]);
        let path = |lane: &str| format!("/api/v1/{lane}reports/{}/context", filed.id);
        let desk = self.sign_in(&self.cast.desk).await?;
        let reporter = Client::with_key(self.base, &self.cast.first.key);
        let (for_desk, for_reporter) = (path("desk/"), path(""));
        let answers = blocking(move || {
            let yes = br#"{"decision":"approve"}"#;
            let early = reporter.post(&for_reporter, "application/json", yes)?.status;
            desk.post(&for_desk, "application/json", yes)?.success()?;
            reporter.post(&for_reporter, "application/json", yes)?.success()?;
            Ok(early)
        })
        .await?;
        self.promises.check("demo-promise-order", answers == 409, &[]);
        context::release_approved(self.hub).await?;
        let client = Client::with_key(self.base, &self.cast.reader.key);
        let limit = Instant::now();
        let report = blocking(move || {
            loop {
                let page = client
                    .get(&format!("{CONTEXT}?match[type]=report"), TAXII)?
                    .success()?
                    .json()?;
                if let Some(r) = array(&page, "objects").first() {
                    return Ok(Some((*r).clone()));
                }
                if limit.elapsed() > Duration::from_secs(10) {
                    return Ok(None);
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        })
        .await?;
        let described = report.as_ref().map(|r| text(r, "description")).unwrap_or_default();
        println!("      {described}");
        self.promises.check(
            "demo-promise-label",
            described.to_lowercase().contains("a member"),
            &[],
        );
        self.certificate(report.as_ref()).await?;
        self.silence_of_context(filed).await
    }

    /// Any member recomputes why the label is safe, from what the hub publishes.
    async fn certificate(&mut self, report: Option<&Json>) -> Result<()> {
        let id = report.map(|r| text(r, "id")).unwrap_or_default();
        let client = Client::with_key(self.base, &self.cast.reader.key);
        let key = self.hub.signing_key().verifying_key();
        let found = blocking(move || Ok(certified::recompute(client, key, &id))).await?;
        let figures = found.as_ref().map_or_else(
            |_| (0, String::new()),
            |c| (c.candidates, c.worst_posterior_after_coalition.to_string()),
        );
        self.promises.check(
            "demo-promise-certificate",
            found.is_ok(),
            &[("candidates", Value::from(figures.0)), ("worst", Value::from(figures.1))],
        );
        Ok(())
    }

    async fn silence_of_context(&mut self, filed: &Filed) -> Result<()> {
        let marks = marks(&self.cast.first, &filed.id);
        let bytes = everything(self.base, &self.cast.reader.key).await?;
        let held = found(&marks, &bytes).is_empty();
        self.promises.check("demo-promise-still-silent", held, &[]);
        Ok(())
    }

    /// Without a valid signature nothing goes in and nothing comes out.
    async fn agreement(&mut self) -> Result<()> {
        let name = self.name(&self.cast.outsider);
        self.scene("demo-scene-agreement", &[("member", Value::from(name))]);
        let client = Client::with_key(self.base, &self.cast.outsider.key);
        let nobody = Client::new(self.base, Vec::new());
        let (sent, read, none) = blocking(move || {
            let sent = client.post("/api/v1/reports", "text/plain", b"evil-kaizen.net")?.status;
            let read = client.get(SIGNALS, TAXII)?.status;
            let none = nobody.get(SIGNALS, TAXII)?.status;
            Ok((sent, read, none))
        })
        .await?;
        self.promises.check("demo-promise-no-sending", sent == 403, &[]);
        self.promises.check("demo-promise-no-reading", read == 401 && none == 401, &[]);
        Ok(())
    }

    /// A session of this account, through the same one-time link a person uses.
    async fn sign_in(&self, account: &str) -> Result<Client> {
        let link = admin::sign_in_link(self.hub, account).await?;
        let token = link.rsplit('/').next().context("a sign-in link without a token")?;
        let session = access::use_link(self.hub, &Token::parse(token)?).await?;
        let Some(session) = session else { bail!("a fresh sign-in link was refused") };
        Ok(Client::new(
            self.base,
            vec![
                ("cookie", format!("{}={}", access::PLAIN_COOKIE, session.token.expose().as_str())),
                ("x-csrf-token", session.csrf),
            ],
        ))
    }
}

/// Runs blocking HTTP calls beside the server they talk to.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.context("a scene was interrupted")?
}

async fn file_report(client: Client, files: Vec<File>) -> Result<(Filed, Json)> {
    let answer = blocking(move || {
        client.post_files("/api/v1/reports", &files, "noroshi-demo-boundary")?.success()?.json()
    })
    .await?;
    let at = Instant::now();
    let passed = array(&answer, "indicators")
        .into_iter()
        .filter(|i| i["verdict"] == "passed")
        .filter_map(|i| i["shared_as"].as_str().or(i["value"].as_str()).map(str::to_owned))
        .collect();
    Ok((Filed { id: text(&answer, "id"), at, passed }, answer))
}

/// Every byte a reader can fetch.
async fn everything(base: &str, key: &str) -> Result<Vec<u8>> {
    let client = Client::with_key(base, key);
    blocking(move || {
        let mut bytes = Vec::new();
        for collection in [SIGNALS, CONTEXT] {
            bytes.extend(client.get(&format!("{collection}?limit=10000"), TAXII)?.body);
            let manifest = collection.replace("objects", "manifest");
            bytes.extend(client.get(&manifest, TAXII)?.body);
        }
        for path in ["/feeds/", "/metrics", "/", "/taxii2/", "/taxii2/noroshi/collections/"] {
            bytes.extend(client.get(path, "*/*")?.body);
        }
        for list in noroshi_stix::Kind::ALL {
            bytes.extend(client.get(&format!("/feeds/{list}.txt"), "*/*")?.body);
        }
        Ok(bytes)
    })
    .await
}

/// The wanted values that no object of the page names.
fn missing(wanted: &[String], page: &Answer) -> Vec<String> {
    let Ok(page) = page.json() else { return wanted.to_vec() };
    let have: Vec<String> = array(&page, "objects")
        .into_iter()
        .flat_map(|o| noroshi_stix::observables_in_object(o).found)
        .map(|o| o.value())
        .collect();
    wanted.iter().filter(|w| !have.contains(w)).cloned().collect()
}

fn file(name: &str, media: &'static str, bytes: &[u8]) -> File {
    File { name: name.to_owned(), media, bytes: bytes.to_vec() }
}

fn text(value: &Json, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn array<'j>(value: &'j Json, key: &str) -> Vec<&'j Json> {
    value[key].as_array().map(|a| a.iter().collect()).unwrap_or_default()
}

/// So that nobody clicks on it in a terminal.
fn defang(value: &str) -> String {
    value.replace("http", "hxxp").replace('.', "[.]")
}
