//! Whether the file is known to be damaged: found by whoever reads it, heeded by the one who writes.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rusqlite::Connection;
use tracing::{error, info};

use super::check;
use crate::db::error::{Error, Result};

/// A look over the whole file is followed by a pause of so many times its length.
const PAUSE_FACTOR: u32 = 10;

/// What is known of the damage to a file.
///
/// Once anything is found to be damaged nothing is written any more: it would spread, into the backups too. But SQLite
/// calls it damage too if a disk fails to read (`SQLITE_IOERR_CORRUPTFS`), and that may pass.
#[derive(Debug)]
pub(in crate::db) struct Damage {
    path: PathBuf,
    found: Mutex<Option<Found>>,
}

#[derive(Debug)]
struct Found {
    error: Error,
    next_look: Instant,
}

impl Damage {
    /// None that is known.
    pub(in crate::db) fn none(path: &Path) -> Self {
        Self { path: path.to_owned(), found: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Found>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why nothing is to be written, if so.
    pub(in crate::db) fn error(&self) -> Option<Error> {
        self.lock().as_ref().map(|found| found.error.clone())
    }

    /// Takes note of an answer that speaks of damage, and says so once.
    pub(in crate::db) fn heed<T>(&self, answer: Result<T>) -> Result<T> {
        if let Err(damage @ Error::Damaged(why)) = &answer {
            self.lock().get_or_insert_with(|| {
                let path = self.path.display();
                error!(
                    "the database {path} is damaged, or its disk is: {why}; nothing is written to it any more. \
                     `flaskr-admin check` says more. Stop the service, put a backup in its place, without {path}-wal, \
                     and start it"
                );
                Found { error: damage.clone(), next_look: Instant::now() }
            });
        }
        answer
    }

    /// Looks from time to time whether the disk can be read again, and all is well on it.
    pub(in crate::db) fn look_again(&self, connection: &Connection) {
        let begun = Instant::now();
        if self.lock().as_ref().is_none_or(|found| found.next_look > begun) {
            return;
        }
        let is_whole = check::is_whole(connection);
        let mut found = self.lock();
        if is_whole {
            info!("the database {} is whole, and is written to again", self.path.display());
            *found = None;
        } else if let Some(found) = found.as_mut() {
            found.next_look = Instant::now() + PAUSE_FACTOR * begun.elapsed();
        }
    }
}
