//! The one writer: a thread that owns the only connection that writes, and commits in groups.
//!
//! What is queued while a commit waits for the disk is done in the next transaction together, so that one wait serves
//! many. Each job has a savepoint of its own: a job that fails leaves nothing behind and takes no other with it. An
//! answer is given after the commit that holds it, never before.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{fmt, io};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use tokio::sync::{oneshot, watch};

use super::connection::Connection;
use super::engine::Store;
use super::error::{Error, Result};
use super::indexer::Indexer;
use super::measures::Meters;

/// Most jobs in one transaction, so that the first of them does not wait for ever.
const BATCH_JOBS_MAX: usize = 256;

/// When a transaction takes no more jobs: each waits for all of them, and on a server a job is many round trips.
const BATCH_TIME_MAX: Duration = Duration::from_millis(500);

/// How often the writer looks after its files when there is nothing to write.
const IDLE_LOOK: Duration = Duration::from_secs(1);

/// Of work that was not begun, because what was before it failed. The next process will do it.
const STOPPED: Error = Error::Busy("the daemon is about to start anew");

/// The queue to the writer's thread.
pub(super) struct Writer {
    /// `None` only while the writer is dropped: the thread stops when there is no sender left.
    queue: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    failure: watch::Receiver<Option<String>>,
}

impl Writer {
    /// Starts the thread. At most `queue_max` jobs wait at a time.
    pub(super) fn start(store: Box<dyn Store>, queue_max: usize, meters: Arc<Meters>) -> io::Result<Self> {
        let (queue, jobs) = bounded(queue_max);
        let (fail, failure) = watch::channel(None);
        let work = move || {
            let _ = fail.send(work_off(&jobs, store, &meters)); // Err: nobody wants to know
            // What waits in a queue is not dropped when nobody takes it any more; somebody waits for an answer.
            jobs.iter().for_each(|job| job.answer(Err(STOPPED)));
        };
        let thread = thread::Builder::new().name("writer".to_owned()).spawn(work)?;
        Ok(Self { queue: Some(queue), thread: Some(thread), failure })
    }

    /// Does `work` and waits until it is on disk.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Connection<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Write { work: Some(work), outcome: Err(Error::Stopped), answer };
        self.queue.as_ref().ok_or(Error::Stopped)?.try_send(Box::new(job)).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::Full("the queue of writes is full"),
            TrySendError::Disconnected(_) => STOPPED,
        })?;
        answered.await.unwrap_or(Err(STOPPED))
    }

    /// How many jobs wait, and most that may.
    pub(super) fn queue(&self) -> [usize; 2] {
        self.queue.as_ref().map_or([0; 2], |queue| [queue.len(), queue.capacity().unwrap_or(0)])
    }

    /// Done when the thread has ended because it cannot go on, with the reason.
    pub(super) async fn failed(&self) -> String {
        let mut failure = self.failure.clone();
        let failure = failure.wait_for(Option::is_some).await.map(|failure| failure.clone());
        failure.ok().flatten().unwrap_or_else(|| "the thread that writes has ended".to_owned())
    }
}

impl Drop for Writer {
    /// Commits what is queued and closes the connection.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // the thread catches every panic of its jobs
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

/// A piece of work whose result type is forgotten.
trait Job: Send {
    /// Does the work and keeps its outcome. An error means: undo it.
    fn run(&mut self, connection: Connection<'_>) -> Result<()>;
    /// Gives the outcome to whoever waits, unless the transaction it was part of was not committed.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Write<T, F> {
    work: Option<F>,
    outcome: Result<T>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnOnce(Connection<'_>) -> Result<T> + Send,
{
    fn run(&mut self, connection: Connection<'_>) -> Result<()> {
        if let Some(work) = self.work.take() {
            // A panic costs its own job and no other. The panic hook has logged it.
            self.outcome = catch_unwind(AssertUnwindSafe(|| work(connection))).unwrap_or(Err(Error::Stopped));
        }
        self.outcome.as_ref().map(|_| ()).map_err(Error::clone)
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let _ = self.answer.send(committed.and(self.outcome)); // Err: nobody waits any more
    }
}

/// Works until nobody can send work any more, or until it cannot go on: then it says why.
fn work_off(jobs: &Receiver<Box<dyn Job>>, mut store: Box<dyn Store>, meters: &Meters) -> Option<String> {
    let mut indexer = Indexer::new();
    let mut batch = Vec::new();
    loop {
        let quiet = batch.is_empty() && {
            match jobs.recv_timeout(indexer.pause(IDLE_LOOK)) {
                Ok(job) => batch.push(job),
                Err(RecvTimeoutError::Timeout) => (),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
            batch.is_empty()
        };
        if !quiet {
            batch.extend(jobs.try_iter().take(BATCH_JOBS_MAX - batch.len()));
            let mut done = batch.len();
            let committed = store.commit(&mut |connection| {
                done = run(connection, &mut batch)?;
                Ok(())
            });
            meters.group_jobs.observe(done as u64);
            for job in batch.drain(..done) {
                job.answer(committed.clone());
            }
        }
        if let Some(failure) = store.look_after() {
            return Some(failure);
        }
        if let Some(failure) = indexer.work(&mut *store, quiet) {
            return Some(failure);
        }
    }
}

/// Runs the jobs of one transaction, and says how many those were.
fn run(connection: Connection<'_>, batch: &mut [Box<dyn Job>]) -> Result<usize> {
    let begun = Instant::now();
    let mut done = 0;
    for job in batch {
        if begun.elapsed() > BATCH_TIME_MAX {
            break;
        }
        done += 1;
        connection.ahead("SAVEPOINT job")?;
        match job.run(connection) {
            Ok(()) => (),
            // Not the job's own fault: the others would meet it too, and the transaction may have been ended.
            Err(error @ (Error::Disk(_) | Error::Away(_) | Error::Damaged(_) | Error::Unknown(_))) => {
                return Err(error);
            }
            Err(_) => connection.batch("ROLLBACK TO job")?,
        }
        connection.ahead("RELEASE job")?;
    }
    Ok(done)
}
