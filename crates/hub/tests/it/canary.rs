//! The canary (rule 6): marks planted in reports of every format must not turn up in any byte that
//! the outlet serves, in an error, a header, a figure or the log.

use std::io::Write;
use std::sync::{Mutex, OnceLock};

use axum::body::Body;
use axum::http::Method;
use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, NewMember, NewPartner};
use noroshi_hub::context;
use noroshi_stix::DomainName;
use serde_json::{Value, json};

use crate::marks::{self, Mark, Needles};
use crate::place::Place;
use crate::world::{
    Actor, Answer, CONTEXTS, DAY, Member, OBJECTS, REPORTS, SECOND, TAXII, World, bearer,
};

crate::on_both_engines![no_mark_leaves_the_hub];

/// Everything that was logged since the first test of this kind began, at every level.
#[derive(Clone, Copy)]
struct Log;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Also takes what libraries write through `log`, such as the driver of PostgreSQL.
pub(crate) fn listen() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_ansi(false)
            // The machine's own clock could show one of the marked times.
            .without_time()
            .with_writer(|| Log)
            .init();
    });
}

/// What was logged so far.
pub(crate) fn logged() -> Vec<u8> {
    LOG.lock().unwrap().clone()
}

async fn victim(w: &World) -> Member {
    w.member_with(NewMember {
        name_ja: marks::NAME_JA.to_owned(),
        name_en: marks::NAME_EN.to_owned(),
        label_path: ["Industry", "Manufacturing", "Furnaces"].map(str::to_owned).to_vec(),
        weight: 2,
        aliases: vec!["黒潮精機".to_owned(), "Kuroshio Seiki".to_owned()],
        domains: [marks::DOMAIN, marks::IDN].map(|d| DomainName::parse(d).unwrap()).to_vec(),
        networks: vec![marks::NETWORK.parse().unwrap()],
        brands: vec!["KureMeltMaster".to_owned()],
    })
    .await
}

