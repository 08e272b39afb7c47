//! All or nothing: what rolls back, what does not disturb others, and what repeats.

use noroshi_store::{CallStats, ConstraintKind, Param, Store, StoreError, Tx};

use crate::place::{COUNT, INSERT, Place};

crate::on_both_engines!(
    a_refusal_undoes_only_its_own_closure,
    a_panic_undoes_its_closure_and_leaves_the_threads_alive,
    going_on_after_a_failure_is_undone,
    constraints_are_told_apart,
    a_deferred_rule_fails_only_who_broke_it,
    reading_cannot_write,
    no_update_is_lost,
    write_skew_is_impossible,
    calls_are_counted,
    an_abandoned_call_harms_nobody,
    a_closure_cannot_end_the_transaction,
);

const INSERT_PART: &str = "INSERT INTO part (id, thing) VALUES ($1, $2)";

fn insert(tx: &mut Tx<'_>, id: &str, number: i64) -> Result<u64, StoreError> {
    tx.execute(INSERT, &[id.into(), number.into(), Param::Null, Param::Null])
}

async fn count(store: &Store) -> i64 {
    store.read("count", |tx| tx.query_one(COUNT, &[], |row| row.int(0))).await.unwrap().unwrap()
}

/// Starts all at once, so that on SQLite they share commits.
async fn at_once<T: Send + 'static>(
    calls: usize,
    call: impl Fn(usize) -> std::pin::Pin<Box<dyn Future<Output = T> + Send>>,
) -> Vec<T> {
    let tasks: Vec<_> = (0..calls).map(|number| tokio::spawn(call(number))).collect();
    let mut out = Vec::new();
    for task in tasks {
        out.push(task.await.unwrap());
    }
    out
}

