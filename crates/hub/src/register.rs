//! From the vault's rows to the register, the gates and the readers' credentials.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use noroshi_anonymity::policy::Parameters;
use noroshi_anonymity::{
    Gate, MemberId, NameSearch, Register, RegisterMember, Vocabulary, WarningLists,
};
use noroshi_outlet::{Contributor, Credential, Rights};
use noroshi_stix::{DomainName, Timestamp};
use noroshi_store::{Store, StoreError, Tx};

use crate::error::HubError;
use crate::labels::{PublicNames, Standing};
use crate::own_names;
use crate::vault::members::{self, AssetKind, Member};
use crate::vault::partners::{self, Partner};
use crate::vault::{agreements, keys, labels, secrets};

/// What decides about releases at one moment. Replaced whole when the register changes.
pub struct Policy {
    /// Counter value this was read at.
    pub version: i64,
    /// Every member by id, also those that left.
    pub members: HashMap<String, Member>,
    /// The gates over the whole register.
    pub gate: Gate,
    /// The only words a context release may consist of.
    pub vocabulary: Vocabulary,
    /// What labels are computed from.
    pub standing: Arc<Standing>,
    register: Register,
    /// Made when the desk first reads a text.
    names: OnceLock<Option<NameSearch>>,
}

impl Policy {
    /// Finds members in running text, for the desk; `None` where the register is too large for it.
    pub fn names(&self) -> Option<&NameSearch> {
        self.names.get_or_init(|| NameSearch::new(&self.register).ok()).as_ref()
    }

    /// A member's name for the desk, in the reader's language.
    pub fn name_of(&self, member: &str, japanese: bool) -> String {
        self.members.get(member).map_or_else(|| member.to_owned(), |m| m.name(japanese).to_owned())
    }
}

/// Reads the register and builds the gates.
///
/// # Errors
/// When the vault cannot be read or a declared domain or network does not parse.
pub async fn load(
    vault: &Store,
    warnings: &WarningLists,
    parameters: Parameters,
    public: PublicNames,
) -> Result<Policy, HubError> {
    let (version, rows, assets, words) = vault
        .read("register.load", |tx| {
            let version = secrets::counter(tx, secrets::REGISTER_VERSION)?;
            Ok((version, members::all(tx)?, members::assets(tx)?, labels::words(tx)?))
        })
        .await?;
    let mut assets_of: HashMap<String, Vec<(AssetKind, String)>> = HashMap::new();
    for (member, kind, value) in assets {
        assets_of.entry(member).or_default().push((kind, value));
    }
    let mut register = Vec::with_capacity(rows.len());
    for m in &rows {
        register.push(register_member(m, assets_of.remove(&m.id).unwrap_or_default())?);
    }
    let register = Register::new(register).map_err(|e| HubError::Register(e.to_string()))?;
    let gate = Gate::new(&register, warnings).map_err(|e| HubError::Register(e.to_string()))?;
    let vocabulary = Vocabulary::builtin().map_err(|e| HubError::Register(e.to_string()))?;
    let standing = Arc::new(Standing::of(&rows, words, parameters, public)?);
    let members = rows.into_iter().map(|m| (m.id.clone(), m)).collect();
    let names = OnceLock::new();
    Ok(Policy { version, members, gate, vocabulary, standing, register, names })
}

pub(crate) fn register_member(
    m: &Member,
    assets: Vec<(AssetKind, String)>,
) -> Result<RegisterMember, HubError> {
    let bad = |what: &str| {
        HubError::Register(format!(
            "a declared {what} of member {} cannot be read; remove it with `noroshi admin member disown`",
            m.id
        ))
    };
    let names = own_names::names_of(m, &assets);
    let (mut domains, mut networks, mut brands) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, value) in assets {
        match kind {
            // Names are derived, with what the member changed.
            AssetKind::Alias | AssetKind::NotAlias => {}
            AssetKind::Domain => {
                domains.push(DomainName::parse(&value).ok_or_else(|| bad("domain"))?);
            }
            AssetKind::Network => networks.push(value.parse().map_err(|_| bad("network"))?),
            AssetKind::Brand => brands.push(value),
        }
    }
    Ok(RegisterMember {
        id: MemberId::new(m.id.as_str()),
        names,
        label_path: m.label_path.clone(),
        weight: m.weight,
        joined: m.joined,
        left: m.left,
        domains,
        networks,
        brands,
    })
}

/// The credentials of everybody who may read or post at `now`: good keys and certificates of members
/// that have signed and not left, and of partners. A member's ends with the agreement, whichever is
/// sooner, so that even an outlet that is cut off from the hub stops in time.
///
/// # Errors
/// When the vault cannot be read.
pub async fn reader_credentials(
    vault: &Store,
    now: Timestamp,
) -> Result<Vec<Credential>, HubError> {
    let read = move |tx: &mut Tx<'_>| {
        let mut all = of_members(tx, now)?;
        all.extend(of_partners(tx, now)?);
        Ok(all)
    };
    Ok(vault.read("register.credentials", read).await?)
}

fn of_members(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Credential>, StoreError> {
    let mut until: HashMap<String, Option<Timestamp>> = HashMap::new();
    for m in members::all(tx)? {
        let signed = agreements::valid_until(tx, &m.id, now)?;
        until.insert(m.id, signed.filter(|_| m.left.is_none_or(|l| l > now)));
    }
    let mut out = Vec::new();
    for key in keys::list(tx)?.into_iter().filter(|k| k.holds(now)) {
        let Some(Some(signed)) = until.get(&key.member) else { continue };
        let Ok(digest) = <[u8; 32]>::try_from(key.digest.as_slice()) else { continue };
        out.push(Credential {
            key_id: key.id,
            digest,
            expires_micros: key.expires.min(*signed).as_micros(),
            rights: Rights {
                read_releases: key.may_read,
                read_partners: key.may_read,
                write_inbox: key.may_report,
                ..Rights::default()
            },
        });
    }
    Ok(out)
}

/// Partners have no agreement: the operator adds and removes them.
fn of_partners(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Credential>, StoreError> {
    let partners = partners::list(tx)?.into_iter().filter(|p| p.left.is_none());
    let partners: HashMap<String, Partner> = partners.map(|p| (p.id.clone(), p)).collect();
    let mut out = Vec::new();
    for key in partners::keys(tx)?.into_iter().filter(|k| k.holds(now)) {
        let Some(partner) = partners.get(&key.partner) else { continue };
        let Ok(digest) = <[u8; 32]>::try_from(key.digest.as_slice()) else { continue };
        out.push(Credential {
            key_id: key.id,
            digest,
            expires_micros: key.expires.as_micros(),
            rights: Rights {
                read_releases: partner.read_releases,
                read_partners: true,
                write_inbox: false,
                write_partners: Some(Contributor(partner.contributor)),
                moderate: partner.desk,
            },
        });
    }
    Ok(out)
}
