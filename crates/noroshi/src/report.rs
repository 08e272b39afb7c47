//! `noroshi report`: file a report from the shell.

mod own;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use noroshi_intake::{Draft, DropReason, Hint, Limits};
use noroshi_outlet::i18n::{Speech, Value};
use noroshi_seal::{Entropy, ReporterKeys, WordList, Words, random_bytes};

use crate::ask;
use crate::client::{Client, File};
use crate::speech::japanese;
use crate::system::SystemEntropy;

/// File a report: shows what it understood, asks, sends.
///
/// Takes a noroshi report (JSON or TOML), a STIX 2.1 or 2.0 bundle, a MISP event, CSV, plain text
/// with defanged indicators in English or Japanese, or a mail (.eml). Several files are one report.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi report --dry-run suspicious.eml          show what would be sent, send nothing
  noroshi report suspicious.eml indicators.txt     show, ask, send
  noroshi report --words suspicious.eml            the same, and twelve words to keep
  pbpaste | noroshi report --yes -                 send what is on the clipboard
  noroshi report --own own.toml --check mail.eml   show what would be left of it without your own
                                                   hosts, addresses, people and projects")]
pub(crate) struct Args {
    /// The files; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Address of the hub
    #[arg(long, env = "NOROSHI_HUB", default_value = "http://127.0.0.1:8844", value_name = "URL")]
    hub: String,
    /// API key that may report (better in the environment than on the command line)
    #[arg(long, env = "NOROSHI_KEY", hide_env_values = true, value_name = "KEY")]
    key: Option<String>,
    /// File that holds the API key
    #[arg(long, conflicts_with = "key", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Send without asking
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Show what was understood and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Your own assets (TOML): what names them is removed before anything is sent. The list itself
    /// never leaves this machine; reference/own-assets-example.toml shows the shape
    #[arg(long, env = "NOROSHI_OWN", value_name = "FILE")]
    own: Option<PathBuf>,
    /// Show what --own removes and what would be sent, and send nothing
    #[arg(long, requires = "own", conflicts_with_all = ["yes", "dry_run"])]
    check: bool,
    /// Give the report twelve words: they prove later that it is yours, and read and answer the
    /// desk's questions without a name. Made on this machine, printed once, never sent
    #[arg(long, conflicts_with = "dry_run")]
    words: bool,
    /// With --words: commit the report to this member, so that it can be shown later whose it is
    #[arg(long, value_name = "ID", requires = "words")]
    member: Option<String>,
    /// Show every indicator, not only the first of each kind
    #[arg(long)]
    all: bool,
    /// Answer with the hub's JSON instead of sentences
    #[arg(long)]
    json: bool,
}

/// Most indicators shown of each kind unless --all is given.
const SHOWN: usize = 5;

