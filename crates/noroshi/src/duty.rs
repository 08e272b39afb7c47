//! `noroshi duty`: which reports are owed to whom by when.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use noroshi_duty::{Lang, Reference, StageDeadline, Standing, deadlines, explain};
use noroshi_outlet::i18n::{Speech, Value};

use crate::speech::japanese;

/// Legal duties to report: what they are and when each report is due.
///
/// Information, not legal advice: every rule shows how far it was verified and where it was read.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: DutyCommand,
}

#[derive(Subcommand)]
enum DutyCommand {
    /// List the obligations
    List,
    /// Explain one obligation: who, to whom, when, and how sure that is
    Explain {
        /// Id of the obligation, from `noroshi duty list`
        obligation: String,
    },
    /// Print the deadline of every stage
    #[command(after_help = "Example:
  noroshi duty due eu-nis2 --at awareness=2026-11-23T03:12:00+09:00 --zone Asia/Tokyo")]
    Due {
        /// Id of the obligation, from `noroshi duty list`
        obligation: String,
        /// When a clock started, such as awareness=2026-11-23T03:12:00+09:00, or a stage was
        /// filed, such as filed:early-warning=2026-11-23T09:00:00Z (repeatable)
        #[arg(long, value_name = "CLOCK=TIME")]
        at: Vec<String>,
        /// The reporter's time zone
        #[arg(long, default_value = "Asia/Tokyo", value_name = "ZONE")]
        zone: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(args: Args, speech: &Speech) -> Result<ExitCode> {
    let reference = Reference::builtin()?;
    let lang = if japanese(speech) { Lang::Ja } else { Lang::En };
    match args.command {
        DutyCommand::List => {
            for o in reference.obligations() {
                println!("{:<24} {}", o.id, o.name.lang(lang));
            }
        }
        DutyCommand::Explain { obligation } => {
            println!("{}", explain(find(&reference, &obligation)?, lang));
        }
        DutyCommand::Due { obligation, at, zone, json } => {
            let obligation = find(&reference, &obligation)?;
            let clocks = reference.clocks(&zone, at.iter().map(String::as_str))?;
            for c in clocks.contradictions() {
                eprintln!("{}", c.text.lang(lang));
            }
            let stages = deadlines(obligation, &clocks, reference.calendar());
            if json {
                println!("{}", serde_json::to_string_pretty(&stages)?);
            } else {
                stages.iter().for_each(|s| show(s, lang, speech));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn find<'r>(reference: &'r Reference, id: &str) -> Result<&'r noroshi_duty::Obligation> {
    reference
        .obligation(id)
        .with_context(|| format!("there is no obligation {id:?}; `noroshi duty list` lists them"))
}

fn show(s: &StageDeadline, lang: Lang, speech: &Speech) {
    println!("{}  ({})", s.name.lang(lang), s.stage);
    match (&s.standing, s.due) {
        (Standing::Due, Some(due)) => {
            let local = s.local.as_deref().unwrap_or_default();
            println!(
                "   {}",
                speech.with(
                    "duty-due",
                    &[("due", Value::from(due.to_string())), ("local", Value::from(local)),]
                )
            );
        }
        (Standing::Waiting(clock), _) => {
            println!(
                "   {}",
                speech.with("duty-waiting", &[("clock", Value::from(clock.as_str()))])
            );
        }
        _ => println!("   {}", speech.t("duty-no-number")),
    }
    if let Some(later) = &s.extension {
        println!("   {} ({})", later.local, later.rule.lang(lang));
    }
    println!("   {}", s.rule.lang(lang));
    println!("   {}", speech.with("duty-trust", &[("trust", Value::from(s.trust.name()))]));
    for source in &s.sources {
        println!("   {source}");
    }
}
