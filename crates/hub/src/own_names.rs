//! The names a member is looked for by: its registered ones, others derived from them, and what the
//! member changed in that list. Only the changes are stored, so that a better derivation reaches
//! everybody.

use noroshi_anonymity::{
    AliasEdits, AliasSource, DerivedAlias, Language, Strength, derive, is_everyday,
};
use noroshi_stix::DomainName;

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::members::{self, AssetKind, Member};
use crate::vault::{audit, secrets};

/// Longest name, in characters; the register takes up to 200.
const MAX_NAME: usize = 100;
/// Most names a member may add.
const MAX_ADDED: usize = 200;

/// One name of the list.
pub struct OwnName {
    /// The name.
    pub text: String,
    /// How it was derived; `None` where the member added it.
    pub from: Option<AliasSource>,
    /// Whether the gate looks for it.
    pub used: bool,
}

/// A member's list.
pub struct OwnNames {
    /// The registered names, always looked for.
    pub registered: Vec<String>,
    /// Derived and added names.
    pub names: Vec<OwnName>,
}

/// What of the register's rows decides about names: edits, and the names the gate takes.
pub(crate) fn names_of(member: &Member, assets: &[(AssetKind, String)]) -> Vec<String> {
    let registered = registered(member);
    let derived = derive(&registered, &domains(assets));
    let mut names = registered;
    for name in edits(assets).apply(&derived) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Where a derived name comes from, in words.
pub const fn source_words(from: AliasSource, language: Language) -> &'static str {
    let (ja, en) = match from {
        AliasSource::LegalForm => ("法人格を除いた名称", "without the legal form"),
        AliasSource::Group => ("グループ名", "as a group"),
        AliasSource::Trade => ("業種を除いた名称", "without the word for the trade"),
        AliasSource::Romaji => ("かなのローマ字表記", "kana in Latin letters"),
        AliasSource::Initials => ("頭文字", "first letters"),
        AliasSource::Domain => ("ドメイン名", "from a domain"),
    };
    match language {
        Language::Ja => ja,
        Language::En => en,
    }
}

/// The list of a member.
///
/// # Errors
/// 404 for an unknown member.
pub async fn list(hub: &Hub, member: &str) -> Result<OwnNames, HubError> {
    let id = member.to_owned();
    let (row, assets) = hub
        .vault()
        .read("own_names.list", move |tx| {
            Ok((members::one(tx, &id)?, members::assets_of(tx, &id)?))
        })
        .await?;
    let row = row.ok_or_else(HubError::not_found)?;
    let registered = registered(&row);
    let derived = derive(&registered, &domains(&assets));
    let edits = edits(&assets);
    let used = edits.apply(&derived);
    let mut names: Vec<OwnName> = derived
        .into_iter()
        .map(|DerivedAlias { text, from, .. }| OwnName {
            used: used.contains(&text),
            from: Some(from),
            text,
        })
        .collect();
    let added = edits.added.iter().filter(|a| used.contains(a));
    for text in added {
        if !names.iter().any(|n| n.text == *text) {
            names.push(OwnName { text: text.clone(), from: None, used: true });
        }
    }
    Ok(OwnNames { registered, names })
}

/// A change of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Look for this name from now on.
    Add,
    /// Do not look for this name any more.
    Remove,
}

/// Changes the list; the gate follows with the next tick.
///
/// # Errors
/// 400 for what is no name, an everyday word, or one too many.
pub async fn change(
    hub: &Hub,
    member: &str,
    actor: &str,
    change: Change,
    name: &str,
) -> Result<(), HubError> {
    let name = name.trim().to_owned();
    let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
    if !(2..=MAX_NAME).contains(&letters) || name.chars().count() > 2 * MAX_NAME {
        return Err(HubError::bad(
            "bad-name",
            "Give a name of 2 to 100 letters. Shorter ones are in every text.",
        ));
    }
    // One member must not be able to silence everybody's indicators with a word.
    let everyday = is_everyday(&name, hub.warning_lists());
    let (member, actor, now) = (member.to_owned(), actor.to_owned(), hub.now());
    let audit_id = ids::fresh("a", hub.entropy());
    let done = hub
        .vault()
        .write("own_names.change", move |tx| {
            let Some(row) = members::one(tx, &member)? else { return Ok(Changed::NotFound) };
            let assets = members::assets_of(tx, &member)?;
            let edits = edits(&assets);
            let (put, take) = match change {
                Change::Add => (AssetKind::Alias, AssetKind::NotAlias),
                Change::Remove => (AssetKind::NotAlias, AssetKind::Alias),
            };
            if change == Change::Add && edits.added.len() >= MAX_ADDED {
                return Ok(Changed::TooMany);
            }
            members::remove_asset(tx, &member, take, &name)?;
            let derived = derive(&registered(&row), &domains(&assets));
            let is_derived = derived.iter().find(|d| d.text == name);
            if change == Change::Add && is_derived.is_none() && everyday {
                return Ok(Changed::Everyday);
            }
            // What follows from the derivation alone needs no edit.
            let is_default = match (change, is_derived) {
                (Change::Add, Some(d)) => d.strength == Strength::Strong,
                (Change::Remove, None) => true,
                _ => false,
            };
            if !is_default {
                members::add_asset(tx, &member, put, &name)?;
            }
            let action = match change {
                Change::Add => "member.name.add",
                Change::Remove => "member.name.remove",
            };
            let entry = audit::Entry::new(now, &actor, action, &member);
            audit::append(tx, &audit_id, &entry)?;
            secrets::bump(tx, secrets::REGISTER_VERSION)?;
            Ok(Changed::Done)
        })
        .await?;
    match done {
        Changed::Done => Ok(()),
        Changed::NotFound => Err(HubError::not_found()),
        Changed::Everyday => Err(HubError::bad(
            "everyday-name",
            "That word is in ordinary addresses, so it would hold back what has nothing to do with you. Give a longer name.",
        )),
        Changed::TooMany => Err(HubError::bad(
            "too-many-names",
            "There are 200 names already. Remove some that nobody uses.",
        )),
    }
}

enum Changed {
    Done,
    NotFound,
    Everyday,
    TooMany,
}

fn registered(member: &Member) -> Vec<String> {
    vec![member.name_ja.clone(), member.name_en.clone()]
}

fn domains(assets: &[(AssetKind, String)]) -> Vec<DomainName> {
    let of = |(kind, value): &(AssetKind, String)| {
        (*kind == AssetKind::Domain).then(|| DomainName::parse(value)).flatten()
    };
    assets.iter().filter_map(of).collect()
}

fn edits(assets: &[(AssetKind, String)]) -> AliasEdits {
    let of = |wanted: AssetKind| {
        let values = assets.iter().filter(|(kind, _)| *kind == wanted);
        values.map(|(_, value)| value.clone()).collect()
    };
    AliasEdits { added: of(AssetKind::Alias), removed: of(AssetKind::NotAlias) }
}
