//! `noroshi duty`: which reports are owed to whom by when, and the reports themselves.

mod applies;
mod diff;
mod due;
mod fields;
mod fill;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use noroshi_duty::{Answers, Incident, Lang, Obligation, Reference, Stage, explain};
use noroshi_outlet::i18n::Speech;

use crate::speech::japanese;

/// Legal duties to report: what they are, when each report is due, and the reports themselves.
///
/// Information, not legal advice: every rule shows how far it was verified and where it was read.
/// Nothing leaves this machine.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: DutyCommand,
}

const EXAMPLES: &str = "\
Examples:
  noroshi duty applies --fact jurisdictions=JP --fact jp_espa_designated=yes
                                              which obligations hold for you, and what to ask next
  noroshi duty due eu-nis2 --at awareness=2026-11-23T03:12:00+09:00
                                              the deadline of every stage
  noroshi duty fields jp-acd first            what the first report asks
  noroshi duty fill jp-acd first --answers case.toml --pdf first.pdf
                                              the report, from one file of answers";

#[derive(Subcommand)]
enum DutyCommand {
    /// List the obligations
    List(ListArgs),
    /// Explain one obligation: who, to whom, when, and how sure that is
    Explain {
        /// Id of the obligation, from `noroshi duty list`
        obligation: String,
    },
    Applies(applies::Args),
    Due(due::Args),
    Fields(fields::Args),
    Fill(fill::Args),
    Diff(diff::Args),
}

#[derive(clap::Args)]
struct ListArgs {
    /// Also list the clauses of contracts in this file
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs a command; `chosen`: the language was asked for and is not that of the environment.
pub(crate) fn run(args: Args, chosen: bool, speech: &Speech) -> Result<ExitCode> {
    let lang = if japanese(speech) { Lang::Ja } else { Lang::En };
    match args.command {
        DutyCommand::List(args) => list(&args, lang)?,
        DutyCommand::Explain { obligation } => {
            let reference = Reference::builtin()?;
            println!("{}", explain(find(&reference, &obligation)?, lang));
        }
        DutyCommand::Applies(args) => applies::run(&args, lang)?,
        DutyCommand::Due(args) => due::run(&args, lang)?,
        DutyCommand::Fields(args) => fields::run(&args, lang)?,
        DutyCommand::Fill(args) => return fill::run(&args, lang, chosen),
        DutyCommand::Diff(args) => diff::run(&args, lang)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(args: &ListArgs, lang: Lang) -> Result<()> {
    let reference = reference(args.contracts.as_deref())?;
    if args.json {
        let entry = |o: &Obligation| {
            let stages: Vec<&str> = o.stages.iter().map(|s| s.id.as_str()).collect();
            serde_json::json!({
                "id": o.id, "name": o.name, "jurisdiction": o.jurisdiction.id,
                "instrument": o.instrument, "mandatory": o.mandatory, "stages": stages,
            })
        };
        let all: Vec<_> = reference.obligations().iter().map(entry).collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
    } else {
        for o in reference.obligations() {
            println!("{:<24} {}", o.id, o.name.lang(lang));
        }
    }
    Ok(())
}

/// The built-in data, with a member's contracts if there is a file of them.
fn reference(contracts: Option<&Path>) -> Result<Reference> {
    let reference = Reference::builtin()?;
    match contracts {
        None => Ok(reference),
        Some(path) => Ok(reference.with_contracts(&name(path), &read(path)?)?),
    }
}

fn find<'r>(reference: &'r Reference, id: &str) -> Result<&'r Obligation> {
    reference
        .obligation(id)
        .with_context(|| format!("there is no obligation {id:?}; `noroshi duty list` lists them"))
}

fn stage<'o>(obligation: &'o Obligation, id: &str) -> Result<&'o Stage> {
    let Some(found) = obligation.stage(id) else {
        let known: Vec<&str> = obligation.stages.iter().map(|s| s.id.as_str()).collect();
        bail!("{} has no stage {id:?}; it has {}", obligation.id, known.join(", "));
    };
    Ok(found)
}

/// A file of answers and, in it, what happened so far.
fn case(reference: &Reference, path: &Path) -> Result<(Answers, Incident)> {
    let (name, text) = (name(path), read(path)?);
    let answers = Answers::from_toml(reference, &name, &text)?;
    Ok((answers, Incident::from_toml(&name, &text)?))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
