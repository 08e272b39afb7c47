//! A reader never sees half a write, whatever writers do at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use noroshi_store::{Param, Store, StoreError, Tx};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::place::{INSERT, Place};

crate::on_both_engines!(money_is_never_between_accounts);

const ACCOUNTS: usize = 6;
const EACH: i64 = 1_000;

#[derive(Clone, Debug)]
struct Transfer {
    from: usize,
    to: usize,
    amount: i64,
    /// Refused between its two halves.
    refused: bool,
}

fn plan() -> impl Strategy<Value = Vec<Vec<Transfer>>> {
    let transfer = (0..ACCOUNTS, 0..ACCOUNTS, 1_i64..100, prop::bool::weighted(0.2))
        .prop_map(|(from, to, amount, refused)| Transfer { from, to, amount, refused });
    prop::collection::vec(prop::collection::vec(transfer, 1..12), 1..6)
}

async fn money_is_never_between_accounts(place: &Place) {
    let store = place.open().await;
    let runtime = tokio::runtime::Handle::current();
    let mut runner = TestRunner::new(ProptestConfig { cases: 8, ..ProptestConfig::default() });
    let outcome = tokio::task::block_in_place(|| {
        runner.run(&plan(), |plan| {
            runtime.block_on(play(&store, plan));
            Ok(())
        })
    });
    outcome.unwrap();
}

/// One writer for each list of transfers, readers all the while.
async fn play(store: &Store, plan: Vec<Vec<Transfer>>) {
    store.write("reset", reset).await.unwrap();
    let writing = Arc::new(AtomicBool::new(true));
    let readers: Vec<_> =
        (0..3).map(|_| tokio::spawn(watch(store.clone(), Arc::clone(&writing)))).collect();
    let writers: Vec<_> =
        plan.into_iter().map(|list| tokio::spawn(transfer_all(store.clone(), list))).collect();
    for writer in writers {
        writer.await.unwrap();
    }
    writing.store(false, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
}

fn reset(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM thing", &[])?;
    for account in 0..ACCOUNTS {
        let id = format!("account {account}");
        tx.execute(INSERT, &[(&id).into(), EACH.into(), Param::Null, Param::Null])?;
    }
    Ok(())
}

async fn transfer_all(store: Store, list: Vec<Transfer>) {
    for step in list {
        let refused = step.refused;
        let answer = store.write("transfer", move |tx| transfer(tx, &step)).await;
        match answer {
            Ok(()) => assert!(!refused),
            Err(StoreError::Refused(_)) => assert!(refused),
            Err(other) => panic!("{other}"),
        }
    }
}

fn transfer(tx: &mut Tx<'_>, step: &Transfer) -> Result<(), StoreError> {
    const ADD: &str = "UPDATE thing SET number = number + $2 WHERE id = $1";
    let id = |account: usize| format!("account {account}");
    tx.execute(ADD, &[(&id(step.from)).into(), (-step.amount).into()])?;
    if step.refused {
        return Err(StoreError::Refused("half way".to_owned()));
    }
    tx.execute(ADD, &[(&id(step.to)).into(), step.amount.into()]).map(drop)
}

async fn watch(store: Store, writing: Arc<AtomicBool>) {
    const BALANCE: &str = "SELECT number FROM thing WHERE id = $1";
    while writing.load(Ordering::Relaxed) {
        // One statement for each account: only a snapshot holds them together.
        let total = store.read("total", |tx| {
            let mut total = 0;
            for account in 0..ACCOUNTS {
                let id = format!("account {account}");
                let balance = tx.query_one(BALANCE, &[(&id).into()], |row| row.int(0))?;
                total += balance.unwrap_or_default();
            }
            Ok(total)
        });
        assert_eq!(total.await.unwrap(), EACH * i64::try_from(ACCOUNTS).unwrap());
    }
}
