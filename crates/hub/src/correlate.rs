//! Which reports belong together: those that name the same sender, address, file ([`groups`]), and what
//! speaks for two reports being of one attacker ([`related`], [`score`]).

mod related;
pub mod score;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

pub use related::{Related, related};

use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::reports::{self, CommonItem};

/// Most rows of shared values looked at; the newest campaigns fit many times over.
const LIMIT: i64 = 100_000;

/// Reports that name at least one common thing, directly or through each other.
#[derive(Serialize, ToSchema, Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Ids of the reports.
    pub reports: Vec<String>,
    /// Names of the members that filed them, in English, for the desk.
    pub members_en: Vec<String>,
    /// The same in Japanese.
    pub members_ja: Vec<String>,
    /// What they share: kind and value, the most shared first.
    pub shared: Vec<Shared>,
}

/// A value several reports name.
#[derive(Serialize, ToSchema, Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Kind, such as `email`.
    pub kind: String,
    /// The value.
    pub value: String,
    /// How many of the group's reports name it.
    pub reports: usize,
}

/// The groups, largest first.
///
/// # Errors
/// When the vault cannot be read.
pub async fn groups(hub: &Hub) -> Result<Vec<Group>, HubError> {
    let (common, owners) = hub
        .vault()
        .read("correlate.groups", |tx| {
            let common = reports::common_items(tx, LIMIT)?;
            let mut owners = HashMap::new();
            for row in &common {
                if !owners.contains_key(&row.report)
                    && let Some(r) = reports::one(tx, &row.report)?
                {
                    owners.insert(row.report.clone(), r.member);
                }
            }
            Ok((common, owners))
        })
        .await?;
    let policy = hub.policy();
    let names = |reports: &BTreeSet<String>, japanese: bool| -> Vec<String> {
        let members: BTreeSet<&String> = reports.iter().filter_map(|r| owners.get(r)).collect();
        members.into_iter().map(|m| policy.name_of(m, japanese)).collect()
    };
    Ok(group(&common)
        .into_iter()
        .map(|(reports, shared)| Group {
            members_en: names(&reports, false),
            members_ja: names(&reports, true),
            reports: reports.into_iter().collect(),
            shared,
        })
        .collect())
}

/// Connected components of reports over the values they share.
fn group(common: &[CommonItem]) -> Vec<(BTreeSet<String>, Vec<Shared>)> {
    let mut by_value: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for row in common {
        by_value.entry((&row.kind, &row.value)).or_default().insert(&row.report);
    }
    by_value.retain(|_, reports| reports.len() > 1);

    let mut leader: BTreeMap<&str, &str> = BTreeMap::new();
    for reports in by_value.values() {
        let mut iter = reports.iter();
        let Some(first) = iter.next() else { continue };
        for other in iter {
            let (a, b) = (find(&mut leader, first), find(&mut leader, other));
            leader.insert(a.max(b), a.min(b));
        }
    }
    let mut out: BTreeMap<&str, (BTreeSet<String>, Vec<Shared>)> = BTreeMap::new();
    for ((kind, value), reports) in &by_value {
        let Some(first) = reports.iter().next() else { continue };
        let entry = out.entry(find(&mut leader, first)).or_default();
        entry.0.extend(reports.iter().map(|r| (*r).to_owned()));
        entry.1.push(Shared {
            kind: (*kind).to_owned(),
            value: (*value).to_owned(),
            reports: reports.len(),
        });
    }
    let mut groups: Vec<_> = out.into_values().collect();
    for (_, shared) in &mut groups {
        shared.sort_by(|a, b| b.reports.cmp(&a.reports).then_with(|| a.value.cmp(&b.value)));
    }
    groups.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    groups
}

fn find<'a>(leader: &mut BTreeMap<&'a str, &'a str>, of: &'a str) -> &'a str {
    let mut at = of;
    while let Some(next) = leader.get(at).copied().filter(|n| *n != at) {
        at = next;
    }
    leader.insert(of, at);
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(report: &str, kind: &str, value: &str) -> CommonItem {
        CommonItem { report: report.into(), kind: kind.into(), value: value.into() }
    }

    #[test]
    fn reports_join_through_a_third() {
        let rows = [
            row("a", "email", "x"),
            row("b", "email", "x"),
            row("b", "domain", "y"),
            row("c", "domain", "y"),
            row("d", "url", "z"),
            row("e", "url", "z"),
            row("f", "url", "alone"),
        ];
        let groups = group(&rows);
        assert_eq!(groups.len(), 2);
        let ids: Vec<_> = groups.iter().map(|g| g.0.iter().cloned().collect::<String>()).collect();
        assert_eq!(ids, ["abc", "de"]);
        assert_eq!(groups[0].1.len(), 2);
    }
}
