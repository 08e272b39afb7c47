//! Client certificates that stand for keys.

use axum::http::{Method, StatusCode, header};
use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, CertificateFile, KeyWish, NewPartner};
use noroshi_hub::register;
use noroshi_seal::ClientCertificate;
use noroshi_stix::Timestamp;

use crate::place::Place;
use crate::world::{DAY, REPORTS, World};

crate::on_both_engines![
    a_certificate_files_reports_like_a_key,
    it_ends_with_itself_or_when_asked_whichever_is_sooner,
    a_certificate_is_registered_once,
    a_key_and_a_session_win_over_a_certificate,
    another_site_cannot_use_the_certificate_of_a_browser,
];

const SIEM: &[u8] = include_bytes!("../data/certificates/siem.pem");
const SIEM_DER: &[u8] = include_bytes!("../data/certificates/siem.der");
const OTHER: &[u8] = include_bytes!("../data/certificates/other.pem");
const SHORT: &[u8] = include_bytes!("../data/certificates/short.pem");
/// What `openssl x509 -fingerprint -sha256` says of `siem.pem`.
const FINGERPRINT: &str = "D5:C0:01:09:3A:BB:63:4D:95:2B:67:95:5F:22:DB:68:\
    4F:D8:05:2B:2F:B0:09:98:3B:43:3E:3E:D1:09:DB:5D";
const SOME_ID: &str = "5f2d1c3a-9b1e-4c55-8d6f-0a7be12c9d41";

fn file(bytes: &[u8]) -> CertificateFile {
    admin::read_certificate(bytes).unwrap()
}

fn wish(may_report: bool) -> KeyWish {
    KeyWish { label: "SIEM".to_owned(), may_read: true, may_report, days: 365 }
}

#[test]
fn pem_der_and_chains_are_read_and_nothing_else() {
    let siem = file(SIEM);
    assert_eq!(siem.certificate, file(SIEM_DER).certificate);
    assert_eq!(admin::fingerprint_text(siem.certificate.fingerprint()), FINGERPRINT);
    assert_eq!(siem.not_after, "2126-11-01T18:14:16Z".parse::<Timestamp>().unwrap());
    let chain = [b"subject=/CN=siem\n\n", SIEM, OTHER].concat();
    assert_eq!(file(&chain).certificate, siem.certificate);
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert_eq!(file(&[key.as_bytes(), SIEM].concat()).certificate, siem.certificate);
    let broken = [&SIEM[..200], b"\n-----END CERTIFICATE-----\n"].concat();
    for bad in [b"".as_slice(), b"x", key.as_bytes(), &SIEM_DER[..100], &SIEM[..100], &broken] {
        let error = admin::read_certificate(bad).unwrap_err().to_string();
        assert!(error.contains("BEGIN CERTIFICATE"), "{error}");
    }
}

async fn a_certificate_files_reports_like_a_key(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let siem = file(SIEM);
    let actor = w.with_certificate(siem.certificate);
    actor.report_text("45.77.11.1").await.refused(401, "unauthorized");
    let made = admin::register_certificate(&w.hub, &a.id, &wish(true), &siem).await.unwrap();
    assert_eq!((made.fingerprint.as_str(), made.id), (FINGERPRINT, siem.certificate.id()));
    let id = actor.report_text("45.77.11.1").await.accepted();
    // It is the member's, like all others.
    assert_eq!(a.actor.get(&format!("{REPORTS}/{id}")).await.status, StatusCode::OK);
    assert_eq!(b.actor.get(&format!("{REPORTS}/{id}")).await.status, StatusCode::NOT_FOUND);
    // The outlet knows it by the same id and digest, with the same rights as a key.
    let told = register::reader_credentials(w.hub.vault(), w.hub.now()).await.unwrap();
    let credential = told.iter().find(|c| c.key_id == siem.certificate.id()).unwrap();
    let digest = siem.certificate.digest(&w.hub.key_pepper());
    assert_eq!(&credential.digest, digest.as_bytes());
    let of_key = told.iter().find(|c| c.key_id == a.key.id()).unwrap();
    assert_eq!(credential.rights, of_key.rights);
    // Another certificate is nobody, and one that may only read does not report.
    let other = file(OTHER);
    let reading = w.with_certificate(other.certificate);
    reading.report_text("45.77.11.2").await.refused(401, "unauthorized");
    admin::register_certificate(&w.hub, &a.id, &wish(false), &other).await.unwrap();
    reading.report_text("45.77.11.2").await.refused(403, "key-may-not-report");
    admin::revoke_key(&w.hub, &siem.certificate.id()).await.unwrap();
    actor.report_text("45.77.11.3").await.refused(401, "key-revoked");
    // Whoever shows a certificate in vain may still sign in.
    assert_eq!(actor.get("/home").await.status, StatusCode::OK);
}

async fn it_ends_with_itself_or_when_asked_whichever_is_sooner(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let short = file(SHORT);
    let made = admin::register_certificate(&w.hub, &a.id, &wish(true), &short).await.unwrap();
    assert_eq!(made.expires, short.not_after);
    let siem = file(SIEM);
    let two_days = KeyWish { days: 2, ..wish(true) };
    let made = admin::register_certificate(&w.hub, &a.id, &two_days, &siem).await.unwrap();
    assert_eq!(made.expires, w.hub.now().plus_days(2));
    w.clock.advance(2 * DAY);
    let late = w.with_certificate(siem.certificate);
    late.report_text("45.77.11.4").await.refused(401, "key-expired");
    w.with_certificate(short.certificate).report_text("45.77.11.4").await.accepted();
    w.clock.set(short.not_after);
    let late = w.with_certificate(short.certificate);
    late.report_text("45.77.11.4").await.refused(401, "key-expired");
    let zero = KeyWish { days: 0, ..wish(true) };
    assert!(admin::register_certificate(&w.hub, &a.id, &zero, &file(OTHER)).await.is_err());
}