async fn a_refusal_undoes_only_its_own_closure(place: &Place) {
    let store = place.open().await;
    let outcomes = at_once(200, |number| {
        let store = store.clone();
        Box::pin(async move {
            store
                .write("maybe", move |tx| {
                    insert(tx, &format!("{number}"), 1)?;
                    if number % 3 == 0 { Err(StoreError::Refused("no".into())) } else { Ok(number) }
                })
                .await
        })
    })
    .await;
    for (number, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(kept) => assert_eq!((kept, number % 3 != 0), (number, true)),
            Err(StoreError::Refused(text)) => assert_eq!((text.as_str(), number % 3), ("no", 0)),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(count(&store).await, 133);
}

async fn a_panic_undoes_its_closure_and_leaves_the_threads_alive(place: &Place) {
    let store = place.open().await;
    // More often than there are threads.
    for _ in 0..20 {
        let answer: Result<(), StoreError> = store
            .write("panics", |tx| {
                insert(tx, "x", 1)?;
                panic!("a mistake in a closure (this text belongs to a test that passes)")
            })
            .await;
        assert!(matches!(answer, Err(StoreError::Panicked("panics"))), "{answer:?}");
    }
    store.write("works", |tx| insert(tx, "y", 1)).await.unwrap();
    assert_eq!(count(&store).await, 1);
}

async fn going_on_after_a_failure_is_undone(place: &Place) {
    let store = place.open().await;
    let answer = store
        .write("goes on", |tx| {
            insert(tx, "a", 1)?;
            assert!(insert(tx, "a", 1).is_err());
            // On both engines the transaction is over.
            assert!(matches!(insert(tx, "b", 1), Err(StoreError::BadStatement { .. })));
            Ok(())
        })
        .await;
    assert!(matches!(answer, Err(StoreError::WentOn("goes on"))), "{answer:?}");
    assert_eq!(count(&store).await, 0);
}

async fn constraints_are_told_apart(place: &Place) {
    let store = place.open().await;
    store.write("first", |tx| insert(tx, "a", 1)).await.unwrap();
    let kinds = [
        (ConstraintKind::Unique, store.write("unique", |tx| insert(tx, "a", 1)).await),
        (ConstraintKind::Check, store.write("check", |tx| insert(tx, "b", -13)).await),
        (
            ConstraintKind::NotNull,
            store.write("null", |tx| tx.execute(INSERT_PART, &["p".into(), Param::Null])).await,
        ),
        (
            ConstraintKind::ForeignKey,
            store.write("key", |tx| tx.execute(INSERT_PART, &["p".into(), "nobody".into()])).await,
        ),
    ];
    for (expected, answer) in kinds {
        match answer {
            Err(StoreError::Constraint { kind, .. }) => assert_eq!(kind, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
}

async fn a_deferred_rule_fails_only_who_broke_it(place: &Place) {
    let store = place.open().await;
    // The part comes first: its rule is checked at the end, when the thing is there or not.
    let outcomes = at_once(60, |number| {
        let store = store.clone();
        Box::pin(async move {
            store
                .write("deferred", move |tx| {
                    let (part, thing) = (format!("p{number}"), format!("t{number}"));
                    tx.execute(INSERT_PART, &[(&part).into(), (&thing).into()])?;
                    if number % 10 != 0 {
                        insert(tx, &thing, 1)?;
                    }
                    Ok(())
                })
                .await
        })
    })
    .await;
    for (number, outcome) in outcomes.into_iter().enumerate() {
        let foreign = ConstraintKind::ForeignKey;
        match outcome {
            Ok(()) => assert_ne!(number % 10, 0),
            Err(StoreError::Constraint { kind, .. }) => {
                assert_eq!((kind, number % 10), (foreign, 0))
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(count(&store).await, 54);
}

async fn reading_cannot_write(place: &Place) {
    let store = place.open().await;
    let answer = store.read("writes", |tx| insert(tx, "a", 1)).await;
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(count(&store).await, 0);
}

async fn no_update_is_lost(place: &Place) {
    const READ: &str = "SELECT number FROM thing WHERE id = 'n'";
    const WRITE: &str = "UPDATE thing SET number = $1 WHERE id = 'n'";
    let store = place.open().await;
    store.write("start", |tx| insert(tx, "n", 0)).await.unwrap();
    at_once(64, |_| {
        let store = store.clone();
        Box::pin(async move {
            let step = |tx: &mut Tx<'_>| {
                let number = tx.query_one(READ, &[], |row| row.int(0))?.unwrap_or_default();
                tx.execute(WRITE, &[(number + 1).into()])
            };
            store.write("increment", step).await.unwrap();
        })
    })
    .await;
    let end = store.read("end", |tx| tx.query_one(READ, &[], |row| row.int(0))).await.unwrap();
    assert_eq!(end, Some(64));
}

/// Each of two may leave only while the other stays: seen one by one both rules hold, so only
/// serializable transactions keep the last one in.
async fn write_skew_is_impossible(place: &Place) {
    const PRESENT: &str = "SELECT COUNT(*) FROM thing WHERE number = 1";
    const LEAVE: &str = "UPDATE thing SET number = 0 WHERE id = $1";
    let store = place.open().await;
    for round in 0..10 {
        let names = [format!("{round} a"), format!("{round} b")];
        let both = names.clone();
        store
            .write("arrive", move |tx| {
                tx.execute("DELETE FROM thing", &[])?;
                both.iter().try_for_each(|name| insert(tx, name, 1).map(drop))
            })
            .await
            .unwrap();
        at_once(2, |number| {
            let (store, name) = (store.clone(), names[number].clone());
            Box::pin(async move {
                store
                    .write("leave", move |tx| {
                        let present = tx.query_one(PRESENT, &[], |row| row.int(0))?;
                        if present == Some(2) {
                            tx.execute(LEAVE, &[(&name).into()])?;
                        }
                        Ok(())
                    })
                    .await
                    .unwrap();
            })
        })
        .await;
        let present = store.read("present", |tx| tx.query_one(PRESENT, &[], |row| row.int(0)));
        assert_eq!(present.await.unwrap(), Some(1));
    }
}

async fn calls_are_counted(place: &Place) {
    let store = place.open().await;
    for number in 0..5 {
        store.write("good", move |tx| insert(tx, &format!("{number}"), 1)).await.unwrap();
    }
    let refused: Result<(), _> =
        store.write("refused", |_| Err(StoreError::Refused("no".into()))).await;
    let failed = store.write("bad", |tx| insert(tx, "1", 1)).await;
    assert!(refused.is_err() && failed.is_err());
    let stats = store.stats();
    let shown: Vec<_> = stats
        .iter()
        .map(|CallStats { name, calls, refused, errors, .. }| (*name, *calls, *refused, *errors))
        .collect();
    assert_eq!(shown, [("bad", 1, 0, 1), ("good", 5, 0, 0), ("refused", 1, 1, 0)]);
    assert!(stats.iter().all(|call| call.micros > 0));
    assert!(store.commits() >= 5);
}

async fn an_abandoned_call_harms_nobody(place: &Place) {
    let store = place.open().await;
    for number in 0..100 {
        let call = store.write("abandoned", move |tx| insert(tx, &format!("{number}"), 1));
        // Polled once, then dropped.
        let mut call = Box::pin(call);
        let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(call.as_mut().poll(cx)));
        drop(polled.await);
    }
    store.write("after", |tx| insert(tx, "last", 1)).await.unwrap();
    assert!(count(&store).await >= 1);
}

async fn a_closure_cannot_end_the_transaction(place: &Place) {
    let store = place.open().await;
    for sql in ["COMMIT", "rollback;", " BEGIN", "RELEASE one", "SAVEPOINT x", "END"] {
        let answer = store
            .write("ends", move |tx| {
                insert(tx, "a", 1)?;
                tx.execute(sql, &[])
            })
            .await;
        assert!(matches!(answer, Err(StoreError::BadStatement { .. })), "{sql}: {answer:?}");
    }
    assert_eq!(count(&store).await, 0);
}

/// A full disk, which SQLite may answer by dropping the whole transaction that many share.
#[test]
fn a_full_disk_keeps_exactly_what_was_answered() {
    crate::place::run(Some(crate::place::sqlite()), async |place| {
        let store = place.open().await;
        store
            .write("limit", |tx| tx.query_one("PRAGMA max_page_count = 200", &[], |row| row.int(0)))
            .await
            .unwrap();
        let outcomes = at_once(300, |number| {
            let store = store.clone();
            Box::pin(async move {
                let bytes = vec![7; 4_000];
                store
                    .write("big", move |tx| {
                        let id = format!("{number}");
                        tx.execute(INSERT, &[(&id).into(), 1.into(), (&bytes).into(), Param::Null])
                    })
                    .await
            })
        })
        .await;
        let kept = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert!(kept > 0 && kept < 300, "{kept} of 300 were kept");
        assert_eq!(count(&store).await, i64::try_from(kept).unwrap());
        // With room again, the writer goes on.
        store
            .write("room", |tx| {
                tx.query_one("PRAGMA max_page_count = 100000", &[], |row| row.int(0))
            })
            .await
            .unwrap();
        store.write("after", |tx| insert(tx, "after", 1)).await.unwrap();
    });
}
