//! A schema's history: forward only, whole steps only, and never behind a newer program's back.

use noroshi_store::{Address, Durability, Migration, Schema, Store, StoreError};

use crate::place::{Place, SCHEMA};

crate::on_both_engines!(
    upgrades_keep_the_data,
    a_newer_schema_is_refused,
    a_failed_step_leaves_nothing,
    gaps_in_the_numbers_are_refused,
    many_may_start_at_once,
    two_schemas_share_a_database,
    statements_are_prepared,
    a_wrong_statement_is_named,
);

const FIRST: Migration = Migration {
    version: 1,
    name: "first",
    sql: "CREATE TABLE a (x BIGINT); CREATE TABLE b (y TEXT)",
    postgres: "",
};
const SECOND: Migration = Migration {
    version: 2,
    name: "second",
    sql: "ALTER TABLE a ADD COLUMN z BYTEA; INSERT INTO a (x) VALUES (2);",
    postgres: "",
};
const BROKEN: Migration = Migration {
    version: 3,
    name: "broken",
    sql: "CREATE TABLE c (x BIGINT); INSERT INTO nowhere (x) VALUES (1);",
    postgres: "",
};

const fn schema(migrations: &'static [Migration]) -> Schema {
    Schema { name: "history", migrations, statements: &[], durability: Durability::Normal }
}

static ONE: Schema = schema(&[FIRST]);
static TWO: Schema = schema(&[FIRST, SECOND]);
static THREE: Schema = schema(&[FIRST, SECOND, BROKEN]);
static GAP: Schema = schema(&[FIRST, BROKEN]);

async fn upgrades_keep_the_data(place: &Place) {
    let store = Store::open(&place.address, &ONE).await.unwrap();
    store.write("add", |tx| tx.execute("INSERT INTO a (x) VALUES (1)", &[])).await.unwrap();
    drop(store);
    for _ in 0..2 {
        let store = Store::open(&place.address, &TWO).await.unwrap();
        let found = store.read("all", |tx| {
            tx.query("SELECT x, z FROM a ORDER BY x", &[], |row| {
                Ok((row.int(0)?, row.opt_blob(1)?))
            })
        });
        assert_eq!(found.await.unwrap(), [(1, None), (2, None)]);
    }
}

async fn a_newer_schema_is_refused(place: &Place) {
    drop(Store::open(&place.address, &TWO).await.unwrap());
    let error = Store::open(&place.address, &ONE).await.unwrap_err();
    assert!(matches!(error, StoreError::NewerSchema { found: 2, known: 1, .. }), "{error:?}");
    assert!(error.to_string().contains("start the newer program again"), "{error}");
}

async fn a_failed_step_leaves_nothing(place: &Place) {
    let error = Store::open(&place.address, &THREE).await.unwrap_err();
    assert!(matches!(error, StoreError::Migration { version: 3, .. }), "{error:?}");
    assert!(error.to_string().contains("nowhere"), "{error}");
    // The steps before it stand, so the older program starts.
    let columns = Store::open(&place.address, &TWO).await.unwrap().columns().await.unwrap();
    assert!(columns.iter().all(|(table, _)| table != "c"), "{columns:?}");
    assert!(columns.iter().any(|(table, column)| table == "a" && column == "z"));
}

async fn gaps_in_the_numbers_are_refused(place: &Place) {
    let error = Store::open(&place.address, &GAP).await.unwrap_err();
    assert!(matches!(error, StoreError::BadMigrations("history")), "{error:?}");
}

async fn many_may_start_at_once(place: &Place) {
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let address = place.address.clone();
            tokio::spawn(async move { Store::open(&address, &TWO).await })
        })
        .collect();
    let mut last = None;
    for start in starts {
        last = Some(start.await.unwrap().unwrap());
    }
    let store = last.unwrap();
    let rows =
        store.read("rows", |tx| tx.query_one("SELECT COUNT(*) FROM a", &[], |row| row.int(0)));
    // The second step ran once.
    assert_eq!(rows.await.unwrap(), Some(1));
}

async fn two_schemas_share_a_database(place: &Place) {
    let one = place.open().await;
    let other = Store::open(&place.address, &ONE).await.unwrap();
    assert_eq!(one.columns().await.unwrap(), other.columns().await.unwrap());
}

async fn statements_are_prepared(place: &Place) {
    assert!(!SCHEMA.statements.is_empty());
    place.open().await.prepare_all().await.unwrap();
}

async fn a_wrong_statement_is_named(place: &Place) {
    const fn with(statements: &'static [&'static str]) -> Schema {
        Schema { statements, ..ONE }
    }
    static WRONG: [Schema; 4] = [
        with(&["SELECT x FROM a", "SELEC x FROM a"]),
        with(&["SELECT missing FROM a"]),
        with(&["SELECT x FROM a WHERE x = ?1"]),
        with(&["SELECT x FROM missing WHERE x = $1"]),
    ];
    for schema in &WRONG {
        let store = Store::open(&place.address, schema).await.unwrap();
        let wrong = schema.statements.last().unwrap();
        match store.prepare_all().await {
            Err(StoreError::BadStatement { sql, .. }) => assert_eq!(&sql, wrong),
            other => panic!("{wrong}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn what_is_no_database_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.db");
    std::fs::write(&path, "this is a text, not a database, and longer than a header".repeat(20))
        .unwrap();
    for address in [
        Address::Sqlite(path),
        Address::Sqlite(folder.path().to_owned()),
        Address::Postgres("postgres://me:hush@%2Fnowhere/db".to_owned()),
    ] {
        let error = Store::open(&address, &ONE).await.unwrap_err();
        assert!(matches!(error, StoreError::Open { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hush"));
    }
}

/// A role that owns nothing may use a schema that is up to date, with the rights it was given.
#[test]
fn a_role_without_rights_to_create_can_read() {
    crate::place::run(crate::place::postgresql(), async |place| {
        let Address::Postgres(url) = &place.address else { return };
        drop(Store::open(&place.address, &TWO).await.unwrap());
        let role = format!("reader_{}", std::process::id());
        place.past_the_store(&format!(
            "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {{schema}} TO {role}; \
             GRANT SELECT ON ALL TABLES IN SCHEMA {{schema}} TO {role}"
        ));
        let address = Address::Postgres(url.replace("noroshi@", &format!("{role}@")));
        let store = Store::open(&address, &TWO).await.unwrap();
        let rows = store.read("rows", |tx| tx.query("SELECT x FROM a", &[], |row| row.int(0)));
        assert_eq!(rows.await.unwrap(), [2]);
        let refused = store.write("add", |tx| tx.execute("INSERT INTO a (x) VALUES (1)", &[]));
        let error = refused.await.unwrap_err();
        assert!(error.to_string().contains("permission denied"), "{error}");
        drop(store);
        place.past_the_store(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    });
}
