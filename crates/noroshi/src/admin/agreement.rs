//! `noroshi admin agreement`: the text, and who signed it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use noroshi_hub::Hub;
use noroshi_hub::admin;
use noroshi_stix::Timestamp;

#[derive(Subcommand)]
pub(super) enum Command {
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

pub(super) async fn run(hub: &Hub, command: Command) -> Result<()> {
    match command {
        Command::Publish { edition, file } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            admin::publish_agreement(hub, &edition, &text).await?;
        }
        Command::Sign { member, signer, until } => {
            admin::sign_agreement(hub, &member, &signer, until).await?;
        }
        Command::Withdraw { member } => admin::withdraw_agreement(hub, &member).await?,
        Command::List => {
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
