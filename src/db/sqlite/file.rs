//! Opens the database file, after making sure that it is one of ours.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::check::{self, Findings};
use super::files::log_of;
use super::identity::{Identity, identify};
use super::progress::Progress;
use super::{backup, migrate};
use crate::clock;
use crate::db::open_error::{OpenError, Reason, reason};

/// How long another process may hold the database before it is busy, in seconds: what the original waits.
const BUSY_SECONDS_MAX: u64 = 5;
/// Memory for the writer's pages, in KiB.
const WRITER_CACHE_KIB: i64 = 4096;
/// Memory for each reader's pages, in KiB.
const READER_CACHE_KIB: i64 = 1024;
/// Statements that a connection keeps prepared: more than there are.
const STATEMENTS_KEPT: usize = 256;

/// What [`init`] found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Initialized {
    /// There was no database: now there is an empty one.
    Created,
    /// There was one of an older schema, or the original's: it was migrated, its data kept.
    Migrated {
        /// The file as it was, if it is one.
        backup: Option<PathBuf>,
    },
    /// There was one, which needed nothing.
    Unchanged,
}

/// Makes sure that there is a database: creates it, migrates it, or leaves it.
pub(in crate::db) fn init(path: &Path, now: Timestamp) -> Result<Initialized, OpenError> {
    let because = OpenError::at(path);
    create_file(path).map_err(|error| because(Reason::Unreachable(error)))?;
    let mut connection = connect(path).map_err(because)?;
    let identity = usable(&connection).map_err(because)?;
    let backup = bring_up(&mut connection, &identity, path, now, &Progress::ignored()).map_err(because)?;
    Ok(match (identity, backup) {
        (Identity::Empty, _) => Initialized::Created,
        (_, Some(backup)) => Initialized::Migrated { backup: Some(backup) },
        (_, None) => Initialized::Unchanged,
    })
}

/// Empties an existing database, after a backup whose path is returned.
pub(in crate::db) fn clear(path: &Path, now: Timestamp, progress: &Progress) -> Result<PathBuf, OpenError> {
    Ok(behind_backup(path, now, progress, migrate::clear)?.0)
}

/// Deletes rows that refer to nothing, after a backup whose path is returned, with how many they were.
pub fn delete_dangling(path: &Path, now: Timestamp, progress: &Progress) -> Result<(PathBuf, usize), OpenError> {
    behind_backup(path, now, progress, |transaction| check::delete_dangling(transaction))
}

/// Changes an existing database. Nobody can write between the backup and the end: what the backup does not hold is not
/// lost.
fn behind_backup<T>(
    path: &Path,
    now: Timestamp,
    progress: &Progress,
    change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> Result<(PathBuf, T), OpenError> {
    let because = OpenError::at(path);
    let mut connection = connect(path).map_err(because)?;
    usable(&connection).map_err(because)?;
    for_writing(&connection).map_err(|error| because(reason(error)))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = transaction.map_err(|error| because(reason(error)))?;
    let backup = back_up(&transaction, path, now, progress).map_err(because)?;
    let changed = change(&transaction).and_then(|changed| transaction.commit().map(|()| changed));
    Ok((backup, changed.map_err(|error| because(reason(error)))?))
}

/// What is to be said about an existing database, which is not changed; of each index too, if it is to be `full`.
pub fn look_over(path: &Path, full: bool) -> Result<Findings, OpenError> {
    let because = OpenError::at(path);
    let connection = connect(path).map_err(because)?;
    if usable(&connection).map_err(because)? == Identity::Empty {
        return Err(because(Reason::Empty));
    }
    check::findings(&connection, full).map_err(|error| because(reason(error)))
}

/// Brings an existing database up to date, which [`Db::open`](crate::db::Db::open) does too, but without a word.
pub(in crate::db) fn bring_up_to_date(path: &Path, now: Timestamp, progress: &Progress) -> Result<(), OpenError> {
    let connection = open_telling(path, now, progress)?;
    // What is in the log is left to the writer, which hears of a failure to copy it.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(|error| OpenError::sqlite(path, error))?;
    Ok(())
}

/// The writing connection to an existing database, which is migrated first.
pub(in crate::db) fn open(path: &Path, now: Timestamp) -> Result<Connection, OpenError> {
    open_telling(path, now, &Progress::ignored())
}

fn open_telling(path: &Path, now: Timestamp, progress: &Progress) -> Result<Connection, OpenError> {
    let because = OpenError::at(path);
    let mut connection = connect(path).map_err(because)?;
    let identity = usable(&connection).map_err(because)?;
    if identity == Identity::Empty {
        return Err(because(Reason::Empty));
    }
    bring_up(&mut connection, &identity, path, now, progress).map_err(because)?;
    Ok(connection)
}

/// A reading connection to a database that [`open`] has opened, or else [`look_at_read_only`].
pub(super) fn open_to_read(path: &Path, read_only: bool) -> Result<Connection, OpenError> {
    let because = |error| OpenError::at(path)(reason(error));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = if read_only && !has_log(path) {
        // SQLite would make files for the log. Of a file that cannot change it needs none.
        let uri = format!("file:{}?immutable=1", percent_encode(path.as_os_str().as_bytes(), NON_ALPHANUMERIC));
        Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).map_err(because)?
    } else {
        Connection::open_with_flags(path, flags).map_err(because)?
    };
    for_reading(&connection).map_err(because)?;
    Ok(connection)
}

