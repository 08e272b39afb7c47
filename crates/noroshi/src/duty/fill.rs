//! `noroshi duty fill`: a report to one authority, from one file of answers.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use noroshi_duty::{Draft, Filing, Lang, show_filing};
use noroshi_outlet::Clock as _;

/// Fill the report of one stage: as text, JSON or PDF
///
/// The file of answers is TOML: zone, by (who typed), [answers], [clocks], [[event]]. What is missing or
/// contradicts itself is listed in the report; nothing is invented.
#[derive(clap::Args)]
#[command(after_help = "Example of a file of answers:
  zone = \"Asia/Tokyo\"
  by = \"night desk\"
  [answers]
  org_name = \"...\"
  aware_at = 2026-11-23T03:12:00+09:00
  malicious_suspected = \"yes\"
  [[event]]
  event = \"opened\"
  at = 2026-11-23T03:20:00+09:00")]
pub(super) struct Args {
    /// Id of the obligation
    obligation: String,
    /// Its stage
    stage: String,
    /// The file of answers
    #[arg(long, value_name = "FILE")]
    answers: PathBuf,
    /// Another form than the usual one, such as fire or jp-common-ransomware
    #[arg(long, value_name = "FORM")]
    form: Option<String>,
    /// Write a PDF
    #[arg(long, value_name = "OUT")]
    pdf: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Fail if something mandatory is missing or something contradicts itself
    #[arg(long)]
    check: bool,
    /// Time of the filing [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Clauses of contracts
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
}

/// `chosen`: the language was asked for; else the report is in the authority's.
pub(super) fn run(args: &Args, lang: Lang, chosen: bool) -> Result<ExitCode> {
    let reference = super::reference(args.contracts.as_deref())?;
    let obligation = super::find(&reference, &args.obligation)?;
    let stage = super::stage(obligation, &args.stage)?;
    let (answers, incident) = super::case(&reference, &args.answers)?;
    let at = match &args.at {
        Some(text) => {
            text.parse().with_context(|| format!("--at {text}: write 2026-11-23T09:00:00+09:00"))?
        }
        None => {
            let now = crate::system::SystemClock.now();
            jiff::Timestamp::from_microsecond(now.as_micros())?
        }
    };
    let filing = Filing::fill(&Draft {
        reference: &reference,
        obligation,
        stage,
        form: args.form.as_deref(),
        answers: &answers,
        incident: Some(&incident).filter(|i| !i.events().is_empty()),
        at,
        lang: chosen.then_some(lang),
    })?;
    if let Some(path) = &args.pdf {
        std::fs::write(path, filing.pdf(filing.lang())?)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    if args.json {
        println!("{}", filing.to_json());
    } else if args.pdf.is_none() {
        print!("{}", show_filing(&filing, filing.lang()));
    }
    if args.pdf.is_some() || args.check {
        for field in &filing.missing {
            match lang {
                Lang::En => eprintln!("missing although mandatory: {field}"),
                Lang::Ja => eprintln!("必須であるのに記入なし: {field}"),
            }
        }
        for problem in &filing.problems {
            eprintln!("{}", problem.lang(lang));
        }
    }
    let failed = args.check && !filing.is_ready();
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