/// The reports: media type, body. Each holds one releasable address, 45.77.9.n. Padded, so that
/// their lengths are numbers which do not turn up by chance.
fn reports() -> Vec<(&'static str, String)> {
    let [a, b, c, d] = marks::UUIDS;
    let (domain, phrase, staff) = (marks::DOMAIN, marks::PHRASE, marks::STAFF);
    let native = json!({
        "schema": "noroshi-report/1", "title": format!("{phrase} at {}", marks::NAME_JA),
        "narrative": format!("{} {} {staff} JIRA-KS-4471 fs01-kure.{domain}", marks::NAME_EN, marks::PHRASE_JA),
        "attack_type": format!("malware of {staff}"), "impact": phrase, "product": "KureMeltMaster 9",
        "initial_access": "C:\\Users\\hoshikawa\\kure_furnace.xlsx",
        "course_of_action": phrase, "occurred_at": marks::OCCURRED, "detected_at": marks::OCCURRED,
        "affected_hosts": 48_213, "techniques": ["T1566.001"], "stage": "early",
        "text": format!("{phrase} hxxp://portal.{domain}/x 45.77.9[.]2 10.77.13.5 203.104.9.21 hoshikawa@{domain}"),
        "indicators": [{"type": "ipv4", "value": "45.77.9.1"},
            {"type": "file-name", "value": "Kuroshio Seiki_plan.xlsx"},
            {"type": "mutex", "value": "Global\\KureMeltMaster-77"},
            {"type": "registry-key", "value": "HKCU\\Software\\Kuroshio Seiki\\Run"},
            {"type": "url", "value": "http://badhost-seven.net/hoshikawa/kure_furnace?u=hoshikawa@kuroshio-seiki.co.jp"},
            {"type": "url", "value": format!("http://{}/login", marks::IDN)},
            {"type": "domain", "value": "kuroshio-seiki-vpn.net"},
            {"type": "email", "value": format!("hoshikawa@{domain}")},
            {"type": "yara", "value": format!("rule kure_furnace {{ strings: $a = \"{phrase}\" condition: $a }}")}],
    });
    let toml = format!(
        "schema = \"noroshi-report/1\"\ntitle = \"{phrase}\"\noccurred_at = {}\nindicators = [\"45.77.9.3\", \"fs01-kure.{domain}\"]\n",
        marks::OCCURRED
    );
    let identity = format!("identity--{a}");
    let stix = json!({"type": "bundle", "id": format!("bundle--{b}"), "objects": [
        {"type": "identity", "spec_version": "2.1", "id": identity, "name": marks::NAME_EN,
            "created": marks::CREATED, "modified": marks::CREATED, "contact_information": staff},
        {"type": "indicator", "spec_version": "2.1", "id": format!("indicator--{c}"),
            "created_by_ref": identity, "created": marks::CREATED, "modified": marks::CREATED,
            "name": phrase, "description": marks::PHRASE_JA, "labels": ["x_kure_label"],
            "pattern": format!("[ipv4-addr:value = '45.77.9.4' AND file:name = 'KureMeltMaster_plan.xlsx' AND domain-name:value = 'fs01-kure.{domain}']"),
            "pattern_type": "stix", "valid_from": marks::CREATED, "x_kure_ticket": "JIRA-KS-4471",
            "external_references": [{"source_name": "KureIntelExporter", "url": format!("https://jira.{domain}/JIRA-KS-4471")}]},
        {"type": "relationship", "spec_version": "2.1", "id": format!("relationship--{d}"),
            "created": marks::CREATED, "modified": marks::CREATED, "relationship_type": "targets",
            "source_ref": format!("indicator--{c}"), "target_ref": identity}]});
    let misp = json!({"Event": {"uuid": d, "info": phrase, "date": "2026-11-19", "timestamp": "1795062203",
        "Orgc": {"name": marks::NAME_EN, "uuid": a}, "Attribute": [
            {"uuid": b, "type": "ip-dst", "value": "45.77.9.5", "comment": staff, "timestamp": "1795062203"},
            {"uuid": c, "type": "hostname", "value": format!("fs01-kure.{domain}"), "comment": phrase},
            {"type": "target-org", "value": marks::NAME_JA}, {"type": "email-dst", "value": format!("hoshikawa@{domain}")}]}});
    let csv = format!(
        "type,value,comment\nip-dst,45.77.9.6,{phrase}\ndomain,{domain},{staff}\nip-src,203.104.9.40,fs01-kure\n"
    );
    let text = format!(
        "{}: {} の {} が hxxps://fs01-kure.{domain}/ 45.77.9[.]7 10.77.13.5 C:\\kure_furnace {PHRASE_JA}\n",
        marks::NAME_JA,
        marks::STAFF_JA,
        marks::STAFF,
        PHRASE_JA = marks::PHRASE_JA
    );
    let mail = format!(
        "Received: from fs01-kure.{domain} (203.104.9.30) by mx.{domain}; Thu, 19 Nov 2026 04:17:23 +0000\r\n\
        Message-ID: <1a2b3c.kure@mx.{domain}>\r\nFrom: Evil <evil@badhost-eight.net>\r\n\
        To: {staff} <hoshikawa@{domain}>\r\nSubject: 溶解炉の件 {phrase}\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\r\n{} {}様 45.77.9.8 hxxp://fs01-kure.{domain}/\r\n",
        marks::PHRASE_JA,
        marks::STAFF_JA
    );
    // What a member's machine posts to the inbox: objects of its own platform.
    let inbox = json!({"objects": [
        {"type": "identity", "spec_version": "2.1", "id": identity, "name": marks::NAME_EN,
            "identity_class": "organization", "created": marks::CREATED, "modified": marks::CREATED},
        {"type": "indicator", "spec_version": "2.1", "id": format!("indicator--{d}"),
            "created_by_ref": identity, "created": marks::CREATED, "modified": marks::CREATED,
            "name": phrase, "description": marks::PHRASE_JA, "x_kure_ticket": "JIRA-KS-4471",
            "pattern": format!("[ipv4-addr:value = '45.77.9.9' OR domain-name:value = 'fs01-kure.{domain}']"),
            "pattern_type": "stix", "valid_from": marks::CREATED},
        {"type": "observed-data", "id": format!("observed-data--{c}"), "created": marks::CREATED,
            "modified": marks::CREATED, "first_observed": marks::OCCURRED, "last_observed": marks::OCCURRED,
            "number_observed": 48_213, "objects": {"0": {"type": "ipv4-addr", "value": "203.104.9.21"},
                "1": {"type": "user-account", "user_id": staff}}},
        {"type": "note", "spec_version": "2.1", "id": phrase, "content": staff},
        {"type": "email-addr", "spec_version": "2.1", "id": format!("email-addr--{a}"),
            "value": format!("hoshikawa@{domain}")}]});
    let pad = |text: String, n: usize| {
        let end = if text.starts_with(['{', 's', 't']) { "\n" } else { " \n" };
        format!("{text}{}", end.repeat(1 + (10_007 + 1_013 * n - text.len()) / end.len()))
    };
    [
        ("application/json", native.to_string()),
        ("application/toml", toml),
        ("application/stix+json;version=2.1", stix.to_string()),
        ("application/json", misp.to_string()),
        ("text/csv", csv),
        ("text/plain", text),
        ("message/rfc822", mail),
        (INBOX, inbox.to_string()),
    ]
    .into_iter()
    .enumerate()
    .map(|(n, (media, body))| (media, pad(body, n)))
    .collect()
}

