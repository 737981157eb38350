//! One connection, as its requests see it: how long it has been at one, and what they hold.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

/// One connection, as its requests see it.
#[derive(Clone, Debug)]
pub(super) struct Connection(pub(super) Arc<State>);

/// How it is with one.
#[derive(Debug)]
pub(super) struct State {
    started: Instant,
    /// When it began, or its last request, or the answer to that: milliseconds after `started`.
    pub(super) since: AtomicU64,
    /// Bytes that its requests hold.
    pub(super) held: AtomicUsize,
    /// What is under way: requests, and answers that are not sent.
    requests: AtomicUsize,
    /// What serves it, once that is said.
    pub(super) task: OnceLock<AbortHandle>,
}

/// The connections on which something was answered at some moment.
#[derive(Debug)]
pub(super) struct Busy(pub(super) Vec<Weak<State>>);

/// A request that is being answered, or an answer that is being sent, until it is dropped.
#[derive(Debug)]
pub(super) struct UnderWay(Connection);

impl Connection {
    /// One that has just come. `started` is the moment from which its times count.
    pub(super) fn new(started: Instant) -> Self {
        Self(Arc::new(State {
            started,
            since: AtomicU64::new(milliseconds(started.elapsed())),
            held: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            task: OnceLock::new(),
        }))
    }

    /// A request has come.
    pub(super) fn begin(&self) -> UnderWay {
        self.touch();
        self.under_way()
    }

    /// It is the client's turn again: what it waited for before is not its slowness.
    pub(super) fn touch(&self) {
        self.touch_at(Instant::now());
    }

    /// The same, where the time is known.
    pub(super) fn touch_at(&self, now: Instant) {
        self.0.since.store(milliseconds(now.saturating_duration_since(self.0.started)), Relaxed);
    }

    /// Its request is not answered before this is dropped.
    pub(super) fn under_way(&self) -> UnderWay {
        self.0.requests.fetch_add(1, Relaxed);
        UnderWay(self.clone())
    }

    /// Its requests hold so many bytes more.
    pub(super) fn hold(&self, bytes: usize) {
        self.0.held.fetch_add(bytes, Relaxed);
    }

    /// Its requests hold so many bytes less.
    pub(super) fn let_go(&self, bytes: usize) {
        self.0.held.fetch_sub(bytes, Relaxed);
    }

    /// What serves it. Until this is said it does not give way.
    pub(super) fn served_by(&self, task: AbortHandle) {
        let _ = self.0.task.set(task); // it is said once
    }
}

impl State {
    /// Whether something is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.requests.load(Relaxed) > 0
    }
}

impl Busy {
    /// Whether all of them have ended, or have answered what they had.
    pub(super) fn is_over(&self) -> bool {
        !self.0.iter().filter_map(Weak::upgrade).any(|state| state.is_busy())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.requests.fetch_sub(1, Relaxed);
    }
}

/// Whole milliseconds.
pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
