//! Looks a database over without changing it.

use rusqlite::Connection;

use super::identity::{Identity, identify};
use super::migrate;

/// What there is to say about a database that can be opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is broken.
    pub faults: Vec<String>,
    /// What an administrator may want to know.
    pub notes: Vec<String>,
}

pub(super) fn findings(connection: &Connection) -> rusqlite::Result<Findings> {
    let identity = identify(connection)?;
    let mut notes = Vec::new();
    if migrate::done(&identity) < migrate::LATEST && identity != Identity::Empty {
        notes.push("its schema is older than this program, which brings it up to date at the next start".to_owned());
    }
    notes.extend(orphans(connection)?);
    Ok(Findings { faults: broken_pages(connection)?, notes })
}

fn broken_pages(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA quick_check")?;
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
