//! Values on their way out: each is released once, whoever and however many report it.

use noroshi_stix::{Kind, Timestamp};
use noroshi_store::{StoreError, Tx};

use super::desk_work;

super::statements! {
    OFFER = "INSERT INTO indicator (fingerprint, kind, value, state, due, object_id, created_tick,
            valid_until, confidence, reviewed, touched)
        VALUES ($1, $2, $3, 'pending', $4, NULL, NULL, NULL, 0, $5, 0)
        ON CONFLICT (fingerprint) DO UPDATE SET
            due = CASE WHEN excluded.due < indicator.due OR indicator.state = 'held'
                OR (indicator.state = 'released' AND indicator.touched = 0)
                THEN excluded.due ELSE indicator.due END,
            reviewed = CASE WHEN excluded.reviewed > indicator.reviewed
                THEN excluded.reviewed ELSE indicator.reviewed END,
            state = CASE WHEN indicator.state = 'held'
                THEN 'pending' ELSE indicator.state END,
            touched = CASE WHEN indicator.state = 'released' THEN 1 ELSE 0 END";
    DUE = "SELECT fingerprint, kind, value, reviewed, due FROM indicator
        WHERE state = 'pending' AND due <= $1 ORDER BY fingerprint LIMIT $2";
    TOUCHED = "SELECT fingerprint, kind, value, reviewed, due FROM indicator
        WHERE touched = 1 AND state = 'released' AND due <= $1 ORDER BY fingerprint LIMIT $2";
    TOUCH_AT = "UPDATE indicator SET touched = 1, due = $2
        WHERE fingerprint = $1 AND state = 'released'";
    REVOKE = "UPDATE indicator SET state = 'revoking'
        WHERE fingerprint = $1 AND state IN ('released', 'held') AND object_id IS NOT NULL";
    REVOKING = "SELECT fingerprint, kind, value, reviewed, due FROM indicator
        WHERE state = 'revoking' ORDER BY fingerprint LIMIT $1";
    UNTOUCH = "UPDATE indicator SET touched = 0 WHERE fingerprint = $1";
    RELEASED = "UPDATE indicator SET state = $6, object_id = $2, created_tick = $3,
        valid_until = $4, confidence = $5, touched = 0 WHERE fingerprint = $1";
    HOLD = "UPDATE indicator SET state = 'held', touched = 0 WHERE fingerprint = $1";
    ONE = "SELECT kind, value, state, object_id, created_tick, valid_until, confidence
        FROM indicator WHERE fingerprint = $1";
    PENDING = "SELECT COUNT(*) FROM indicator WHERE state = 'pending' AND due <= $1";
}

/// A value whose time has come.
pub struct Due {
    /// Its fingerprint.
    pub fingerprint: [u8; 32],
    /// Kind of value.
    pub kind: Kind,
    /// Normalised value.
    pub value: String,
    /// Whether the desk cleared it.
    pub reviewed: bool,
    /// From when it may go out.
    pub due: Timestamp,
}

/// A value that was offered, and where it stands.
pub struct Offered {
    /// Kind of value.
    pub kind: String,
    /// Normalised value.
    pub value: String,
    /// `pending`, `held`, `released`, `revoking` or `revoked`.
    pub state: String,
    /// Id of the released object.
    pub object_id: Option<String>,
    /// Tick of its first release.
    pub created_tick: Option<Timestamp>,
    /// When tools forget it.
    pub valid_until: Option<Timestamp>,
    /// STIX confidence it was last released with, 0 to 100.
    pub confidence: i64,
}

/// Queues a value for release at `due`, unless it is queued or out already. An earlier `due` wins.
/// A value that was held is queued again: the tick judges it anew, so it goes out only where it
/// passes now.
///
/// # Errors
/// When the vault cannot be written.
pub fn offer(
    tx: &mut Tx<'_>,
    fingerprint: &[u8; 32],
    kind: Kind,
    value: &str,
    due: Timestamp,
    reviewed: bool,
) -> Result<(), StoreError> {
    let params = [
        fingerprint.as_slice().into(),
        kind.as_str().into(),
        value.into(),
        due.as_micros().into(),
        reviewed.into(),
    ];
    tx.execute(OFFER, &params).map(drop)
}

