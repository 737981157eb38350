//! How far long work on a database has come, for those who wait for it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// Steps of SQLite's virtual machine between two looks at the clock: less than a millisecond of work.
const STEPS_OF_A_LOOK: i32 = 10_000;

/// Time between two words.
const PAUSE: Duration = Duration::from_millis(500);

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The database is copied.
    BackingUp {
        /// Of all its pages.
        percent: u8,
    },
    /// Rows are copied into another database.
    Copying {
        /// So many were.
        rows: u64,
        /// So many there are.
        of: u64,
    },
    /// The rows there are compared with those here.
    Comparing {
        /// So many were, of both.
        rows: u64,
        /// So many there are.
        of: u64,
    },
    /// One migration is done after the other.
    Migrating {
        /// Which, from 1.
        step: usize,
        /// So many there are.
        of: usize,
    },
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BackingUp { percent } => write!(f, "backing up the database, {percent} %"),
            Self::Copying { rows, of } => write!(f, "copying, {rows} of {of} rows"),
            Self::Comparing { rows, of } => write!(f, "comparing, {rows} of {of} rows"),
            Self::Migrating { step, of } => write!(f, "bringing the database up to date, step {step} of {of}"),
        }
    }
}

/// Hears what is being done, again and again while it is: who hears nothing for long may take it that nothing is done.
#[derive(Clone)]
pub struct Progress(Arc<dyn Fn(Stage) + Send + Sync>);

impl Progress {
    /// To be told so.
    pub fn new(tell: impl Fn(Stage) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// To be told to nobody.
    pub fn ignored() -> Self {
        Self::new(|_| ())
    }

    /// Something is being done.
    pub(in crate::db) fn tell(&self, stage: Stage) {
        (self.0)(stage);
    }

    /// The same, again and again as long as a connection works on.
    pub(super) fn tell_while(&self, connection: &mut Connection, stage: Stage) -> rusqlite::Result<()> {
        self.tell(stage);
        let (progress, mut told) = (self.clone(), Instant::now());
        let look = move || {
            if told.elapsed() >= PAUSE {
                told = Instant::now();
                progress.tell(stage);
            }
            false // go on
        };
        connection.progress_handler(STEPS_OF_A_LOOK, Some(look))
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}
