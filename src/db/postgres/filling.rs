//! A database that is made and filled in one transaction.
//!
//! References are made again when the rows are there, and triggers do nothing meanwhile: what they would do is either done
//! by the rows that come, or once at the end.

use super::bulk::ROW_MAX;
use super::check::dangling;
use super::migrate::remake;
use super::session::Session;
use crate::db::connection::Connection;
use crate::db::copy::{Ids, TABLES, Table};
use crate::db::error::Result;

/// Nobody waits for what is made here, and it takes as long as it takes.
pub(in crate::db) const PATIENT: &str =
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

/// What one table says of another, to be said again.
struct Reference {
    table: String,
    name: String,
    definition: String,
}

/// A new database, in a transaction that is not committed yet.
pub(in crate::db) struct Filling<'a> {
    session: &'a Session,
    references: Vec<Reference>,
}

impl<'a> Filling<'a> {
    /// Makes every table anew, ready to take rows, in the place of those that are there.
    pub(in crate::db) fn begin(session: &'a Session) -> Result<Self> {
        remake(session)?;
        let references = references(Connection::from(session))?;
        for Reference { table, name, .. } in &references {
            session.batch(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}"))?;
        }
        each_table(session, |table| format!("ALTER TABLE {} DISABLE TRIGGER USER", table.quoted()))?;
        Ok(Self { session, references })
    }

    /// Puts everything in its place: `highest` is the highest number that each table has given.
    pub(in crate::db) fn finish(&self, highest: impl Fn(&Table) -> i64) -> Result<()> {
        for Reference { table, name, definition } in &self.references {
            let add = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}");
            self.run(&format!("{add} NOT VALID"))?;
        }
        // What refers to nothing came so from the source, and stays: no row is left out.
        self.session.allow(ROW_MAX);
        let broken = dangling(Connection::from(self.session), true)?;
        for Reference { table, name, .. } in &self.references {
            if !broken.iter().any(|rows| rows.constraint == *name) {
                self.run(&format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"))?;
            }
        }
        each_table(self.session, |table| format!("ALTER TABLE {} ENABLE TRIGGER USER", table.quoted()))?;
        for table in TABLES.iter().filter(|table| table.ids != Ids::Others) {
            let (name, highest) = (table.quoted(), highest(table));
            let last = highest.max(1);
            self.run(&format!("SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last}, {})", highest > 0))?;
        }
        // The daemon indexes them.
        self.run("INSERT INTO search_queue (post_id) SELECT id FROM post")?;
        each_table(self.session, |table| format!("ANALYZE {}", table.quoted()))
    }

    /// Each may take as long as all rows of a table do.
    fn run(&self, sql: &str) -> Result<()> {
        self.session.allow(ROW_MAX);
        self.session.batch(sql)
    }
}

fn each_table(session: &Session, statement: impl Fn(&Table) -> String) -> Result<()> {
    session.allow(ROW_MAX);
    session.batch(&TABLES.iter().map(statement).collect::<Vec<_>>().join("; "))
}

fn references(conn: Connection<'_>) -> Result<Vec<Reference>> {
    let find = "SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name,
                       pg_get_constraintdef(oid) AS definition
                  FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";
    conn.query(find, &[], |row| {
        Ok(Reference { table: row.text("table")?, name: row.text("name")?, definition: row.text("definition")? })
    })
}
