//! `noroshi admin authority`: whose key filings are sealed to.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use noroshi_hub::Hub;
use noroshi_hub::admin;
use noroshi_seal::KeyStatement;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Import an authority's key statement
    ///
    /// Filings of the obligations named are from then on sealed to its key: nobody else reads them,
    /// not even this hub. Before importing, compare the signer that is printed with the authority by
    /// another way, such as a telephone call. An authority of the same name gets the new key.
    Add {
        /// What `noroshi authority keygen` printed
        statement: PathBuf,
        /// An obligation whose filings go to it, such as jp-acd; may be given several times
        #[arg(long = "obligation", value_name = "ID", required = true)]
        obligations: Vec<String>,
    },
    /// List authorities, their signers and the days their keys hold
    List,
    /// End an authority: nothing more is sealed to it, and its people see nothing any more
    Remove {
        /// Id of the authority
        authority: String,
    },
}

pub(super) async fn run(hub: &Hub, command: Command) -> Result<()> {
    match command {
        Command::Add { statement, obligations } => {
            let text = std::fs::read_to_string(&statement)
                .with_context(|| format!("{} cannot be read", statement.display()))?;
            let id = admin::add_authority(hub, &text, &obligations).await?;
            let read = KeyStatement::parse(&text)?;
            println!("{id}  {}  signer {}", read.authority(), read.signer().key_id());
        }
        Command::List => {
            for a in admin::list_authorities(hub).await? {
                let read = KeyStatement::parse(&a.statement)?;
                let until = jiff::civil::Date::constant(1970, 1, 1)
                    .checked_add(jiff::Span::new().try_days(read.valid_until())?)?;
                println!(
                    "{}  {}  until {until}  signer {}  {}",
                    a.id,
                    a.name,
                    read.signer().key_id(),
                    a.obligations.join(",")
                );
            }
        }
        Command::Remove { authority } => admin::remove_authority(hub, &authority).await?,
    }
    Ok(())
}
