//! A parsed STIX pattern as a tree.
//!
//! Chains of the same operator are one node with many parts, so that the height of a tree is bounded
//! by the nesting of its parentheses, never by its length.

use crate::Timestamp;

/// What is observed, where several observations are combined.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// `[...]`: one observation for which the comparison holds.
    Single(Comparison),
    /// `... AND ...`: all of them, by different observations.
    And(Vec<Observation>),
    /// `... OR ...`: one of them.
    Or(Vec<Observation>),
    /// `... FOLLOWEDBY ...`: each not before the one on its left.
    FollowedBy(Vec<Observation>),
    /// An expression with qualifiers, the innermost first.
    Qualified(Box<Observation>, Vec<Qualifier>),
}

/// A condition on time or number of observations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Qualifier {
    /// `WITHIN n SECONDS`
    Within(f64),
    /// `REPEATS n TIMES`
    Repeats(u64),
    /// `START t'...' STOP t'...'`
    StartStop(Timestamp, Timestamp),
}

/// What holds for the objects of one observation.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// One property compared with a constant.
    Test(Test),
    /// `EXISTS path`
    Exists {
        /// Whether `NOT` stands before it.
        negated: bool,
        /// The property that has to exist.
        path: ObjectPath,
    },
    /// `... AND ...`
    And(Vec<Comparison>),
    /// `... OR ...`
    Or(Vec<Comparison>),
}

/// `path [NOT] operator constant`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The property.
    pub path: ObjectPath,
    /// Whether `NOT` stands before the operator.
    pub negated: bool,
    /// How it is compared.
    pub operator: Operator,
    /// With what: one constant, or several for `IN`.
    pub operands: Vec<Literal>,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is named after its operator")]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Like,
    Matches,
    IsSubset,
    IsSuperset,
}

/// `file:hashes.'SHA-256'`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectPath {
    /// The part before the colon.
    pub object_type: String,
    /// The steps after it; the first is a [`Step::Key`].
    pub steps: Vec<Step>,
}

/// One step of an [`ObjectPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name` or `.'name'`
    Key(String),
    /// `[n]`
    Index(i64),
    /// `[*]`
    AnyIndex,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `'text'`
    String(String),
    /// `5`
    Integer(i64),
    /// `5.0`
    Float(f64),
    /// `true`
    Bool(bool),
    /// `h'ffab'` or `b'//8='`
    Bytes(Vec<u8>),
    /// `t'2026-11-23T03:00:00Z'`
    Time(Timestamp),
}

impl ObjectPath {
    /// The names of the steps, without list positions.
    pub fn keys(&self) -> Vec<&str> {
        self.steps
            .iter()
            .filter_map(|s| match s {
                Step::Key(name) => Some(name.as_str()),
                Step::Index(_) | Step::AnyIndex => None,
            })
            .collect()
    }
}
