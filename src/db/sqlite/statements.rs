//! Statements for SQLite.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, ToSql, params_from_iter};

use crate::db::connection::Value;
use crate::db::error::{Error, Result};

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Integer(integer) => ValueRef::Integer(*integer),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Runs a statement and counts the rows it changed.
pub(in crate::db) fn execute(connection: &Connection, sql: &str, values: &[Value<'_>]) -> Result<usize> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.execute(params_from_iter(values))?)
}

/// The first row, if there is one.
pub(in crate::db) fn query_row<T>(
    connection: &Connection,
    sql: &str,
    values: &[Value<'_>],
    read: impl FnOnce(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    rows.next()?.map(read).transpose()
}

/// Every row.
pub(in crate::db) fn query<T>(
    connection: &Connection,
    sql: &str,
    values: &[Value<'_>],
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut read_rows = Vec::new();
    while let Some(row) = rows.next()? {
        read_rows.push(read(row)?);
    }
    Ok(read_rows)
}

/// Every row, one by one.
pub(in crate::db) fn each<E: From<Error>>(
    connection: &Connection,
    sql: &str,
    mut read: impl FnMut(&Row<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut statement = connection.prepare_cached(sql).map_err(Error::from)?;
    let mut rows = statement.query([]).map_err(Error::from)?;
    while let Some(row) = rows.next().map_err(Error::from)? {
        read(row)?;
    }
    Ok(())
}

/// A text, of whatever the column holds: SQLite enforces neither the type of the original's columns nor UTF-8,
/// and one odd value must not cost the reader the page.
pub(in crate::db) fn text(row: &Row<'_>, column: &str) -> Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => String::new(),
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) => real.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    })
}
