//! Reads `applies.toml` strictly: every question, list and threshold it names must exist.

use serde::Deserialize;
use toml::Spanned;

use super::condition::Condition;
use super::{Decisions, Doubt, Fact, FactType, MemberQuestion, Rule};
use crate::source_text::{LoadError, SourceText};
use crate::{Limit, Obligation, Sector, Text, Trust};

/// Reads the file.
pub(crate) fn load(
    source: SourceText<'_>,
    obligations: &[Obligation],
    sectors: &[Sector],
) -> Result<Decisions, LoadError> {
    let raw: RawFile = source.parse()?;
    if raw.meta.schema.get_ref() != "noroshi-applies/1" {
        let at = raw.meta.schema.span();
        return Err(source.error(&at, "schema must be \"noroshi-applies/1\""));
    }
    let mut questions: Vec<MemberQuestion> = Vec::new();
    for q in raw.question {
        let (at, id) = (q.id.span(), q.id.into_inner());
        if questions.iter().any(|known| known.id == id) {
            return Err(source.error(&at, format!("question {id:?} is asked twice")));
        }
        if q.about != "member" && q.about != "incident" {
            return Err(source.error(&at, "about must be \"member\" or \"incident\""));
        }
        if (q.kind == FactType::Word) && q.values.is_empty() {
            return Err(source.error(&at, "a word needs values"));
        }
        let (kind, values, text) = (q.kind, q.values, Text::new(q.en, q.ja));
        let (about, max, field) = (q.about, q.max, q.field);
        questions.push(MemberQuestion { id, about, kind, values, text, max, field });
    }
    let mut rules: Vec<Rule> = Vec::new();
    for r in raw.rule {
        let (at, id) = (r.obligation.span(), r.obligation.into_inner());
        let fail = |m: String| source.error(&at, format!("rule {id}: {m}"));
        let Some(obligation) = obligations.iter().find(|o| o.id == id) else {
            return Err(fail("no such obligation".to_owned()));
        };
        if rules.iter().any(|known| known.obligation == id) {
            return Err(fail("two rules".to_owned()));
        }
        let check = Check { questions: &questions, sectors, obligation };
        let condition = |raw: RawCondition| check.condition(raw).map_err(&fail);
        let (member, incident) = (condition(r.member)?, condition(r.incident)?);
        let mut doubts = Vec::new();
        for d in r.doubt {
            let (when, text) = (condition(d.when)?, Text::new(d.en, d.ja));
            doubts.push(Doubt { when, text, seen: d.seen });
        }
        rules.push(Rule { obligation: id, seen: r.seen, member, incident, doubts });
    }
    if let Some(lost) = obligations.iter().find(|o| !rules.iter().any(|r| r.obligation == o.id)) {
        return Err(source.error(&(0..0), format!("no rule says when {} applies", lost.id)));
    }
    Ok(Decisions { questions, rules })
}

struct Check<'a> {
    questions: &'a [MemberQuestion],
    sectors: &'a [Sector],
    obligation: &'a Obligation,
}

