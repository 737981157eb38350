//! What can go wrong with a statement.

use std::fmt;
use std::sync::Arc;

use rusqlite::{ErrorCode, ffi};

use crate::pool::Rejected;

/// A result of the database.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the database did not do what it was asked to. Nothing of it was stored, unless it is [`Error::Unknown`].
#[derive(Clone, Debug)]
pub enum Error {
    /// Too much to do: a queue is full. Later it may not be.
    Full(&'static str),
    /// It took too long, or another process holds the database. Later it may work.
    Busy(&'static str),
    /// The disk is full, read-only or broken. Later it may work.
    Disk(Arc<str>),
    /// The server cannot be reached, or is not ready. Later it may be.
    Away(Arc<str>),
    /// The file is damaged. What can be read is read; nothing is written to it any more.
    Damaged(Arc<str>),
    /// It may be on disk or not, and nobody can say. With a file, the daemon must start anew.
    Unknown(Arc<str>),
    /// The engine's own error.
    Engine(Arc<dyn std::error::Error + Send + Sync>),
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
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(in_full(&error)),
            Some(ErrorCode::SystemIoFailure) if is_of_sync(&error) => {
                Self::Unknown(format!("an fsync failed: {}", in_full(&error)).into())
            }
            Some(ErrorCode::SystemIoFailure | ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
                Self::Disk(in_full(&error))
            }
            _ => Self::Engine(Arc::new(error)),
        }
    }
}

/// The system forgets what it could not write: to ask it again, and be told that all is well, would prove nothing.
/// <https://www.usenix.org/conference/atc20/presentation/rebello>
fn is_of_sync(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(code, Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC))
}

/// SQLite says "disk I/O error" of many things; its extended code says of which. <https://sqlite.org/rescode.html>
pub(super) fn in_full(error: &rusqlite::Error) -> Arc<str> {
    match error.sqlite_error().map(|error| error.extended_code) {
        Some(ffi::SQLITE_IOERR_SHMSIZE) => "no space on the disk for the index of its log".into(),
        Some(code) => format!("{error} (SQLite's code {code})").into(),
        None => error.to_string().into(),
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
            Self::Disk(why) | Self::Away(why) | Self::Damaged(why) | Self::Unknown(why) => f.write_str(why),
            Self::Engine(error) => write!(f, "{error}"),
            Self::Stopped => f.write_str("the database thread stopped"),
        }
    }
}

impl std::error::Error for Error {}
