//! Which state of the database an answer was made from: a number that moves with every commit.
//!
//! A commit of this process moves it before anybody hears of the commit. For one of another process the database is asked,
//! but not for every request: what was asked a moment ago counts as known. While requests come it is asked again before that
//! moment is over, so that none of them waits.
//!
//! Where the database is on a server that is away, nobody waits to hear so each time: all but one are told at once.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::AcqRel, Ordering::Acquire, Ordering::Release};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fmt, io};

use super::engine::Reader;
use super::error::{Error, Result};
use crate::pool::Pool;

/// How long it counts as known that no other process has written. The promise is to show its rows within 100 ms.
pub const KNOWN_FOR: Duration = Duration::from_millis(50);

/// How long before that is over it is asked again: what a server in the same network needs to answer, and a few times as much.
const AHEAD: Duration = Duration::from_millis(15);

/// Most requests that wait for its answer: one asks, and those that come meanwhile hear it too.
const ASKING_MAX: usize = 65_536;

/// Most states before the last one whose pages are as good while the database is away.
const STALE_MAX: u64 = 256;

/// The number, and who asks whether it is still right.
pub(super) struct Generation {
    state: Arc<State>,
    watch: Arc<Pool<Watch>>,
    /// Whether somebody asks for whom nobody waits.
    is_asking: Arc<AtomicBool>,
}

/// What the writer and the readers share.
#[derive(Debug)]
pub(super) struct State {
    number: AtomicU64,
    /// Held while the number moves.
    turn: Mutex<()>,
    started: Instant,
    /// Until when the number counts as right: microseconds after `started`.
    known_until: AtomicU64,
    /// The first number since which rows were only added, as far as is known.
    added_since: AtomicU64,
    /// The last version that was seen.
    version: AtomicI64,
    /// When it was last found that the database cannot say, and why, if it still cannot.
    away: Mutex<Option<(Instant, Error)>>,
}

/// What a database says of its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    /// Another after each commit, of whatever process.
    pub(super) number: i64,
    /// The number after the last that has not only added rows.
    pub(super) taken: i64,
}

/// The same, as one server says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// What it says.
    pub(super) version: Version,
    /// Which server that was, from its start to its end. Another may not have had everything.
    pub(super) server: i64,
}

/// A connection that only hears of the commits of others.
struct Watch {
    reader: Reader,
    seen: Option<Seen>,
}

/// What the pages were made from that may be shown while the database is away.
#[derive(Clone, Debug)]
pub struct LastKnown {
    /// States after which rows were only added.
    pub generations: RangeInclusive<u64>,
    /// For how long nothing was heard of the database.
    pub age: Duration,
}

impl State {
    /// Nothing is known yet.
    pub(super) fn new() -> Self {
        Self {
            number: AtomicU64::new(0),
            turn: Mutex::new(()),
            started: Instant::now(),
            known_until: AtomicU64::new(0),
            added_since: AtomicU64::new(0),
            version: AtomicI64::new(i64::MIN),
            away: Mutex::new(None),
        }
    }

    /// Something was committed, and nobody knows what.
    pub(super) fn moved(&self) {
        self.move_on(true);
    }

    /// Something was committed by which the database came to be this.
    pub(super) fn moved_to(&self, version: Version) {
        self.version.fetch_max(version.number, AcqRel);
        self.move_on(version.taken == version.number);
    }

    /// The same, if it was: a number that others may give once more.
    pub(super) fn may_have_moved_to(&self, version: Version) {
        self.move_on(version.taken == version.number);
    }

    /// The database is this, of whose past nothing is known: a standby that had not everything may have taken over, and come to
    /// a number that was there before.
    fn found(&self, version: Version) {
        self.version.store(version.number, Release);
        self.moved();
    }

    fn move_on(&self, has_taken: bool) {
        // One after the other, and the number last: whoever has it has the rest.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let next = self.number.load(Acquire) + 1;
        if has_taken {
            self.added_since.store(next, Release);
        }
        self.number.store(next, Release);
    }

    /// The last version that was seen: what is read must not be older.
    pub(super) fn version(&self) -> i64 {
        self.version.load(Acquire)
    }

    /// How long the number still counts as right, if it does: look at this first, and at the number then.
    fn known_for(&self, now: Instant) -> Option<Duration> {
        let left = self.known_until.load(Acquire).checked_sub(self.microseconds(now))?;
        (left > 0).then(|| Duration::from_micros(left))
    }

    /// Why it cannot be known, if that was found out already, and when.
    fn away(&self) -> Option<(Instant, Error)> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_away(&self, error: Option<Error>) {
        *self.away.lock().unwrap_or_else(PoisonError::into_inner) = error.map(|error| (Instant::now(), error));
    }

