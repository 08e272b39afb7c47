//! Who plays: the register of 2011 under a signed agreement, and a key for each who speaks.

use anyhow::{Context, Result};
use noroshi_anonymity::{Language, Register, RegisterMember};
use noroshi_hub::Hub;
use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, KeyWish, NewAccount, NewMember};

const REGISTER: &str = include_str!("../../../../reference/demo-register.toml");
const AGREEMENT: &str = include_str!("../../demo/agreement.txt");

/// A member that speaks in the story.
pub(super) struct Player {
    /// Id in the vault.
    pub(super) id: String,
    /// As the register describes it.
    pub(super) entry: RegisterMember,
    /// Its API key.
    pub(super) key: String,
}

impl Player {
    /// Its name in the language of the terminal.
    pub(super) fn name(&self, japanese: bool) -> String {
        self.entry.name(if japanese { Language::Ja } else { Language::En }).to_owned()
    }
}

/// Everybody.
pub(super) struct Cast {
    /// How many members there are.
    pub(super) members: usize,
    /// Reports first.
    pub(super) first: Player,
    /// Reports the same sender later.
    pub(super) second: Player,
    /// Only reads.
    pub(super) reader: Player,
    /// Has ended its agreement.
    pub(super) outsider: Player,
    /// Account of an analyst.
    pub(super) desk: String,
}

/// Fills the empty hub.
pub(super) async fn assemble(hub: &Hub) -> Result<Cast> {
    let register = Register::from_toml(REGISTER).context("the demo's register")?;
    admin::publish_agreement(hub, "demo-1", AGREEMENT).await?;
    let mut ids = Vec::new();
    for m in register.members() {
        let id = admin::add_member(hub, new_member(m)).await?;
        admin::sign_agreement(hub, &id, "demo", hub.now().plus_days(365)).await?;
        ids.push((id, m.clone()));
    }
    let first = player(hub, &ids, "mhi.co.jp").await?;
    let second = player(hub, &ids, "khi.co.jp").await?;
    let reader = player(hub, &ids, "ihi.co.jp").await?;
    let last = ids.last().context("the demo's register is empty")?;
    let domain = last.1.domains.first().context("the demo's last member has no domain")?;
    let outsider = player(hub, &ids, domain.as_str()).await?;
    admin::withdraw_agreement(hub, &outsider.id).await?;
    let account = |role, member: Option<&Player>, name: &str| NewAccount {
        role,
        member: member.map(|m| m.id.clone()),
        name: name.to_owned(),
    };
    let desk = admin::add_account(hub, account(Role::Desk, None, "desk")).await?;
    admin::add_account(hub, account(Role::Member, Some(&first), "security officer")).await?;
    admin::add_account(hub, account(Role::Operator, None, "operator")).await?;
    hub.reload_policy().await?;
    Ok(Cast { members: ids.len(), first, second, reader, outsider, desk })
}

fn new_member(m: &RegisterMember) -> NewMember {
    let (ja, en) = (m.name(Language::Ja).to_owned(), m.name(Language::En).to_owned());
    NewMember {
        aliases: m.names.iter().filter(|n| **n != ja && **n != en).cloned().collect(),
        name_ja: ja,
        name_en: en,
        label_path: m.label_path.clone(),
        weight: m.weight,
        domains: m.domains.clone(),
        networks: m.networks.clone(),
        brands: m.brands.clone(),
    }
}

async fn player(hub: &Hub, ids: &[(String, RegisterMember)], domain: &str) -> Result<Player> {
    let (id, entry) = ids
        .iter()
        .find(|(_, m)| m.domains.iter().any(|d| d.as_str() == domain))
        .with_context(|| format!("nobody in the demo's register owns {domain}"))?;
    let wish = KeyWish { label: "demo".to_owned(), may_read: true, may_report: true, days: 30 };
    let key = admin::create_key(hub, id, &wish).await?;
    Ok(Player { id: id.clone(), entry: entry.clone(), key: key.expose().to_owned() })
}
