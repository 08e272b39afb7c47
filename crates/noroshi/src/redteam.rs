//! `noroshi redteam`: the attacks on this policy and on what others do, as a command.

mod deployment;
mod html;
mod json;
mod measure;
mod releases;
mod svg;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ArgGroup;
use noroshi_anonymity::Language;
use noroshi_anonymity::policy::{Parameters, Ratio, Settings};
use noroshi_anonymity::redteam::{Extent, Practice, leakage};
use noroshi_outlet::i18n::{Locale, Speech, Texts};

use crate::history::{History, Refusal, Source, read_keys};
use crate::speech::japanese;
use crate::verify::TEXTS as REFUSALS;

/// Texts of the table and the report.
const TEXTS: &[(Locale, &str)] = &[
    (Locale::En, include_str!("../locales/en/redteam.ftl")),
    (Locale::Ja, include_str!("../locales/ja/redteam.ftl")),
];

/// Victims whose identifiers are planted to measure what the gates keep back.
const LEAKAGE_VICTIMS: usize = 200;

/// Exit code when a limit was exceeded or something was found.
const FOUND: u8 = 3;

/// Attack the policy: what could an adversary find out about who was hit?
///
/// Plays two years of incidents in synthetic registers of 408 firms, publishes them the way others
/// do and the way noroshi does, and lets programs guess the victims. The same seeds give the same
/// figures on every machine. Exits 0 when noroshi kept every limit and 3 when it did not.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi redteam                        the comparison, as a table
  noroshi redteam --html board.html      a report to show to a board
  noroshi redteam --json                 ends in one line of JSON
  noroshi redteam --broken               five faults, and what catches each
  noroshi redteam --releases out/ --register register.toml
  noroshi redteam --hub https://noroshi.example --hub-key 1f2e…
                                         what a hub really published, replayed
  noroshi redteam --history published --hub-key 1f2e… --truth truth.json")]
#[command(group = ArgGroup::new("published").args(["history", "hub"])
    .conflicts_with_all(["worlds", "campaigns", "k", "c", "p_max", "rho", "window", "broken", "releases"]))]
