//! What can go wrong with a statement.

use std::fmt;
use std::sync::Arc;

use rusqlite::ErrorCode;

use crate::pool::Rejected;

/// A result of the database.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the database did not do what it was asked to. Nothing of it was stored.
#[derive(Clone, Debug)]
pub enum Error {
    /// Too much to do: a queue is full. Later it may not be.
    Full(&'static str),
    /// It took too long, or another process holds the database. Later it may work.
    Busy(&'static str),
    /// The engine's own error.
    Sqlite(Arc<rusqlite::Error>),
    /// The work panicked, or the thread that would do it has stopped.
    Stopped,
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Busy("another process holds the database")
            }
            Some(ErrorCode::OperationInterrupted) => Self::Busy("a read took too long"),
            _ => Self::Sqlite(Arc::new(error)),
        }
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Full => Self::Full("the queue of reads is full"),
            Rejected::Panicked => Self::Stopped,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(why) | Self::Busy(why) => f.write_str(why),
            Self::Sqlite(error) => write!(f, "{error}"),
            Self::Stopped => f.write_str("the database thread stopped"),
        }
    }
}

impl std::error::Error for Error {}
