//! `noroshi admin account`: people who sign in.

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use noroshi_hub::Hub;
use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, NewAccount};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Add an account and print its first sign-in link
    Add {
        /// member, desk, authority or operator
        #[arg(long)]
        role: String,
        /// Id of the member it acts for (role member only)
        #[arg(long)]
        member: Option<String>,
        /// Id of the authority it acts for (role authority only)
        #[arg(long)]
        authority: Option<String>,
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

pub(super) async fn run(hub: &Hub, command: Command) -> Result<()> {
    match command {
        Command::Add { role, member, authority, name } => {
            let role = Role::from_name(&role).with_context(|| {
                format!("--role {role}: use member, desk, authority or operator")
            })?;
            let id = match (role, authority, &member) {
                (Role::Authority, Some(authority), None) => {
                    admin::add_authority_account(hub, &authority, &name).await?
                }
                (Role::Authority, ..) => bail!("an account of role authority needs --authority"),
                (_, Some(_), _) => bail!("--authority is for accounts of role authority"),
                (_, None, _) => admin::add_account(hub, NewAccount { role, member, name }).await?,
            };
            println!("{id}");
            println!("{}", admin::sign_in_link(hub, &id).await?);
        }
        Command::Link { account } => {
            println!("{}", admin::sign_in_link(hub, &account).await?)
        }
        Command::Disable { account } => admin::disable_account(hub, &account).await?,
        Command::List => {
            for a in admin::list_accounts(hub).await? {
                let off = if a.disabled { "  off" } else { "" };
                let member = a.member.as_deref().unwrap_or("-");
                println!("{}  {}  {member}  {}{off}", a.id, a.role.as_str(), a.name);
            }
        }
    }
    Ok(())
}