    fn microseconds(&self, time: Instant) -> u64 {
        u64::try_from(time.saturating_duration_since(self.started).as_micros()).unwrap_or(u64::MAX)
    }
}

impl Generation {
    /// Asks through a connection of its own, since one that writes, or is busy reading, would keep everybody waiting.
    pub(super) fn start(state: Arc<State>, reader: Reader) -> io::Result<Self> {
        let watch = Pool::start("watch", vec![Watch { reader, seen: None }], ASKING_MAX)?;
        Ok(Self { state, watch: Arc::new(watch), is_asking: Arc::default() })
    }

    /// The number now, if it is known without asking. To be called in a runtime of tokio.
    pub(super) fn known(&self, now: Instant) -> Option<u64> {
        let known = self.state.known_for(now)?;
        if known < AHEAD {
            self.ask_for_others(AHEAD);
        }
        Some(self.state.number.load(Acquire))
    }

    /// The number now.
    pub(super) async fn current(&self) -> Result<u64> {
        if let Some(number) = self.known(Instant::now()) {
            return Ok(number);
        }
        if let Some((_, error)) = self.state.away() {
            self.ask_for_others(Duration::ZERO);
            return Err(error);
        }
        ask(&self.watch, &self.state, Duration::ZERO).await
    }

    /// What was known last.
    pub(super) fn last_known(&self) -> LastKnown {
        let state = &self.state;
        let number = state.number.load(Acquire);
        let known = Duration::from_micros(state.known_until.load(Acquire)).saturating_sub(KNOWN_FOR);
        LastKnown {
            generations: state.added_since.load(Acquire).max(number.saturating_sub(STALE_MAX))..=number,
            age: state.started.elapsed().saturating_sub(known),
        }
    }

    /// Asks once more, for those who come so much later.
    fn ask_for_others(&self, ahead: Duration) {
        if self.is_asking.swap(true, AcqRel) {
            return;
        }
        let (watch, state, is_asking) = (Arc::clone(&self.watch), Arc::clone(&self.state), Arc::clone(&self.is_asking));
        tokio::spawn(async move {
            let _ = ask(&watch, &state, ahead).await; // the state has it
            is_asking.store(false, Release);
        });
    }
}

async fn ask(watch: &Pool<Watch>, state: &Arc<State>, ahead: Duration) -> Result<u64> {
    let state = Arc::clone(state);
    let wanted = Instant::now();
    watch.run(move |watch| watch.ask(&state, wanted, ahead)).await?
}

impl Watch {
    fn ask(&mut self, state: &State, wanted: Instant, ahead: Duration) -> Result<u64> {
        let asked = Instant::now();
        if state.known_for(asked).is_some_and(|known| known > ahead) {
            return Ok(state.number.load(Acquire)); // somebody else has asked since
        }
        if let Some((at, error)) = state.away()
            && at > wanted
        {
            return Err(error); // the same: who waited for that does not wait for another try
        }
        let seen = self.reader.version().inspect_err(|error| {
            if let Error::Away(_) = error {
                state.set_away(Some(error.clone()));
            }
        })?;
        match self.seen.replace(seen) {
            Some(last) if last == seen => (),
            Some(last) if last.server == seen.server => {
                state.version.fetch_max(seen.version.number, AcqRel);
                state.move_on(last.version.taken != seen.version.taken);
            }
            _ => state.found(seen.version),
        }
        state.set_away(None);
        // From when it was asked: what is committed while it looks may be seen or not.
        state.known_until.store(state.microseconds(asked + KNOWN_FOR), Release);
        Ok(state.number.load(Acquire))
    }
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generation").field("state", &self.state).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was only added to is as good as before; what was changed is not shown any more.
    #[test]
    fn added() {
        let state = State::new();
        let first = |state: &State| state.added_since.load(Acquire);
        state.found(Version { number: 5, taken: 3 });
        assert_eq!(first(&state), 1);
        state.moved_to(Version { number: 6, taken: 3 });
        state.moved_to(Version { number: 7, taken: 3 });
        assert_eq!((first(&state), state.version()), (1, 7));
        state.moved_to(Version { number: 8, taken: 8 });
        assert_eq!(first(&state), 4);
        state.moved();
        assert_eq!((first(&state), state.version()), (5, 8), "nobody knows what that was");
        state.found(Version { number: 7, taken: 3 });
        assert_eq!((first(&state), state.version()), (6, 7), "another server, which had not everything");
    }
}
