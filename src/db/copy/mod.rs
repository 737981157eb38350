//! A whole site from one database into another: from a file to a server, and back.
//!
//! It is read on one snapshot, while others go on writing, and written in one transaction: there is a whole copy
//! afterwards, or none. Before that is committed, both are read again and compared.

mod cell;
mod digest;
mod error;
mod ids;
mod load;
mod tables;

use std::path::Path;

use jiff::Timestamp;

use super::connection::{Connection, Engine};
use super::location::{self, Location};
use super::postgres::{Filling, PATIENT, Session};
use super::single::Single;
use super::sqlite::{self, Progress, Stage};
use cell::cells;
use digest::Digest;
pub use error::Error as CopyError;
use load::Load;
pub(in crate::db) use load::write;
pub(super) use tables::{Ids, TABLES, Table};

/// Most rows that are named of those that are another in the copy.
const ALTERED_NAMED_MAX: usize = 20;
/// Rows between two words of how far it is.
const ROWS_OF_A_WORD: u64 = 500;

/// What was copied.
#[derive(Clone, Debug)]
pub struct Copied {
    /// Each table, in the order it was copied.
    pub tables: Vec<CopiedTable>,
    /// Values that are not as they were: up to some of them.
    pub altered: Vec<Altered>,
    /// How many of those there are in all.
    pub altered_count: u64,
}

/// A table that is the same in both databases.
#[derive(Clone, Debug)]
pub struct CopiedTable {
    /// Its name.
    pub name: &'static str,
    /// How many rows there are.
    pub rows: u64,
    /// A number made of all of them, in hexadecimal digits.
    pub sha256: String,
}

/// A value that a server cannot hold as it was: a text with a NUL, or with bytes that are no UTF-8, or what was none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// Its table.
    pub table: &'static str,
    /// The number of its row.
    pub row: i64,
    /// Its column.
    pub column: &'static str,
}

/// Who is told how far it is, and who may have it stopped.
#[derive(Clone, Copy)]
struct Watch<'a> {
    progress: &'a Progress,
    is_interrupted: &'a dyn Fn() -> bool,
}

impl Watch<'_> {
    fn look(self, rows: u64, stage: impl FnOnce(u64) -> Stage) -> Result<(), CopyError> {
        if rows.is_multiple_of(ROWS_OF_A_WORD) {
            self.progress.tell(stage(rows));
        }
        if (self.is_interrupted)() { Err(CopyError::Interrupted) } else { Ok(()) }
    }
}

/// Copies a site to where there is none. The source may be in use, and is brought up to date first, as by whoever opens it.
pub fn copy(
    source: &Location,
    target: &Location,
    now: Timestamp,
    progress: &Progress,
    is_interrupted: &dyn Fn() -> bool,
) -> Result<Copied, CopyError> {
    if let (Location::File(_), Location::File(_)) = (source, target) {
        return Err(CopyError::Files);
    }
    let watch = Watch { progress, is_interrupted };
    let source = Single::open(source, now)?;
    source.read(|conn| Ok(from(conn, target, watch)))?
}

fn from(source: Connection<'_>, target: &Location, watch: Watch<'_>) -> Result<Copied, CopyError> {
    if source.engine() == Engine::Postgres {
        source.batch(PATIENT)?;
    }
    let highest = ids::highest(source)?;
    match target {
        Location::File(path) => to_file(source, path, &highest, watch),
        Location::Server(settings) => to_server(source, settings, &highest, watch),
    }
}

fn to_file(
    source: Connection<'_>,
    path: &Path,
    highest: &[(&str, i64)],
    watch: Watch<'_>,
) -> Result<Copied, CopyError> {
    sqlite::make(path, |file| {
        let filled = fill(source, |table| Load::into_file(file, table), watch)?;
        ids::go_on(file, highest)?;
        times_as_of_posts(file).map_err(write)?;
        compare(source, Connection::from(&**file), filled, watch)
    })
}

/// A file's posts have their times as SQLite's own type for such a column has them, a number if it looks like one. What
/// refers to them has a column of any type.
fn times_as_of_posts(file: &rusqlite::Connection) -> rusqlite::Result<()> {
    for table in ["post_tag", "post_update", "markdown_post", "discussion"] {
        file.execute(
            &format!(
                "UPDATE {table} SET created = p.created FROM post p
                  WHERE p.id = {table}.post_id AND typeof(p.created) <> 'text' AND CAST(p.created AS TEXT) = {table}.created"
            ),
            [],
        )?;
    }
    Ok(())
}

