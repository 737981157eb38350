//! The connections there are, so that the one whose client is slowest gives way when there is no room.
//!
//! Whoever takes part is done with a request in milliseconds. So a connection that has been at one for long is idle,
//! or has a slow client, be it on purpose or not: closing the oldest first costs those who attack, not those who read.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::connection::{Busy, State, milliseconds};
pub(super) use super::connection::{Connection, Turn, UnderWay};
use crate::measure::Counter;

/// No connection gives way that has been at its request for less: nobody is slow yet.
const GRACE: Duration = Duration::from_secs(1);

/// Pause before looking again for one that gives way.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// At the limit, one of so many gives way at once: to look through all of them for each new one would cost too much.
const GIVE_WAY_SHARE: usize = 64;

/// All connections, and room for no more than so many.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    all: Arc<Mutex<HashMap<u64, Connection>>>,
    room: Arc<Semaphore>,
    started: Instant,
    gave_way: Arc<Counter>,
}

/// The place that a connection takes, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Connections,
    id: u64,
    connection: Connection,
    _room: OwnedSemaphorePermit,
}

impl Connections {
    /// There may be so many.
    pub(super) fn new(max: usize) -> Self {
        let room = Arc::new(Semaphore::new(max));
        Self { all: Arc::default(), room, started: Instant::now(), gave_way: Arc::default() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all().len()
    }

    /// How many were closed because others needed their room or memory.
    pub(super) fn gave_way(&self) -> u64 {
        self.gave_way.get()
    }

    /// Makes room for one more, as soon as there can be.
    pub(super) async fn enter(&self) -> Place {
        loop {
            if let Ok(Ok(room)) = timeout(LOOK_AGAIN, Arc::clone(&self.room).acquire_owned()).await {
                return self.place(room);
            }
            let share = self.all().len() / GIVE_WAY_SHARE + 1;
            self.gave_way.add(self.close_oldest(GRACE, |_| true, share, |_| 1));
        }
    }

    fn place(&self, room: OwnedSemaphorePermit) -> Place {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Relaxed);
        let connection = Connection::new(self.started);
        self.all().insert(id, connection.clone());
        Place { connections: self.clone(), id, connection, _room: room }
    }

    /// Closes connections that hold memory, the oldest first, until so many bytes will be free.
    pub(super) fn free(&self, bytes: usize) {
        let held = |state: &State| state.held.load(Relaxed);
        self.gave_way.add(self.close_oldest(GRACE, |state| held(state) > 0, bytes, held));
    }

    /// Closes those on which no request is being answered: nobody else has anything to lose.
    pub(super) fn close_idle(&self) {
        self.close_oldest(Duration::ZERO, |state| !state.is_busy(), usize::MAX, |_| 1);
    }

    /// Has each end with its next answer, and those that have no request now.
    pub(super) fn end(&self) {
        self.all().values().for_each(|Connection(state)| state.end());
    }

    /// Whether there is no connection.
    pub(super) fn are_none(&self) -> bool {
        self.all().is_empty()
    }

    /// Whether nothing is being answered, and nobody has come or been answered for so long.
    pub(super) fn are_quiet_for(&self, duration: Duration) -> bool {
        let latest = milliseconds(self.started.elapsed().saturating_sub(duration));
        self.all().values().all(|Connection(state)| !state.is_busy() && state.since.load(Relaxed) <= latest)
    }

    /// What is being answered at this moment.
    pub(super) fn busy(&self) -> Busy {
        let all = self.all();
        let busy = all.values().filter(|Connection(state)| state.is_busy());
        Busy(busy.map(|Connection(state)| Arc::downgrade(state)).collect())
    }

    /// Closes the oldest of those that may be, until what they are worth is enough. Says how many.
    fn close_oldest(
        &self,
        age_min: Duration,
        may_be: impl Fn(&State) -> bool,
        enough: usize,
        worth: impl Fn(&State) -> usize,
    ) -> u64 {
        let mut all = self.all();
        let latest = milliseconds(self.started.elapsed().saturating_sub(age_min));
        let old = all.iter().map(|(id, connection)| (connection.0.since.load(Relaxed), *id, connection.clone()));
        let mut old: Vec<_> = old.filter(|(since, _, connection)| *since <= latest && may_be(&connection.0)).collect();
        old.sort_unstable_by_key(|(since, id, _)| (*since, *id));
        let (mut gained, mut closed) = (0_usize, 0);
        for (_, id, Connection(state)) in old {
            if gained >= enough {
                break;
            }
            if let Some(task) = state.task.get() {
                gained = gained.saturating_add(worth(&state));
                task.abort();
                all.remove(&id);
                closed += 1;
            }
        }
        closed
    }

