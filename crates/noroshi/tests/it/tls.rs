//! https as an operator sets it up: configured, started, renewed, refused with a reason.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;
use ureq::Agent;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use crate::console::Console;
use crate::site::{bad, good, noroshi};

/// Certificate and key for 127.0.0.1, as PEM.
struct Pair(String, String);

impl Pair {
    fn new() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        Self(params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    fn write(&self, folder: &Path) {
        for (name, text) in [("hub.pem", &self.0), ("hub.key", &self.1)] {
            let (new, path) = (folder.join("new"), folder.join(name));
            std::fs::write(&new, text).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600)).unwrap();
            }
            std::fs::rename(new, path).unwrap();
        }
    }

    /// A client that believes this certificate and no other, on a connection of its own.
    fn ask(&self, url: &str) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        self.agent(None).get(url).call()
    }

    /// The same for a client that shows a certificate of its own.
    fn agent(&self, client: Option<&Pair>) -> Agent {
        let certificate = Certificate::from_pem(self.0.as_bytes()).unwrap();
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[certificate]));
        let client = client.map(|Pair(certificate, key)| {
            let certificate = Certificate::from_pem(certificate.as_bytes()).unwrap();
            ClientCert::new_with_certs(
                &[certificate],
                PrivateKey::from_pem(key.as_bytes()).unwrap(),
            )
        });
        Agent::config_builder()
            .tls_config(tls.client_cert(client).build())
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(10)))
            .build()
            .new_agent()
    }
}

/// A running program, its log, its end.
struct Program {
    child: Child,
    log: std::path::PathBuf,
}

impl Program {
    fn start(folder: &Path, args: &[&str], log: &str) -> Self {
        let log = folder.join(log);
        let file = std::fs::File::create(&log).unwrap();
        let mut command = noroshi(folder, args);
        command.env("NOROSHI_LOG", "trace").stdout(Stdio::null()).stderr(file);
        Self { child: command.spawn().unwrap(), log }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn wait(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !done(self) {
            let ended = self.child.try_wait().unwrap();
            let log = || self.log().lines().filter(|l| !l.contains("TRACE")).collect::<String>();
            assert!(ended.is_none() && Instant::now() < end, "{what}: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[cfg(unix)]
    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn site(address: &str, pair: &Pair) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = format!(
        "[hub]\nlisten = \"{address}\"\ndata = \"data\"\n[tls]\ncertificate = \"hub.pem\"\nkey = \"hub.key\"\n"
    );
    std::fs::write(folder.path().join("noroshi.toml"), config).unwrap();
    pair.write(folder.path());
    folder
}

fn ready(pair: &Pair, base: &str) -> bool {
    pair.ask(&format!("{base}/readyz")).is_ok_and(|a| a.status() == 200)
}

fn after<'a>(log: &'a str, words: &str) -> &'a str {
    log.lines().find_map(|l| l.split_once(words)).unwrap().1.trim()
}

/// A member's tool holds no key of ours: its certificate files a report, reads what became of it,
/// and opens nothing when it was taken back.
#[test]
fn a_registered_certificate_reports_and_reads() {
    const TAXII: &str = "application/taxii+json;version=2.1";
    let (server, client, stranger) = (Pair::new(), Pair::new(), Pair::new());
    let address = free_address();
    let folder = site(&address, &server);
    let path = folder.path();
    let config = std::fs::read_to_string(path.join("noroshi.toml")).unwrap();
    std::fs::write(path.join("noroshi.toml"), format!("{config}[signal]\ntick_seconds = 1\n"))
        .unwrap();
    std::fs::write(path.join("client.pem"), &client.0).unwrap();
    std::fs::write(path.join("agreement.txt"), "You share and you keep it.").unwrap();
    let admin = |args: &[&str]| good(path, &[&["admin"], args].concat()).trim().to_owned();
    admin(&["agreement", "publish", "2026-10", "agreement.txt"]);
    let member = admin(&[
        "member",
        "add",
        "--name-en",
        "Aozora",
        "--name-ja",
        "青空",
        "--label",
        "energy/electricity/utilities",
        "--domain",
        "aozora-power.co.jp",
    ]);
    admin(&["agreement", "sign", &member, "--signer", "S", "--until", "2096-01-01T00:00:00Z"]);
    admin(&[
        "key",
        "create",
        &member,
        "--label",
        "siem",
        "--report",
        "--certificate",
        "client.pem",
    ]);
    let base = format!("https://{address}");
    let mut hub = Program::start(path, &["hub"], "hub.log");
    hub.wait("the hub starts", |_| ready(&server, &base));

    let (tool, other) = (server.agent(Some(&client)), server.agent(Some(&stranger)));
    let root = format!("{base}/taxii2/noroshi/");
    let read = |agent: &Agent| {
        let mut answer = agent
            .get(format!("{root}collections/signals/objects/?match[type]=indicator"))
            .header("accept", TAXII)
            .call()
            .unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    };
    assert_eq!(read(&other).0, 401, "a certificate that nobody registered opens nothing");
    assert_eq!(read(&server.agent(None)).0, 401);
    hub.wait("the certificate is taken", |_| read(&tool).0 == 200);
    let envelope = r#"{"objects":[{"type":"indicator","spec_version":"2.1","pattern_type":"stix",
        "id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","valid_from":"2026-11-01T00:00:00Z",
        "created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z",
        "pattern":"[domain-name:value = 'cdn-teikei.org' OR domain-name:value = 'mx.aozora-power.co.jp']"}]}"#;
    let mut posted = tool
        .post(format!("{root}collections/inbox/objects/"))
        .header("accept", TAXII)
        .content_type(TAXII)
        .send(envelope)
        .unwrap();
    assert_eq!(posted.status().as_u16(), 202);
    let status = posted.body_mut().read_to_string().unwrap();
    assert!(status.contains("\"success_count\":1") && status.contains("kept back"), "{status}");
    hub.wait("the indicator goes out", |_| read(&tool).1.contains("cdn-teikei.org"));
    let (_, released) = read(&tool);
    assert!(!released.contains("aozora") && !released.contains("8e2e2d2b"), "{released}");

    let list = admin(&["key", "list"]);
    let id = list.lines().find(|l| l.contains("siem")).unwrap().split_whitespace().next().unwrap();
    admin(&["key", "revoke", id]);
    hub.wait("the certificate is refused", |_| read(&tool).0 == 401);
}

