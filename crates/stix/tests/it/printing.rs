//! Trees of patterns print as text that parses to the same tree.

use noroshi_stix::Timestamp;
use noroshi_stix::pattern::ast::{
    Comparison, Literal, ObjectPath, Observation, Operator, Qualifier, Step, Test,
};
use proptest::prelude::*;

fn time() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000_000..253_402_207_200_000_000_i64).prop_map(Timestamp::from_micros)
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<String>().prop_map(Literal::String),
        "[ -~\\\\']{0,8}".prop_map(Literal::String),
        any::<i64>().prop_map(Literal::Integer),
        prop::num::f64::NORMAL.prop_map(Literal::Float),
        (-100..100_i32).prop_map(|n| Literal::Float(f64::from(n) / 4.0)),
        any::<bool>().prop_map(Literal::Bool),
        prop::collection::vec(any::<u8>(), 0..6).prop_map(Literal::Bytes),
        time().prop_map(Literal::Time),
    ]
}

fn path() -> impl Strategy<Value = ObjectPath> {
    let key = prop_oneof![
        "[a-z_]{1,8}",
        "[A-Za-z0-9_-]{1,8}",
        any::<String>(),
        prop::sample::select(vec!["and", "NOT", "in", "true", "t", "h", ""]).prop_map(String::from),
    ]
    .prop_map(Step::Key);
    let index = prop_oneof![any::<i64>().prop_map(Step::Index), Just(Step::AnyIndex)];
    let steps = prop::collection::vec(prop_oneof![key.clone(), index], 0..4);
    ("[A-Za-z_][A-Za-z0-9_-]{0,8}", key, steps).prop_map(|(object_type, key, rest)| ObjectPath {
        object_type,
        steps: std::iter::once(key).chain(rest).collect(),
    })
}

fn operator() -> impl Strategy<Value = Operator> {
    prop::sample::select(vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::In,
        Operator::Like,
        Operator::Matches,
        Operator::IsSubset,
        Operator::IsSuperset,
    ])
}

fn test() -> impl Strategy<Value = Comparison> {
    let operands = prop::collection::vec(literal(), 1..4);
    let tests = (path(), any::<bool>(), operator(), operands, any::<String>()).prop_map(
        |(path, negated, operator, mut operands, text)| {
            match operator {
                Operator::In => (),
                Operator::Like | Operator::Matches | Operator::IsSubset | Operator::IsSuperset => {
                    operands = vec![Literal::String(text)]
                }
                _ => operands.truncate(1),
            }
            Comparison::Test(Test { path, negated, operator, operands })
        },
    );
    let exists =
        (any::<bool>(), path()).prop_map(|(negated, path)| Comparison::Exists { negated, path });
    prop_oneof![4 => tests, 1 => exists]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    test().prop_recursive(3, 12, 3, |inner| {
        let parts = prop::collection::vec(inner, 2..4);
        prop_oneof![parts.clone().prop_map(Comparison::And), parts.prop_map(Comparison::Or),]
    })
}

fn qualifier() -> impl Strategy<Value = Qualifier> {
    prop_oneof![
        (1..1_000_000_u32).prop_map(|n| Qualifier::Within(f64::from(n))),
        prop::num::f64::POSITIVE
            .prop_filter("finite", |x| x.is_finite() && *x > 0.0)
            .prop_map(Qualifier::Within),
        (1..i64::MAX.unsigned_abs()).prop_map(Qualifier::Repeats),
        (time(), time()).prop_map(|(a, b)| Qualifier::StartStop(a, b)),
    ]
}

pub(crate) fn observation() -> impl Strategy<Value = Observation> {
    comparison().prop_map(Observation::Single).prop_recursive(3, 12, 3, |inner| {
        let parts = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            parts.clone().prop_map(Observation::And),
            parts.clone().prop_map(Observation::Or),
            parts.prop_map(Observation::FollowedBy),
            (inner, prop::collection::vec(qualifier(), 1..3))
                .prop_map(|(o, q)| Observation::Qualified(Box::new(o), q)),
        ]
    })
}

proptest! {
    #[test]
    fn a_printed_tree_parses_to_itself(tree in observation()) {
        let text = tree.to_string();
        prop_assert_eq!(Observation::parse(&text), Ok(tree), "{}", text);
    }
}
