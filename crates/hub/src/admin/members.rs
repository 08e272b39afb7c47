//! The register's upkeep.

use ipnet::IpNet;
use noroshi_anonymity::{MemberId, Register, RegisterMember};
use noroshi_stix::DomainName;
use noroshi_store::Tx;

use super::{Scribe, record, soon, unknown};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::register::register_member;
use crate::vault::agreements::{self, Signature};
use crate::vault::keys::{self, KeyRow};
use crate::vault::members::{self, AssetKind, Listed, Member, Wanted};

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
    check(&member)?;
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
    let (scribe, key) = (Scribe::of(hub), id.clone());
    hub.vault()
        .write("admin.add_member", move |tx| {
            members::insert(tx, &member)?;
            for (kind, value) in &assets {
                members::add_asset(tx, &key, *kind, value)?;
            }
            record(tx, &scribe, now, "member.add", &key)
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

/// One page of members as they stand now; agreements that end within 30 days are ending.
///
/// # Errors
/// When the vault does not answer.
pub async fn members_page(hub: &Hub, wanted: Wanted) -> Result<Vec<Listed>, HubError> {
    let (now, soon) = (hub.now(), soon(hub.now()));
    let read = move |tx: &mut Tx<'_>| members::page(tx, &wanted, now, soon);
    Ok(hub.vault().read("admin.members_page", read).await?)
}

/// A member and what belongs to it.
pub struct WholeMember {
    /// The member.
    pub member: Member,
    /// What it declared, or was declared for it.
    pub assets: Vec<(AssetKind, String)>,
    /// Its signatures, newest first.
    pub signatures: Vec<Signature>,
    /// Its keys, newest first.
    pub keys: Vec<KeyRow>,
}

/// One member and what belongs to it.
///
/// # Errors
/// 404 where there is no such member.
pub async fn one_member(hub: &Hub, id: &str) -> Result<WholeMember, HubError> {
    let id = id.to_owned();
    let read = move |tx: &mut Tx<'_>| {
        let Some(member) = members::one(tx, &id)? else { return Ok(None) };
        Ok(Some(WholeMember {
            assets: members::assets_of(tx, &id)?,
            signatures: agreements::signatures_of(tx, &id)?,
            keys: keys::of(tx, &id)?,
            member,
        }))
    };
    hub.vault().read("admin.member", read).await?.ok_or_else(HubError::not_found)
}

/// What may be changed of a member; its id, its history and what belongs to it stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberChange {
    /// Registered name in Japanese.
    pub name_ja: String,
    /// Registered name in English.
    pub name_en: String,
    /// Super-sector / sector / sub-sector.
    pub label_path: Vec<String>,
    /// At least 1.
    pub weight: u32,
}

/// Changes a member's registered names, label path and weight.
///
/// # Errors
/// When a name, the label path or the weight cannot be used, or there is no such member.
pub async fn change_member(hub: &Hub, id: &str, change: MemberChange) -> Result<(), HubError> {
    let (whole, now) = (one_member(hub, id).await?, hub.now());
    let member = Member {
        name_ja: change.name_ja,
        name_en: change.name_en,
        label_path: change.label_path,
        weight: change.weight,
        ..whole.member
    };
    check(&member)?;
    let candidate = register_member(&member, whole.assets)?;
    Register::new(vec![candidate]).map_err(|e| HubError::bad("bad-member", format!("{e}.")))?;
    let scribe = Scribe::of(hub);
    let work = move |tx: &mut Tx<'_>| {
        let done = members::change(tx, &member)?;
        if done {
            record(tx, &scribe, now, "member.change", &member.id)?;
        }
        Ok(done)
    };
    let done = hub.vault().write("admin.change_member", work).await?;
    if done { Ok(()) } else { Err(unknown("member", "member list")) }
}

/// Names that fit on a page.
fn check(member: &Member) -> Result<(), HubError> {
    let long = |t: &String| t.chars().count() > 200 || t.chars().any(char::is_control);
    if [&member.name_ja, &member.name_en].into_iter().chain(&member.label_path).any(long) {
        let text = "Names and steps of the label path have up to 200 characters, on one line.";
        return Err(HubError::bad("bad-member", text));
    }
    Ok(())
}

/// A member leaves: from now on it sends and receives nothing. Its names stay protected.
///
/// # Errors
/// When there is no such member or it left before.
pub async fn member_leaves(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (key, now, scribe) = (id.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.member_leaves", move |tx| {
            let done = members::leave(tx, &key, now)?;
            if done {
                record(tx, &scribe, now, "member.leave", &key)?;
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
    let (member, now, scribe) = (member.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.declare_asset", move |tx| {
            if members::one(tx, &member)?.is_none() {
                return Ok(false);
            }
            members::add_asset(tx, &member, kind, &value)?;
            record(tx, &scribe, now, "member.asset.add", &member)?;
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
    let (member, now, scribe) = (member.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.undeclare_asset", move |tx| {
            let done = members::remove_asset(tx, &member, kind, &value)?;
            if done {
                record(tx, &scribe, now, "member.asset.remove", &member)?;
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
