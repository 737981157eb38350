//! One connection, as its requests see it: whose turn it is and since when, what they hold, and whether it is to end.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, Weak};
use std::task::Context;
use std::time::{Duration, Instant};

use futures_util::task::AtomicWaker;
use tokio::task::AbortHandle;

/// The moment of what has not happened.
const NEVER: u64 = u64::MAX;

/// One connection, as its requests see it.
#[derive(Clone, Debug)]
pub(super) struct Connection(pub(super) Arc<State>);

/// How it is with one.
#[derive(Debug)]
pub(super) struct State {
    started: Instant,
    /// When it began, or its last request, or the answer to that: milliseconds after `started`.
    pub(super) since: AtomicU64,
    /// When a write to it had to wait for the client, as milliseconds after `started`, until one does not.
    blocked: AtomicU64,
    /// Bytes that its requests hold.
    pub(super) held: AtomicUsize,
    /// What is under way: requests, and answers that are not sent.
    requests: AtomicUsize,
    /// What serves it, once that is said.
    pub(super) task: OnceLock<AbortHandle>,
    /// Whether its next answer is to be its last, and who has to hear that.
    is_to_end: AtomicBool,
    waker: AtomicWaker,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Ours: a request is being answered.
    Ours,
    /// The client's since then, who is to send the rest of a header.
    Header(Instant),
    /// The client's since then, who is to take what was written.
    Taking(Instant),
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
            blocked: AtomicU64::new(NEVER),
            held: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            task: OnceLock::new(),
            is_to_end: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        }))
    }

    /// A request has come, and it is our turn until this is dropped.
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

    /// A write had to wait for the client, or did not.
    pub(super) fn wrote(&self, is_blocked: bool) {
        let was_blocked = self.0.blocked.load(Relaxed) != NEVER;
        if is_blocked != was_blocked {
            let since = if is_blocked { milliseconds(self.0.started.elapsed()) } else { NEVER };
            self.0.blocked.store(since, Relaxed);
        }
    }

    /// Whose turn it is.
    pub(super) fn turn(&self) -> Turn {
        let moment = |since| self.0.started + Duration::from_millis(since);
        match self.0.blocked.load(Relaxed) {
            NEVER if self.0.is_busy() => Turn::Ours,
            NEVER => Turn::Header(moment(self.0.since.load(Relaxed))),
            blocked => Turn::Taking(moment(blocked)),
        }
    }

    /// Whether its next answer is to be its last. If not yet, the task that asks is woken when it is.
    pub(super) fn is_to_end(&self, context: &Context<'_>) -> bool {
        self.0.waker.register(context.waker()); // before it looks, so that it hears what comes between
        self.0.is_to_end.load(Relaxed)
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

    /// Its next answer is to be its last; if nothing is under way it ends now.
    pub(super) fn end(&self) {
        self.is_to_end.store(true, Relaxed);
        self.waker.wake();
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
        self.0.touch(); // it is the client's turn now: what it waited for is not its slowness
        self.0.0.requests.fetch_sub(1, Relaxed);
    }
}

/// Whole milliseconds.
pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
