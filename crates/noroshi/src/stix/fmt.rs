//! `noroshi stix fmt`: STIX as people read it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use noroshi_stix::readable;
use serde_json::Value;

use super::wording::Wording;
use super::{FOUND, UNREADABLE, bytes_of, label};

/// Write STIX readably: properties in the order of the specification, two spaces a level.
///
/// Nothing is lost: numbers keep their digits, and what STIX does not define stays. Formatting twice
/// changes nothing more. One object per line stays one object per line.
///
/// Exits 0, with --check 1 when a file would be written otherwise, and 2 when one cannot be read.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi stix fmt bundle.json              print it
  noroshi stix fmt --write bundle.json      write it back
  noroshi stix fmt --check *.json           in a pipeline: is everything formatted?
  curl ... | noroshi stix fmt - | less")]
pub(crate) struct Args {
    /// The files; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; name the files that would be written otherwise
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Write the files back
    #[arg(long)]
    write: bool,
}

pub(crate) fn run(args: &Args, wording: &Wording) -> Result<ExitCode> {
    if args.write && args.files.iter().any(|file| file == Path::new("-")) {
        bail!("--write needs files; standard input is printed without it");
    }
    let mut worst = 0;
    for path in &args.files {
        let file = label(path);
        let bytes = match bytes_of(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                unreadable(&file, &error.to_string(), wording);
                worst = UNREADABLE;
                continue;
            }
        };
        let text = match readable(&bytes) {
            Ok(text) => text,
            Err(error) => {
                unreadable(&file, &wording.document_error(&error), wording);
                worst = UNREADABLE;
                continue;
            }
        };
        if !args.check && !args.write {
            std::io::stdout().write_all(text.as_bytes()).context("standard output is closed")?;
        } else if text.as_bytes() != bytes {
            if args.write {
                put_back(path, &bytes, &text)
                    .with_context(|| format!("{file} cannot be written"))?;
                println!("{}", wording.with("stix-formatted", &[("file", &file)]));
            } else {
                worst = worst.max(FOUND);
                println!("{}", wording.with("stix-not-formatted", &[("file", &file)]));
            }
        }
    }
    Ok(ExitCode::from(worst))
}

fn unreadable(file: &str, reason: &str, wording: &Wording) {
    eprintln!("{}", wording.with("stix-unreadable", &[("file", file), ("reason", reason)]));
}

/// Writes the file anew, whole or not at all, once it is sure that both say the same.
fn put_back(path: &Path, bytes: &[u8], text: &str) -> Result<()> {
    let values = |bytes: &[u8]| -> Result<Vec<Value>> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let all = serde_json::Deserializer::from_slice(bytes).into_iter();
        Ok(all.collect::<Result<_, _>>()?)
    };
    if values(bytes)? != values(text.as_bytes())? {
        bail!("formatting would change what it says; please report this as a fault");
    }
    let path = path.canonicalize()?;
    let folder = path.parent().context("it lies in no folder")?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    new.as_file().sync_all()?;
    new.persist(&path)?;
    Ok(())
}
