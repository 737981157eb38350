//! A database for a program that does one thing and ends.

use std::thread;

use jiff::Timestamp;
use rusqlite::{Transaction, TransactionBehavior};

use super::connection::Connection;
use super::error::Result;
use super::generation::KNOWN_FOR;
use super::location::{self, Location};
use super::open_error::OpenError;
use super::postgres::Session;
use super::sqlite;

/// One connection without threads.
#[derive(Debug)]
pub struct Single(Inner);

#[derive(Debug)]
enum Inner {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Session>),
}

impl Single {
    /// Opens an existing database, migrating it first if it is older than this program.
    pub fn open(location: impl Into<Location>, now: Timestamp) -> std::result::Result<Self, OpenError> {
        Ok(Self(match location.into() {
            Location::File(path) => Inner::Sqlite(sqlite::open(&path, now)?),
            Location::Server(settings) => Inner::Postgres(Box::new(location::session(&settings)?)),
        }))
    }

    /// Runs `work` in a transaction, which is on disk when this returns `Ok`, and known to every daemon that serves the
    /// database: whoever is told that a session has ended can rely on it.
    pub fn transaction<T>(&self, work: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        self.transaction_if(|_| true, work)
    }

    /// The same, but what was done is undone unless `is_kept` says otherwise of what comes of it.
    pub fn transaction_if<T>(
        &self,
        is_kept: impl FnOnce(&T) -> bool,
        work: impl FnOnce(Connection<'_>) -> Result<T>,
    ) -> Result<T> {
        let (done, has_written) = match &self.0 {
            Inner::Sqlite(connection) => in_file(connection, is_kept, work)?,
            Inner::Postgres(session) => session.transaction(is_kept, work)?,
        };
        if has_written {
            thread::sleep(KNOWN_FOR);
        }
        Ok(done)
    }

    /// Runs `work` on one snapshot, and keeps nobody from writing.
    pub fn read<T>(&self, work: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        match &self.0 {
            Inner::Sqlite(connection) => {
                let snapshot = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
                work(Connection::from(&*snapshot))
            }
            Inner::Postgres(session) => session.read(work),
        }
    }
}

fn in_file<T>(
    connection: &rusqlite::Connection,
    is_kept: impl FnOnce(&T) -> bool,
    work: impl FnOnce(Connection<'_>) -> Result<T>,
) -> Result<(T, bool)> {
    let changes = connection.total_changes();
    // `unchecked` is about nested transactions; this is the only place that opens one here.
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let done = work(Connection::from(&*transaction))?;
    if !is_kept(&done) {
        transaction.rollback()?;
        return Ok((done, false));
    }
    transaction.commit()?;
    Ok((done, connection.total_changes() > changes))
}
