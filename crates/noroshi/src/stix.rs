//! `noroshi stix`: judge, format and explain STIX objects, on this machine.

mod explain;
mod fmt;
mod plain;
mod validate;
mod wording;

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use noroshi_outlet::i18n::Speech;

use wording::Wording;

/// Judge, format and explain STIX objects. Nothing leaves this machine.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi stix validate bundle.json      what is wrong, line by line
  noroshi stix fmt --write bundle.json   properties in the order of the specification
  noroshi stix explain bundle.json       what it says, in words")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: StixCommand,
}

#[derive(Subcommand)]
enum StixCommand {
    Validate(validate::Args),
    Fmt(fmt::Args),
    Explain(explain::Args),
}

pub(crate) fn run(args: &Args, speech: &Speech) -> Result<ExitCode> {
    let wording = Wording::new(speech.locale())?;
    match &args.command {
        StixCommand::Validate(args) => validate::run(args, &wording),
        StixCommand::Fmt(args) => fmt::run(args, &wording),
        StixCommand::Explain(args) => explain::run(args, &wording),
    }
}

/// Exit code where errors were found, or a file is not formatted.
const FOUND: u8 = 1;
/// Exit code where something could not be read.
const UNREADABLE: u8 = 2;

/// What a file is called in what is printed.
fn label(path: &Path) -> String {
    plain::text(&path.display().to_string())
}

/// The bytes of a file, or of standard input for `-`.
fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
}
