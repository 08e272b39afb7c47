//! Filings: reports to authorities that a member made. One that was sealed is here as an envelope
//! only the authority opens, and the little its clock needs.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    LAST = "SELECT number FROM filing WHERE case_id = $1 ORDER BY number DESC LIMIT 1";
    INSERT = "INSERT INTO filing (id, case_id, number, obligation, stage, form, language, version,
        answers, at, filed, pass_on, body, authority, envelope)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    OF_CASE = "SELECT id, case_id, number, obligation, stage, form, language, version, answers, at,
        filed, pass_on, body, authority, envelope FROM filing WHERE case_id = $1 ORDER BY number";
    OF_AUTHORITY = "SELECT id, case_id, number, obligation, stage, form, language, version, answers,
        at, filed, pass_on, body, authority, envelope FROM filing
        WHERE authority = $1 AND filed = 1 ORDER BY at, id";
    FOR_AUTHORITY = "SELECT id, case_id, number, obligation, stage, form, language, version,
        answers, at, filed, pass_on, body, authority, envelope FROM filing
        WHERE id = $1 AND authority = $2 AND filed = 1";
    /// Only ever to more: of two that consent at once, the one who says more is right.
    SCOPE = "UPDATE filing SET pass_on = $2 WHERE id = $1
        AND (pass_on = 'none' OR (pass_on = 'national-office' AND $2 = 'partners'))";
    ADD_COPY = "INSERT INTO filing_copy (id, filing, authority, at, actor, envelope, acknowledged)
        VALUES ($1, $2, $3, $4, $5, $6, NULL) ON CONFLICT (filing, authority) DO NOTHING";
    COPIES = "SELECT c.authority, a.name, c.at, c.acknowledged FROM filing_copy c
        JOIN authority a ON a.id = c.authority WHERE c.filing = $1 ORDER BY a.name, c.authority";
    COPIES_OF_AUTHORITY = "SELECT c.id, f.case_id, f.number, f.obligation, f.stage, f.form,
        f.language, f.version, f.answers, c.at, f.filed, f.pass_on, NULL, c.authority, c.envelope,
        c.acknowledged FROM filing_copy c JOIN filing f ON f.id = c.filing
        WHERE c.authority = $1 ORDER BY c.at, c.id";
    COPY_FOR_AUTHORITY = "SELECT c.id, f.case_id, f.number, f.obligation, f.stage, f.form,
        f.language, f.version, f.answers, c.at, f.filed, f.pass_on, NULL, c.authority, c.envelope,
        c.acknowledged FROM filing_copy c JOIN filing f ON f.id = c.filing
        WHERE c.id = $1 AND c.authority = $2";
    ACKNOWLEDGE_COPY = "UPDATE filing_copy SET acknowledged = $2
        WHERE id = $1 AND acknowledged IS NULL";
    LAST_EVENT = "SELECT number FROM filing_event WHERE filing = $1 ORDER BY number DESC LIMIT 1";
    ADD_EVENT = "INSERT INTO filing_event (filing, number, at, actor, event, note)
        VALUES ($1, $2, $3, $4, $5, $6)";
    EVENTS = "SELECT at, event, note FROM filing_event WHERE filing = $1 ORDER BY number";
}

/// A filing. Attributed: prints nothing.
#[derive(Clone)]
pub struct FilingRow {
    /// Random id, `f-` and 26 letters and digits: all its authority sees of where it comes from.
    pub id: String,
    /// The case it is about.
    pub case: String,
    /// Counts the filings of the case from 1.
    pub number: i64,
    /// The obligation.
    pub obligation: String,
    /// The stage.
    pub stage: String,
    /// The form.
    pub form: String,
    /// `ja` or `en`.
    pub language: String,
    /// 1 for the first filing of the stage.
    pub version: i64,
    /// The version of the answers it was made from.
    pub answers: i64,
    /// When it was made.
    pub at: Timestamp,
    /// Whether it was filed; a draft otherwise.
    pub filed: bool,
    /// To whom the authority may pass it on.
    pub pass_on: String,
    /// The filing as JSON, where it was not sealed.
    pub body: Option<String>,
    /// The authority it was sealed to.
    pub authority: Option<String>,
    /// The envelope.
    pub envelope: Option<Vec<u8>>,
}

/// What became of a filing.
#[derive(Clone)]
pub struct FilingEvent {
    /// When.
    pub at: Timestamp,
    /// `acknowledged` or `supplement-asked`.
    pub event: String,
    /// What the authority asks.
    pub note: String,
}

/// The number of the next filing of a case.
///
/// # Errors
/// When the vault cannot be read.
pub fn next_number(tx: &mut Tx<'_>, case: &str) -> Result<i64, StoreError> {
    Ok(tx.query_one(LAST, &[case.into()], |r| r.int(0))?.unwrap_or(0) + 1)
}

/// Adds a filing.
///
/// # Errors
/// When its id or number is taken or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, f: &FilingRow) -> Result<(), StoreError> {
    let params = [
        (&f.id).into(),
        (&f.case).into(),
        f.number.into(),
        (&f.obligation).into(),
        (&f.stage).into(),
        (&f.form).into(),
        (&f.language).into(),
        f.version.into(),
        f.answers.into(),
        f.at.as_micros().into(),
        f.filed.into(),
        (&f.pass_on).into(),
        f.body.as_deref().into(),
        f.authority.as_deref().into(),
        f.envelope.as_deref().into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// The filings of a case, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_case(tx: &mut Tx<'_>, case: &str) -> Result<Vec<FilingRow>, StoreError> {
    tx.query(OF_CASE, &[case.into()], row)
}

