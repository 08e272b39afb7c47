//! What speaks for two reports being of one attacker, in points that are explained. Pure.
//!
//! A rare shared value weighs most; each further one half of the one before, since values of one
//! attack come together. What many attacks have in common (a kind of attack, a technique) weighs
//! little, and time only beside something else.

/// Something two reports have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// Both name a value that so many reports name in all.
    Value {
        /// Kind of the value.
        kind: String,
        /// The value.
        value: String,
        /// Reports that name it, both included.
        reports: usize,
    },
    /// The same sender.
    Sender(String),
    /// Senders of one organisation.
    SenderDomain(String),
    /// Mails of the same subject.
    Subject,
    /// The same technique.
    Technique(String),
    /// The same kind of attack.
    AttackType(String),
    /// The same way in.
    InitialAccess(String),
    /// Accepted so many hours apart.
    Time(i64),
}

/// How much speaks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Not enough to be shown.
    None,
    /// A hint.
    Weak,
    /// Worth a look.
    Medium,
    /// Very likely the same.
    Strong,
}

/// The points of a pair, and what each is for, the weightiest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Their sum.
    pub points: u32,
    /// What gives them.
    pub parts: Vec<(Link, u32)>,
}

/// Most techniques that count.
const TECHNIQUES: usize = 3;

impl Score {
    /// How much speaks for it.
    pub fn strength(&self) -> Strength {
        match self.points {
            60.. => Strength::Strong,
            30.. => Strength::Medium,
            12.. => Strength::Weak,
            _ => Strength::None,
        }
    }
}

/// The score of what two reports have in common, accepted so many hours apart.
pub fn score(links: impl IntoIterator<Item = Link>, hours_apart: i64) -> Score {
    let mut links: Vec<Link> = links.into_iter().collect();
    links.sort();
    links.dedup();
    let same_sender = links.iter().any(|l| matches!(l, Link::Sender(_)));
    links.retain(|l| !(same_sender && matches!(l, Link::SenderDomain(_))));
    let mut parts: Vec<(Link, u32)> =
        links.into_iter().map(|l| (points(&l), l)).map(swap).collect();
    parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let (mut values, mut techniques) = (0_u32, 0);
    for (link, points) in &mut parts {
        match link {
            Link::Value { .. } => {
                *points >>= values.min(31);
                values += 1;
            }
            Link::Technique(_) => {
                techniques += 1;
                *points = if techniques > TECHNIQUES { 0 } else { *points };
            }
            _ => {}
        }
    }
    parts.retain(|(_, points)| *points > 0);
    let near = match hours_apart.saturating_abs() {
        0..=24 => 10,
        25..=168 => 5,
        _ => 0,
    };
    if !parts.is_empty() && near > 0 {
        parts.push((Link::Time(hours_apart.saturating_abs()), near));
    }
    parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Score { points: parts.iter().map(|(_, p)| p).sum(), parts }
}

fn swap((points, link): (u32, Link)) -> (Link, u32) {
    (link, points)
}

const fn points(link: &Link) -> u32 {
    match link {
        Link::Value { reports: 0..=3, .. } => 40,
        Link::Value { reports: 4..=10, .. } => 20,
        Link::Value { .. } => 8,
        Link::Subject => 30,
        Link::Sender(_) => 25,
        Link::SenderDomain(_) => 15,
        Link::Technique(_) => 6,
        Link::AttackType(_) | Link::InitialAccess(_) => 4,
        Link::Time(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(value: &str, reports: usize) -> Link {
        Link::Value { kind: "domain".to_owned(), value: value.to_owned(), reports }
    }

    #[test]
    fn a_rare_value_says_more_than_a_common_one() {
        let rare = score([value("a", 2)], 1_000);
        let common = score([value("a", 50)], 1_000);
        assert_eq!((rare.points, rare.strength()), (40, Strength::Medium));
        assert_eq!((common.points, common.strength()), (8, Strength::None));
    }

    #[test]
    fn further_values_count_half_of_the_one_before() {
        let many = score((0..30).map(|i| value(&format!("v{i}"), 2)), 1_000);
        assert_eq!(many.points, 40 + 20 + 10 + 5 + 2 + 1);
        assert_eq!(many.strength(), Strength::Strong);
    }

    #[test]
    fn time_alone_says_nothing() {
        assert_eq!(score([], 0).points, 0);
        let near = score([Link::Subject], 5);
        assert_eq!(near.parts, [(Link::Subject, 30), (Link::Time(5), 10)]);
    }

    #[test]
    fn what_many_attacks_share_is_a_hint_at_most() {
        let links = ["T1566.001", "T1059", "T1105", "T1204", "T1003"]
            .map(|t| Link::Technique(t.to_owned()))
            .into_iter()
            .chain([Link::AttackType("phishing".into()), Link::InitialAccess("mail".into())]);
        let score = score(links, 2);
        assert_eq!(score.points, 18 + 8 + 10);
        assert!(score.parts.iter().filter(|(l, _)| matches!(l, Link::Technique(_))).count() == 3);
    }

    #[test]
    fn a_sender_counts_once() {
        let both = score([Link::Sender("a@x.jp".into()), Link::SenderDomain("x.jp".into())], 999);
        assert_eq!(both.points, 25);
    }

    proptest! {
        #[test]
        fn more_in_common_is_never_less(counts in proptest::collection::vec(2_usize..60, 0..12), more in 2_usize..60, apart in 0_i64..400) {
            let links: Vec<Link> = counts.iter().enumerate().map(|(i, n)| value(&i.to_string(), *n)).collect();
            let fewer = score(links.clone(), apart);
            let with = score(links.into_iter().chain([value("more", more)]), apart);
            prop_assert!(with.points >= fewer.points);
            prop_assert_eq!(with.points, with.parts.iter().map(|(_, p)| p).sum::<u32>());
        }
    }
}
