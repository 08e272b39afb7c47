//! From the tree of a pattern back to text, in one canonical form.
//!
//! Operators in capitals, one space between words, parentheses only where the tree needs them, bytes
//! as `h'..'`. Parsing what is printed gives the same tree.

use std::fmt::{Display, Formatter, Result, Write};

use data_encoding::HEXLOWER;

use super::ast::{Comparison, Literal, ObjectPath, Observation, Operator, Qualifier, Step, Test};
use super::write::quoted;

/// Words an unquoted path step is not written as: strict readers reserve them.
const KEYWORDS: [&str; 18] = [
    "AND",
    "OR",
    "NOT",
    "FOLLOWEDBY",
    "LIKE",
    "MATCHES",
    "ISSUBSET",
    "ISSUPERSET",
    "EXISTS",
    "LAST",
    "IN",
    "START",
    "STOP",
    "SECONDS",
    "TRUE",
    "FALSE",
    "WITHIN",
    "REPEATS",
];

/// From here on not every integer is a double of its own.
const MAX_SAFE: f64 = 9_007_199_254_740_992.0;

impl Display for Observation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Single(inner) => write!(f, "[{inner}]"),
            Self::And(parts) => join(f, parts, " AND ", |p| p.rank() > 2),
            Self::Or(parts) => join(f, parts, " OR ", |p| p.rank() > 1),
            Self::FollowedBy(parts) => join(f, parts, " FOLLOWEDBY ", |p| p.rank() > 0),
            Self::Qualified(inner, qualifiers) => {
                part(f, inner.as_ref(), matches!(**inner, Self::Single(_)))?;
                qualifiers.iter().try_for_each(|q| write!(f, " {q}"))
            }
        }
    }
}

impl Observation {
    /// How tightly the operator binds.
    fn rank(&self) -> u8 {
        match self {
            Self::FollowedBy(_) => 0,
            Self::Or(_) => 1,
            Self::And(_) => 2,
            Self::Qualified(..) | Self::Single(_) => 3,
        }
    }
}

impl Display for Qualifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Within(seconds) if seconds.fract() == 0.0 && *seconds < MAX_SAFE => {
                write!(f, "WITHIN {seconds} SECONDS")
            }
            Self::Within(seconds) => write!(f, "WITHIN {} SECONDS", Literal::Float(*seconds)),
            Self::Repeats(times) => write!(f, "REPEATS {times} TIMES"),
            Self::StartStop(start, stop) => write!(f, "START t'{start}' STOP t'{stop}'"),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Test(test) => write!(f, "{test}"),
            Self::Exists { negated, path } => {
                write!(f, "{}EXISTS {path}", if *negated { "NOT " } else { "" })
            }
            Self::And(parts) => {
                join(f, parts, " AND ", |p| !matches!(p, Self::And(_) | Self::Or(_)))
            }
            Self::Or(parts) => join(f, parts, " OR ", |p| !matches!(p, Self::Or(_))),
        }
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let not = if self.negated { "NOT " } else { "" };
        write!(f, "{} {not}{} ", self.path, self.operator)?;
        if self.operator != Operator::In {
            return self.operands.iter().try_for_each(|o| write!(f, "{o}"));
        }
        f.write_char('(')?;
        for (i, operand) in self.operands.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            write!(f, "{operand}")?;
        }
        f.write_char(')')
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "IN",
            Self::Like => "LIKE",
            Self::Matches => "MATCHES",
            Self::IsSubset => "ISSUBSET",
            Self::IsSuperset => "ISSUPERSET",
        })
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::String(text) => f.write_str(&quoted(text)),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Float(x) if x.fract() == 0.0 => write!(f, "{x:.1}"),
            Self::Float(x) => write!(f, "{x}"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Bytes(bytes) => write!(f, "h'{}'", HEXLOWER.encode(bytes)),
            Self::Time(time) => write!(f, "t'{time}'"),
        }
    }
}

impl Display for ObjectPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.object_type)?;
        for (i, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(name) => {
                    f.write_char(if i == 0 { ':' } else { '.' })?;
                    f.write_str(&if is_plain(name) { name.clone() } else { quoted(name) })?;
                }
                Step::Index(n) => write!(f, "[{n}]")?,
                Step::AnyIndex => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// Whether a path step needs no quotes.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !KEYWORDS.iter().any(|word| word.eq_ignore_ascii_case(name))
}

fn join<T: Display>(
    f: &mut Formatter<'_>,
    parts: &[T],
    between: &str,
    bare: fn(&T) -> bool,
) -> Result {
    for (i, inner) in parts.iter().enumerate() {
        f.write_str(if i == 0 { "" } else { between })?;
        part(f, inner, bare(inner))?;
    }
    Ok(())
}

fn part<T: Display>(f: &mut Formatter<'_>, inner: &T, bare: bool) -> Result {
    if bare { write!(f, "{inner}") } else { write!(f, "({inner})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_canonically_and_reads_back() {
        for (text, want) in [
            (
                "[file:hashes.SHA-256=='a' and NOT a:b in ( 1,2.0 )]",
                "[file:hashes.'SHA-256' = 'a' AND a:b NOT IN (1, 2.0)]",
            ),
            (
                "(([a:b=1] or [a:b=2]) and [a:b=3]) within 5.0 seconds",
                "(([a:b = 1] OR [a:b = 2]) AND [a:b = 3]) WITHIN 5 SECONDS",
            ),
            (
                "[a:b=1] WITHIN 0.5 SECONDS REPEATS 2 TIMES FOLLOWEDBY [a:b=2] AND [a:b=3]",
                "[a:b = 1] WITHIN 0.5 SECONDS REPEATS 2 TIMES FOLLOWEDBY [a:b = 2] AND [a:b = 3]",
            ),
            (
                "[(a:b=1 OR a:b=2) AND (a:b=3) AND NOT EXISTS a:'9c'[*].'and'[-1]]",
                "[(a:b = 1 OR a:b = 2) AND a:b = 3 AND NOT EXISTS a:'9c'[*].'and'[-1]]",
            ),
            ("[a:b = b'//8=' OR a:b = true]", "[a:b = h'ffff' OR a:b = true]"),
            (
                "[a:b > t'2026-11-23T03:00:00Z'] START '2026-11-23T03:00:00Z' STOP t'2026-11-24T03:00:00.1Z'",
                "[a:b > t'2026-11-23T03:00:00.000Z'] START t'2026-11-23T03:00:00.000Z' STOP t'2026-11-24T03:00:00.100Z'",
            ),
        ] {
            let tree = Observation::parse(text).unwrap();
            assert_eq!(tree.to_string(), want);
            assert_eq!(Observation::parse(want), Ok(tree));
        }
    }
}
