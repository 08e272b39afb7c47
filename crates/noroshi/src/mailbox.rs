//! `noroshi mailbox`: read and answer the desk's questions with the words of a report.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use clap::Subcommand;
use data_encoding::{BASE64, HEXLOWER};
use noroshi_outlet::i18n::{Speech, Texts, Value};
use noroshi_seal::{Answer, SealingKey, find_questions, with_words};
use serde::Deserialize;
use serde_json::json;

use crate::client::Client;
use crate::history::{Refusal, SourceArgs};
use crate::secret::one_line;
use crate::speech::japanese;
use crate::system::SystemEntropy;
use crate::verify;

/// Read and answer the desk's questions with the words of a report, without a name.
///
/// Downloads the signed list that every reader downloads and tries the words on each item. The
/// hub does not see which item opens. An answer is sealed on this machine and sent without any
/// key; the hub sees the network address it comes from.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi mailbox read --words words.txt
  noroshi mailbox answer --words words.txt 5f0c9a yes
The hub's address, its public key and an API key that may read releases are read from NOROSHI_HUB,
NOROSHI_HUB_KEY and NOROSHI_KEY as well. The API key fetches the list; it is not sent with an answer.")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Show the questions that these words open
    Read {
        #[command(flatten)]
        with: With,
        /// Print one line of JSON for each question
        #[arg(long)]
        json: bool,
    },
    /// Answer a question
    Answer {
        #[command(flatten)]
        with: With,
        /// The question, as `noroshi mailbox read` names it; its first digits are enough
        question: String,
        /// One of the answers that are offered, or text where none is
        answer: String,
    },
}

#[derive(clap::Args)]
struct With {
    /// The twelve words, in one line; - reads standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    words: PathBuf,
    #[command(flatten)]
    source: SourceArgs,
}

/// The published list.
#[derive(Deserialize)]
struct List {
    schema: String,
    desk: String,
    items: Vec<String>,
}

/// A question as it was sealed.
#[derive(Deserialize)]
struct Asked {
    ja: String,
    en: String,
    answers: Vec<Choice>,
    effect: String,
}

#[derive(Deserialize)]
struct Choice {
    id: String,
    ja: String,
    en: String,
}

pub(crate) fn run(args: &Args, speech: &Speech) -> Result<ExitCode> {
    let done = match &args.what {
        What::Read { with, json } => read(with, *json, speech),
        What::Answer { with, question, answer } => reply(with, question, answer, speech),
    };
    done.map_err(|error| match error.downcast_ref::<Refusal>() {
        None => error,
        Some(refusal) => match Texts::new(verify::TEXTS) {
            Ok(texts) => anyhow!(refusal.explain(&texts.speak(speech.locale()))),
            Err(e) => e.into(),
        },
    })
}

fn read(with: &With, as_json: bool, speech: &Speech) -> Result<ExitCode> {
    let (_, items) = list(with)?;
    let found = with_words(one_line(&with.words)?, |keys| {
        find_questions(keys.mailbox_key(), items.iter().map(Vec::as_slice))
    })?;
    if found.is_empty() && !as_json {
        println!("{}", speech.with("mailbox-none", &[("count", Value::from(items.len()))]));
    }
    for question in &found {
        let asked: Asked = parse(question.text())?;
        let name = HEXLOWER.encode(&question.reference());
        if as_json {
            let text: serde_json::Value = serde_json::from_str(question.text())?;
            println!("{}", json!({"question": name, "asked": text}));
            continue;
        }
        let own = |ja: &str, en: &str| if japanese(speech) { ja.to_owned() } else { en.to_owned() };
        println!("{}  {}", name.get(..12).unwrap_or_default(), own(&asked.ja, &asked.en));
        for choice in &asked.answers {
            println!("    {:<16} {}", choice.id, own(&choice.ja, &choice.en));
        }
        println!(
            "    {}",
            speech.t(match (asked.answers.is_empty(), asked.effect.as_str()) {
                (true, _) => "mailbox-reveals-free",
                (false, "context") => "mailbox-reveals-context",
                (false, _) => "mailbox-reveals-none",
            })
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn reply(with: &With, question: &str, answer: &str, speech: &Speech) -> Result<ExitCode> {
    let (desk, items) = list(with)?;
    let envelope = with_words(one_line(&with.words)?, |keys| -> Result<_> {
        let found = find_questions(keys.mailbox_key(), items.iter().map(Vec::as_slice));
        let wanted = question.to_ascii_lowercase();
        let named = |reference: [u8; 32]| HEXLOWER.encode(&reference).starts_with(&wanted);
        let mut matching = found.iter().filter(|q| !wanted.is_empty() && named(q.reference()));
        let (Some(one), None) = (matching.next(), matching.next()) else {
            bail!("{}", speech.t("mailbox-no-such-question"));
        };
        let asked: Asked = parse(one.text())?;
        if !asked.answers.is_empty() && !asked.answers.iter().any(|c| c.id == answer) {
            let known: Vec<&str> = asked.answers.iter().map(|c| c.id.as_str()).collect();
            let known = Value::from(known.join(", "));
            bail!("{}", speech.with("mailbox-no-such-answer", &[("answers", known)]));
        }
        if asked.answers.is_empty() && !(1..=1_000).contains(&answer.trim().chars().count()) {
            bail!("{}", speech.t("mailbox-answer-length"));
        }
        Ok(Answer::seal(&desk, keys, &one.reference(), answer, &SystemEntropy)?)
    })??;
    // A key would name the member.
    Client::new(with.source.url(), Vec::new())
        .post("/api/v1/mailbox", "application/octet-stream", &envelope.to_bytes())?
        .success()?;
    println!("{}", speech.t("mailbox-sent"));
    Ok(ExitCode::SUCCESS)
}

/// The desk's key and all items, after the hub's signature was checked.
fn list(with: &With) -> Result<(SealingKey, Vec<Vec<u8>>)> {
    let document = with.source.history()?.document("mailbox/latest")?;
    let list: List =
        serde_json::from_slice(&document.body).context("the list of questions cannot be read")?;
    if list.schema != "noroshi-mailbox/1" {
        bail!("the list of questions is of another version; this program is too old for this hub");
    }
    let items: Result<_, _> = list.items.iter().map(|i| BASE64.decode(i.as_bytes())).collect();
    Ok((list.desk.parse()?, items.context("the list of questions cannot be read")?))
}

fn parse(text: &str) -> Result<Asked> {
    serde_json::from_str(text).context("a question cannot be read; this program may be too old")
}
