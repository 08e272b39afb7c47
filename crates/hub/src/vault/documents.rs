//! Signed documents on their way to the shelf: certificates, records, registers, parameters. Written
//! in the transaction of the release they belong to; a crash before they are on the shelf loses
//! nothing, because the shelf takes the same document twice without harm.

use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    PUT = "INSERT INTO document (name, clear, body, signature, published)
        VALUES ($1, $2, $3, $4, 0) ON CONFLICT (name) DO UPDATE SET clear = excluded.clear,
        body = excluded.body, signature = excluded.signature, published = 0";
    EXISTS = "SELECT COUNT(*) FROM document WHERE name = $1";
    ONE = "SELECT name, clear, body, signature FROM document WHERE name = $1";
    WAITING = "SELECT name, clear, body, signature FROM document WHERE published = 0 ORDER BY name
        LIMIT $1";
    MARK = "UPDATE document SET published = $3 WHERE name = $1 AND signature = $2";
    PUBLISHED_NAMES = "SELECT name FROM document WHERE published = 1";
    AGAIN = "UPDATE document SET published = 0 WHERE name = $1 AND published = 1";
}

/// One document.
pub struct Document {
    /// Its path below `/anonymity/`.
    pub name: String,
    /// Whether it is TLP:CLEAR.
    pub clear: bool,
    /// The bytes to serve.
    pub body: Vec<u8>,
    /// The hub's signature over name, clearance and body.
    pub signature: Vec<u8>,
}

/// Keeps a document for the shelf; one of the same name is replaced.
///
/// # Errors
/// When the vault cannot be written.
pub fn put(tx: &mut Tx<'_>, d: &Document) -> Result<(), StoreError> {
    let params =
        [(&d.name).into(), i64::from(d.clear).into(), (&d.body).into(), (&d.signature).into()];
    tx.execute(PUT, &params).map(drop)
}

/// Whether there is a document of this name.
///
/// # Errors
/// When the vault cannot be read.
pub fn exists(tx: &mut Tx<'_>, name: &str) -> Result<bool, StoreError> {
    Ok(tx.query_one(EXISTS, &[name.into()], |r| r.int(0))?.unwrap_or(0) > 0)
}

/// One document.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, name: &str) -> Result<Option<Document>, StoreError> {
    tx.query_one(ONE, &[name.into()], row)
}

/// Documents the shelf may not have yet.
///
/// # Errors
/// When the vault cannot be read.
pub fn waiting(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Document>, StoreError> {
    tx.query(WAITING, &[limit.into()], row)
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is on the shelf.
    Published,
    /// The shelf refused it.
    Refused,
}

/// Notes what became of a document, unless it was replaced meanwhile.
///
/// # Errors
/// When the vault cannot be written.
pub fn mark(tx: &mut Tx<'_>, name: &str, signature: &[u8], mark: Mark) -> Result<(), StoreError> {
    let value: i64 = match mark {
        Mark::Published => 1,
        Mark::Refused => 2,
    };
    tx.execute(MARK, &[name.into(), signature.into(), value.into()]).map(drop)
}

/// Names of the documents the shelf took once.
///
/// # Errors
/// When the vault cannot be read.
pub fn published_names(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.query(PUBLISHED_NAMES, &[], |r| r.text(0))
}

/// Hands a document out again: for a shelf that lost it.
///
/// # Errors
/// When the vault cannot be written.
pub fn again(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute(AGAIN, &[name.into()]).map(drop)
}

fn row(r: &Row<'_>) -> Result<Document, StoreError> {
    Ok(Document {
        name: r.text(0)?,
        clear: r.int(1)? != 0,
        body: r.blob(2)?,
        signature: r.blob(3)?,
    })
}
