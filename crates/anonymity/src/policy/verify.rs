//! Recomputing a certificate from public data alone.

use super::certificate::{Certificate, Ledger};
use super::cut::{Plan, cut};
use super::label::PublicHashes;
use super::moment::{Moment, PublicRecord};
use super::ratio::Ratio;
use super::safe::Crowd;
use super::{Tree, hex};
use crate::AnonymityError;

/// How much of a certificate anybody can recompute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Everything: the candidates, the bound and the label itself.
    Everything,
    /// The public record, that the label was open, and that the stated figures keep the bounds and
    /// fit the cell; which candidates earlier releases on the case left is the hub's word.
    LabelOnly,
}

/// Checks a certificate against the public record at the time of its release: the register, the
/// parameters, the tree made from both, the labels published before, the cases in the news.
///
/// # Errors
/// [`AnonymityError::CertificateDiffers`] names the first statement that does not follow.
pub fn verify_certificate(
    record: &PublicRecord<'_>,
    certificate: &Certificate,
) -> Result<Checked, AnonymityError> {
    let moment = Moment::new(PublicRecord { at: certificate.at, ..*record });
    let settings = record.parameters.settings();
    // The tree must follow from the register: a hub could not have drawn it for one report.
    let tree = Tree::make(record.roster, record.parameters, record.tree.made());
    same("tree_hash", hex(tree.hash()) == hex(record.tree.hash()))?;
    let public = PublicHashes::of(&moment);
    for (what, stated, found) in [
        ("register_hash", &certificate.register_hash, public.register),
        ("parameters_hash", &certificate.parameters_hash, public.parameters),
        ("tree_hash", &certificate.tree_hash, public.tree),
        ("facets_hash", &certificate.facets_hash, public.facets),
        ("closed_hash", &certificate.closed_hash, public.closed),
        ("quarantine_hash", &certificate.quarantine_hash, public.quarantine),
    ] {
        same(what, *stated == hex(&found))?;
    }
    same("replayed", certificate.replayed == certificate.candidates)?;
    same("mismatches", certificate.mismatches == 0)?;
    let (id, node) = tree.node_called(&certificate.node).ok_or_else(|| differs("node"))?;
    same("label", *node.words() == certificate.label)?;
    same("closed_hash", !moment.closed().contains(id))?;
    let least = u64::from(settings.k) + u64::from(settings.c);
    let candidates = u64::from(certificate.candidates);
    same("candidates", candidates >= least)?;
    let worst = certificate.worst_posterior_after_coalition;
    same("worst_posterior_after_coalition", worst <= settings.p_max && worst > Ratio::ZERO)?;
    match certificate.ledger {
        Ledger::First => recompute(&moment, certificate, id),
        Ledger::Later => {
            let all = moment.population();
            let crowd = Crowd::of_both(record.roster, node.members(), all, settings.c);
            // The cell as a whole need not be safe: what was said before may have ruled out the
            // member that is too heavy for it.
            same("candidates", candidates <= crowd.count)?;
            Ok(Checked::LabelOnly)
        }
    }
}

/// A first release: one of the plans that anybody can draw must hold exactly this part.
fn recompute(
    moment: &Moment<'_>,
    certificate: &Certificate,
    node: super::NodeId,
) -> Result<Checked, AnonymityError> {
    let stated = |plan: &Plan| {
        plan.keeps_facet == certificate.facet.is_some()
            && plan.parts.iter().any(|part| {
                part.node == node
                    && part.candidates.len() as u64 == u64::from(certificate.candidates)
                    && part.worst == certificate.worst_posterior_after_coalition
            })
    };
    let fits = match &certificate.facet {
        Some(facet) => Plan::draw(moment, None, Some(facet)).is_some_and(|plan| stated(&plan)),
        // Without a facet there was none, or it was one of those that cannot be named now.
        None => {
            let plain = cut(moment, moment.population());
            plain.is_some_and(|parts| stated(&Plan { keeps_facet: false, parts }))
                || Plan::draw_dropped(moment, None).is_some_and(|plan| stated(&plan))
        }
    };
    same("candidates", fits)?;
    Ok(Checked::Everything)
}

fn same(what: &'static str, holds: bool) -> Result<(), AnonymityError> {
    if holds { Ok(()) } else { Err(differs(what)) }
}

fn differs(what: &'static str) -> AnonymityError {
    AnonymityError::CertificateDiffers { what }
}
