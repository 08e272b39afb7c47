//! Documents of every format: planted fields around an attacker's indicators, and planted values.

use data_encoding::BASE64;
use noroshi_stix::Kind;
use serde_json::{Value, json};

use super::plants::{FORMATS, Planter};
use super::sorts::{HOME, SORTS};

/// A report: its format, its media type and its body.
pub(super) struct Document {
    pub(super) format: &'static str,
    pub(super) media: &'static str,
    pub(super) body: String,
}

const CREATED: &str = "2026-11-18T21:43:59.871Z";

/// How often each kind of identifier stands in the fields of each format, at least.
const TIMES: usize = 4;

/// How many planted values go into one report.
const VALUES: usize = 40;

/// Documents of all formats. Each has one releasable address, 45.77.8.n.
pub(super) fn all(planter: &mut Planter) -> Vec<Document> {
    planter.values(4);
    let mut out: Vec<Document> = Vec::new();
    for format in FORMATS {
        let values = planter.values_in(format);
        let mut rest = values.chunks(VALUES);
        loop {
            let planted =
                planter.plants.iter().filter(|p| p.format == format && p.value.is_none()).count();
            let piece = rest.next();
            if piece.is_none() && planted >= TIMES * SORTS.len() {
                break;
            }
            let address = format!("45.77.8.{}", out.len() + 1);
            let (media, body) = write(format, planter, &address, piece.unwrap_or_default());
            out.push(Document { format, media, body });
        }
    }
    out
}

fn write(
    format: &'static str,
    planter: &mut Planter,
    address: &str,
    values: &[(Kind, String)],
) -> (&'static str, String) {
    let mut say = || planter.say(format);
    match format {
        "native json" => ("application/json", native(&mut say, address, values).to_string()),
        "native toml" => {
            ("application/toml", toml::to_string(&native(&mut say, address, values)).unwrap())
        }
        "stix bundle" => {
            ("application/stix+json;version=2.1", stix(&mut say, address, values, true))
        }
        "taxii inbox" => ("", stix(&mut say, address, values, false)),
        "misp event" => ("application/json", misp(&mut say, address, values)),
        "csv table" => ("text/csv", csv(&mut say, address, values)),
        "mail" => ("message/rfc822", mail(&mut say, address, values, false)),
        "mail with attachment" => ("message/rfc822", mail(&mut say, address, values, true)),
        _ => ("text/plain", text(&mut say, address, values)),
    }
}

type Say<'a> = &'a mut dyn FnMut() -> String;

fn native(say: Say<'_>, address: &str, values: &[(Kind, String)]) -> Value {
    let mut indicators = vec![json!({"type": "ipv4", "value": address})];
    indicators.extend(values.iter().map(|(k, v)| json!({"type": k.as_str(), "value": v})));
    json!({"schema": "noroshi-report/1", "title": say(), "narrative": format!("{} {}", say(), say()),
        "attack_type": say(), "impact": say(), "product": say(), "initial_access": say(),
        "course_of_action": say(), "techniques": ["T1566.001"], "affected_hosts": 48_213,
        "text": format!("{}\n{}\n{}\n", say(), say(), say()), "indicators": indicators})
}

/// A quoted text of a pattern.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn pattern(kind: Kind, value: &str) -> String {
    let property = match kind {
        Kind::FileName => "file:name",
        Kind::Mutex => "mutex:name",
        Kind::RegistryKey => "windows-registry-key:key",
        Kind::Url => "url:value",
        Kind::Email => "email-addr:value",
        Kind::Ipv4 => "ipv4-addr:value",
        _ => "domain-name:value",
    };
    format!("[{property} = {}]", quoted(value))
}

fn id(kind: &str, number: usize) -> String {
    format!("{kind}--5f2d1c3a-9b1e-4c55-8d6f-{number:012x}")
}

fn stix(say: Say<'_>, address: &str, values: &[(Kind, String)], bundle: bool) -> String {
    let identity = id("identity", 1);
    let start = usize::from(address.len() > 10) * 7;
    let mut objects = vec![
        json!({"type": "identity", "spec_version": "2.1", "id": identity, "created": CREATED,
            "modified": CREATED, "name": say(), "contact_information": say(), "description": say()}),
        json!({"type": "location", "spec_version": "2.1", "id": id("location", 2), "created": CREATED,
            "modified": CREATED, "region": "eastern-asia", "city": say(), "street_address": say()}),
        json!({"type": "note", "spec_version": "2.1", "id": id("note", 3), "created": CREATED,
            "modified": CREATED, "abstract": say(), "content": say(), "authors": [say()],
            "object_refs": [identity]}),
        json!({"type": "x509-certificate", "spec_version": "2.1", "id": id("x509-certificate", 4),
            "subject": say(), "issuer": say(), "serial_number": say()}),
        json!({"type": "user-account", "spec_version": "2.1", "id": id("user-account", 5),
            "user_id": say(), "account_login": say(), "display_name": say()}),
        json!({"type": "directory", "spec_version": "2.1", "id": id("directory", 6), "path": say()}),
        json!({"type": "process", "spec_version": "2.1", "id": id("process", 7),
            "command_line": say(), "cwd": say(), "environment_variables": {"COMPUTERNAME": say()}}),
        json!({"type": "email-message", "spec_version": "2.1", "id": id("email-message", 8),
            "is_multipart": false, "subject": say(), "message_id": say(), "body": say(),
            "received_lines": [say()]}),
        json!({"type": "software", "spec_version": "2.1", "id": id("software", 9), "name": say()}),
        json!({"type": "incident", "spec_version": "2.1", "id": id("incident", 10),
            "created": CREATED, "modified": CREATED, "name": say(), "description": say()}),
    ];
    let all = std::iter::once((Kind::Ipv4, address.to_owned())).chain(values.iter().cloned());
    for (number, (kind, value)) in all.enumerate() {
        let mut object = json!({"type": "indicator", "spec_version": "2.1",
            "id": id("indicator", 100 + start + number), "created": CREATED, "modified": CREATED,
            "pattern": pattern(kind, &value), "pattern_type": "stix", "valid_from": CREATED});
        if number == 0 {
            object["name"] = say().into();
            object["description"] = say().into();
            object["labels"] = json!([say()]);
            object["x_ticket"] = say().into();
            object["external_references"] = json!([{"source_name": say(), "description": say(), "url": "https://jira.hokuto-furnaces.co.jp/"}]);
        }
        objects.push(object);
    }
    let mut whole = json!({ "objects": objects });
    if bundle {
        whole["type"] = "bundle".into();
        whole["id"] = id("bundle", 11).into();
    }
    whole.to_string()
}

