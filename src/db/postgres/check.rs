//! What is to be said about a database on a server, which is not changed.

use jiff::Timestamp;

use super::migrate::{Standing, standing};
use super::session::Session;
use crate::db::connection::{Connection, Row, Value};
use crate::db::error::Result;
use crate::db::statistics;

/// What a server says of itself and of one of its databases.
#[derive(Clone, Debug)]
pub struct ServerState {
    /// Its version, as it writes it.
    pub version: String,
    /// The same as a number: 150000 is 15.0.
    pub version_number: i64,
    /// The version of TLS that it is asked by; empty, if by none.
    pub tls: String,
    /// What texts are stored in.
    pub encoding: String,
    /// Whether it is one that follows another.
    pub is_standby: bool,
    /// Whether it takes no writes.
    pub is_read_only: bool,
    /// Its clock.
    pub time: Timestamp,
    /// Connections that are left, for this user and this database.
    pub connections_left: i64,
    /// Settings without which what was acknowledged may be lost, and which are off.
    pub off: Vec<String>,
    /// How many migrations were done. `None`, if the tables are of another program.
    pub schema: Option<usize>,
}

/// What is in a database of this schema.
#[derive(Clone, Debug)]
pub struct ServerContents {
    /// Rows that refer to nothing, by their table.
    pub dangling: Vec<crate::db::Dangling>,
    /// Posts without an author, which no page shows.
    pub orphans: i64,
    /// The latest time at which anybody was seen.
    pub newest_session: Option<Timestamp>,
    /// The time of the newest post of the site.
    pub newest_post: Option<Timestamp>,
}

/// Asks the server.
pub(in crate::db) fn state(session: &Session) -> Result<Option<ServerState>> {
    let conn = Connection::from(session);
    // What is left by the limit of the server, of the user, and of the database; least() leaves out what is NULL.
    let ask = "WITH used AS (SELECT usename, datname FROM pg_stat_activity WHERE backend_type = 'client backend')
        SELECT current_setting('server_version')::text AS version,
               current_setting('server_version_num')::bigint AS number,
               (SELECT s.version FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid())::text AS tls,
               pg_encoding_to_char(d.encoding)::text AS encoding,
               pg_is_in_recovery() AS standby,
               current_setting('transaction_read_only') = 'on' AS read_only,
               extract(epoch FROM clock_timestamp())::bigint AS seconds,
               least(current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint
                       - (SELECT count(*) FROM used),
                     CASE WHEN r.rolconnlimit >= 0 THEN r.rolconnlimit - (SELECT count(*) FROM used u WHERE u.usename = r.rolname) END,
                     CASE WHEN d.datconnlimit >= 0 THEN d.datconnlimit - (SELECT count(*) FROM used u WHERE u.datname = d.datname) END
                    )::bigint AS connections_left,
               (SELECT string_agg(name, ' ' ORDER BY name) FROM pg_settings
                 WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off')::text AS off
          FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user";
    let state = conn.query_row(ask, &[], |row| {
        Ok(ServerState {
            version: row.text("version")?,
            version_number: row.integer("number")?,
            tls: row.text("tls")?,
            encoding: row.text("encoding")?,
            is_standby: row.integer("standby")? != 0,
            is_read_only: row.integer("read_only")? != 0,
            time: row.time("seconds")?,
            connections_left: row.integer("connections_left")?,
            off: row.text("off")?.split_whitespace().map(str::to_owned).collect(),
            schema: None,
        })
    })?;
    let schema = match standing(session)? {
        Standing::Ours(version) | Standing::Newer(version) => Some(version),
        Standing::Empty => Some(0),
        Standing::Foreign => None,
    };
    Ok(state.map(|state| ServerState { schema, ..state }))
}

/// Looks at the rows.
pub(in crate::db) fn contents(conn: Connection<'_>) -> Result<ServerContents> {
    let found = dangling(conn, true)?;
    let of_posts = |rows: &Dangling| rows.table == "post";
    let shown = |Dangling { table, parent, rows, .. }: &Dangling| {
        let plain = |name: &str| name.trim_matches('"').to_owned();
        crate::db::Dangling { table: plain(table), parent: plain(parent), rows: *rows }
    };
    let (newest_session, newest_post) = statistics::newest(conn)?;
    Ok(ServerContents {
        dangling: found.iter().filter(|rows| !of_posts(rows)).map(shown).collect(),
        orphans: found.iter().filter(|rows| of_posts(rows)).map(|rows| rows.rows).sum(),
        newest_session,
        newest_post,
    })
}

/// Rows of one table that refer to rows of another which are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) struct Dangling {
    pub(in crate::db) table: String,
    pub(in crate::db) parent: String,
    /// Which reference it is.
    pub(in crate::db) constraint: String,
    /// What is so of those rows, of the table `c`.
    condition: String,
    pub(in crate::db) rows: i64,
}

/// Rows that refer to nothing, which a server lets be only where a reference was made after them. Posts without an author
/// are among them if that is wanted: they are somebody's words.
pub(in crate::db) fn dangling(conn: Connection<'_>, with_posts: bool) -> Result<Vec<Dangling>> {
    let references = "SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
               quote_ident(c.conname) AS name,
               string_agg(format('c.%1$I IS NOT NULL', a.attname), ' AND ') AS present,
               string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND ') AS same
          FROM pg_constraint c, unnest(c.conkey, c.confkey) AS k (child, parent),
               pg_attribute a, pg_attribute b
         WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
           AND a.attrelid = c.conrelid AND a.attnum = k.child AND b.attrelid = c.confrelid AND b.attnum = k.parent
           AND ($1 = 1 OR c.conrelid <> 'post'::regclass)
         GROUP BY c.oid ORDER BY 1, 2";
    let read = |row: &Row<'_>| {
        let (parent, present, same) = (row.text("parent")?, row.text("present")?, row.text("same")?);
        let condition = format!("{present} AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE {same})");
        Ok(Dangling { table: row.text("child")?, parent, constraint: row.text("name")?, condition, rows: 0 })
    };
    let mut found = conn.query(references, &[Value::Integer(with_posts.into())], read)?;
    for reference in &mut found {
        let count = format!("SELECT count(*) AS rows FROM {} c WHERE {}", reference.table, reference.condition);
        reference.rows = conn.query_row(&count, &[], |row| row.integer("rows"))?.unwrap_or_default();
    }
    found.retain(|reference| reference.rows > 0);
    Ok(found)
}

/// Deletes rows that refer to nothing, and what refers to those.
pub(in crate::db) fn delete_dangling(conn: Connection<'_>) -> Result<usize> {
    let mut deleted = 0;
    loop {
        let found = dangling(conn, false)?;
        if found.is_empty() {
            return Ok(deleted);
        }
        for Dangling { table, condition, .. } in found {
            deleted += conn.execute(&format!("DELETE FROM {table} c WHERE {condition}"), &[])?;
        }
    }
}
