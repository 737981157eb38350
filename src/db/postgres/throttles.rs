//! Failures that all nodes count together, in a table that is never written to disk: a generic cell rate algorithm as
//! `throttle.rs` has it, in one statement.

use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use tracing::debug;

use super::line::Line;
use super::server::Server;
use crate::db::connection::{Connection, Value};
use crate::db::error::Result;
use crate::pool::Pool;
use crate::throttle::Limit;

/// Most that wait to be counted at a time: as many as there may be connections.
const QUEUE_MAX: usize = 16_384;
/// Longest time for one to be counted: as long as for a write, which comes after it as a rule.
const COUNT_MAX: Duration = Duration::from_secs(5);
/// Nothing of it is waited for on the disk.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = off";
/// How often each node deletes what is paid off, in milliseconds, and how much of it at most.
const CLEAN_EVERY: i64 = 10_000;
const CLEANED_MAX: i64 = 10_000;

/// The table, through a connection of its own.
pub struct Throttles(Pool<Counter>);

struct Counter {
    line: Line,
    /// When it was last cleaned, in milliseconds since 1970.
    cleaned: i64,
}

impl Throttles {
    /// Connects when something is to be counted.
    pub(in crate::db) fn start(server: Arc<Server>) -> io::Result<Self> {
        let counter = Counter { line: Line::new(server, COUNT_MAX), cleaned: 0 };
        Pool::start("throttles", vec![counter], QUEUE_MAX).map(Self)
    }

    /// Counts a failure at this moment, in milliseconds since 1970, or says for how many it is too early.
    pub async fn enter(&self, key: Vec<u8>, limit: Limit, now: i64) -> Result<std::result::Result<(), i64>> {
        self.0.run(move |counter| counter.enter(&key, limit, now)).await?
    }

    /// Takes a failure back.
    pub async fn forgive(&self, key: Vec<u8>, limit: Limit) -> Result<()> {
        let sql = "UPDATE throttle SET spent = spent - $2 WHERE key = $1";
        let forgive =
            move |conn: Connection<'_>| conn.execute(sql, &[Value::Blob(&key), Value::Integer(limit.cost)]).map(|_| ());
        self.0.run(move |counter| counter.transaction(forgive)).await?
    }
}

impl Counter {
    fn enter(&mut self, key: &[u8], limit: Limit, now: i64) -> Result<std::result::Result<(), i64>> {
        if now.abs_diff(self.cleaned) > CLEAN_EVERY.unsigned_abs() {
            self.cleaned = now;
            if let Err(error) = self.transaction(|conn| clean(conn, now)) {
                debug!(%error, "what is paid off was not deleted"); // it will be
            }
        }
        self.transaction(|conn| enter(conn, key, limit, now))
    }

    fn transaction<T>(&mut self, work: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        let session = self.line.begin(BEGIN)?;
        let done = work(Connection::from(session));
        let ended = session.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" });
        if done.is_err() || ended.is_err() {
            self.line.close(); // a standby now, or in an unknown state: rare, and a new connection is in neither
        }
        let done = done?;
        ended.map(|()| done)
    }
}

fn clean(conn: Connection<'_>, now: i64) -> Result<()> {
    let sql = "DELETE FROM throttle WHERE key IN (SELECT key FROM throttle WHERE spent < $1 ORDER BY spent LIMIT $2)";
    conn.execute(sql, &[Value::Integer(now), Value::Integer(CLEANED_MAX)]).map(|_| ())
}

/// A moment further ahead than the span is nothing that a node's clock says: one of them was set back.
fn enter(conn: Connection<'_>, key: &[u8], limit: Limit, now: i64) -> Result<std::result::Result<(), i64>> {
    let latest = now + limit.span;
    let values = [Value::Blob(key), Value::Integer(now), Value::Integer(limit.cost), Value::Integer(latest)];
    let sql = "INSERT INTO throttle (key, spent) VALUES ($1, $2::bigint + $3::bigint)
               ON CONFLICT (key) DO UPDATE
                  SET spent = CASE WHEN throttle.spent > $4::bigint THEN $2 ELSE greatest(throttle.spent, $2) END + $3
                WHERE throttle.spent > $4 OR throttle.spent + $3 <= $4
            RETURNING spent";
    if conn.query_row(sql, &values, |row| row.integer("spent"))?.is_some() {
        return Ok(Ok(()));
    }
    let spent =
        conn.query_row("SELECT spent FROM throttle WHERE key = $1", &values[..1], |row| row.integer("spent"))?;
    Ok(Err(spent.unwrap_or(now) + limit.cost - latest))
}

impl fmt::Debug for Throttles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttles").finish_non_exhaustive()
    }
}
