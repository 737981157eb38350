//! What the writer of a node writes to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tracing::{error, info};

use super::line::Line;
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

/// The database as a node's one writer has it.
#[derive(Debug)]
pub(in crate::db) struct Store {
    line: Line,
    server: Arc<Server>,
    generation: Arc<generation::State>,
    meters: Arc<Meters>,
    /// Whether the last that was to be written was not, which is said once.
    is_impaired: bool,
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
        Self { line, server, generation, meters, is_impaired: false, opened }
    }

    fn transaction(&mut self, work: &mut dyn FnMut(Connection<'_>) -> Result<()>) -> Result<bool> {
        let session = self.line.begin(BEGIN)?;
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
                    Err(Error::Unknown(_)) => self.generation.may_have_moved_to(version),
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

    /// Says once that nothing can be written. Of a connection that is lost, who makes it anew has more to say.
    fn heed(&mut self, committed: &Result<bool>) {
        match committed {
            Err(Error::Away(why) | Error::Unknown(why)) if !self.is_impaired && !self.line.is_lost() => {
                self.is_impaired = true;
                error!(
                    "cannot write to the database {}: {why}; nothing is stored until it can be written",
                    self.server
                );
            }
            // One that has changed nothing proves nothing: a full disk lets it be.
            Ok(true) if self.is_impaired => {
                self.is_impaired = false;
                info!("can write to the database {} again", self.server);
            }
            _ => (),
        }
    }
}

impl engine::Store for Store {
    fn commit(&mut self, work: &mut dyn FnMut(Connection<'_>) -> Result<()>) -> Result<()> {
        let begun = Instant::now();
        let committed = self.transaction(work);
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
        committed.map(|_| ())
    }

    fn index(&mut self) -> Result<bool> {
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
        None // a server looks after itself
    }
}
