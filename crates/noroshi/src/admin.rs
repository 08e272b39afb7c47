//! `noroshi admin`: members, agreements, keys, accounts, backups.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use ipnet::IpNet;
use noroshi_hub::Hub;
use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, KeyWish, NewAccount, NewMember};
use noroshi_hub::vault::members::AssetKind;
use noroshi_stix::{DomainName, Timestamp};

use crate::hub::{ConfigFile, open};
use crate::serve;

/// Manage members, agreements, keys, accounts and backups of a hub.
///
/// Works on the hub's databases, beside a running hub or without one; a running hub follows with
/// its next tick.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    config: ConfigFile,
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Organisations that share
    #[command(subcommand)]
    Member(MemberCommand),
    /// The sharing agreement and who signed it
    #[command(subcommand)]
    Agreement(AgreementCommand),
    /// API keys of members' tools
    #[command(subcommand)]
    Key(KeyCommand),
    /// People who sign in
    #[command(subcommand)]
    Account(AccountCommand),
    /// Write consistent copies of both databases into a folder
    Backup {
        /// The folder; it is made if needed, files in it are never overwritten
        folder: PathBuf,
    },
}

#[derive(Subcommand)]
enum MemberCommand {
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

#[derive(Subcommand)]
enum AgreementCommand {
    /// Publish a version of the text
    Publish {
        /// Version, such as 2026-10
        #[arg(value_name = "VERSION")]
        edition: String,
        /// File with the full text
        file: PathBuf,
    },
    /// Record that a member signed the newest version
    Sign {
        /// Id of the member
        member: String,
        /// Who signed for it
        #[arg(long)]
        signer: String,
        /// Until when, RFC 3339, such as 2027-03-31T15:00:00Z
        #[arg(long)]
        until: Timestamp,
    },
    /// End a member's signatures now
    Withdraw {
        /// Id of the member
        member: String,
    },
    /// List versions and signatures
    List,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make a key; it is shown once
    Create {
        /// Id of the member
        member: String,
        /// What the member calls it: SIEM, firewall
        #[arg(long)]
        label: String,
        /// May file reports
        #[arg(long)]
        report: bool,
        /// May not read releases
        #[arg(long)]
        no_read: bool,
        /// Days it holds
        #[arg(long, default_value_t = 365)]
        days: u32,
    },
    /// Replace a key; the old one holds for one more day
    Rotate {
        /// Public part of the key
        key: String,
        /// Days the new key holds
        #[arg(long, default_value_t = 365)]
        days: u32,
    },
    /// Take a key back at once
    Revoke {
        /// Public part of the key
        key: String,
    },
    /// List keys
    List,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Add an account and print its first sign-in link
    Add {
        /// member, desk or operator
        #[arg(long)]
        role: String,
        /// Id of the member it acts for (role member only)
        #[arg(long)]
        member: Option<String>,
        /// The person's name
        #[arg(long)]
        name: String,
    },
    /// Print a new one-time sign-in link; it holds for a day
    Link {
        /// Id of the account
        account: String,
    },
    /// Switch an account off and end its sessions
    Disable {
        /// Id of the account
        account: String,
    },
    /// List accounts
    List,
}

pub(crate) fn run(args: Args) -> Result<ExitCode> {
    serve::start_logs("warn");
    serve::runtime()?.block_on(async {
        let hub = open(&args.config).await?;
        match args.command {
            AdminCommand::Member(c) => member(&hub, c).await?,
            AdminCommand::Agreement(c) => agreement(&hub, c).await?,
            AdminCommand::Key(c) => key(&hub, c).await?,
            AdminCommand::Account(c) => account(&hub, c).await?,
            AdminCommand::Backup { folder } => {
                std::fs::create_dir_all(&folder)
                    .with_context(|| format!("{} cannot be made", folder.display()))?;
                admin::backup(&hub, &folder).await?;
                println!(
                    "both databases are in {}; keep them as safe as the hub itself",
                    folder.display()
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn member(hub: &Hub, command: MemberCommand) -> Result<()> {
    match command {
        MemberCommand::Add { name_en, name_ja, label, weight, alias, domain, network, brand } => {
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
        MemberCommand::List => {
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
        MemberCommand::Leave { member } => admin::member_leaves(hub, &member).await?,
        MemberCommand::Own { member, kind, value } => {
            admin::declare_asset(hub, &member, asset_kind(&kind)?, &value).await?;
        }
        MemberCommand::Disown { member, kind, value } => {
            admin::undeclare_asset(hub, &member, asset_kind(&kind)?, &value).await?;
        }
    }
    Ok(())
}

fn asset_kind(name: &str) -> Result<AssetKind> {
    AssetKind::from_name(name)
        .with_context(|| format!("{name:?}: use alias, domain, network or brand"))
}

async fn agreement(hub: &Hub, command: AgreementCommand) -> Result<()> {
    match command {
        AgreementCommand::Publish { edition, file } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            admin::publish_agreement(hub, &edition, &text).await?;
        }
        AgreementCommand::Sign { member, signer, until } => {
            admin::sign_agreement(hub, &member, &signer, until).await?;
        }
        AgreementCommand::Withdraw { member } => admin::withdraw_agreement(hub, &member).await?,
        AgreementCommand::List => {
            let (versions, signatures) = admin::list_agreements(hub).await?;
            for v in versions {
                println!("version {}  published {}", v.version, v.published);
            }
            for s in signatures {
                let end = s
                    .withdrawn
                    .map_or_else(|| format!("until {}", s.expires), |w| format!("withdrawn {w}"));
                println!("{}  {}  by {}  {}  {end}", s.member, s.agreement, s.signer, s.signed);
            }
        }
    }
    Ok(())
}

async fn key(hub: &Hub, command: KeyCommand) -> Result<()> {
    match command {
        KeyCommand::Create { member, label, report, no_read, days } => {
            let wish = KeyWish { label, may_read: !no_read, may_report: report, days };
            let key = admin::create_key(hub, &member, &wish).await?;
            println!("{}", key.expose());
            eprintln!("this is the only time the key is shown");
        }
        KeyCommand::Rotate { key, days } => {
            println!("{}", admin::rotate_key(hub, &key, days).await?.expose());
            eprintln!(
                "this is the only time the new key is shown; the old one holds for one more day"
            );
        }
        KeyCommand::Revoke { key } => admin::revoke_key(hub, &key).await?,
        KeyCommand::List => {
            let now = hub.now();
            for k in admin::list_keys(hub).await? {
                let may = match (k.may_read, k.may_report) {
                    (true, true) => "read+report",
                    (true, false) => "read",
                    _ => "report",
                };
                let state = if k.revoked.is_some() {
                    "revoked"
                } else if k.holds(now) {
                    "good"
                } else {
                    "expired"
                };
                println!(
                    "{}  {}  {may}  {state}  until {}  {}",
                    k.id, k.member, k.expires, k.label
                );
            }
        }
    }
    Ok(())
}

async fn account(hub: &Hub, command: AccountCommand) -> Result<()> {
    match command {
        AccountCommand::Add { role, member, name } => {
            let role = Role::from_name(&role)
                .with_context(|| format!("--role {role}: use member, desk or operator"))?;
            let id = admin::add_account(hub, NewAccount { role, member, name }).await?;
            println!("{id}");
            println!("{}", admin::sign_in_link(hub, &id).await?);
        }
        AccountCommand::Link { account } => {
            println!("{}", admin::sign_in_link(hub, &account).await?)
        }
        AccountCommand::Disable { account } => admin::disable_account(hub, &account).await?,
        AccountCommand::List => {
            for a in admin::list_accounts(hub).await? {
                let off = if a.disabled { "  off" } else { "" };
                let member = a.member.as_deref().unwrap_or("-");
                println!("{}  {}  {member}  {}{off}", a.id, a.role.as_str(), a.name);
            }
        }
    }
    Ok(())
}
