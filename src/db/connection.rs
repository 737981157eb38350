//! The one type that statements are written against, small enough for two engines to offer it.

use jiff::Timestamp;

use super::error::{Error, Result};
use super::postgres::{self, Session};
use super::sqlite;

/// A value for a `$1` of a statement.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

/// What the statements of one engine alone are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// A file, and this process.
    Sqlite,
    /// A server, and any number of processes.
    Postgres,
}

/// A connection inside a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Connection<'a>(Inner<'a>);

#[derive(Clone, Copy, Debug)]
enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a Session),
}

impl<'a> From<&'a rusqlite::Connection> for Connection<'a> {
    fn from(sqlite: &'a rusqlite::Connection) -> Self {
        Self(Inner::Sqlite(sqlite))
    }
}

impl<'a> From<&'a Session> for Connection<'a> {
    fn from(session: &'a Session) -> Self {
        Self(Inner::Postgres(session))
    }
}

impl Connection<'_> {
    /// Whose statements it takes, where they differ.
    pub(super) fn engine(self) -> Engine {
        match self.0 {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs statements without values.
    pub(super) fn batch(self, sql: &str) -> Result<()> {
        match self.0 {
            Inner::Sqlite(sqlite) => Ok(sqlite.execute_batch(sql)?),
            Inner::Postgres(session) => session.batch(sql),
        }
    }

    /// Runs a statement without values, of which a server hears with the next one. If it fails, so does the whole transaction.
    pub(super) fn ahead(self, sql: &str) -> Result<()> {
        match self.0 {
            Inner::Sqlite(sqlite) => Ok(sqlite.execute_batch(sql)?),
            Inner::Postgres(session) => {
                session.ahead(sql);
                Ok(())
            }
        }
    }

    /// Runs a statement and counts the rows it changed.
    pub fn execute(self, sql: &str, values: &[Value<'_>]) -> Result<usize> {
        match self.0 {
            Inner::Sqlite(sqlite) => sqlite::execute(sqlite, sql, values),
            Inner::Postgres(session) => session.execute(sql, values),
        }
    }

    /// The first row, if there is one.
    pub fn query_row<T>(
        self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.0 {
            Inner::Sqlite(sqlite) => sqlite::query_row(sqlite, sql, values, |row| read(&Row::Sqlite(row))),
            Inner::Postgres(session) => {
                session.query(sql, values)?.first().map(|row| read(&Row::Postgres(row))).transpose()
            }
        }
    }

    /// Every row, one by one: no more of them are in memory. To stop, `read` fails.
    pub(super) fn each<E: From<Error>>(
        self,
        sql: &str,
        mut read: impl FnMut(&Row<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        match self.0 {
            Inner::Sqlite(sqlite) => sqlite::each(sqlite, sql, |row| read(&Row::Sqlite(row))),
            Inner::Postgres(session) => session.each(sql, |row| read(&Row::Postgres(row))),
        }
    }

    /// Every row.
    pub fn query<T>(self, sql: &str, values: &[Value<'_>], read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        match self.0 {
            Inner::Sqlite(sqlite) => sqlite::query(sqlite, sql, values, |row| read(&Row::Sqlite(row))),
            Inner::Postgres(session) => {
                session.query(sql, values)?.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }
}

/// A row of an answer.
#[derive(Debug)]
pub enum Row<'a> {
    /// SQLite's.
    Sqlite(&'a rusqlite::Row<'a>),
    /// `PostgreSQL`'s.
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// A whole number; of yes and no, 1 and 0.
    pub fn integer(&self, column: &str) -> Result<i64> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => postgres::integer(row, column),
        }
    }

    /// A whole number, where there may be none.
    pub fn optional_integer(&self, column: &str) -> Result<Option<i64>> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    /// A time, stored in seconds since 1970. One that no calendar has is the beginning of time.
    pub fn time(&self, column: &str) -> Result<Timestamp> {
        Ok(Timestamp::from_second(self.integer(column)?).unwrap_or(Timestamp::MIN))
    }

    /// Bytes.
    pub fn blob(&self, column: &str) -> Result<Vec<u8>> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    /// A text, of whatever the column holds: see [`sqlite::text`].
    pub fn text(&self, column: &str) -> Result<String> {
        match self {
            Self::Sqlite(row) => sqlite::text(row, column),
            Self::Postgres(row) => Ok(row.try_get::<_, Option<String>>(column)?.unwrap_or_default()),
        }
    }
}
