//! Storing a report and acknowledging it.

use noroshi_intake::Facts;
use noroshi_seal::{Entropy, Receipt, ReceiptFacts};
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::{Submission, Understanding, facts_to_json, understand, why};
use crate::context::context_facts;
use crate::days::day_of;
use crate::desk_queue;
use crate::drafts::Seen;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::reporter::NewReporter;
use crate::vault::desk_reports::{self, NewDeskRow};
use crate::vault::desk_work;
use crate::vault::reports::{self, ContextState, DropRow, ItemRow, ItemVerdict, ReportRow};
use crate::vault::statuses::{self, StatusRow};
use crate::vault::{agreements, audit, days, indicators, reporters};

/// Longest idempotency key, in bytes.
const MAX_IDEMPOTENCY: usize = 200;

/// An acknowledged report: it is on the disk.
pub struct Accepted {
    /// The stored row.
    pub report: ReportRow,
    /// Whether the same submission had been acknowledged before.
    pub repeated: bool,
}

/// Takes a report of `member`, filed by `actor` (account or key id).
///
/// # Errors
/// When it cannot be understood, the member has not signed the agreement, the idempotency key was
/// used for something else, or the vault does not answer. Then nothing was stored.
pub async fn accept(
    hub: &Hub,
    member: &str,
    actor: &str,
    submission: Submission,
) -> Result<(Accepted, Understanding), HubError> {
    accept_draft(hub, member, actor, submission, None).await
}

/// Takes a report that was written as a draft, which ends in the same transaction.
///
/// # Errors
/// As [`accept`], and 409 `draft-elsewhere` where the draft is not as it was seen; it stays then.
pub(crate) async fn accept_draft(
    hub: &Hub,
    member: &str,
    actor: &str,
    submission: Submission,
    draft: Option<Seen>,
) -> Result<(Accepted, Understanding), HubError> {
    check_idempotency(submission.idempotency.as_deref())?;
    let policy = hub.policy();
    let understood = understand(&policy, &hub.config().limits, &submission)?;
    if understood.items.is_empty() && nothing_said(&understood.facts) {
        return Err(HubError::bad(
            "nothing-understood",
            "No indicator and no report field was found. Paste the mail, the log lines or the list of indicators, or write what happened.",
        ));
    }
    let mut filing = Filing::prepare(hub, member, actor, submission, &understood)?;
    filing.draft = draft;
    Ok((commit(hub, filing).await?, understood))
}

/// Stores a submission that was understood already, and with it the status of a post to the inbox.
///
/// # Errors
/// As [`accept`].
pub(crate) async fn file(
    hub: &Hub,
    member: &str,
    actor: &str,
    submission: Submission,
    understood: &Understanding,
    status: Option<StatusRow>,
) -> Result<Accepted, HubError> {
    let mut filing = Filing::prepare(hub, member, actor, submission, understood)?;
    filing.status = status;
    commit(hub, filing).await
}

async fn commit(hub: &Hub, filing: Filing) -> Result<Accepted, HubError> {
    let now = hub.now();
    let outcome = hub.vault().write("intake.accept", move |tx| filing.store(tx, now)).await?;
    match outcome {
        Outcome::Stored(report) => {
            hub.metrics().accepted();
            Ok(Accepted { report, repeated: false })
        }
        Outcome::Repeated(report) => Ok(Accepted { report, repeated: true }),
        Outcome::NoAgreement => Err(HubError::no_agreement()),
        Outcome::NoSuchCase => Err(HubError::bad(
            "no-such-report",
            "The report this one continues is not among your reports. Leave `continues` out to file it as a case of its own; nothing was stored.",
        )),
        Outcome::DayClosed => Err(HubError::Request {
            status: axum::http::StatusCode::SERVICE_UNAVAILABLE,
            code: "day-closed",
            detail: "The day ended while this was received, or the hub's clock went back. Send it again; nothing was stored.".to_owned(),
        }),
        Outcome::DraftChanged => Err(HubError::draft_elsewhere()),
        Outcome::OtherContent => Err(HubError::conflict(
            "This Idempotency-Key was used for another report. Use a new key; nothing was stored.",
        )),
    }
}

/// Whether a sender's own key against double filing can be used.
///
/// # Errors
/// 400 `bad-idempotency-key`.
pub(crate) fn check_idempotency(key: Option<&str>) -> Result<(), HubError> {
    match key {
        Some(k)
            if k.is_empty()
                || k.len() > MAX_IDEMPOTENCY
                || !k.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) =>
        {
            Err(HubError::bad(
                "bad-idempotency-key",
                "Idempotency-Key: use 1 to 200 printable ASCII characters.",
            ))
        }
        _ => Ok(()),
    }
}

fn nothing_said(facts: &Facts) -> bool {
    facts_to_json(facts) == facts_to_json(&Facts::default())
}

/// What a stored transaction came to.
enum Outcome {
    Stored(ReportRow),
    Repeated(ReportRow),
    NoAgreement,
    OtherContent,
    NoSuchCase,
    DayClosed,
    DraftChanged,
}

/// Rows ready to be written: the transaction itself decides nothing but agreement and repetition.
struct Filing {
    report: ReportRow,
    actor: String,
    audit_id: String,
    idempotency: Option<String>,
    originals: Vec<(String, Vec<u8>)>,
    items: Vec<FiledItem>,
    drops: Vec<DropRow>,
    desk: NewDeskRow,
    reporter: Option<NewReporter>,
    /// What the inbox answers, if it came that way.
    status: Option<StatusRow>,
    /// The draft it was written as.
    draft: Option<Seen>,
}

struct FiledItem {
    row: ItemRow,
    fingerprint: [u8; 32],
    /// Kind and value to release, where it passed.
    offer: Option<(noroshi_stix::Kind, String)>,
}

