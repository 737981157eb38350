//! Every SQL statement there is, and the one door to them.
//!
//! Statements are plain functions over a [`Connection`], one file for each noun, in the dialect that SQLite and
//! PostgreSQL share: `$1`, `RETURNING`, `ON CONFLICT`, and `"user"` in quotes, since PostgreSQL reserves the word.
//! SQLite numbers `$n` in the order they first appear, so they must first appear in order.

pub mod administrator;
pub mod api_tokens;
pub mod comments;
mod connection;
mod copy;
pub mod departures;
pub mod discussions;
pub mod drafts;
mod engine;
mod error;
mod generation;
pub mod images;
pub mod imports;
mod indexer;
pub mod invites;
pub mod likes;
mod location;
mod measures;
pub mod moderation;
pub mod moderators;
mod open_error;
mod postgres;
pub mod posts;
pub mod preferences;
pub mod profiles;
pub mod reset_links;
pub mod search;
pub mod second_factors;
pub mod sent_forms;
pub mod sessions;
mod single;
pub mod sitemap;
mod sqlite;
pub mod statistics;
pub mod tags;
pub mod users;
pub mod withdrawn;
mod writer;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::time::sleep;

use crate::config::Database;
use crate::pool::Pool;
pub use connection::{Connection, Row, Value};
pub use copy::{Altered, Copied, CopiedTable, CopyError, copy};
use engine::{Reader, Store};
pub use error::{Error, Result};
use generation::Generation;
pub use generation::{KNOWN_FOR, LastKnown};
pub use location::{Location, bring_up_to_date, clear, init, look_at_server, look_into_server};
pub use measures::Measures;
use measures::Meters;
pub use open_error::OpenError;
pub use postgres::{ServerContents, ServerState, Throttles as SharedThrottles};
pub use single::Single;
use sqlite::Damage;
pub use sqlite::{
    Counts, Dangling, Findings, Initialized, Place, Progress, Replace, Restored, SCHEMA_VERSION, Stage, Verified,
    back_up, delete_dangling, delete_old_backups, log_of, look_over, open_backup, original, restore, verify,
};
use writer::Writer;

/// Longest time for a server to say what state it is in: it has to look at one row.
const WATCH_MAX: Duration = Duration::from_millis(500);
/// Pause before a full queue is asked again.
const FULL_RETRY: Duration = Duration::from_millis(100);

/// An open database: one writer, many readers.
#[derive(Debug)]
pub struct Db {
    // Fields are dropped in this order: the writer closes last, and so leaves one file without a log beside it.
    readers: Pool<Reader>,
    generation: Generation,
    writer: Writer,
    /// What is known of the damage to a file.
    damage: Option<Arc<Damage>>,
    meters: Arc<Meters>,
    /// What is counted together with other nodes, where there may be any.
    shared: Option<SharedThrottles>,
}

impl Db {
    /// Opens an existing database, migrating it first if it is older than this program.
    pub fn open(
        location: impl Into<Location>,
        limits: &Database,
        now: Timestamp,
    ) -> std::result::Result<Self, OpenError> {
        match location.into() {
            Location::File(path) => Self::open_file(&path, limits, now),
            Location::Server(settings) => Self::open_server(&settings, limits, now),
        }
    }

    fn open_file(path: &Path, limits: &Database, now: Timestamp) -> std::result::Result<Self, OpenError> {
        let damage = Arc::new(Damage::none(path));
        let state = Arc::new(generation::State::new());
        let meters = Arc::new(Meters::new(Some(path)));
        let store = sqlite::Store::open(path, now, Arc::clone(&damage), Arc::clone(&state), Arc::clone(&meters))?;
        let source = sqlite::Source {
            path: path.to_owned(),
            read_only: store.read_only(),
            read_max: Duration::from_secs(limits.read_seconds_max),
        };
        let open = || sqlite::Reader::open(source.clone()).map(Reader::Sqlite);
        let readers = (0..limits.readers).map(|_| open()).collect::<std::result::Result<_, _>>()?;
        let db = Self::start(limits, Box::new(store), readers, open()?, state, meters);
        let db = db.map_err(|error| OpenError::unreachable(path, error))?;
        Ok(Self { damage: Some(damage), ..db })
    }

