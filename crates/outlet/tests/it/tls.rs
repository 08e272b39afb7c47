//! TLS from outside: versions, client certificates, new certificates, errors.

use std::time::Duration;

use noroshi_outlet::listen::TlsError;
use noroshi_seal::ClientCertificate;
use rustls::HandshakeKind;

use crate::sockets::{
    Client, Files, Pair, Running, SPOKEN, ask_again, ask_http1, http1, load, mirror, text,
};

fn id(pair: &Pair) -> String {
    ClientCertificate::from_der(&pair.der()).id()
}

#[tokio::test]
async fn a_client_certificate_reaches_the_request_and_none_is_nobody() {
    let (server, tool) = (Pair::new(), Pair::new());
    let running = Running::start(mirror(), Some(Files::of(&server).load()), |_| {}).await;
    for speaks in &SPOKEN {
        let nobody = Client::speaking(speaks, &[&server], None);
        let answer = running.ask(&nobody, "/who").await.unwrap();
        assert_eq!(text(&answer), "nobody hub.example:8443 /who");
        let shows = Client::speaking(speaks, &[&server], Some((&tool, &tool)));
        let answer = running.ask(&shows, "/who").await.unwrap();
        assert_eq!(text(&answer), format!("{} hub.example:8443 /who", id(&tool)));
    }
    let answer = ask_http1(running.tcp().await, "/who").await.unwrap();
    assert_eq!((answer.status().as_u16(), text(&answer).contains("https-only")), (400, true));
}

#[tokio::test]
async fn a_resumed_session_still_carries_the_certificate() {
    let (server, tool) = (Pair::new(), Pair::new());
    let running = Running::start(mirror(), Some(Files::of(&server).load()), |_| {}).await;
    for speaks in [&SPOKEN[1], &SPOKEN[3]] {
        let client = Client::speaking(speaks, &[&server], Some((&tool, &tool)));
        assert!(text(&running.ask(&client, "/who").await.unwrap()).starts_with(&id(&tool)));
        let again = running.tls(&client).await.unwrap();
        assert_eq!(again.get_ref().1.handshake_kind(), Some(HandshakeKind::Resumed));
        let answer = ask_http1(again, "/who").await.unwrap();
        assert!(text(&answer).starts_with(&id(&tool)), "{}", text(&answer));
    }
}

#[tokio::test]
async fn a_certificate_whose_key_the_client_does_not_hold_is_refused() {
    let (server, tool, thief) = (Pair::new(), Pair::new(), Pair::new());
    let running = Running::start(mirror(), Some(Files::of(&server).load()), |_| {}).await;
    for speaks in &SPOKEN {
        let stolen = Client::speaking(speaks, &[&server], Some((&tool, &thief)));
        assert!(running.ask(&stolen, "/who").await.is_err());
    }
}

#[tokio::test]
async fn an_authority_for_clients_keeps_others_out() {
    let (server, stranger) = (Pair::new(), Pair::new());
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec![]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap();
    let issuer = rcgen::Issuer::new(params, key);
    let own = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["tool.example".to_owned()]).unwrap();
    let certificate = params.signed_by(&own, &issuer).unwrap().pem();
    let known = Pair { certificate, key: own.serialize_pem() };

    let files = Files::of(&server);
    let mut names = files.names();
    names.client_ca = Some(files.write("clients.pem", &authority.pem()));
    let running = Running::start(mirror(), Some(load(names).unwrap()), |_| {}).await;
    for speaks in &SPOKEN {
        let client = Client::speaking(speaks, &[&server], Some((&known, &known)));
        assert!(text(&running.ask(&client, "/who").await.unwrap()).starts_with(&id(&known)));
        let client = Client::speaking(speaks, &[&server], Some((&stranger, &stranger)));
        assert!(running.ask(&client, "/who").await.is_err());
        let client = Client::speaking(speaks, &[&server], None);
        assert!(text(&running.ask(&client, "/who").await.unwrap()).starts_with("nobody"));
    }
}

#[tokio::test]
async fn certificates_are_not_asked_for_when_they_are_off() {
    let (server, tool) = (Pair::new(), Pair::new());
    let files = Files::of(&server);
    let mut names = files.names();
    names.client_certificates = false;
    let running = Running::start(mirror(), Some(load(names).unwrap()), |_| {}).await;
    let client = Client::speaking(&SPOKEN[0], &[&server], Some((&tool, &tool)));
    assert!(text(&running.ask(&client, "/who").await.unwrap()).starts_with("nobody"));
}

