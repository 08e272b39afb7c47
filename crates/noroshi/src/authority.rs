//! `noroshi authority`: the keys of a ministry or regulator, and what was sealed to it.

mod console;
mod opened;
mod session;

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use noroshi_outlet::Clock as _;
use noroshi_outlet::i18n::Speech;
use noroshi_seal::{AuthorityKey, Envelope, Purpose, open};

use self::opened::Opened;
use crate::secret::{one_line, write_private};
use crate::system::{SystemClock, SystemEntropy};

/// Keys of an authority, and reading what is sealed to it. Nothing leaves this machine.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

const AFTER: &str = "\
An authority makes its key once, on a machine it trusts:
  noroshi authority keygen --name \"Ministry of X\" --out x.key --passphrase-file pass > x.json
  and gives x.json to the hub's operator. What the hub seals to it, only x.key opens:
  noroshi authority open --key x.key --passphrase-file pass --out filings *.nrse
  noroshi authority console --hub https://hub.example.org --key x.key --passphrase-file pass
The console lists, opens and answers filings in a browser on this machine.";

#[derive(Subcommand)]
enum What {
    /// Make a key file, and print the statement for the hub's operator
    Keygen {
        /// Where to write the private key; it must not exist yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The authority's name, as members know it
        #[arg(long)]
        name: String,
        /// First day on which to seal to this key [default: today]
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<jiff::civil::Date>,
        /// How many days the key holds
        #[arg(long, default_value_t = 730)]
        days: u32,
        /// Protect the file with the first line of this file; - reads standard input
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Open envelopes and write what is in them
    Open {
        /// The private key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The passphrase of the key file: first line of this file
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// What the envelopes hold
        #[arg(long, value_enum, default_value_t = Kind::Filing)]
        kind: Kind,
        /// The matter they were sealed for, exactly as the hub names it
        #[arg(long, value_name = "TEXT", default_value = "")]
        matter: String,
        /// Write the files of each envelope into this folder: the form as .json and the document as .pdf.
        /// Without it the form goes to standard output
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Envelopes; without any, or as -, standard input is read
        envelopes: Vec<PathBuf>,
    },
    /// Read and answer filings in a browser on this machine
    ///
    /// Prints an address that only this machine reaches. An officer signs in there with a one-time link
    /// of the hub; filings are fetched sealed and opened here with the key. What they say never leaves
    /// this machine.
    Console {
        /// Address of the hub
        #[arg(long, value_name = "URL")]
        hub: String,
        /// The private key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The passphrase of the key file: first line of this file; - reads standard input
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Address and port of this machine to listen on; port 0 takes a free one
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
}

/// What an authority opens.
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// A filing: a report that the law demands
    Filing,
    /// Who a reporter is
    Identity,
}

pub(crate) fn run(args: Args, speech: &Speech) -> Result<ExitCode> {
    match args.what {
        What::Keygen { out, name, from, days, passphrase_file } => {
            let first = from.map_or_else(today, day_of);
            let last = first + i64::from(days.max(1)) - 1;
            keygen(&out, &name, (first, last), passphrase_file.as_deref(), speech)
        }
        What::Open { key, passphrase_file, kind, matter, out, envelopes } => {
            let key = read_key(&key, passphrase_file.as_deref())?;
            let purpose = match kind {
                Kind::Filing => Purpose::Filing,
                Kind::Identity => Purpose::Identity,
            };
            open_all(&Opener { key, purpose, matter }, out.as_deref(), &envelopes)
        }
        What::Console { hub, key, passphrase_file, listen } => {
            let key = read_key(&key, passphrase_file.as_deref())?;
            console::run(&hub, key, listen, speech)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn keygen(
    out: &Path,
    name: &str,
    (first, last): (i64, i64),
    passphrase_file: Option<&Path>,
    speech: &Speech,
) -> Result<ExitCode> {
    let key = AuthorityKey::generate(&SystemEntropy)?;
    // First everything that can be wrong with the wishes, then the file.
    let statement = key.state(name, first, last).context(
        "the name must have 1 to 200 bytes without line breaks, the days must lie between 1970 and 9999",
    )?;
    let text = match passphrase_file {
        Some(file) => key.protect(&one_line(file)?, &SystemEntropy)?,
        None => key.expose(),
    };
    write_private(out, zeroize::Zeroizing::new(format!("{}\n", text.as_str())).as_bytes())?;
    print!("{}", statement.to_json());
    let signer = statement.signer().key_id().to_string();
    let args = [("file", out.display().to_string().into()), ("signer", signer.into())];
    eprintln!("{}", speech.with("authority-made", &args));
    if passphrase_file.is_none() {
        eprintln!("{}", speech.t("authority-plain"));
    }
    Ok(ExitCode::SUCCESS)
}

struct Opener {
    key: AuthorityKey,
    purpose: Purpose,
    matter: String,
}

impl Opener {
    fn payload(&self, bytes: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>> {
        let envelope = Envelope::from_bytes(bytes)?;
        Ok(open(self.key.opening_key(), self.purpose, self.matter.as_bytes(), &envelope)?)
    }
}

/// Goes on after an envelope that does not open: the others may be urgent. Says so at the end.
fn open_all(opener: &Opener, out: Option<&Path>, envelopes: &[PathBuf]) -> Result<ExitCode> {
    let stdin = [PathBuf::from("-")];
    let envelopes = if envelopes.is_empty() { &stdin } else { envelopes };
    if out.is_none() && envelopes.len() > 1 {
        bail!("standard output takes one envelope: name a folder for several with --out");
    }
    let mut failed = 0_usize;
    for file in envelopes {
        let done = read(file)
            .and_then(|bytes| opener.payload(&bytes))
            .and_then(|payload| write(out, file, &payload));
        if let Err(error) = done {
            eprintln!("noroshi: {}: {error:#}", file.display());
            failed += 1;
        }
    }
    if failed > 0 {
        bail!("{failed} of {} envelopes could not be opened; the others were", envelopes.len());
    }
    Ok(ExitCode::SUCCESS)
}

fn read_key(file: &Path, passphrase_file: Option<&Path>) -> Result<AuthorityKey> {
    let text = zeroize::Zeroizing::new(
        std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?,
    );
    let passphrase = passphrase_file.map(one_line).transpose()?;
    AuthorityKey::parse(&text, passphrase.as_ref().map(|line| line.as_str()))
        .with_context(|| file.display().to_string())
}

/// At most what the largest envelope has: a wrong file should not fill the memory.
fn read(file: &Path) -> Result<Vec<u8>> {
    const MOST: u64 = (1 << 24) + 4096;
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().take(MOST).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file)?.take(MOST).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn write(out: Option<&Path>, envelope: &Path, payload: &[u8]) -> Result<()> {
    match Opened::read(payload) {
        Some(Opened { json, pdf, .. }) => {
            write_one(out, envelope, &json)?;
            match (pdf, out) {
                (Some(pdf), Some(_)) => write_one(out, envelope, &pdf),
                _ => Ok(()),
            }
        }
        None => write_one(out, envelope, payload),
    }
}

fn write_one(out: Option<&Path>, envelope: &Path, payload: &[u8]) -> Result<()> {
    let Some(folder) = out else {
        std::io::stdout().lock().write_all(payload)?;
        return Ok(std::io::stdout().flush()?);
    };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    let name = if envelope == Path::new("-") { Path::new("stdin") } else { envelope };
    let name = name.file_stem().context("the envelope has no file name")?;
    let mut target = folder.join(name).into_os_string();
    target.push(extension(payload));
    let target = PathBuf::from(target);
    write_private(&target, payload)?;
    println!("{}", target.display());
    Ok(())
}

fn extension(payload: &[u8]) -> &'static str {
    let first = payload.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        _ if payload.starts_with(b"%PDF-") => ".pdf",
        Some(b'{' | b'[') => ".json",
        _ => ".bin",
    }
}

fn today() -> i64 {
    SystemClock.now().as_micros().div_euclid(86_400_000_000)
}

fn day_of(date: jiff::civil::Date) -> i64 {
    let epoch = jiff::civil::Date::constant(1970, 1, 1);
    date.duration_since(epoch).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::{day_of, extension};

    #[test]
    fn days_are_counted_from_1970() {
        for (date, day) in [("1970-01-01", 0), ("2026-11-23", 20_780), ("1969-12-31", -1)] {
            assert_eq!(day_of(date.parse().unwrap()), day);
        }
    }

    #[test]
    fn files_are_named_for_what_they_are() {
        for (payload, name) in
            [("%PDF-1.7", ".pdf"), (" {\"a\": 1}", ".json"), ("[]", ".json"), ("", ".bin")]
        {
            assert_eq!(extension(payload.as_bytes()), name);
        }
    }
}
