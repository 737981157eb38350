//! A new database file that has its name only when it is filled, and on disk.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rusqlite::{Connection, Transaction};

use super::files::beside;
use super::{backup, migrate, snapshot};
use crate::db::copy::{CopyError, write};

/// Makes a database, and has it filled. A file that is there is never replaced.
pub(in crate::db) fn make<T>(
    path: &Path,
    fill: impl FnOnce(&Transaction<'_>) -> Result<T, CopyError>,
) -> Result<T, CopyError> {
    // A log of another database would be taken for its own.
    let beside = [path.to_owned(), beside(path, "-wal"), beside(path, "-journal")];
    if let Some(existing) = beside.iter().find(|path| fs::symlink_metadata(path).is_ok()) {
        return Err(CopyError::Exists(existing.clone()));
    }
    let cannot = |error| CopyError::Make(path.to_owned(), error);
    let lock = snapshot::lock(snapshot::directory_of(path)).map_err(cannot)?;
    let mut refused = None;
    let made = backup::by_way_of(&path.with_added_extension("copy-unfinished"), |unfinished| {
        let filled = filled(unfinished, fill).map_err(|error| {
            refused = Some(error);
            io::Error::other("it was not filled")
        })?;
        File::open(unfinished)?.sync_all()?;
        fs::hard_link(unfinished, path)?; // unlike a rename it replaces nothing
        backup::sync_directory_of(path)?;
        Ok(filled)
    });
    drop(lock);
    made.map_err(|error| refused.unwrap_or_else(|| cannot(error)))
}

fn filled<T>(unfinished: &Path, fill: impl FnOnce(&Transaction<'_>) -> Result<T, CopyError>) -> Result<T, CopyError> {
    let mut connection = Connection::open(unfinished).map_err(write)?;
    // Nobody needs what is in it before it is whole, and on disk.
    for (name, value) in [("journal_mode", "MEMORY"), ("synchronous", "OFF"), ("foreign_keys", "OFF")] {
        connection.pragma_update(None, name, value).map_err(write)?;
    }
    let transaction = connection.transaction().map_err(write)?;
    migrate::clear(&transaction).map_err(write)?;
    let filled = fill(&transaction)?;
    transaction.commit().map_err(write)?;
    connection.close().map_err(|(_, error)| write(error))?;
    Ok(filled)
}
