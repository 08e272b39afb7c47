//! `noroshi admin account`: people who sign in.

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use noroshi_hub::Hub;
use noroshi_hub::access::{Login, Role, list_sessions};
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
    /// Give an account a sign-in name, for signing in with a password
    ///
    /// Without it the person chooses the name together with the first password.
    Login {
        /// Id of the account
        account: String,
        /// 3 to 64 letters a to z, digits and . _ - @ +
        login: String,
    },
    /// Take password, phone and recovery codes away and print a link to set them anew
    ///
    /// For a person who lost them. Ends the account's sessions. Make sure by another way, such as a
    /// telephone call, that it is the right person who asks.
    Reset {
        /// Id of the account
        account: String,
    },
    /// List who is signed in: of one account, or all
    ///
    /// Times are to the hour; of members' people only the day.
    Sessions {
        /// Id of the account
        account: Option<String>,
    },
    /// End a session, or all sessions of an account
    Revoke {
        /// Id of the session, as `sessions` prints it, or of an account
        session: String,
    },
    /// Switch an account off and end its sessions
    Disable {
        /// Id of the account
        account: String,
    },
    /// Switch an account on again, with the password and phone it had
    ///
    /// Where others may know them, use `reset` right after.
    Enable {
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
        Command::Login { account, login } => {
            admin::set_login(hub, &account, &Login::parse(&login)?).await?;
        }
        Command::Reset { account } => {
            println!("{}", admin::reset_account(hub, &account).await?);
        }
        Command::Sessions { account } => sessions(hub, &account.unwrap_or_default()).await?,
        Command::Revoke { session } if session.starts_with("u-") => {
            let ended = admin::revoke_sessions(hub, &session).await?;
            eprintln!("sessions ended: {ended}");
        }
        Command::Revoke { session } => admin::revoke_session(hub, &session).await?,
        Command::Disable { account } => admin::disable_account(hub, &account).await?,
        Command::Enable { account } => admin::enable_account(hub, &account).await?,
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

/// One session a line. When people of members are at work could tell who reported: the day is enough.
async fn sessions(hub: &Hub, account: &str) -> Result<()> {
    const PAGE: i64 = 200;
    const HOUR: i64 = 3_600_000_000;
    let mut after = (String::new(), String::new());
    loop {
        let page = list_sessions(hub, account, after, PAGE).await?;
        let full = page.len() as i64 == PAGE;
        for s in &page {
            let period = if s.account.role == Role::Member { 24 * HOUR } else { HOUR };
            let (started, seen) = (s.started.floor_to(period), s.seen.floor_to(period));
            let (means, name) = (s.means.as_str(), &s.account.name);
            println!("{}  {}  {means}  since {started}  used {seen}  {name}", s.id, s.account.id);
        }
        match page.last().filter(|_| full) {
            Some(last) => after = (last.account.name.clone(), last.id.clone()),
            None => return Ok(()),
        }
    }
}
