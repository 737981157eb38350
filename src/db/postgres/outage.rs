//! What is known of a server that cannot be reached: all threads hear of it from the one that tries.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::{error, info, warn};

use super::server::Server;

/// Pause after a failure, in which everybody hears of it at once instead of waiting for another.
const PAUSE: Duration = Duration::from_millis(250);
/// The same of a replica: whoever tries waits for it, and could read elsewhere.
const REPLICA_PAUSE: Duration = Duration::from_secs(10);

/// Whether the server is away.
#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    since: Instant,
    why: String,
    /// When the next may try; `None` while one does.
    next: Option<Instant>,
}

impl Outage {
    /// Lets the caller try to reach the server, who has to say what came of it; or says why not.
    pub(super) fn enter(&self) -> Result<(), String> {
        match &mut *self.known() {
            None => Ok(()),
            Some(known) if known.next.is_some_and(|next| Instant::now() >= next) => {
                known.next = None;
                Ok(())
            }
            Some(known) => Err(known.why.clone()),
        }
    }

    /// The server was reached. Says so, if it was away.
    pub(super) fn over(&self, server: &Server) {
        if let Some(known) = self.known().take() {
            info!("the database {server} can be reached again, after {} s", known.since.elapsed().as_secs());
        }
    }

    /// The server was not reached. Says so, if that is news.
    pub(super) fn goes_on(&self, server: &Server, why: &str) {
        let mut known = self.known();
        let next = Some(Instant::now() + if server.is_replica() { REPLICA_PAUSE } else { PAUSE });
        if let Some(known) = &mut *known {
            (known.why, known.next) = (why.to_owned(), next);
            return;
        }
        *known = Some(Known { since: Instant::now(), why: why.to_owned(), next });
        drop(known);
        if server.is_replica() {
            warn!("the replica {server} cannot be reached: {why}; the database itself is read until it can");
        } else {
            error!(
                "the database {server} cannot be reached: {why}; until it can, nothing is stored, and pages are shown as far as they are kept"
            );
        }
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Database;

    /// Everybody may try until one has failed; then one at a time, and not at once.
    #[test]
    fn one_tries() {
        let url = "postgres://flaskr@db/flaskr".to_owned().try_into().unwrap();
        let server = Server::of(&Database { url: Some(url), ..Database::default() }).unwrap().unwrap();
        let outage = Outage::default();
        assert!(outage.enter().is_ok() && outage.enter().is_ok());
        outage.goes_on(&server, "it sleeps");
        assert_eq!(outage.enter(), Err("it sleeps".to_owned()));
        outage.known().as_mut().unwrap().next = Some(Instant::now());
        assert_eq!(outage.enter(), Ok(()));
        assert_eq!(outage.enter(), Err("it sleeps".to_owned()), "while one tries");
        outage.goes_on(&server, "it still sleeps");
        assert_eq!(outage.enter(), Err("it still sleeps".to_owned()));
        outage.over(&server);
        assert!(outage.enter().is_ok() && outage.enter().is_ok());
    }
}
