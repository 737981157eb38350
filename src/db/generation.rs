//! Which state of the database an answer was made from: a number that moves with every commit.
//!
//! A commit of this process moves it before anybody hears of the commit. For one of another process SQLite is asked,
//! but not for every request: what was asked a moment ago counts as known.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::AcqRel, Ordering::Acquire, Ordering::Release};
use std::time::{Duration, Instant};
use std::{fmt, io};

use super::error::Result;
use super::reader::Reader;
use crate::pool::Pool;

/// How long it counts as known that no other process has written. The promise is to show its rows within 100 ms.
pub const KNOWN_FOR: Duration = Duration::from_millis(50);

/// Most requests that wait for SQLite's answer: one asks, and those that come meanwhile hear it too.
const ASKING_MAX: usize = 65_536;

/// The number, and who asks whether it is still right.
pub(super) struct Generation {
    state: Arc<State>,
    watch: Pool<Watch>,
}

/// What the writer and the readers share.
#[derive(Debug)]
pub(super) struct State {
    number: AtomicU64,
    started: Instant,
    /// Until when the number counts as right: microseconds after `started`.
    known_until: AtomicU64,
}

/// A connection that only hears of the commits of others.
struct Watch {
    reader: Reader,
    version: Option<i64>,
}

impl State {
    /// Nothing is known yet.
    pub(super) fn new() -> Self {
        Self { number: AtomicU64::new(0), started: Instant::now(), known_until: AtomicU64::new(0) }
    }

    /// Something was committed.
    pub(super) fn moved(&self) {
        self.number.fetch_add(1, AcqRel);
    }

    fn known(&self, now: Instant) -> Option<u64> {
        let is_known = self.microseconds(now) < self.known_until.load(Acquire);
        is_known.then(|| self.number.load(Acquire))
    }

    fn microseconds(&self, time: Instant) -> u64 {
        u64::try_from(time.saturating_duration_since(self.started).as_micros()).unwrap_or(u64::MAX)
    }
}

impl Generation {
    /// Asks through a connection of its own, since one that writes, or is busy reading, would keep everybody waiting.
    pub(super) fn start(state: Arc<State>, reader: Reader) -> io::Result<Self> {
        let watch = Pool::start("watch", vec![Watch { reader, version: None }], ASKING_MAX)?;
        Ok(Self { state, watch })
    }

    /// The number now, if it is known without asking.
    pub(super) fn known(&self, now: Instant) -> Option<u64> {
        self.state.known(now)
    }

    /// The number now.
    pub(super) async fn current(&self) -> Result<u64> {
        if let Some(number) = self.state.known(Instant::now()) {
            return Ok(number);
        }
        let state = Arc::clone(&self.state);
        self.watch.run(move |watch| watch.ask(&state)).await?
    }
}

impl Watch {
    /// <https://sqlite.org/pragma.html#pragma_data_version>
    fn ask(&mut self, state: &State) -> Result<u64> {
        let asked = Instant::now();
        if let Some(number) = state.known(asked) {
            return Ok(number); // somebody else has asked since
        }
        let version = self.reader.run(|conn| {
            let version = conn.query_row("PRAGMA data_version", &[], |row| row.integer("data_version"))?;
            Ok(version.unwrap_or_default())
        })?;
        if self.version.replace(version) != Some(version) {
            state.moved();
        }
        // From when it was asked: what is committed while SQLite looks may be seen or not.
        state.known_until.store(state.microseconds(asked + KNOWN_FOR), Release);
        Ok(state.number.load(Acquire))
    }
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generation").field("state", &self.state).finish_non_exhaustive()
    }
}
