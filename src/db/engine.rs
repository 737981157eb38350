//! What an engine has to offer to those who schedule the work: a writer's store, and readers.

use super::connection::Connection;
use super::error::Result;
use super::generation::Seen;
use super::postgres;
use super::sqlite;

/// What the one writer of this process writes to.
pub(super) trait Store: Send {
    /// Does `work` in a transaction. When this returns `Ok`, what was written is on disk, and can be found there.
    fn commit(&mut self, work: &mut dyn FnMut(Connection<'_>) -> Result<()>) -> Result<()>;

    /// Brings the index of the search up to date by some posts, in a transaction of its own. Says whether there were any.
    fn index(&mut self) -> Result<bool>;

    /// What is to be done between two transactions. Says why nothing more can be done, if so.
    fn look_after(&mut self) -> Option<String>;
}

/// The state of a reading thread: a connection that only reads, and not for long.
#[derive(Debug)]
pub(super) enum Reader {
    /// Of a file.
    Sqlite(sqlite::Reader),
    /// Of a server.
    Postgres(Box<postgres::Reader>),
}

impl Reader {
    /// Runs `read` on one snapshot of the database.
    pub(super) fn run<T>(&mut self, read: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        match self {
            Self::Sqlite(reader) => reader.run(read),
            Self::Postgres(reader) => reader.run(read),
        }
    }

    /// What tells this state of the database from others.
    pub(super) fn version(&mut self) -> Result<Seen> {
        match self {
            Self::Sqlite(reader) => reader.version(),
            Self::Postgres(reader) => reader.version(),
        }
    }
}
