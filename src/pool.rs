//! Threads that do the blocking work: each owns a state, all take work from one bounded queue.
//!
//! Tokio's own blocking threads would do the work too, but they queue without bound, and a flood of one kind of work
//! (logins) would take them from another (reading pages).

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

type Work<S> = Box<dyn FnOnce(&mut S) + Send>;

/// A fixed set of threads, each with a state `S` of its own: a connection, a buffer, nothing.
pub struct Pool<S> {
    /// `None` only while the pool is dropped: the threads stop when there is no sender left.
    queue: Option<Sender<Work<S>>>,
    threads: Vec<JoinHandle<()>>,
}

/// Why a pool did not do a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The queue is full. Later it may not be.
    Full,
    /// The work panicked.
    Panicked,
}

impl<S: Send + 'static> Pool<S> {
    /// Starts one thread for each state. At most `queue_max` pieces of work wait at a time.
    pub fn start(name: &str, states: Vec<S>, queue_max: usize) -> io::Result<Self> {
        Self::start_resting(name, states, queue_max, |_| ())
    }

    /// The same, whose threads do this with their state when no work waits.
    pub fn start_resting(name: &str, states: Vec<S>, queue_max: usize, rest: fn(&mut S)) -> io::Result<Self> {
        let (queue, work) = bounded(queue_max);
        let start = |state| {
            let work = work.clone();
            thread::Builder::new().name(name.to_owned()).spawn(move || work_off(&work, state, rest))
        };
        let threads = states.into_iter().map(start).collect::<io::Result<_>>()?;
        Ok(Self { queue: Some(queue), threads })
    }

    /// How many pieces of work wait, and most that may.
    pub fn queue(&self) -> [usize; 2] {
        self.queue.as_ref().map_or([0; 2], |queue| [queue.len(), queue.capacity().unwrap_or(0)])
    }

    /// Does `work` on one of the threads. Work that nobody waits for any more when its turn comes is left out.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Rejected>
    where
        T: Send + 'static,
        F: FnOnce(&mut S) -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = move |state: &mut S| {
            if !answer.is_closed() {
                let _ = answer.send(work(state)); // Err: nobody waits any more
            }
        };
        let queue = self.queue.as_ref().ok_or(Rejected::Full)?;
        queue.try_send(Box::new(work)).map_err(|refused| match refused {
            TrySendError::Full(_) => Rejected::Full,
            TrySendError::Disconnected(_) => Rejected::Panicked,
        })?;
        answered.await.map_err(|_| Rejected::Panicked)
    }
}

fn work_off<S>(queue: &Receiver<Work<S>>, mut state: S, rest: fn(&mut S)) {
    for work in queue {
        // A panic costs its request, which sees its answer dropped, and no other. The panic hook has logged it.
        let _ = catch_unwind(AssertUnwindSafe(|| work(&mut state)));
        if queue.is_empty() {
            rest(&mut state);
        }
    }
}

impl<S> Drop for Pool<S> {
    /// Waits for the work that is queued, so that every state is closed when the pool is gone.
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // a thread catches every panic of its work
        }
    }
}

impl<S> fmt::Debug for Pool<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("threads", &self.threads.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// The queue is bounded: what does not fit is refused at once, what fits is done.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_queue_refuses() {
        let pool = Pool::start("test", vec![0_u32], 1).unwrap();
        let (release, released) = mpsc::channel::<()>();
        let (entered, inside) = mpsc::channel::<()>();
        let blocker = pool.run(move |_| {
            entered.send(()).unwrap();
            released.recv().unwrap();
        });
        let others = async {
            inside.recv().unwrap();
            assert_eq!(pool.queue(), [0, 1]);
            let queued = pool.run(|count| *count + 1);
            let refused = async {
                assert_eq!(pool.queue(), [1, 1]);
                let refused = pool.run(|count| *count).await;
                release.send(()).unwrap();
                refused
            };
            tokio::join!(queued, refused)
        };
        let (_, (queued, refused)) = tokio::join!(biased; blocker, others);
        assert_eq!((queued, refused), (Ok(1), Err(Rejected::Full)));
    }

    /// A panic ends its own work only.
    #[tokio::test]
    async fn a_panic_is_contained() {
        let pool = Pool::start("test", vec![7_u32], 1).unwrap();
        assert_eq!(pool.run(|_| panic!("on purpose")).await, Err::<(), _>(Rejected::Panicked));
        assert_eq!(pool.run(|state| *state).await, Ok(7));
    }

    /// A thread rests when no work waits, and not between two pieces of it.
    #[tokio::test]
    async fn rests() {
        let pool = Pool::start_resting("test", vec![0_u32], 3, |count| *count = 0).unwrap();
        let (release, released) = mpsc::channel::<()>();
        let more = |count: &mut u32| {
            *count += 1;
            *count
        };
        let first = pool.run(move |count| {
            released.recv().unwrap();
            more(count)
        });
        let go = async { release.send(()).unwrap() };
        let counted = tokio::join!(biased; first, pool.run(more), pool.run(more), go);
        assert_eq!(counted, (Ok(1), Ok(2), Ok(3), ()));
        let mut rested = false;
        for _ in 0..1000 {
            rested |= pool.run(more).await == Ok(1); // the answer before may come before the rest after it
        }
        assert!(rested);
    }
}
