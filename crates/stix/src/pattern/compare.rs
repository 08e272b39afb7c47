//! Whether a comparison holds for one cyber observable of an observation.

use std::cmp::Ordering;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use ipnet::IpNet;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::EvaluationError;
use super::ast::{Comparison, Literal, ObjectPath, Operator, Step, Test};
use super::expression::{Expression, like};
use super::observed::Observed;
use super::search::Budget;
use crate::Timestamp;

/// A comparison with its expressions compiled.
pub(super) enum Check<'p> {
    Test { test: &'p Test, with: With },
    Exists { negated: bool, path: &'p ObjectPath },
    And(Vec<Check<'p>>),
    Or(Vec<Check<'p>>),
}

/// The constant of a test, made ready.
pub(super) enum With {
    Operands,
    Like(Vec<char>),
    Expression(Box<Expression>),
    /// `None` where the text is no address: nothing is part of it.
    Network(Option<IpNet>),
}

impl<'p> Check<'p> {
    pub(super) fn new(
        comparison: &'p Comparison,
        budget: &mut Budget,
    ) -> Result<Self, EvaluationError> {
        let mut all = |parts: &'p [Comparison]| {
            parts.iter().map(|part| Self::new(part, budget)).collect::<Result<_, _>>()
        };
        Ok(match comparison {
            Comparison::And(parts) => Self::And(all(parts)?),
            Comparison::Or(parts) => Self::Or(all(parts)?),
            Comparison::Exists { negated, path } => Self::Exists { negated: *negated, path },
            Comparison::Test(test) => Self::Test { test, with: With::new(test, budget)? },
        })
    }

    /// Whether it holds for `root`, one of the objects of `observed`.
    pub(super) fn holds(
        &self,
        root: &Value,
        observed: &Observed<'_>,
        budget: &mut Budget,
    ) -> Result<bool, EvaluationError> {
        match self {
            Self::And(parts) => {
                for part in parts {
                    if !part.holds(root, observed, budget)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(parts) => {
                for part in parts {
                    if part.holds(root, observed, budget)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Exists { negated, path } => Ok(is_of_type(root, path)
                && values_at(path, root, observed, budget)?.is_empty() == *negated),
            Self::Test { test, with } => {
                for found in values_at(&test.path, root, observed, budget)? {
                    budget.spend(found.size())?;
                    if with.holds(test, &found) {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }
}

fn is_of_type(root: &Value, path: &ObjectPath) -> bool {
    root.get("type").and_then(Value::as_str) == Some(path.object_type.as_str())
}

/// A value at the end of a path.
enum Found<'v> {
    Json(&'v Value),
    /// The content of a property whose name ends in `_hex` or `_bin`.
    Bytes(Vec<u8>),
}

impl Found<'_> {
    /// What looking at it costs.
    fn size(&self) -> u64 {
        let len = match self {
            Self::Json(Value::String(text)) => text.len(),
            Self::Json(_) => 0,
            Self::Bytes(bytes) => bytes.len(),
        };
        1 + len as u64 / 64
    }
}

/// Every value the path leads to. A `_ref` is followed when the path goes on behind it, within the
/// observation only; one that leads nowhere ends the path there.
fn values_at<'v>(
    path: &ObjectPath,
    root: &'v Value,
    observed: &Observed<'v>,
    budget: &mut Budget,
) -> Result<Vec<Found<'v>>, EvaluationError> {
    if !is_of_type(root, path) {
        return Ok(Vec::new());
    }
    let mut here = vec![root];
    let mut last = "";
    for step in &path.steps {
        let mut next = Vec::new();
        for value in here {
            budget.spend(1)?;
            match step {
                Step::Key(key) => {
                    let value = match value {
                        Value::String(id) if last.ends_with("_ref") || last.ends_with("_refs") => {
                            observed.object(id)
                        }
                        other => Some(other),
                    };
                    next.extend(value.and_then(|v| v.get(key.as_str())));
                }
                Step::Index(n) => {
                    let at = usize::try_from(*n).ok();
                    next.extend(at.and_then(|at| value.get(at)));
                }
                Step::AnyIndex => next.extend(value.as_array().into_iter().flatten()),
            }
        }
        if let Step::Key(key) = step {
            last = key;
        }
        here = next;
        budget.spend(here.len() as u64)?;
    }
    Ok(here.into_iter().map(|value| typed(last, value)).collect())
}

fn typed<'v>(name: &str, value: &'v Value) -> Found<'v> {
    let bytes = match value {
        Value::String(text) if name.ends_with("_hex") => {
            HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
        }
        Value::String(text) if name.ends_with("_bin") => BASE64.decode(text.as_bytes()).ok(),
        _ => None,
    };
    bytes.map_or(Found::Json(value), Found::Bytes)
}

impl With {
    fn new(test: &Test, budget: &mut Budget) -> Result<Self, EvaluationError> {
        let text = match test.operands.first() {
            Some(Literal::String(text)) => text.as_str(),
            _ => "",
        };
        Ok(match test.operator {
            Operator::Like => Self::Like(text.nfc().collect()),
            Operator::Matches => {
                let expression = Expression::new(text, &test.path)?;
                budget.spend(expression.cost())?;
                Self::Expression(Box::new(expression))
            }
            Operator::IsSubset | Operator::IsSuperset => Self::Network(network(text)),
            _ => Self::Operands,
        })
    }

    fn holds(&self, test: &Test, found: &Found<'_>) -> bool {
        let holds = match self {
            Self::Operands => match compared(test, found) {
                Some(holds) => holds,
                // What cannot be ordered is neither less nor not less.
                None => return false,
            },
            Self::Like(pattern) => {
                characters(found).is_some_and(|text| like(pattern, &text.nfc().collect::<Vec<_>>()))
            }
            Self::Expression(expression) => match found {
                Found::Json(Value::String(text)) => expression.matches_text(text),
                Found::Json(_) => false,
                Found::Bytes(bytes) => expression.matches_bytes(bytes),
            },
            Self::Network(operand) => match (operand, found) {
                (Some(operand), Found::Json(Value::String(text))) => {
                    network(text).is_some_and(|value| match test.operator {
                        Operator::IsSubset => operand.contains(&value),
                        _ => value.contains(operand),
                    })
                }
                _ => false,
            },
        };
        holds != test.negated
    }
}

/// The result of a comparison sign or `IN`; `None` where the two cannot be ordered.
fn compared(test: &Test, found: &Found<'_>) -> Option<bool> {
    let orders = |wanted: fn(Ordering) -> bool| {
        test.operands.first().and_then(|o| order(found, o)).map(wanted)
    };
    let equal = |operand| order(found, operand) == Some(Ordering::Equal);
    match test.operator {
        Operator::Less => orders(Ordering::is_lt),
        Operator::LessOrEqual => orders(Ordering::is_le),
        Operator::Greater => orders(Ordering::is_gt),
        Operator::GreaterOrEqual => orders(Ordering::is_ge),
        Operator::NotEqual => Some(!test.operands.iter().any(equal)),
        _ => Some(test.operands.iter().any(equal)),
    }
}

/// How the value stands to the constant, where the two types can be compared.
fn order(found: &Found<'_>, operand: &Literal) -> Option<Ordering> {
    match (found, operand) {
        (Found::Bytes(value), Literal::Bytes(bytes)) => Some(value.cmp(bytes)),
        (Found::Bytes(value), Literal::String(text)) => Some(value.cmp(&latin1(text)?)),
        (Found::Bytes(_), _) => None,
        (Found::Json(Value::String(value)), Literal::String(text)) => Some(value.cmp(text)),
        (Found::Json(Value::String(value)), Literal::Bytes(bytes)) => {
            Some(latin1(value)?.cmp(bytes))
        }
        (Found::Json(Value::String(value)), Literal::Time(time)) => {
            Some(value.parse::<Timestamp>().ok()?.cmp(time))
        }
        (Found::Json(Value::Bool(value)), Literal::Bool(b)) => Some(value.cmp(b)),
        (Found::Json(Value::Number(value)), Literal::Integer(n)) => match value.as_i64() {
            Some(value) => Some(value.cmp(n)),
            None => value.as_f64()?.partial_cmp(&(*n as f64)),
        },
        (Found::Json(Value::Number(value)), Literal::Float(x)) => value.as_f64()?.partial_cmp(x),
        (Found::Json(_), _) => None,
    }
}

/// A text whose characters are bytes; `None` where one is not.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

fn characters<'f>(found: &'f Found<'_>) -> Option<&'f str> {
    match found {
        Found::Json(Value::String(text)) => Some(text),
        Found::Json(_) => None,
        Found::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
    }
}

/// An address or network; host bits are of no account.
fn network(text: &str) -> Option<IpNet> {
    let net = text.parse::<IpNet>().ok();
    net.or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from)).map(|n| n.trunc())
}
