//! `noroshi duty due`: the deadline of every stage.

use std::path::PathBuf;

use anyhow::Result;
use noroshi_duty::{Incident, Lang, deadlines, show_deadline, show_state};

/// Print the deadline of every stage
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi duty due eu-nis2 --at awareness=2026-11-23T03:12:00+09:00 --zone Asia/Tokyo
  noroshi duty due contract-acme --contracts clauses.toml --answers case.toml")]
pub(super) struct Args {
    /// Id of the obligation, from `noroshi duty list`
    obligation: String,
    /// When a clock started, such as awareness=2026-11-23T03:12:00+09:00, or a stage was
    /// filed, such as filed:early-warning=2026-11-23T09:00:00Z (repeatable)
    #[arg(long, value_name = "CLOCK=TIME")]
    at: Vec<String>,
    /// The reporter's time zone [default: that of the answers, else Asia/Tokyo]
    #[arg(long, value_name = "ZONE", conflicts_with = "answers")]
    zone: Option<String>,
    /// Take the clocks from a file of answers and its history
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Clauses of contracts, each an obligation of its own named contract-...
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<()> {
    let reference = super::reference(args.contracts.as_deref())?;
    let obligation = super::find(&reference, &args.obligation)?;
    let moments = args.at.iter().map(String::as_str);
    let mut history: Option<Incident> = None;
    let clocks = match &args.answers {
        None => reference.clocks(args.zone.as_deref().unwrap_or("Asia/Tokyo"), moments)?,
        Some(path) => {
            let (answers, incident) = super::case(&reference, path)?;
            for problem in answers.problems(&reference) {
                eprintln!("{}", problem.text(&reference).lang(lang));
            }
            let clocks = incident.add_filed(obligation, answers.clocks(&reference)?);
            history = Some(incident).filter(|i| !i.events().is_empty());
            reference.add_clocks(clocks, moments)?
        }
    };
    if args.answers.is_none() {
        for c in clocks.contradictions() {
            eprintln!("{}", c.text.lang(lang));
        }
    }
    let stages = deadlines(obligation, &clocks, reference.calendar());
    if args.json {
        println!("{}", serde_json::to_string_pretty(&stages)?);
        return Ok(());
    }
    if let Some(incident) = history {
        let state = incident.state(obligation);
        println!("{}", show_state(&state, lang));
        for problem in &state.problems {
            eprintln!("{}", problem.text(&reference).lang(lang));
        }
    }
    for stage in &stages {
        print!("{}", show_deadline(stage, lang));
    }
    Ok(())
}
