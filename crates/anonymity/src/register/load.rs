//! The register as a TOML file.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use noroshi_stix::{DomainName, Timestamp};
use serde::Deserialize;

use super::{MemberId, Register, RegisterMember};
use crate::{AnonymityError, Words};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Says which shape this is, so that a later shape is refused rather than misread.
    schema: Schema,
    #[serde(default)]
    label: BTreeMap<String, Words>,
    #[serde(default)]
    member: Vec<Entry>,
}

#[derive(Deserialize)]
enum Schema {
    #[serde(rename = "noroshi-register/1")]
    One,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    names: Vec<String>,
    label_path: Vec<String>,
    weight: u32,
    joined: Timestamp,
    left: Option<Timestamp>,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    networks: Vec<String>,
    #[serde(default)]
    brands: Vec<String>,
}

pub(super) fn register(text: &str) -> Result<Register, AnonymityError> {
    let file: File = toml::from_str(text).map_err(|e| AnonymityError::Unreadable {
        what: "register",
        detail: e.to_string().trim().to_owned(),
    })?;
    let Schema::One = file.schema;
    let members = file
        .member
        .into_iter()
        .enumerate()
        .map(|(i, entry)| member(i + 1, entry))
        .collect::<Result<Vec<_>, _>>()?;
    Register::with_labels(members, file.label)
}

fn member(position: usize, entry: Entry) -> Result<RegisterMember, AnonymityError> {
    let domain =
        |text: String| DomainName::parse(&text).ok_or(AnonymityError::BadDomain { position, text });
    let network = |text: String| {
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map(|n| n.trunc())
            .map_err(|_| AnonymityError::BadNetwork { position, text })
    };
    Ok(RegisterMember {
        id: MemberId::new(entry.id),
        names: entry.names,
        label_path: entry.label_path,
        weight: entry.weight,
        joined: entry.joined,
        left: entry.left,
        domains: entry.domains.into_iter().map(domain).collect::<Result<_, _>>()?,
        networks: entry.networks.into_iter().map(network).collect::<Result<_, _>>()?,
        brands: entry.brands,
    })
}