/// A hub behind an authority of its own: the command line believes it when it is named.
#[test]
fn a_private_authority_is_believed_when_it_is_named() {
    let (server, stranger) = (Pair::new(), Pair::new());
    let address = free_address();
    let folder = site(&address, &server);
    let path = folder.path();
    std::fs::write(path.join("other.pem"), &stranger.0).unwrap();
    std::fs::write(path.join("found.txt"), "cdn-teikei.org").unwrap();
    let base = format!("https://{address}");
    let mut hub = Program::start(path, &["hub"], "hub.log");
    hub.wait("the hub starts", |_| ready(&server, &base));
    let report = |ca: &[&str]| {
        let ask = ["report", "--hub", &base, "--key", "nrsh_none", "--yes", "found.txt"];
        bad(path, &[ca, &ask].concat())
    };
    // Who is asked is clear; only then does the key matter.
    let key = report(&["--ca", "hub.pem"]);
    assert!(key.contains("no valid API key"), "{key}");
    for ca in [&[][..], &["--ca", "other.pem"]] {
        let said = report(ca);
        assert!(said.contains("name your own authority with --ca"), "{said}");
    }
    // The console of an authority, too.
    good(path, &["authority", "keygen", "--name", "Office", "--out", "a.key"]);
    for (ca, says) in [("hub.pem", "link"), ("other.pem", "name your own authority with --ca")] {
        let ask = ["--ca", ca, "authority", "console", "--hub", &base, "--key", "a.key"];
        let console = Console::start_with(path, &ask);
        let (status, _, page) = console.post("/sign-in?lang=en", "link=abc");
        let page = String::from_utf8(page).unwrap();
        assert_eq!(page.contains("name your own authority"), ca == "other.pem", "{status} {page}");
        assert!(page.contains(says), "{status} {page}");
    }
    assert!(report(&["--ca", "hub.key"]).contains("there is no certificate in it"));
    assert!(report(&["--ca", "none.pem"]).contains("--ca none.pem"));
}

