//! `noroshi admin authority`: whose key filings are sealed to.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};
use noroshi_hub::Hub;
use noroshi_hub::admin::{self, AuthorityKind};
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
        #[arg(long = "obligation", value_name = "ID")]
        obligations: Vec<String>,
        /// What else it is to reporters: they may have a filing passed on to the national office, or to
        /// the office and its partners. Without their word nothing is sealed to it
        #[arg(long, value_enum, default_value_t = Kind::Addressee)]
        kind: Kind,
    },
    /// List authorities, their signers and the days their keys hold
    List,
    /// End an authority: nothing more is sealed to it, and its people see nothing any more
    Remove {
        /// Id of the authority
        authority: String,
    },
}

/// What an authority is to reporters.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Kind {
    /// It takes the filings of its obligations, and nothing else
    Addressee,
    /// The national cyber security office
    NationalOffice,
    /// A partner of the national office
    Partner,
}

impl Kind {
    fn of_hub(self) -> AuthorityKind {
        match self {
            Self::Addressee => AuthorityKind::Addressee,
            Self::NationalOffice => AuthorityKind::NationalOffice,
            Self::Partner => AuthorityKind::Partner,
        }
    }
}

pub(super) async fn run(hub: &Hub, command: Command) -> Result<()> {
    match command {
        Command::Add { statement, obligations, kind } => {
            let text = std::fs::read_to_string(&statement)
                .with_context(|| format!("{} cannot be read", statement.display()))?;
            let id = admin::add_authority(hub, &text, &obligations, kind.of_hub()).await?;
            let read = KeyStatement::parse(&text)?;
            println!("{id}  {}  signer {}", read.authority(), read.signer().key_id());
        }
        Command::List => {
            for a in admin::list_authorities(hub).await? {
                let read = KeyStatement::parse(&a.statement)?;
                let until = jiff::civil::Date::constant(1970, 1, 1)
                    .checked_add(jiff::Span::new().try_days(read.valid_until())?)?;
                println!(
                    "{}  {}  until {until}  signer {}  {}  {}",
                    a.id,
                    a.name,
                    read.signer().key_id(),
                    a.kind,
                    a.obligations.join(",")
                );
            }
        }
        Command::Remove { authority } => admin::remove_authority(hub, &authority).await?,
    }
    Ok(())
}
