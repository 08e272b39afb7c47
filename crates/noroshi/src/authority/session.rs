//! The console's session with the hub: what an officer may fetch and say there, and nothing else.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use ureq::Agent;
use zeroize::Zeroizing;

use crate::client;

/// Largest answer: the largest envelope and a little more.
const MOST: u64 = (1 << 24) + 65_536;

/// Somebody signed in. Lives in memory and ends with the program.
pub(super) struct Session {
    agent: Agent,
    base: String,
    cookie: Zeroizing<String>,
    csrf: Zeroizing<String>,
}

/// A filing as the hub lists it.
#[derive(Clone, Deserialize)]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) obligation: String,
    pub(super) stage: String,
    pub(super) version: i64,
    pub(super) at: String,
    pub(super) pass_on: String,
    pub(super) state: String,
    #[serde(default)]
    pub(super) passed_on_by_consent: bool,
}

#[derive(Deserialize)]
struct Inbox {
    filings: Vec<Listed>,
}

/// Why something could not be done.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The session has ended: sign in again.
    Ended,
    /// The link is wrong, used or too old.
    Link,
    /// The hub's own sentence.
    Said(String),
}

impl Session {
    /// Uses a one-time link. Only its last part counts: it is sent to the hub this console was started
    /// for, wherever the link leads.
    ///
    /// # Errors
    /// Where the hub does not take it.
    pub(super) fn sign_in(base: &str, link: &str) -> Result<Self, Trouble> {
        let token = link.trim().rsplit('/').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if token.is_empty() || !token.chars().all(plain) {
            return Err(Trouble::Link);
        }
        let agent: Agent = Agent::config_builder()
            .tls_config(client::tls())
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .into();
        let base = base.trim_end_matches('/').to_owned();
        let sent = agent
            .post(format!("{base}/sign-in/{token}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .send("")
            .map_err(|e| unreachable(&base, &e))?;
        let cookies = sent.headers().get_all("set-cookie").iter();
        let cookie = cookies
            .filter_map(|v| v.to_str().ok()?.split(';').next().map(str::to_owned))
            .find(|c| c.contains("noroshi="));
        let (303, Some(cookie)) = (sent.status().as_u16(), cookie) else {
            return Err(Trouble::Link);
        };
        let mut session = Self {
            agent,
            base,
            cookie: Zeroizing::new(cookie),
            csrf: Zeroizing::new(String::new()),
        };
        // The value that forms carry stands in each of the hub's pages.
        let page = session.text("/authority")?;
        let csrf = page.split("name=\"_csrf\" value=\"").nth(1).and_then(|r| r.split('"').next());
        match csrf {
            Some(csrf) => session.csrf = Zeroizing::new(csrf.to_owned()),
            None => return Err(Trouble::Said("The hub's page cannot be read.".to_owned())),
        }
        Ok(session)
    }

    /// What was sealed to the officer's authority, oldest first.
    pub(super) fn filings(&self) -> Result<Vec<Listed>, Trouble> {
        let text = self.text("/api/v1/authority/filings")?;
        let read: Inbox = serde_json::from_str(&text).map_err(|e| Trouble::Said(e.to_string()))?;
        Ok(read.filings)
    }

    /// One envelope, as it is.
    pub(super) fn envelope(&self, id: &str) -> Result<Vec<u8>, Trouble> {
        self.get(&format!("/api/v1/authority/filings/{id}"))
    }

    /// Acknowledges a filing or, with words, asks for more.
    pub(super) fn answer(&self, id: &str, ask: Option<&str>) -> Result<(), Trouble> {
        let body = match ask {
            Some(note) => json!({ "event": "ask-supplement", "note": note }),
            None => json!({ "event": "acknowledge" }),
        };
        let sent = self
            .agent
            .post(format!("{}/api/v1/authority/filings/{id}", self.base))
            .header("cookie", self.cookie.as_str())
            .header("x-csrf-token", self.csrf.as_str())
            .header("content-type", "application/json")
            .send(body.to_string())
            .map_err(|e| unreachable(&self.base, &e))?;
        read(sent).map(drop)
    }

    fn get(&self, path: &str) -> Result<Vec<u8>, Trouble> {
        let sent = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("cookie", self.cookie.as_str())
            .call()
            .map_err(|e| unreachable(&self.base, &e))?;
        read(sent)
    }

    fn text(&self, path: &str) -> Result<String, Trouble> {
        String::from_utf8(self.get(path)?).map_err(|e| Trouble::Said(e.to_string()))
    }
}

fn unreachable(base: &str, error: &ureq::Error) -> Trouble {
    Trouble::Said(format!("{} ({error})", client::no_answer(base, error)))
}

fn read(mut sent: ureq::http::Response<ureq::Body>) -> Result<Vec<u8>, Trouble> {
    let status = sent.status().as_u16();
    let body = sent.body_mut().with_config().limit(MOST).read_to_vec();
    let body = body.map_err(|e| Trouble::Said(e.to_string()))?;
    match status {
        200..=299 => Ok(body),
        // The hub tells nobody apart from somebody who may not: a session that ended sees 401 or 404.
        401 => Err(Trouble::Ended),
        _ => {
            let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
            let detail = problem.get("detail").and_then(Value::as_str).unwrap_or_default();
            Err(Trouble::Said(format!("{detail} ({status})")))
        }
    }
}

/// Checks an address of a hub: https, or plain http to this machine.
pub(super) fn hub_address(text: &str) -> Result<String> {
    let uri: ureq::http::Uri = text.parse().with_context(|| format!("--hub {text}"))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let own =
        host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if own => {}
        _ => bail!("--hub {text}: write an address that starts with https://"),
    }
    Ok(text.trim_end_matches('/').to_owned())
}