#[test]
#[cfg(unix)]
fn hub_and_outlet_serve_https_and_take_a_new_certificate_on_sighup() {
    let (a, b) = (Pair::new(), Pair::new());
    let (hub_address, outlet_address) = (free_address(), free_address());
    let folder = site(&hub_address, &a);
    let base = format!("https://{hub_address}");
    let mut hub = Program::start(folder.path(), &["hub"], "hub.log");
    hub.wait("the hub starts", |_| ready(&a, &base));
    let log = hub.log();
    assert!(log.contains(&format!("noroshi hub on {base}")), "{log}");
    assert_eq!(a.ask(&base).unwrap().headers()["strict-transport-security"], "max-age=31536000");
    // Who types http:// is told.
    let plain = ureq::get(format!("http://{hub_address}/")).call();
    assert!(matches!(plain, Err(ureq::Error::StatusCode(400))), "{plain:?}");
    assert!(b.ask(&base).is_err());

    let (key, identity) =
        (after(&log, "signatures with it):"), after(&log, "of this hub: identity"));
    let identity = format!("identity{identity}");
    let args = [
        "outlet",
        "--shelf",
        "data/shelf.db",
        "--hub-key",
        key,
        "--hub-identity",
        &identity,
        "--listen",
        &outlet_address,
        "--tls-certificate",
        "hub.pem",
        "--tls-key",
        "hub.key",
    ];
    let outlet_base = format!("https://{outlet_address}");
    let mut outlet = Program::start(folder.path(), &args, "outlet.log");
    outlet.wait("the outlet starts", |_| ready(&a, &outlet_base));
    let answer = a.ask(&outlet_base).unwrap();
    assert!(answer.headers().contains_key("strict-transport-security"));

    b.write(folder.path());
    for (program, base) in [(&mut hub, &base), (&mut outlet, &outlet_base)] {
        program.signal("-HUP");
        program.wait("the new certificate is served", |_| ready(&b, base));
        assert!(a.ask(base).is_err(), "the old one still is");
        assert!(program.log().contains("read anew"), "{}", program.log());
    }
    std::fs::write(folder.path().join("hub.pem"), "broken").unwrap();
    hub.signal("-HUP");
    hub.wait("the log says why", |p| p.log().contains("certificate in use stays"));
    assert!(ready(&b, &base));
    let log = hub.log();
    assert!(log.contains("hub.pem holds no certificate"), "{log}");
    assert!(!log.contains("BEGIN") || log.contains("begins with BEGIN"), "{log}");

    hub.signal("-TERM");
    let end = Instant::now() + Duration::from_secs(20);
    while hub.child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(hub.child.wait().unwrap().success());
}

/// The log holds no certificate of a client, however much is asked for.
#[test]
#[cfg(unix)]
fn a_clients_certificate_is_not_in_the_log() {
    let pair = Pair::new();
    let address = free_address();
    let folder = site(&address, &pair);
    let base = format!("https://{address}");
    let mut hub = Program::start(folder.path(), &["hub"], "hub.log");
    hub.wait("the hub starts", |_| ready(&pair, &base));
    let (before, tool) = (hub.log().len(), Pair::new());
    let der = CertificateDer::from_pem_slice(tool.0.as_bytes()).unwrap();
    // In TLS 1.3 certificates travel encrypted; a library could log them in either.
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(pair.0.as_bytes()).unwrap()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(tool.1.as_bytes()).unwrap();
        let provider = rustls::crypto::ring::default_provider();
        let config = ClientConfig::builder_with_provider(provider.into())
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![der.clone()], key)
            .unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let connection = ClientConnection::new(config.into(), name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(&address).unwrap());
        let request = b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let log = hub.log();
    let log = &log[before..];
    for part in der.chunks_exact(8).skip(4) {
        let (hex, list) = (data_encoding::HEXLOWER.encode(part), format!("{part:?}"));
        assert!(!log.contains(&hex), "{log}");
        assert!(!log.contains(list.trim_matches(['[', ']'])), "{log}");
    }
    assert!(!log.contains("rcgen"), "the name in the certificate is in the log: {log}");
}

#[test]
fn what_is_wrong_with_tls_is_said() {
    let pair = Pair::new();
    let folder = site(&free_address(), &pair);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("hub.pem", "");
    let error = bad(folder.path(), &["hub"]);
    assert!(error.contains("hub.pem holds no certificate"), "{error}");
    pair.write(folder.path());
    write("hub.key", &Pair::new().1);
    let error = bad(folder.path(), &["hub"]);
    assert!(error.contains("does not fit") && error.contains("hub.key"), "{error}");
    std::fs::remove_file(folder.path().join("hub.key")).unwrap();
    let error = bad(folder.path(), &["hub"]);
    assert!(error.contains("hub.key cannot be read"), "{error}");
    write("noroshi.toml", "[tls]\ncertificate = \"hub.pem\"\n");
    let error = bad(folder.path(), &["hub"]);
    assert!(error.contains("tls.key") && error.contains("name certificate and key"), "{error}");
    write("noroshi.toml", "[tls]\nclient_ca = \"ca.pem\"\n");
    assert!(bad(folder.path(), &["hub"]).contains("tls.client_ca"));
}
