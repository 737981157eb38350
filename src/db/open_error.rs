//! Why a database cannot be used, in words that say what to do.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use rusqlite::{ErrorCode, ffi};

use super::SCHEMA_VERSION;
use super::error::{Error, in_full};
use super::postgres::Refused;

/// A database that cannot be used, and what to do about it.
#[derive(Debug)]
pub struct OpenError {
    path: PathBuf,
    pub(super) reason: Reason,
}

/// What is in the way.
#[derive(Debug)]
pub(super) enum Reason {
    Missing,
    Empty,
    Unreachable(io::Error),
    ReadOnlyOutdated,
    ReadOnlyWithLog(rusqlite::Error),
    Busy,
    NotADatabase,
    Damaged,
    Foreign(String),
    Newer(usize),
    Backup(io::Error),
    Copy(io::Error),
    Restore(io::Error),
    Gone,
    Unsound,
    InTheWay,
    HasLog,
    InUse,
    HasData,
    Sqlite(rusqlite::Error),
    Refused(Refused),
    Server(Error),
}

impl OpenError {
    pub(super) fn unreachable(path: &Path, error: io::Error) -> Self {
        Self::at(path)(Reason::Unreachable(error))
    }

    pub(super) fn sqlite(path: &Path, error: rusqlite::Error) -> Self {
        Self::at(path)(reason(error))
    }

    /// What to do about it, where the message does not say so.
    pub fn advice(&self) -> Option<String> {
        match &self.reason {
            Reason::NotADatabase | Reason::Foreign(_) => Some(
                "restore a backup, or move the file away and make a database with `flaskr-admin init-db`".to_owned(),
            ),
            Reason::Unreachable(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => {
                Some("`mount -o remount,rw` the disk that it is on".to_owned())
            }
            Reason::Unreachable(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Some(format!("`namei -l {}` shows what keeps its owner out", self.path.display()))
            }
            _ => None,
        }
    }

    /// Whether the file is there, on a disk where nothing can be written for now: it is read-only, or full.
    pub(super) fn is_unwritable(&self) -> bool {
        match &self.reason {
            Reason::Unreachable(error) => error.kind() == io::ErrorKind::ReadOnlyFilesystem,
            Reason::Sqlite(error) => matches!(
                error.sqlite_error().map(|error| error.extended_code),
                Some(ffi::SQLITE_FULL | ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE)
            ),
            _ => false,
        }
    }

    /// Whether another process holds the database, which will let go of it, or its server is away, which will come back.
    pub fn is_busy(&self) -> bool {
        match &self.reason {
            Reason::Busy | Reason::Server(Error::Busy(_) | Error::Away(_)) => true,
            Reason::Refused(refused) => !refused.is_lasting,
            _ => false,
        }
    }

    /// Whether the server that has it is away.
    pub fn is_away(&self) -> bool {
        match &self.reason {
            Reason::Server(Error::Away(_)) => true,
            Reason::Refused(refused) => !refused.is_lasting,
            _ => false,
        }
    }

    /// The same of a file that has another name.
    pub(super) fn of(self, path: &Path) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Whether the file is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self.reason, Reason::Gone | Reason::Missing)
    }

    /// Whether it is refused for what is there.
    pub fn is_refusal(&self) -> bool {
        matches!(self.reason, Reason::InUse | Reason::HasData)
    }

    /// Whether trying again would not help: somebody has to do something about it first.
    pub fn is_lasting(&self) -> bool {
        match self.reason {
            Reason::Missing
            | Reason::Empty
            | Reason::ReadOnlyOutdated
            | Reason::ReadOnlyWithLog(_)
            | Reason::NotADatabase
            | Reason::Damaged
            | Reason::Foreign(_)
            | Reason::HasLog
            | Reason::Gone
            | Reason::Unsound
            | Reason::InTheWay
            | Reason::HasData
            | Reason::Newer(_) => true,
            Reason::Unreachable(_)
            | Reason::Busy
            | Reason::InUse
            | Reason::Backup(_)
            | Reason::Copy(_)
            | Reason::Restore(_)
            | Reason::Server(_)
            | Reason::Sqlite(_) => false,
            Reason::Refused(ref refused) => refused.is_lasting,
        }
    }

    /// Makes an error of each reason why this database cannot be used.
    pub(super) fn at(path: &Path) -> impl Fn(Reason) -> Self + Copy {
        move |reason| Self { path: path.to_owned(), reason }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::Missing => write!(f, "there is no database at {path}: make one with `flaskr-admin init-db`"),
            Reason::Empty => write!(f, "the database {path} has no tables: make them with `flaskr-admin init-db`"),
            Reason::Unreachable(error) => write!(f, "cannot open the database {path}: {error}"),
            Reason::ReadOnlyOutdated => write!(
                f,
                "the database {path} is of an older Flaskr and on a read-only file system: let it be written once, to \
                 bring it up to date; nothing was changed"
            ),
            Reason::ReadOnlyWithLog(error) => write!(
                f,
                "the database {path} was not closed, and its file system is read-only ({error}): let it be written \
                 once, to take over what is in {path}-wal; nothing was changed"
            ),
            Reason::Busy => {
                write!(f, "another process holds the database {path}: `fuser -v {path}` shows which; end it")
            }
            Reason::NotADatabase => write!(f, "{path} is not an SQLite database: nothing was changed"),
            Reason::Damaged => write!(f, "the database {path} is damaged: restore a backup"),
            Reason::Foreign(why) => write!(f, "{path} is not a database of Flaskr ({why}): nothing was changed"),
            Reason::Newer(version) => write!(
                f,
                "the database {path} was made by a newer Flaskr (schema {version}, this one knows up to {SCHEMA_VERSION}): \
                 install that version again, or restore a backup; nothing was changed"
            ),
            Reason::Backup(error) => {
                write!(f, "cannot back up the database {path} first: {error}; nothing was changed")
            }
            Reason::Copy(error) => write!(f, "cannot back up the database {path}: {error}"),
            Reason::Restore(error) => write!(f, "cannot restore the database {path}: {error}; it is as it was"),
            Reason::Unsound => write!(f, "{path} is damaged, or is not all there: it is no good as a backup"),
            Reason::Gone => write!(f, "there is no file {path}"),
            Reason::InTheWay => write!(
                f,
                "{path} cannot be opened, and so not be kept: move it away first, with {path}-wal if there is one, as in \
                 `mv {path} {path}.broken`; nothing was changed"
            ),
            Reason::HasLog => write!(
                f,
                "{path} is no backup but a database in use, or one that was not closed, with more in {path}-wal or -journal: make \
                 a backup of it with `flaskr-admin backup`"
            ),
            Reason::InUse => write!(
                f,
                "the database {path} is in use: stop the daemon first, with `systemctl stop flaskr`, or see who holds it \
                 with `fuser -v {path}`; nothing was changed"
            ),
            Reason::HasData => {
                write!(f, "the database {path} has users or posts: add --force to replace it; nothing was changed")
            }
            Reason::Refused(refused) => write!(f, "cannot connect to the database {path}: {refused}"),
            Reason::Server(error) => write!(f, "cannot use the database {path}: {error}"),
            Reason::Sqlite(error) => write!(f, "cannot use the database {path}: {}", in_full(error)),
        }
    }
}

impl std::error::Error for OpenError {}

/// The reason behind SQLite's error.
pub(super) fn reason(error: rusqlite::Error) -> Reason {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Reason::NotADatabase,
        Some(ErrorCode::DatabaseCorrupt) => Reason::Damaged,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Reason::Busy,
        _ => Reason::Sqlite(error),
    }
}
