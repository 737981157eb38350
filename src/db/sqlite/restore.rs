//! Puts a backup in the place of a database.
//!
//! It is one transaction of SQLite in the file that is there: whenever it is interrupted, the next who opens the file has
//! the old database or the new one, whole. A rename would not do: a daemon that is started in the same moment would have
//! the old file open under the new one's name, and write its log beside it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode};

use super::file::{connect, create_file};
use super::files::beside;
use super::identity::{Identity, identify};
use super::progress::Progress;
use super::snapshot::{Counts, Replace, Verified, count, open_alone, verify};
use super::{backup, file};
use crate::clock;
use crate::db::open_error::{OpenError, Reason, reason};

/// Opens a backup, to be [restored](restore).
pub fn open_backup(path: &Path) -> Result<File, OpenError> {
    let because = OpenError::at(path);
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => because(Reason::Gone),
        _ => because(Reason::Unreachable(error)),
    })?;
    let has_more = |suffix| fs::metadata(beside(path, suffix)).is_ok_and(|file| file.len() > 0);
    if has_more("-wal") || has_more("-journal") { Err(because(Reason::HasLog)) } else { Ok(file) }
}

/// What [`restore`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What is there now.
    pub verified: Verified,
    /// The database as it was, with what was in its log, if there was one.
    pub before: Option<PathBuf>,
}

/// Puts what `source` has in the place of a database that nobody uses, after it was looked over. Nobody can open the
/// database meanwhile.
pub fn restore(
    (source, path): (&mut File, &Path),
    database: &Path,
    replace: Replace,
    now: Timestamp,
    progress: &Progress,
) -> Result<Restored, OpenError> {
    let because = OpenError::at(database);
    let copy_error = |error| because(Reason::Restore(error));
    create_file(database).map_err(|error| because(Reason::Unreachable(error)))?;
    let mut target = hold(database)?;
    let has_data = has_data(&target);
    if has_data && replace == Replace::No {
        return Err(because(Reason::HasData));
    }
    let mut refused = None;
    let restored = backup::by_way_of(&database.with_added_extension("restore-unfinished"), |copy| {
        io::copy(source, &mut File::options().write(true).open(copy)?)?;
        let verified = match verify(copy) {
            Ok(verified) => verified,
            Err(error) => {
                refused = Some(error.of(path));
                return Err(io::Error::other("it is no good backup"));
            }
        };
        let before =
            has_data.then(|| backup::copy(&target, database, &clock::as_file_name(now), progress)).transpose()?;
        let copy = open_alone(copy).map_err(io::Error::other)?;
        backup::copy_pages(&copy, &mut target, progress)?;
        Ok(Restored { verified, before })
    });
    let restored = restored.map_err(|error| refused.unwrap_or_else(|| copy_error(error)))?;
    close(target).map_err(|error| because(reason(error)))?;
    Ok(restored)
}

/// Opens a database for this connection alone, and takes in what is in its log.
fn hold(path: &Path) -> Result<Connection, OpenError> {
    let because = OpenError::at(path);
    let connection = connect(path).map_err(because)?;
    let held = file::wait_for_others(&connection, false).and_then(|()| {
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        // Which nobody can who is not alone: each connection to a database with a log holds a lock on it.
        connection.pragma_update(None, "journal_mode", "DELETE")?;
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        connection.execute_batch("BEGIN EXCLUSIVE; COMMIT") // the lock stays
    });
    match held {
        Ok(()) => Ok(connection),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Err(because(Reason::InUse)),
        Err(error) => Err(because(match reason(error) {
            Reason::NotADatabase | Reason::Damaged => Reason::InTheWay,
            other => other,
        })),
    }
}

/// Whether anything would be lost. What cannot be read may be something.
fn has_data(connection: &Connection) -> bool {
    match identify(connection) {
        Ok(Identity::Empty) => false,
        Ok(Identity::Ours(_)) => count(connection).map_or(true, |counts| counts != Counts::default()),
        _ => true,
    }
}

/// Closes it with nothing left beside it.
fn close(connection: Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "locking_mode", "NORMAL")?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?; // gives the lock back
    connection.close().map_err(|(_, error)| error)
}
