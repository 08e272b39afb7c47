//! `noroshi duty diff`: what changed between two versions of a report.

use std::path::PathBuf;

use anyhow::{Context, Result};
use noroshi_duty::{Filing, Lang};

/// Say what changed between two reports that `noroshi duty fill --json` wrote
#[derive(clap::Args)]
pub(super) struct Args {
    /// The earlier report
    old: PathBuf,
    /// The later report
    new: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<()> {
    let load = |path: &PathBuf| -> Result<Filing> {
        Filing::from_json(&super::read(path)?).with_context(|| super::name(path))
    };
    let diff = load(&args.old)?.diff(&load(&args.new)?);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&diff)?);
    } else {
        print!("{}", diff.text(lang));
    }
    Ok(())
}
