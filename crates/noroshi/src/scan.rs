//! `noroshi scan`: look for known indicators in log files, on this machine.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use noroshi_intake::{Hint, Limits};
use noroshi_scan::{LineScanner, Matcher};
use noroshi_stix::{Observable, observables_in_object};

use crate::client::Client;

/// Look for indicators in log files. The logs never leave this machine.
///
/// Prints one line a hit: file, line, kind, value. Exits 0 when nothing was found and 3 when
/// something was.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Log files; - reads standard input
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// Indicators from a file: a plain list, CSV, STIX or MISP (repeatable)
    #[arg(long, value_name = "FILE")]
    with: Vec<PathBuf>,
    /// Indicators from a hub: all that it has released
    #[arg(long, env = "NOROSHI_HUB", value_name = "URL")]
    hub: Option<String>,
    /// API key that may read
    #[arg(long, env = "NOROSHI_KEY", hide_env_values = true, value_name = "KEY")]
    key: Option<String>,
}

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;
/// Exit code when something was found.
const FOUND: u8 = 3;

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut indicators = Vec::new();
    for file in &args.with {
        indicators.extend(from_file(file)?);
    }
    if let Some(hub) = &args.hub {
        let key = args.key.as_deref().context("--hub needs an API key: set NOROSHI_KEY")?;
        indicators.extend(from_hub(&Client::with_key(hub, key))?);
    }
    if indicators.is_empty() {
        bail!("no indicators to look for: name --with FILE or --hub URL");
    }
    let mut ids: HashMap<Observable, u32> = HashMap::new();
    for o in indicators {
        let next = u32::try_from(ids.len()).context("more indicators than can be numbered")?;
        ids.entry(o).or_insert(next);
    }
    let mut names: Vec<&Observable> = ids.keys().collect();
    names.sort_by_key(|o| ids.get(*o));
    let matcher = Matcher::new(ids.iter().map(|(o, id)| (o.clone(), *id)));
    eprintln!("looking for {} indicators", names.len());
    let mut hits = 0u64;
    for log in &args.logs {
        hits += scan(log, &matcher, &names)?;
    }
    eprintln!("{hits} hits");
    Ok(if hits > 0 { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

fn from_file(file: &Path) -> Result<Vec<Observable>> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
    let hint = Hint { media_type: None, file_name: name.as_deref() };
    let limits = Limits { max_bytes: usize::MAX, max_indicators: usize::MAX, ..Limits::default() };
    let draft =
        noroshi_intake::read(&bytes, hint, &limits).with_context(|| file.display().to_string())?;
    Ok(draft.found.into_iter().map(|f| f.observable).collect())
}

/// Reads the whole signals collection, page by page.
fn from_hub(client: &Client) -> Result<Vec<Observable>> {
    let mut out = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let cursor = next.as_deref().map(|n| format!("&next={n}")).unwrap_or_default();
        let path = format!("/taxii2/noroshi/collections/signals/objects/?limit=10000{cursor}");
        let page = client.get(&path, "application/taxii+json;version=2.1")?.success()?.json()?;
        for object in page["objects"].as_array().map(Vec::as_slice).unwrap_or_default() {
            if object["revoked"] != true {
                out.extend(observables_in_object(object).found);
            }
        }
        match page["next"].as_str() {
            Some(n) if page["more"] == true => next = Some(n.to_owned()),
            _ => return Ok(out),
        }
    }
}

fn scan(log: &Path, matcher: &Matcher, names: &[&Observable]) -> Result<u64> {
    let mut input: Box<dyn Read> = if log == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(
            std::fs::File::open(log)
                .with_context(|| format!("{} cannot be read", log.display()))?,
        )
    };
    let mut hits = 0;
    let mut scanner = LineScanner::new(matcher);
    let mut show = |hit: noroshi_scan::LineHit<'_>| {
        hits += 1;
        if let Some(o) = names.get(hit.id as usize) {
            println!("{}:{}: {} {}", log.display(), hit.number, o.kind(), o.value());
        }
    };
    let mut chunk = vec![0; CHUNK];
    loop {
        let n = input.read(&mut chunk).with_context(|| log.display().to_string())?;
        if n == 0 {
            break;
        }
        scanner.push(chunk.get(..n).unwrap_or_default(), &mut show);
    }
    scanner.finish(&mut show);
    Ok(hits)
}
