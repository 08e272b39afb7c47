//! A pattern in words, as a list within lists.

use noroshi_stix::pattern::ast::{
    Comparison, Literal, ObjectPath, Observation, Operator, Qualifier, Test,
};

use crate::stix::plain;
use crate::stix::wording::Wording;

/// Most lines of one pattern.
const MAX_LINES: usize = 200;

/// One line for each part, indented below what it belongs to.
pub(super) fn explain(tree: &Observation, wording: &Wording) -> Vec<String> {
    let mut words = Words { wording, lines: Vec::new() };
    words.observation(tree, 0);
    if words.lines.len() > MAX_LINES {
        words.lines.truncate(MAX_LINES);
        words.lines.push("…".to_owned());
    }
    words.lines
}

struct Words<'w> {
    wording: &'w Wording,
    lines: Vec<String>,
}

impl Words<'_> {
    fn line(&mut self, level: usize, text: &str) {
        // One more than is kept shows that there is more.
        if self.lines.len() <= MAX_LINES {
            let mark = if level == 0 { "" } else { "- " };
            self.lines.push(format!("{}{mark}{text}", "  ".repeat(level.saturating_sub(1))));
        }
    }

    fn observation(&mut self, node: &Observation, level: usize) {
        match node {
            Observation::Single(inner) => {
                self.line(level, &self.wording.t("stix-observation"));
                self.comparison(inner, level + 1);
            }
            Observation::And(parts) => self.observations("stix-all-of", parts, level),
            Observation::Or(parts) => self.observations("stix-any-of", parts, level),
            Observation::FollowedBy(parts) => self.observations("stix-in-order", parts, level),
            Observation::Qualified(inner, qualifiers) => {
                for (depth, qualifier) in qualifiers.iter().rev().enumerate() {
                    self.line(level + depth, &self.qualifier(qualifier));
                }
                self.observation(inner, level + qualifiers.len());
            }
        }
    }

    fn observations(&mut self, key: &str, parts: &[Observation], level: usize) {
        self.line(level, &self.wording.t(key));
        parts.iter().for_each(|part| self.observation(part, level + 1));
    }

    fn qualifier(&self, qualifier: &Qualifier) -> String {
        match qualifier {
            Qualifier::Within(seconds) => {
                self.wording.with("stix-within", &[("seconds", &seconds.to_string())])
            }
            Qualifier::Repeats(times) => {
                self.wording.with("stix-repeats", &[("times", &times.to_string())])
            }
            Qualifier::StartStop(start, stop) => {
                let (start, stop) = (start.to_string(), stop.to_string());
                self.wording.with("stix-start-stop", &[("start", &start), ("stop", &stop)])
            }
        }
    }

    fn comparison(&mut self, node: &Comparison, level: usize) {
        match node {
            Comparison::And(parts) => self.comparisons("stix-all-of", parts, level),
            Comparison::Or(parts) => self.comparisons("stix-any-of", parts, level),
            Comparison::Exists { negated, path } => {
                let text = self.wording.with("stix-exists", &[("path", &self.path(path))]);
                self.negatable(&text, *negated, level);
            }
            Comparison::Test(test) => {
                let text = self.test(test);
                self.negatable(&text, test.negated, level);
            }
        }
    }

    fn comparisons(&mut self, key: &str, parts: &[Comparison], level: usize) {
        self.line(level, &self.wording.t(key));
        parts.iter().for_each(|part| self.comparison(part, level + 1));
    }

    fn negatable(&mut self, text: &str, negated: bool, level: usize) {
        if negated {
            let text = self.wording.with("stix-not", &[("test", text)]);
            return self.line(level, &text);
        }
        self.line(level, text);
    }

    fn test(&self, test: &Test) -> String {
        let key = match test.operator {
            Operator::Equal => "stix-equal",
            Operator::NotEqual => "stix-not-equal",
            Operator::Less => "stix-less",
            Operator::LessOrEqual => "stix-less-or-equal",
            Operator::Greater => "stix-greater",
            Operator::GreaterOrEqual => "stix-greater-or-equal",
            Operator::In => "stix-in",
            Operator::Like => "stix-like",
            Operator::Matches => "stix-matches",
            Operator::IsSubset => "stix-is-subset",
            Operator::IsSuperset => "stix-is-superset",
        };
        let values: Vec<String> = test.operands.iter().take(50).map(constant).collect();
        let value = plain::clipped(&values.join(", "), 500);
        self.wording.with(key, &[("path", &self.path(&test.path)), ("value", &value)])
    }

    /// The type in words, then the rest of the path as it is written.
    fn path(&self, path: &ObjectPath) -> String {
        let written = path.to_string();
        let rest = written.split_once(':').map_or("", |(_, rest)| rest);
        let rest = plain::clipped(rest, 200);
        let kind = self.wording.kind(&path.object_type);
        self.wording.with("stix-path", &[("kind", &kind), ("rest", &rest)])
    }
}

fn constant(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => format!("“{}”", plain::clipped(text, 300)),
        Literal::Time(time) => time.to_string(),
        other => other.to_string(),
    }
}