    fn open_server(settings: &Database, limits: &Database, now: Timestamp) -> std::result::Result<Self, OpenError> {
        bring_up_to_date(Location::Server(Box::new(settings.clone())), now, &Progress::ignored())?;
        let server = Arc::new(location::server(settings)?);
        let others = [location::replica(settings)?, location::standby(settings)?].map(|server| server.map(Arc::new));
        let state = Arc::new(generation::State::new());
        let meters = Arc::new(Meters::new(None));
        let store = postgres::Store::new(Arc::clone(&server), now, Arc::clone(&state), Arc::clone(&meters));
        let read_max = Duration::from_secs(limits.read_seconds_max);
        let open = |others, read_max| {
            let reader = postgres::Reader::new(Arc::clone(&server), others, Arc::clone(&state), read_max);
            Reader::Postgres(Box::new(reader))
        };
        let readers = (0..limits.readers).map(|_| open(others.clone(), read_max)).collect();
        let watch = open([None, None], WATCH_MAX);
        let started = Self::start(limits, Box::new(store), readers, watch, Arc::clone(&state), meters)
            .and_then(|db| Ok(Self { shared: Some(SharedThrottles::start(Arc::clone(&server))?), ..db }));
        started.map_err(|error| OpenError::unreachable(Path::new(&server.to_string()), error))
    }

    fn start(
        limits: &Database,
        store: Box<dyn Store>,
        readers: Vec<Reader>,
        watch: Reader,
        state: Arc<generation::State>,
        meters: Arc<Meters>,
    ) -> io::Result<Self> {
        let writer = Writer::start(store, limits.write_queue_max, Arc::clone(&meters))?;
        let generation = Generation::start(state, watch)?;
        let readers = Pool::start("reader", readers, limits.read_queue_max)?;
        Ok(Self { readers, generation, writer, damage: None, meters, shared: None })
    }

    fn heed<T>(&self, answer: Result<T>) -> Result<T> {
        match &self.damage {
            Some(damage) => damage.heed(answer),
            None => answer,
        }
    }

    /// Runs `read` on one snapshot; a copy of it on another, if a server ends the first in the middle.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Clone + Send + 'static,
    {
        self.read_and(read, |answer| answer).await
    }

    /// Runs `read` on one snapshot, and `make` on the same thread with what was read: work that would hold up a thread
    /// that serves connections, and holds up no writer, since the snapshot is over.
    pub async fn read_and<T, U, F, M>(&self, read: F, make: M) -> Result<U>
    where
        U: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Clone + Send + 'static,
        M: FnOnce(T) -> U + Send + 'static,
    {
        if self.shared.is_some() {
            // Then nobody waits for a server that is known to be away, reads one that a newer program has changed, or a
            // replica that is behind what others were told.
            self.generation.current().await?;
        }
        let (meters, asked) = (Arc::clone(&self.meters), Instant::now());
        let answer = self.readers.run(move |reader| {
            meters.read_wait.observe_time(asked.elapsed());
            reader.run(read).map(make)
        });
        let answer = answer.await?;
        self.heed(answer)
    }

    /// The same, while the database is away, on a server that follows it, if one has all that this node knows of.
    pub async fn read_on_standby_and<T, U, F, M>(&self, read: F, make: M) -> Result<U>
    where
        U: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Clone + Send + 'static,
        M: FnOnce(T) -> U + Send + 'static,
    {
        self.readers.run(move |reader| reader.run_on_standby(read).map(make)).await?
    }

    /// Which state of the database a reader sees from now on, if that is known at this moment. To be called in a runtime of
    /// tokio, on which the next question is asked where this one's answer is nearly over.
    pub fn known_generation(&self, now: Instant) -> Option<u64> {
        self.generation.known(now)
    }

    /// Which state of the database a reader sees from now on: another number after every commit. One of another
    /// process moves it within [`KNOWN_FOR`].
    pub async fn generation(&self) -> Result<u64> {
        self.heed(self.generation.current().await)
    }

    /// What pages may be shown from while the database is away.
    pub fn last_known(&self) -> LastKnown {
        self.generation.last_known()
    }

    /// The count of failures that all nodes share, if there may be others.
    pub fn shared_throttles(&self) -> Option<&SharedThrottles> {
        self.shared.as_ref()
    }

    /// Runs `write` in a transaction. When this returns `Ok`, what was written is on disk, and the next page shows it, on
    /// whatever node.
    pub async fn write<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
    {
        if let Some(damage) = self.damage.as_ref().and_then(|damage| damage.error()) {
            return Err(damage);
        }
        let written = self.heed(self.writer.run(write).await);
        if self.shared.is_some() {
            sleep(KNOWN_FOR).await; // then every node knows of it, whichever is asked next
        }
        written
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
                Ok(()) | Err(Error::Busy(_) | Error::Disk(_) | Error::Away(_) | Error::Damaged(_)) => return true,
                // What has become of the writes of others in its group: with a file, a new process has to find out.
                Err(Error::Unknown(_)) if self.shared.is_some() => return true,
                Err(Error::Full(_)) => sleep(FULL_RETRY).await,
                Err(Error::Unknown(_) | Error::Engine(_) | Error::Stopped) => return false,
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
            Ok(()) | Err(Error::Busy(_) | Error::Disk(_) | Error::Away(_) | Error::Damaged(_)) => {
                self.write(nothing).await
            }
            failed => failed,
        }
    }
}