pub(crate) fn run(args: &Args, speech: &Speech) -> Result<ExitCode> {
    let own = args.own.as_deref().map(own::load).transpose()?;
    let mut files = Vec::new();
    let mut own_places = Vec::new();
    let mut draft: Option<Draft> = None;
    for path in &args.files {
        let file = read(path)?;
        let hint = Hint { media_type: None, file_name: Some(file.name.as_str()) };
        let one = noroshi_intake::read(&file.bytes, hint, &Limits::default())
            .with_context(|| path.display().to_string())?;
        if let Some(own) = &own {
            own_places.push(own::look(own, &file, &one)?);
        }
        draft = Some(match draft {
            Some(d) => d.merge(one),
            None => one,
        });
        files.push(file);
    }
    let Some(mut draft) = draft else { bail!("name at least one file") };
    let filtered = own.map(|own| own::filter(&own, own_places, &mut draft)).transpose()?;
    if !args.json {
        show(&draft, args.all, speech);
        if let Some(filtered) = &filtered {
            filtered.show(args.all, speech);
        }
    }
    if let Some(document) = filtered.and_then(own::Filtered::into_document) {
        files = vec![document];
    }
    if args.check {
        eprintln!("{}", speech.t("report-own-check"));
        return Ok(ExitCode::SUCCESS);
    }
    if args.dry_run {
        eprintln!("{}", speech.t("report-dry-run"));
        return Ok(ExitCode::SUCCESS);
    }
    if !args.yes
        && !ask::yes(&speech.with("report-ask", &[("hub", Value::from(args.hub.as_str()))]))?
    {
        eprintln!("{}", speech.t("report-not-sent"));
        return Ok(ExitCode::FAILURE);
    }
    let client = Client::with_key(&args.hub, &key(args)?);
    let boundary =
        data_encoding::HEXLOWER.encode(&random_bytes::<16>(&SystemEntropy as &dyn Entropy));
    let fields = if args.words { words(args, speech)? } else { Vec::new() };
    let answer = client.post_form("/api/v1/reports", &fields, &files, &boundary)?.success()?;
    if args.json {
        println!("{}", answer.text());
    } else {
        sent(&answer.json()?, speech);
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes words, prints them, and returns what the hub may know of them. They are printed before
/// anything is sent: words that fail to be shown must not belong to a report.
fn words(args: &Args, speech: &Speech) -> Result<Vec<(&'static str, String)>> {
    let list = if japanese(speech) { WordList::Japanese } else { WordList::English };
    let words = Words::generate(&SystemEntropy);
    let shown = words.expose(list)?;
    let mut out: Box<dyn Write> =
        if args.json { Box::new(std::io::stderr()) } else { Box::new(std::io::stdout()) };
    writeln!(out, "{}\n\n    {}\n", speech.t("report-words"), shown.as_str())?;
    out.flush()?;
    let keys = ReporterKeys::derive(&words)?;
    let public = keys.public();
    let commit = match &args.member {
        Some(member) => keys.commit(member),
        None => random_bytes(&SystemEntropy),
    };
    Ok(vec![
        ("report_key", public.report_key.to_string()),
        ("commit", data_encoding::HEXLOWER.encode(&commit)),
        ("mailbox_key", public.mailbox_key.to_string()),
    ])
}

fn read(path: &Path) -> Result<File> {
    let stdin = path == Path::new("-");
    let mut bytes = Vec::new();
    if stdin {
        std::io::stdin().read_to_end(&mut bytes).context("standard input cannot be read")?;
    } else {
        bytes =
            std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    }
    // Only the name, never the folder: a path says whose machine it is.
    let name = match path.file_name() {
        Some(n) if !stdin => n.to_string_lossy().into_owned(),
        _ => String::new(),
    };
    Ok(File { name, media: "application/octet-stream", bytes })
}

fn key(args: &Args) -> Result<String> {
    let text = match (&args.key, &args.key_file) {
        (Some(key), _) => key.clone(),
        (None, Some(file)) => std::fs::read_to_string(file)
            .with_context(|| format!("the key file {} cannot be read", file.display()))?,
        (None, None) => bail!("no API key: set NOROSHI_KEY or name --key-file"),
    };
    Ok(text.trim().to_owned())
}

/// What was understood, before anything leaves this machine.
fn show(draft: &Draft, all: bool, speech: &Speech) {
    println!("{}", speech.with("report-found", &[("count", Value::from(draft.found.len()))]));
    for (kind, count) in draft.count_by_kind() {
        println!("  {:<14} {count}", kind.as_str());
        let of_kind = draft.found.iter().filter(|f| f.observable.kind() == kind);
        for found in of_kind.take(if all { usize::MAX } else { SHOWN }) {
            let value: String = found.observable.value().chars().take(100).collect();
            println!("    {value}   ({})", found.origin);
        }
        if !all && count > SHOWN {
            println!(
                "    {}",
                speech.with("report-more", &[("count", Value::from(count - SHOWN))])
            );
        }
    }
    if !draft.dropped.is_empty() {
        println!(
            "{}",
            speech.with("report-dropped", &[("count", Value::from(draft.dropped.len()))])
        );
        for d in draft.dropped.iter().take(if all { usize::MAX } else { 3 * SHOWN }) {
            println!("    {}   ({}): {}", d.text, d.origin, explain(d.reason, speech));
        }
    }
    if !draft.problems.is_empty() {
        println!(
            "{}",
            speech.with("report-problems", &[("count", Value::from(draft.problems.len()))])
        );
        for p in draft.problems.iter().take(if all { usize::MAX } else { 3 * SHOWN }) {
            println!("    {}: {} ({})", p.path, p.message, p.code);
        }
    }
}

/// What the hub says became of it.
fn sent(answer: &serde_json::Value, speech: &Speech) {
    let text = |v: &serde_json::Value, key: &str| v[key].as_str().unwrap_or_default().to_owned();
    println!("{}", speech.with("report-accepted", &[("id", Value::from(text(answer, "id")))]));
    let items = answer["indicators"].as_array().map(Vec::as_slice).unwrap_or_default();
    let count = |verdict: &str| items.iter().filter(|i| i["verdict"] == verdict).count();
    println!("{}", speech.with("report-passed", &[("count", Value::from(count("passed")))]));
    let kept: Vec<_> = items.iter().filter(|i| i["verdict"] != "passed").collect();
    if !kept.is_empty() {
        println!("{}", speech.with("report-kept", &[("count", Value::from(kept.len()))]));
        for item in kept {
            println!("    {} {}", text(item, "kind"), text(item, "value"));
            for reason in item["reasons"].as_array().map(Vec::as_slice).unwrap_or_default() {
                println!("      {}", text(reason, speech.lang()));
            }
        }
    }
    println!("{}", speech.t("report-receipt"));
    println!("{}", text(answer, "receipt"));
}

fn explain(reason: DropReason, speech: &Speech) -> &'static str {
    if japanese(speech) { reason.japanese() } else { reason.english() }
}
