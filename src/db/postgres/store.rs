//! What the writer of a node writes to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::line::Line;
use super::outage::Trouble;
use super::server::Server;
use super::session::BEGIN;
use super::version;
use crate::db::connection::Connection;
use crate::db::engine;
use crate::db::error::{Error, Result};
use crate::db::generation;
use crate::db::measures::Meters;
use crate::db::search;

/// Longest time for all writes of one transaction together. Who comes meanwhile waits for this and for the lock that may be left.
const TRANSACTION_MAX: Duration = Duration::from_secs(5);

/// How often it is tried whether the database can be written, after it could not. Who asks `/readyz` hears of it soon.
const PROBE_EVERY: Duration = Duration::from_secs(1);
/// What is tried: it needs new room on the disk, as a small row may not, and nothing of it is left. What is there already, and
/// even the log, may have room on a full disk.
const PROBE: [&str; 2] = [
    "CREATE UNLOGGED TABLE write_probe AS SELECT repeat('x', 1000) AS filler FROM generate_series(1, 1000)",
    "DROP TABLE write_probe",
];
/// It waits for a standby as others do, but not for long: others wait for it. It makes way for who writes: they find out, too.
const BEGIN_PROBE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '500ms';
     SET LOCAL statement_timeout = '1s'";

/// The database as a node's one writer has it.
#[derive(Debug)]
pub(in crate::db) struct Store {
    line: Line,
    server: Arc<Server>,
    generation: Arc<generation::State>,
    meters: Arc<Meters>,
    /// Why the last that was to be written was not, and when that was.
    failure: Option<(Error, Instant)>,
    /// When it was opened, by the calendar and by the clock that nobody sets.
    opened: (Timestamp, Instant),
}

impl Store {
    /// Connects when something is to be written.
    pub(in crate::db) fn new(
        server: Arc<Server>,
        now: Timestamp,
        generation: Arc<generation::State>,
        meters: Arc<Meters>,
    ) -> Self {
        let line = Line::new(Arc::clone(&server), TRANSACTION_MAX);
        let opened = (now, Instant::now());
        Self { line, server, generation, meters, failure: None, opened }
    }

    fn transaction(&mut self, begin: &str, work: &mut dyn FnMut(Connection<'_>) -> Result<()>) -> Result<bool> {
        let session = self.line.begin(begin)?;
        let conn = Connection::from(session);
        let before = session.changes();
        let done = version::lock(conn).and_then(|locked| {
            work(conn)?;
            Ok(if session.changes() > before { Some((locked, version::get(conn)?)) } else { None })
        });
        match done {
            Ok(Some((locked, version))) => {
                let committed = session.commit();
                match committed {
                    Ok(()) if version != locked => self.generation.moved_to(version), // before anybody is told
                    Err(Error::Unknown(_)) if version != locked => self.generation.may_have_moved_to(version),
                    _ => (),
                }
                committed.map(|()| true)
            }
            Ok(None) => session.batch("ROLLBACK").map(|()| false),
            Err(error) => {
                let _ = session.batch("ROLLBACK"); // if the connection is lost, so is the transaction
                Err(error)
            }
        }
    }

    /// Remembers whether it can be written. Says that it cannot when it could not twice: once, it may have been a connection
    /// that was ended. Of a server that cannot be reached, who tries to reach it has more to say.
    fn heed(&mut self, committed: &Result<bool>) {
        let outage = self.server.outage();
        match committed {
            Err(error @ (Error::Away(_) | Error::Unknown(_))) => {
                let last = self.failure.replace((error.clone(), Instant::now()));
                if last.is_some() && !self.line.is_lost() {
                    outage.found(&self.server, Trouble::ReadOnly, &error.to_string());
                }
            }
            // One that has changed nothing proves nothing: a full disk lets it be.
            Ok(true) => {
                self.failure = None;
                outage.ended(&self.server, Trouble::ReadOnly);
            }
            _ => (),
        }
    }

    /// Does `work` in a transaction that these statements begin, and remembers what came of it.
    fn commit_by(&mut self, start: &str, work: &mut dyn FnMut(Connection<'_>) -> Result<()>) -> Result<()> {
        let begun = Instant::now();
        let committed = self.transaction(start, work);
        match &committed {
            Ok(true) => {
                let (time, instant) = self.opened;
                let elapsed = jiff::SignedDuration::try_from(instant.elapsed()).unwrap_or_default();
                self.meters.committed(begun.elapsed(), time.checked_add(elapsed).unwrap_or(time));
            }
            Ok(false) => (),
            Err(_) => self.meters.failed_transactions.count(),
        }
        self.heed(&committed);
        if let Err(Error::Away(_) | Error::Unknown(_)) = committed {
            self.line.close();
        }
        match (committed, &self.failure) {
            // It would not have been stored, had there been anything to store.
            (Ok(false), Some((error, _))) => Err(Error::Away(error.to_string().into())),
            (committed, _) => committed.map(|_| ()),
        }
    }
}

/// Writes something, of which nothing is left.
fn probe(conn: Connection<'_>) -> Result<()> {
    let [write, end] = PROBE;
    conn.execute(write, &[])?;
    conn.batch(end)
}

impl engine::Store for Store {
    fn commit(&mut self, work: &mut dyn FnMut(Connection<'_>) -> Result<()>) -> Result<()> {
        self.commit_by(BEGIN, work)
    }

    fn index(&mut self) -> Result<bool> {
        if self.failure.is_some() {
            return Ok(false); // who waits for the writer has waited enough; it can wait until something is written
        }
        // Without a lock first: nodes that are idle do not wait for each other.
        let session = self.line.begin("BEGIN READ ONLY")?;
        let is_behind = search::is_behind(Connection::from(session));
        session.batch("ROLLBACK")?;
        self.meters.index_is_behind(matches!(is_behind, Ok(true)));
        if !is_behind? {
            return Ok(false);
        }
        self.commit(&mut search::index_next)?;
        Ok(true)
    }

    fn look_after(&mut self) -> Option<String> {
        if let Some((_, last)) = &mut self.failure
            && last.elapsed() >= PROBE_EVERY
        {
            *last = Instant::now();
            if let Err(Error::Engine(_)) = self.commit_by(BEGIN_PROBE, &mut probe) {
                self.failure = None; // it may not be tried: then only who writes finds out
            }
        }
        None // a server looks after itself
    }
}
