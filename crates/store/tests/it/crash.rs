//! What was answered survives the sudden end of the process, or of the connection.
//!
//! Killing a process shows that an answer is never ahead of the commit. It does not show that the
//! disk keeps its word in a power cut: that is `synchronous=FULL` and the disk's own promise.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use noroshi_store::{Address, Param, Store, StoreError};

use crate::place::{INSERT, Place, SCHEMA};

crate::on_both_engines!(answered_writes_survive_a_kill);

const ADDRESS: &str = "NOROSHI_TEST_CRASH_ADDRESS";
const ROUND: &str = "NOROSHI_TEST_CRASH_ROUND";
const WRITERS: usize = 16;

async fn answered_writes_survive_a_kill(place: &Place) {
    let mut answered = BTreeSet::new();
    for round in 0..4 {
        let mut child = start_child(&place.address, round);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut seen = 0;
        while seen < 150 + 100 * round {
            let line = lines.next().expect("the child ended by itself");
            seen += usize::from(note(&line, &mut answered));
        }
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());
        // Answered, too, are those that it could still say.
        for line in lines {
            note(&line, &mut answered);
        }
        let store = place.open().await;
        let found: BTreeSet<String> = store
            .read("all", |tx| tx.query("SELECT id FROM thing", &[], |row| row.text(0)))
            .await
            .unwrap()
            .into_iter()
            .collect();
        let lost: Vec<_> = answered.difference(&found).collect();
        assert!(lost.is_empty(), "round {round} lost {lost:?}");
        // Unanswered writes in flight may be there or not, at most one for each writer.
        assert!(found.len() <= answered.len() + WRITERS * (round + 1));
    }
}

/// Takes an answered id from a line; the last line may be cut off.
fn note(line: &str, answered: &mut BTreeSet<String>) -> bool {
    let Some(id) = line.strip_prefix("answered ").and_then(|rest| rest.strip_suffix('.')) else {
        return false;
    };
    answered.insert(id.to_owned())
}

/// This test program again, running only [`child`].
fn start_child(address: &Address, round: usize) -> Child {
    let address = match address {
        Address::Sqlite(path) => path.display().to_string(),
        Address::Postgres(url) => url.clone(),
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--ignored", "--nocapture"])
        .env(ADDRESS, address)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "started by the crash test, to be killed"]
fn child() {
    let (Ok(address), Ok(round)) = (std::env::var(ADDRESS), std::env::var(ROUND)) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&address.parse().unwrap(), &SCHEMA).await.unwrap();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| tokio::spawn(write_forever(store.clone(), format!("{round} {writer}"))))
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
    });
}

async fn write_forever(store: Store, name: String) {
    for number in 0_u64.. {
        let id = format!("{name} {number}");
        let key = id.clone();
        store
            .write("burst", move |tx| {
                tx.execute(INSERT, &[(&key).into(), 1.into(), Param::Null, (&key).into()])
            })
            .await
            .unwrap();
        // One write call, so that lines of several writers do not mix.
        std::io::stdout().lock().write_all(format!("\nanswered {id}.\n").as_bytes()).unwrap();
    }
}

#[test]
fn a_lost_connection_comes_back() {
    crate::place::run(crate::place::postgresql(), async |place| {
        let Address::Postgres(url) = &place.address else { return };
        let name = format!("noroshi_lost_{}", std::process::id());
        let address = Address::Postgres(format!("{url}&application_name={name}"));
        let store = Store::open(&address, &SCHEMA).await.unwrap();
        let writers: Vec<_> =
            (0..8).map(|writer| tokio::spawn(write_some(store.clone(), writer))).collect();
        for _ in 0..5 {
            tokio::time::sleep(std::time::Duration::from_millis(40)).await;
            place.past_the_store(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE application_name = '{name}'"
            ));
        }
        let mut answered = BTreeSet::new();
        for writer in writers {
            answered.extend(writer.await.unwrap());
        }
        let found: BTreeSet<String> = store
            .read("all", |tx| tx.query("SELECT id FROM thing", &[], |row| row.text(0)))
            .await
            .unwrap()
            .into_iter()
            .collect();
        assert_eq!(answered.difference(&found).count(), 0);
        assert!(answered.len() > 100, "only {} writes were answered", answered.len());
        let retries: u64 = store.stats().iter().map(|call| call.retries).sum();
        assert!(retries > 0, "no connection was lost");
    });
}

async fn write_some(store: Store, writer: usize) -> Vec<String> {
    let mut answered = Vec::new();
    for number in 0..150 {
        let id = format!("{writer} {number}");
        let key = id.clone();
        let answer = store.write("some", move |tx| {
            tx.execute(INSERT, &[(&key).into(), 1.into(), Param::Null, Param::Null])
        });
        match answer.await {
            Ok(_) => answered.push(id),
            // Cut off during its commit, or while the server shut the door.
            Err(StoreError::Unconfirmed(_) | StoreError::Unavailable(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    answered
}
