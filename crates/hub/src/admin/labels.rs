//! Words of labels, and a look at the label tree.

use noroshi_anonymity::Words;

use super::{Scribe, record};
use crate::error::HubError;
use crate::hub::Hub;
use crate::labels::words;
use crate::vault::labels;

/// Longest words of a step, in characters.
const MAX_WORDS: usize = 60;

/// One node of the label tree.
pub struct LabelNode {
    /// How far below "a member".
    pub depth: usize,
    /// What it is called.
    pub words: Words,
    /// How many members it names.
    pub members: usize,
    /// Whether it can bear one more victim within the window.
    pub open: bool,
    /// Whether it is a base cell: not split any further.
    pub cell: bool,
}

/// The label tree of today, or the one a first release would put in force.
pub struct LabelTree {
    /// As of which day.
    pub made: noroshi_stix::Timestamp,
    /// Hash of the published register in hexadecimal.
    pub register: String,
    /// Hash of the published parameters in hexadecimal.
    pub parameters: String,
    /// The parameters as they are published, JSON.
    pub parameters_json: String,
    /// Labels published within the window.
    pub published: usize,
    /// Members whose cell the public speaks of.
    pub quarantined: usize,
    /// Parents before children.
    pub nodes: Vec<LabelNode>,
}

/// Sets the words of a step of label paths, such as `utilities`.
///
/// # Errors
/// When the step or a word is empty or too long, or the vault cannot be written.
pub async fn set_label_words(hub: &Hub, step: &str, words: Words) -> Result<(), HubError> {
    let bad = |text: &str| text.trim().is_empty() || text.chars().count() > MAX_WORDS;
    if bad(step) || bad(&words.ja) || bad(&words.en) || step.contains('/') {
        return Err(HubError::bad(
            "bad-label",
            "Give one step of a label path and its words in both languages, each up to 60 characters.",
        ));
    }
    let (step, now, scribe) = (step.to_owned(), hub.now(), Scribe::of(hub));
    hub.vault()
        .write("admin.label_words", move |tx| {
            labels::put_words(tx, &step, &words)?;
            record(tx, &scribe, now, "label.words", &step)
        })
        .await?;
    Ok(())
}

/// The steps members stand at, each with its words; `None` where it has none.
///
/// # Errors
/// When the vault cannot be read.
pub async fn list_label_words(hub: &Hub) -> Result<Vec<(String, Option<Words>)>, HubError> {
    let (members, own) = hub
        .vault()
        .read("admin.label_steps", |tx| Ok((crate::vault::members::all(tx)?, labels::words(tx)?)))
        .await?;
    let steps: std::collections::BTreeSet<&str> =
        members.iter().flat_map(|m| m.label_path.iter().map(String::as_str)).collect();
    let known = words::of_steps(steps.iter().copied(), own)?;
    Ok(steps.into_iter().map(|s| (s.to_owned(), known.get(s).cloned())).collect())
}

/// The label tree of today.
///
/// # Errors
/// When the vault cannot be read.
pub async fn label_tree(hub: &Hub) -> Result<LabelTree, HubError> {
    hub.refresh_policy().await?;
    let (reader, now) = (hub.public_reader(), hub.now());
    let state = hub.vault().read("admin.label_tree", move |tx| reader.read(tx, now)).await?;
    let moment = state.moment();
    let tree = moment.record().tree;
    let nodes = tree.nodes().map(|(id, node)| LabelNode {
        depth: node.depth(),
        words: node.words().clone(),
        members: node.members().len(),
        open: !moment.closed().contains(id),
        cell: node.children().is_empty(),
    });
    let json = state.standing.parameters.to_bytes();
    Ok(LabelTree {
        made: state.tree.made,
        register: state.tree.register.clone(),
        parameters: state.tree.parameters.clone(),
        parameters_json: String::from_utf8_lossy(&json).into_owned(),
        published: state.earlier.len(),
        quarantined: moment.quarantined().len(),
        nodes: nodes.collect(),
    })
}

/// Which member each context release is about, by the ids of the published register: what measuring
/// an adversary's guesses takes, and what nobody else may have.
///
/// # Errors
/// When the vault cannot be read.
pub async fn release_truth(hub: &Hub) -> Result<Vec<(String, String)>, HubError> {
    let rows = hub.vault().read("admin.truth", crate::vault::contexts::victims).await?;
    let standing = std::sync::Arc::clone(&hub.policy().standing);
    let public = |member: &str| standing.public_id(member).expose().to_owned();
    Ok(rows.into_iter().map(|(release, member)| (release, public(&member))).collect())
}
