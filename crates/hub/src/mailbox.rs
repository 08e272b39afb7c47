//! Follow-up without a name (ANONYMITY 6.6): the desk asks, a reporter with words answers, and nobody
//! sees to whom a question went or from whom an answer came.
//!
//! Questions to reports with words are sealed and go into one public list, the document
//! `mailbox/latest`: items of one size, filled up with items for nobody. Every reader downloads all
//! of it. Answers come without any identity and always get the same reply. Questions to reports
//! without words stand on the report's own page. No answer is ever released by itself.

pub mod forms;

use axum::http::StatusCode;
use data_encoding::BASE64;
use noroshi_seal::{
    Answer, Entropy, Envelope, OpeningKey, Question, SealError, SealingKey, SigningKey,
    question_reference,
};
use noroshi_stix::{Timestamp, Tlp, canonical_json};
use noroshi_store::{StoreError, Tx};
use serde_json::json;

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::labels::publish::Publisher;
use crate::vault::mailbox::{self, QuestionRow};
use crate::vault::{audit, documents, reporters, reports};
use forms::{FREE, MAX_FREE};

/// Items of an ordinary list; more only where more questions are open.
pub const SLOTS: usize = 16;
/// Days an item stays on the list.
const ITEM_DAYS: i64 = 90;
/// Most answers taken in one tick.
pub const MAX_ANSWERS: u32 = 100;
/// Longest request with an answer, in bytes: an envelope of 4 KiB and its head.
pub const MAX_ENVELOPE: usize = 8 * 1024;
/// Bytes of every answer: the head of an envelope, its encapsulation, 4 KiB and a tag.
pub const ANSWER_LEN: usize = 15 + 1_120 + (1 << 12) + 16;
/// Name of the public list.
pub const LIST: &str = "mailbox/latest";

/// Asks a question about a report. Returns its id.
///
/// # Errors
/// 400 for a question that is not on the list or free text that is empty or too long, 404 for an
/// unknown report.
pub async fn ask(
    hub: &Hub,
    report: &str,
    form: &str,
    text: Option<&str>,
    officer: &str,
) -> Result<String, HubError> {
    let closed = forms::forms()?.get(form);
    let text = text.map(str::trim).filter(|_| form == FREE);
    let long = text.is_none_or(|t| t.is_empty() || t.chars().count() > MAX_FREE);
    if closed.is_none() && (form != FREE || long) {
        return Err(HubError::bad(
            "bad-question",
            "Choose a question of the list, or `free` with a text of 1 to 1,000 characters.",
        ));
    }
    let report = report.to_owned();
    let found = hub
        .vault()
        .read("mailbox.addressee", {
            let report = report.clone();
            move |tx| Ok((reports::one(tx, &report)?, reporters::one(tx, &report)?))
        })
        .await?;
    let (Some(_), keys) = found else { return Err(HubError::not_found()) };
    let sealed = match keys {
        None => None,
        Some(keys) => {
            let words = forms::sealed_text(closed, form, text);
            let made = SealingKey::from_slice(&keys.mailbox_key)
                .and_then(|key| Question::seal(&key, &words, hub.entropy()));
            Some(made.map_err(broken)?)
        }
    };
    let now = hub.now();
    let row = QuestionRow {
        id: ids::fresh("q", hub.entropy()),
        report,
        form: form.to_owned(),
        text: text.map(str::to_owned),
        item: sealed.as_ref().map(|_| ids::fresh("b", hub.entropy())),
        asked: now,
        answer: None,
        answered: None,
    };
    let (id, officer) = (row.id.clone(), officer.to_owned());
    let audit_id = ids::fresh("a", hub.entropy());
    let tick = now.floor_to(hub.tick_micros());
    hub.vault()
        .write("mailbox.ask", move |tx| {
            let reference = sealed.as_ref().map(question_reference);
            if let (Some(item), Some(envelope)) = (&row.item, &sealed) {
                mailbox::put_item(tx, item, tick, &envelope.to_bytes())?;
            }
            mailbox::ask(tx, &row, reference.as_ref().map(|r| r.as_slice()), &officer)?;
            audit::note(tx, &audit_id, now, &officer, "question.ask", &row.report)
        })
        .await?;
    Ok(id)
}

/// Brings the public list up to date and hands it to the shelf where it changed.
///
/// # Errors
/// When the vault does not answer.
pub(crate) async fn publish(hub: &Hub) -> Result<(), HubError> {
    let key = SigningKey::from_seed(*hub.signing_key().seed());
    let (clear, entropy) = (hub.context_tlp() == Tlp::Clear, hub.entropy_arc());
    let tick = hub.now().floor_to(hub.tick_micros());
    let desk = hub.desk_key().sealing_key().to_string();
    let list = move |tx: &mut Tx<'_>| {
        let items: Vec<String> =
            mailbox::items(tx)?.iter().map(|item| BASE64.encode(item)).collect();
        let body =
            canonical_json(&json!({"schema": "noroshi-mailbox/1", "desk": desk, "items": items}));
        let before = documents::one(tx, LIST)?;
        let same = before.is_some_and(|d| d.body == body && d.clear == clear);
        Ok((!same).then_some(body))
    };
    let oldest = tick.plus_days(-ITEM_DAYS);
    // Most ticks change nothing: they write nothing.
    let as_it_was = {
        let list = list.clone();
        move |tx: &mut Tx<'_>| {
            Ok(!mailbox::has_older(tx, oldest)? && is_level(tx)? && list(tx)?.is_none())
        }
    };
    if hub.vault().read("mailbox.as_it_was", as_it_was).await? {
        return Ok(());
    }
    hub.vault()
        .write("mailbox.publish", move |tx| {
            mailbox::prune(tx, oldest)?;
            level(tx, tick, entropy.as_ref())?;
            match list(tx)? {
                Some(body) => Publisher { key: &key, clear }.put(tx, LIST.to_owned(), body),
                None => Ok(()),
            }
        })
        .await?;
    Ok(())
}

