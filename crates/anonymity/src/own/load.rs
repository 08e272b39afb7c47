//! The list of own assets as a TOML file.

use std::net::IpAddr;

use ipnet::IpNet;
use noroshi_stix::DomainName;
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;
use serde::Deserialize;

use super::{OwnAssets, OwnKind};
use crate::AnonymityError;
use crate::text::names::{Eagerness, NameIndexBuilder};

/// Largest compiled pattern, in bytes: a pattern for host names is small.
const MAX_PATTERN_SIZE: usize = 1 << 20;
/// Longest name of a person, project or brand, in characters.
const MAX_NAME_CHARS: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Says which shape this is, so that a later shape is refused rather than misread.
    schema: Schema,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    networks: Vec<String>,
    #[serde(default)]
    host_patterns: Vec<String>,
    #[serde(default)]
    people: Vec<String>,
    #[serde(default)]
    projects: Vec<String>,
    #[serde(default)]
    brands: Vec<String>,
}

#[derive(Deserialize)]
enum Schema {
    #[serde(rename = "noroshi-own/1")]
    One,
}

pub(super) fn own_assets(text: &str) -> Result<OwnAssets, AnonymityError> {
    let file: File = toml::from_str(text).map_err(|e| unreadable(e.to_string().trim()))?;
    let Schema::One = file.schema;
    let mut builder = NameIndexBuilder::default();
    let mut kinds = Vec::new();
    let lists = [
        (OwnKind::Person, &file.people),
        (OwnKind::Project, &file.projects),
        (OwnKind::Brand, &file.brands),
    ];
    for (kind, list) in lists {
        for name in list {
            let length = name.chars().filter(|c| c.is_alphanumeric()).count();
            if !(2..=MAX_NAME_CHARS).contains(&length) {
                let range = "names have 2 to 200 letters or digits";
                return Err(unreadable(&format!("{name:?} cannot be looked for: {range}")));
            }
            let owner = u32::try_from(kinds.len()).unwrap_or(u32::MAX);
            kinds.push(kind);
            builder.add(owner, name, Eagerness::Name);
            if kind == OwnKind::Person {
                for account in other_orders(name) {
                    builder.add(owner, &account, Eagerness::WholeWord);
                }
            }
        }
    }
    let domain = |text: &String| {
        let parsed = DomainName::parse(text);
        parsed.ok_or_else(|| unreadable(&format!("{text:?} is not a domain")))
    };
    let network = |text: &String| {
        let parsed = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let wrong = |_| unreadable(&format!("{text:?} is not an address or network"));
        parsed.map(|net| net.trunc()).map_err(wrong)
    };
    Ok(OwnAssets {
        domains: file.domains.iter().map(domain).collect::<Result<_, _>>()?,
        networks: file.networks.iter().map(network).collect::<Result<_, _>>()?,
        hosts: file.host_patterns.iter().map(|p| pattern(p)).collect::<Result<_, _>>()?,
        names: builder.build()?,
        kinds,
    })
}

fn pattern(text: &str) -> Result<Regex, AnonymityError> {
    let wrong = |why: &str| unreadable(&format!("the host pattern {text:?} cannot be used: {why}"));
    let regex = Regex::builder()
        .syntax(syntax::Config::new().case_insensitive(true))
        .configure(Config::new().nfa_size_limit(Some(MAX_PATTERN_SIZE)))
        .build(text)
        .map_err(|e| wrong(&e.to_string()))?;
    // A pattern that fits nothing fits everything.
    if regex.is_match("") {
        return Err(wrong("it fits every name"));
    }
    Ok(regex)
}

/// Yamada Taro is also Taro Yamada, and t.yamada or yamada.t in accounts.
fn other_orders(name: &str) -> Vec<String> {
    let parts: Vec<&str> = name.split([' ', '　']).filter(|part| !part.is_empty()).collect();
    let [first, second] = parts[..] else { return Vec::new() };
    let mut orders = vec![format!("{second} {first}")];
    if name.is_ascii() {
        for (given, family) in [(first, second), (second, first)] {
            let initial = given.get(..1).unwrap_or_default();
            orders.push(format!("{initial}.{family}"));
            orders.push(format!("{family}.{initial}"));
        }
    }
    orders
}

fn unreadable(detail: &str) -> AnonymityError {
    AnonymityError::Unreadable { what: "own-asset", detail: detail.to_owned() }
}
