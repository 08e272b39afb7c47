//! Publicity: cases the public knows of anyway.

use noroshi_seal::Hash;
use noroshi_stix::Timestamp;

use super::digest;
use super::member_set::MemberSet;
use super::parameters::Parameters;
use super::roster::Roster;
use super::tree::Tree;
use crate::MemberId;

/// The press, the member itself or an outage everybody saw made a case public. Entered from public
/// facts only, so that holding back because of it tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Flag {
    /// Of whom the public speaks.
    pub member: MemberId,
    /// Since when.
    pub since: Timestamp,
}

/// Everybody whose base cell has a flagged member: any label with them in it would be read as the
/// flagged member.
pub(super) fn quarantined(
    roster: &Roster,
    parameters: &Parameters,
    tree: &Tree,
    flags: &[Flag],
    at: Timestamp,
) -> MemberSet {
    let days = i64::from(parameters.settings().quarantine_days);
    let fresh = flags.iter().filter(|f| f.since <= at && at < f.since.plus_days(days));
    let cells = fresh.filter_map(|f| tree.node(tree.cell(roster.position(&f.member)?)?));
    cells.fold(MemberSet::empty(roster.len()), |all, cell| all.or(cell.members()))
}

/// What certificates cite.
pub(super) fn hash(roster: &Roster, quarantined: &MemberSet) -> Hash {
    let ids = quarantined.iter().filter_map(|i| roster.member(i));
    let mut ids: Vec<&str> = ids.map(MemberId::expose).collect();
    ids.sort_unstable();
    digest("noroshi/1/quarantine", ids)
}
