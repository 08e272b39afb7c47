//! `noroshi verify certificate`: from public documents to the number of candidates.

use std::process::ExitCode;

use anyhow::{Context, Result};
use noroshi_anonymity::policy::{Certificate, Checked, Settings};
use noroshi_outlet::i18n::{Speech, Value};
use serde_json::json;

use crate::history::{Chain, History, SourceArgs, Weights, plain_id};
use crate::speech::japanese;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Id of the released report object
    #[arg(value_name = "REPORT_ID", value_parser = plain_id)]
    release_id: String,
    #[command(flatten)]
    source: SourceArgs,
    /// Follow the chain of records only so many records further back [default: to the first]
    #[arg(long, value_name = "N")]
    records: Option<u32>,
    /// Print one line of JSON instead of sentences
    #[arg(long)]
    pub(super) json: bool,
}

/// What was recomputed.
struct Found {
    certificate: Certificate,
    version: u32,
    settings: Settings,
    checked: Checked,
    chain: Chain,
    /// How many members all versions up to this one leave when they are read together.
    joined: usize,
}

pub(super) fn run(args: &Args, say: &Speech) -> Result<ExitCode> {
    let mut history = args.source.history()?;
    let mut left = None;
    for (certificate, version) in history.certificates(&args.release_id)?.into_iter().zip(1..) {
        let mut found = recompute(&mut history, certificate, version, args.records)?;
        found.join(&history, &mut left)?;
        if args.json {
            println!("{}", found.json(say));
        } else {
            print!("{}", found.text(say));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn recompute(
    history: &mut History,
    certificate: Certificate,
    version: u32,
    back: Option<u32>,
) -> Result<Found> {
    let number = certificate.record;
    let first = back.map_or(1, |back| number.saturating_sub(back).max(1));
    // Up to the newest: a record that was replaced later would break what follows it.
    let chain = history.chain(first, history.newest_record()?.max(number))?;
    let record = chain.record(number).context("the chain has no such record")?.clone();
    history.prepare(&record)?;
    history.check_earlier(&chain, &record)?;
    let checked = history.check(&certificate, &record)?;
    let tree = history.tree(&record.tree).context("the record's tree cannot be made")?;
    let settings = tree.1.settings().clone();
    Ok(Found { certificate, version, settings, checked, chain, joined: 0 })
}

impl Found {
    /// Reads this version together with those before it.
    fn join(&mut self, history: &History, left: &mut Option<Weights>) -> Result<()> {
        let record = self.chain.record(self.certificate.record);
        let record = record.context("the chain has no such record")?;
        let mut now = history.candidates(record, &self.certificate.node)?;
        if let Some(before) = left {
            now.retain(|id, _| before.contains_key(id));
        }
        self.joined = now.len();
        *left = Some(now);
        Ok(())
    }

    fn text(&self, say: &Speech) -> String {
        let c = &self.certificate;
        let (first, last) = self.chain.ends();
        let s = &self.settings;
        let with = |key: &str| {
            say.with(
                key,
                &[
                    ("id", Value::from(c.release_id.as_str())),
                    ("version", Value::from(self.version)),
                    ("label", Value::from(self.label(say))),
                    ("joined", Value::from(self.joined)),
                    ("candidates", Value::from(c.candidates)),
                    ("worst", Value::from(c.worst_posterior_after_coalition.to_string())),
                    ("at", Value::from(c.at.to_string())),
                    ("record", Value::from(c.record)),
                    ("first", Value::from(first)),
                    ("last", Value::from(last)),
                    ("k", Value::from(s.k)),
                    ("c", Value::from(s.c)),
                    ("least", Value::from(u64::from(s.k) + u64::from(s.c))),
                    ("p", Value::from(s.p_max.to_string())),
                    ("rho", Value::from(s.rho.to_string())),
                    ("days", Value::from(s.window_days)),
                ],
            )
        };
        let head = match self.checked {
            Checked::Everything => "verify-everything",
            Checked::LabelOnly => "verify-label-only",
        };
        let keys = [
            "verify-label",
            "verify-candidates",
            "verify-worst",
            "verify-decided",
            "verify-chain",
            "verify-parameters",
        ];
        let mut out = format!("{}\n", with(head));
        for key in keys {
            out.push_str("  ");
            out.push_str(&with(key));
            out.push('\n');
        }
        if self.version > 1 {
            out.push_str("  ");
            out.push_str(&with("verify-joined"));
            out.push('\n');
        }
        out.push_str(&with(self.meaning()));
        out.push('\n');
        out
    }

    fn meaning(&self) -> &'static str {
        match self.checked {
            Checked::Everything => "verify-meaning",
            Checked::LabelOnly => "verify-meaning-label-only",
        }
    }

    fn label(&self, say: &Speech) -> String {
        let label = &self.certificate.label;
        if japanese(say) { label.ja.clone() } else { label.en.clone() }
    }

    fn json(&self, say: &Speech) -> serde_json::Value {
        let (c, s) = (&self.certificate, &self.settings);
        let (first, last) = self.chain.ends();
        let recomputed = match self.checked {
            Checked::Everything => "everything",
            Checked::LabelOnly => "label-only",
        };
        json!({
            "result": "good",
            "release_id": c.release_id,
            "version": self.version,
            "recomputed": recomputed,
            "label": c.label,
            "facet": c.facet,
            "candidates": c.candidates,
            "joined_candidates": self.joined,
            "worst_posterior_after_coalition": c.worst_posterior_after_coalition,
            "at": c.at,
            "record": c.record,
            "chain": {"first": first, "last": last},
            "parameters": {
                "k": s.k, "c": s.c, "p_max": s.p_max, "rho": s.rho, "window_days": s.window_days,
            },
            "text": self.text(say),
        })
    }
}
