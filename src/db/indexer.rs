//! When the writer brings the index of the search up to date: after those who wait for it, and not behind their backs.
//!
//! Not right after each write: the next visitor would wait for a second commit. A moment of quiet comes soon, and if
//! none does, some posts are indexed once a second all the same.

use std::time::{Duration, Instant};

use super::store::Store;

/// Quiet after a write from which on the index is seen to.
const QUIET: Duration = Duration::from_millis(50);
/// Time between two transactions for the index while there is no quiet.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause after a failure. Each is twice the one before, so that a full disk is not filled with messages.
const FAILURE_PAUSE_MAX: Duration = Duration::from_secs(64);

/// What is known of the queue of posts to be indexed.
#[derive(Debug)]
pub(super) struct Indexer {
    /// Whether there may be some. Another process may add to it at any time.
    is_behind: bool,
    /// Not before this, unless there is quiet and nothing has failed.
    next: Instant,
    /// How long not to try again, if it has failed.
    failure_pause: Option<Duration>,
}

impl Indexer {
    /// One that knows nothing yet.
    pub(super) fn new() -> Self {
        Self { is_behind: true, next: Instant::now(), failure_pause: None }
    }

    /// How long to wait for the next write before seeing to the index, if it is not to be seen to `at_ease` only.
    pub(super) fn pause(&self, at_ease: Duration) -> Duration {
        if self.is_behind && self.failure_pause.is_none() { QUIET } else { at_ease }
    }

    /// Says that something was written just now.
    pub(super) fn written(&mut self) {
        self.is_behind = true;
    }

    /// Indexes some posts if it is time to, and goes on while nobody waits. Says why nothing more can be done, if so.
    pub(super) fn work(&mut self, store: &mut Store, quiet: bool, is_awaited: impl Fn() -> bool) -> Option<String> {
        let is_time = Instant::now() >= self.next || (quiet && self.failure_pause.is_none());
        // Without a pause another process may have written, of which only a look at the queue tells.
        if !is_time || !(quiet || self.is_behind) {
            return None;
        }
        loop {
            let indexed = store.index();
            self.is_behind = matches!(indexed, Ok(true));
            self.failure_pause = indexed.err().map(|_| self.failure_pause.map_or(BUSY_PAUSE, |pause| 2 * pause));
            self.failure_pause = self.failure_pause.map(|pause| pause.min(FAILURE_PAUSE_MAX));
            self.next = Instant::now() + self.failure_pause.unwrap_or(BUSY_PAUSE);
            let failure = store.look_after();
            if failure.is_some() || !self.is_behind || !quiet || is_awaited() {
                return failure;
            }
        }
    }
}
