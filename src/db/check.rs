//! Looks a database over without changing it.

use rusqlite::Connection;

use super::identity::{Identity, identify};
use super::migrate;

/// Everything that is wrong with a database that can be opened.
pub(super) fn faults(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut faults = Vec::new();
    let identity = identify(connection)?;
    if migrate::done(&identity) < migrate::LATEST && identity != Identity::Empty {
        faults.push("its schema is older than this program: `flaskr-admin init-db` brings it up to date".to_owned());
    }
    faults.extend(broken_pages(connection)?);
    faults.extend(broken_references(connection)?);
    Ok(faults)
}

fn broken_pages(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA quick_check")?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let faults = lines.into_iter().filter(|line| line != "ok");
    Ok(faults.map(|fault| format!("{fault}: restore a backup")).collect())
}

/// Posts whose author is gone are the original's doing; they are on no page.
fn broken_references(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let count = r#"SELECT count(*) FROM post WHERE author_id NOT IN (SELECT id FROM "user")"#;
    let orphans: i64 = connection.query_row(count, [], |row| row.get(0))?;
    Ok((orphans > 0).then(|| format!("{orphans} posts have no author, and are not shown")).into_iter().collect())
}
