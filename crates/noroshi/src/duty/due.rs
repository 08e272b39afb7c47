//! `noroshi duty due`: the deadline of every stage.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use noroshi_duty::{
    Facts, Incident, Lang, Obligation, Reference, Verdict, applies, deadlines, show_deadline,
    show_state, show_timeline, timeline,
};

/// Print the deadline of every stage; without an obligation, of all that apply by the answers
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi duty due eu-nis2 --at awareness=2026-11-23T03:12:00+09:00 --zone Asia/Tokyo
  noroshi duty due --answers case.toml
  noroshi duty due contract-acme --contracts clauses.toml --answers case.toml")]
pub(super) struct Args {
    /// Id of the obligation, from `noroshi duty list`
    #[arg(required_unless_present = "answers")]
    obligation: Option<String>,
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
    let Some(obligation) = &args.obligation else {
        return all(args, &reference, lang);
    };
    let obligation = super::find(&reference, obligation)?;
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

/// What is still to be reported under everything that applies, contracts included.
fn all(args: &Args, reference: &Reference, lang: Lang) -> Result<()> {
    let path = args.answers.as_ref().context("give an obligation or --answers")?;
    if !args.at.is_empty() {
        bail!("--at needs an obligation; write the moments into [clocks] of the file");
    }
    let (answers, incident) = super::case(reference, path)?;
    for problem in answers.problems(reference) {
        eprintln!("{}", problem.text(reference).lang(lang));
    }
    let facts = Facts::from_toml(reference, &super::name(path), &super::read(path)?)?;
    let findings = applies(reference, &facts.with_answers(reference, &answers));
    let holds = |o: &&Obligation| match findings.iter().find(|f| f.obligation == o.id) {
        Some(finding) => finding.verdict == Verdict::Applies && finding.binding,
        // A contract applies to whoever registered it.
        None => true,
    };
    let obligations: Vec<_> = reference.obligations().iter().filter(holds).collect();
    let open = timeline(reference, &obligations, &answers, &incident)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&open)?);
        return Ok(());
    }
    print!("{}", show_timeline(&open, lang));
    let uncertain = findings.iter().filter(|f| f.verdict == Verdict::Uncertain).count();
    if uncertain > 0 {
        match lang {
            Lang::En => println!("{uncertain} more are uncertain: noroshi duty applies"),
            Lang::Ja => println!("ほか {uncertain} 件は該当するか不明: noroshi duty applies"),
        }
    }
    Ok(())
}
