//! A connection that only reads, and not for long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::error::Result;

/// How often a statement looks at the clock, in instructions of SQLite's virtual machine: some tens of microseconds.
const INSTRUCTIONS_PER_LOOK: i32 = 1000;

/// The state of a reading thread.
///
/// The deadline protects writers: a checkpoint cannot pass a reader, so a read without end would let the log grow.
#[derive(Debug)]
pub(super) struct Reader {
    sqlite: rusqlite::Connection,
    started: Instant,
    /// Milliseconds after `started`.
    deadline: Arc<AtomicU64>,
    read_max: Duration,
}

impl Reader {
    /// Reads of this connection may take so long.
    pub(super) fn new(mut sqlite: rusqlite::Connection, read_max: Duration) -> Result<Self> {
        let started = Instant::now();
        let deadline = Arc::new(AtomicU64::new(u64::MAX));
        let is_late = {
            let deadline = Arc::clone(&deadline);
            move || milliseconds(started.elapsed()) > deadline.load(Ordering::Relaxed)
        };
        sqlite.progress_handler(INSTRUCTIONS_PER_LOOK, Some(is_late))?;
        Ok(Self { sqlite, started, deadline, read_max })
    }

    /// Runs `read` on one snapshot of the database.
    pub(super) fn run<T>(&self, read: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        self.deadline.store(milliseconds(self.started.elapsed() + self.read_max), Ordering::Relaxed);
        let transaction = self.sqlite.unchecked_transaction()?;
        let answer = read(Connection::new(&transaction));
        self.deadline.store(u64::MAX, Ordering::Relaxed);
        transaction.finish()?;
        answer
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
