//! The hub as seen by a program of a member.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Response};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// The authorities of `--ca`; public ones where it was not given.
static TRUSTED: OnceLock<RootCerts> = OnceLock::new();

/// Believes the certificates of this PEM file, and no others, in every connection of this run.
///
/// # Errors
/// When the file cannot be read or holds no certificate.
pub(crate) fn trust(file: &Path) -> Result<()> {
    let pem = std::fs::read(file).with_context(|| format!("--ca {}", file.display()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        let item = item.with_context(|| format!("--ca {} is no PEM file", file.display()))?;
        if let PemItem::Certificate(certificate) = item {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        bail!("--ca {}: there is no certificate in it (PEM, BEGIN CERTIFICATE)", file.display());
    }
    // Called once, by main, before any connection.
    TRUSTED.get_or_init(|| certificates.into());
    Ok(())
}

/// Whose certificates are believed, for every connection to a hub.
pub(crate) fn tls() -> TlsConfig {
    let roots = TRUSTED.get().cloned().unwrap_or(RootCerts::WebPki);
    TlsConfig::builder().root_certs(roots).build()
}

/// Why there is no answer from a hub, and what to do.
pub(crate) fn no_answer(base: &str, error: &ureq::Error) -> String {
    match error {
        // So does rustls say that it does not believe a certificate.
        ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::InvalidData => format!(
            "{base} does not show a certificate of a trusted authority; name your own authority with --ca FILE"
        ),
        _ => format!("no answer from {base}; is the hub running and the address right?"),
    }
}

/// An answer: status, headers and body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header as text; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).context("the hub's answer is no JSON")
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// An error with the hub's own sentence where the status is no success.
    pub(crate) fn success(self) -> Result<Self> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let problem = self.json().unwrap_or(Value::Null);
        let text =
            |key: &str| problem.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (code, detail) = (text("code"), text("detail"));
        if detail.is_empty() {
            bail!("the hub answered {} {code}", self.status);
        }
        bail!("{detail} ({} {code})", self.status)
    }
}

/// One file to send.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) media: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// A connection to one hub with one way to prove who asks.
pub(crate) struct Client {
    agent: Agent,
    base: String,
    headers: Vec<(&'static str, String)>,
}

impl Client {
    /// A client of the hub at `base` (`http://host:port`), which sends these headers.
    pub(crate) fn new(base: &str, headers: Vec<(&'static str, String)>) -> Self {
        let agent = Agent::config_builder()
            .tls_config(tls())
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        Self { agent, base: base.trim_end_matches('/').to_owned(), headers }
    }

    /// A client with an API key.
    pub(crate) fn with_key(base: &str, key: &str) -> Self {
        Self::new(base, vec![("authorization", format!("Bearer {key}"))])
    }

    /// GET.
    pub(crate) fn get(&self, path: &str, accept: &str) -> Result<Answer> {
        let mut request = self.agent.get(format!("{}{path}", self.base)).header("accept", accept);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        self.read(request.call())
    }

    /// POST of one body.
    pub(crate) fn post(&self, path: &str, media: &str, body: &[u8]) -> Result<Answer> {
        let mut request =
            self.agent.post(format!("{}{path}", self.base)).header("content-type", media);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        self.read(request.send(body))
    }

    /// POST of files as a multipart form (RFC 7578).
    pub(crate) fn post_files(&self, path: &str, files: &[File], boundary: &str) -> Result<Answer> {
        self.post_form(path, &[], files, boundary)
    }

    /// POST of named fields and files as a multipart form.
    pub(crate) fn post_form(
        &self,
        path: &str,
        fields: &[(&str, String)],
        files: &[File],
        boundary: &str,
    ) -> Result<Answer> {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("Content-Disposition: form-data; name=\"{name}\"");
            body.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n{value}\r\n").as_bytes());
        }
        for file in files {
            // A quote or line break in a file name would end the header.
            let name: String = file
                .name
                .chars()
                .map(|c| if c == '"' || c.is_control() { '_' } else { c })
                .collect();
            body.extend_from_slice(
                format!(
                    "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {}\r\n\r\n",
                    file.media
                )
                .as_bytes(),
            );
            body.extend_from_slice(&file.bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.post(path, &format!("multipart/form-data; boundary={boundary}"), &body)
    }

    fn read(&self, sent: std::result::Result<Response<ureq::Body>, ureq::Error>) -> Result<Answer> {
        let mut response = sent.map_err(|error| {
            let said = no_answer(&self.base, &error);
            anyhow::Error::new(error).context(said)
        })?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.body_mut().with_config().limit(256 * 1024 * 1024).read_to_vec()?;
        Ok(Answer { status, headers, body })
    }
}
