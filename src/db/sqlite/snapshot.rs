//! Backups of a database that is in use, and what they are worth.
//!
//! Pages are copied by SQLite's backup interface from a connection that holds one snapshot for as long. Without it a
//! copy begins anew whenever another process writes, so that under a steady load it never ends; `VACUUM INTO` holds one
//! too, but builds each index anew, says nothing of how far it is, and does not keep the pages as they are. Nobody who
//! writes waits for a snapshot: the log grows until it ends.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::file::{connect, for_reading, open_to_read, usable};
use super::identity::Identity;
use super::progress::Progress;
use super::{backup, check, files, migrate};
use crate::clock;
use crate::db::open_error::{OpenError, Reason, reason};

/// Rows of what people have made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accounts.
    pub users: i64,
    /// Posts that are published.
    pub posts: i64,
    /// Comments, of those that wait too.
    pub comments: i64,
    /// Pictures.
    pub images: i64,
}

/// A database file that was looked over, and is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What is in it.
    pub counts: Counts,
    /// How many migrations were done on it.
    pub schema: usize,
    /// Its length, in bytes.
    pub bytes: u64,
}

/// Under which name a backup is kept.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// In this directory, under a name of its own.
    Directory(&'a Path),
    /// This file, which may be replaced.
    File(&'a Path, Replace),
}

/// Whether a file that is there is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// It is.
    Yes,
    /// That is an error.
    No,
}

/// Backs up a database while others write to it. The file appears under its name only when it is whole, looked over, and on
/// disk.
pub fn back_up(
    database: &Path,
    place: Place<'_>,
    now: Timestamp,
    progress: &Progress,
) -> Result<(PathBuf, Verified), OpenError> {
    let because = OpenError::at(database);
    let source = connect(database).map_err(because)?;
    if usable(&source).map_err(because)? == Identity::Empty {
        return Err(because(Reason::Empty));
    }
    for_reading(&source).map_err(|error| because(reason(error)))?;
    let directory = match place {
        Place::Directory(directory) => directory,
        Place::File(file, _) => directory_of(file),
    };
    if matches!(place, Place::Directory(_)) && is_same(directory, directory_of(database)) {
        return Err(because(Reason::Copy(io::Error::other(
            "its own directory is for copies made before a change: name another",
        ))));
    }
    let lock = lock(directory).map_err(|error| because(Reason::Copy(error)))?;
    let base = directory.join(database.file_name().unwrap_or_default());
    let unfinished = base.with_added_extension("backup-unfinished");
    let made = backup::by_way_of(&unfinished, |unfinished| {
        let verified = write(&source, unfinished, progress)?;
        let path = match place {
            Place::Directory(_) => backup::name(unfinished, &base, &clock::as_file_name(now))?,
            Place::File(file, replace) => name(unfinished, file, replace)?,
        };
        Ok((path, verified))
    });
    drop(lock);
    made.map_err(|error| because(Reason::Copy(error)))
}

/// The directory that a file is in.
pub(super) fn directory_of(file: &Path) -> &Path {
    file.parent().filter(|directory| *directory != Path::new("")).unwrap_or(Path::new("."))
}

fn is_same(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).is_ok_and(|one| fs::canonicalize(other).is_ok_and(|other| one == other))
}

/// One backup at a time is made in a directory: the file that is not finished has one name, so that the next one takes the
/// room of one that was killed.
pub(super) fn lock(directory: &Path) -> io::Result<File> {
    let shown = directory.display();
    let said = |error: io::Error| io::Error::new(error.kind(), format!("{shown}: {error}"));
    let file = File::open(directory).map_err(said)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::other(format!("{shown}: another backup or copy is being made there")))
        }
        Err(TryLockError::Error(error)) => Err(said(error)),
    }
}

fn write(source: &Connection, unfinished: &Path, progress: &Progress) -> io::Result<Verified> {
    let snapshot = Transaction::new_unchecked(source, TransactionBehavior::Deferred).map_err(io::Error::other)?;
    let counts = count(&snapshot).map_err(io::Error::other)?;
    backup::write(&snapshot, unfinished, progress)?;
    drop(snapshot);
    let verified = verify(unfinished).map_err(|error| io::Error::other(format!("the copy is not whole: {error}")))?;
    if verified.counts == counts {
        Ok(verified)
    } else {
        Err(io::Error::other(format!("the copy is not whole: it has {:?} of {counts:?}", verified.counts)))
    }
}

fn name(unfinished: &Path, file: &Path, replace: Replace) -> io::Result<PathBuf> {
    match replace {
        Replace::Yes => fs::rename(unfinished, file),
        Replace::No => fs::hard_link(unfinished, file), // unlike a rename it replaces nothing
    }
    .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?;
    backup::sync_directory_of(file)?;
    Ok(file.to_owned())
}

/// Looks a database file over, and changes nothing: whether it is one of ours, of a schema that is known, with every
/// page in its place.
pub fn verify(path: &Path) -> Result<Verified, OpenError> {
    let because = OpenError::at(path);
    let sqlite = |error| because(unsound(reason(error)));
    let bytes = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => because(Reason::Gone),
        _ => because(Reason::Unreachable(error)),
    })?;
    // With no log there is nobody who uses it, and nothing is to be made beside it.
    let is_alone = !files::log_of(path).exists();
    let connection = open_to_read(path, is_alone).map_err(|error| because(unsound(error.reason)))?;
    let identity = usable(&connection).map_err(unsound).map_err(because)?;
    if identity == Identity::Empty {
        return Err(because(Reason::NotADatabase));
    }
    if !check::broken_pages(&connection, false).map_err(sqlite)?.is_empty() {
        return Err(because(Reason::Unsound));
    }
    let counts = count(&connection).map_err(sqlite)?;
    Ok(Verified { counts, schema: migrate::done(&identity), bytes: bytes.len() })
}

fn unsound(reason: Reason) -> Reason {
    if matches!(reason, Reason::Damaged) { Reason::Unsound } else { reason }
}

/// Counts in one snapshot. A database of an older schema has no table of what it does not know.
pub(super) fn count(connection: &Connection) -> rusqlite::Result<Counts> {
    let of = |table: &str| {
        let known = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1";
        match connection.query_row(known, [table], |row| row.get::<_, i64>(0))? {
            0 => Ok(0),
            _ => connection.query_row(&format!(r#"SELECT count(*) FROM "{table}""#), [], |row| row.get(0)),
        }
    };
    Ok(Counts { users: of("user")?, posts: of("post")?, comments: of("comment")?, images: of("image")? })
}

/// A file that nobody uses, to copy from.
pub(super) fn open_alone(path: &Path) -> Result<Connection, OpenError> {
    if files::log_of(path).exists() {
        return Err(OpenError::at(path)(Reason::HasLog));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(|error| OpenError::sqlite(path, error))
}
