//! Log lines that a flood of requests would make a flood of: said now and then, with a count.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Shortest time between two such lines.
const EVERY: Duration = Duration::from_secs(10);

/// One kind of line.
#[derive(Debug, Default)]
pub(super) struct Seldom(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    said: Option<Instant>,
    unsaid: u64,
}

/// How many lines were left out before this one: the end of its text.
pub(super) struct Unsaid(u64);

impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            unsaid => write!(f, ", and {unsaid} times since the last such line"),
        }
    }
}

impl Seldom {
    /// Says a line, unless one was said a moment ago: then it is counted.
    pub(super) fn say(&self, line: impl FnOnce(Unsaid)) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.said.is_some_and(|said| said.elapsed() < EVERY) {
            state.unsaid += 1;
            return;
        }
        let unsaid = std::mem::take(&mut state.unsaid);
        state.said = Some(Instant::now());
        drop(state);
        line(Unsaid(unsaid));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first line is said at once, the next ones are counted, and the count is said.
    #[test]
    fn lines_are_counted() {
        let seldom = Seldom::default();
        let mut said = Vec::new();
        for _ in 0..5 {
            seldom.say(|unsaid| said.push(format!("busy{unsaid}")));
        }
        seldom.0.lock().unwrap().said = Instant::now().checked_sub(EVERY);
        seldom.say(|unsaid| said.push(format!("busy{unsaid}")));
        assert_eq!(said, ["busy", "busy, and 4 times since the last such line"]);
    }
}