impl Check<'_> {
    fn condition(&self, raw: RawCondition) -> Result<Condition, String> {
        let each = |parts: Vec<RawCondition>| -> Result<Vec<Condition>, String> {
            match parts.is_empty() {
                true => Err("an empty list of conditions".to_owned()),
                false => parts.into_iter().map(|p| self.condition(p)).collect(),
            }
        };
        Ok(match raw {
            RawCondition::All { all } => Condition::All(each(all)?),
            RawCondition::Any { any } => Condition::Any(each(any)?),
            RawCondition::Not { not } => Condition::Not(Box::new(self.condition(*not)?)),
            RawCondition::AtLeast { at_least, of } if at_least <= of.len() => {
                Condition::AtLeast(at_least, each(of)?)
            }
            RawCondition::AtLeast { .. } => return Err("at_least more than there are".to_owned()),
            RawCondition::Is { ask, is } => {
                let question = self.question(&ask)?;
                let fact = match (question.kind, is) {
                    (FactType::Flag, toml::Value::Boolean(b)) => Fact::Flag(b),
                    (FactType::Word, toml::Value::String(w)) if question.values.contains(&w) => {
                        Fact::Word(w)
                    }
                    _ => return Err(format!("{ask:?} never has this answer")),
                };
                Condition::Is(ask, fact)
            }
            RawCondition::Has { ask, has } => {
                if !self.question(&ask)?.values.contains(&has) {
                    return Err(format!("{ask:?} never has {has:?}"));
                }
                Condition::Has(ask, has)
            }
            RawCondition::InList { ask, in_list } => {
                self.question(&ask)?;
                if !self.sectors.iter().any(|s| s.list == in_list) {
                    return Err(format!("no sector stands in {in_list:?}"));
                }
                Condition::InList(ask, in_list)
            }
            RawCondition::Threshold { threshold, service, nth, ask } => {
                self.threshold(&threshold, service.as_deref(), nth, ask)?
            }
        })
    }

    fn question(&self, id: &str) -> Result<&MemberQuestion, String> {
        let found = self.questions.iter().find(|q| q.id == id);
        found.ok_or_else(|| format!("no question {id:?} is defined"))
    }

    /// One threshold, or any of several for the same service.
    fn threshold(
        &self,
        metric: &str,
        service: Option<&str>,
        nth: Option<usize>,
        ask: Option<String>,
    ) -> Result<Condition, String> {
        let all = self.obligation.thresholds.iter().enumerate();
        let named = all.filter(|(_, t)| {
            t.metric == metric && t.service.as_ref().map(|s| s.en.as_str()) == service
        });
        let mut found: Vec<(usize, _)> = named.collect();
        if let Some(nth) = nth {
            found = found.into_iter().nth(nth.saturating_sub(1)).into_iter().collect();
        }
        if found.is_empty() {
            return Err(format!("{} has no threshold {metric:?} of this kind", self.obligation.id));
        }
        let mut parts = Vec::new();
        for (index, threshold) in found {
            let users = match (&ask, metric) {
                (Some(question), _) => question.clone(),
                (None, "users_and_hours") => "users".to_owned(),
                (None, metric) => metric.to_owned(),
            };
            let expected = match threshold.test {
                Some((_, Limit::Flag(_))) => FactType::Flag,
                _ => FactType::Number,
            };
            let others = threshold.alternative.iter().map(|(m, _)| (m.clone(), FactType::Number));
            let hours = threshold.hours.map(|_| ("hours".to_owned(), FactType::Number));
            for (id, kind) in std::iter::once((users.clone(), expected)).chain(others).chain(hours)
            {
                if self.question(&id)?.kind != kind {
                    return Err(format!("question {id:?} does not measure {metric:?}"));
                }
            }
            parts.push(Condition::Threshold { index, users, hours: "hours".to_owned() });
        }
        Ok(Condition::Any(parts))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    meta: RawMeta,
    question: Vec<RawQuestion>,
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeta {
    schema: Spanned<String>,
    #[expect(dead_code, reason = "people read it in the file")]
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestion {
    id: Spanned<String>,
    about: String,
    #[serde(rename = "type")]
    kind: FactType,
    #[serde(default)]
    values: Vec<String>,
    en: String,
    ja: String,
    max: Option<f64>,
    field: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    obligation: Spanned<String>,
    seen: Trust,
    member: RawCondition,
    incident: RawCondition,
    #[serde(default)]
    doubt: Vec<RawDoubt>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDoubt {
    when: RawCondition,
    en: String,
    ja: String,
    seen: Trust,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum RawCondition {
    All {
        all: Vec<RawCondition>,
    },
    Any {
        any: Vec<RawCondition>,
    },
    Not {
        not: Box<RawCondition>,
    },
    AtLeast {
        at_least: usize,
        of: Vec<RawCondition>,
    },
    Is {
        ask: String,
        is: toml::Value,
    },
    Has {
        ask: String,
        has: String,
    },
    InList {
        ask: String,
        in_list: String,
    },
    Threshold {
        threshold: String,
        service: Option<String>,
        nth: Option<usize>,
        ask: Option<String>,
    },
}
