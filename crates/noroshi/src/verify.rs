//! `noroshi verify`: check a hub's signature without the hub.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use noroshi_seal::Receipt;

use crate::outlet::read_key;

/// Check what a hub signed, without the hub's help.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Check a receipt: this content was reported on or before that day
    Receipt {
        /// The receipt, as it was printed
        receipt: PathBuf,
        /// What was sent: the file, or the `sha256sum` list of several files
        #[arg(long, value_name = "FILE")]
        content: Option<PathBuf>,
        /// The hub's public key in hexadecimal
        #[arg(long, env = "NOROSHI_HUB_KEY", value_name = "HEX")]
        hub_key: String,
    },
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let What::Receipt { receipt, content, hub_key } = &args.what;
    let key = read_key(hub_key)?;
    let text = std::fs::read_to_string(receipt)
        .with_context(|| format!("{} cannot be read", receipt.display()))?;
    let receipt = Receipt::parse(&text)?;
    match content {
        Some(file) => {
            let bytes = std::fs::read(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            receipt.verify_content(&key, &bytes)?;
            println!("good: the hub received this content as report {}", receipt.report_id());
        }
        None => {
            receipt.verify(&key)?;
            println!(
                "good signature over report {}; name --content to check the content too",
                receipt.report_id()
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