/// Words of a draft that is never sent.
const DRAFT_WORDS: &str = "never sent from the melting shop";

/// Stands for the media type of what is posted to the inbox.
const INBOX: &str = "taxii inbox";

/// Posts objects as the outlet does; the report they became, as the reporter sees it. Adds what only
/// the reporter was told.
async fn post(w: &World, v: &Member, n: usize, body: &str, planted: &mut Vec<Mark>) -> Value {
    let mut headers = bearer(&v.key);
    for (name, value) in [
        ("idempotency-key", &*format!("kure-idem-0042-{n}")),
        ("user-agent", marks::AGENT),
        ("x-forwarded-for", marks::FORWARDED),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    let status = w.post_with(&headers, None, body).await.unwrap();
    assert_eq!((status.success_count, status.failure_count), (4, 1), "{status:?}");
    planted.push(Mark { name: "status id", text: status.id.clone() });
    assert!(w.ask(&v.key, &status.id).await.is_some());
    let list = v.actor.get(REPORTS).await.json();
    let id = list["reports"][0]["id"].as_str().unwrap();
    v.actor.get(&format!("{REPORTS}/{id}")).await.json()
}

/// A partner with a key: who it is stays in the vault too.
async fn partner(w: &World) -> Vec<Mark> {
    let name = "Tsukuyomi Hoan CERT".to_owned();
    let new = NewPartner { name: name.clone(), ..NewPartner::default() };
    let id = admin::add_partner(&w.hub, new).await.unwrap();
    let key = admin::create_partner_key(&w.hub, &id, "tsukuyomi-collector", 30).await.unwrap();
    let partner = admin::list_partners(&w.hub).await.unwrap().remove(0);
    let contributor = data_encoding::HEXLOWER.encode(&partner.contributor);
    let base64 = data_encoding::BASE64_NOPAD.encode(&partner.contributor);
    [
        ("partner name", name),
        ("partner id", id),
        ("partner key id", key.id().to_owned()),
        ("partner key label", "tsukuyomi-collector".to_owned()),
        ("contributor", contributor),
        ("contributor in base64", base64),
    ]
    .map(|(name, text)| Mark { name, text })
    .into()
}

async fn file(reporter: &Actor, n: usize, media: &str, body: &str) -> Answer {
    let key = format!("kure-idem-0042-{n}");
    let disposition = format!("multipart/form-data; boundary=kure{n}");
    let form = format!(
        "--kure{n}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {media}\r\n\r\n{body}\r\n--kure{n}--\r\n",
        marks::FILE
    );
    // Both ways in: the bare body, and a form with a file name.
    let (media, body) =
        if n % 2 == 1 { (disposition.as_str(), form) } else { (media, body.to_owned()) };
    let headers = [
        ("content-type", media),
        ("idempotency-key", &*key),
        ("user-agent", marks::AGENT),
        ("x-forwarded-for", marks::FORWARDED),
        ("forwarded", "for=203.104.9.88"),
    ];
    reporter.send(Method::POST, REPORTS, &headers, Body::from(body)).await
}

async fn no_mark_leaves_the_hub(place: &Place) {
    listen();
    let w = World::with(place, |c| {
        c.outlet.public_clear = true;
        c.signal.tlp = "clear".to_owned();
        c.context.tlp = "clear".to_owned();
    })
    .await;
    let (v, reader) = (victim(&w).await, w.member("Aozora").await);
    w.crowd(7).await;
    let desk = w.desk().await;
    w.tick().await;
    let heard = reader.actor.listen().await;

    let mut planted = marks::fixed();
    // What somebody is still writing, beside all that is sent: nothing of it is for anybody.
    let writer = w.person(Role::Member, Some(&v.id)).await;
    let words = format!("{DRAFT_WORDS} {} {} 45.77.9[.]77", marks::NAME_JA, marks::STAFF);
    crate::drafts::keep(&writer, "kure-idem-0042-draft", &words, (marks::FILE, DRAFT_WORDS)).await;
    planted.push(Mark { name: "draft words", text: DRAFT_WORDS.to_owned() });
    planted.push(Mark { name: "draft indicator", text: "45.77.9.77".to_owned() });
    let mut lengths = Vec::new();
    let (mut answered, mut seen) = (Vec::new(), Vec::new());
    for (n, (media, body)) in reports().into_iter().enumerate() {
        w.clock.advance(3 * SECOND + 217_391);
        planted.extend(marks::of_time("accepted", w.hub.now()));
        let view = if media == INBOX {
            post(&w, &v, n, &body, &mut planted).await
        } else {
            let answer = file(&v.actor, n, media, &body).await;
            answer.accepted();
            answer.json()
        };
        let id = view["id"].as_str().unwrap().to_owned();
        planted.push(Mark { name: "report id", text: id.clone() });
        for item in view["indicators"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap_or_default().to_owned();
            planted.push(Mark { name: "item id", text: id });
        }
        lengths.push(body.len());
        assert!(body.len() > 10_000);
        seen.extend(desk.get(&format!("/api/v1/desk/reports/{id}")).await.body);
        answered.push(id);
    }
    planted.extend(partner(&w).await);
    planted.push(Mark { name: "member id", text: v.id.clone() });
    planted.push(Mark { name: "key id", text: v.key.id().to_owned() });
    planted.push(Mark { name: "key", text: v.key.expose().to_owned() });
    planted.retain(|m| !m.text.is_empty());
    let mut needles = Needles::new(&planted);
    lengths.iter().for_each(|l| needles.number("length in bytes", *l));
    needles.number("affected hosts", 48_213);

    // The search itself sees them where they may be seen: at the desk.
    for path in ["/desk", "/api/v1/desk/reports", "/api/v1/desk/quarantine"] {
        seen.extend(desk.get(path).await.body);
    }
    let visible = needles.found_in(&seen);
    assert!(!visible.iter().any(|v| v.starts_with("draft")), "the desk sees a draft: {visible:?}");
    for name in ["name ja", "staff", "phrase", "domain", "product", "occurred", "report id"] {
        assert!(visible.iter().any(|v| v.starts_with(name)), "{name} not even at the desk");
    }

    // The desk asks in words that name the reporter, and is answered so.
    let asked = json!({"form": "free", "text": format!("{} {}", marks::NAME_JA, marks::PHRASE)});
    let path = format!("/api/v1/desk/reports/{}/questions", answered[0]);
    let question = desk.post_json(&path, &asked).await.json()["questions"][0]["id"].clone();
    let path = format!("/api/v1/reports/{}/questions/{}", answered[0], question.as_str().unwrap());
    let said = v.actor.post_json(&path, &json!({"answer": marks::STAFF})).await;
    assert_eq!(said.status, 200, "{}", said.text());

    // Both lanes, and the desk lets go whatever it may.
    w.tick().await;
    for id in &answered {
        let path = format!("/api/v1/desk/reports/{id}/context");
        desk.post_json(&path, &json!({"decision": "approve"})).await;
        let path = format!("/api/v1/reports/{id}/context");
        v.actor.post_json(&path, &json!({"decision": "approve"})).await;
    }
    let ticks = w.later(DAY).await;
    assert!(context::release_approved(&w.hub).await.unwrap() > 0, "{ticks:?}");
    for _ in 0..12 {
        // A later report of another member moves every figure that moves with ticks.
        w.clock.advance(2 * SECOND + 31_337);
        let now = w.hub.now().as_micros();
        let ip = format!("45.78.{}.{}", now / 7 % 200 + 1, now / 1_400 % 200 + 1);
        reader.actor.report_text(&ip).await.accepted();
        w.tick().await;
    }

    let mut released = Vec::new();
    for asker in [&reader.actor, &w.anonymous()] {
        released.extend(everything(asker).await);
    }
    let stream = heard.lock().unwrap().clone();
    assert!(String::from_utf8_lossy(&stream).contains("45.77.9.1"), "the stream was silent");
    released.extend(stream);
    let text = String::from_utf8_lossy(&released).into_owned();
    for n in 1..=9 {
        assert!(text.contains(&format!("45.77.9.{n}")), "45.77.9.{n} should be out");
    }
    assert!(text.contains("T1566.001"), "no context came out: the search would prove nothing");
    assert!(text.contains("noroshi_reports_accepted_total"));
    for document in [
        "noroshi-public-register/1",
        "noroshi-certificate/1",
        "rho",
        "noroshi-day/1",
        "noroshi-mailbox/1",
    ] {
        assert!(text.contains(document), "{document} was not served");
    }
    let leaks = needles.found_in(&released);
    assert!(leaks.is_empty(), "{leaks:?}");

    // The reporter's identity and times are not among the objects in another form either.
    for object in
        [objects(&reader.actor, OBJECTS).await, objects(&reader.actor, CONTEXTS).await].concat()
    {
        if let Some(creator) = object["created_by_ref"].as_str() {
            assert_eq!(creator, w.hub.identity().to_string());
        }
        for key in ["created", "modified", "valid_from"] {
            let Some(time) = object[key].as_str() else { continue };
            let time: noroshi_stix::Timestamp = time.parse().unwrap();
            assert_eq!(time.as_micros() % (10 * SECOND), 0, "{key} is no tick: {object}");
        }
        for key in object.as_object().unwrap().keys() {
            assert!(!key.starts_with("x_") && key != "labels" && key != "lang", "{key}: {object}");
        }
    }

    tracing::trace!("the log is heard");
    let log = logged();
    assert!(!log.is_empty(), "nothing was logged at all");
    let leaks = needles.found_in(&log);
    assert!(leaks.is_empty(), "in the log: {leaks:?}");
}

async fn objects(reader: &Actor, collection: &str) -> Vec<Value> {
    reader.objects(collection).await
}

/// Every byte the outlet gives this asker, headers included, also where it is asked nonsense.
pub(crate) async fn everything(asker: &Actor) -> Vec<u8> {
    let mut out = Vec::new();
    let queries = [
        "",
        "?match[version]=all&limit=1000",
        "?limit=0",
        "?limit=x",
        "?added_after=yesterday",
        "?match[id]=indicator--x",
        "?next=zzz",
        "?lang=ja",
        "?lang=en&q=%00",
    ];
    let ids: Vec<String> = match asker.get(OBJECTS).await {
        a if a.status == 200 => a.json()["objects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|o| o["id"].as_str().unwrap().to_owned())
            .take(2)
            .collect(),
        _ => Vec::new(),
    };
    for route in noroshi_outlet::ROUTES {
        if route.path == "/stream" {
            continue;
        }
        let mut paths = Vec::new();
        for collection in ["signals", "context", "nonsense"] {
            for object in ids.iter().map(String::as_str).chain(["indicator--x", "%ff"]) {
                for list in LISTS {
                    let p = route
                        .path
                        .replace("{collection}", collection)
                        .replace("{object}", object)
                        .replace("{list}", list)
                        .replace("{file}", "outlet.css");
                    if !paths.contains(&p) {
                        paths.push(p);
                    }
                }
            }
        }
        for path in paths {
            for query in queries {
                let path = format!("{path}{query}");
                let all = [(TAXII, "ja"), ("text/html", "en"), ("nonsense", "")];
                for (accept, language) in all.iter().take(if query.is_empty() { 3 } else { 1 }) {
                    let headers = [("accept", *accept), ("accept-language", *language)];
                    keep(&mut out, asker.send(Method::GET, &path, &headers, Body::empty()).await);
                }
            }
            keep(&mut out, asker.send(Method::POST, &path, &[], Body::from("{")).await);
        }
    }
    for path in documents(asker).await {
        keep(&mut out, asker.get(&path).await);
    }
    let wrong = [("authorization", "Bearer nrsh_wrong")];
    keep(&mut out, asker.send(Method::GET, OBJECTS, &wrong, Body::empty()).await);
    out
}

/// Paths of all documents the newest record leads to.
async fn documents(asker: &Actor) -> Vec<String> {
    let latest = asker.get("/anonymity/records/latest").await;
    if latest.status != 200 {
        return Vec::new();
    }
    let record = latest.json()["record"].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut paths = vec![
        format!("registers/{}", text(&record["tree"]["register"])),
        format!("parameters/{}", text(&record["tree"]["parameters"])),
        format!("records/{}", record["number"]),
        "direct/latest".to_owned(),
        "records/latest".to_owned(),
        String::new(),
        "days/2026-11-23".to_owned(),
        "days/latest".to_owned(),
        "mailbox/latest".to_owned(),
    ];
    for release in record["releases"].as_array().unwrap() {
        paths.push(format!("certificates/{}", text(&release["release_id"])));
    }
    paths.into_iter().map(|p| format!("/anonymity/{p}")).collect()
}

const LISTS: [&str; 8] = [
    "ipv4.txt",
    "ipv6.txt",
    "domain.txt",
    "url.txt",
    "email.txt",
    "md5.txt",
    "sha256.txt",
    "x.txt",
];

fn keep(out: &mut Vec<u8>, answer: Answer) {
    for (name, value) in &answer.headers {
        out.extend_from_slice(format!("{name}: ").as_bytes());
        out.extend_from_slice(value.as_bytes());
        out.push(b'\n');
    }
    out.extend_from_slice(&answer.body);
    out.push(b'\n');
}
