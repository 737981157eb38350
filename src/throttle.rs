//! Slows those who fail too often, without remembering more than it must.

use std::fmt;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashlink::LruCache;
use jiff::Timestamp;

/// Most keys that are remembered; past it the one that was quiet for the longest time is forgotten. With the largest
/// key of 48 bytes, some 10 MB.
const KEYS_MAX: usize = 100_000;

/// So many failures in a span of time: all at once, or one now and then.
///
/// The generic cell rate algorithm: all that is kept of a key is the moment at which its failures are paid off.
/// <https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What one failure costs, in milliseconds; 0 is no limit.
    pub cost: i64,
    /// How much can be spent, in milliseconds.
    pub span: i64,
}

impl Limit {
    /// So many failures in so many seconds, 0 for any number.
    pub fn new(failures: u32, seconds: u32) -> Self {
        let span = i64::from(seconds) * 1000;
        Self { cost: span.checked_div(failures.into()).unwrap_or(0), span }
    }
}

/// A limit for each key.
pub struct Throttle<K> {
    limit: Limit,
    /// Until when each key has spent its time, in milliseconds since 1970.
    spent: Mutex<LruCache<K, i64>>,
}

impl<K: Eq + Hash> Throttle<K> {
    /// Nothing is spent yet.
    pub fn new(limit: Limit) -> Self {
        Self { limit, spent: Mutex::new(LruCache::new(KEYS_MAX)) }
    }

    /// What it allows.
    pub fn limit(&self) -> Limit {
        self.limit
    }

    /// Counts a failure before the attempt is made, so that many attempts at once are all counted. If there were too
    /// many already, counts nothing, and says how many seconds to wait.
    pub fn enter(&self, key: K, now: Timestamp) -> Result<(), u64> {
        let (now, Limit { cost, span }) = (now.as_millisecond(), self.limit);
        let mut spent = self.spent();
        // More than the span ahead is nothing this clock said: it was set back.
        let until = spent.get(&key).copied().filter(|until| *until <= now + span).map_or(now, |until| until.max(now));
        let excess = until + cost - (now + span);
        if cost > 0 && excess > 0 {
            return Err(seconds(excess));
        }
        spent.insert(key, until + cost);
        Ok(())
    }

    /// Takes a failure back: the attempt succeeded, or never was one.
    pub fn forgive(&self, key: &K) {
        if let Some(until) = self.spent().get_mut(key) {
            *until -= self.limit.cost;
        }
    }

    fn spent(&self) -> MutexGuard<'_, LruCache<K, i64>> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Seconds to wait, of milliseconds.
pub fn seconds(milliseconds: i64) -> u64 {
    milliseconds.unsigned_abs().div_ceil(1000)
}

impl<K> fmt::Debug for Throttle<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle").field("limit", &self.limit).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    /// So many at once, then one for each share of the minute; others are not concerned.
    #[test]
    fn per_minute() {
        let throttle = Throttle::new(Limit::new(3, 60));
        for _ in 0..3 {
            assert_eq!(throttle.enter("a", at(0)), Ok(()));
        }
        assert_eq!(throttle.enter("a", at(0)), Err(20));
        assert_eq!(throttle.enter("a", at(15)), Err(5));
        assert_eq!(throttle.enter("b", at(15)), Ok(()));
        assert_eq!(throttle.enter("a", at(20)), Ok(()));
        assert_eq!(throttle.enter("a", at(20)), Err(20));
        assert_eq!(throttle.enter("a", at(80)), Ok(()));
    }

    /// What succeeds is no failure.
    #[test]
    fn forgiven() {
        let throttle = Throttle::new(Limit::new(1, 60));
        for _ in 0..10 {
            assert_eq!(throttle.enter("a", at(0)), Ok(()));
            throttle.forgive(&"a");
        }
        assert_eq!(throttle.enter("a", at(0)), Ok(()));
        assert_eq!(throttle.enter("a", at(0)), Err(60));
    }

    /// 0 is no limit.
    #[test]
    fn unlimited() {
        let throttle = Throttle::new(Limit::new(0, 60));
        assert!((0..1000).all(|_| throttle.enter("a", at(0)).is_ok()));
    }

    /// A clock that is set years back or ahead keeps nobody out for longer than a minute.
    #[test]
    fn clock_jumps() {
        let throttle = Throttle::new(Limit::new(1, 60));
        for moment in [0, -100_000_000, 0, 100_000_000] {
            let _ = throttle.enter("a", at(moment));
            assert!(throttle.enter("a", at(moment)).is_err_and(|seconds| seconds <= 60), "{moment}");
            assert_eq!(throttle.enter("a", at(moment + 60)), Ok(()), "{moment}");
        }
    }

    /// Memory is bounded, whatever the number of keys.
    #[test]
    fn bounded() {
        let throttle = Throttle::new(Limit::new(1, 60));
        for key in 0..=KEYS_MAX {
            assert_eq!(throttle.enter(key, at(0)), Ok(()));
        }
        assert_eq!(throttle.spent().len(), KEYS_MAX);
        assert_eq!(throttle.enter(0, at(0)), Ok(()), "forgotten");
        assert!(throttle.enter(KEYS_MAX, at(0)).is_err(), "remembered");
    }
}
