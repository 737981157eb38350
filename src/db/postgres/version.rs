//! The one row that all nodes share: it counts what was written, and keeps writers apart.

use crate::db::SCHEMA_VERSION;
use crate::db::connection::{Connection, Row};
use crate::db::error::{Error, Result};
use crate::db::generation::{Seen, Version};

/// Waits until no other node writes, and keeps them all from it until the end of the transaction.
pub(super) fn lock(conn: Connection<'_>) -> Result<Version> {
    one(conn, "SELECT number, taken, oldest FROM generation FOR UPDATE")
}

/// What this transaction sees.
pub(super) fn get(conn: Connection<'_>) -> Result<Version> {
    one(conn, "SELECT number, taken, oldest FROM generation")
}

/// The same, with who says so: a server that has not ended since has lost nothing.
pub(super) fn seen(conn: Connection<'_>) -> Result<Seen> {
    let sql = "SELECT number, taken, oldest, CAST(extract(epoch FROM pg_postmaster_start_time()) * 1000000 AS BIGINT) AS server
                 FROM generation";
    let seen = conn.query_row(sql, &[], |row| Ok(Seen { version: read(row)?, server: row.integer("server")? }))?;
    seen.ok_or_else(empty)
}

fn empty() -> Error {
    Error::Away("its table `generation` is empty".into())
}

fn one(conn: Connection<'_>, sql: &str) -> Result<Version> {
    conn.query_row(sql, &[], read)?.ok_or_else(empty)
}

fn read(row: &Row<'_>) -> Result<Version> {
    let oldest = row.integer("oldest")?;
    if usize::try_from(oldest).is_ok_and(|oldest| oldest > SCHEMA_VERSION) {
        let why = "a newer Flaskr has changed the database so that this one cannot use it any more: upgrade this node";
        return Err(Error::Away(format!("{why} (schema {oldest}, this one knows up to {SCHEMA_VERSION})").into()));
    }
    Ok(Version { number: row.integer("number")?, taken: row.integer("taken")? })
}
