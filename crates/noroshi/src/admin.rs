//! `noroshi admin`: members, agreements, partners, authorities, keys, accounts, backups. One file each.

mod account;
mod agreement;
mod authority;
mod key;
mod label;
mod member;
mod partner;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use noroshi_hub::admin;

use crate::hub::{ConfigFile, open};
use crate::serve;

/// Manage members, agreements, partners, authorities, keys, accounts and backups of a hub.
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
    Member(member::Command),
    /// What kinds of victim context may name, and what they are called
    #[command(subcommand)]
    Label(label::Command),
    /// The sharing agreement and who signed it
    #[command(subcommand)]
    Agreement(agreement::Command),
    /// CERTs and the desk, who share open intelligence in the collection `partners`
    #[command(subcommand)]
    Partner(partner::Command),
    /// Authorities: whose key filings are sealed to
    #[command(subcommand)]
    Authority(authority::Command),
    /// API keys and client certificates of tools
    #[command(subcommand)]
    Key(key::Command),
    /// People who sign in
    #[command(subcommand)]
    Account(account::Command),
    /// Write consistent copies of both databases into a folder
    Backup {
        /// The folder; it is made if needed, files in it are never overwritten
        folder: PathBuf,
    },
}

pub(crate) fn run(args: Args) -> Result<ExitCode> {
    serve::start_logs("warn");
    serve::runtime()?.block_on(async {
        let hub = open(&args.config).await?;
        match args.command {
            AdminCommand::Member(c) => member::run(&hub, c).await?,
            AdminCommand::Label(c) => label::run(&hub, c).await?,
            AdminCommand::Agreement(c) => agreement::run(&hub, c).await?,
            AdminCommand::Partner(c) => partner::run(&hub, c).await?,
            AdminCommand::Authority(c) => authority::run(&hub, c).await?,
            AdminCommand::Key(c) => key::run(&hub, c).await?,
            AdminCommand::Account(c) => account::run(&hub, c).await?,
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
