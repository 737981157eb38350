//! The numbers that a database has given: none is given twice, whatever database it is in by then.

use super::error::Error;
use super::load::write;
use super::tables::{Ids, TABLES, Table};
use crate::db::connection::{Connection, Engine};
use crate::db::error::Result;

/// The highest number that each table has given, be the row that had it deleted.
pub(super) fn highest(conn: Connection<'_>) -> Result<Vec<(&'static str, i64)>> {
    let numbered = TABLES.iter().filter(|table| table.ids != Ids::Others);
    numbered.map(|table| Ok((table.name, of(conn, table)?))).collect()
}

fn of(conn: Connection<'_>, table: &Table) -> Result<i64> {
    let (name, quoted) = (table.name, table.quoted());
    let select = match conn.engine() {
        Engine::Sqlite => format!(
            "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{name}'), 0),
                        coalesce((SELECT max(id) FROM {quoted}), 0)) AS highest"
        ),
        Engine::Postgres => format!(
            "SELECT coalesce(greatest(pg_sequence_last_value(pg_get_serial_sequence('{quoted}', 'id')::regclass),
                                      (SELECT max(id) FROM {quoted})), 0) AS highest"
        ),
    };
    Ok(conn.query_row(&select, &[], |row| row.integer("highest"))?.unwrap_or_default())
}

/// Has a file go on behind them.
pub(super) fn go_on(file: &rusqlite::Connection, highest: &[(&str, i64)]) -> std::result::Result<(), Error> {
    for table in TABLES.iter().filter(|table| table.ids == Ids::GivenOnce) {
        let number = highest.iter().find(|(name, _)| *name == table.name).map_or(0, |(_, number)| *number);
        file.execute("DELETE FROM sqlite_sequence WHERE name = $1", [table.name]).map_err(write)?;
        if number > 0 {
            let add = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)";
            file.execute(add, (table.name, number)).map_err(write)?;
        }
    }
    Ok(())
}