/// How many items the list has, those for nobody, and how many it should have: always a power of
/// two, so that one question more or less does not show.
fn lengths(tx: &mut Tx<'_>) -> Result<(usize, Vec<String>, usize), StoreError> {
    let (total, filling) = (mailbox::items(tx)?.len(), mailbox::filling(tx)?);
    let size = (total - filling.len()).next_power_of_two().max(SLOTS);
    Ok((total, filling, size))
}

fn is_level(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let (total, _, size) = lengths(tx)?;
    Ok(total == size)
}

/// Fills the list up to its constant length; a question takes the place of an item for nobody.
fn level(tx: &mut Tx<'_>, tick: Timestamp, entropy: &dyn Entropy) -> Result<(), StoreError> {
    let (total, filling, size) = lengths(tx)?;
    for id in filling.iter().take(total.saturating_sub(size)) {
        mailbox::drop_item(tx, id)?;
    }
    for _ in total..size {
        let nobody = OpeningKey::generate(entropy).map_err(unsealed)?;
        let envelope = Question::seal(nobody.sealing_key(), "", entropy).map_err(unsealed)?;
        mailbox::put_item(tx, &ids::fresh("b", entropy), tick, &envelope.to_bytes())?;
    }
    Ok(())
}

/// Takes an answer that came without any identity. Whoever it is from, whatever it answers and
/// whether it opens at all: the caller cannot tell, and the vault is written to each time.
///
/// # Errors
/// 400 where it does not have the size of an answer, 429 beyond [`MAX_ANSWERS`] of this tick.
pub async fn take(hub: &Hub, bytes: &[u8]) -> Result<(), HubError> {
    let envelope = Envelope::from_bytes(bytes).ok().filter(|_| bytes.len() == ANSWER_LEN);
    let Some(envelope) = envelope else {
        return Err(HubError::bad(
            "bad-answer",
            "This is no sealed answer. `noroshi mailbox answer` makes one; nothing was stored.",
        ));
    };
    if !hub.one_more_answer() {
        return Err(HubError::Request {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: "too-many-answers",
            detail: "Too many answers came in this moment. Send it again in a minute.".to_owned(),
        });
    }
    let opened = Answer::open(hub.desk_key(), &envelope).ok();
    let (reference, reporter, text) = match &opened {
        Some(a) => (a.question(), a.reporter().to_bytes(), a.text().to_owned()),
        None => ([0; 32], [0; 32], String::new()),
    };
    let now = hub.now();
    let audit_id = ids::fresh("a", hub.entropy());
    hub.vault()
        .write("mailbox.take", move |tx| {
            let Some(question) = mailbox::by_reference(tx, &reference)? else {
                return mailbox::answer(tx, "", "", now).map(drop);
            };
            let keys = reporters::one(tx, &question.report)?;
            let own = keys.is_some_and(|k| k.report_key == reporter);
            let good = own && forms::fits(&question.form, &text);
            let id = if good { question.id.as_str() } else { "" };
            if mailbox::answer(tx, id, &text, now)? {
                audit::note(tx, &audit_id, now, "mailbox", "question.answer", &question.report)?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// Answers a question on the reporter's own page.
///
/// # Errors
/// 404 where this report has no such question there, 400 for an answer that cannot be chosen, 409
/// where it was answered before.
pub async fn answer_signed_in(
    hub: &Hub,
    report: &str,
    question: &str,
    text: &str,
    actor: &str,
) -> Result<(), HubError> {
    let (report, question) = (report.to_owned(), question.to_owned());
    let (text, actor) = (text.trim().to_owned(), actor.to_owned());
    let (now, audit_id) = (hub.now(), ids::fresh("a", hub.entropy()));
    let done = hub
        .vault()
        .write("mailbox.answer", move |tx| {
            let found = mailbox::one(tx, &question)?;
            let Some(q) = found.filter(|q| q.report == report && q.item.is_none()) else {
                return Ok(Answered::NotFound);
            };
            if !forms::fits(&q.form, &text) {
                return Ok(Answered::NoChoice);
            }
            if !mailbox::answer(tx, &q.id, &text, now)? {
                return Ok(Answered::Before);
            }
            audit::note(tx, &audit_id, now, &actor, "question.answer", &report)?;
            Ok(Answered::Done)
        })
        .await?;
    match done {
        Answered::Done => Ok(()),
        Answered::NotFound => Err(HubError::not_found()),
        Answered::Before => Err(HubError::conflict("This was answered before. Load it again.")),
        Answered::NoChoice => Err(HubError::bad(
            "bad-answer",
            "Choose one of the answers; free text has 1 to 1,000 characters.",
        )),
    }
}

enum Answered {
    Done,
    NotFound,
    Before,
    NoChoice,
}

/// The questions about a report. `own_page` leaves out those that only its words open.
///
/// # Errors
/// When the vault cannot be read.
pub async fn about(hub: &Hub, report: &str, own_page: bool) -> Result<Vec<QuestionRow>, HubError> {
    let report = report.to_owned();
    let mut all =
        hub.vault().read("mailbox.about", move |tx| mailbox::of_report(tx, &report)).await?;
    all.retain(|q| !own_page || q.item.is_none());
    Ok(all)
}

fn broken(error: SealError) -> HubError {
    HubError::Register(format!("a question could not be sealed: {error}"))
}

fn unsealed(error: SealError) -> StoreError {
    StoreError::Refused(format!("the mailbox could not be filled up: {error}"))
}
