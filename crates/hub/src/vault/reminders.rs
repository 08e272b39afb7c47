//! Reminders of deadlines: what a member wants, what was decided, and the queue of what goes out.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    SETTING = "SELECT language, detailed, marks, mails, webhook, secret FROM reminder_setting
        WHERE member = $1";
    SET = "INSERT INTO reminder_setting (member, at, language, detailed, marks, mails, webhook,
        secret, look) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
        ON CONFLICT (member) DO UPDATE SET at = excluded.at, language = excluded.language,
        detailed = excluded.detailed, marks = excluded.marks, mails = excluded.mails,
        webhook = excluded.webhook, secret = excluded.secret, look = 0";
    TO_LOOK_AT = "SELECT s.member FROM reminder_setting s JOIN member m ON m.id = s.member
        WHERE s.look <= $1 AND m.left_at IS NULL ORDER BY s.look, s.member LIMIT $2";
    LOOK_AT = "UPDATE reminder_setting SET look = $2 WHERE member = $1";
    LOOK_NOW = "UPDATE reminder_setting SET look = 0 WHERE member =
        (SELECT member FROM report WHERE id = $1)";
    DECIDE = "INSERT INTO reminder (id, member, case_id, obligation, stage, due, mark)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (case_id, obligation, stage, due, mark) DO NOTHING";
    QUEUE = "INSERT INTO reminder_message (id, member, reminder, channel, address, queued, state,
        attempts, next_attempt, trouble, done)
        VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $6, '', NULL)";
    TOLD = "SELECT r.id, w.channel, w.address, w.state FROM reminder_message w
        JOIN reminder r ON r.id = w.reminder WHERE w.member = $1 AND r.case_id = $2
        AND r.obligation = $3 AND r.stage = $4 AND r.due = $5 AND r.mark = $6";
    TRIALS = "SELECT DISTINCT queued FROM reminder_message WHERE member = $1 AND reminder IS NULL
        AND queued > $2 ORDER BY queued DESC";
    WAITING_OF = "SELECT w.id, w.channel, w.address, r.case_id, r.obligation, r.stage, r.due, r.mark
        FROM reminder_message w JOIN reminder r ON r.id = w.reminder
        WHERE w.member = $1 AND w.state = 'waiting' ORDER BY w.queued, w.id";
    DUE = "SELECT w.id, w.member, w.channel, w.address, w.queued, w.state, w.attempts,
        w.next_attempt, w.trouble, w.done, r.case_id, r.obligation, r.stage, r.due, r.mark
        FROM reminder_message w LEFT JOIN reminder r ON r.id = w.reminder
        WHERE w.state = 'waiting' AND w.next_attempt <= $1 ORDER BY w.next_attempt, w.id LIMIT $2";
    RECENT = "SELECT w.id, w.member, w.channel, w.address, w.queued, w.state, w.attempts,
        w.next_attempt, w.trouble, w.done, r.case_id, r.obligation, r.stage, r.due, r.mark
        FROM reminder_message w LEFT JOIN reminder r ON r.id = w.reminder
        WHERE w.member = $1 ORDER BY w.queued DESC, w.id LIMIT $2";
    TRIED = "UPDATE reminder_message SET state = $2, attempts = attempts + 1, next_attempt = $3,
        trouble = $4, done = $5 WHERE id = $1 AND state = 'waiting'";
    END = "UPDATE reminder_message SET state = $2, done = $3 WHERE id = $1 AND state = 'waiting'";
    AGAIN = "UPDATE reminder_message SET state = 'waiting', attempts = 0, queued = $3,
        next_attempt = $3, done = NULL WHERE id = $1 AND member = $2 AND state = 'dead'";
    COUNTS = "SELECT channel, state, trouble, COUNT(*) FROM reminder_message
        GROUP BY channel, state, trouble ORDER BY channel, state, trouble";
}

/// What a member wants.
#[derive(Clone)]
pub struct SettingRow {
    /// `ja`, `en` or `both`.
    pub language: String,
    /// Whether a message names obligation and deadline.
    pub detailed: bool,
    /// When: marks with spaces between.
    pub marks: String,
    /// Mail addresses, one a line.
    pub mails: String,
    /// Where to call; empty for nowhere.
    pub webhook: String,
    /// What calls are signed with.
    pub secret: Vec<u8>,
}

/// A deadline and the mark that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The case.
    pub case: String,
    /// The obligation.
    pub obligation: String,
    /// The stage.
    pub stage: String,
    /// The deadline.
    pub due: Timestamp,
    /// The mark.
    pub mark: String,
}

