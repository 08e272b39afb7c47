//! Values that go into statements and come out of rows.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::StoreError;

/// One parameter of a statement. Never printed.
#[derive(Clone, Copy)]
pub enum Param<'a> {
    /// No value.
    Null,
    /// A `BIGINT`.
    Int(i64),
    /// A `TEXT`.
    Text(&'a str),
    /// A `BYTEA`.
    Blob(&'a [u8]),
}

impl std::fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Int(_) => "Int(..)",
            Self::Text(_) => "Text(..)",
            Self::Blob(_) => "Blob(..)",
        })
    }
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Param<'_> {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Blob(value)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Self::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::BOOL) => (*value != 0).to_sql(ty, out),
            (Self::Text(value), _) if <&str as ToSql>::accepts(ty) => value.to_sql(ty, out),
            (Self::Blob(value), &Type::BYTEA) => value.to_sql(ty, out),
            _ => Err(format!("a parameter of type {ty} was given {self:?}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// One row of a result. Columns are counted from 0.
pub struct Row<'a>(pub(crate) Inner<'a>);

pub(crate) enum Inner<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    /// A `BIGINT`. A truth value, such as that of `EXISTS`, reads as 0 or 1.
    pub fn int(&self, index: usize) -> Result<i64, StoreError> {
        self.opt_int(index)?.ok_or_else(|| null(index, "an integer"))
    }

    /// A `BIGINT` that may be missing.
    pub fn opt_int(&self, index: usize) -> Result<Option<i64>, StoreError> {
        let wanted = "an integer";
        match &self.0 {
            Inner::Sqlite(row) => match sqlite_value(row, index, wanted)? {
                ValueRef::Null => Ok(None),
                ValueRef::Integer(value) => Ok(Some(value)),
                other => Err(other_type(index, wanted, &other)),
            },
            Inner::Postgres(row) => {
                Ok(postgres_value::<PostgresInt>(row, index, wanted)?.map(|value| value.0))
            }
        }
    }

    /// A `TEXT`, owned.
    pub fn text(&self, index: usize) -> Result<String, StoreError> {
        self.text_ref(index).map(str::to_owned)
    }

    /// A `TEXT` that may be missing, owned.
    pub fn opt_text(&self, index: usize) -> Result<Option<String>, StoreError> {
        Ok(self.opt_text_ref(index)?.map(str::to_owned))
    }

    /// A `TEXT`, borrowed from the row.
    pub fn text_ref(&self, index: usize) -> Result<&str, StoreError> {
        self.opt_text_ref(index)?.ok_or_else(|| null(index, "a text"))
    }

    /// A `TEXT` that may be missing, borrowed from the row.
    pub fn opt_text_ref(&self, index: usize) -> Result<Option<&str>, StoreError> {
        let wanted = "a text";
        match &self.0 {
            Inner::Sqlite(row) => match sqlite_value(row, index, wanted)? {
                ValueRef::Null => Ok(None),
                ValueRef::Text(bytes) => str::from_utf8(bytes).map(Some).map_err(|_| {
                    StoreError::Column { index, wanted, reason: "not valid UTF-8".to_owned() }
                }),
                other => Err(other_type(index, wanted, &other)),
            },
            Inner::Postgres(row) => postgres_value(row, index, wanted),
        }
    }

    /// A `BYTEA`, owned.
    pub fn blob(&self, index: usize) -> Result<Vec<u8>, StoreError> {
        self.blob_ref(index).map(<[u8]>::to_vec)
    }

    /// A `BYTEA` that may be missing, owned.
    pub fn opt_blob(&self, index: usize) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.opt_blob_ref(index)?.map(<[u8]>::to_vec))
    }

    /// A `BYTEA` of exactly `N` bytes, such as a hash.
    pub fn array<const N: usize>(&self, index: usize) -> Result<[u8; N], StoreError> {
        let bytes = self.blob_ref(index)?;
        bytes.try_into().map_err(|_| StoreError::Column {
            index,
            wanted: "a value of fixed length",
            reason: format!("it has {} bytes, not {N}", bytes.len()),
        })
    }

    /// A `BYTEA`, borrowed from the row.
    pub fn blob_ref(&self, index: usize) -> Result<&[u8], StoreError> {
        self.opt_blob_ref(index)?.ok_or_else(|| null(index, "bytes"))
    }

    /// A `BYTEA` that may be missing, borrowed from the row.
    pub fn opt_blob_ref(&self, index: usize) -> Result<Option<&[u8]>, StoreError> {
        let wanted = "bytes";
        match &self.0 {
            Inner::Sqlite(row) => match sqlite_value(row, index, wanted)? {
                ValueRef::Null => Ok(None),
                ValueRef::Blob(bytes) => Ok(Some(bytes)),
                other => Err(other_type(index, wanted, &other)),
            },
            Inner::Postgres(row) => postgres_value(row, index, wanted),
        }
    }
}

/// Integers of every width, and truth values.
struct PostgresInt(i64);

impl<'a> FromSql<'a> for PostgresInt {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *ty {
            Type::INT8 => i64::from_sql(ty, raw)?,
            Type::INT4 => i32::from_sql(ty, raw)?.into(),
            Type::INT2 => i16::from_sql(ty, raw)?.into(),
            _ => bool::from_sql(ty, raw)?.into(),
        }))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL)
    }
}

fn sqlite_value<'a>(
    row: &'a rusqlite::Row<'_>,
    index: usize,
    wanted: &'static str,
) -> Result<ValueRef<'a>, StoreError> {
    row.get_ref(index).map_err(|_| missing(index, wanted))
}

fn postgres_value<'a, T: FromSql<'a>>(
    row: &'a postgres::Row,
    index: usize,
    wanted: &'static str,
) -> Result<Option<T>, StoreError> {
    let Some(column) = row.columns().get(index) else {
        return Err(missing(index, wanted));
    };
    row.try_get(index).map_err(|_| {
        let reason = format!("it has the type {}; a CAST in the statement helps", column.type_());
        StoreError::Column { index, wanted, reason }
    })
}

fn missing(index: usize, wanted: &'static str) -> StoreError {
    StoreError::Column { index, wanted, reason: "there is no such column".to_owned() }
}

fn null(index: usize, wanted: &'static str) -> StoreError {
    StoreError::Column { index, wanted, reason: "it is NULL".to_owned() }
}

fn other_type(index: usize, wanted: &'static str, value: &ValueRef<'_>) -> StoreError {
    let reason = format!("it has the type {:?}", value.data_type());
    StoreError::Column { index, wanted, reason }
}
