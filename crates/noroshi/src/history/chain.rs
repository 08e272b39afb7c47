//! The chain of records: each names the one before it, so none can be changed or left out.

use anyhow::{Result, bail};
use noroshi_anonymity::policy::{EarlierLabel, Record, Tree};

use super::{History, Refusal};

/// Records that follow each other, oldest first.
pub(crate) struct Chain {
    pub(crate) records: Vec<Record>,
}

impl Chain {
    /// The record of this number.
    pub(crate) fn record(&self, number: u32) -> Option<&Record> {
        let first = self.records.first()?.number;
        self.records.get(usize::try_from(number.checked_sub(first)?).ok()?)
    }

    /// Whether it goes back to the first record.
    pub(crate) fn is_whole(&self) -> bool {
        self.records.first().is_some_and(|record| record.number == 1)
    }

    /// Numbers of the first and the last record.
    pub(crate) fn ends(&self) -> (u32, u32) {
        let number = |record: Option<&Record>| record.map_or(0, |record| record.number);
        (number(self.records.first()), number(self.records.last()))
    }
}

impl History {
    /// Reads the records from `first` to `last` and checks that each names the one before it and
    /// that times do not go back.
    pub(crate) fn chain(&self, first: u32, last: u32) -> Result<Chain> {
        let mut records: Vec<Record> = Vec::new();
        for number in first.max(1)..=last {
            let record = self.record(number)?;
            let follows = match records.last() {
                Some(before) => record.previous == before.hash_text() && before.at <= record.at,
                None if number == 1 => record.previous.bytes().all(|b| b == b'0'),
                None => true,
            };
            if !follows {
                bail!(Refusal::new("chain", number.to_string()));
            }
            records.push(record);
        }
        Ok(Chain { records })
    }

    /// Checks the labels that a record says were published before it against the records before:
    /// a hub that hides one would find more labels open than there are. The record was prepared.
    pub(crate) fn check_earlier(&mut self, chain: &Chain, record: &Record) -> Result<()> {
        let mut listed: Vec<&EarlierLabel> = record.earlier.iter().collect();
        let window = self.tree(&record.tree).map_or(0, |(_, p, _)| p.settings().window_days);
        let begin = record.at.plus_days(-i64::from(window));
        let before = chain.records.iter().take_while(|other| other.number < record.number);
        for other in before {
            for release in &other.releases {
                let same = |e: &&EarlierLabel| {
                    (e.at, &e.release_id, &e.node, &e.tree)
                        == (other.at, &release.release_id, &release.node, &other.tree)
                };
                let place = listed.iter().position(same);
                match place {
                    Some(place) => drop(listed.swap_remove(place)),
                    None if begin < other.at => {
                        self.prepare(other)?;
                        // What names every member closes nothing, and need not be listed.
                        if !self.is_root(other, &release.node) {
                            bail!(Refusal::new("hidden", &release.release_id));
                        }
                    }
                    None => {}
                }
            }
        }
        if chain.is_whole() && !listed.is_empty() {
            bail!(Refusal::new("invented", record.number.to_string()));
        }
        Ok(())
    }

    /// Whether a node is the root of a record's tree. One whose tree is not known is none.
    fn is_root(&self, record: &Record, node: &str) -> bool {
        let tree = self.tree(&record.tree).map(|(_, _, tree)| tree);
        tree.and_then(|tree| tree.node_called(node)).is_some_and(|(id, _)| id == Tree::ROOT)
    }
}