/// The certificate that a new connection gets.
async fn served(running: &Running, client: &Client) -> Vec<u8> {
    let stream = running.tls(client).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

async fn wait_for(running: &Running, client: &Client, pair: &Pair) {
    for _ in 0..200 {
        if served(running, client).await == *pair.der() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the new certificate is not served");
}

#[tokio::test]
async fn new_files_serve_new_connections_and_broken_ones_do_not() {
    let (a, b) = (Pair::new(), Pair::new());
    let files = Files::of(&a);
    let running = Running::start(mirror(), Some(files.load()), |_| {}).await;
    let mut client = Client::speaking(&SPOKEN[1], &[&a, &b], None);
    // A resumed session shows no certificate anew.
    let mut config = (*client.config).clone();
    config.resumption = rustls::client::Resumption::disabled();
    client.config = config.into();
    assert_eq!(served(&running, &client).await, *a.der());
    let mut old = http1(running.tls(&client).await.unwrap()).await.unwrap();
    assert_eq!(ask_again(&mut old, "/who").await.unwrap().status(), 200);

    files.put(&b);
    wait_for(&running, &client, &b).await;
    assert_eq!(ask_again(&mut old, "/who").await.unwrap().status(), 200);

    let expired = Pair::with(|p| p.not_after = rcgen::date_time_ymd(2026, 11, 1));
    for broken in [
        Pair { certificate: "nonsense".to_owned(), key: b.key.clone() },
        Pair { certificate: a.certificate.clone(), key: b.key.clone() },
        Pair { certificate: a.certificate.clone(), key: String::new() },
        expired,
    ] {
        files.put(&broken);
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(served(&running, &client).await, *b.der());
    }
    std::fs::remove_file(files.names().key).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(served(&running, &client).await, *b.der());
    files.put(&a);
    wait_for(&running, &client, &a).await;
    assert_eq!(ask_again(&mut old, "/who").await.unwrap().status(), 200);
}

#[test]
fn errors_name_the_file_and_what_to_do() {
    let (a, b) = (Pair::new(), Pair::new());
    let files = Files::of(&a);
    let said = |change: &dyn Fn(&mut noroshi_outlet::listen::TlsFiles)| {
        let mut names = files.names();
        change(&mut names);
        let error: TlsError = load(names).unwrap_err();
        error.to_string()
    };
    let other = files.write("other.key", &b.key);
    let empty = files.write("empty.pem", "");
    let garbled = files
        .write("garbled.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let missing = files.folder.path().join("missing.pem");
    for (error, words) in [
        (said(&|n| n.certificate.clone_from(&missing)), vec!["missing.pem", "check its path"]),
        (said(&|n| n.certificate.clone_from(&empty)), vec!["empty.pem", "BEGIN CERTIFICATE"]),
        (said(&|n| n.certificate.clone_from(&garbled)), vec!["garbled.pem", "server.key"]),
        (said(&|n| n.key.clone_from(&missing)), vec!["missing.pem", "check its path"]),
        (said(&|n| n.key.clone_from(&empty)), vec!["empty.pem", "BEGIN PRIVATE KEY"]),
        (said(&|n| n.key.clone_from(&other)), vec!["other.key", "does not fit", "server.pem"]),
        (said(&|n| n.client_ca = Some(empty.clone())), vec!["empty.pem", "BEGIN CERTIFICATE"]),
        (said(&|n| n.client_ca = Some(garbled.clone())), vec!["garbled.pem", "cannot be read"]),
    ] {
        assert!(words.iter().all(|w| error.contains(w)), "{words:?}: {error}");
        assert!(!error.contains("BEGIN PRIVATE KEY-----"), "{error}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |m| std::fs::set_permissions(&other, std::fs::Permissions::from_mode(m));
        mode(0o644).unwrap();
        let error = said(&|n| n.key.clone_from(&other));
        assert!(error.contains("chmod 640") && error.contains("other.key"), "{error}");
        mode(0o640).unwrap();
        assert!(said(&|n| n.key.clone_from(&other)).contains("does not fit"));
    }
}
