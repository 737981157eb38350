//! What the site measures, and a place to see it: `GET /metrics` on a listener of its own.
//!
//! Counting goes on whether anybody looks or not: an addition for each request is cheaper than to ask. Nothing here is about
//! a person, and no label has a value that a client chooses.

mod exposition;
mod served;

use warp::http::{Method, StatusCode};

use crate::measure::{Counter, Histogram};
pub use exposition::{Format, text};
pub use served::serve;

/// Bounds of the time until a response is there, in microseconds. A page that is read and made takes one or two parts of
/// the middle; a login, which hashes, one towards the end.
const DURATION_BOUNDS: &[u64] = &[
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
];

/// Methods that are told apart; what is none of them is the last.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];
/// Classes of statuses that are answered.
const STATUSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// What was counted since the start, of which the rest of the site knows nothing.
#[derive(Debug)]
pub(super) struct Meters {
    /// Requests that went through the routes, for each method and class of status.
    routed: [[Counter; STATUSES.len()]; METHODS.len()],
    /// Requests that were answered with what was kept: GET and HEAD, with a body or that it is unchanged.
    kept: [[Counter; 2]; 2],
    /// Pages that could be kept, that a view was asked for: those that were there, and those that had to be made.
    pub(super) routed_hits: Counter,
    pub(super) misses: Counter,
    /// Pages that were shown from memory since the database was away.
    pub(super) stale_hits: Counter,
    /// Requests whose client went away before there was an answer.
    pub(super) abandoned: Counter,
    /// How long those took that went through the routes.
    pub(super) duration: Histogram,
    /// Connections that were closed because their client had too many.
    pub(super) connections_refused: Counter,
    pub(super) logins_succeeded: Counter,
    pub(super) logins_failed: Counter,
    pub(super) logins_throttled: Counter,
    pub(super) registrations: Counter,
}

impl Meters {
    /// Nothing was counted yet.
    pub(super) fn new() -> Self {
        Self {
            routed: Default::default(),
            kept: Default::default(),
            routed_hits: Counter::default(),
            misses: Counter::default(),
            stale_hits: Counter::default(),
            abandoned: Counter::default(),
            duration: Histogram::new(DURATION_BOUNDS),
            connections_refused: Counter::default(),
            logins_succeeded: Counter::default(),
            logins_failed: Counter::default(),
            logins_throttled: Counter::default(),
            registrations: Counter::default(),
        }
    }

    /// A request was answered by a view, or by the page of an error.
    pub(super) fn routed(&self, method: &Method, status: StatusCode) {
        let method = METHODS.iter().position(|name| *name == method.as_str()).unwrap_or(METHODS.len() - 1);
        let class = usize::from(status.as_u16() / 100).saturating_sub(2);
        if let Some(counter) = self.routed.get(method).and_then(|classes| classes.get(class)) {
            counter.count();
        }
    }

    /// A request was answered with what was kept.
    pub(super) fn kept(&self, method: &Method, status: StatusCode) {
        let [gets, heads] = &self.kept;
        let [whole, unchanged] = if *method == Method::HEAD { heads } else { gets };
        if status == StatusCode::NOT_MODIFIED { unchanged } else { whole }.count();
    }

    /// How many requests were answered with what was kept.
    fn kept_in_all(&self) -> u64 {
        self.kept.iter().flatten().map(Counter::get).sum()
    }
}