pub(crate) struct Args {
    /// Number of synthetic worlds
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    worlds: u32,
    /// Attack campaigns per world
    #[arg(long, default_value_t = 150, value_parser = clap::value_parser!(u32).range(1..=5000))]
    campaigns: u32,
    /// At least this many candidates remain [default: 5]
    #[arg(long, short, value_name = "N")]
    k: Option<u32>,
    /// After this many colluding members took themselves out [default: 1]
    #[arg(long, short, value_name = "N")]
    c: Option<u32>,
    /// No candidate holds more than this share, such as 1/4 or 0.25 [default: 1/4]
    #[arg(long, value_name = "SHARE")]
    p_max: Option<Ratio>,
    /// At most this share of a cell appears as victims in the window [default: 1/3]
    #[arg(long, value_name = "SHARE")]
    rho: Option<Ratio>,
    /// Length of that window in days, up to 90 [default: 90]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=90))]
    window: Option<u32>,
    /// Also attack five broken versions of the policy
    #[arg(long)]
    broken: bool,
    /// End with one line of JSON
    #[arg(long)]
    json: bool,
    /// Write a report in English and Japanese, complete in one file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Search released STIX objects (files *.json, *.jsonl) instead of playing worlds
    #[arg(long, value_name = "FOLDER", requires = "register")]
    releases: Option<PathBuf>,
    /// The register whose members must not be found in the releases (TOML)
    #[arg(long, value_name = "FILE")]
    register: Option<PathBuf>,
    /// Length of the hub's tick in seconds: times in releases must be multiples of it
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    tick: u32,
    /// Replay what a hub really published, from a folder that `noroshi verify fetch` filled
    #[arg(long, value_name = "DIR", requires = "hub_key")]
    history: Option<PathBuf>,
    /// The same, from the hub at this address
    #[arg(long, value_name = "URL", requires = "hub_key")]
    hub: Option<String>,
    /// The hub's public key in hexadecimal; once for each key it has had
    #[arg(long, env = "NOROSHI_HUB_KEY", value_name = "HEX", value_delimiter = ',')]
    hub_key: Vec<String>,
    /// API key that may read releases; without one, what anybody may read
    #[arg(long, env = "NOROSHI_KEY", hide_env_values = true, value_name = "KEY")]
    key: Option<String>,
    /// File that holds the API key
    #[arg(long, conflicts_with = "key", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Who each release is about, a JSON object from release ids to public member ids: the
    /// operator's secret, for measuring how often an adversary would be right
    #[arg(long, value_name = "FILE", requires = "published")]
    truth: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, speech: &Speech) -> Result<ExitCode> {
    let texts =
        Texts::new(&[TEXTS, REFUSALS].concat()).context("the built-in texts cannot be read")?;
    let say = texts.speak(speech.locale());
    let language = if japanese(speech) { Language::Ja } else { Language::En };
    if let (Some(folder), Some(register)) = (&args.releases, &args.register) {
        let found = releases::search(folder, register, i64::from(args.tick), args.json, &say)?;
        return Ok(if found { ExitCode::from(FOUND) } else { ExitCode::SUCCESS });
    }
    if args.history.is_some() || args.hub.is_some() {
        return replay(args, &texts, &say, language);
    }
    let settings = settings(args);
    Parameters::new(settings.clone())?;
    let extent = Extent {
        campaigns: usize::try_from(args.campaigns).context("too many campaigns")?,
        ..Extent::default()
    };
    let mut practices = Practice::COMPARED.to_vec();
    if args.broken {
        let compared = |p: &Practice| Practice::COMPARED.contains(p);
        practices.extend(Practice::BROKEN.into_iter().filter(|p| !compared(p)));
    }
    let run = measure::run(&practices, args.worlds, &settings, extent)?;
    print!("{}", table::comparison(&run, &say, language));
    print!("{}", table::adversaries(&run, &say, language));
    let gauges = leakage::measure(1, LEAKAGE_VICTIMS)?;
    print!("{}", table::leakage(&gauges, &say, language));
    print!("{}", table::limits(&run, &say, language));
    if args.broken {
        print!("{}", table::broken(&run, &say, language));
    }
    if let Some(file) = &args.html {
        write(file, &html::report(&run, &gauges, &texts))?;
    }
    if args.json {
        println!("{}", json::line(&run, &gauges));
    }
    let kept = run.breaches(Practice::Noroshi).is_empty();
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

/// What a hub really published.
fn replay(args: &Args, texts: &Texts, say: &Speech, language: Language) -> Result<ExitCode> {
    let (key, file) = (args.key.as_deref(), args.key_file.as_deref());
    let source = match (&args.history, &args.hub) {
        (Some(folder), _) => Source::folder(folder)?,
        (None, url) => Source::hub(url.as_deref().unwrap_or_default(), key, file)?,
    };
    let history = History::new(source, read_keys(&args.hub_key)?);
    let truth = args.truth.as_deref().map(deployment::read_truth).transpose()?;
    let found = match deployment::attack(history, truth.as_ref()) {
        Ok(found) => found,
        Err(error) => {
            let Some(refusal) = error.downcast_ref::<Refusal>() else { return Err(error) };
            println!("{}", refusal.explain(say));
            if args.json {
                let (reason, subject) = (refusal.code, &refusal.subject);
                println!(
                    "{}",
                    serde_json::json!({"refused": [{"reason": reason, "subject": subject}]})
                );
            }
            return Ok(ExitCode::from(FOUND));
        }
    };
    print!("{}", deployment::table(&found, say, language));
    if let Some(file) = &args.html {
        write(file, &deployment::report(&found, texts))?;
    }
    if args.json {
        println!("{}", deployment::json_line(&found));
    }
    Ok(if found.is_kept() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

fn settings(args: &Args) -> Settings {
    let default = Settings::default();
    Settings {
        k: args.k.unwrap_or(default.k),
        c: args.c.unwrap_or(default.c),
        p_max: args.p_max.unwrap_or(default.p_max),
        rho: args.rho.unwrap_or(default.rho),
        window_days: args.window.unwrap_or(default.window_days),
        ..default
    }
}