/// Values due at `now`, at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Due>, StoreError> {
    let rows = tx.query(DUE, &[now.as_micros().into(), limit.into()], due_row)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Released values that were reported again since, by reports that count at `now`; at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn touched(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Due>, StoreError> {
    let rows = tx.query(TOUCHED, &[now.as_micros().into(), limit.into()], due_row)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Looks at a released value again at `due`, when a report of it that is still held counts.
///
/// # Errors
/// When the vault cannot be written.
pub fn touch_at(tx: &mut Tx<'_>, fingerprint: &[u8; 32], due: Timestamp) -> Result<(), StoreError> {
    tx.execute(TOUCH_AT, &[fingerprint.as_slice().into(), due.as_micros().into()]).map(drop)
}

/// Asks for a released value to be taken back; false where it is not out.
///
/// # Errors
/// When the vault cannot be written.
pub fn revoke(tx: &mut Tx<'_>, fingerprint: &[u8; 32]) -> Result<bool, StoreError> {
    let revoked = tx.execute(REVOKE, &[fingerprint.as_slice().into()])? > 0;
    if revoked {
        desk_work::settle_recall(tx, fingerprint)?;
    }
    Ok(revoked)
}

/// Values to take back with the next tick, at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn revoking(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Due>, StoreError> {
    let rows = tx.query(REVOKING, &[limit.into()], due_row)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Forgets that a value was reported again: its release already says so.
///
/// # Errors
/// When the vault cannot be written.
pub fn untouch(tx: &mut Tx<'_>, fingerprint: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(UNTOUCH, &[fingerprint.as_slice().into()]).map(drop)
}

/// What a value was released as.
pub struct ReleasedAs<'a> {
    /// Id of the object.
    pub object_id: &'a str,
    /// Tick of its first version.
    pub created: Timestamp,
    /// When tools forget it.
    pub valid_until: Timestamp,
    /// STIX confidence, 0 to 100.
    pub confidence: u8,
    /// Whether this version takes it back.
    pub revoked: bool,
}

/// Marks a value as released.
///
/// # Errors
/// When the vault cannot be written.
pub fn released(
    tx: &mut Tx<'_>,
    fingerprint: &[u8; 32],
    to: &ReleasedAs<'_>,
) -> Result<(), StoreError> {
    let params = [
        fingerprint.as_slice().into(),
        to.object_id.into(),
        to.created.as_micros().into(),
        to.valid_until.as_micros().into(),
        i64::from(to.confidence).into(),
        if to.revoked { "revoked" } else { "released" }.into(),
    ];
    tx.execute(RELEASED, &params)?;
    desk_work::settle_recall(tx, fingerprint)
}

/// Keeps a value back.
///
/// # Errors
/// When the vault cannot be written.
pub fn hold(tx: &mut Tx<'_>, fingerprint: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(HOLD, &[fingerprint.as_slice().into()])?;
    desk_work::add_recall(tx, fingerprint)
}

/// Where a value stands.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, fingerprint: &[u8; 32]) -> Result<Option<Offered>, StoreError> {
    tx.query_one(ONE, &[fingerprint.as_slice().into()], |r| {
        Ok(Offered {
            kind: r.text(0)?,
            value: r.text(1)?,
            state: r.text(2)?,
            object_id: r.opt_text(3)?,
            created_tick: r.opt_int(4)?.map(Timestamp::from_micros),
            valid_until: r.opt_int(5)?.map(Timestamp::from_micros),
            confidence: r.int(6)?,
        })
    })
}

/// How many values leave with the next tick.
///
/// # Errors
/// When the vault cannot be read.
pub fn pending(tx: &mut Tx<'_>, now: Timestamp) -> Result<i64, StoreError> {
    Ok(tx.query_one(PENDING, &[now.as_micros().into()], |r| r.int(0))?.unwrap_or(0))
}

/// A kind this version does not know waits for the version that does.
fn due_row(r: &noroshi_store::Row<'_>) -> Result<Option<Due>, StoreError> {
    let fingerprint = <[u8; 32]>::try_from(r.blob(0)?).ok();
    let (kind, value, reviewed) = (Kind::from_name(&r.text(1)?), r.text(2)?, r.int(3)? != 0);
    let due = Timestamp::from_micros(r.int(4)?);
    Ok(fingerprint.zip(kind).map(|(fingerprint, kind)| Due {
        fingerprint,
        kind,
        value,
        reviewed,
        due,
    }))
}