/// A message to one address. Attributed: prints nothing.
#[derive(Clone)]
pub struct MessageRow {
    /// Random id, `n-` and 26 letters and digits; stays the same over all attempts.
    pub id: String,
    /// The member it is for.
    pub member: String,
    /// `mail` or `webhook`.
    pub channel: String,
    /// The address.
    pub address: String,
    /// When it was queued.
    pub queued: Timestamp,
    /// `waiting`, `sent`, `dead`, `cancelled` or `superseded`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub next_attempt: Timestamp,
    /// Class of the last failure; empty where none failed.
    pub trouble: String,
    /// When it was sent or given up.
    pub done: Option<Timestamp>,
    /// What it is about; a trial message is about nothing.
    pub about: Option<About>,
}

/// A message that waits, for one deadline.
pub struct WaitingRow {
    /// The message.
    pub id: String,
    /// `mail` or `webhook`.
    pub channel: String,
    /// The address.
    pub address: String,
    /// What it is about.
    pub about: About,
}

/// How an attempt ended.
pub struct Tried<'a> {
    /// `waiting`, `sent` or `dead`.
    pub state: &'a str,
    /// When it is tried next.
    pub next: Timestamp,
    /// Class of the failure; empty where it was sent.
    pub trouble: &'a str,
    /// When it ended, if it did.
    pub done: Option<Timestamp>,
}

/// How many messages stand where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// `mail` or `webhook`.
    pub channel: String,
    /// As [`MessageRow::state`].
    pub state: String,
    /// Class of the last failure.
    pub trouble: String,
    /// How many.
    pub count: i64,
}

/// What a member wants.
///
/// # Errors
/// When the vault cannot be read.
pub fn setting(tx: &mut Tx<'_>, member: &str) -> Result<Option<SettingRow>, StoreError> {
    tx.query_one(SETTING, &[member.into()], |r| {
        Ok(SettingRow {
            language: r.text(0)?,
            detailed: r.int(1)? != 0,
            marks: r.text(2)?,
            mails: r.text(3)?,
            webhook: r.text(4)?,
            secret: r.blob(5)?,
        })
    })
}

/// Replaces what a member wants; its deadlines are looked at in the next pass.
///
/// # Errors
/// When there is no such member or the vault cannot be written.
pub fn set(tx: &mut Tx<'_>, member: &str, at: Timestamp, s: &SettingRow) -> Result<(), StoreError> {
    let params = [
        member.into(),
        at.as_micros().into(),
        (&s.language).into(),
        s.detailed.into(),
        (&s.marks).into(),
        (&s.mails).into(),
        (&s.webhook).into(),
        s.secret.as_slice().into(),
    ];
    tx.execute(SET, &params).map(drop)
}

