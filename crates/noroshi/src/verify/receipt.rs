//! `noroshi verify receipt`, `challenge` and `answer`: what was reported, when, and by whom who shows it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use noroshi_outlet::i18n::Speech;
use noroshi_seal::{
    Challenge, ChallengeAnswer, Receipt, ReportProof, ReporterKeys, VerifyingKey, with_words,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::outlet::read_key;
use crate::secret::one_line;
use crate::system::SystemEntropy;

pub(super) const AFTER: &str = "\
A receipt alone is the hub's word. With --proof it is also shown that the hub had published its
place by then, where every member saw it. That the person who shows it filed the report:
  verifier:  noroshi verify challenge
  reporter:  noroshi verify answer CHALLENGE --receipt proof.json
  verifier:  noroshi verify receipt --proof proof.json --challenge CHALLENGE --answer ANSWER";

#[derive(clap::Args)]
pub(super) struct Args {
    /// The receipt, as it was printed
    #[arg(required_unless_present = "proof", conflicts_with = "proof")]
    receipt: Option<PathBuf>,
    /// The proof: receipt, its place in the tree of its day, and that day's signed head
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// What was sent: the file, or the `sha256sum` list of several files
    #[arg(long, value_name = "FILE", conflicts_with = "report")]
    content: Option<PathBuf>,
    /// The files that were sent, in their order and with their names
    #[arg(long, value_name = "FILE", num_args = 1..)]
    report: Vec<PathBuf>,
    /// Check that these are the report's twelve words, in one line; - reads standard input
    #[arg(long, value_name = "FILE")]
    words: Option<PathBuf>,
    /// With --words: check that the report was committed to this member
    #[arg(long, value_name = "ID", requires = "words")]
    member: Option<String>,
    /// The challenge that was given to whoever shows the receipt
    #[arg(long, value_name = "CHALLENGE", requires = "answer")]
    challenge: Option<Challenge>,
    /// The answer that came back
    #[arg(long, value_name = "ANSWER", requires = "challenge")]
    answer: Option<ChallengeAnswer>,
    /// The hub's public key in hexadecimal
    #[arg(long, env = "NOROSHI_HUB_KEY", value_name = "HEX")]
    hub_key: String,
    /// Print one line of JSON instead of sentences
    #[arg(long)]
    pub(super) json: bool,
}

/// Answers a challenge with the words of a report.
pub(super) fn answer(challenge: &str, receipt: &Path, words: &Path) -> Result<ExitCode> {
    let challenge: Challenge = challenge.parse()?;
    let receipt = receipt_in(&read(receipt)?)?;
    println!("{}", with_words(one_line(words)?, |keys| challenge.answer(&receipt, keys))??);
    Ok(ExitCode::SUCCESS)
}

/// Prints a fresh challenge.
pub(super) fn challenge() -> ExitCode {
    println!("{}", Challenge::generate(&SystemEntropy));
    ExitCode::SUCCESS
}

/// Says a line for each thing that was shown, once all of it holds: half a success must not be
/// taken for a whole one.
pub(super) fn run(args: &Args, speech: &Speech) -> Result<ExitCode> {
    let key = read_key(&args.hub_key)?;
    let shown = Shown::read(args)?;
    shown.verify(&key)?;
    let receipt = shown.receipt();
    let id = [("id", receipt.report_id().into())];
    let mut lines = Vec::new();
    match content(args)? {
        Some(bytes) => {
            receipt.verify_content(&key, &bytes)?;
            lines.push(speech.with("verify-content", &id));
        }
        None => lines.push(speech.with("verify-signature", &id)),
    }
    let day = jiff::civil::Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(receipt.day())?)?;
    let line = match shown {
        Shown::Proof(_) => "verify-published",
        Shown::Receipt(_) => "verify-day",
    };
    lines.push(speech.with(line, &[("day", day.to_string().into())]));
    if let (Some(challenge), Some(answer)) = (&args.challenge, &args.answer) {
        challenge.verify(receipt, answer)?;
        lines.push(speech.t("verify-answered"));
    }
    if let Some(words) = &args.words {
        with_words(one_line(words)?, |keys| holds(receipt, keys, args.member.as_deref()))??;
        lines.push(speech.t("verify-words"));
        if let Some(member) = &args.member {
            lines.push(speech.with("verify-member", &[("member", member.clone().into())]));
        }
    }
    if args.json {
        println!(
            "{}",
            json!({
                "result": "good",
                "report_id": receipt.report_id(),
                "content_checked": args.content.is_some() || !args.report.is_empty(),
                "published": matches!(shown, Shown::Proof(_)),
                "on_or_before": day.to_string(),
                "answered": args.answer.is_some(),
                "words_checked": args.words.is_some(),
            })
        );
    } else {
        println!("{}", lines.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The words sign a challenge that is fresh, as they would for somebody else.
fn holds(
    receipt: &Receipt,
    keys: &ReporterKeys,
    member: Option<&str>,
) -> Result<(), noroshi_seal::SealError> {
    let challenge = Challenge::generate(&SystemEntropy);
    challenge.verify(receipt, &challenge.answer(receipt, keys)?)?;
    match (member, receipt.report_key()) {
        (Some(member), Some(report)) if keys.commit(member) != report.commit => {
            Err(noroshi_seal::SealError::OtherMember)
        }
        _ => Ok(()),
    }
}

/// What was brought: the hub's word alone, or with its place in the published tree.
enum Shown {
    Receipt(Box<Receipt>),
    Proof(Box<ReportProof>),
}

impl Shown {
    fn read(args: &Args) -> Result<Self> {
        match (&args.proof, &args.receipt) {
            (Some(file), _) => Ok(Self::Proof(Box::new(ReportProof::parse(&read(file)?)?))),
            (None, Some(file)) => Ok(Self::Receipt(Box::new(Receipt::parse(&read(file)?)?))),
            (None, None) => bail!("name a receipt, or a proof with --proof"),
        }
    }

    fn verify(&self, key: &VerifyingKey) -> Result<(), noroshi_seal::SealError> {
        match self {
            Self::Receipt(receipt) => receipt.verify(key),
            Self::Proof(proof) => proof.verify(key),
        }
    }

    fn receipt(&self) -> &Receipt {
        match self {
            Self::Receipt(receipt) => receipt,
            Self::Proof(proof) => &proof.receipt,
        }
    }
}

/// The bytes a receipt is about: the file itself, or for several files the list that `sha256sum`
/// prints over them.
fn content(args: &Args) -> Result<Option<Vec<u8>>> {
    let bytes = |file: &Path| {
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
    };
    match (&args.content, args.report.as_slice()) {
        (Some(file), _) => bytes(file).map(Some),
        (None, []) => Ok(None),
        (None, [only]) => bytes(only).map(Some),
        (None, several) => {
            let mut list = String::new();
            for file in several {
                let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes(file)?));
                let name = file.file_name().context("a file without a name")?.to_string_lossy();
                list.push_str(&format!("{digest}  {name}\n"));
            }
            Ok(Some(list.into_bytes()))
        }
    }
}

fn receipt_in(text: &str) -> Result<Receipt> {
    if text.trim_start().starts_with('{') {
        return Ok(ReportProof::parse(text)?.receipt);
    }
    Ok(Receipt::parse(text)?)
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