impl Filing {
    fn prepare(
        hub: &Hub,
        member: &str,
        actor: &str,
        submission: Submission,
        understood: &Understanding,
    ) -> Result<Self, HubError> {
        let entropy = hub.entropy();
        let now = hub.now();
        let id = ids::fresh("r", entropy);
        let content = submission.receipt_content();
        let day = day_of(now);
        let facts = ReceiptFacts { report_id: &id, content: &content, day };
        let receipt = match &submission.reporter {
            None => Receipt::sign(facts, entropy, hub.signing_key()),
            Some(r) => Receipt::sign_keyed(facts, r.key, entropy, hub.signing_key()),
        }
        .map_err(|e| HubError::Register(e.to_string()))?;
        let context = if context_facts(&hub.policy().vocabulary, &understood.facts).is_empty() {
            ContextState::Nothing
        } else {
            ContextState::Proposed
        };
        let report = ReportRow {
            id: id.clone(),
            member: member.to_owned(),
            accepted: now,
            hold_until: understood.facts.hold_until,
            content_hash: receipt.content_hash().to_vec(),
            facts: facts_to_json(&understood.facts),
            receipt: receipt.to_text(),
            context,
            continues: submission.continues.clone(),
            composed: None,
        };
        let items = filed_items(&id, understood, entropy);
        let values =
            items.iter().map(|i| (i.row.kind, i.row.value.as_str(), i.row.origin.as_str()));
        let desk = desk_queue::new_row(&hub.policy(), member, &understood.facts, values);
        Ok(Self {
            desk,
            items,
            drops: understood
                .dropped
                .iter()
                .map(|d| DropRow {
                    text: d.text.clone(),
                    reason: d.reason.code().to_owned(),
                    origin: d.origin.to_string(),
                })
                .collect(),
            report,
            status: None,
            draft: None,
            reporter: submission.reporter,
            actor: actor.to_owned(),
            audit_id: ids::fresh("a", entropy),
            idempotency: submission.idempotency,
            originals: submission.parts.into_iter().map(|p| (p.name, p.bytes)).collect(),
        })
    }

    fn store(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Outcome, StoreError> {
        let mut report = self.report.clone();
        if let Some(continued) = &self.report.continues {
            // The case is named after its first report, whichever of its reports is continued.
            match reports::one(tx, continued)? {
                Some(r) if r.member == report.member => {
                    report.continues = Some(r.case().to_owned())
                }
                _ => return Ok(Outcome::NoSuchCase),
            }
        }
        let report = &report;
        if let Some(key) = &self.idempotency
            && let Some(earlier) = reports::by_idempotency(tx, &report.member, key)?
        {
            let same = earlier.content_hash == report.content_hash;
            return Ok(if same { Outcome::Repeated(earlier) } else { Outcome::OtherContent });
        }
        // Files and words that were saved meanwhile would end unfiled.
        if let Some(draft) = &self.draft
            && !draft.holds(tx)?
        {
            return Ok(Outcome::DraftChanged);
        }
        if agreements::valid_until(tx, &report.member, now)?.is_none() {
            return Ok(Outcome::NoAgreement);
        }
        // Its receipt would stand in no tree.
        if days::is_closed(tx, day_of(report.accepted))? {
            return Ok(Outcome::DayClosed);
        }
        reports::insert(tx, report, self.idempotency.as_deref())?;
        if let Some(draft) = &self.draft {
            draft.end(tx)?;
        }
        desk_reports::file(tx, &report.id, report.accepted, &self.desk)?;
        if report.context == ContextState::Proposed {
            desk_work::add_context(tx, &report.id)?;
        }
        if let Some(r) = &self.reporter {
            let (key, mailbox) = (r.key.key.to_bytes(), r.mailbox.to_bytes());
            reporters::put(tx, &report.id, &key, &mailbox)?;
        }
        for (ordinal, (name, bytes)) in (0i64..).zip(&self.originals) {
            reports::insert_original(tx, &report.id, ordinal, name, bytes)?;
        }
        let due = report.hold_until.map_or(now, |h| h.max(now));
        for item in &self.items {
            reports::insert_item(tx, &item.row, &item.fingerprint)?;
            if let Some((kind, value)) = &item.offer {
                indicators::offer(tx, &item.fingerprint, *kind, value, due, false)?;
            }
        }
        desk_reports::raise_shared(tx, &report.id, &report.member)?;
        for (ordinal, dropped) in (0i64..).zip(&self.drops) {
            reports::insert_drop(tx, &report.id, ordinal, dropped)?;
        }
        if let Some(status) = &self.status {
            statuses::insert(tx, status, Some(&report.id))?;
        }
        let entry = audit::Entry::new(now, &self.actor, "report.file", &report.id);
        audit::append(tx, &self.audit_id, &entry)?;
        Ok(Outcome::Stored(report.clone()))
    }
}

fn filed_items(report: &str, understood: &Understanding, entropy: &dyn Entropy) -> Vec<FiledItem> {
    (0i64..)
        .zip(&understood.items)
        .map(|(ordinal, item)| {
            let shared = item.shared_as.as_ref();
            FiledItem {
                row: ItemRow {
                    id: ids::fresh("i", entropy),
                    report: report.to_owned(),
                    ordinal,
                    kind: item.observable.kind(),
                    value: item.observable.value(),
                    origin: item.origin.clone(),
                    verdict: item.verdict,
                    reasons: item.reasons.iter().map(why).collect(),
                },
                fingerprint: ids::fingerprint(shared.unwrap_or(&item.observable)),
                offer: shared
                    .filter(|_| item.verdict == ItemVerdict::Passed)
                    .map(|o| (o.kind(), o.value())),
            }
        })
        .collect()
}