/// Members whose deadlines are to be looked at.
///
/// # Errors
/// When the vault cannot be read.
pub fn to_look_at(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<String>, StoreError> {
    tx.query(TO_LOOK_AT, &[now.as_micros().into(), limit.into()], |r| r.text(0))
}

/// When to look at a member's deadlines again.
///
/// # Errors
/// When the vault cannot be written.
pub fn look_at(tx: &mut Tx<'_>, member: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(LOOK_AT, &[member.into(), at.as_micros().into()]).map(drop)
}

/// Something about a case changed: the deadlines of its member are looked at in the next pass.
///
/// # Errors
/// When the vault cannot be written.
pub fn look_now(tx: &mut Tx<'_>, case: &str) -> Result<(), StoreError> {
    tx.execute(LOOK_NOW, &[case.into()]).map(drop)
}

/// Decides on a reminder; false where that was decided before.
///
/// # Errors
/// When the vault cannot be written.
pub fn decide(tx: &mut Tx<'_>, id: &str, member: &str, about: &About) -> Result<bool, StoreError> {
    let params = [
        id.into(),
        member.into(),
        (&about.case).into(),
        (&about.obligation).into(),
        (&about.stage).into(),
        about.due.as_micros().into(),
        (&about.mark).into(),
    ];
    Ok(tx.execute(DECIDE, &params)? > 0)
}

/// Puts a message into the queue, to be sent at once.
///
/// # Errors
/// When the vault cannot be written.
pub fn queue(
    tx: &mut Tx<'_>,
    id: &str,
    member: &str,
    reminder: Option<&str>,
    (channel, address): (&str, &str),
    at: Timestamp,
) -> Result<(), StoreError> {
    let params = [
        id.into(),
        member.into(),
        reminder.into(),
        channel.into(),
        address.into(),
        at.as_micros().into(),
    ];
    tx.execute(QUEUE, &params).map(drop)
}

/// A message of a reminder, whatever became of it.
pub struct ToldRow {
    /// The reminder.
    pub reminder: String,
    /// `mail` or `webhook`.
    pub channel: String,
    /// The address.
    pub address: String,
    /// As [`MessageRow::state`].
    pub state: String,
}

/// The messages of a member's reminder.
///
/// # Errors
/// When the vault cannot be read.
pub fn told(tx: &mut Tx<'_>, member: &str, about: &About) -> Result<Vec<ToldRow>, StoreError> {
    let params = [
        member.into(),
        (&about.case).into(),
        (&about.obligation).into(),
        (&about.stage).into(),
        about.due.as_micros().into(),
        (&about.mark).into(),
    ];
    tx.query(TOLD, &params, |r| {
        Ok(ToldRow {
            reminder: r.text(0)?,
            channel: r.text(1)?,
            address: r.text(2)?,
            state: r.text(3)?,
        })
    })
}

/// When a member queued trial messages after a moment, newest first: one moment for each round.
///
/// # Errors
/// When the vault cannot be read.
pub fn trials(
    tx: &mut Tx<'_>,
    member: &str,
    after: Timestamp,
) -> Result<Vec<Timestamp>, StoreError> {
    let params = [member.into(), after.as_micros().into()];
    tx.query(TRIALS, &params, |r| Ok(Timestamp::from_micros(r.int(0)?)))
}

/// A member's waiting messages about deadlines.
///
/// # Errors
/// When the vault cannot be read.
pub fn waiting_of(tx: &mut Tx<'_>, member: &str) -> Result<Vec<WaitingRow>, StoreError> {
    tx.query(WAITING_OF, &[member.into()], |r| {
        let about = About {
            case: r.text(3)?,
            obligation: r.text(4)?,
            stage: r.text(5)?,
            due: Timestamp::from_micros(r.int(6)?),
            mark: r.text(7)?,
        };
        Ok(WaitingRow { id: r.text(0)?, channel: r.text(1)?, address: r.text(2)?, about })
    })
}

/// Messages to be tried now.
///
/// # Errors
/// When the vault cannot be read.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<MessageRow>, StoreError> {
    tx.query(DUE, &[now.as_micros().into(), limit.into()], message)
}

/// A member's messages, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn recent(tx: &mut Tx<'_>, member: &str, limit: i64) -> Result<Vec<MessageRow>, StoreError> {
    tx.query(RECENT, &[member.into(), limit.into()], message)
}

/// Notes how an attempt ended.
///
/// # Errors
/// When the vault cannot be written.
pub fn tried(tx: &mut Tx<'_>, id: &str, t: &Tried<'_>) -> Result<(), StoreError> {
    let params = [
        id.into(),
        t.state.into(),
        t.next.as_micros().into(),
        t.trouble.into(),
        t.done.map(Timestamp::as_micros).into(),
    ];
    tx.execute(TRIED, &params).map(drop)
}

/// Ends a waiting message without sending it.
///
/// # Errors
/// When the vault cannot be written.
pub fn end(tx: &mut Tx<'_>, id: &str, state: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(END, &[id.into(), state.into(), at.as_micros().into()]).map(drop)
}

/// Tries a message anew that was given up; false where the member has none of this id. The member's
/// deadlines are looked at before: what became pointless does not leave.
///
/// # Errors
/// When the vault cannot be written.
pub fn again(tx: &mut Tx<'_>, id: &str, member: &str, at: Timestamp) -> Result<bool, StoreError> {
    look_at(tx, member, Timestamp::from_micros(0))?;
    Ok(tx.execute(AGAIN, &[id.into(), member.into(), at.as_micros().into()])? > 0)
}

/// How many messages stand where, over all members.
///
/// # Errors
/// When the vault cannot be read.
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<Count>, StoreError> {
    tx.query(COUNTS, &[], |r| {
        Ok(Count { channel: r.text(0)?, state: r.text(1)?, trouble: r.text(2)?, count: r.int(3)? })
    })
}

fn message(r: &Row<'_>) -> Result<MessageRow, StoreError> {
    let about = match r.opt_text(10)? {
        None => None,
        Some(case) => Some(About {
            case,
            obligation: r.text(11)?,
            stage: r.text(12)?,
            due: Timestamp::from_micros(r.int(13)?),
            mark: r.text(14)?,
        }),
    };
    Ok(MessageRow {
        id: r.text(0)?,
        member: r.text(1)?,
        channel: r.text(2)?,
        address: r.text(3)?,
        queued: Timestamp::from_micros(r.int(4)?),
        state: r.text(5)?,
        attempts: r.int(6)?,
        next_attempt: Timestamp::from_micros(r.int(7)?),
        trouble: r.text(8)?,
        done: r.opt_int(9)?.map(Timestamp::from_micros),
        about,
    })
}
