//! What is wrong with a server, as all who use it know it: it is said once, by whoever finds out first.

use std::sync::atomic::{AtomicU64, Ordering::AcqRel, Ordering::Acquire};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::{error, info, warn};

use super::server::{Role, Server};

/// Pause after a failure, in which everybody hears of it at once instead of waiting for another.
const PAUSE: Duration = Duration::from_millis(250);
/// The same of a replica: whoever tries waits for it, and could read elsewhere.
const REPLICA_PAUSE: Duration = Duration::from_secs(10);

/// What is wrong with the server, if anything is.
#[derive(Debug, Default)]
pub(super) struct Outage {
    known: Mutex<Known>,
    /// How often another server has taken the place of one.
    successions: AtomicU64,
}

#[derive(Debug, Default)]
struct Known {
    /// Why it cannot be reached.
    away: Option<Away>,
    /// What was said of it, and since when it is true.
    said: Option<(Trouble, Instant)>,
    /// Which server was seen last.
    server: Option<i64>,
}

#[derive(Debug)]
struct Away {
    why: String,
    /// When the next may try; `None` while one does.
    next: Option<Instant>,
}

/// What may be wrong. While one of these is, nobody speaks of another: most of them follow from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It cannot be reached.
    Away,
    /// It can be, and does not say in which state the database is, or in one that this program does not know.
    Unusable,
    /// It takes no writes.
    ReadOnly,
}

impl Outage {
    /// Lets the caller try to reach the server, who has to say what came of it; or says why not.
    pub(super) fn enter(&self) -> Result<(), String> {
        match &mut self.known().away {
            None => Ok(()),
            Some(away) if away.next.is_some_and(|next| Instant::now() >= next) => {
                away.next = None;
                Ok(())
            }
            Some(away) => Err(away.why.clone()),
        }
    }

    /// The server was reached. Says so, if it was away.
    pub(super) fn over(&self, server: &Server) {
        self.known().away = None;
        self.ended(server, Trouble::Away);
    }

    /// The server was not reached. Says so, if that is news.
    pub(super) fn goes_on(&self, server: &Server, why: &str) {
        let next = Some(Instant::now() + if server.role() == Role::Replica { REPLICA_PAUSE } else { PAUSE });
        self.known().away = Some(Away { why: why.to_owned(), next });
        self.found(server, Trouble::Away, why);
    }

    /// Something is wrong with the server. Says so, if nothing was.
    pub(super) fn found(&self, server: &Server, trouble: Trouble, why: &str) {
        if self.begins(trouble) {
            trouble.say(server, why);
        }
    }

    /// That is over. Says so, if it was what was wrong.
    pub(super) fn ended(&self, server: &Server, trouble: Trouble) {
        if let Some(since) = self.ends(trouble)
            && server.role() != Role::Standby
        {
            info!("the database {server} can be {} again, after {} s", trouble.lacks(), since.elapsed().as_secs());
        }
    }

    fn begins(&self, trouble: Trouble) -> bool {
        let mut known = self.known();
        let is_news = known.said.is_none();
        known.said.get_or_insert((trouble, Instant::now()));
        is_news
    }

    fn ends(&self, trouble: Trouble) -> Option<Instant> {
        self.known().said.take_if(|(said, _)| *said == trouble).map(|(_, since)| since)
    }

    /// How often another server has taken the place of one. What was connected before that leads nowhere, though nobody may
    /// have said so: a machine that is cut off does not.
    pub(super) fn successions(&self) -> u64 {
        self.successions.load(Acquire)
    }

    /// This server answers now.
    pub(super) fn serves(&self, server: i64) {
        if self.known().server.replace(server).is_some_and(|last| last != server) {
            self.successions.fetch_add(1, AcqRel);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trouble {
    fn say(self, server: &Server, why: &str) {
        let kept = "nothing is stored, and pages are shown as far as they are kept";
        match self {
            Self::Away if server.role() == Role::Replica => {
                warn!("the replica {server} cannot be reached: {why}; the database itself is read until it can");
            }
            // It is asked while the primary is away, of which somebody has told.
            Self::Away if server.role() == Role::Standby => (),
            Self::Away | Self::Unusable => {
                error!("the database {server} cannot be {}: {why}; until it can, {kept}", self.lacks());
            }
            Self::ReadOnly => {
                error!("the database {server} cannot be {}: {why}; until it can, nothing is stored", self.lacks());
            }
        }
    }

    /// What cannot be done with it.
    fn lacks(self) -> &'static str {
        match self {
            Self::Away => "reached",
            Self::Unusable => "used",
            Self::ReadOnly => "written",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Database;

    fn server() -> Server {
        let url = "postgres://flaskr@db/flaskr".to_owned().try_into().unwrap();
        Server::of(&Database { url: Some(url), ..Database::default() }).unwrap().unwrap()
    }

    /// Everybody may try until one has failed; then one at a time, and not at once.
    #[test]
    fn one_tries() {
        let (server, outage) = (server(), Outage::default());
        assert!(outage.enter().is_ok() && outage.enter().is_ok());
        outage.goes_on(&server, "it sleeps");
        assert_eq!(outage.enter(), Err("it sleeps".to_owned()));
        outage.known().away.as_mut().unwrap().next = Some(Instant::now());
        assert_eq!(outage.enter(), Ok(()));
        assert_eq!(outage.enter(), Err("it sleeps".to_owned()), "while one tries");
        outage.goes_on(&server, "it still sleeps");
        assert_eq!(outage.enter(), Err("it still sleeps".to_owned()));
        outage.over(&server);
        assert!(outage.enter().is_ok() && outage.enter().is_ok());
    }

    /// Of one thing that is wrong there is one line, and one when that is over, whatever else was wrong meanwhile.
    #[test]
    fn one_speaks() {
        let (server, outage) = (server(), Outage::default());
        assert!(outage.begins(Trouble::ReadOnly));
        outage.goes_on(&server, "its disk is full, and it has ended");
        assert!(!outage.begins(Trouble::Unusable));
        assert!(outage.enter().is_err());
        outage.over(&server);
        assert!(outage.enter().is_ok() && !outage.begins(Trouble::Away), "it is full yet");
        assert_eq!(outage.ends(Trouble::Away), None);
        assert!(outage.ends(Trouble::ReadOnly).is_some() && outage.ends(Trouble::ReadOnly).is_none());
        assert!(outage.begins(Trouble::Away));
    }

    /// Connections are good until another server is seen.
    #[test]
    fn succession() {
        let outage = Outage::default();
        outage.serves(7);
        outage.serves(7);
        assert_eq!(outage.successions(), 0);
        outage.serves(8);
        assert_eq!(outage.successions(), 1);
    }
}
