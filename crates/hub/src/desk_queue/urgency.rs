//! How urgent a report is, from what it says. Pure: the same report has the same urgency.

use noroshi_anonymity::{Group, Vocabulary};
use noroshi_intake::Facts;

/// Levels of urgency: 0 now, 1 today, 2 soon, 3 when there is time.
pub const LEVELS: i64 = 4;

/// Steps of label paths that name services people depend on (the sectors of Japan's list of critical
/// infrastructure, `reference/sectors.toml`, and what registers call them).
const ESSENTIAL: [&str; 24] = [
    "energy",
    "electricity",
    "gas",
    "oil",
    "water",
    "sewage",
    "transport",
    "railway",
    "aviation",
    "airport",
    "port",
    "logistics",
    "finance",
    "banking",
    "credit",
    "health",
    "medical",
    "government",
    "ict",
    "telecommunications",
    "communications",
    "chemical",
    "petroleum",
    "broadcasting",
];

/// Kinds of attack that spread or destroy.
const SEVERE: [&str; 4] = ["ransomware", "wiper", "ot-intrusion", "supply-chain"];
/// Kinds of attack with somebody inside.
const SERIOUS: [&str; 5] = [
    "data-theft",
    "unauthorised-access",
    "account-compromise",
    "malware-infection",
    "vulnerability-exploitation",
];

/// Why a report is urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// People may come to harm.
    Safety,
    /// A service stopped, or data was changed or lost.
    Impact,
    /// An attack that spreads or destroys.
    Severe,
    /// Somebody is inside.
    Serious,
    /// Somebody got a foothold.
    Foothold,
    /// The reporter runs an essential service.
    Essential,
    /// Several members name the same values.
    Shared,
    /// A report the law asks for.
    Mandatory,
}

impl Reason {
    /// Every reason, the weightiest first.
    pub const ALL: [Self; 8] = [
        Self::Safety,
        Self::Impact,
        Self::Severe,
        Self::Serious,
        Self::Foothold,
        Self::Essential,
        Self::Shared,
        Self::Mandatory,
    ];

    /// Stable code in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Impact => "impact",
            Self::Severe => "severe",
            Self::Serious => "serious",
            Self::Foothold => "foothold",
            Self::Essential => "essential",
            Self::Shared => "shared",
            Self::Mandatory => "mandatory",
        }
    }

    /// Points towards urgency.
    const fn points(self) -> i64 {
        match self {
            Self::Safety => 5,
            Self::Impact | Self::Severe => 2,
            Self::Serious | Self::Foothold | Self::Essential | Self::Shared | Self::Mandatory => 1,
        }
    }
}

/// How urgent, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urgency {
    /// 0 now to 3 when there is time.
    pub rank: i64,
    /// Why, the weightiest first.
    pub why: Vec<Reason>,
}

/// The urgency of what a report says, of a member with this label path.
pub fn urgency(vocabulary: &Vocabulary, facts: &Facts, label_path: &[String]) -> Urgency {
    let term = |group, text: &Option<String>| {
        let term = vocabulary.term(group, text.as_deref()?)?;
        Some(term.id().to_owned())
    };
    let attack = term(Group::AttackType, &facts.attack_type).unwrap_or_default();
    let impact = term(Group::Impact, &facts.impact).unwrap_or_default();
    let step =
        |s: &String| ESSENTIAL.iter().any(|e| s.to_lowercase().split(['-', ' ']).any(|w| w == *e));
    let holds = |reason: &Reason| match reason {
        Reason::Safety => impact == "safety",
        Reason::Impact => {
            ["availability", "integrity", "confidentiality"].contains(&impact.as_str())
        }
        Reason::Severe => SEVERE.contains(&attack.as_str()),
        Reason::Serious => SERIOUS.contains(&attack.as_str()),
        Reason::Foothold => impact == "foothold",
        Reason::Essential => label_path.iter().any(step),
        Reason::Shared => false,
        Reason::Mandatory => facts.mandatory,
    };
    let why: Vec<Reason> = Reason::ALL.into_iter().filter(holds).collect();
    let points: i64 = why.iter().map(|r| r.points()).sum();
    let rank = match points {
        5.. => 0,
        3..=4 => 1,
        1..=2 => 2,
        _ => 3,
    };
    Urgency { rank, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(attack: &str, impact: &str, path: &str) -> Urgency {
        let facts = Facts {
            attack_type: Some(attack.to_owned()),
            impact: Some(impact.to_owned()),
            ..Facts::default()
        };
        let path: Vec<String> = path.split('/').map(str::to_owned).collect();
        urgency(&Vocabulary::builtin().unwrap(), &facts, &path)
    }

    #[test]
    fn what_harms_people_and_services_comes_first() {
        assert_eq!(of("phishing", "safety", "x").rank, 0);
        assert_eq!(of("ransomware", "availability", "energy/electricity").rank, 0);
        assert_eq!(of("ransomware", "availability", "manufacturing/metals").rank, 1);
        assert_eq!(of("ransomware", "none", "manufacturing").rank, 2);
        assert_eq!(of("phishing", "blocked", "manufacturing").rank, 3);
        assert_eq!(of("what the reporter made up", "", "").why, []);
    }

    #[test]
    fn why_is_said_with_the_weightiest_first() {
        let why = of("data-theft", "confidentiality", "medical").why;
        assert_eq!(why, [Reason::Impact, Reason::Serious, Reason::Essential]);
    }

    #[test]
    fn every_term_is_one_of_the_vocabulary() {
        let vocabulary = Vocabulary::builtin().unwrap();
        for id in SEVERE.iter().chain(&SERIOUS) {
            assert!(vocabulary.terms(Group::AttackType).any(|t| t.id() == *id), "{id}");
        }
        for id in ["safety", "availability", "integrity", "confidentiality", "foothold"] {
            assert!(vocabulary.terms(Group::Impact).any(|t| t.id() == id), "{id}");
        }
    }
}