/// Makes sure that a database on a read-only file system can be served as it is.
pub(super) fn look_at_read_only(path: &Path) -> Result<(), OpenError> {
    let because = OpenError::at(path);
    let connection = match open_to_read(path, true) {
        Err(OpenError { reason: Reason::Sqlite(error), .. }) if has_log(path) => {
            return Err(because(Reason::ReadOnlyWithLog(error)));
        }
        opened => opened?,
    };
    match usable(&connection) {
        Ok(Identity::Empty) => Err(because(Reason::Empty)),
        Ok(identity) if migrate::done(&identity) < migrate::LATEST => Err(because(Reason::ReadOnlyOutdated)),
        Ok(_) => Ok(()),
        Err(reason) => Err(because(reason)),
    }
}

/// Whether there is a log with what the database does not have yet.
pub(super) fn has_log(path: &Path) -> bool {
    fs::metadata(log_of(path)).is_ok_and(|log| log.len() > 0)
}

/// Creates the file for its owner alone, if there is none: passwords' hashes will be in it.
pub(super) fn create_file(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

pub(super) fn connect(path: &Path) -> Result<Connection, Reason> {
    // SQLite would say "unable to open database file" of everything; the system says why. Only before this process has
    // a connection: closing the file drops the locks of all of them (https://sqlite.org/howtocorrupt.html, 2.2).
    if let Err(error) = OpenOptions::new().read(true).write(true).open(path) {
        let missing = error.kind() == io::ErrorKind::NotFound;
        return Err(if missing { Reason::Missing } else { Reason::Unreachable(error) });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(reason)?;
    wait_for_others(&connection, true).map_err(reason)?;
    Ok(connection)
}

/// Sets whether a statement waits when another process holds the database, or is busy at once.
pub(super) fn wait_for_others(connection: &Connection, wait: bool) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(if wait { BUSY_SECONDS_MAX } else { 0 }))
}

pub(super) fn usable(connection: &Connection) -> Result<Identity, Reason> {
    match identify(connection).map_err(reason)? {
        Identity::Foreign(why) => Err(Reason::Foreign(why)),
        Identity::Ours(version) if version > migrate::LATEST => Err(Reason::Newer(version)),
        identity => Ok(identity),
    }
}

/// Migrates a database, behind a backup if it holds anything; returns the backup's path.
fn bring_up(
    connection: &mut Connection,
    identity: &Identity,
    path: &Path,
    now: Timestamp,
    progress: &Progress,
) -> Result<Option<PathBuf>, Reason> {
    let mut backup = None;
    if *identity != Identity::Empty && migrate::done(identity) < migrate::LATEST {
        let locked = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(reason)?;
        backup = Some(back_up(&locked, path, now, progress)?);
    }
    for_writing(connection).and_then(|()| migrate::migrate(connection, progress)).map_err(reason)?;
    Ok(backup)
}

/// Copies the database while `_locked` keeps every other process from writing.
fn back_up(_locked: &Transaction<'_>, path: &Path, now: Timestamp, progress: &Progress) -> Result<PathBuf, Reason> {
    // A connection cannot be copied from while it writes.
    let source = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(reason)?;
    backup::copy(&source, path, &clock::as_file_name(now), progress).map_err(Reason::Backup)
}

/// Each commit is on disk when it returns: WAL with `synchronous=FULL`.
/// <https://sqlite.org/pragma.html#pragma_synchronous>
fn for_writing(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(rusqlite::Error::InvalidParameterName(format!(
            "its file system has no write-ahead log (journal_mode stays {mode})"
        )));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    harden(connection)
}

pub(super) fn for_reading(connection: &Connection) -> rusqlite::Result<()> {
    wait_for_others(connection, true)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    harden(connection)
}

/// A file from elsewhere must not run code of its own, and memory-mapped I/O turns a disk error into a crash.
/// <https://sqlite.org/security.html>
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Else a statement is planned anew for each value that it is given, which takes longer than to run it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}
