//! One connection to a server, for one thread: it waits for each answer, and not for ever.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Acquire, Ordering::Release};
use std::time::Duration;

use tokio::runtime::{self, Runtime};
use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use super::error::{self, lost};
use super::server::Server;
use super::version;
use crate::db::connection::{Connection, Value};
use crate::db::error::{Error, Result};

/// How long somebody who holds a lock may do nothing, and how long others wait for a lock, before the server ends it: so a
/// node that is cut off holds up the rest for no longer. Sets what else a server's administrator may have set otherwise.
///
/// Plans are made once, without a look at the values, as SQLite's are: there is an index for each statement, whatever they are.
const SETTINGS: &str = "SET idle_in_transaction_session_timeout = '5s'; SET lock_timeout = '4s'; SET timezone = 'UTC';
     SET standard_conforming_strings = on; SET plan_cache_mode = force_generic_plan";

/// How much longer than the server may work on a statement its answer is waited for.
const ANSWER_GRACE: Duration = Duration::from_millis(500);

/// For how long a server that has answered is believed to be there without being asked: less than it takes to start one anew.
const HEARD_FOR: Duration = Duration::from_millis(100);

/// Each statement sees all that was committed before. What a server does with transactions by default is its
/// administrator's business.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// One state for all that a read asks.
pub(super) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// An administrator's transaction has pictures to read between two statements.
const ADMINISTRATORS: &str = "SET LOCAL idle_in_transaction_session_timeout = '1min'";

/// Longest time for what an administrator does at once: an import of a whole site.
const ADMINISTRATORS_MAX: Duration = Duration::from_hours(1);

/// An open connection.
pub(in crate::db) struct Session {
    client: Client,
    runtime: Background,
    /// Those that are prepared, by their text. There are as many as in the source.
    statements: RefCell<HashMap<String, Statement>>,
    /// Statements that are sent with the next one.
    ahead: RefCell<String>,
    /// When there was an answer last.
    heard: Cell<Instant>,
    /// Until when to wait for an answer.
    deadline: Cell<Instant>,
    /// Rows that were changed.
    changes: Cell<usize>,
    /// Whether an answer did not come in time: it may come later, for another question.
    is_out_of_step: Cell<bool>,
    /// Whether the server has warned of something.
    has_warned: Arc<AtomicBool>,
}

impl Session {
    /// Connects, to the first of the server's hosts that serves, for what an administrator does at once.
    pub(in crate::db) fn reach(server: &Server) -> std::result::Result<Self, error::Refused> {
        Self::reach_for(server, ADMINISTRATORS_MAX)
    }

    /// Connects for statements of which the server ends each after that time.
    pub(super) fn reach_for(server: &Server, time: Duration) -> std::result::Result<Self, error::Refused> {
        let settings = format!("{SETTINGS}; SET statement_timeout = {}", time.as_millis());
        let runtime = Background(Some(runtime::Builder::new_current_thread().enable_all().build()?));
        let connected = runtime.block_on(async {
            let deadline = Instant::now() + server.connect_max();
            let (client, has_warned) =
                timeout_at(deadline, server.connect()).await.map_err(|_| error::Refused::late())??;
            timeout_at(deadline, client.batch_execute(&settings)).await.map_err(|_| error::Refused::late())??;
            Ok::<_, error::Refused>((client, has_warned))
        });
        let (client, has_warned) = connected.unwrap_or_else(|| Err(error::Refused::late()))?;
        Ok(Self {
            client,
            runtime,
            statements: RefCell::default(),
            ahead: RefCell::default(),
            heard: Cell::new(Instant::now()),
            deadline: Cell::new(Instant::now() + ADMINISTRATORS_MAX),
            changes: Cell::new(0),
            is_out_of_step: Cell::new(false),
            has_warned,
        })
    }

    /// All that is asked from now on may take that long.
    pub(in crate::db) fn allow(&self, time: Duration) {
        self.deadline.set(Instant::now() + time + ANSWER_GRACE);
    }

    /// Whether it is of no use any more.
    pub(in crate::db) fn is_lost(&self) -> bool {
        self.is_out_of_step.get() || self.client.is_closed()
    }

    /// Whether an answer has not come in time.
    pub(super) fn is_out_of_step(&self) -> bool {
        self.is_out_of_step.get()
    }

    /// How many rows were changed since it was opened.
    pub(in crate::db) fn changes(&self) -> usize {
        self.changes.get()
    }

    /// Ends a transaction so that it is kept. If no answer comes, nobody knows whether it is, and neither if a warning does: who
    /// waits for a standby and is told to wait no longer hears that all went well.
    /// <https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION>
    pub(in crate::db) fn commit(&self) -> Result<()> {
        self.has_warned.store(false, Release);
        let unknown =
            |why: &dyn fmt::Display| Error::Unknown(format!("the end of a transaction was not heard of: {why}").into());
        match self.batch("COMMIT") {
            Ok(()) if self.has_warned.load(Acquire) => {
                Err(unknown(&"the server warned that a standby may not have it"))
            }
            // A server that stops may say so before it says what has become of it.
            Err(error) if self.is_lost() || matches!(error, Error::Away(_)) => Err(unknown(&error)),
            committed => committed,
        }
    }

