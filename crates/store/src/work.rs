//! A closure on its way to a worker thread and its answer on the way back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use crate::{StoreError, Tx};

/// How many closures may wait before callers have to.
pub(crate) const QUEUE_LEN: usize = 4_096;

/// A closure whose result type only its caller knows.
pub(crate) trait Work: Send {
    fn name(&self) -> &'static str;

    /// Runs the closure once more and keeps its value for [`Work::answer`].
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError>;

    /// Ends the call: with the kept value, or with the error.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

pub(crate) struct Closure<T, F> {
    pub(crate) name: &'static str,
    pub(crate) run: F,
    pub(crate) value: Option<T>,
    pub(crate) reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Work for Closure<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        self.value = None;
        // One closure's mistake must not take the thread from all others. What it may have left
        // half done is in the database, and rolled back.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.run)(tx)));
        let value = outcome.map_err(|_| StoreError::Panicked(self.name))??;
        if tx.has_failed() {
            return Err(StoreError::WentOn(self.name));
        }
        self.value = Some(value);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { value, reply, .. } = *self;
        let answer = outcome.and_then(|()| value.ok_or(StoreError::Closed));
        // If nobody waits any more, the caller gave up, which is its right.
        drop(reply.send(answer));
    }
}
