//! `noroshi verify fetch`: everything that is needed to check a hub without it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use noroshi_outlet::i18n::{Speech, Value};
use serde_json::json;

use super::release::verify;
use crate::history::{Refusal, Source, SourceArgs, plain_id};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Folder to save to
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    #[command(flatten)]
    source: SourceArgs,
    /// Print one line of JSON instead of sentences
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, say: &Speech) -> Result<ExitCode> {
    let history = args.source.history()?;
    let here = Source::Folder(args.to.clone());
    let (mut documents, mut kept, mut releases) = (0_usize, 0_usize, 0_usize);
    for name in history.source().names()? {
        let saved = here.document(&name).ok().flatten();
        // Documents never change, but the latest does.
        let current = !name.ends_with("/latest")
            && saved.is_some_and(|document| document.verify(history.keys()));
        if current {
            kept += 1;
        } else {
            Source::save(&args.to, &history.document(&name)?)?;
            documents += 1;
        }
        // Later versions of a release have certificates of their own, whose names are no ids.
        let release = name.strip_prefix("certificates/").filter(|id| plain_id(id).is_ok());
        if let Some(id) = release
            && let Some(proof) = history.source().proof(id, None)?
            && let Some(object) = history.source().object(&proof)?
        {
            // The id becomes the name of a file.
            if proof.id != id {
                bail!(Refusal::new("proof-other", id));
            }
            verify(&history, &proof, &object)?;
            Source::save_release(&args.to, &object, &proof)?;
            releases += 1;
        }
    }
    if args.json {
        println!(
            "{}",
            json!({"result": "good", "saved": documents, "kept": kept, "releases": releases})
        );
    } else {
        let counts = [
            ("documents", Value::from(documents)),
            ("kept", Value::from(kept)),
            ("releases", Value::from(releases)),
            ("folder", Value::from(args.to.display().to_string())),
        ];
        println!("{}", say.with("verify-fetched", &counts));
    }
    Ok(ExitCode::SUCCESS)
}