    /// Begins a transaction by this statement. A server that has answered a moment ago hears it with the first of the others.
    pub(super) fn begin(&self, sql: &str) -> Result<()> {
        self.runtime.block_on(async {
            yield_now().await; // what came since the last answer is noticed,
            yield_now().await; // and heard: that the server has ended the connection
        });
        if self.is_lost() {
            return Err(lost("it was closed"));
        }
        if self.heard.get().elapsed() > HEARD_FOR {
            return self.batch(sql);
        }
        self.ahead(sql);
        Ok(())
    }

    /// Ends a transaction that has only read. Nobody waits for its answer, unless nothing was asked at all: then whether the
    /// server answers was the question.
    pub(super) fn end(&self) -> Result<()> {
        if !self.ahead.borrow().is_empty() {
            return self.batch("ROLLBACK");
        }
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                _ = self.client.batch_execute("ROLLBACK") => (), // hands it over to be sent
                () = yield_now() => (),                         // and this lets it be sent
            }
        });
        Ok(())
    }

    /// Runs a statement without values before the next one, and sends the two together. If it fails, the next one has failed.
    pub(in crate::db) fn ahead(&self, sql: &str) {
        let mut ahead = self.ahead.borrow_mut();
        ahead.push_str(sql);
        ahead.push(';');
    }

    /// Runs statements without values.
    pub(in crate::db) fn batch(&self, sql: &str) -> Result<()> {
        self.wait(self.client.batch_execute(sql))
    }

    /// Runs a statement and counts the rows it changed.
    pub(in crate::db) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<usize> {
        let statement = self.prepared(sql)?;
        let changed = self.wait(self.client.execute_raw(&statement, values.iter().map(parameter)))?;
        let changed = usize::try_from(changed).unwrap_or(usize::MAX);
        self.changes.set(self.changes.get().saturating_add(changed));
        Ok(changed)
    }

    /// The rows that a statement finds, or those that it has changed and returns.
    pub(in crate::db) fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        let statement = self.prepared(sql)?;
        let parameters: Vec<_> = values.iter().map(parameter).collect();
        let rows = self.wait(self.client.query(&statement, &parameters))?;
        if !sql.trim_start().starts_with("SELECT") {
            self.changes.set(self.changes.get().saturating_add(rows.len()));
        }
        Ok(rows)
    }

    /// Does `work` in a transaction before and after all others, and says whether anything was changed. It is undone unless
    /// `is_kept` says otherwise.
    pub(in crate::db) fn transaction<T>(
        &self,
        is_kept: impl FnOnce(&T) -> bool,
        work: impl FnOnce(Connection<'_>) -> Result<T>,
    ) -> Result<(T, bool)> {
        self.allow(ADMINISTRATORS_MAX);
        self.batch(BEGIN)?;
        self.batch(ADMINISTRATORS)?;
        version::lock(Connection::from(self))?;
        let before = self.changes();
        let done = work(Connection::from(self));
        let has_written = self.changes() > before;
        let is_kept = has_written && done.as_ref().is_ok_and(is_kept);
        if is_kept { self.commit() } else { self.batch("ROLLBACK") }?;
        Ok((done?, is_kept))
    }

    /// Runs `work` on one snapshot.
    pub(in crate::db) fn read<T>(&self, work: impl FnOnce(Connection<'_>) -> Result<T>) -> Result<T> {
        self.allow(ADMINISTRATORS_MAX);
        self.batch(SNAPSHOT)?;
        self.batch(ADMINISTRATORS)?;
        let answer = work(Connection::from(self));
        self.batch("ROLLBACK")?;
        answer
    }

    pub(super) fn prepared(&self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.wait(self.client.prepare(sql))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// What it asks with.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn wait<T>(
        &self,
        answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    ) -> Result<T> {
        if self.is_out_of_step.get() {
            return Err(lost("it did not answer in time"));
        }
        let ahead = self.ahead.take();
        let both = async {
            if ahead.is_empty() {
                return (Ok(()), answer.await);
            }
            tokio::join!(biased; self.client.batch_execute(&ahead), answer)
        };
        let Some(Ok((ahead, answer))) = self.runtime.block_on(async { timeout_at(self.deadline.get(), both).await })
        else {
            self.is_out_of_step.set(true);
            // The server would have ended the statement before.
            return Err(lost("it did not answer in time"));
        };
        self.heard.set(Instant::now());
        match (ahead.map_err(Error::from), answer.map_err(Error::from)) {
            (_, Err(away @ Error::Away(_))) => Err(away),
            // No fault of this statement, which has run in a transaction that is not what it should be.
            (Err(why), _) => Err(lost(&format!("what was sent ahead of a statement was refused: {why}"))),
            (Ok(()), answer) => answer,
        }
    }
}

/// A runtime whose end nobody waits for: a question to a server of names goes on, however long that is silent.
struct Background(Option<Runtime>);

impl Background {
    /// What comes of it; nothing, once the runtime is gone.
    fn block_on<F: Future>(&self, work: F) -> Option<F::Output> {
        self.0.as_ref().map(|runtime| runtime.block_on(work))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn parameter<'a>(value: &'a Value<'a>) -> &'a (dyn ToSql + Sync) {
    value
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("is_lost", &self.is_lost()).finish_non_exhaustive()
    }
}
