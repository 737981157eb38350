//! Many rows at once, of which few are in memory.

use std::fmt;
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio_postgres::Row;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

use super::session::Session;
use crate::db::connection::Value;
use crate::db::error::{Error, Result};

/// Longest time for the next row, or for the server to take one: an index may have to be gone through before.
pub(super) const ROW_MAX: Duration = Duration::from_mins(10);

/// Rows on their way into a table.
pub(in crate::db) struct Load<'a> {
    session: &'a Session,
    writer: Pin<Box<BinaryCopyInWriter>>,
}

impl Session {
    /// The rows that a statement finds, one by one. The next is asked for when `read` is done with one.
    pub(in crate::db) fn each<E: From<Error>>(
        &self,
        sql: &str,
        mut read: impl FnMut(&Row) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.allow(ROW_MAX);
        let statement = self.prepared(sql)?;
        let nothing: [&(dyn ToSql + Sync); 0] = [];
        let mut rows = pin!(self.wait(self.client().query_raw(&statement, nothing))?);
        loop {
            self.allow(ROW_MAX);
            let Some(row) = self.wait(rows.try_next())? else { return Ok(()) };
            read(&row)?;
        }
    }

    /// Begins `COPY … FROM STDIN (FORMAT binary)`, into columns of these types.
    pub(in crate::db) fn load(&self, sql: &str, types: &[Type]) -> Result<Load<'_>> {
        self.allow(ROW_MAX);
        let sink = self.wait(self.client().copy_in(sql))?;
        Ok(Load { session: self, writer: Box::pin(BinaryCopyInWriter::new(sink, types)) })
    }
}

impl Load<'_> {
    /// One row, with a value for each column.
    pub(in crate::db) fn row(&mut self, values: &[Option<Value<'_>>]) -> Result<()> {
        self.session.allow(ROW_MAX);
        self.session.wait(self.writer.as_mut().write_raw(values.iter().map(|value| value as &(dyn ToSql + Sync))))
    }

    /// There are no more. Without this there were none.
    pub(in crate::db) fn finish(mut self) -> Result<()> {
        self.session.allow(ROW_MAX);
        self.session.wait(self.writer.as_mut().finish()).map(|_| ())
    }
}

impl fmt::Debug for Load<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load").finish_non_exhaustive()
    }
}
