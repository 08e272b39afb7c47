//! `GET /connect`: what to type into which tool.

use askama::Template;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Frame, answer};
use crate::collection::{Collection, INBOX_ALIAS, INBOX_ID};
use crate::feeds::LISTS;
use crate::i18n::{Locale, Speech};
use crate::problem::Problem;
use crate::state::OutletState;

#[derive(Template)]
#[template(path = "connect.html")]
struct Page {
    frame: Frame,
    sections: Vec<Section>,
}

/// One tool.
struct Section {
    id: &'static str,
    title: String,
    text: String,
    /// Name and value; a value that only the reader has cannot be copied.
    settings: Vec<(String, String)>,
    /// Lines to copy whole.
    lines: Vec<(&'static str, String)>,
}

/// `GET /connect`
pub(crate) async fn show(
    State(state): State<OutletState>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let locale = Locale::negotiate(uri.query(), &headers);
    let chrome = state.0.readers.chrome(&headers, locale).await;
    let frame = Frame::new(&state, locale, chrome, &uri, &headers);
    let (say, hub) = (&frame.say, frame.origin.as_str());
    let sections = vec![
        taxii(say, hub),
        misp(say, hub),
        suricata(say, hub),
        rpz(say, hub),
        lists(say, hub),
        stream(say, hub),
    ];
    answer(StatusCode::OK, &Page { sections, frame }, &uri)
}

fn taxii(say: &Speech, hub: &str) -> Section {
    let mut settings = vec![
        (say.t("feed-connect-discovery"), format!("{hub}/taxii2/")),
        ("API root".to_owned(), format!("{hub}/taxii2/noroshi/")),
        (say.t("feed-connect-user"), "key".to_owned()),
        (say.t("feed-connect-password"), "NOROSHI_KEY".to_owned()),
        ("Accept".to_owned(), "application/taxii+json;version=2.1".to_owned()),
    ];
    let collections = Collection::ALL.map(|c| (c.alias(), c.id()));
    for (name, id) in collections.into_iter().chain([(INBOX_ALIAS, INBOX_ID)]) {
        settings.push((format!("{}: {name}", say.t("feed-filter-collection")), id.to_owned()));
    }
    let ask = format!(
        "{CURL} -H 'Accept: application/taxii+json;version=2.1' \\\n  \
         '{hub}/taxii2/noroshi/collections/signals/objects/?limit=100'"
    );
    Section {
        id: "taxii",
        title: "TAXII 2.1 (SIEM, OpenCTI)".to_owned(),
        text: say.t("next-taxii-text"),
        settings,
        lines: vec![("curl TAXII", ask)],
    }
}

fn misp(say: &Speech, hub: &str) -> Section {
    let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Section {
        id: "misp",
        title: "MISP".to_owned(),
        text: say.t("feed-connect-misp"),
        settings: vec![
            own("URL", &format!("{hub}/feeds/ipv4.txt")),
            own("Source Format", "Freetext Parsed Feed"),
            own("Headers", "Authorization: Bearer NOROSHI_KEY"),
            own("Default distribution", "Your organisation only"),
        ],
        lines: Vec::new(),
    }
}

fn suricata(say: &Speech, hub: &str) -> Section {
    let fetch = [("domain.b64", "domain"), ("ipv4.txt", "ipv4"), ("sha256.txt", "sha256")];
    let fetch = fetch.map(|(file, name)| {
        format!("{CURL} -o /var/lib/suricata/data/noroshi-{name}.lst {hub}/feeds/{file}")
    });
    Section {
        id: "suricata",
        title: "Suricata".to_owned(),
        text: say.t("feed-connect-suricata"),
        settings: Vec::new(),
        lines: vec![
            ("curl Suricata", fetch.join("\n")),
            ("Suricata rules", SURICATA_RULES.to_owned()),
        ],
    }
}

fn rpz(say: &Speech, hub: &str) -> Section {
    let fetch = format!(
        "{CURL} -o /var/cache/bind/noroshi.rpz {hub}/feeds/domain.rpz \\\n  && rndc reload noroshi.rpz"
    );
    Section {
        id: "rpz",
        title: "DNS RPZ (BIND, Unbound)".to_owned(),
        text: say.t("feed-connect-rpz"),
        settings: Vec::new(),
        lines: vec![("curl RPZ", fetch), ("BIND", BIND.to_owned())],
    }
}

fn lists(say: &Speech, hub: &str) -> Section {
    let list = |name: &str| (name.to_owned(), format!("{hub}/feeds/{name}.txt"));
    let fetch = format!(
        "{CURL} --etag-save ipv4.etag --etag-compare ipv4.etag \\\n  -o ipv4.txt {hub}/feeds/ipv4.txt"
    );
    Section {
        id: "lists",
        title: say.t("feeds-title"),
        text: format!("{} {}", say.t("feeds-what"), say.t("feeds-how")),
        settings: LISTS.iter().map(|l| list(l.name)).collect(),
        lines: vec![("curl", fetch)],
    }
}

fn stream(say: &Speech, hub: &str) -> Section {
    Section {
        id: "stream",
        title: say.t("feed-connect-stream"),
        text: say.t("next-stream-text"),
        settings: Vec::new(),
        lines: vec![("curl stream", format!("{CURL} -N {hub}/stream"))],
    }
}

const CURL: &str = "curl -fsS -u key:\"$NOROSHI_KEY\"";

/// Datasets are of strings in base64, of addresses in clear; their files lie in the data folder.
const SURICATA_RULES: &str = r#"alert dns $HOME_NET any -> any any (msg:"noroshi domain"; dns.query; dataset:isset,noroshi-domain,type string,load noroshi-domain.lst; sid:9201001; rev:1;)
alert tls $HOME_NET any -> any any (msg:"noroshi domain in TLS"; tls.sni; dataset:isset,noroshi-domain,type string,load noroshi-domain.lst; sid:9201002; rev:1;)
alert ip $HOME_NET any -> any any (msg:"noroshi address"; ip.dst; dataset:isset,noroshi-ipv4,type ip,load noroshi-ipv4.lst; sid:9201003; rev:1;)
alert http any any -> any any (msg:"noroshi file"; filesha256:noroshi-sha256.lst; sid:9201004; rev:1;)"#;

const BIND: &str = r#"zone "noroshi.rpz" { type primary; file "noroshi.rpz"; allow-query { none; }; };
options { response-policy { zone "noroshi.rpz"; }; };"#;
