//! `noroshi authority console`: the filings of an authority, opened with its own key on its own machine.
//!
//! A small server on a loopback address only. Its pages lie under a random path, which is printed once;
//! a request for another host name or from another site is refused, so that no page of the internet
//! reaches it through the browser. The hub sees which envelopes are fetched, and never what is in them.

mod pages;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::{Form, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use noroshi_outlet::i18n::{Locale, Speech, Texts};
use noroshi_seal::{AuthorityKey, Envelope, Purpose, Token, open};
use serde::Deserialize;

use super::opened::Opened;
use super::session::{Session, Trouble, hub_address};
use crate::serve;
use crate::speech::CLI_TEXTS;
use crate::system::SystemEntropy;

/// Everything from here, nothing inline; forms to ourselves only.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";
/// A document is shown by the browser's own reader.
const PDF_POLICY: &str = "default-src 'none'; object-src 'self'; frame-ancestors 'none'";
const CSS: &str = include_str!("console.css");

/// What every page needs.
#[derive(Clone)]
struct Console(Arc<Inner>);

struct Inner {
    hub: String,
    key: AuthorityKey,
    texts: Texts,
    /// Where the pages lie: `/` and a random word.
    root: String,
    /// What the browser must call this machine.
    hosts: [String; 2],
    session: Mutex<Option<Arc<Session>>>,
    locale: Mutex<Locale>,
}

/// Serves until it is stopped.
pub(super) fn run(hub: &str, key: AuthorityKey, listen: SocketAddr, speech: &Speech) -> Result<()> {
    let hub = hub_address(hub)?;
    if !listen.ip().is_loopback() {
        bail!("--listen {listen}: the console is for this machine only; use 127.0.0.1 or [::1]");
    }
    serve::runtime()?.block_on(async {
        let listener = serve::bind(listen).await?;
        let address = listener.local_addr()?;
        let token = Token::generate(&SystemEntropy);
        let root = format!("/{}", token.expose().as_str());
        let console = Console(Arc::new(Inner {
            hub,
            key,
            texts: Texts::new(CLI_TEXTS).context("the built-in texts cannot be read")?,
            hosts: [address.to_string(), format!("localhost:{}", address.port())],
            session: Mutex::new(None),
            locale: Mutex::new(speech.locale()),
            root: root.clone(),
        }));
        println!("http://{address}{root}/");
        eprintln!("{}", speech.t("console-open"));
        serve::serve(listener, router(console), None, serve::asked_to_stop()).await
    })
}

fn router(console: Console) -> Router {
    let root = &console.0.root;
    let at = |path: &str| format!("{root}{path}");
    Router::new()
        .route(&at("/"), get(start))
        .route(&at("/sign-in"), post(sign_in))
        .route(&at("/sign-out"), post(sign_out))
        .route(&at("/console.css"), get(css))
        .route(&at("/filings/{id}"), get(filing))
        .route(&at("/filings/{id}/filing.pdf"), get(document))
        .route(&at("/filings/{id}/filing.json"), get(data))
        .route(&at("/filings/{id}/answer"), post(answer))
        .layer(middleware::from_fn_with_state(console.clone(), guard))
        .with_state(console)
}

/// Refuses what is not meant for this machine, and keeps every answer out of caches.
async fn guard(State(console): State<Console>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    // A name that leads here from outside (DNS rebinding) is not ours.
    let ours = text("host").is_some_and(|h| console.0.hosts.iter().any(|own| own == h));
    let posted = !matches!(*request.method(), Method::GET | Method::HEAD);
    let site = text("sec-fetch-site").is_none_or(|s| s == "same-origin" || s == "none");
    let origin = text("origin").is_none_or(|o| {
        let host = o.strip_prefix("http://");
        host.is_some_and(|h| console.0.hosts.iter().any(|own| own == h))
    });
    if !ours || (posted && !(site && origin)) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let always = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in always {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
        .headers_mut()
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    response
}

impl Console {
    fn session(&self) -> Option<Arc<Session>> {
        self.0.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_session(&self, session: Option<Session>) {
        let session = session.map(Arc::new);
        *self.0.session.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }

    fn say(&self, uri: &Uri) -> Speech {
        let mut locale = self.0.locale.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chosen) = Locale::chosen(uri.query()) {
            *locale = chosen;
        }
        self.0.texts.speak(*locale)
    }

    /// Asks the hub, on a thread that may wait.
    async fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&Session) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let session = self.session().ok_or(Trouble::Ended)?;
        let done = tokio::task::spawn_blocking(move || what(&session)).await;
        done.unwrap_or_else(|e| Err(Trouble::Said(e.to_string())))
    }

    /// Fetches an envelope and opens it here.
    async fn open(&self, id: String) -> Result<Opened, Trouble> {
        let bytes = self.ask(move |s| s.envelope(&id)).await?;
        let said = |e: noroshi_seal::SealError| Trouble::Said(e.to_string());
        let envelope = Envelope::from_bytes(&bytes).map_err(said)?;
        let key = self.0.key.opening_key();
        let payload = open(key, Purpose::Filing, b"", &envelope).map_err(said)?;
        Opened::read(&payload).ok_or_else(|| {
            Trouble::Said("This is no filing that this version of noroshi can read.".to_owned())
        })
    }

