//! Walks a database up the numbered files in `schema/postgres/`, each in a transaction of its own: the same steps as in
//! `schema/`, so that both engines have the same schema under the same number.

use super::session::Session;
use super::version;
use crate::db::connection::Connection;
use crate::db::error::Result;

/// Every migration, in order.
const MIGRATIONS: [&str; crate::db::SCHEMA_VERSION] = [
    include_str!("../schema/postgres/0001_user_and_post.sql"),
    include_str!("../schema/postgres/0002_session.sql"),
    include_str!("../schema/postgres/0003_account.sql"),
    include_str!("../schema/postgres/0004_search.sql"),
    include_str!("../schema/postgres/0005_tag.sql"),
    include_str!("../schema/postgres/0006_draft.sql"),
    include_str!("../schema/postgres/0007_comment.sql"),
    include_str!("../schema/postgres/0008_image.sql"),
    include_str!("../schema/postgres/0009_profile.sql"),
    include_str!("../schema/postgres/0010_api_token.sql"),
    include_str!("../schema/postgres/0011_preference.sql"),
];

/// What every table gets besides.
const NODES: &str = include_str!("../schema/postgres/nodes.sql");

/// Where the number of the last migration stands.
const FIRST: &str = "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT NOT NULL);
    INSERT INTO schema_version (number) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)";

/// What a database turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) enum Standing {
    /// No table at all.
    Empty,
    /// Ours, with so many migrations done.
    Ours(usize),
    /// A newer program's, with so many migrations done, and not to be used by this one.
    Newer(usize),
    /// It has tables of another program.
    Foreign,
}

/// Looks at a database without changing it.
pub(in crate::db) fn standing(session: &Session) -> Result<Standing> {
    let conn = Connection::from(session);
    let tables = "SELECT count(*) AS tables, count(*) FILTER (WHERE tablename = 'schema_version') AS ours
                    FROM pg_tables WHERE schemaname = current_schema()";
    let counts = conn.query_row(tables, &[], |row| Ok((row.integer("tables")?, row.integer("ours")?)))?;
    match counts.unwrap_or_default() {
        (0, _) => Ok(Standing::Empty),
        (_, 0) => Ok(Standing::Foreign),
        _ => match done(conn, "SELECT number FROM schema_version")? {
            newer if newer > MIGRATIONS.len() && version::get(conn).is_err() => Ok(Standing::Newer(newer)),
            known => Ok(Standing::Ours(known)),
        },
    }
}

fn done(conn: Connection<'_>, select: &str) -> Result<usize> {
    let version = conn.query_row(select, &[], |row| row.integer("number"))?;
    Ok(usize::try_from(version.unwrap_or_default()).unwrap_or(usize::MAX))
}

/// Does what is left to do, and says from which migration on that was. Of nodes that come at once one does each, and the others
/// wait for it. Nobody writes meanwhile.
pub(in crate::db) fn bring_up(session: &Session, mut tell: impl FnMut(usize)) -> Result<Option<usize>> {
    // Of two who create it at once one fails all the same; by then it is there.
    session.batch(FIRST).or_else(|_| session.batch(FIRST))?;
    let mut first = None;
    loop {
        session.batch("BEGIN")?;
        let number = done(Connection::from(session), "SELECT number FROM schema_version FOR UPDATE")?;
        let Some(migration) = MIGRATIONS.get(number) else {
            session.batch("ROLLBACK")?; // or a newer program has been here
            return Ok(first);
        };
        tell(number + 1);
        if number > 0 {
            session.batch("SELECT number FROM generation FOR UPDATE")?;
        }
        session.batch(migration)?;
        if number + 1 == MIGRATIONS.len() {
            session.batch(NODES)?;
        }
        session.batch(&format!("UPDATE schema_version SET number = {}; COMMIT", number + 1))?;
        first.get_or_insert(number);
    }
}

/// Drops every table and makes them anew.
pub(in crate::db) fn clear(session: &Session) -> Result<()> {
    session.batch("BEGIN")?;
    remake(session)?;
    session.batch("COMMIT")
}

/// The same in a transaction of the caller's, of tables that may not be there.
pub(super) fn remake(session: &Session) -> Result<()> {
    if standing(session)? != Standing::Empty {
        session.batch("SELECT number FROM generation FOR UPDATE")?;
        session.batch(include_str!("../schema/postgres/clear.sql"))?; // nodes that know it as it was hear of that
    }
    for migration in MIGRATIONS {
        session.batch(migration)?;
    }
    session.batch(NODES)?;
    session.batch(&format!(
        "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT NOT NULL);
         DELETE FROM schema_version;
         INSERT INTO schema_version (number) VALUES ({})",
        crate::db::SCHEMA_VERSION
    ))
}
