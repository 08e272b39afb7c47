//! What a run must not exceed, and where it did.

use super::attack::Outcome;
use crate::policy::Settings;
use crate::{Language, Words};

/// One limit that was exceeded.
#[derive(Clone, Debug, PartialEq)]
pub struct Breach {
    /// The stable name of the limit.
    pub limit: &'static str,
    /// Which adversary showed it; empty where none was needed.
    pub adversary: &'static str,
    /// What was measured.
    pub measured: f64,
    /// What is allowed.
    pub allowed: f64,
}

impl Breach {
    /// One sentence.
    pub fn explain(&self, language: Language) -> String {
        let what = words(self.limit);
        let by =
            if self.adversary.is_empty() { String::new() } else { format!("{}: ", self.adversary) };
        let (what, measured, allowed) = (what.get(language), self.measured, self.allowed);
        match language {
            Language::Ja => format!("{by}{what}が {measured:.3} です(許容値 {allowed:.3})。"),
            Language::En => {
                format!("{by}{what} is {measured:.3}; at most {allowed:.3} is allowed.")
            }
        }
    }
}

fn words(limit: &str) -> Words {
    let (ja, en) = match limit {
        "bound" => ("個別の事後確率の最大値", "the worst single posterior"),
        "top1" => ("特定率の95%上限", "the upper 95 % limit of top-1"),
        "unique" => ("候補が一つに絞られた割合", "the share of victims left alone"),
        "replay" => ("再実行での不一致の数", "the number of replays that differ"),
        "certificates" => (
            "公開情報から導けない証明書の数",
            "the number of certificates that do not follow from public data",
        ),
        "cells" => {
            ("区分内で公開された被害者の割合", "the share of a labelled cell shown as victims")
        }
        "marks" => ("公開物に残った識別子の数", "the number of releases that name their victim"),
        _ => ("公開物の書式の種類", "the number of looks of released bytes"),
    };
    Words { ja: ja.into(), en: en.into() }
}

/// Adversaries whose every belief is bounded exactly: they know the register, the code and what
/// was released. The others bring knowledge of their own about the incident.
const BOUNDED: [&str; 4] = ["A-link", "A-min", "A-join", "A-coal"];
/// Whose favourite is right no more often than the bound.
const GUESSING: [&str; 9] = [
    "A-link",
    "A-link+",
    "A-min",
    "A-join",
    "A-join (believed)",
    "A-coal",
    "A-time",
    "A-diff",
    "A-bytes",
];

/// Every limit the outcome exceeds.
pub fn breaches(outcome: &Outcome, settings: &Settings) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut check = |limit, adversary, measured: f64, allowed: f64| {
        if measured > allowed + 1e-9 {
            found.push(Breach { limit, adversary, measured, allowed });
        }
    };
    let p_max = settings.p_max.to_f64();
    for scores in [&outcome.alone, &outcome.joined] {
        for (name, score) in scores {
            if BOUNDED.contains(name) {
                check("bound", name, score.worst_posterior(), p_max);
                check("unique", name, score.unique(), 0.0);
            }
            if GUESSING.contains(name) {
                check("top1", name, score.top1() + score.top1_margin(), p_max);
            }
        }
    }
    let count = super::world::index;
    check("replay", "", count(outcome.mismatches), 0.0);
    check("certificates", "", count(outcome.certificates.1), 0.0);
    check("cells", "A-hit", outcome.worst_cell_share, settings.rho.to_f64());
    check("marks", "A-text", count(outcome.marks.1), 0.0);
    check("looks", "A-bytes", count(outcome.looks), 1.0);
    found
}
