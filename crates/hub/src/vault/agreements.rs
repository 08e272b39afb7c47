//! The sharing agreement: versioned text, and who signed it until when.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

super::statements! {
    PUBLISH = "INSERT INTO agreement (version, text, published) VALUES ($1, $2, $3)
        ON CONFLICT (version) DO NOTHING";
    LIST = "SELECT version, text, published FROM agreement ORDER BY published, version";
    LATEST = "SELECT version, text, published FROM agreement
        ORDER BY published DESC, version DESC LIMIT 1";
    SIGN = "INSERT INTO agreement_signature
        (id, agreement, member, signer, signed, expires, withdrawn)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    WITHDRAW = "UPDATE agreement_signature SET withdrawn = $2
        WHERE member = $1 AND withdrawn IS NULL";
    VALID_UNTIL = "SELECT MAX(s.expires) FROM agreement_signature s
        JOIN member m ON m.id = s.member
        WHERE s.member = $1 AND s.withdrawn IS NULL AND s.signed <= $2 AND s.expires > $2
            AND (m.left_at IS NULL OR m.left_at > $2)";
    SIGNATURES_OF = "SELECT member, agreement, signer, signed, expires, withdrawn
        FROM agreement_signature WHERE member = $1 ORDER BY signed DESC, id";
    SIGNATURES_PAGE = "SELECT s.member, s.agreement, s.signer, s.signed, s.expires, s.withdrawn,
            s.id, m.name_ja, m.name_en
        FROM agreement_signature s JOIN member m ON m.id = s.member
        WHERE (s.signed, s.id) < ($1, $2) ORDER BY s.signed DESC, s.id DESC LIMIT $3";
    SIGNATURES = "SELECT member, agreement, signer, signed, expires, withdrawn
        FROM agreement_signature ORDER BY member, signed";
}

/// A published version of the agreement's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Version name, such as `2026-10`.
    pub version: String,
    /// The full text.
    pub text: String,
    /// When it was published.
    pub published: Timestamp,
}

/// A member's signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who signed, member id.
    pub member: String,
    /// Which version.
    pub agreement: String,
    /// The person who signed for the member.
    pub signer: String,
    /// From when it holds.
    pub signed: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
    /// When the member or the desk ended it early.
    pub withdrawn: Option<Timestamp>,
}

/// Publishes a version; false where that version exists (texts never change under a signature).
///
/// # Errors
/// When the vault cannot be written.
pub fn publish(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<bool, StoreError> {
    let rows = tx.execute(
        PUBLISH,
        &[
            (&agreement.version).into(),
            (&agreement.text).into(),
            agreement.published.as_micros().into(),
        ],
    )?;
    Ok(rows > 0)
}

/// Every published version, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Agreement>, StoreError> {
    tx.query(LIST, &[], row)
}

/// The version in force.
///
/// # Errors
/// When the vault cannot be read.
pub fn latest(tx: &mut Tx<'_>) -> Result<Option<Agreement>, StoreError> {
    tx.query_one(LATEST, &[], row)
}

/// Records a signature under `id` (random).
///
/// # Errors
/// When the member or version does not exist, or the vault cannot be written.
pub fn sign(tx: &mut Tx<'_>, id: &str, s: &Signature) -> Result<(), StoreError> {
    tx.execute(
        SIGN,
        &[
            id.into(),
            (&s.agreement).into(),
            (&s.member).into(),
            (&s.signer).into(),
            s.signed.as_micros().into(),
            s.expires.as_micros().into(),
        ],
    )
    .map(drop)
}

/// Ends every running signature of a member; false where there was none.
///
/// # Errors
/// When the vault cannot be written.
pub fn withdraw(tx: &mut Tx<'_>, member: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(WITHDRAW, &[member.into(), at.as_micros().into()])? > 0)
}

/// Until when `member` has signed, seen at `now`; `None` where nothing holds now or it has left.
///
/// # Errors
/// When the vault cannot be read.
pub fn valid_until(
    tx: &mut Tx<'_>,
    member: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let until =
        tx.query_one(VALID_UNTIL, &[member.into(), now.as_micros().into()], |r| r.opt_int(0))?;
    Ok(until.flatten().map(Timestamp::from_micros))
}

/// Every signature ever made.
///
/// # Errors
/// When the vault cannot be read.
pub fn signatures(tx: &mut Tx<'_>) -> Result<Vec<Signature>, StoreError> {
    tx.query(SIGNATURES, &[], signature)
}

/// Every signature of a member, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn signatures_of(tx: &mut Tx<'_>, member: &str) -> Result<Vec<Signature>, StoreError> {
    tx.query(SIGNATURES_OF, &[member.into()], signature)
}

/// A signature in the operator's list.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The signature.
    pub signature: Signature,
    /// Its random id.
    pub id: String,
    /// The member's names, Japanese and English.
    pub names: (String, String),
}

/// One page of signatures, newest first, those before this time and id.
///
/// # Errors
/// When the vault cannot be read.
pub fn signatures_page(
    tx: &mut Tx<'_>,
    before: (Timestamp, &str),
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let params = [before.0.as_micros().into(), before.1.into(), limit.into()];
    tx.query(SIGNATURES_PAGE, &params, |r| {
        Ok(Listed { signature: signature(r)?, id: r.text(6)?, names: (r.text(7)?, r.text(8)?) })
    })
}

fn signature(r: &noroshi_store::Row<'_>) -> Result<Signature, StoreError> {
    Ok(Signature {
        member: r.text(0)?,
        agreement: r.text(1)?,
        signer: r.text(2)?,
        signed: Timestamp::from_micros(r.int(3)?),
        expires: Timestamp::from_micros(r.int(4)?),
        withdrawn: r.opt_int(5)?.map(Timestamp::from_micros),
    })
}

fn row(r: &noroshi_store::Row<'_>) -> Result<Agreement, StoreError> {
    Ok(Agreement {
        version: r.text(0)?,
        text: r.text(1)?,
        published: Timestamp::from_micros(r.int(2)?),
    })
}
