//! A connection that only reads, and not for long.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{file, statements};
use crate::db::connection::Connection;
use crate::db::engine::Read;
use crate::db::error::{Error, Result};
use crate::db::generation::{Seen, Version};
use crate::db::open_error::OpenError;

/// How often a statement looks at the clock, in instructions of SQLite's virtual machine: some tens of microseconds.
const INSTRUCTIONS_PER_LOOK: i32 = 1000;

/// The state of a reading thread.
///
/// The deadline protects writers: a checkpoint cannot pass a reader, so a read without end would let the log grow.
#[derive(Debug)]
pub(in crate::db) struct Reader {
    sqlite: rusqlite::Connection,
    source: Source,
    /// Whether it was opened as a file that does not change.
    read_only: bool,
    started: Instant,
    /// Milliseconds after `started`.
    deadline: Arc<AtomicU64>,
}

/// What readers read, and for how long at most.
#[derive(Clone, Debug)]
pub(in crate::db) struct Source {
    pub(in crate::db) path: PathBuf,
    /// Whether nobody can write, because the disk is read-only or full. It may end.
    pub(in crate::db) read_only: Arc<AtomicBool>,
    pub(in crate::db) read_max: Duration,
}

impl Reader {
    /// Opens a connection.
    pub(in crate::db) fn open(source: Source) -> std::result::Result<Self, OpenError> {
        let read_only = source.read_only.load(Ordering::Acquire);
        let mut sqlite = file::open_to_read(&source.path, read_only)?;
        let started = Instant::now();
        let deadline = Arc::new(AtomicU64::new(u64::MAX));
        let is_late = {
            let deadline = Arc::clone(&deadline);
            move || milliseconds(started.elapsed()) > deadline.load(Ordering::Relaxed)
        };
        let armed = sqlite.progress_handler(INSTRUCTIONS_PER_LOOK, Some(is_late));
        armed.map_err(|error| OpenError::sqlite(&source.path, error))?;
        Ok(Self { sqlite, source, read_only, started, deadline })
    }

    /// Runs `read` on one snapshot of the database.
    pub(in crate::db) fn run(&mut self, read: &mut Read<'_>) -> Result<()> {
        if self.read_only && !self.source.read_only.load(Ordering::Acquire) {
            *self = Self::open(self.source.clone()).map_err(|error| Error::Disk(error.to_string().into()))?;
        }
        self.deadline.store(milliseconds(self.started.elapsed() + self.source.read_max), Ordering::Relaxed);
        let snapshot = Snapshot::begin(&self.sqlite)?;
        let answer = read(Connection::from(snapshot.0));
        self.deadline.store(u64::MAX, Ordering::Relaxed);
        snapshot.end()?;
        answer
    }

    /// A number that is another after each commit of another connection, of which nobody says what it did.
    /// <https://sqlite.org/pragma.html#pragma_data_version>
    pub(in crate::db) fn version(&mut self) -> Result<Seen> {
        let mut number = 0;
        self.run(&mut |conn| {
            let row = conn.query_row("PRAGMA data_version", &[], |row| row.integer("data_version"))?;
            number = row.unwrap_or_default();
            Ok(())
        })?;
        Ok(Seen { version: Version { number, taken: number }, server: 0 })
    }
}

/// A transaction that only reads. rusqlite's own prepares its two statements anew each time.
struct Snapshot<'a>(&'a rusqlite::Connection);

impl<'a> Snapshot<'a> {
    fn begin(sqlite: &'a rusqlite::Connection) -> Result<Self> {
        statements::execute(sqlite, "BEGIN", &[])?;
        Ok(Self(sqlite))
    }

    /// Ends it, unless SQLite has: it does so where it fails badly.
    fn end(&self) -> Result<()> {
        if !self.0.is_autocommit() {
            statements::execute(self.0, "ROLLBACK", &[])?;
        }
        Ok(())
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        let _ = self.end(); // it was, but for a panic
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
