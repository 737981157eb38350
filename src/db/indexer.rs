//! When the writer brings the index of the search up to date: after those who wait for it, and not behind their backs.
//!
//! Not right after each write: the next visitor would wait for a second commit. A moment of quiet comes soon, and if
//! none does, some posts are indexed once a second all the same.

use std::time::{Duration, Instant};

use tracing::{error, info};

use super::engine::Store;
use super::error::{Error, Result};

/// Quiet after a write from which on the index is seen to.
const QUIET: Duration = Duration::from_millis(50);
/// Time between two transactions for the index while there is no quiet.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause after a failure. Each is twice the one before, so that a full disk is not filled with messages.
const FAILURE_PAUSE_MAX: Duration = Duration::from_secs(64);

/// What is known of the queue of posts to be indexed.
#[derive(Debug)]
pub(super) struct Indexer {
    /// How soon to see to it if nothing is to be written.
    pause: Pause,
    /// When to see to it though there is no quiet, and after a failure at all.
    next: Instant,
    /// How long not to try again, if it has failed.
    failure_pause: Option<Duration>,
    /// Whether it has failed the last time for a reason of its own, which is said once.
    is_failing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pause {
    /// At once: there was more than one transaction took.
    None,
    /// After a moment of quiet: something was written.
    Quiet,
    /// When the writer looks after its files anyway: another process may have written.
    Idle,
}

impl Indexer {
    /// One that knows nothing yet.
    pub(super) fn new() -> Self {
        Self { pause: Pause::Quiet, next: Instant::now(), failure_pause: None, is_failing: false }
    }

    /// How long to wait for something to write before the index is seen to, or else the files.
    pub(super) fn pause(&self, idle: Duration) -> Duration {
        match self.pause {
            Pause::None => Duration::ZERO,
            Pause::Quiet => QUIET,
            Pause::Idle => idle,
        }
    }

    /// Indexes some posts if it is time to: `quiet` says that the pause has passed and nothing was written. Says why nothing
    /// more can be done, if so.
    pub(super) fn work(&mut self, store: &mut dyn Store, quiet: bool) -> Option<String> {
        let is_time = Instant::now() >= self.next || (quiet && self.failure_pause.is_none());
        if !is_time {
            self.pause = if self.failure_pause.is_none() { Pause::Quiet } else { Pause::Idle };
            return None;
        }
        let indexed = store.index();
        self.say(&indexed);
        self.pause = match &indexed {
            Ok(true) if quiet => Pause::None,
            Ok(true) => Pause::Quiet,
            Ok(false) | Err(_) => Pause::Idle,
        };
        let longer = self.failure_pause.map_or(BUSY_PAUSE, |pause| FAILURE_PAUSE_MAX.min(2 * pause));
        self.failure_pause = indexed.is_err().then_some(longer);
        self.next = Instant::now() + self.failure_pause.unwrap_or(BUSY_PAUSE);
        store.look_after()
    }

    /// Says once of a failure that it concerns the search alone. Of the disk and of damage others tell; busy is none.
    fn say(&mut self, indexed: &Result<bool>) {
        match indexed {
            Err(Error::Engine(_) | Error::Stopped) if self.is_failing => (),
            Err(error @ (Error::Engine(_) | Error::Stopped)) => {
                self.is_failing = true;
                error!("cannot index posts: {error}; what is written is not found");
            }
            Ok(true) if self.is_failing => {
                self.is_failing = false;
                info!("can index posts again");
            }
            _ => (),
        }
    }
}
