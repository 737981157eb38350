//! Looks a database over without changing it.

use jiff::Timestamp;
use rusqlite::Connection;

use super::identity::{Identity, identify};
use super::migrate;
use crate::post;

/// What there is to say about a database that can be opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is broken.
    pub faults: Vec<String>,
    /// Rows that refer to nothing, by their table.
    pub dangling: Vec<Dangling>,
    /// What an administrator may want to know.
    pub notes: Vec<String>,
    /// The latest time at which anybody was seen.
    pub newest_session: Option<Timestamp>,
    /// The time of the first post of the site.
    pub newest_post: Option<Timestamp>,
}

/// Rows of one table that refer to rows of another which are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dangling {
    /// Their table.
    pub table: String,
    /// The table that they refer to.
    pub parent: String,
    /// How many they are.
    pub rows: i64,
}

/// Looks at everything; at each index too, if it is to be `full`.
pub(super) fn findings(connection: &Connection, full: bool) -> rusqlite::Result<Findings> {
    let identity = identify(connection)?;
    let is_current = migrate::done(&identity) == migrate::LATEST;
    let mut notes = Vec::new();
    if !is_current && identity != Identity::Empty {
        notes.push("its schema is older than this program, which brings it up to date at the next start".to_owned());
    }
    notes.extend(orphans(connection)?);
    Ok(Findings {
        faults: broken_pages(connection, full)?,
        dangling: dangling(connection)?,
        notes,
        newest_session: if is_current { newest_session(connection)? } else { None },
        newest_post: newest_post(connection)?,
    })
}

pub(super) fn broken_pages(connection: &Connection, full: bool) -> rusqlite::Result<Vec<String>> {
    let look = if full { "PRAGMA integrity_check" } else { "PRAGMA quick_check" };
    let mut statement = connection.prepare(look)?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let faults = lines.into_iter().filter(|line| line != "ok");
    Ok(faults.map(|fault| format!("{fault}: restore a backup")).collect())
}

/// Whether every page and every index can be read and is as it should be.
pub(super) fn is_whole(connection: &Connection) -> bool {
    let first_line = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    first_line.is_ok_and(|line| line == "ok")
}

/// Posts whose author is gone: the original let that happen.
fn orphans(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let count = r#"SELECT count(*) FROM post WHERE author_id NOT IN (SELECT id FROM "user")"#;
    let orphans: i64 = connection.query_row(count, [], |row| row.get(0))?;
    Ok((orphans > 0).then(|| format!("posts without an author, which no page shows: {orphans}")))
}

/// Rows that refer to nothing. Posts without an author are not among them: they are somebody's words.
fn dangling(connection: &Connection) -> rusqlite::Result<Vec<Dangling>> {
    let mut statement = connection.prepare(
        r#"SELECT "table", parent, count(*) FROM pragma_foreign_key_check WHERE "table" <> 'post'
            GROUP BY "table", parent ORDER BY "table", parent"#,
    )?;
    let rows =
        statement.query_map([], |row| Ok(Dangling { table: row.get(0)?, parent: row.get(1)?, rows: row.get(2)? }))?;
    rows.collect()
}

/// Deletes rows that refer to nothing, and what refers to those.
pub(super) fn delete_dangling(connection: &Connection) -> rusqlite::Result<usize> {
    let before = connection.total_changes();
    loop {
        let found = dangling(connection)?;
        if found.is_empty() {
            return Ok(usize::try_from(connection.total_changes() - before).unwrap_or(usize::MAX));
        }
        for Dangling { table, parent, .. } in found {
            connection.execute_batch(&deletion(connection, &table, &parent)?)?;
        }
    }
}

/// Statements that delete the rows of a table whose row in another is gone, one for each reference to that.
fn deletion(connection: &Connection, table: &str, parent: &str) -> rusqlite::Result<String> {
    let mut statement = connection.prepare(
        r#"SELECT group_concat(format('p."%w" = "%w"."%w"', "to", ?1, "from"), ' AND ')
             FROM pragma_foreign_key_list(?1) WHERE "table" = ?2 GROUP BY id"#,
    )?;
    let conditions = statement.query_map([table, parent], |row| row.get::<_, String>(0))?;
    conditions
        .map(|condition| {
            Ok(format!(r#"DELETE FROM "{table}" WHERE NOT EXISTS (SELECT 1 FROM "{parent}" p WHERE {});"#, condition?))
        })
        .collect()
}

fn newest_session(connection: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let seen = connection.query_row("SELECT max(seen) FROM session", [], |row| row.get::<_, Option<i64>>(0))?;
    Ok(seen.and_then(|second| Timestamp::from_second(second).ok()))
}

fn newest_post(connection: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let created = connection
        .query_row("SELECT CAST(max(created) AS TEXT) FROM post", [], |row| row.get::<_, Option<String>>(0))?;
    Ok(created.as_deref().and_then(post::time))
}
