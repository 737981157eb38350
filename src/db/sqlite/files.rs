//! Whether the files that are open are still the ones that have the names.
//!
//! A file that was deleted or replaced can be written to as long as it is open, and nobody will ever find what was
//! written.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Which file it is: its device and its number there.
type Identity = (u64, u64);

/// The database, its log and the log's index, as they are while it is open.
#[derive(Debug)]
pub(super) struct Files([(PathBuf, Identity); 3]);

impl Files {
    /// Those of a database that is open.
    pub(super) fn of(database: &Path) -> io::Result<Self> {
        let known = |path: PathBuf| identity(&path).map(|identity| (path, identity));
        Ok(Self([known(database.to_owned())?, known(log_of(database))?, known(beside(database, "-shm"))?]))
    }

    /// The first that is not under its name any more.
    pub(super) fn missing(&self) -> Option<&Path> {
        let is_missing = |(path, known): &&(PathBuf, Identity)| {
            // Anything else, like no file descriptor, does not mean that it is gone.
            identity(path).map_or_else(|error| error.kind() == io::ErrorKind::NotFound, |found| found != *known)
        };
        self.0.iter().find(is_missing).map(|(path, _)| path.as_path())
    }
}

fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

/// The log of a database.
pub fn log_of(database: &Path) -> PathBuf {
    beside(database, "-wal")
}

/// SQLite puts its other files beside the database itself, not beside a link to it.
pub(super) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut path = OsString::from(fs::canonicalize(database).unwrap_or_else(|_| database.to_owned()));
    path.push(suffix);
    path.into()
}
