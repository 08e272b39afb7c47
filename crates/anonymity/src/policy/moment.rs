//! Everything public at one moment, and what follows from it for every release.

use noroshi_stix::Timestamp;

use super::facet::Facets;
use super::flag::{self, Flag};
use super::history::{Closed, Hit};
use super::member_set::MemberSet;
use super::parameters::Parameters;
use super::roster::Roster;
use super::tree::Tree;

/// The public record. A decision sees this, the candidates of its case, the reporter's base cell
/// and the facet; two reporters of one cell cannot be told apart by what comes out.
#[derive(Clone, Copy)]
pub struct PublicRecord<'a> {
    /// The register.
    pub roster: &'a Roster,
    /// The promise.
    pub parameters: &'a Parameters,
    /// The label tree in force.
    pub tree: &'a Tree,
    /// Products and who is believed to have them.
    pub facets: &'a Facets,
    /// Every label published so far.
    pub hits: &'a [Hit],
    /// Cases the public knows of.
    pub flags: &'a [Flag],
    /// The public time of the release: a week or a day, never the moment of a report.
    pub at: Timestamp,
}

/// A [`PublicRecord`] with what every decision at this moment shares.
#[derive(Clone)]
pub struct Moment<'a> {
    record: PublicRecord<'a>,
    closed: Closed,
    quarantined: MemberSet,
    population: MemberSet,
}

impl<'a> Moment<'a> {
    /// Works out who may be spoken of and which nodes are closed.
    pub fn new(record: PublicRecord<'a>) -> Self {
        let PublicRecord { roster, parameters, tree, hits, flags, at, .. } = record;
        let closed = Closed::of(parameters, tree, hits, at);
        let quarantined = flag::quarantined(roster, parameters, tree, flags, at);
        let population = roster.active(at).and(tree.members()).without(&quarantined);
        Self { record, closed, quarantined, population }
    }

    /// The record it was made from.
    pub fn record(&self) -> &PublicRecord<'a> {
        &self.record
    }

    /// The nodes that can bear no more victims.
    pub fn closed(&self) -> &Closed {
        &self.closed
    }

    /// Everybody in a cell the public speaks of.
    pub fn quarantined(&self) -> &MemberSet {
        &self.quarantined
    }

    /// Everybody a label may speak of now.
    pub fn population(&self) -> &MemberSet {
        &self.population
    }
}
