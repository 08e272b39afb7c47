//! Conditions over answers, in three values.

use super::{Fact, Facts};
use crate::{Comparison, Limit, Obligation, Reference, Text, Threshold, Trust};

/// A condition that a rule names.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    AtLeast(usize, Vec<Condition>),
    Is(String, Fact),
    Has(String, String),
    InList(String, String),
    /// A threshold of the obligation, and the questions that measure it.
    Threshold {
        index: usize,
        users: String,
        hours: String,
    },
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

/// What a condition comes to.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    pub(super) truth: Truth,
    /// The answers that decided it.
    pub(super) reasons: Vec<Text>,
    /// The questions that could decide it.
    pub(super) ask: Vec<String>,
    /// How far what decided it was verified.
    pub(super) seen: Trust,
}

impl Judgement {
    fn unknown(ask: Vec<String>) -> Self {
        Self { truth: Truth::Unknown, reasons: Vec::new(), ask, seen: Trust::Text }
    }

    fn certain(holds: bool, reason: Text) -> Self {
        let truth = if holds { Truth::Yes } else { Truth::No };
        Self { truth, reasons: vec![reason], ask: Vec::new(), seen: Trust::Text }
    }

    /// Several into one of which `truth` is known to be the outcome: what speaks for it stays.
    fn gather(truth: Truth, parts: Vec<Self>) -> Self {
        let mut out = Self { truth, reasons: Vec::new(), ask: Vec::new(), seen: Trust::Text };
        for part in parts.into_iter().filter(|p| p.truth == truth) {
            out.reasons.extend(part.reasons);
            for question in part.ask {
                if !out.ask.contains(&question) {
                    out.ask.push(question);
                }
            }
            out.seen = out.seen.min(part.seen);
        }
        out
    }
}

impl Condition {
    pub(super) fn judge(&self, reference: &Reference, of: &Obligation, facts: &Facts) -> Judgement {
        let each = |parts: &[Self]| -> Vec<Judgement> {
            parts.iter().map(|p| p.judge(reference, of, facts)).collect()
        };
        match self {
            Self::All(parts) => at_least(parts.len(), each(parts)),
            Self::Any(parts) => at_least(1, each(parts)),
            Self::AtLeast(n, parts) => at_least(*n, each(parts)),
            Self::Not(part) => {
                let mut found = part.judge(reference, of, facts);
                found.truth = match found.truth {
                    Truth::Yes => Truth::No,
                    Truth::No => Truth::Yes,
                    Truth::Unknown => Truth::Unknown,
                };
                found
            }
            Self::Is(question, wanted) => match facts.fact(question) {
                None => Judgement::unknown(vec![question.clone()]),
                Some(fact) => {
                    Judgement::certain(fact == wanted, told(reference, question, &said(fact)))
                }
            },
            Self::Has(question, word) => words(reference, facts, question, |w| w == word),
            Self::InList(question, list) => words(reference, facts, question, |w| {
                reference.sectors().iter().any(|s| s.id == *w && s.list == *list && s.in_force)
            }),
            Self::Threshold { index, users, hours } => match of.thresholds.get(*index) {
                Some(threshold) => measure(reference, threshold, facts, users, hours),
                None => Judgement::unknown(Vec::new()),
            },
        }
    }
}

/// At least `n` of the parts.
fn at_least(n: usize, parts: Vec<Judgement>) -> Judgement {
    let count = |t: Truth| parts.iter().filter(|p| p.truth == t).count();
    let (yes, unknown) = (count(Truth::Yes), count(Truth::Unknown));
    let truth = if yes >= n {
        Truth::Yes
    } else if yes + unknown >= n {
        Truth::Unknown
    } else {
        Truth::No
    };
    Judgement::gather(truth, parts)
}

fn words(
    reference: &Reference,
    facts: &Facts,
    question: &str,
    fits: impl Fn(&String) -> bool,
) -> Judgement {
    match facts.fact(question) {
        Some(Fact::Words(words)) => {
            Judgement::certain(words.iter().any(fits), told(reference, question, &words.join(", ")))
        }
        _ => Judgement::unknown(vec![question.to_owned()]),
    }
}

/// A threshold: one measure, one of two, or users and hours together.
fn measure(
    reference: &Reference,
    threshold: &Threshold,
    facts: &Facts,
    first: &str,
    hours: &str,
) -> Judgement {
    let mut found = if let Some((op, limit)) = threshold.test {
        let mut parts = vec![compare(reference, facts, first, op, limit)];
        if let Some((metric, value)) = &threshold.alternative {
            // Whichever is lower: to pass either is enough.
            parts.push(compare(reference, facts, metric, op, Limit::Number(*value)));
        }
        at_least(1, parts)
    } else {
        let mut parts = Vec::new();
        let from = Comparison::AtLeast;
        if let Some(users) = threshold.users {
            parts.push(compare(reference, facts, first, from, Limit::Number(users as f64)));
        }
        if let Some(n) = threshold.hours {
            parts.push(compare(reference, facts, hours, from, Limit::Number(n)));
        }
        at_least(parts.len(), parts)
    };
    if let Some(seen) = threshold.seen.filter(|_| found.truth != Truth::Unknown) {
        found.seen = found.seen.min(seen);
    }
    found
}

fn compare(
    reference: &Reference,
    facts: &Facts,
    question: &str,
    op: Comparison,
    limit: Limit,
) -> Judgement {
    match (facts.fact(question), limit) {
        (Some(Fact::Number(n)), Limit::Number(limit)) => {
            let (holds, sign) = match op {
                Comparison::Over => (*n > limit, ">"),
                Comparison::AtLeast => (*n >= limit, ">="),
                Comparison::Is => (*n == limit, "="),
            };
            let outcome = if holds { "" } else { "not " };
            let outcome_ja = if holds { "該当" } else { "非該当" };
            let mut text = told(reference, question, &n.to_string());
            text.en.push_str(&format!(" ({outcome}{sign} {limit})"));
            text.ja.push_str(&format!("(基準 {sign} {limit}: {outcome_ja})"));
            Judgement::certain(holds, text)
        }
        (Some(fact @ Fact::Flag(yes)), Limit::Flag(wanted)) => {
            Judgement::certain(*yes == wanted, told(reference, question, &said(fact)))
        }
        _ => Judgement::unknown(vec![question.to_owned()]),
    }
}

/// A question with its answer.
fn told(reference: &Reference, question: &str, answer: &str) -> Text {
    let text = reference.decisions().question(question).map(|q| q.text.clone());
    let text = text.unwrap_or_else(|| Text::new(question, question));
    let answer_ja = match answer {
        "yes" => "はい",
        "no" => "いいえ",
        other => other,
    };
    Text::new(format!("{}: {answer}", text.en), format!("{}: {answer_ja}", text.ja))
}

fn said(fact: &Fact) -> String {
    match fact {
        Fact::Flag(true) => "yes".to_owned(),
        Fact::Flag(false) => "no".to_owned(),
        Fact::Word(word) => word.clone(),
        Fact::Words(words) => words.join(", "),
        Fact::Number(n) => n.to_string(),
        Fact::Date(day) => day.to_string(),
    }
}
