//! The public state a decision is made on, read from the vault.

use std::sync::Arc;

use noroshi_anonymity::MemberId;
use noroshi_anonymity::policy::{
    Candidates, EarlierLabel, Facets, Flag, Hit, Moment, NodeId, Parameters, PublicRecord,
    PublishedFlag, PublishedRegister, TreeName, case_number,
};
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::standing::Standing;
use super::trees::{Grown, Trees};
use crate::vault::{documents, flags, labels};

/// Microseconds of a day: trees are made as of a day.
const DAY_MICROS: i64 = 86_400_000_000;

/// Everything public at one moment, owned.
pub(crate) struct PublicState {
    pub(crate) standing: Arc<Standing>,
    pub(crate) tree: TreeName,
    pub(crate) at: Timestamp,
    /// Labels published within the window, in order.
    pub(crate) earlier: Vec<EarlierLabel>,
    pub(crate) flags: Vec<PublishedFlag>,
    grown: Arc<Grown>,
    hits: Vec<Hit>,
    as_flags: Vec<Flag>,
    facets: Facets,
}

/// What reading it takes beside the vault.
#[derive(Clone)]
pub(crate) struct PublicReader {
    pub(crate) standing: Arc<Standing>,
    pub(crate) trees: Arc<Trees>,
    /// Days after which a tree is made anew.
    pub(crate) tree_days: u32,
}

impl PublicReader {
    /// Reads the state of the public moment `at`. The first release puts a tree in force; it is remade
    /// after `tree_days`. Before, each look makes one of the register of its day.
    ///
    /// # Errors
    /// When the vault cannot be read, or lost a register it had published.
    pub(crate) fn read(&self, tx: &mut Tx<'_>, at: Timestamp) -> Result<PublicState, StoreError> {
        let Self { standing, trees, tree_days } = self;
        // The clock may go back; what was published stays before what is decided now.
        let at = labels::last_at(tx)?.map_or(at, |last| last.max(at));
        let made = tree_made(tx, *tree_days, at)?;
        let tree = TreeName {
            register: standing.register.clone(),
            parameters: standing.parameters_hash.clone(),
            made,
        };
        let grown = trees.tree(&tree, || {
            Ok::<_, StoreError>((standing.roster.clone(), standing.parameters.clone()))
        })?;
        let window = i64::from(standing.parameters.settings().window_days);
        let earlier = labels::published_since(tx, at.plus_days(-window))?;
        let mut hits = Vec::with_capacity(earlier.len());
        for label in &earlier {
            hits.push(hit(tx, standing, trees, label)?);
        }
        let flags = published_flags(tx, standing, at)?;
        let as_flags = flags.iter().map(PublishedFlag::to_flag).collect();
        let facets = Facets::none(&standing.roster);
        let standing = Arc::clone(standing);
        Ok(PublicState { standing, tree, at, earlier, flags, grown, hits, as_flags, facets })
    }
}

impl PublicState {
    /// What follows from it.
    pub(crate) fn moment(&self) -> Moment<'_> {
        Moment::new(PublicRecord {
            roster: &self.standing.roster,
            parameters: &self.standing.parameters,
            tree: &self.grown.tree,
            facets: &self.facets,
            hits: &self.hits,
            flags: &self.as_flags,
            at: self.at,
        })
    }

    /// Public ids of everybody a node of the tree in force names.
    pub(crate) fn named(&self, node: NodeId) -> Vec<String> {
        let members = self.grown.tree.node(node).map(|n| n.members().iter());
        let ids = members.into_iter().flatten().filter_map(|i| self.standing.roster.member(i));
        ids.map(|id| id.expose().to_owned()).collect()
    }

    /// Counts a label that was just decided on, for those decided after it.
    pub(crate) fn add(&mut self, hit: Hit) {
        self.hits.push(hit);
    }

    /// Who may still be the victim of a case.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub(crate) fn candidates(
        tx: &mut Tx<'_>,
        case: &str,
    ) -> Result<Option<Candidates>, StoreError> {
        let ids = labels::candidates(tx, case)?;
        Ok(ids.map(|ids| Candidates::from_ids(ids.into_iter().map(MemberId::new))))
    }
}

/// When the tree in force was made.
fn tree_made(tx: &mut Tx<'_>, tree_days: u32, at: Timestamp) -> Result<Timestamp, StoreError> {
    let today = at.floor_to(DAY_MICROS);
    let Some(made) = labels::tree(tx)? else { return Ok(today) };
    Ok(if made.plus_days(i64::from(tree_days)) <= today { today } else { made })
}

/// An earlier label in terms of the present register.
fn hit(
    tx: &mut Tx<'_>,
    standing: &Standing,
    trees: &Trees,
    label: &EarlierLabel,
) -> Result<Hit, StoreError> {
    let lost = |what: &str| {
        StoreError::Refused(format!("the vault lost the published {what}; restore a backup"))
    };
    let members = trees.named(label, &standing.register, || {
        let then = trees.tree(&label.tree, || {
            let (register, parameters) = (&label.tree.register, &label.tree.parameters);
            let register = documents::one(tx, &format!("registers/{register}"))?
                .and_then(|d| PublishedRegister::from_bytes(&d.body).ok()?.roster().ok())
                .ok_or_else(|| lost("register"))?;
            let parameters = documents::one(tx, &format!("parameters/{parameters}"))?
                .and_then(|d| Parameters::from_bytes(&d.body).ok())
                .ok_or_else(|| lost("parameters"))?;
            Ok::<_, StoreError>((register, parameters))
        })?;
        let (_, node) = then.tree.node_called(&label.node).ok_or_else(|| lost("label tree"))?;
        let ids = node.members().iter().filter_map(|i| then.roster.member(i));
        Ok::<_, StoreError>(standing.roster.set(ids))
    })?;
    Ok(Hit { at: label.at, members, case: Some(case_number(&label.release_id)) })
}

/// The flags that still count, in a fixed order.
fn published_flags(
    tx: &mut Tx<'_>,
    standing: &Standing,
    at: Timestamp,
) -> Result<Vec<PublishedFlag>, StoreError> {
    let days = i64::from(standing.parameters.settings().quarantine_days);
    let counts = |since: Timestamp| since <= at && at < since.plus_days(days);
    let rows = flags::in_force(tx)?.into_iter().filter(|f| counts(f.since));
    let mut all: Vec<PublishedFlag> = rows
        .map(|f| PublishedFlag {
            member: standing.public_id(&f.member).expose().to_owned(),
            since: f.since,
        })
        .collect();
    all.sort_by(|a, b| (a.since, &a.member).cmp(&(b.since, &b.member)));
    all.dedup();
    Ok(all)
}
