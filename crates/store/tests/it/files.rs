//! Files: only their owner reads them, and a backup is a database again.

use std::process::Command;

use noroshi_store::{Address, Param, Store, StoreError};

use crate::place::{COUNT, INSERT, Place, SCHEMA};

crate::on_both_engines!(a_backup_can_be_restored, a_backup_never_overwrites, columns_are_listed);

async fn fill(store: &Store, rows: i64) {
    store
        .write("fill", move |tx| {
            for number in 0..rows {
                let id = format!("row {number}");
                tx.execute(INSERT, &[(&id).into(), number.into(), Param::Null, Param::Null])?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

async fn count(store: &Store) -> Option<i64> {
    store.read("count", |tx| tx.query_one(COUNT, &[], |row| row.int(0))).await.unwrap()
}

async fn a_backup_can_be_restored(place: &Place) {
    let store = place.open().await;
    fill(&store, 2_000).await;
    let copy = place.folder.path().join("copy");
    store.backup(&copy).await.unwrap();
    assert_private(&copy);
    let restored = match &place.address {
        Address::Sqlite(_) => Address::Sqlite(copy),
        Address::Postgres(url) => {
            drop(store);
            place.past_the_store("DROP SCHEMA {schema} CASCADE");
            let (url, _) = url.split_once("?schema=").unwrap();
            let status = Command::new("pg_restore").arg("--dbname").arg(url).arg(copy).status();
            assert!(status.unwrap().success());
            place.address.clone()
        }
    };
    let again = Store::open(&restored, &SCHEMA).await.unwrap();
    assert_eq!(count(&again).await, Some(2_000));
}

async fn a_backup_never_overwrites(place: &Place) {
    let store = place.open().await;
    let taken = place.folder.path().join("taken");
    std::fs::write(&taken, "precious").unwrap();
    let answer = store.backup(&taken).await;
    assert!(matches!(answer, Err(StoreError::Backup(_))), "{answer:?}");
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "precious");
    let nowhere = place.folder.path().join("missing").join("copy");
    assert!(matches!(store.backup(&nowhere).await, Err(StoreError::Backup(_))));
}

async fn columns_are_listed(place: &Place) {
    let columns = place.open().await.columns().await.unwrap();
    let expected = [
        ("part", "id"),
        ("part", "thing"),
        ("schema_version", "name"),
        ("schema_version", "version"),
        ("thing", "bytes"),
        ("thing", "id"),
        ("thing", "note"),
        ("thing", "number"),
    ];
    assert_eq!(columns, expected.map(|(table, column)| (table.to_owned(), column.to_owned())));
}

#[tokio::test]
async fn an_sqlite_file_and_its_log_are_private() {
    let place = crate::place::sqlite();
    let store = place.open().await;
    fill(&store, 1).await;
    let Address::Sqlite(path) = &place.address else { return };
    for ending in ["", "-wal", "-shm"] {
        assert_private(&std::path::PathBuf::from(format!("{}{ending}", path.display())));
    }
}

#[cfg(unix)]
fn assert_private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", path.display());
}