fn to_server(
    source: Connection<'_>,
    settings: &crate::config::Database,
    highest: &[(&str, i64)],
    watch: Watch<'_>,
) -> Result<Copied, CopyError> {
    let session = location::empty(settings)?;
    session
        .batch("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        .and_then(|()| session.batch(PATIENT))
        .map_err(write)?;
    lock(&session).map_err(write)?;
    if has_rows(&session).map_err(write)? {
        return Err(CopyError::NotEmpty(Location::Server(Box::new(settings.clone())).to_string()));
    }
    let filling = Filling::begin(&session).map_err(write)?;
    let filled = fill(source, |table| Load::onto_server(&session, table), watch)?;
    let of = |table: &Table| highest.iter().find(|(name, _)| *name == table.name).map_or(0, |(_, number)| *number);
    filling.finish(of).map_err(write)?;
    let copied = compare(source, Connection::from(&session), filled, watch)?;
    session.commit().map_err(write)?;
    Ok(copied)
}

/// Keeps daemons that serve the target from writing, if it has tables.
fn lock(session: &Session) -> super::Result<()> {
    session.batch(
        "DO $$ BEGIN
           IF to_regclass('generation') IS NOT NULL THEN LOCK TABLE generation IN EXCLUSIVE MODE; END IF;
         END $$",
    )
}

/// Whether anything would be lost, of tables that may not be there.
fn has_rows(session: &Session) -> super::Result<bool> {
    let conn = Connection::from(session);
    let there = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()";
    let there = conn.query(there, &[], |row| row.text("name"))?;
    for table in TABLES.iter().filter(|table| there.iter().any(|name| name == table.name)) {
        let one = format!("SELECT 1 AS one FROM {} LIMIT 1", table.quoted());
        if conn.query_row(&one, &[], |_| Ok(()))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was copied, before it is compared.
#[derive(Default)]
struct Filled {
    altered: Vec<Altered>,
    altered_count: u64,
    rows: u64,
}

fn fill<'a>(
    source: Connection<'_>,
    load: impl Fn(&Table) -> Result<Load<'a>, CopyError>,
    watch: Watch<'_>,
) -> Result<Filled, CopyError> {
    let of = TABLES.iter().map(|table| count(source, table)).sum::<super::Result<u64>>()?;
    let mut filled = Filled::default();
    for table in &TABLES {
        let mut load = load(table)?;
        source.each(&select(table), |row| {
            watch.look(filled.rows, |rows| Stage::Copying { rows, of })?;
            let cells = cells(table, row)?;
            load.row(&cells)?;
            filled.rows += 1;
            for (_, (column, _)) in cells.iter().zip(table.columns).filter(|(cell, _)| cell.is_changed()) {
                filled.altered_count += 1;
                if filled.altered.len() < ALTERED_NAMED_MAX {
                    let row = cells.first().and_then(cell::Cell::integer).unwrap_or_default();
                    filled.altered.push(Altered { table: table.name, row, column });
                }
            }
            Ok::<_, CopyError>(())
        })?;
        load.finish()?;
    }
    Ok(filled)
}

fn compare(
    source: Connection<'_>,
    target: Connection<'_>,
    filled: Filled,
    watch: Watch<'_>,
) -> Result<Copied, CopyError> {
    let (mut tables, mut differing, mut read) = (Vec::new(), Vec::new(), 0);
    for table in &TABLES {
        let mut digest = |conn: Connection<'_>| {
            let mut digest = Digest::default();
            conn.each(&select(table), |row| {
                watch.look(read, |rows| Stage::Comparing { rows, of: 2 * filled.rows })?;
                digest.add(&cells(table, row)?);
                read += 1;
                Ok::<_, CopyError>(())
            })?;
            Ok::<_, CopyError>(digest)
        };
        let (before, after) = (digest(source)?, digest(target)?);
        if before != after {
            differing.push(table.name);
        }
        tables.push(CopiedTable { name: table.name, rows: after.rows, sha256: after.hexadecimal() });
    }
    let Filled { altered, altered_count, .. } = filled;
    if differing.is_empty() {
        Ok(Copied { tables, altered, altered_count })
    } else {
        Err(CopyError::Differs(differing))
    }
}

fn select(table: &Table) -> String {
    format!("SELECT {} FROM {} ORDER BY {}", table.list(), table.quoted(), table.key)
}

fn count(conn: Connection<'_>, table: &Table) -> super::Result<u64> {
    let count = format!("SELECT count(*) AS rows FROM {}", table.quoted());
    let rows = conn.query_row(&count, &[], |row| row.integer("rows"))?;
    Ok(rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or_default())
}
