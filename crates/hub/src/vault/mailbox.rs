//! Questions of the desk, their answers, and the items everybody downloads.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

use super::desk_work;

super::statements! {
    PUT_ITEM = "INSERT INTO mail_item (id, tick, ciphertext) VALUES ($1, $2, $3)";
    ITEMS = "SELECT id, ciphertext FROM mail_item ORDER BY id";
    FILLING = "SELECT id FROM mail_item WHERE id NOT IN
        (SELECT item FROM desk_question WHERE item IS NOT NULL) ORDER BY id";
    DROP_ITEM = "DELETE FROM mail_item WHERE id = $1";
    PRUNE = "DELETE FROM mail_item WHERE tick < $1";
    OLDER = "SELECT COUNT(*) FROM mail_item WHERE tick < $1";
    ASK = "INSERT INTO desk_question (id, report, form, text, item, reference, asked, asked_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    OF_REPORT = "SELECT id, report, form, text, item, asked, answer, answered FROM desk_question
        WHERE report = $1 ORDER BY asked, id";
    ONE = "SELECT id, report, form, text, item, asked, answer, answered FROM desk_question
        WHERE id = $1";
    BY_REFERENCE = "SELECT id, report, form, text, item, asked, answer, answered FROM desk_question
        WHERE reference = $1";
    ANSWER = "UPDATE desk_question SET answer = $2, answered = $3
        WHERE id = $1 AND answered IS NULL";
}

/// A question about a report. Attributed: prints nothing.
#[derive(Clone)]
pub struct QuestionRow {
    /// Random id.
    pub id: String,
    /// The report it is about.
    pub report: String,
    /// A question of the closed list, or `free`.
    pub form: String,
    /// The question in the desk's words, for `free`.
    pub text: Option<String>,
    /// The item it was sealed into; `None` where it is shown on the report's page.
    pub item: Option<String>,
    /// When it was asked.
    pub asked: Timestamp,
    /// The answer, if there is one.
    pub answer: Option<String>,
    /// When it came.
    pub answered: Option<Timestamp>,
}

impl std::fmt::Debug for QuestionRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QuestionRow(..)")
    }
}

/// Adds an item to the public list.
///
/// # Errors
/// When the vault cannot be written.
pub fn put_item(
    tx: &mut Tx<'_>,
    id: &str,
    tick: Timestamp,
    ciphertext: &[u8],
) -> Result<(), StoreError> {
    tx.execute(PUT_ITEM, &[id.into(), tick.as_micros().into(), ciphertext.into()]).map(drop)
}

/// The public list, by random id.
///
/// # Errors
/// When the vault cannot be read.
pub fn items(tx: &mut Tx<'_>) -> Result<Vec<Vec<u8>>, StoreError> {
    tx.query(ITEMS, &[], |r| r.blob(1))
}

/// Ids of the items that no question stands behind.
///
/// # Errors
/// When the vault cannot be read.
pub fn filling(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.query(FILLING, &[], |r| r.text(0))
}

/// Takes an item off the list.
///
/// # Errors
/// When the vault cannot be written.
pub fn drop_item(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.execute(DROP_ITEM, &[id.into()]).map(drop)
}

/// Takes items off the list that stood there since before `oldest`.
///
/// # Errors
/// When the vault cannot be written.
pub fn prune(tx: &mut Tx<'_>, oldest: Timestamp) -> Result<(), StoreError> {
    tx.execute(PRUNE, &[oldest.as_micros().into()]).map(drop)
}

/// Whether any item is older.
///
/// # Errors
/// When the vault cannot be read.
pub fn has_older(tx: &mut Tx<'_>, oldest: Timestamp) -> Result<bool, StoreError> {
    let count = tx.query_one(OLDER, &[oldest.as_micros().into()], |r| r.int(0))?;
    Ok(count.is_some_and(|n| n > 0))
}

/// Adds a question.
///
/// # Errors
/// When the vault cannot be written.
pub fn ask(
    tx: &mut Tx<'_>,
    q: &QuestionRow,
    reference: Option<&[u8]>,
    officer: &str,
) -> Result<(), StoreError> {
    let params = [
        (&q.id).into(),
        (&q.report).into(),
        (&q.form).into(),
        q.text.as_deref().into(),
        q.item.as_deref().into(),
        reference.into(),
        q.asked.as_micros().into(),
        officer.into(),
    ];
    tx.execute(ASK, &params).map(drop)
}

/// The questions about a report, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_report(tx: &mut Tx<'_>, report: &str) -> Result<Vec<QuestionRow>, StoreError> {
    tx.query(OF_REPORT, &[report.into()], row)
}

/// One question.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<QuestionRow>, StoreError> {
    tx.query_one(ONE, &[id.into()], row)
}

/// The question whose envelope has this name.
///
/// # Errors
/// When the vault cannot be read.
pub fn by_reference(tx: &mut Tx<'_>, reference: &[u8]) -> Result<Option<QuestionRow>, StoreError> {
    tx.query_one(BY_REFERENCE, &[reference.into()], row)
}

/// Keeps an answer; false where there is one already.
///
/// # Errors
/// When the vault cannot be written.
pub fn answer(tx: &mut Tx<'_>, id: &str, text: &str, at: Timestamp) -> Result<bool, StoreError> {
    let kept = tx.execute(ANSWER, &[id.into(), text.into(), at.as_micros().into()])? > 0;
    if kept {
        desk_work::add_answer(tx, id, at)?;
    }
    Ok(kept)
}

fn row(r: &Row<'_>) -> Result<QuestionRow, StoreError> {
    Ok(QuestionRow {
        id: r.text(0)?,
        report: r.text(1)?,
        form: r.text(2)?,
        text: r.opt_text(3)?,
        item: r.opt_text(4)?,
        asked: Timestamp::from_micros(r.int(5)?),
        answer: r.opt_text(6)?,
        answered: r.opt_int(7)?.map(Timestamp::from_micros),
    })
}
