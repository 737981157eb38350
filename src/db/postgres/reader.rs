//! A connection that only reads, and not for long.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::line::Line;
use super::outage::Trouble;
use super::server::Server;
use super::session::SNAPSHOT;
use super::version;
use crate::db::connection::Connection;
use crate::db::engine::Read;
use crate::db::error::{Error, Result};
use crate::db::generation::{Seen, State};

/// The state of a reading thread.
#[derive(Debug)]
pub(in crate::db) struct Reader {
    primary: Line,
    replica: Option<Line>,
    /// What is read while the primary is away.
    standby: Option<Line>,
    generation: Arc<State>,
    /// How long a read may take.
    read_max: Duration,
}

impl Reader {
    /// Connects when it is asked. Reads from the replica, if there is one and it is not behind what is known.
    pub(in crate::db) fn new(
        primary: Arc<Server>,
        [replica, standby]: [Option<Arc<Server>>; 2],
        generation: Arc<State>,
        read_max: Duration,
    ) -> Self {
        let line = |server| Line::new(server, read_max);
        Self { primary: line(primary), replica: replica.map(line), standby: standby.map(line), generation, read_max }
    }

    /// Runs `read` on one snapshot of the database; once more, on a new connection to the primary, if that is ended in the
    /// middle.
    pub(in crate::db) fn run(&mut self, read: &mut Read<'_>) -> Result<()> {
        let (begun, read_max) = (Instant::now(), self.read_max);
        // Nobody is away, or the answer tells. By the next time it may be the standby that is.
        self.standby.iter_mut().for_each(Line::close);
        let answer = self.begin().and_then(|line| run(line, read_max, read));
        match read_max.checked_sub(begun.elapsed()) {
            Some(left) if was_cut_off(&answer) => {
                self.primary.begin(SNAPSHOT)?;
                run(&mut self.primary, left, read)
            }
            // A column is not there any more, say, since a newer program has changed the database a moment ago.
            _ if matches!(answer, Err(Error::Engine(_))) => self.version().and(answer),
            _ => answer,
        }
    }

    /// Runs `read` on a server that follows the primary, which is away, if that has all that is known here.
    pub(in crate::db) fn run_on_standby(&mut self, read: &mut Read<'_>) -> Result<()> {
        for line in [&mut self.replica, &mut self.standby].into_iter().flatten() {
            if begin_current(line, &self.generation) {
                return run(line, self.read_max, read);
            }
        }
        Err(Error::Away("no other server has all that is known here".into()))
    }

    fn begin(&mut self) -> Result<&mut Line> {
        let Self { primary, replica, generation, .. } = self;
        if let Some(replica) = replica
            && begin_current(replica, generation)
        {
            return Ok(replica);
        }
        primary.begin(SNAPSHOT)?;
        Ok(primary)
    }

    /// What tells this state of the database from others. Only the primary knows.
    pub(in crate::db) fn version(&mut self) -> Result<Seen> {
        let begun = Instant::now();
        let mut seen = look(&mut self.primary);
        if was_cut_off(&seen) && begun.elapsed() < self.read_max {
            self.primary.close();
            seen = look(&mut self.primary);
        }
        let server = self.primary.server();
        match &seen {
            Ok(seen) => {
                server.outage().serves(seen.server);
                server.outage().ended(server, Trouble::Unusable);
            }
            Err(error) if !self.primary.is_lost() => {
                server.outage().found(server, Trouble::Unusable, &error.to_string());
            }
            Err(_) => (),
        }
        seen.map_err(|error| {
            self.primary.close();
            match error {
                Error::Busy(why) => Error::Away(why.into()), // it does nothing but look at one row
                other => other,
            }
        })
    }
}

/// Reads in a transaction that has begun, and ends it.
fn run(line: &mut Line, time: Duration, read: &mut Read<'_>) -> Result<()> {
    let line = ClosedByPanic(line);
    let session = line.0.session()?;
    session.allow(time);
    let answer = read(Connection::from(session));
    let answer = session.end().and(answer);
    if let Err(Error::Away(_)) = answer {
        line.0.close();
    }
    answer
}

fn look(primary: &mut Line) -> Result<Seen> {
    let session = primary.begin(SNAPSHOT)?;
    let seen = version::seen(Connection::from(session))?;
    session.end().map(|()| seen)
}

/// Whether it was ended by somebody else: by an administrator, who ends the connection or the statement, by a server that
/// ends or has ended, or by a replica that has to delete what is being read (40001, a conflict with recovery).
/// <https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT>
fn was_cut_off<T>(answer: &Result<T>) -> bool {
    matches!(answer, Err(Error::Away(_) | Error::Busy(_)))
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
            let _ = session.end(); // or it is lost, and made anew
            false
        }
        Err(_) => {
            replica.close();
            false
        }
    }
}
