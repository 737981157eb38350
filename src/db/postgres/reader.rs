//! A connection that only reads, and not for long.

use std::mem;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tracing::error;

use super::line::Line;
use super::server::Server;
use super::session::SNAPSHOT;
use super::version;
use crate::db::connection::Connection;
use crate::db::error::{Error, Result};
use crate::db::generation::{Seen, State};

/// The state of a reading thread.
#[derive(Debug)]
pub(in crate::db) struct Reader {
    primary: Line,
    replica: Option<Line>,
    generation: Arc<State>,
    /// Whether the server is there and could not be used, which is said once.
    is_impaired: bool,
}

impl Reader {
    /// Connects when it is asked. Reads from the replica, if there is one and it is not behind what is known.
    pub(in crate::db) fn new(
        primary: Arc<Server>,
        replica: Option<Arc<Server>>,
        generation: Arc<State>,
        read_max: Duration,
    ) -> Self {
        let line = |server| Line::new(server, read_max);
        Self { primary: line(primary), replica: replica.map(line), generation, is_impaired: false }
    }

    /// Runs `read` on one snapshot of the database.
    pub(in crate::db) fn run<T>(&mut self, read: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        let Self { primary, replica, generation, .. } = self;
        let line = if let Some(replica) = replica
            && begin_current(replica, generation)
        {
            replica
        } else {
            primary.begin(SNAPSHOT)?;
            primary
        };
        let line = ClosedByPanic(line);
        let session = line.0.session()?;
        let answer = read(Connection::from(session));
        // What was read is right, whatever becomes of this: a connection that is lost by now is made anew.
        let _ = session.batch("ROLLBACK");
        if let Err(Error::Away(_)) = answer {
            line.0.close();
        }
        answer
    }

    /// What tells this state of the database from others. Only the primary knows.
    pub(in crate::db) fn version(&mut self) -> Result<Seen> {
        let session = self.primary.begin(SNAPSHOT);
        let seen = session.and_then(|session| {
            let seen = version::seen(Connection::from(session))?;
            session.batch("ROLLBACK").map(|()| seen)
        });
        seen.inspect(|_| self.is_impaired = false).map_err(|error| {
            if !self.primary.is_lost() && !mem::replace(&mut self.is_impaired, true) {
                error!("the database {} cannot be used: {error}", self.primary.server());
            }
            self.primary.close();
            match error {
                Error::Busy(why) => Error::Away(why.into()), // it does nothing but look at one row
                other => other,
            }
        })
    }
}

/// A line whose transaction would go on, for the next who reads, if a read panicked.
struct ClosedByPanic<'a>(&'a mut Line);

impl Drop for ClosedByPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.close();
        }
    }
}

/// Begins to read from a replica, unless it is away or has not heard of all that this node knows of.
fn begin_current(replica: &mut Line, generation: &State) -> bool {
    let Ok(session) = replica.begin(SNAPSHOT) else { return false };
    match version::get(Connection::from(session)) {
        Ok(version) if version.number >= generation.version() => true,
        Ok(_) => {
            let _ = session.batch("ROLLBACK"); // or it is lost, and made anew
            false
        }
        Err(_) => {
            replica.close();
            false
        }
    }
}
