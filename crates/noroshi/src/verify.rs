//! `noroshi verify`: check what a hub signed without the hub.

mod certificate;
mod fetch;
mod receipt;
mod release;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use noroshi_outlet::i18n::{Locale, Speech, Texts};
use serde_json::json;

use crate::history::Refusal;

/// Texts of what was found.
pub(crate) const TEXTS: &[(Locale, &str)] = &[
    (Locale::En, include_str!("../locales/en/verify.ftl")),
    (Locale::Ja, include_str!("../locales/ja/verify.ftl")),
];

/// Check what a hub signed, without the hub's help.
///
/// Exits 0 when everything is good, 1 when something is refused (the reason is printed), 2 when
/// the command was not understood.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi verify certificate report--458897cc-c070-4537-9495-51cad69a5b46
  noroshi verify release --objects page.json
  noroshi verify fetch --to published
  noroshi verify certificate report--458897cc-c070-4537-9495-51cad69a5b46 --folder published
The hub's address, its public key and an API key are read from NOROSHI_HUB, NOROSHI_HUB_KEY and
NOROSHI_KEY as well.")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Check a receipt: this content was reported on or before that day
    #[command(after_help = receipt::AFTER)]
    Receipt(receipt::Args),
    /// Print a fresh challenge, to be answered by whoever shows a receipt
    Challenge,
    /// Answer a challenge with the twelve words of a report
    Answer {
        /// The challenge: nrsq_ and letters or digits
        challenge: String,
        /// The receipt, or the proof that holds it
        #[arg(long, value_name = "FILE")]
        receipt: PathBuf,
        /// The words, in one line; - reads standard input
        #[arg(long, value_name = "FILE", default_value = "-")]
        words: PathBuf,
    },
    /// Recompute the anonymity certificate of a context release from public documents
    ///
    /// Fetches certificate, record, registers and parameters, checks every signature and the chain
    /// of records, and decides again what label the release may carry.
    Certificate(certificate::Args),
    /// Check that released objects are what the hub signed, byte for byte
    ///
    /// TAXII objects carry no signature; the hub signs the root of a Merkle tree over each batch.
    /// This asks for the path from each object to that root.
    Release(release::Args),
    /// Save everything that is needed to check certificates offline
    ///
    /// Saves certificates, records, registers, parameters and the log of direct warnings, and the
    /// released reports with their proofs. What is there already and has not changed is not
    /// fetched again; nothing without a good signature is saved.
    Fetch(fetch::Args),
}

pub(crate) fn run(args: &Args, speech: &Speech) -> Result<ExitCode> {
    let texts = Texts::new(TEXTS).context("the built-in texts cannot be read")?;
    let say = texts.speak(speech.locale());
    let (done, as_json) = match &args.what {
        What::Receipt(args) => (receipt::run(args, speech), args.json),
        What::Challenge => (Ok(receipt::challenge()), false),
        What::Answer { challenge, receipt, words } => {
            (receipt::answer(challenge, receipt, words), false)
        }
        What::Certificate(args) => (certificate::run(args, &say), args.json),
        What::Release(args) => (release::run(args, &say), args.json),
        What::Fetch(args) => (fetch::run(args, &say), args.json),
    };
    let error = match done {
        Ok(code) => return Ok(code),
        Err(error) => error,
    };
    let Some(refusal) = error.downcast_ref::<Refusal>() else { return Err(error) };
    if as_json {
        println!("{}", refused(refusal, &say));
    } else {
        println!("{}", refusal.explain(&say));
    }
    Ok(ExitCode::FAILURE)
}

/// A refusal for programs.
fn refused(refusal: &Refusal, say: &Speech) -> serde_json::Value {
    let (code, subject) = (refusal.code, &refusal.subject);
    json!({"result": "refused", "reason": code, "subject": subject, "text": refusal.explain(say)})
}
