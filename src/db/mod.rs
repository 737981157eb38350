//! Every SQL statement there is, and the one door to them.
//!
//! Statements are plain functions over a [`Connection`], one file for each noun, in the dialect that SQLite and
//! PostgreSQL share: `$1`, `RETURNING`, `ON CONFLICT`, and `"user"` in quotes, since PostgreSQL reserves the word.
//! SQLite numbers `$n` in the order they first appear, so they must first appear in order.
//!
//! SQLite is the bundled one, always: distributions carry versions that can corrupt a database in WAL mode
//! (<https://sqlite.org/wal.html#walresetbug>).

pub mod administrator;
pub mod api_tokens;
mod backup;
mod check;
pub mod comments;
mod connection;
mod damage;
pub mod departures;
pub mod discussions;
pub mod drafts;
mod error;
mod file;
mod files;
mod generation;
mod identity;
pub mod images;
pub mod imports;
mod indexer;
pub mod invites;
pub mod likes;
mod measures;
mod migrate;
pub mod moderation;
pub mod moderators;
mod open_error;
pub mod original;
pub mod posts;
pub mod preferences;
pub mod profiles;
mod progress;
mod reader;
pub mod reset_links;
mod restore;
mod retention;
pub mod search;
pub mod second_factors;
pub mod sent_forms;
pub mod sessions;
pub mod sitemap;
mod snapshot;
pub mod statistics;
mod store;
pub mod tags;
pub mod users;
mod wal;
pub mod withdrawn;
mod writer;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::{Transaction, TransactionBehavior};
use tokio::time::sleep;

use crate::config::DatabaseLimits;
use crate::pool::Pool;
pub use check::{Dangling, Findings};
pub use connection::{Connection, Row, Value};
use damage::Damage;
pub use error::{Error, Result};
pub use file::{Initialized, bring_up_to_date, clear, delete_dangling, init, look_over};
pub use files::log_of;
use generation::Generation;
pub use generation::KNOWN_FOR;
pub use measures::Measures;
use measures::Meters;
pub use migrate::LATEST as SCHEMA_VERSION;
pub use open_error::OpenError;
pub use progress::{Progress, Stage};
use reader::{Reader, Source};
pub use restore::{Restored, open_backup, restore};
pub use retention::delete_old_backups;
pub use snapshot::{Counts, Place, Replace, Verified, back_up, verify};
use store::Store;
use writer::Writer;

/// Pause before a full queue is asked again.
const FULL_RETRY: Duration = Duration::from_millis(100);

/// An open database: one writer, many readers.
#[derive(Debug)]
pub struct Db {
    // Fields are dropped in this order: the writer closes last, and so leaves one file without a log beside it.
    readers: Pool<Reader>,
    generation: Generation,
    writer: Writer,
    damage: Arc<Damage>,
    meters: Arc<Meters>,
}

impl Db {
    /// Opens an existing database, migrating it first if it is older than this program.
    pub fn open(path: &Path, limits: &DatabaseLimits, now: Timestamp) -> std::result::Result<Self, OpenError> {
        let because = |error: io::Error| OpenError::unreachable(path, error);
        let damage = Arc::new(Damage::none(path));
        let state = Arc::new(generation::State::new());
        let meters = Arc::new(Meters::new(path));
        let store = Store::open(path, now, Arc::clone(&damage), Arc::clone(&state), Arc::clone(&meters))?;
        let source = Source {
            path: path.to_owned(),
            read_only: store.read_only(),
            read_max: Duration::from_secs(limits.read_seconds_max),
        };
        let writer = Writer::start(store, limits.write_queue_max, Arc::clone(&meters)).map_err(because)?;
        let generation = Generation::start(state, Reader::open(source.clone())?).map_err(because)?;
        let readers =
            (0..limits.readers).map(|_| Reader::open(source.clone())).collect::<std::result::Result<_, _>>()?;
        let readers = Pool::start("reader", readers, limits.read_queue_max).map_err(because)?;
        Ok(Self { readers, generation, writer, damage, meters })
    }

    /// Runs `read` on one snapshot.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
    {
        self.read_and(read, |answer| answer).await
    }

    /// Runs `read` on one snapshot, and `make` on the same thread with what was read: work that would hold up a thread
    /// that serves connections, and holds up no writer, since the snapshot is over.
    pub async fn read_and<T, U, F, M>(&self, read: F, make: M) -> Result<U>
    where
        U: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
        M: FnOnce(T) -> U + Send + 'static,
    {
        let (meters, asked) = (Arc::clone(&self.meters), Instant::now());
        let answer = self.readers.run(move |reader| {
            meters.read_wait.observe_time(asked.elapsed());
            reader.run(read).map(make)
        });
        let answer = answer.await?;
        self.damage.heed(answer)
    }

    /// Which state of the database a reader sees from now on, if that is known at this moment.
    pub fn known_generation(&self, now: Instant) -> Option<u64> {
        self.generation.known(now)
    }

    /// Which state of the database a reader sees from now on: another number after every commit. One of another
    /// process moves it within [`KNOWN_FOR`].
    pub async fn generation(&self) -> Result<u64> {
        self.damage.heed(self.generation.current().await)
    }

    /// Runs `write` in a transaction. When this returns `Ok`, what was written is on disk.
    pub async fn write<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
    {
        match self.damage.error() {
            Some(damage) => Err(damage),
            None => self.damage.heed(self.writer.run(write).await),
        }
    }

    /// Done when nothing can be written any more by this process, with the reason. A new one may be able to.
    pub async fn failed(&self) -> String {
        self.writer.failed().await
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

    /// Whether a reader and the writer would do something now, and if not, why.
    pub async fn is_ready(&self) -> Result<()> {
        let nothing = |_: Connection<'_>| Ok(());
        self.read(nothing).await?;
        self.write(nothing).await
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

    /// Runs `work` in a transaction, which is on disk when this returns `Ok`, and known to every daemon that serves the
    /// file: whoever is told that a session has ended can rely on it.
    pub fn transaction<T>(&self, work: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        self.transaction_if(|_| true, work)
    }

    /// The same, but what was done is undone unless `is_kept` says otherwise of what comes of it.
    pub fn transaction_if<T>(
        &self,
        is_kept: impl FnOnce(&T) -> bool,
        work: impl FnOnce(Connection<'_>) -> Result<T>,
    ) -> Result<T> {
        let changes = self.connection.total_changes();
        // `unchecked` is about nested transactions; this is the only place that opens one here.
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let done = work(Connection::new(&transaction))?;
        if !is_kept(&done) {
            transaction.rollback()?;
            return Ok(done);
        }
        transaction.commit()?;
        if self.connection.total_changes() > changes {
            thread::sleep(KNOWN_FOR);
        }
        Ok(done)
    }

    /// Runs `work` on one snapshot, and keeps nobody from writing.
    pub fn read<T>(&self, work: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        let snapshot = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred)?;
        work(Connection::new(&snapshot))
    }
}
