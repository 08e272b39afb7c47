//! `noroshi admin member`: organisations that share, and what they own.

use anyhow::{Context, Result};
use clap::Subcommand;
use ipnet::IpNet;
use noroshi_hub::Hub;
use noroshi_hub::admin::{self, NewMember};
use noroshi_hub::vault::members::AssetKind;
use noroshi_stix::DomainName;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Add a member and what belongs to it
    Add {
        /// Registered name in English
        #[arg(long)]
        name_en: String,
        /// Registered name in Japanese
        #[arg(long)]
        name_ja: String,
        /// Super-sector/sector/sub-sector, such as energy/electricity/utilities
        #[arg(long)]
        label: String,
        /// How likely an outsider thinks it is a victim: 1 small, 2 middle, 4 large
        #[arg(long, default_value_t = 1)]
        weight: u32,
        /// Another name it is known by (repeatable)
        #[arg(long)]
        alias: Vec<String>,
        /// A domain it owns (repeatable)
        #[arg(long)]
        domain: Vec<String>,
        /// An address prefix it owns (repeatable)
        #[arg(long)]
        network: Vec<IpNet>,
        /// A brand, product or project word (repeatable)
        #[arg(long)]
        brand: Vec<String>,
    },
    /// List members
    List,
    /// A member leaves: it sends and receives nothing any more
    Leave {
        /// Id of the member
        member: String,
    },
    /// Declare that something belongs to a member: alias, domain, network or brand
    Own {
        /// Id of the member
        member: String,
        /// alias, domain, network or brand
        kind: String,
        /// The value
        value: String,
    },
    /// Take such a declaration back
    Disown {
        /// Id of the member
        member: String,
        /// alias, domain, network or brand
        kind: String,
        /// The value
        value: String,
    },
}

pub(super) async fn run(hub: &Hub, command: Command) -> Result<()> {
    match command {
        Command::Add { name_en, name_ja, label, weight, alias, domain, network, brand } => {
            let domains = domain
                .iter()
                .map(|d| DomainName::parse(d).with_context(|| format!("--domain {d}: no domain")))
                .collect::<Result<Vec<_>>>()?;
            let new = NewMember {
                name_ja,
                name_en,
                label_path: label.split('/').map(str::to_owned).collect(),
                weight,
                aliases: alias,
                domains,
                networks: network,
                brands: brand,
            };
            println!("{}", admin::add_member(hub, new).await?);
        }
        Command::List => {
            for m in admin::list_members(hub).await? {
                let left = if m.left.is_some() { "  left" } else { "" };
                println!(
                    "{}  {}  {} / {}{left}",
                    m.id,
                    m.label_path.join("/"),
                    m.name_en,
                    m.name_ja
                );
            }
        }
        Command::Leave { member } => admin::member_leaves(hub, &member).await?,
        Command::Own { member, kind, value } => {
            admin::declare_asset(hub, &member, asset_kind(&kind)?, &value).await?;
        }
        Command::Disown { member, kind, value } => {
            admin::undeclare_asset(hub, &member, asset_kind(&kind)?, &value).await?;
        }
    }
    Ok(())
}

fn asset_kind(name: &str) -> Result<AssetKind> {
    AssetKind::from_name(name)
        .with_context(|| format!("{name:?}: use alias, domain, network or brand"))
}