fn misp(say: Say<'_>, address: &str, values: &[(Kind, String)]) -> String {
    let victim = [
        "target-org",
        "target-user",
        "target-email",
        "target-machine",
        "target-location",
        "target-external",
        "email-dst",
        "email-dst-display-name",
        "email-subject",
        "email-message-id",
        "text",
        "other",
        "comment",
        "whois-registrant-name",
        "github-username",
    ];
    let mut attributes: Vec<Value> =
        victim.iter().map(|t| json!({"type": t, "value": say()})).collect();
    attributes.push(json!({"type": "ip-dst", "value": address, "comment": say()}));
    for (kind, value) in values {
        let name = match kind {
            Kind::FileName => "filename",
            Kind::Mutex => "mutex",
            Kind::RegistryKey => "regkey",
            Kind::Url => "url",
            Kind::Email => "email-src",
            Kind::Ipv4 => "ip-dst",
            _ => "hostname",
        };
        attributes.push(json!({"type": name, "value": value}));
    }
    let object = json!({"name": "victim", "comment": say(), "description": say(),
        "Attribute": [{"type": "text", "object_relation": "name", "value": say()}]});
    json!({"Event": {"info": say(), "date": "2026-11-19", "timestamp": "1795062203",
        "Orgc": {"name": say()}, "Tag": [{"name": say()}], "Attribute": attributes,
        "Object": [object]}})
    .to_string()
}

fn csv(say: Say<'_>, address: &str, values: &[(Kind, String)]) -> String {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut out = String::from("type,value,comment,victim,note\n");
    let all = std::iter::once((Kind::Ipv4, address.to_owned())).chain(values.iter().cloned());
    for (number, (kind, value)) in all.enumerate() {
        let said = if number < 8 { [say(), say(), say()] } else { Default::default() };
        let said = said.map(|s| cell(&s)).join(",");
        out += &format!("{},{},{said}\n", kind.as_str(), cell(&value));
    }
    out
}

fn text(say: Say<'_>, address: &str, values: &[(Kind, String)]) -> String {
    let mut out = format!("{}\n攻撃元 {address} を遮断した。\n", say());
    for _ in 0..11 {
        out += &format!("{}\n", say());
    }
    for (_, value) in values {
        out += &format!("接続先 {value}\n");
    }
    out
}

/// A header's text as mailers write what is not ASCII (RFC 2047).
fn word(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        format!("=?UTF-8?B?{}?=", BASE64.encode(text.as_bytes()))
    }
}

fn mail(say: Say<'_>, address: &str, values: &[(Kind, String)], attached: bool) -> String {
    let mut head = String::new();
    head += &format!(
        "Received: from {} ([10.77.13.5]) by mx.{HOME};\r\n\tThu, 19 Nov 2026 04:17:23 +0000\r\n",
        word(&say())
    );
    head += &format!(
        "Received: from evil ({address}) by mx.{HOME}; Thu, 19 Nov 2026 04:17:20 +0000\r\n"
    );
    head += &format!(
        "From: Evil <evil@badhost-eight.net>\r\nTo: \"{}\" <staff@{HOME}>\r\n",
        word(&say())
    );
    head += &format!("Cc: \"{}\" <desk@{HOME}>\r\n", word(&say()));
    for field in [
        "Message-ID",
        "In-Reply-To",
        "References",
        "Subject",
        "Thread-Topic",
        "Delivered-To",
        "X-Original-To",
        "X-Envelope-To",
        "X-Internal-Host",
    ] {
        head += &format!("{field}: {}\r\n", word(&say()));
    }
    let mut body = format!("{}様\r\n{}\r\n{}\r\n{address}\r\n", say(), say(), say());
    for (kind, value) in values {
        if *kind != Kind::FileName {
            body += &format!("{value}\r\n");
        }
    }
    if !attached {
        return format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}");
    }
    let mut out =
        format!("{head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n");
    out += &format!("--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n");
    let table = BASE64.encode(csv(say, "45.77.9.9", &[]).as_bytes());
    out += &format!(
        "--cut\r\nContent-Type: text/csv; name=list.csv\r\nContent-Disposition: attachment; filename=list.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n{table}\r\n"
    );
    for (number, (kind, value)) in values.iter().enumerate() {
        if *kind == Kind::FileName {
            // RFC 2231, since a name may hold anything.
            let name = super::variants::percent(value);
            let bytes = BASE64.encode(format!("not a document {number}").as_bytes());
            out += &format!(
                "--cut\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=UTF-8''{name}\r\nContent-Transfer-Encoding: base64\r\n\r\n{bytes}\r\n"
            );
        }
    }
    out + "--cut--\r\n"
}