    /// The page of a failure. A session that ended leads back to signing in.
    fn trouble(&self, say: &Speech, trouble: &Trouble) -> Response {
        let text = match trouble {
            Trouble::Ended => {
                self.set_session(None);
                say.t("console-ended")
            }
            Trouble::Link => say.t("console-bad-link"),
            Trouble::Said(text) => text.clone(),
        };
        let status = match trouble {
            Trouble::Ended => StatusCode::UNAUTHORIZED,
            Trouble::Link => StatusCode::UNPROCESSABLE_ENTITY,
            Trouble::Said(_) => StatusCode::BAD_GATEWAY,
        };
        let signed_in = self.session().is_some();
        pages::start(say, &self.0.root, &self.0.hub, signed_in, &[], Some(text), status)
    }
}

async fn start(State(console): State<Console>, uri: Uri) -> Response {
    let say = console.say(&uri);
    let (root, hub) = (&console.0.root, &console.0.hub);
    if console.session().is_none() {
        return pages::start(&say, root, hub, false, &[], None, StatusCode::OK);
    }
    match console.ask(Session::filings).await {
        Ok(mut all) => {
            // What came last is read first.
            all.reverse();
            pages::start(&say, root, hub, true, &all, None, StatusCode::OK)
        }
        Err(trouble) => console.trouble(&say, &trouble),
    }
}

#[derive(Deserialize)]
struct Link {
    link: String,
}

async fn sign_in(State(console): State<Console>, uri: Uri, Form(form): Form<Link>) -> Response {
    let say = console.say(&uri);
    let hub = console.0.hub.clone();
    let done = tokio::task::spawn_blocking(move || Session::sign_in(&hub, &form.link)).await;
    match done.unwrap_or_else(|e| Err(Trouble::Said(e.to_string()))) {
        Ok(session) => {
            console.set_session(Some(session));
            back(&console, "/")
        }
        Err(trouble) => console.trouble(&say, &trouble),
    }
}

async fn sign_out(State(console): State<Console>) -> Response {
    console.set_session(None);
    back(&console, "/")
}

async fn filing(State(console): State<Console>, Path(id): Path<String>, uri: Uri) -> Response {
    let say = console.say(&uri);
    if !is_id(&id) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let all = match console.ask(Session::filings).await {
        Ok(all) => all,
        Err(trouble) => return console.trouble(&say, &trouble),
    };
    let Some(listed) = all.into_iter().find(|f| f.id == id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match console.open(id).await {
        Ok(opened) => pages::filing(&say, &console.0.root, &listed, &opened),
        Err(trouble) => console.trouble(&say, &trouble),
    }
}

async fn document(State(console): State<Console>, Path(id): Path<String>, uri: Uri) -> Response {
    let say = console.say(&uri);
    if !is_id(&id) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match console.open(id).await {
        Ok(Opened { pdf: Some(pdf), .. }) => {
            let headers = [
                (header::CONTENT_TYPE, "application/pdf"),
                (header::CONTENT_SECURITY_POLICY, PDF_POLICY),
                (header::CONTENT_DISPOSITION, "inline; filename=\"filing.pdf\""),
            ];
            (headers, pdf).into_response()
        }
        Ok(_) => StatusCode::NOT_FOUND.into_response(),
        Err(trouble) => console.trouble(&say, &trouble),
    }
}

async fn data(State(console): State<Console>, Path(id): Path<String>, uri: Uri) -> Response {
    let say = console.say(&uri);
    if !is_id(&id) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match console.open(id).await {
        Ok(opened) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"filing.json\""),
            ];
            (headers, opened.json).into_response()
        }
        Err(trouble) => console.trouble(&say, &trouble),
    }
}

#[derive(Deserialize)]
struct Said {
    #[serde(rename = "do")]
    act: String,
    #[serde(default)]
    note: String,
}

async fn answer(
    State(console): State<Console>,
    Path(id): Path<String>,
    uri: Uri,
    Form(form): Form<Said>,
) -> Response {
    let say = console.say(&uri);
    let ask = (form.act == "ask").then_some(form.note);
    if !is_id(&id) || !["ask", "acknowledge"].contains(&form.act.as_str()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let of = id.clone();
    match console.ask(move |s| s.answer(&of, ask.as_deref())).await {
        Ok(()) => back(&console, &format!("/filings/{id}")),
        Err(trouble) => console.trouble(&say, &trouble),
    }
}

async fn css(_headers: HeaderMap) -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS).into_response()
}

fn back(console: &Console, path: &str) -> Response {
    Redirect::to(&format!("{}{path}", console.0.root)).into_response()
}

/// What stands in an address of the hub is an id and nothing else.
fn is_id(text: &str) -> bool {
    text.len() < 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
