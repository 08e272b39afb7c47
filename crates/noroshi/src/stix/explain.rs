//! `noroshi stix explain`: what objects, patterns, types, properties and codes mean, in words.

mod definition;
mod document;
mod marking;
mod object;
mod pattern;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use noroshi_stix::Document;
use noroshi_stix::pattern::ast::Observation;

use super::wording::Wording;
use super::{UNREADABLE, bytes_of, label, plain};

/// Explain STIX in words: a file, a pattern, a type, a property, a vocabulary, a marking or a code.
///
/// Of a file: who says what and when, how far it may be shared, what patterns look for, and what is
/// not of STIX itself. Without an argument: everything that can be asked for.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi stix explain bundle.json
  noroshi --lang ja stix explain bundle.json
  noroshi stix explain \"[ipv4-addr:value ISSUBSET '198.51.100.0/24'] REPEATS 5 TIMES\"
  noroshi stix explain indicator                  a type
  noroshi stix explain valid_until                a property, wherever it occurs
  noroshi stix explain indicator.pattern          a property of one type
  noroshi stix explain report-type-ov             a vocabulary
  noroshi stix explain TLP:AMBER                  a marking
  noroshi stix explain bad-id                     a code of `noroshi stix validate`")]
pub(crate) struct Args {
    /// A file (- reads standard input), a pattern, or a name
    #[arg(value_name = "FILE|PATTERN|NAME")]
    what: Option<String>,
    /// Explain every object of a file, not only the first ones
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(args: &Args, wording: &Wording) -> Result<ExitCode> {
    let Some(what) = args.what.as_deref() else {
        print!("{}", definition::topics(wording));
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(text) = definition::explain(what, wording) {
        print!("{text}");
        return Ok(ExitCode::SUCCESS);
    }
    let path = Path::new(what);
    if what == "-" || path.is_file() {
        return Ok(file(path, args.all, wording));
    }
    let begins = what.trim_start();
    if begins.starts_with('{') {
        return Ok(bytes(what.as_bytes(), "JSON", args.all, wording));
    }
    if begins.starts_with(['[', '(']) {
        return Ok(bytes(what.as_bytes(), "PATTERN", args.all, wording));
    }
    let name = plain::clipped(what, 100);
    eprintln!("{}", wording.with("stix-nothing-known", &[("name", &name)]));
    let near = definition::near(what);
    if !near.is_empty() {
        eprintln!("{}", wording.with("stix-did-you-mean", &[("names", &near.join(", "))]));
    }
    Ok(ExitCode::from(UNREADABLE))
}

fn file(path: &Path, all: bool, wording: &Wording) -> ExitCode {
    let file = label(path);
    match bytes_of(path) {
        Ok(content) => bytes(&content, &file, all, wording),
        Err(error) => unreadable(&file, &error.to_string(), wording),
    }
}

/// STIX objects, or else a pattern.
fn bytes(content: &[u8], file: &str, all: bool, wording: &Wording) -> ExitCode {
    let error = match Document::read(content) {
        Ok(document) => {
            print!("{}", document::explain(document, all, wording));
            return ExitCode::SUCCESS;
        }
        Err(error) => error,
    };
    let text = std::str::from_utf8(content).unwrap_or_default();
    match Observation::parse(text) {
        Ok(tree) => {
            print!("{}", pattern::explain(&tree, wording).join("\n") + "\n");
            ExitCode::SUCCESS
        }
        Err(wrong) if file == "PATTERN" => {
            unreadable(file, &wording.pattern_error(&wrong), wording)
        }
        Err(_) => unreadable(file, &wording.document_error(&error), wording),
    }
}

fn unreadable(file: &str, reason: &str, wording: &Wording) -> ExitCode {
    eprintln!("{}", wording.with("stix-unreadable", &[("file", file), ("reason", reason)]));
    ExitCode::from(UNREADABLE)
}
