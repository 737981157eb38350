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
mod files;
mod identity;
mod migrate;
mod open_error;
pub mod posts;
mod reader;
pub mod sent_forms;
pub mod sessions;
mod store;
pub mod users;
mod wal;
mod writer;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Transaction, TransactionBehavior};
use tokio::time::sleep;
use tracing::error;

use crate::config::DatabaseLimits;
use crate::pool::Pool;
pub use check::Findings;
pub use connection::{Connection, Row, Value};
pub use error::{Error, Result};
pub use file::{Initialized, clear, init, look_over};
pub use open_error::OpenError;
use reader::{Reader, Source};
use store::Store;
use writer::Writer;

/// Pause before a full queue is asked again.
const FULL_RETRY: Duration = Duration::from_millis(100);

/// An open database: one writer, many readers.
#[derive(Debug)]
pub struct Db {
    // Fields are dropped in this order: the writer closes last, and so leaves one file without a log beside it.
    readers: Pool<Reader>,
    writer: Writer,
    path: PathBuf,
    /// What was found to be damaged, once something was.
    damage: OnceLock<Error>,
}

impl Db {
    /// Opens an existing database, migrating it first if it is older than this program.
    pub fn open(path: &Path, limits: &DatabaseLimits, now: Timestamp) -> std::result::Result<Self, OpenError> {
        let because = |error: io::Error| OpenError::unreachable(path, error);
        let store = Store::open(path, now)?;
        let source = Source {
            path: path.to_owned(),
            read_only: store.read_only(),
            read_max: Duration::from_secs(limits.read_seconds_max),
        };
        let writer = Writer::start(store, limits.write_queue_max).map_err(because)?;
        let readers =
            (0..limits.readers).map(|_| Reader::open(source.clone())).collect::<std::result::Result<_, _>>()?;
        let readers = Pool::start("reader", readers, limits.read_queue_max).map_err(because)?;
        Ok(Self { readers, writer, path: source.path, damage: OnceLock::new() })
    }

    /// Runs `read` on one snapshot.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
    {
        let answer = self.readers.run(move |reader| reader.run(read)).await?;
        self.heed(answer)
    }

    /// Runs `write` in a transaction. When this returns `Ok`, what was written is on disk.
    pub async fn write<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
    {
        match self.damage.get() {
            Some(damage) => Err(damage.clone()),
            None => self.heed(self.writer.run(write).await),
        }
    }

    /// Done when nothing can be written any more by this process, with the reason. A new one may be able to.
    pub async fn failed(&self) -> String {
        self.writer.failed().await
    }

    /// Once anything is found to be damaged, nothing is written any more: it would spread, into the backups too.
    fn heed<T>(&self, answer: Result<T>) -> Result<T> {
        if let Err(damage @ Error::Damaged(why)) = &answer
            && self.damage.set(damage.clone()).is_ok()
        {
            let path = self.path.display();
            error!(
                "the database {path} is damaged: {why}; nothing is written to it any more. `flaskr-admin check` says \
                 more; stop the service, put a backup in its place, without {path}-wal, and start it"
            );
        }
        answer
    }

    /// Whether the writer and a reader still answer. Busy is an answer; a full queue is none, and is asked again.
    pub async fn answers(&self) -> bool {
        loop {
            match self.ask().await {
                // To start anew would not mend a disk, nor what is on it.
                Ok(()) | Err(Error::Busy(_) | Error::Disk(_) | Error::Damaged(_)) => return true,
                Err(Error::Full(_)) => sleep(FULL_RETRY).await,
                Err(Error::Unknown(_) | Error::Sqlite(_) | Error::Stopped) => return false,
            }
        }
    }

    async fn ask(&self) -> Result<()> {
        let nothing = |_: Connection<'_>| Ok(());
        match self.read(nothing).await {
            Ok(()) | Err(Error::Busy(_) | Error::Disk(_) | Error::Damaged(_)) => self.write(nothing).await,
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
