//! Am I obliged? From typed answers to the obligations that apply, with reasons and doubts.
//!
//! The logic has three values: what an unknown answer could change is "uncertain, ask ...", never a
//! guess. The paths are data (`applies.toml`), their numbers those of `obligations.toml`.

use serde::Serialize;

pub use facts::{Fact, Facts, FactsError};
pub(crate) use load::load;

use condition::{Condition, Truth};

use crate::{Obligation, Reference, Status, Text, Trust};

mod condition;
mod facts;
mod load;

/// Everything by which it is decided.
#[derive(Clone, Debug)]
pub struct Decisions {
    questions: Vec<MemberQuestion>,
    rules: Vec<Rule>,
}

impl Decisions {
    /// Every question.
    pub fn questions(&self) -> &[MemberQuestion] {
        &self.questions
    }

    /// The question of this name.
    pub fn question(&self, id: &str) -> Option<&MemberQuestion> {
        self.questions.iter().find(|q| q.id == id)
    }
}

/// What a question's answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FactType {
    Flag,
    Word,
    Words,
    Number,
    Date,
}

/// A question about a member or an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberQuestion {
    /// Stable name.
    pub id: String,
    /// `member` or `incident`.
    pub about: String,
    /// What its answer is.
    pub kind: FactType,
    /// The words it takes.
    pub values: Vec<String>,
    /// The question.
    pub text: Text,
    /// The largest number it takes: a share is at most 1.
    pub max: Option<f64>,
    /// The report field that answers it too.
    pub field: Option<String>,
}

#[derive(Clone, Debug)]
struct Rule {
    obligation: String,
    seen: Trust,
    member: Condition,
    incident: Condition,
    doubts: Vec<Doubt>,
}

#[derive(Clone, Debug)]
struct Doubt {
    when: Condition,
    text: Text,
    seen: Trust,
}

/// Whether an obligation applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Verdict {
    Applies,
    DoesNotApply,
    Uncertain,
}

/// What was found for one obligation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The obligation.
    pub obligation: String,
    /// Its name.
    pub name: Text,
    /// Whether it applies.
    pub verdict: Verdict,
    /// False for proposals and invitations: nothing is owed even where they apply.
    pub binding: bool,
    /// Why: the answers that decided it.
    pub because: Vec<Text>,
    /// What is uncertain.
    pub doubts: Vec<Text>,
    /// What to ask next; empty unless the verdict depends on it.
    pub ask: Vec<MemberQuestion>,
    /// How far the path was verified.
    pub seen: String,
    /// Where it was read.
    pub sources: Vec<String>,
}

/// What applies, for every obligation in the order of the data. Contract clauses apply to whoever
/// registered them and are not listed.
pub fn applies(reference: &Reference, facts: &Facts) -> Vec<Finding> {
    let rules = reference.decisions().rules.iter();
    rules.filter_map(|rule| rule.finding(reference, facts)).collect()
}

impl Rule {
    fn finding(&self, reference: &Reference, facts: &Facts) -> Option<Finding> {
        let obligation = reference.obligation(&self.obligation)?;
        let member = self.member.judge(reference, obligation, facts);
        let incident = self.incident.judge(reference, obligation, facts);
        let mut finding = Finding {
            obligation: obligation.id.clone(),
            name: obligation.name.clone(),
            verdict: Verdict::Applies,
            binding: obligation.status == Status::InForce && obligation.mandatory,
            because: Vec::new(),
            doubts: doubts_of(obligation),
            ask: Vec::new(),
            seen: self.seen.name().to_owned(),
            sources: obligation.sources.iter().map(|s| s.url.clone()).collect(),
        };
        let mut seen = self.seen;
        let before = facts.date("incident_date").zip(obligation.effective_from);
        if let Some((day, from)) = before.filter(|(day, from)| day < from) {
            finding.verdict = Verdict::DoesNotApply;
            finding.because.push(Text::new(
                format!("in force only since {from}; awareness was on {day}"),
                format!("{from}施行。認知は{day}"),
            ));
            return Some(finding);
        }
        let asks = match (member.truth, incident.truth) {
            (Truth::Yes, Truth::Yes) => {
                finding.because.extend(member.reasons.into_iter().chain(incident.reasons));
                Vec::new()
            }
            (Truth::No, _) => {
                finding.verdict = Verdict::DoesNotApply;
                finding.because.extend(member.reasons);
                Vec::new()
            }
            (_, Truth::No) => {
                finding.verdict = Verdict::DoesNotApply;
                finding.because.extend(incident.reasons);
                Vec::new()
            }
            // Who is concerned at all comes before what happened.
            (Truth::Unknown, _) => {
                finding.verdict = Verdict::Uncertain;
                member.ask
            }
            (Truth::Yes, Truth::Unknown) => {
                finding.verdict = Verdict::Uncertain;
                finding.because.extend(member.reasons);
                incident.ask
            }
        };
        seen = seen.min(member.seen).min(incident.seen);
        let questions = asks.iter().filter_map(|id| reference.decisions().question(id));
        finding.ask = questions.cloned().collect();
        finding.ask.dedup();
        if finding.verdict == Verdict::DoesNotApply {
            for doubt in &self.doubts {
                if doubt.when.judge(reference, obligation, facts).truth == Truth::Yes {
                    finding.verdict = Verdict::Uncertain;
                    finding.doubts.push(doubt.text.clone());
                    seen = seen.min(doubt.seen);
                }
            }
        }
        finding.seen = seen.name().to_owned();
        Some(finding)
    }
}

/// What is uncertain whatever the answers are.
fn doubts_of(obligation: &Obligation) -> Vec<Text> {
    let mut doubts = Vec::new();
    if obligation.status == Status::Proposed {
        let checked = obligation.status_checked.map(|d| d.to_string()).unwrap_or_default();
        doubts.push(Text::new(
            format!("a proposal, not binding when last looked at ({checked})"),
            format!("案の段階で拘束力なし({checked}時点)"),
        ));
    }
    if !obligation.mandatory {
        doubts.push(Text::new("voluntary", "任意"));
    }
    doubts
}
