//! How long a client is waited for, to send a header or to take an answer.
//!
//! A timer set and taken back for each request would cost more than to look now and then: one alarm a connection goes off
//! as often as the shorter of both times, which is before any deadline that has come up since, and is set anew for what
//! it finds.

use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use crate::config::Limits;
use crate::web::connections::{Connection, Turn};

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For the next header, from its first byte to its last, and before it.
    header: Duration,
    /// For any part of an answer.
    taking: Duration,
}

impl Patience {
    /// As the limits say.
    pub(super) fn of(limits: &Limits) -> Self {
        Self {
            header: Duration::from_secs(limits.header_seconds_max),
            taking: Duration::from_secs(limits.write_seconds_max),
        }
    }

    /// Ends when the client has taken too long.
    pub(super) async fn end_with(self, connection: &Connection) {
        while let Some(next) = self.next_look(connection.turn(), Instant::now()) {
            sleep_until(next.into()).await;
        }
    }

    /// When to look again whose turn it is, unless it has been the client's for too long.
    fn next_look(self, turn: Turn, now: Instant) -> Option<Instant> {
        let soon = now + self.header.min(self.taking);
        let deadline = match turn {
            Turn::Ours => return Some(soon),
            Turn::Header(since) => since + self.header,
            Turn::Taking(since) => since + self.taking,
        };
        (deadline > now).then(|| deadline.min(soon))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A client is waited for to the moment, and never while it waits for us; a look never comes too late for what may
    /// have begun since the one before.
    #[test]
    fn looks() {
        let patience = Patience { header: 2 * SECOND, taking: 3 * SECOND };
        let began = Instant::now();
        let next = |turn, seconds| patience.next_look(turn, began + seconds * SECOND).map(|next| next - began);
        for (turn, seconds, expected) in [
            (Turn::Header(began), 0, Some(2)),
            (Turn::Header(began + SECOND), 2, Some(3)),
            (Turn::Header(began), 2, None),
            (Turn::Taking(began), 0, Some(2)),
            (Turn::Taking(began), 2, Some(3)),
            (Turn::Taking(began), 3, None),
            (Turn::Ours, 9, Some(11)),
        ] {
            assert_eq!(next(turn, seconds), expected.map(|seconds| seconds * SECOND), "{turn:?} after {seconds} s");
        }
    }
}
