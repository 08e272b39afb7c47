//! What labels are made of: words, trees, what was published, who is left of a case.

use noroshi_anonymity::Words;
use noroshi_anonymity::policy::{EarlierLabel, TreeName};
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

super::statements! {
    PUT_WORDS = "INSERT INTO label_words (step, ja, en) VALUES ($1, $2, $3)
        ON CONFLICT (step) DO UPDATE SET ja = excluded.ja, en = excluded.en";
    WORDS = "SELECT step, ja, en FROM label_words ORDER BY step";
    LAST_TREE = "SELECT made FROM label_tree ORDER BY made DESC LIMIT 1";
    PUT_TREE = "INSERT INTO label_tree (made) VALUES ($1) ON CONFLICT (made) DO NOTHING";
    LAST_AT = "SELECT at FROM published_label ORDER BY at DESC LIMIT 1";
    PUBLISH = "INSERT INTO published_label (record, place, at, release_id, node, register_hash,
        parameters_hash, tree_made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    PUBLISHED_SINCE = "SELECT at, release_id, node, register_hash, parameters_hash, tree_made
        FROM published_label WHERE at > $1 ORDER BY record, place";
    LAST_RECORD = "SELECT record FROM published_label ORDER BY record DESC LIMIT 1";
    CANDIDATES = "SELECT members FROM case_candidates WHERE case_id = $1";
    PUT_CANDIDATES = "INSERT INTO case_candidates (case_id, members) VALUES ($1, $2)
        ON CONFLICT (case_id) DO UPDATE SET members = excluded.members";
    PUT_OFFER = "INSERT INTO context_offer (report, offered, members) VALUES ($1, $2, $3)
        ON CONFLICT (report) DO UPDATE SET offered = excluded.offered, members = excluded.members";
    OFFER = "SELECT offered, members FROM context_offer WHERE report = $1";
}

/// Sets the words of a step of label paths.
///
/// # Errors
/// When the vault cannot be written.
pub fn put_words(tx: &mut Tx<'_>, step: &str, words: &Words) -> Result<(), StoreError> {
    tx.execute(PUT_WORDS, &[step.into(), (&words.ja).into(), (&words.en).into()]).map(drop)
}

/// The words of all steps that have some.
///
/// # Errors
/// When the vault cannot be read.
pub fn words(tx: &mut Tx<'_>) -> Result<Vec<(String, Words)>, StoreError> {
    tx.query(WORDS, &[], |r| Ok((r.text(0)?, Words { ja: r.text(1)?, en: r.text(2)? })))
}

/// When the tree in force was made; `None` before the first release.
///
/// # Errors
/// When the vault cannot be read.
pub fn tree(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    Ok(tx.query_one(LAST_TREE, &[], |r| r.int(0))?.map(Timestamp::from_micros))
}

/// Puts a tree in force.
///
/// # Errors
/// When the vault cannot be written.
pub fn put_tree(tx: &mut Tx<'_>, made: Timestamp) -> Result<(), StoreError> {
    tx.execute(PUT_TREE, &[made.as_micros().into()]).map(drop)
}

/// The public time of the newest release; `None` before the first.
///
/// # Errors
/// When the vault cannot be read.
pub fn last_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    Ok(tx.query_one(LAST_AT, &[], |r| r.int(0))?.map(Timestamp::from_micros))
}

/// Notes a published label as release `place` (from 0) of record `record`.
///
/// # Errors
/// When the place is taken or the vault cannot be written.
pub fn publish(
    tx: &mut Tx<'_>,
    record: u32,
    place: usize,
    label: &EarlierLabel,
) -> Result<(), StoreError> {
    let params = [
        i64::from(record).into(),
        i64::try_from(place).unwrap_or(i64::MAX).into(),
        label.at.as_micros().into(),
        (&label.release_id).into(),
        (&label.node).into(),
        (&label.tree.register).into(),
        (&label.tree.parameters).into(),
        label.tree.made.as_micros().into(),
    ];
    tx.execute(PUBLISH, &params).map(drop)
}

/// The labels published after `since`, in the order of their decisions.
///
/// # Errors
/// When the vault cannot be read.
pub fn published_since(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<EarlierLabel>, StoreError> {
    tx.query(PUBLISHED_SINCE, &[since.as_micros().into()], |r| {
        Ok(EarlierLabel {
            at: Timestamp::from_micros(r.int(0)?),
            release_id: r.text(1)?,
            node: r.text(2)?,
            tree: TreeName {
                register: r.text(3)?,
                parameters: r.text(4)?,
                made: Timestamp::from_micros(r.int(5)?),
            },
        })
    })
}

/// The number of the newest record; 0 before the first.
///
/// # Errors
/// When the vault cannot be read.
pub fn last_record(tx: &mut Tx<'_>) -> Result<u32, StoreError> {
    let last = tx.query_one(LAST_RECORD, &[], |r| r.int(0))?.unwrap_or(0);
    u32::try_from(last).map_err(|_| StoreError::Refused("the record numbers ran out".to_owned()))
}

/// Public ids of the members that may still be the victim of a case; `None` before its first
/// release.
///
/// # Errors
/// When the vault cannot be read.
pub fn candidates(tx: &mut Tx<'_>, case: &str) -> Result<Option<Vec<String>>, StoreError> {
    Ok(tx.query_one(CANDIDATES, &[case.into()], |r| r.text(0))?.map(|t| list(&t)))
}

/// Notes who may still be the victim of a case.
///
/// # Errors
/// When the vault cannot be written.
pub fn put_candidates(tx: &mut Tx<'_>, case: &str, members: &[&str]) -> Result<(), StoreError> {
    let members = members.join("\n");
    tx.execute(PUT_CANDIDATES, &[case.into(), (&members).into()]).map(drop)
}

/// What a reporter was asked to approve: everybody the label it was shown names.
pub struct Offer {
    /// When it was asked.
    pub at: Timestamp,
    /// Public ids; empty where nothing could be published then.
    pub members: Vec<String>,
}

/// Notes what a reporter is asked to approve.
///
/// # Errors
/// When the vault cannot be written.
pub fn put_offer(tx: &mut Tx<'_>, report: &str, offer: &Offer) -> Result<(), StoreError> {
    let members = offer.members.join("\n");
    let params = [report.into(), offer.at.as_micros().into(), (&members).into()];
    tx.execute(PUT_OFFER, &params).map(drop)
}

/// What a reporter was asked to approve.
///
/// # Errors
/// When the vault cannot be read.
pub fn offer(tx: &mut Tx<'_>, report: &str) -> Result<Option<Offer>, StoreError> {
    tx.query_one(OFFER, &[report.into()], |r| {
        Ok(Offer { at: Timestamp::from_micros(r.int(0)?), members: list(&r.text(1)?) })
    })
}

fn list(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
