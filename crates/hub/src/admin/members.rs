//! The register's upkeep.

use ipnet::IpNet;
use noroshi_anonymity::{MemberId, Register, RegisterMember};
use noroshi_stix::DomainName;

use super::{record, unknown};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::members::{self, AssetKind, Member};

/// A member to be added.
#[derive(Clone, Default)]
pub struct NewMember {
    /// Registered name in Japanese.
    pub name_ja: String,
    /// Registered name in English.
    pub name_en: String,
    /// Super-sector / sector / sub-sector.
    pub label_path: Vec<String>,
    /// At least 1; 1, 2 and 4 for small, middle and large.
    pub weight: u32,
    /// Other names.
    pub aliases: Vec<String>,
    /// Its domains.
    pub domains: Vec<DomainName>,
    /// Its address prefixes.
    pub networks: Vec<IpNet>,
    /// Its brands, products and projects.
    pub brands: Vec<String>,
}

/// Adds a member and what belongs to it; returns its id.
///
/// # Errors
/// When a name, the label path, the weight or a domain cannot be used, or the vault does not
/// answer.
pub async fn add_member(hub: &Hub, new: NewMember) -> Result<String, HubError> {
    let id = ids::fresh("m", hub.entropy());
    let now = hub.now();
    let member = Member {
        id: id.clone(),
        name_ja: new.name_ja.clone(),
        name_en: new.name_en.clone(),
        label_path: new.label_path.clone(),
        weight: new.weight,
        joined: now,
        left: None,
    };
    // The register's own checks, before anything is stored.
    let candidate = RegisterMember {
        id: MemberId::new(id.as_str()),
        names: [&new.name_ja, &new.name_en].into_iter().chain(&new.aliases).cloned().collect(),
        label_path: new.label_path,
        weight: new.weight,
        joined: now,
        left: None,
        domains: new.domains.clone(),
        networks: new.networks.clone(),
        brands: new.brands.clone(),
    };
    Register::new(vec![candidate]).map_err(|e| HubError::bad("bad-member", format!("{e}.")))?;
    let assets: Vec<(AssetKind, String)> = new
        .aliases
        .into_iter()
        .map(|v| (AssetKind::Alias, v))
        .chain(new.domains.iter().map(|d| (AssetKind::Domain, d.as_str().to_owned())))
        .chain(new.networks.iter().map(|n| (AssetKind::Network, n.to_string())))
        .chain(new.brands.into_iter().map(|v| (AssetKind::Brand, v)))
        .collect();
    let (entropy, key) = (hub.entropy_arc(), id.clone());
    hub.vault()
        .write("admin.add_member", move |tx| {
            members::insert(tx, &member)?;
            for (kind, value) in &assets {
                members::add_asset(tx, &key, *kind, value)?;
            }
            record(tx, entropy.as_ref(), now, "member.add", &key)
        })
        .await?;
    Ok(id)
}

/// Every member.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_members(hub: &Hub) -> Result<Vec<Member>, HubError> {
    Ok(hub.vault().read("admin.members", members::all).await?)
}

/// A member leaves: from now on it sends and receives nothing. Its names stay protected.
///
/// # Errors
/// When there is no such member or it left before.
pub async fn member_leaves(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (key, now, entropy) = (id.to_owned(), hub.now(), hub.entropy_arc());
    let done = hub
        .vault()
        .write("admin.member_leaves", move |tx| {
            let done = members::leave(tx, &key, now)?;
            if done {
                record(tx, entropy.as_ref(), now, "member.leave", &key)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("member", "member list")) }
}

/// Declares that something belongs to a member.
///
/// # Errors
/// When the value is not of the kind or there is no such member.
pub async fn declare_asset(
    hub: &Hub,
    member: &str,
    kind: AssetKind,
    value: &str,
) -> Result<(), HubError> {
    let value = normalised(kind, value)?;
    let (member, now, entropy) = (member.to_owned(), hub.now(), hub.entropy_arc());
    let done = hub
        .vault()
        .write("admin.declare_asset", move |tx| {
            if members::one(tx, &member)?.is_none() {
                return Ok(false);
            }
            members::add_asset(tx, &member, kind, &value)?;
            record(tx, entropy.as_ref(), now, "member.asset.add", &member)?;
            Ok(true)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("member", "member list")) }
}

/// Takes a declaration back.
///
/// # Errors
/// When it was not declared.
pub async fn undeclare_asset(
    hub: &Hub,
    member: &str,
    kind: AssetKind,
    value: &str,
) -> Result<(), HubError> {
    let value = normalised(kind, value).unwrap_or_else(|_| value.to_owned());
    let (member, now, entropy) = (member.to_owned(), hub.now(), hub.entropy_arc());
    let done = hub
        .vault()
        .write("admin.undeclare_asset", move |tx| {
            let done = members::remove_asset(tx, &member, kind, &value)?;
            if done {
                record(tx, entropy.as_ref(), now, "member.asset.remove", &member)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("declaration", "member show")) }
}

fn normalised(kind: AssetKind, value: &str) -> Result<String, HubError> {
    let bad = |what: &str| HubError::bad("bad-value", format!("{value:?} is no {what}."));
    match kind {
        AssetKind::Domain => DomainName::parse(value)
            .filter(|d| d.registrable().is_some())
            .map(|d| d.as_str().to_owned())
            .ok_or_else(|| bad("domain that somebody can own")),
        AssetKind::Network => value
            .parse::<IpNet>()
            .or_else(|_| value.parse::<std::net::IpAddr>().map(IpNet::from))
            .map(|n| n.trunc().to_string())
            .map_err(|_| bad("address or prefix")),
        AssetKind::Alias | AssetKind::NotAlias | AssetKind::Brand => {
            let text = value.trim();
            if text.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
                return Err(bad("name of at least two letters"));
            }
            Ok(text.to_owned())
        }
    }
}
