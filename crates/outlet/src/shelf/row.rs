//! One row of the object table.

use noroshi_store::{Row, StoreError};

use super::facts::Facts;
use crate::cursor::Position;
use crate::release::Action;

/// A row, borrowed from the database's answer, or an object that is still in memory.
pub(super) struct ObjectRow<'a> {
    pub(super) position: Position,
    pub(super) collection: &'a str,
    pub(super) id: &'a str,
    pub(super) object_type: &'a str,
    pub(super) spec_version: &'a str,
    pub(super) version: i64,
    pub(super) tlp: i64,
    pub(super) newest: bool,
    pub(super) oldest: bool,
    pub(super) json: &'a [u8],
}

impl<'a> ObjectRow<'a> {
    /// What this version did when it was released. Whether it withdraws the object is read from the
    /// bytes, which are signed, not from a column.
    pub(super) fn action(&self) -> Action {
        let revoked = Facts::read(self.json).is_ok_and(|f| f.revoked);
        Action::of(revoked, self.oldest)
    }

    /// Reads the columns of `schema::object_columns`.
    pub(super) fn read(row: &'a Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            position: Position { sequence: row.int(0)?, date_added: row.int(1)? },
            collection: row.text_ref(2)?,
            id: row.text_ref(3)?,
            object_type: row.text_ref(4)?,
            spec_version: row.text_ref(5)?,
            version: row.int(6)?,
            tlp: row.int(7)?,
            newest: row.int(8)? != 0,
            oldest: row.int(9)? != 0,
            json: row.blob_ref(10)?,
        })
    }
}
