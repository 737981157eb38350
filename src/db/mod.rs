//! Every SQL statement there is, and the one door to them.
//!
//! Statements are plain functions over a [`Connection`], one file for each noun, in the dialect that SQLite and
//! PostgreSQL share: `$1`, `RETURNING`, `ON CONFLICT`, and `"user"` in quotes, since PostgreSQL reserves the word.
//! SQLite numbers `$n` in the order they first appear, so they must first appear in order.
//!
//! SQLite is the bundled one, always: distributions carry versions that can corrupt a database in WAL mode
//! (<https://sqlite.org/wal.html#walresetbug>).

mod backup;
mod check;
mod connection;
mod error;
mod file;
mod identity;
pub mod invites;
mod migrate;
pub mod posts;
mod reader;
pub mod reset_links;
pub mod second_factors;
pub mod sent_forms;
pub mod sessions;
pub mod users;
mod writer;

use std::io;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Transaction, TransactionBehavior};
use tokio::time::sleep;

use crate::config::DatabaseLimits;
use crate::pool::Pool;
pub use check::Findings;
pub use connection::{Connection, Row, Value};
pub use error::{Error, Result};
pub use file::{Initialized, OpenError, clear, init, look_over};
use reader::Reader;
use writer::Writer;

/// Pause before a full queue is asked again.
const FULL_RETRY: Duration = Duration::from_millis(100);

/// An open database: one writer, many readers.
#[derive(Debug)]
pub struct Db {
    // Fields are dropped in this order: the writer closes last, and so leaves one file without a log beside it.
    readers: Pool<Reader>,
    writer: Writer,
}

impl Db {
    /// Opens an existing database, migrating it first if it is older than this program.
    pub fn open(path: &Path, limits: &DatabaseLimits, now: Timestamp) -> std::result::Result<Self, OpenError> {
        let because = |error: io::Error| OpenError::unreachable(path, error);
        let connection = file::open(path, now)?;
        let writer = Writer::start(connection, limits.write_queue_max).map_err(because)?;
        let read_max = Duration::from_secs(limits.read_seconds_max);
        let reader = |_| {
            let connection = file::open_to_read(path)?;
            Reader::new(connection, read_max).map_err(|error| because(io::Error::other(error)))
        };
        let readers = (0..limits.readers).map(reader).collect::<std::result::Result<_, _>>()?;
        let readers = Pool::start("reader", readers, limits.read_queue_max).map_err(because)?;
        Ok(Self { readers, writer })
    }

    /// Runs `read` on one snapshot.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
    {
        self.readers.run(move |reader| reader.run(read)).await?
    }

    /// Runs `write` in a transaction. When this returns `Ok`, what was written is on disk.
    pub async fn write<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
    {
        self.writer.run(write).await
    }

    /// Whether the writer and a reader still answer. Busy is an answer; a full queue is none, and is asked again.
    pub async fn answers(&self) -> bool {
        loop {
            match self.ask().await {
                Ok(()) | Err(Error::Busy(_)) => return true,
                Err(Error::Full(_)) => sleep(FULL_RETRY).await,
                Err(Error::Sqlite(_) | Error::Stopped) => return false,
            }
        }
    }

    async fn ask(&self) -> Result<()> {
        let nothing = |_: Connection<'_>| Ok(());
        match self.read(nothing).await {
            Ok(()) | Err(Error::Busy(_)) => self.write(nothing).await,
            failed => failed,
        }
    }
}

/// One connection without threads, for a program that does one thing and ends.
#[derive(Debug)]
pub struct Single {
    connection: rusqlite::Connection,
}

impl Single {
    /// Opens an existing database, migrating it first if it is older than this program.
    pub fn open(path: &Path, now: Timestamp) -> std::result::Result<Self, OpenError> {
        Ok(Self { connection: file::open(path, now)? })
    }

    /// Runs `work` in a transaction, which is on disk when this returns `Ok`.
    pub fn transaction<T>(&self, work: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        // `unchecked` is about nested transactions; this is the only place that opens one here.
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let done = work(Connection::new(&transaction))?;
        transaction.commit()?;
        Ok(done)
    }
}
