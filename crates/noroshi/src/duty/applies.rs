//! `noroshi duty applies`: which obligations hold, why, and what is uncertain.

use std::path::PathBuf;

use anyhow::{Context, Result};
use noroshi_duty::{Facts, Lang, Reference, Verdict, applies, show_finding};
use serde_json::Value;

/// Say which obligations hold for you and this incident, why, and what to ask next
///
/// What is not answered stays open: an obligation is then uncertain and says what to ask.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi duty applies --fact jurisdictions=EU --fact dora_entity=yes
  noroshi duty applies --answers case.toml       reads [member], [incident] and [answers]
  noroshi duty applies --questions               every question")]
pub(super) struct Args {
    /// A file with the tables [member] and [incident]; a report's [answers] count too
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// An answer, such as dora_entity=yes, clients=150000 or jurisdictions=JP,EU (repeatable)
    #[arg(long, value_name = "QUESTION=ANSWER")]
    fact: Vec<String>,
    /// Also show what does not apply
    #[arg(long)]
    all: bool,
    /// List the questions instead
    #[arg(long)]
    questions: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<()> {
    let reference = Reference::builtin()?;
    if args.questions {
        let questions = reference.decisions().questions();
        if args.json {
            println!("{}", serde_json::to_string_pretty(questions)?);
            return Ok(());
        }
        for q in questions {
            println!("{}.{:<36} {}", q.about, q.id, q.text.lang(lang));
        }
        return Ok(());
    }
    let mut facts = Facts::default();
    if let Some(path) = &args.answers {
        facts = Facts::from_toml(&reference, &super::name(path), &super::read(path)?)?;
    }
    for fact in &args.fact {
        let (question, answer) =
            fact.split_once('=').with_context(|| format!("{fact:?} is not QUESTION=ANSWER"))?;
        facts.set(&reference, question.trim(), &Value::from(answer.trim()))?;
    }
    if let Some(path) = &args.answers {
        let (answers, _) = super::case(&reference, path)?;
        facts = facts.with_answers(&reference, &answers);
    }
    let mut findings = applies(&reference, &facts);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
        return Ok(());
    }
    let hidden = findings.iter().filter(|f| f.verdict == Verdict::DoesNotApply).count();
    if !args.all {
        findings.retain(|f| f.verdict != Verdict::DoesNotApply);
    }
    findings.sort_by_key(|f| f.verdict != Verdict::Applies);
    for finding in &findings {
        println!("{}", show_finding(finding, lang));
    }
    if !args.all && hidden > 0 {
        match lang {
            Lang::En => println!("{hidden} do not apply (--all shows them)"),
            Lang::Ja => println!("非該当 {hidden} 件(--all で表示)"),
        }
    }
    Ok(())
}