async fn a_certificate_is_registered_once(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let new = NewPartner { name: "JPCERT/CC".to_owned(), ..NewPartner::default() };
    let partner = admin::add_partner(&w.hub, new).await.unwrap();
    let siem = file(SIEM);
    admin::register_certificate(&w.hub, &a.id, &wish(true), &siem).await.unwrap();
    admin::register_partner_certificate(&w.hub, &partner, "x", 30, &file(OTHER)).await.unwrap();
    let before = w.rows().await;
    let check = |error: noroshi_hub::HubError| {
        let text = error.to_string();
        assert!(text.contains("registered before") && text.contains("key list"), "{text}");
    };
    for member in [&a.id, &b.id] {
        let again = admin::register_certificate(&w.hub, member, &wish(true), &siem).await;
        check(again.unwrap_err());
        let again = admin::register_certificate(&w.hub, member, &wish(true), &file(OTHER)).await;
        check(again.unwrap_err());
    }
    let of_partner = admin::register_partner_certificate(&w.hub, &partner, "x", 30, &siem).await;
    check(of_partner.unwrap_err());
    admin::revoke_key(&w.hub, &siem.certificate.id()).await.unwrap();
    check(admin::register_certificate(&w.hub, &a.id, &wish(true), &siem).await.unwrap_err());
    assert_eq!(w.rows().await.iter().filter(|r| r.0 != "audit").count(), before.len() - 1);
    let turned = admin::rotate_key(&w.hub, &file(OTHER).certificate.id(), 30).await.unwrap_err();
    assert!(turned.to_string().contains("--certificate"), "{turned}");
    w.clock.set(file(SHORT).not_after);
    let late = admin::register_certificate(&w.hub, &a.id, &wish(true), &file(SHORT)).await;
    let late = late.unwrap_err().to_string();
    assert!(late.contains("has run out on 2026-12-05"), "{late}");
    let nobody = admin::register_certificate(&w.hub, "m-x", &wish(true), &file(SHORT)).await;
    assert!(nobody.is_err());
}

async fn a_key_and_a_session_win_over_a_certificate(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let siem = file(SIEM);
    admin::register_certificate(&w.hub, &a.id, &wish(true), &siem).await.unwrap();
    let own = w.with_certificate(siem.certificate).report_text("45.77.11.5").await.accepted();
    let path = format!("{REPORTS}/{own}");
    assert_eq!(b.actor.showing(siem.certificate).get(&path).await.status, StatusCode::NOT_FOUND);
    let wrong = w.actor(vec![("authorization", "Bearer nrsh_wrong".to_owned())]);
    wrong.showing(siem.certificate).get(REPORTS).await.refused(401, "key-refused");
    // A person is who signed in, over whichever connection.
    let person = w.person(Role::Member, Some(&b.id)).await;
    let desk = w.desk().await;
    for certificate in [siem.certificate, ClientCertificate::from_der(b"nobody's")] {
        assert_eq!(person.showing(certificate).get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(person.showing(certificate).get(REPORTS).await.status, StatusCode::OK);
        assert_eq!(desk.showing(certificate).get("/desk").await.status, StatusCode::OK);
    }
    admin::revoke_key(&w.hub, &siem.certificate.id()).await.unwrap();
    assert_eq!(desk.showing(siem.certificate).get("/desk").await.status, StatusCode::OK);
    // A session that ended leaves the certificate.
    let stale = w.actor(vec![("cookie", format!("noroshi={}", "a".repeat(43)))]);
    stale.showing(siem.certificate).get(REPORTS).await.refused(401, "key-revoked");
}

async fn another_site_cannot_use_the_certificate_of_a_browser(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let siem = file(SIEM);
    admin::register_certificate(&w.hub, &a.id, &wish(true), &siem).await.unwrap();
    let before = w.rows().await;
    let actor = w.with_certificate(siem.certificate);
    for (name, value) in [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")]
    {
        let headers = [("content-type", "text/plain"), (name, value)];
        let sent = actor.send(Method::POST, REPORTS, &headers, "45.77.11.6".into()).await;
        sent.refused(403, "wrong-origin");
        let mut headers = header::HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        let object = format!(
            r#"{{"objects":[{{"type":"ipv4-addr","id":"ipv4-addr--{SOME_ID}","value":"45.77.11.6"}}]}}"#
        );
        let posted = w.post_with(&headers, Some(&siem.certificate), &object).await.unwrap_err();
        assert_eq!((posted.status().as_u16(), posted.code()), (403, "wrong-origin"));
    }
    assert_eq!(w.rows().await, before);
    let empty = header::HeaderMap::new();
    let object = format!(
        r#"{{"objects":[{{"type":"ipv4-addr","id":"ipv4-addr--{SOME_ID}","value":"45.77.11.7"}}]}}"#
    );
    let status = w.post_with(&empty, Some(&siem.certificate), &object).await.unwrap();
    assert_eq!(status.success_count, 1);
    assert_eq!(w.ask(&a.key, &status.id).await, Some(status), "the same member's other key asks");
}
