//! Rows on their way into a table.

use rusqlite::{CachedStatement, params_from_iter};
use tokio_postgres::types::Type;

use super::cell::Cell;
use super::error::Error;
use super::tables::{Kind, Table};
use crate::db::connection::Value;
use crate::db::error::Error as Failure;
use crate::db::postgres::{Load as Stream, Session};

/// A table that takes rows.
pub(super) enum Load<'a> {
    /// Of a file: by a statement for each.
    File(CachedStatement<'a>),
    /// Of a server: in one stream.
    Server(Stream<'a>),
}

impl<'a> Load<'a> {
    pub(super) fn into_file(file: &'a rusqlite::Connection, table: &Table) -> Result<Self, Error> {
        let values: Vec<_> = (1..=table.columns.len()).map(|number| format!("${number}")).collect();
        let insert = format!("INSERT INTO {} ({}) VALUES ({})", table.quoted(), table.list(), values.join(", "));
        Ok(Self::File(file.prepare_cached(&insert).map_err(write)?))
    }

    pub(super) fn onto_server(session: &'a Session, table: &Table) -> Result<Self, Error> {
        let copy = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", table.quoted(), table.list());
        let kinds: Vec<_> = table.columns.iter().map(|(_, kind)| on_server(*kind)).collect();
        Ok(Self::Server(session.load(&copy, &kinds).map_err(write)?))
    }

    /// One row.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        let values: Vec<Option<Value<'_>>> = cells.iter().map(Cell::value).collect();
        match self {
            Self::File(insert) => insert.execute(params_from_iter(values)).map(|_| ()).map_err(write),
            Self::Server(stream) => stream.row(&values).map_err(write),
        }
    }

    /// There are no more.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self {
            Self::File(_) => Ok(()),
            Self::Server(stream) => stream.finish().map_err(write),
        }
    }
}

/// An error of the target.
pub(in crate::db) fn write(error: impl Into<Failure>) -> Error {
    Error::Write(error.into())
}

fn on_server(kind: Kind) -> Type {
    match kind {
        Kind::Integer => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Blob => Type::BYTEA,
    }
}
