//! What goes in comes out, by the same SQL on both engines.

use noroshi_store::{Param, StoreError};

use crate::place::{COUNT, INSERT, Place, SELECT};

crate::on_both_engines!(
    every_type_comes_back,
    numbers_decide_not_places,
    conflicts_update_and_return,
    wrong_types_are_errors,
    nul_is_refused,
    parameters_are_counted,
    early_end_of_a_query,
);

async fn every_type_comes_back(place: &Place) {
    let store = place.open().await;
    let rows = [
        ("nothing", None, None, None),
        ("least", Some(i64::MIN), Some(Vec::new()), Some(String::new())),
        ("most", Some(i64::MAX), Some((0..=255).collect()), Some("電力 ' \" $1 \u{10FFFF}".into())),
    ];
    let sent = rows.clone();
    store
        .write("insert", move |tx| {
            for (id, number, bytes, note) in &sent {
                let params =
                    [(*id).into(), (*number).into(), bytes.as_ref().into(), note.as_ref().into()];
                assert_eq!(tx.execute(INSERT, &params)?, 1);
            }
            Ok(())
        })
        .await
        .unwrap();
    for (id, number, bytes, note) in rows {
        let found = store
            .read("select", move |tx| {
                tx.query_one(SELECT, &[id.into()], |row| {
                    assert_eq!(row.opt_blob_ref(2)?, row.opt_blob(2)?.as_deref());
                    assert_eq!(row.opt_text_ref(3)?, row.opt_text(3)?.as_deref());
                    Ok((row.text(0)?, row.opt_int(1)?, row.opt_blob(2)?, row.opt_text(3)?))
                })
            })
            .await
            .unwrap();
        assert_eq!(found, Some((id.to_owned(), number, bytes, note)));
    }
}

async fn numbers_decide_not_places(place: &Place) {
    const SQL: &str = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)";
    let store = place.open().await;
    let found = store
        .read("order", |tx| {
            tx.query(SQL, &["one".into(), "two".into()], |row| {
                Ok([row.text(0)?, row.text(1)?, row.text(2)?])
            })
        })
        .await
        .unwrap();
    assert_eq!(found, [["two", "one", "two"].map(str::to_owned)]);
}

async fn conflicts_update_and_return(place: &Place) {
    const UPSERT: &str = "INSERT INTO thing (id, number) VALUES ($1, $2) \
         ON CONFLICT (id) DO UPDATE SET number = thing.number + excluded.number RETURNING number";
    const IGNORE: &str = "INSERT INTO thing (id) VALUES ($1) ON CONFLICT DO NOTHING";
    let store = place.open().await;
    let add = |amount: i64| {
        let store = store.clone();
        async move {
            let params = move || [Param::from("k"), amount.into()];
            store
                .write("add", move |tx| tx.query_one(UPSERT, &params(), |row| row.int(0)))
                .await
                .unwrap()
        }
    };
    assert_eq!(add(2).await, Some(2));
    assert_eq!(add(3).await, Some(5));
    let changed = store.write("ignore", |tx| tx.execute(IGNORE, &["k".into()])).await.unwrap();
    assert_eq!(changed, 0);
    let exists = store.read("exists", |tx| {
        tx.query_one("SELECT EXISTS (SELECT 1 FROM thing)", &[], |row| row.int(0))
    });
    assert_eq!(exists.await.unwrap(), Some(1));
    let none = store.read("none", |tx| tx.query_one(SELECT, &["x".into()], |row| row.text(0)));
    assert_eq!(none.await.unwrap(), None);
}

async fn wrong_types_are_errors(place: &Place) {
    let store = place.open().await;
    store
        .write("insert", |tx| {
            tx.execute(INSERT, &["k".into(), 1.into(), (&[1, 2]).into(), Param::Null])
        })
        .await
        .unwrap();
    for column in 0..5 {
        let answer = store
            .read("wrong", move |tx| {
                tx.query(SELECT, &["k".into()], |row| match column {
                    0 => row.int(0).map(drop),
                    1 => row.text(1).map(drop),
                    2 => row.array::<3>(2).map(drop),
                    3 => row.text(3).map(drop),
                    _ => row.int(9).map(drop),
                })
            })
            .await;
        assert!(matches!(answer, Err(StoreError::Column { .. })), "{column}: {answer:?}");
    }
    let array =
        store.read("array", |tx| tx.query_one(SELECT, &["k".into()], |row| row.array::<2>(2)));
    assert_eq!(array.await.unwrap(), Some([1, 2]));
}

async fn nul_is_refused(place: &Place) {
    let store = place.open().await;
    let answer = store
        .write("nul", |tx| {
            tx.execute(INSERT, &["k".into(), Param::Null, Param::Null, "a\0b".into()])
        })
        .await;
    assert!(matches!(answer, Err(StoreError::NulInText(4))), "{answer:?}");
}

async fn parameters_are_counted(place: &Place) {
    let store = place.open().await;
    for given in [0, 1, 3, 5] {
        let answer =
            store.write("count", move |tx| tx.execute(INSERT, &vec![Param::Null; given])).await;
        assert!(matches!(answer, Err(StoreError::BadStatement { .. })), "{given}: {answer:?}");
    }
}

async fn early_end_of_a_query(place: &Place) {
    let store = place.open().await;
    let answer = store
        .write("early", |tx| {
            for number in 0..1_000 {
                let id = format!("{number:04}");
                tx.execute(INSERT, &[(&id).into(), number.into(), Param::Null, Param::Null])?;
            }
            let mut seen = 0;
            let stopped = tx.each("SELECT id FROM thing ORDER BY id", &[], |_| {
                seen += 1;
                if seen == 5 { Err(StoreError::Refused("enough".into())) } else { Ok(()) }
            });
            assert!(matches!(stopped, Err(StoreError::Refused(_))));
            // A refusal of the visitor is not a failed statement.
            Ok((seen, tx.query_one(COUNT, &[], |row| row.int(0))?))
        })
        .await;
    assert_eq!(answer.unwrap(), (5, Some(1_000)));
}
