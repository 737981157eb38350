//! What is counted: numbers that any thread moves, and somebody looks at now and then.
//!
//! To count costs an addition and no lock. Two numbers that are read one after the other may be of different moments.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn count(&self) {
        self.add(1);
    }

    /// So many more.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    /// How many there were.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// How often something was how large: whole numbers, of a unit that its owner knows.
#[derive(Debug)]
pub struct Histogram {
    /// Upper bounds, each of one part, in ascending order. A last part has what is larger.
    bounds: &'static [u64],
    parts: Box<[Counter]>,
    sum: Counter,
}

/// The state of a [`Histogram`] at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Each part's upper bound (`None`: there is no bound), and how many are in it.
    pub parts: Vec<(Option<u64>, u64)>,
    /// All of them added up.
    pub sum: u64,
}

impl Histogram {
    /// One whose parts have these upper bounds.
    pub fn new(bounds: &'static [u64]) -> Self {
        let parts = (0..=bounds.len()).map(|_| Counter::default()).collect();
        Self { bounds, parts, sum: Counter::default() }
    }

    /// Counts one of this size.
    pub fn observe(&self, size: u64) {
        let part = self.bounds.partition_point(|bound| *bound < size);
        if let Some(part) = self.parts.get(part) {
            part.count();
        }
        self.sum.add(size);
    }

    /// Counts a time, in microseconds.
    pub fn observe_time(&self, took: Duration) {
        self.observe(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// What was counted until now.
    pub fn distribution(&self) -> Distribution {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        let parts = bounds.zip(self.parts.iter().map(Counter::get)).collect();
        Distribution { parts, sum: self.sum.get() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bound belongs to the part below it, and what is past all bounds is counted too.
    #[test]
    fn parts() {
        let histogram = Histogram::new(&[10, 20]);
        for size in [0, 10, 11, 20, 21, 1000] {
            histogram.observe(size);
        }
        histogram.observe_time(Duration::from_micros(15));
        let expected = Distribution { parts: vec![(Some(10), 2), (Some(20), 3), (None, 2)], sum: 1077 };
        assert_eq!(histogram.distribution(), expected);
    }
}
