//! Proof of timely reporting: each day's receipts in one published tree (ANONYMITY 6.5).
//!
//! Once a UTC day is over, the tick builds the tree of its receipts, filled up with random leaves,
//! signs the head that names the day before, and publishes head and leaves to everybody who reads
//! releases. Every day has one, also a day without reports and days on which the hub stood still:
//! neither silence nor a gap says anything, and nobody asks for "his" proof.

use noroshi_seal::{
    DayHead, DayTree, Entropy, Hash, Receipt, ReportProof, SealError, SignedDayHead, SigningKey,
};
use noroshi_stix::{Timestamp, Tlp, canonical_json};
use noroshi_store::{StoreError, Tx};
use serde_json::{Value, json};

use crate::error::HubError;
use crate::hub::Hub;
use crate::labels::publish::Publisher;
use crate::vault::days::{self, DayRow};
use crate::vault::reports::ReportRow;
use crate::vault::secrets;

/// Microseconds of a day.
pub(crate) const DAY_MICROS: i64 = 86_400_000_000;
/// How long after midnight a day is closed: what was received before midnight is stored by then.
const GRACE_MICROS: i64 = 300_000_000;

/// The day of a moment, in days since 1970-01-01.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(DAY_MICROS)
}

/// From when on a report's proof can be had.
pub fn ready_at(accepted: Timestamp) -> Timestamp {
    Timestamp::from_micros((day_of(accepted) + 1) * DAY_MICROS + GRACE_MICROS)
}

/// Notes from which day on there are trees: that of the hub's first start with them. Trees of
/// earlier days would claim to have been published then.
///
/// # Errors
/// When the vault does not answer.
pub(crate) async fn begin(hub: &Hub) -> Result<(), HubError> {
    let today = day_of(hub.now());
    hub.vault()
        .write("days.begin", move |tx| {
            if secrets::counter(tx, secrets::FIRST_DAY)? == 0 {
                secrets::raise(tx, secrets::FIRST_DAY, today)?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// Closes every day that is over and has no head yet, oldest first. Returns how many.
///
/// # Errors
/// When the vault does not answer or a stored receipt or head is damaged; the days before stay
/// closed.
pub(crate) async fn close(hub: &Hub) -> Result<usize, HubError> {
    let mut closed = 0;
    let clear = hub.context_tlp() == Tlp::Clear;
    loop {
        let now = hub.now();
        let key = SigningKey::from_seed(*hub.signing_key().seed());
        let entropy = hub.entropy_arc();
        let one = hub
            .vault()
            .write("days.close", move |tx| {
                let last = days::last(tx)?;
                let day = match &last {
                    Some(last) => last.day + 1,
                    None => secrets::counter(tx, secrets::FIRST_DAY)?,
                };
                if (day + 1) * DAY_MICROS + GRACE_MICROS > now.as_micros() {
                    return Ok(false);
                }
                let before = last.map(|last| SignedDayHead::from_bytes(&last.head));
                let before = before.transpose().map_err(damaged)?.map(|signed| signed.head);
                let (tree, head) = build(tx, day, before.as_ref(), entropy.as_ref())?;
                let signed = head.sign(&key);
                let leaves = tree.leaves().concat();
                days::put(tx, &DayRow { day, head: signed.to_bytes(), leaves })?;
                publish(tx, &Publisher { key: &key, clear }, &tree, &signed)?;
                Ok(true)
            })
            .await?;
        if !one {
            return Ok(closed);
        }
        closed += 1;
    }
}

fn build(
    tx: &mut Tx<'_>,
    day: i64,
    before: Option<&DayHead>,
    entropy: &dyn Entropy,
) -> Result<(DayTree, DayHead), StoreError> {
    let receipts = days::receipts(tx, day * DAY_MICROS, (day + 1) * DAY_MICROS)?;
    let leaves: Result<Vec<Hash>, SealError> =
        receipts.iter().map(|text| Receipt::parse(text).map(|receipt| receipt.leaf())).collect();
    let tree = DayTree::build(day, leaves.map_err(damaged)?, entropy).map_err(damaged)?;
    let head = tree.head(before).map_err(damaged)?;
    Ok((tree, head))
}

/// The day under its name with all leaves; the newest head alone as the latest.
fn publish(
    tx: &mut Tx<'_>,
    publisher: &Publisher<'_>,
    tree: &DayTree,
    signed: &SignedDayHead,
) -> Result<(), StoreError> {
    let name = day_name(tree.day());
    let leaves: Vec<String> = tree.leaves().iter().map(|leaf| hex(leaf)).collect();
    let head = head_json(signed);
    let whole = json!({"schema": "noroshi-day/1", "day": name, "head": head, "leaves": leaves});
    publisher.put(tx, format!("days/{name}"), canonical_json(&whole))?;
    let latest = json!({"schema": "noroshi-day-head/1", "day": name, "head": head});
    publisher.put(tx, "days/latest".to_owned(), canonical_json(&latest))
}

/// As in a [`ReportProof`], so that the two can be compared by eye.
fn head_json(signed: &SignedDayHead) -> Value {
    let head = &signed.head;
    json!({
        "day": day_name(head.day),
        "size": head.size,
        "root": hex(&head.root),
        "previous": hex(&head.previous),
        "key": signed.key_id.to_string(),
        "signature": signed.signature.to_string(),
    })
}

/// The proof of one report, as a file.
///
/// # Errors
/// 404 `too-early` before its day is closed, with the moment; 404 `no-proof` where it was filed
/// before the hub published trees.
pub async fn proof(hub: &Hub, report: &ReportRow) -> Result<String, HubError> {
    let day = day_of(report.accepted);
    let (row, first) = hub
        .vault()
        .read("days.proof", move |tx| {
            Ok((days::one(tx, day)?, secrets::counter(tx, secrets::FIRST_DAY)?))
        })
        .await?;
    let not_here = |code, detail| HubError::Request {
        status: axum::http::StatusCode::NOT_FOUND,
        code,
        detail,
    };
    let Some(row) = row else {
        if day < first {
            return Err(not_here(
                "no-proof",
                "This report was filed before the hub published daily trees. Its receipt is all there is.".to_owned(),
            ));
        }
        let at = ready_at(report.accepted);
        return Err(not_here(
            "too-early",
            format!("The day of this report is not closed yet. Ask again from {at} on."),
        ));
    };
    let made = || -> Result<String, SealError> {
        let receipt = Receipt::parse(&report.receipt)?;
        let leaves = row.leaves.as_chunks::<32>().0.to_vec();
        let tree = DayTree::from_leaves(day, leaves)?;
        let (place, head) = (tree.proof_of(&receipt)?, SignedDayHead::from_bytes(&row.head)?);
        let proof = ReportProof { receipt, place, head };
        // Nobody is handed what would be refused when it matters.
        proof.verify(&hub.signing_key().verifying_key())?;
        Ok(proof.to_json())
    };
    made().map_err(|e| HubError::Register(format!("the tree of {}: {e}", day_name(day))))
}

/// `YYYY-MM-DD`.
pub(crate) fn day_name(day: i64) -> String {
    Timestamp::from_micros(day.saturating_mul(DAY_MICROS)).to_string().chars().take(10).collect()
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn damaged(error: SealError) -> StoreError {
    StoreError::Refused(format!("a day of receipts cannot be closed: {error}"))
}
