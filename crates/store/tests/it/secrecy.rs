//! No error, however it comes about, repeats a parameter's value or a stored one.

use std::error::Error;

use noroshi_store::{Param, Row, Store, StoreError, Tx};

use crate::place::{INSERT, Place};

crate::on_both_engines!(no_error_repeats_a_value);

const MARK: &str = "mitsubishi-canary-7731";

type Attempt = fn(&mut Tx<'_>) -> Result<u64, StoreError>;

/// Ways to make an engine complain with the mark in its hands.
const ATTEMPTS: [(&str, Attempt); 11] = [
    ("a key twice", |tx| twice(tx, INSERT)),
    ("a missing reference", |tx| {
        tx.execute("INSERT INTO part (id, thing) VALUES ('p', $1)", &[MARK.into()])
    }),
    ("a broken check", |tx| {
        tx.execute(INSERT, &[MARK.into(), (-13).into(), MARK.as_bytes().into(), MARK.into()])
    }),
    ("a missing value beside it", |tx| {
        tx.execute("INSERT INTO part (id, thing) VALUES ($1, NULL)", &[MARK.into()])
    }),
    ("text as number", |tx| {
        let sql = "INSERT INTO thing (id, number) VALUES ('q', CAST($1 AS BIGINT))";
        refuse_success(tx.execute(sql, &[MARK.into()]))
    }),
    ("stored text as number", |tx| {
        keep(tx)?;
        let sql = "SELECT CAST(id AS BIGINT) FROM thing";
        tx.query(sql, &[], |row| row.text(0)).map(|_| 0)
    }),
    ("text read as number", |tx| read_wrong(tx, |row| row.int(0).map(drop))),
    ("bytes read as text", |tx| read_wrong(tx, |row| row.text(2).map(drop))),
    ("bytes of another length", |tx| read_wrong(tx, |row| row.array::<3>(2).map(drop))),
    ("a parameter too many", |tx| tx.execute("DELETE FROM thing", &[MARK.into()])),
    ("a parameter of another type", |tx| {
        refuse_success(tx.execute("UPDATE thing SET number = $1", &[MARK.as_bytes().into()]))
            .or_else(|_| tx.execute("INSERT INTO thing (bytes) VALUES ($1, $1)", &[MARK.into()]))
    }),
];

async fn no_error_repeats_a_value(place: &Place) {
    let store = place.open().await;
    for (what, attempt) in ATTEMPTS {
        let error = match store.write(what, attempt).await {
            Err(error) => error,
            Ok(_) => panic!("{what} succeeded"),
        };
        check(what, &error);
    }
    let panicked: Result<(), _> = store.write("panic", |_| panic!("{MARK}")).await;
    check("panic", &panicked.unwrap_err());
    check_debug(&store);
}

fn check(what: &str, error: &StoreError) {
    let mut texts = vec![format!("{error}"), format!("{error:?}"), format!("{error:#?}")];
    let mut cause = error.source();
    while let Some(inner) = cause {
        texts.push(format!("{inner} {inner:?}"));
        cause = inner.source();
    }
    let hex: String = MARK.bytes().map(|byte| format!("{byte:02x}")).collect();
    for text in texts {
        let found = text.contains(MARK) || text.contains(&hex) || text.contains("7731");
        assert!(!found, "{what}: {text}");
    }
}

fn check_debug(store: &Store) {
    let params = [Param::from(MARK), MARK.as_bytes().into(), 7_731.into(), Param::Null];
    let printed = format!("{params:?} {store:?} {:?}", store.stats());
    assert!(!printed.contains(MARK) && !printed.contains("[109"), "{printed}");
}

fn keep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute(INSERT, &[MARK.into(), 1.into(), MARK.as_bytes().into(), MARK.into()])
}

fn twice(tx: &mut Tx<'_>, sql: &'static str) -> Result<u64, StoreError> {
    keep(tx)?;
    tx.execute(sql, &[MARK.into(), Param::Null, Param::Null, Param::Null])
}

fn read_wrong(
    tx: &mut Tx<'_>,
    read: fn(&Row<'_>) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    keep(tx)?;
    tx.query("SELECT id, number, bytes FROM thing", &[], read).map(|_| 0)
}

/// SQLite converts what PostgreSQL refuses; for the comparison either is an error.
fn refuse_success(answer: Result<u64, StoreError>) -> Result<u64, StoreError> {
    answer.and_then(|_| Err(StoreError::Refused("converted".to_owned())))
}
