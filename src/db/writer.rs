//! The one writer: a thread that owns the only connection that writes, and commits in groups.
//!
//! What is queued while a commit waits for the disk is done in the next transaction together, so that one wait serves
//! many. Each job has a savepoint of its own: a job that fails leaves nothing behind and takes no other with it. An
//! answer is given after the commit that holds it, never before.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};
use std::{fmt, io, iter};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use super::connection::Connection;
use super::error::{Error, Result};

/// Most jobs in one transaction, so that the first of them does not wait for ever.
const BATCH_JOBS_MAX: usize = 256;

/// The queue to the writer's thread.
pub(super) struct Writer {
    /// `None` only while the writer is dropped: the thread stops when there is no sender left.
    queue: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread. At most `queue_max` jobs wait at a time.
    pub(super) fn start(connection: rusqlite::Connection, queue_max: usize) -> io::Result<Self> {
        let (queue, jobs) = bounded(queue_max);
        let thread = thread::Builder::new().name("writer".to_owned()).spawn(move || work_off(&jobs, &connection))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
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
            TrySendError::Disconnected(_) => Error::Stopped,
        })?;
        answered.await.unwrap_or(Err(Error::Stopped))
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

fn work_off(jobs: &Receiver<Box<dyn Job>>, connection: &rusqlite::Connection) {
    for first in jobs {
        let mut batch: Vec<_> = iter::once(first).chain(jobs.try_iter()).take(BATCH_JOBS_MAX).collect();
        let committed = commit(connection, &mut batch);
        for job in batch {
            job.answer(committed.clone());
        }
    }
}

fn commit(connection: &rusqlite::Connection, batch: &mut [Box<dyn Job>]) -> Result<()> {
    let committed = in_transaction(connection, batch);
    if committed.is_err() && !connection.is_autocommit() {
        // Nothing more can be done about a failure here: the next BEGIN will fail, and say so.
        let _ = connection.execute_batch("ROLLBACK");
    }
    committed
}

fn in_transaction(connection: &rusqlite::Connection, batch: &mut [Box<dyn Job>]) -> Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for job in batch {
        connection.execute_batch("SAVEPOINT job")?;
        if job.run(Connection::new(connection)).is_err() {
            connection.execute_batch("ROLLBACK TO job")?;
        }
        connection.execute_batch("RELEASE job")?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}
