//! `noroshi verify receipt`: what was reported, and when.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use noroshi_seal::Receipt;
use serde_json::json;

use crate::outlet::read_key;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The receipt, as it was printed
    receipt: PathBuf,
    /// What was sent: the file, or the `sha256sum` list of several files
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// The hub's public key in hexadecimal
    #[arg(long, env = "NOROSHI_HUB_KEY", value_name = "HEX")]
    hub_key: String,
    /// Print one line of JSON instead of sentences
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let key = read_key(&args.hub_key)?;
    let text = std::fs::read_to_string(&args.receipt)
        .with_context(|| format!("{} cannot be read", args.receipt.display()))?;
    let receipt = Receipt::parse(&text)?;
    let id = receipt.report_id().to_string();
    match &args.content {
        Some(file) => {
            let bytes = std::fs::read(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            receipt.verify_content(&key, &bytes)?;
        }
        None => receipt.verify(&key)?,
    }
    if args.json {
        let content = args.content.is_some();
        println!("{}", json!({"result": "good", "report_id": id, "content_checked": content}));
    } else if args.content.is_some() {
        println!("good: the hub received this content as report {id}");
    } else {
        println!("good signature over report {id}; name --content to check the content too");
    }
    Ok(ExitCode::SUCCESS)
}
