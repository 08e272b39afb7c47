//! `noroshi verify release`: bytes -> leaf -> proof -> signed head -> the hub's key.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use noroshi_outlet::ProofFlaw;
use noroshi_outlet::i18n::{Speech, Value};
use noroshi_seal::BatchHead;
use noroshi_stix::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::refused;
use crate::history::{History, Refusal, SourceArgs, plain_id};
use crate::objects::parts;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Ids of released objects, to be fetched and checked in their newest version
    #[arg(value_name = "OBJECT_ID", value_parser = plain_id, required_unless_present = "objects")]
    ids: Vec<String>,
    /// Check the objects of this file, byte for byte as they were received
    #[arg(long, value_name = "FILE")]
    objects: Option<PathBuf>,
    #[command(flatten)]
    source: SourceArgs,
    /// Print one line of JSON for each object instead of sentences
    #[arg(long)]
    pub(super) json: bool,
}

/// What names an object.
#[derive(Deserialize)]
struct Named {
    id: String,
    #[serde(default)]
    modified: Option<Timestamp>,
    #[serde(default)]
    created: Option<Timestamp>,
}

pub(super) fn run(args: &Args, say: &Speech) -> Result<ExitCode> {
    let history = args.source.history()?;
    let mut good = true;
    for id in &args.ids {
        good &= show(id, fetched(&history, id), args.json, say)?;
    }
    if let Some(file) = &args.objects {
        let bytes =
            std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        for object in parts(bytes.trim_ascii()) {
            let named = serde_json::from_slice::<Named>(&object);
            let named = named.ok().filter(|named| plain_id(&named.id).is_ok());
            let Some(named) = named else {
                bail!("{} holds something that is no STIX object with an id", file.display());
            };
            good &= show(&named.id, given(&history, &named, &object), args.json, say)?;
        }
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An object as the source has it.
fn fetched(history: &History, id: &str) -> Result<BatchHead> {
    let missing = || Refusal::new("no-proof", id);
    let proof = history.source().proof(id, None)?.ok_or_else(missing)?;
    if proof.id != id {
        bail!(Refusal::new("proof-other", id));
    }
    let object = history.source().object(&proof)?.ok_or_else(|| Refusal::new("no-object", id))?;
    verify(history, &proof, &object)
}

/// An object as somebody has it.
fn given(history: &History, named: &Named, object: &[u8]) -> Result<BatchHead> {
    let version = named.modified.or(named.created).map(|version| version.to_string());
    let proof = history.source().proof(&named.id, version.as_deref())?;
    let proof = proof.ok_or_else(|| Refusal::new("no-proof", &named.id))?;
    verify(history, &proof, object)
}

pub(super) fn verify(
    history: &History,
    proof: &noroshi_outlet::InclusionProof,
    object: &[u8],
) -> Result<BatchHead> {
    let mut flaw = ProofFlaw::Unreadable;
    for key in history.keys() {
        match proof.verify(object, key) {
            Ok(head) => return Ok(head),
            // Of several keys, the one that signed the head has the most to say.
            Err(found) => flaw = if matches!(found, ProofFlaw::Head(_)) { flaw } else { found },
        }
    }
    let code = match flaw {
        ProofFlaw::OtherObject => "proof-other",
        ProofFlaw::NotIncluded => "proof-not-included",
        ProofFlaw::Unreadable | ProofFlaw::Head(_) => "proof-head",
    };
    bail!(Refusal::new(code, &proof.id))
}

/// Prints what came of one object; whether it is good.
fn show(id: &str, result: Result<BatchHead>, as_json: bool, say: &Speech) -> Result<bool> {
    let head = match result {
        Ok(head) => head,
        Err(error) => {
            let Some(refusal) = error.downcast_ref::<Refusal>() else { return Err(error) };
            if as_json {
                let mut line = refused(refusal, say);
                if let Some(line) = line.as_object_mut() {
                    line.insert("id".to_owned(), id.into());
                }
                println!("{line}");
            } else {
                println!("{}", refusal.explain(say));
            }
            return Ok(false);
        }
    };
    let tick = Timestamp::from_micros(head.tick_micros).to_string();
    if as_json {
        let (collection, count) = (&head.collection, head.count);
        println!(
            "{}",
            json!({"result": "good", "id": id, "collection": collection, "released": tick, "batch": count})
        );
    } else {
        let said = [
            ("id", Value::from(id)),
            ("collection", Value::from(head.collection.as_str())),
            ("tick", Value::from(tick)),
        ];
        println!("{}", say.with("verify-release", &said));
    }
    Ok(true)
}
