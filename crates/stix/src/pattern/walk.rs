//! The observables a pattern names.

use super::PatternError;
use super::ast::{Comparison, Literal, Observation, Operator, Test};
use crate::Observable;
use crate::property::observable_at;
use crate::reading::{SkipReason, Skipped};

/// One comparison of a pattern, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It names this value.
    Observable(Observable),
    /// It names nothing we carry.
    Skipped(Skipped),
}

/// Every value `text` compares a property with, in order, whatever joins the comparisons: a value
/// that only matters together with another one is named all the same.
///
/// # Errors
/// [`PatternError`] where `text` is not a STIX pattern.
pub fn observables_in_pattern(text: &str) -> Result<Vec<Found>, PatternError> {
    let mut found = Vec::new();
    observation(&Observation::parse(text)?, &mut found);
    Ok(found)
}

fn observation(node: &Observation, found: &mut Vec<Found>) {
    match node {
        Observation::Single(inner) => comparison(inner, found),
        Observation::Qualified(inner, _) => observation(inner, found),
        Observation::And(parts) | Observation::Or(parts) | Observation::FollowedBy(parts) => {
            parts.iter().for_each(|part| observation(part, found));
        }
    }
}

fn comparison(node: &Comparison, found: &mut Vec<Found>) {
    match node {
        Comparison::And(parts) | Comparison::Or(parts) => {
            parts.iter().for_each(|part| comparison(part, found));
        }
        Comparison::Exists { path, .. } => {
            let skipped = Skipped::new(&path.to_string(), SkipReason::UnsupportedOperator, "");
            found.push(Found::Skipped(skipped));
        }
        Comparison::Test(test) => {
            // Once for all constants of an `IN`: path and list may each be half the pattern.
            let (keys, path) = (test.path.keys(), test.path.to_string());
            found.extend(test.operands.iter().map(|o| read(test, &keys, &path, o)));
        }
    }
}

fn read(test: &Test, keys: &[&str], path: &str, operand: &Literal) -> Found {
    let text = match operand {
        Literal::String(text) => text.clone(),
        Literal::Integer(n) => n.to_string(),
        Literal::Float(x) => x.to_string(),
        Literal::Bool(b) => b.to_string(),
        Literal::Time(t) => t.to_string(),
        Literal::Bytes(_) => String::new(),
    };
    let negated = test.negated || test.operator == Operator::NotEqual;
    let read = match test.operator {
        // A path we do not carry is the better reason, so it is looked at first.
        _ if negated => known(test, keys, &text).and(Err(SkipReason::Negated)),
        Operator::Equal | Operator::In => observable_at(&test.path.object_type, keys, &text),
        Operator::IsSubset => network(test, keys, &text),
        _ => known(test, keys, &text).and(Err(SkipReason::UnsupportedOperator)),
    };
    match read {
        Ok(observable) => Found::Observable(observable),
        Err(reason) => Found::Skipped(Skipped::new(path, reason, &text)),
    }
}

/// `Err` where no value of this property is carried.
fn known(test: &Test, keys: &[&str], text: &str) -> Result<(), SkipReason> {
    match observable_at(&test.path.object_type, keys, text) {
        Ok(_) | Err(SkipReason::NotAValue(_)) => Ok(()),
        Err(reason) => Err(reason),
    }
}

/// `ISSUBSET` has a meaning for networks only.
fn network(test: &Test, keys: &[&str], text: &str) -> Result<Observable, SkipReason> {
    match observable_at(&test.path.object_type, keys, text)? {
        found @ (Observable::Ipv4(_) | Observable::Ipv6(_)) => Ok(found),
        _ => Err(SkipReason::UnsupportedOperator),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        observables_in_pattern(text)
            .unwrap()
            .into_iter()
            .map(|f| match f {
                Found::Observable(o) => format!("{} {}", o.kind(), o.value()),
                Found::Skipped(s) => format!("- {} {}", s.path, s.reason.code()),
            })
            .collect()
    }

    #[test]
    fn finds_through_every_operator() {
        assert_eq!(
            read(
                "([ipv4-addr:value = '198.51.100.7' OR ipv4-addr:value ISSUBSET '203.0.113.0/24'] \
                 AND [domain-name:value IN ('a.example.net', 'B.example.net')]) WITHIN 5 SECONDS \
                 FOLLOWEDBY [file:name = 'C:\\\\Users\\\\taro\\\\x.exe' AND file:size > 5] REPEATS 2 TIMES"
            ),
            [
                "ipv4 198.51.100.7",
                "ipv4 203.0.113.0/24",
                "host a.example.net",
                "host b.example.net",
                "file-name x.exe",
                "- file:size unsupported-property",
            ]
        );
    }

    #[test]
    fn says_why_the_rest_is_skipped() {
        assert_eq!(
            read(
                "[ipv4-addr:value != '198.51.100.7' OR domain-name:value NOT IN ('a.com') \
                 OR url:value LIKE 'http://%' OR EXISTS file:name \
                 OR domain-name:value = 'evil[.]com' OR email-message:to_refs[*].value = 'a@b.com' \
                 OR domain-name:value ISSUBSET 'example.com' OR file:hashes.SSDEEP = '3:x:y']"
            ),
            [
                "- ipv4-addr:value negated",
                "- domain-name:value negated",
                "- url:value unsupported-operator",
                "- file:name unsupported-operator",
                "- domain-name:value not-a-value",
                "- email-message:to_refs[*].value recipient",
                "- domain-name:value unsupported-operator",
                "- file:hashes.SSDEEP unsupported-property",
            ]
        );
    }

    #[test]
    fn an_address_called_a_domain_is_an_address() {
        assert_eq!(read("[domain-name:value='176.223.111.131']"), ["ipv4 176.223.111.131"]);
    }
}
