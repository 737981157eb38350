//! What a database file is: ours, the tutorial's, empty, or something else that is left alone.

use std::collections::BTreeSet;

use rusqlite::Connection;

/// Marks our files: "Flsk" in ASCII. <https://sqlite.org/pragma.html#pragma_application_id>
pub(super) const APPLICATION_ID: i64 = 0x466c_736b;

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// No table at all.
    Empty,
    /// A database of the tutorial's Flaskr.
    Original,
    /// Ours, with so many migrations done.
    Ours(usize),
    /// A database of another program.
    Foreign(String),
}

/// Looks at a file without changing it.
pub(super) fn identify(connection: &Connection) -> rusqlite::Result<Identity> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    if application == APPLICATION_ID {
        return Ok(Identity::Ours(usize::try_from(version).unwrap_or(usize::MAX)));
    }
    if application != 0 || version != 0 {
        let marks = format!("its application_id is {application} and its user_version {version}");
        return Ok(Identity::Foreign(marks));
    }
    by_tables(connection)
}

fn by_tables(connection: &Connection) -> rusqlite::Result<Identity> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(Identity::Empty);
    }
    for (table, needed) in
        [("user", &["id", "username", "password"][..]), ("post", &["id", "author_id", "created", "title", "body"])]
    {
        let columns = columns(connection, table)?;
        if let Some(missing) = needed.iter().find(|column| !columns.contains(**column)) {
            return Ok(Identity::Foreign(format!("it has no column {table}.{missing}")));
        }
    }
    Ok(Identity::Original)
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    statement.query_map([table], |row| row.get(0))?.collect()
}