/// What was sealed to an authority, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_authority(tx: &mut Tx<'_>, authority: &str) -> Result<Vec<FilingRow>, StoreError> {
    tx.query(OF_AUTHORITY, &[authority.into()], row)
}

/// A filing of this id, if it was sealed to this authority.
///
/// # Errors
/// When the vault cannot be read.
pub fn for_authority(
    tx: &mut Tx<'_>,
    id: &str,
    authority: &str,
) -> Result<Option<FilingRow>, StoreError> {
    tx.query_one(FOR_AUTHORITY, &[id.into(), authority.into()], row)
}

/// Says to whom a filing may be passed on; what says no more than before changes nothing.
///
/// # Errors
/// When the vault cannot be written.
pub fn scope(tx: &mut Tx<'_>, id: &str, pass_on: &str) -> Result<(), StoreError> {
    tx.execute(SCOPE, &[id.into(), pass_on.into()]).map(drop)
}

/// A copy of a filing that its reporter had sealed to a further authority.
pub struct NewCopy {
    /// Random id, `k-` and 26 letters and digits: all that authority sees of where it comes from.
    pub id: String,
    /// The authority.
    pub authority: String,
    /// The envelope.
    pub envelope: Vec<u8>,
}

/// Adds a copy; one that is there already stays as it is.
///
/// # Errors
/// When the vault cannot be written.
pub fn add_copy(
    tx: &mut Tx<'_>,
    filing: &str,
    actor: &str,
    at: Timestamp,
    c: &NewCopy,
) -> Result<(), StoreError> {
    let params = [
        (&c.id).into(),
        filing.into(),
        (&c.authority).into(),
        at.as_micros().into(),
        actor.into(),
        c.envelope.as_slice().into(),
    ];
    tx.execute(ADD_COPY, &params).map(drop)
}

/// To whom a filing was passed on.
#[derive(Clone)]
pub struct CopyRow {
    /// The authority.
    pub authority: String,
    /// What it calls itself.
    pub name: String,
    /// When its reporter consented.
    pub at: Timestamp,
    /// When the authority acknowledged it.
    pub acknowledged: Option<Timestamp>,
}

/// To whom a filing was passed on, by name.
///
/// # Errors
/// When the vault cannot be read.
pub fn copies(tx: &mut Tx<'_>, filing: &str) -> Result<Vec<CopyRow>, StoreError> {
    tx.query(COPIES, &[filing.into()], |r| {
        Ok(CopyRow {
            authority: r.text(0)?,
            name: r.text(1)?,
            at: Timestamp::from_micros(r.int(2)?),
            acknowledged: r.opt_int(3)?.map(Timestamp::from_micros),
        })
    })
}

/// What was passed on to an authority, oldest first, each under the id of its copy, and when it was
/// acknowledged.
///
/// # Errors
/// When the vault cannot be read.
pub fn copies_of_authority(
    tx: &mut Tx<'_>,
    authority: &str,
) -> Result<Vec<(FilingRow, Option<Timestamp>)>, StoreError> {
    tx.query(COPIES_OF_AUTHORITY, &[authority.into()], copy_row)
}

/// A copy of this id, if it was sealed to this authority.
///
/// # Errors
/// When the vault cannot be read.
pub fn copy_for_authority(
    tx: &mut Tx<'_>,
    id: &str,
    authority: &str,
) -> Result<Option<(FilingRow, Option<Timestamp>)>, StoreError> {
    tx.query_one(COPY_FOR_AUTHORITY, &[id.into(), authority.into()], copy_row)
}

/// Notes that the authority has a copy; the first time counts.
///
/// # Errors
/// When the vault cannot be written.
pub fn acknowledge_copy(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(ACKNOWLEDGE_COPY, &[id.into(), at.as_micros().into()]).map(drop)
}

fn copy_row(r: &Row<'_>) -> Result<(FilingRow, Option<Timestamp>), StoreError> {
    Ok((row(r)?, r.opt_int(15)?.map(Timestamp::from_micros)))
}

/// Adds what the authority did with a filing.
///
/// # Errors
/// When there is no such filing or the vault cannot be written.
pub fn add_event(
    tx: &mut Tx<'_>,
    filing: &str,
    actor: &str,
    e: &FilingEvent,
) -> Result<(), StoreError> {
    let number = tx.query_one(LAST_EVENT, &[filing.into()], |r| r.int(0))?.unwrap_or(0) + 1;
    let params = [
        filing.into(),
        number.into(),
        e.at.as_micros().into(),
        actor.into(),
        (&e.event).into(),
        (&e.note).into(),
    ];
    tx.execute(ADD_EVENT, &params).map(drop)
}

/// What became of a filing, in order.
///
/// # Errors
/// When the vault cannot be read.
pub fn events(tx: &mut Tx<'_>, filing: &str) -> Result<Vec<FilingEvent>, StoreError> {
    tx.query(EVENTS, &[filing.into()], |r| {
        Ok(FilingEvent {
            at: Timestamp::from_micros(r.int(0)?),
            event: r.text(1)?,
            note: r.text(2)?,
        })
    })
}

fn row(r: &Row<'_>) -> Result<FilingRow, StoreError> {
    Ok(FilingRow {
        id: r.text(0)?,
        case: r.text(1)?,
        number: r.int(2)?,
        obligation: r.text(3)?,
        stage: r.text(4)?,
        form: r.text(5)?,
        language: r.text(6)?,
        version: r.int(7)?,
        answers: r.int(8)?,
        at: Timestamp::from_micros(r.int(9)?),
        filed: r.int(10)? != 0,
        pass_on: r.text(11)?,
        body: r.opt_text(12)?,
        authority: r.opt_text(13)?,
        envelope: r.opt_blob(14)?,
    })
}
