//! What an engine has to offer to those who schedule the work: a writer's store, and readers.

use super::connection::Connection;
use super::error::{Error, Result};
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
    /// Runs `read` on one snapshot of the database. A server may end it in the middle: then a copy of it is run on another.
    pub(super) fn run<T, F>(&mut self, read: F) -> Result<T>
    where
        F: FnOnce(Connection<'_>) -> Result<T> + Clone,
    {
        found(read, |read| match self {
            Self::Sqlite(reader) => reader.run(read),
            Self::Postgres(reader) => reader.run(read),
        })
    }

    /// Runs `read` on another server than the one that takes writes, which is away.
    pub(super) fn run_on_standby<T, F>(&mut self, read: F) -> Result<T>
    where
        F: FnOnce(Connection<'_>) -> Result<T> + Clone,
    {
        found(read, |read| match self {
            Self::Sqlite(_) => Err(Error::Away("a file has no standby".into())),
            Self::Postgres(reader) => reader.run_on_standby(read),
        })
    }

    /// What tells this state of the database from others.
    pub(super) fn version(&mut self) -> Result<Seen> {
        match self {
            Self::Sqlite(reader) => reader.version(),
            Self::Postgres(reader) => reader.version(),
        }
    }
}

/// A read of whatever, that keeps what it has found: engines know but this one kind, or all of their code would be there once
/// for each read of ours.
pub(super) type Read<'a> = dyn FnMut(Connection<'_>) -> Result<()> + 'a;

/// What `read` has found, or the last copy of it, when `run` was content.
fn found<T, F>(read: F, run: impl FnOnce(&mut Read<'_>) -> Result<()>) -> Result<T>
where
    F: FnOnce(Connection<'_>) -> Result<T> + Clone,
{
    let mut found = None;
    run(&mut |conn| {
        found = Some(read.clone()(conn)?);
        Ok(())
    })?;
    found.ok_or(Error::Stopped) // never: it was run
}
