//! The one type that statements are written against, small enough for a second engine to offer it too.

use jiff::Timestamp;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::error::Result;

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

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Integer(integer) => ValueRef::Integer(*integer),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A connection inside a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Connection<'a> {
    sqlite: &'a rusqlite::Connection,
}

impl<'a> Connection<'a> {
    /// Statements go to this connection.
    pub(super) fn new(sqlite: &'a rusqlite::Connection) -> Self {
        Self { sqlite }
    }

    /// Runs a statement and counts the rows it changed.
    pub fn execute(self, sql: &str, values: &[Value<'_>]) -> Result<usize> {
        let mut statement = self.sqlite.prepare_cached(sql)?;
        Ok(statement.execute(rusqlite::params_from_iter(values))?)
    }

    /// The first row, if there is one.
    pub fn query_row<T>(
        self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.sqlite.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        rows.next()?.map(|row| read(&Row { sqlite: row })).transpose()
    }

    /// Every row.
    pub fn query<T>(self, sql: &str, values: &[Value<'_>], read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut statement = self.sqlite.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        let mut read_rows = Vec::new();
        while let Some(row) = rows.next()? {
            read_rows.push(read(&Row { sqlite: row })?);
        }
        Ok(read_rows)
    }
}

/// A row of an answer.
#[derive(Debug)]
pub struct Row<'a> {
    sqlite: &'a rusqlite::Row<'a>,
}

impl Row<'_> {
    /// A whole number.
    pub fn integer(&self, column: &str) -> Result<i64> {
        Ok(self.sqlite.get(column)?)
    }

    /// A whole number, where there may be none.
    pub fn optional_integer(&self, column: &str) -> Result<Option<i64>> {
        Ok(self.sqlite.get(column)?)
    }

    /// A time, stored in seconds since 1970. One that no calendar has is the beginning of time.
    pub fn time(&self, column: &str) -> Result<Timestamp> {
        Ok(Timestamp::from_second(self.integer(column)?).unwrap_or(Timestamp::MIN))
    }

    /// Bytes.
    pub fn blob(&self, column: &str) -> Result<Vec<u8>> {
        Ok(self.sqlite.get(column)?)
    }

    /// A text, of whatever the column holds: SQLite enforces neither the type of the original's columns nor UTF-8,
    /// and one odd value must not cost the reader the page.
    pub fn text(&self, column: &str) -> Result<String> {
        Ok(match self.sqlite.get_ref(column)? {
            ValueRef::Null => String::new(),
            ValueRef::Integer(integer) => integer.to_string(),
            ValueRef::Real(real) => real.to_string(),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        })
    }
}