    fn all(&self) -> MutexGuard<'_, HashMap<u64, Connection>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The connection that is here.
    pub(super) fn connection(&self) -> Connection {
        self.connection.clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.all().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::task::Poll;

    use tokio::task::JoinHandle;

    use super::*;

    /// A connection that does nothing, of this age.
    async fn connect(connections: &Connections, age: Duration) -> (Connection, JoinHandle<()>) {
        let place = connections.enter().await;
        let connection = place.connection();
        connection.0.since.store(milliseconds(connections.started.elapsed().checked_sub(age).unwrap()), Relaxed);
        let task = tokio::spawn(async move {
            let _place = place;
            pending::<()>().await;
        });
        connection.served_by(task.abort_handle());
        (connection, task)
    }

    fn long_ago(max: usize) -> Connections {
        Connections { started: Instant::now().checked_sub(Duration::from_mins(1)).unwrap(), ..Connections::new(max) }
    }

    /// Whether a connection was closed, rather sooner than later.
    async fn gave_way(task: JoinHandle<()>) -> bool {
        timeout(Duration::from_secs(1), task).await.is_ok_and(|ended| ended.is_err_and(|error| error.is_cancelled()))
    }

    /// At the limit the oldest gives way, and nobody who has just come.
    #[tokio::test]
    async fn oldest_gives_way() {
        let connections = long_ago(3);
        let (_, young) = connect(&connections, Duration::ZERO).await;
        let (_, oldest) = connect(&connections, Duration::from_secs(9)).await;
        let (_, old) = connect(&connections, Duration::from_secs(8)).await;
        let _place = connections.enter().await;
        assert!(gave_way(oldest).await);
        assert!(!young.is_finished() && !old.is_finished());
        assert_eq!((connections.len(), connections.gave_way()), (3, 1));
    }

    /// One whose request has just begun is young again.
    #[tokio::test]
    async fn active_one_stays() {
        let connections = long_ago(2);
        let (active, active_task) = connect(&connections, Duration::from_secs(9)).await;
        let (_, idle_task) = connect(&connections, Duration::from_secs(8)).await;
        drop(active.begin());
        let _place = connections.enter().await;
        assert!(gave_way(idle_task).await);
        assert!(!active_task.is_finished());
    }

    /// It is our turn while a request is answered, and the client's again from when it was.
    #[test]
    fn turns() {
        let began = Instant::now();
        let connection = Connection::new(began.checked_sub(Duration::from_mins(1)).unwrap());
        connection.0.since.store(0, Relaxed);
        assert!(matches!(connection.turn(), Turn::Header(since) if since < began));
        let request = connection.begin();
        assert_eq!(connection.turn(), Turn::Ours);
        connection.0.since.store(0, Relaxed); // so long it takes
        drop(request);
        let almost = Duration::from_millis(1); // of which whole ones are counted
        assert!(matches!(connection.turn(), Turn::Header(since) if since + almost > began));
    }

    /// Who is to end hears of it, whenever that was said.
    #[tokio::test]
    async fn told() {
        let connections = Connections::new(2);
        let waits = |connection: Connection| {
            tokio::spawn(poll_fn(
                move |context| {
                    if connection.is_to_end(context) { Poll::Ready(()) } else { Poll::Pending }
                },
            ))
        };
        let (early, late) = (connections.enter().await, connections.enter().await);
        let waiting = waits(early.connection());
        tokio::task::yield_now().await;
        connections.end();
        for told in [waiting, waits(late.connection())] {
            assert!(timeout(Duration::from_secs(1), told).await.is_ok());
        }
    }

    /// Memory comes from those that hold some, and no more of them than are needed.
    #[tokio::test]
    async fn holders_give_way() {
        let connections = long_ago(3);
        let (_, idle) = connect(&connections, Duration::from_secs(9)).await;
        let (holder, holder_task) = connect(&connections, Duration::from_secs(8)).await;
        let (next, next_task) = connect(&connections, Duration::from_secs(7)).await;
        holder.hold(10);
        next.hold(10);
        connections.free(10);
        assert!(gave_way(holder_task).await);
        assert!(!idle.is_finished() && !next_task.is_finished());
        next.let_go(10);
        connections.free(10);
        tokio::task::yield_now().await;
        assert!(!next_task.is_finished());
    }

    /// At the end those go at once on which nothing is being answered.
    #[tokio::test]
    async fn idle_ones_end() {
        let connections = Connections::new(2);
        let (_, idle) = connect(&connections, Duration::ZERO).await;
        let (busy, busy_task) = connect(&connections, Duration::ZERO).await;
        let _request = busy.begin();
        connections.close_idle();
        assert!(gave_way(idle).await);
        assert!(!busy_task.is_finished() && connections.gave_way() == 0, "nobody needed the room");
    }
}
