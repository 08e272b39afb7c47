//! `noroshi admin partner`: CERTs and the desk, and their keys.

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use noroshi_hub::Hub;
use noroshi_hub::admin::{self, NewPartner};

use super::key;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Add a partner
    ///
    /// A partner reads and adds to the collection `partners`. It is no member: it files no report
    /// and sees no release unless --read-releases says so.
    Add {
        /// What it is called, such as JPCERT/CC
        #[arg(long)]
        name: String,
        /// It is the hub's own desk, which may delete what others brought
        #[arg(long)]
        desk: bool,
        /// It may also read what the hub released
        #[arg(long)]
        read_releases: bool,
    },
    /// List partners
    List,
    /// Remove a partner: all its keys and certificates end at once
    Remove {
        /// Id of the partner
        partner: String,
    },
    /// Keys of partners; `noroshi admin key` lists, rotates and revokes them
    #[command(subcommand)]
    Key(KeyCommand),
}

#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key, which is shown once, or register a certificate
    Create {
        /// Id of the partner
        partner: String,
        /// What the partner calls it
        #[arg(long)]
        label: String,
        /// Days it holds; a certificate ends with itself, if that is sooner
        #[arg(long, default_value_t = 365)]
        days: u32,
        /// File with a client certificate, PEM or DER, that stands for a key
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
    },
}

pub(super) async fn run(hub: &Hub, command: Command) -> Result<()> {
    match command {
        Command::Add { name, desk, read_releases } => {
            println!(
                "{}",
                admin::add_partner(hub, NewPartner { name, desk, read_releases }).await?
            );
        }
        Command::List => {
            for p in admin::list_partners(hub).await? {
                let mut may = vec!["partners"];
                may.extend(p.desk.then_some("desk"));
                may.extend(p.read_releases.then_some("releases"));
                let left = if p.left.is_some() { "  removed" } else { "" };
                println!("{}  {}  {}{left}", p.id, may.join("+"), p.name);
            }
        }
        Command::Remove { partner } => admin::remove_partner(hub, &partner).await?,
        Command::Key(KeyCommand::Create { partner, label, days, certificate }) => match certificate
        {
            None => {
                let key = admin::create_partner_key(hub, &partner, &label, days).await?;
                key::show(&key);
            }
            Some(file) => {
                let file = key::read(&file)?;
                let made = admin::register_partner_certificate(hub, &partner, &label, days, &file);
                key::show_certificate(&made.await?);
            }
        },
    }
    Ok(())
}
