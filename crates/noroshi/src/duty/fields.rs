//! `noroshi duty fields`: the fields of a report, or what a stage still needs.

use std::path::PathBuf;

use anyhow::Result;
use noroshi_duty::{Answers, Lang, next_questions, show_question};

/// List the fields of a report, or only what a stage asks and the answers do not say yet
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi duty fields                                    every field
  noroshi duty fields jp-acd first                       what the first report asks
  noroshi duty fields jp-acd detailed --answers case.toml   what is still missing")]
pub(super) struct Args {
    /// Id of the obligation
    #[arg(requires = "stage")]
    obligation: Option<String>,
    /// Stage of the obligation
    stage: Option<String>,
    /// A file of answers: only what it does not say is listed
    #[arg(long, value_name = "FILE", requires = "stage")]
    answers: Option<PathBuf>,
    /// Clauses of contracts
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<()> {
    let reference = super::reference(args.contracts.as_deref())?;
    let (Some(obligation), Some(stage)) = (&args.obligation, &args.stage) else {
        if args.json {
            let entry = |f: &noroshi_duty::Field| {
                serde_json::json!({
                    "id": f.id, "group": f.group, "type": f.value_type, "name": f.name,
                    "mandatory": f.cardinality.is_mandatory(), "anonymity": f.anonymity.name(),
                })
            };
            let all: Vec<_> = reference.fields().iter().map(entry).collect();
            println!("{}", serde_json::to_string_pretty(&all)?);
            return Ok(());
        }
        for f in reference.fields() {
            let class = f.anonymity.name();
            println!("{:<24} {:<10} {} <{}>", f.id, class, f.name.lang(lang), f.value_type);
        }
        return Ok(());
    };
    let obligation = super::find(&reference, obligation)?;
    let stage = super::stage(obligation, stage)?;
    let answers = match &args.answers {
        Some(path) => super::case(&reference, path)?.0,
        None => Answers::new("Asia/Tokyo")?,
    };
    for problem in answers.problems(&reference) {
        eprintln!("{}", problem.text(&reference).lang(lang));
    }
    let questions = next_questions(&reference, &[(obligation, stage)], &answers);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&questions)?);
        return Ok(());
    }
    for question in &questions {
        print!("{}", show_question(question, lang));
    }
    Ok(())
}
