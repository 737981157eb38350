//! What the writer writes to: its connection, the files behind it, and what to do when the disk fails.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tracing::{error, info, warn};

use super::damage::Damage;
use super::files::{Files, log_of};
use super::progress::Progress;
use super::wal::{self, Wal};
use super::{backup, file};
use crate::clock;
use crate::db::connection::Connection as Door;
use crate::db::engine;
use crate::db::error::{Error, Result};
use crate::db::generation;
use crate::db::measures::Meters;
use crate::db::open_error::OpenError;
use crate::db::search;

/// The database as its one writer has it.
#[derive(Debug)]
pub(in crate::db) struct Store {
    path: PathBuf,
    /// `None` as long as its disk has been read-only, or full, since the start.
    open: Option<Open>,
    read_only: Arc<AtomicBool>,
    damage: Arc<Damage>,
    generation: Arc<generation::State>,
    meters: Arc<Meters>,
    /// Whether the last commit found the disk at fault, which is said once.
    impaired: bool,
    /// Why nothing more can be written.
    failure: Option<String>,
    /// When it was opened, by the calendar and by the clock that nobody sets.
    opened: (Timestamp, Instant),
}

#[derive(Debug)]
struct Open {
    connection: Connection,
    files: Files,
    wal: Wal,
}

impl Store {
    /// Opens an existing database, migrating it first if it is older than this program.
    pub(in crate::db) fn open(
        path: &Path,
        now: Timestamp,
        damage: Arc<Damage>,
        generation: Arc<generation::State>,
        meters: Arc<Meters>,
    ) -> std::result::Result<Self, OpenError> {
        let open = match Open::new(path, now) {
            Err(error) if error.is_unwritable() => {
                file::look_at_read_only(path)?;
                warn!("{error}: showing what is there, storing nothing until it can be written");
                None
            }
            opened => Some(opened?),
        };
        let read_only = Arc::new(AtomicBool::new(open.is_none()));
        let opened = (now, Instant::now());
        Ok(Self {
            path: path.to_owned(),
            open,
            read_only,
            damage,
            generation,
            meters,
            impaired: false,
            failure: None,
            opened,
        })
    }

    /// Whether nothing can be written since the start; it tells when that ends.
    pub(in crate::db) fn read_only(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.read_only)
    }

    /// Says once that the disk does not work; remembers what cannot be mended here.
    fn heed(&mut self, error: &Error) {
        let path = self.path.display();
        match error {
            Error::Unknown(why) => {
                self.failure = Some(format!("what was written last to the database {path} may not be on disk: {why}"));
            }
            Error::Disk(why) if !self.impaired => {
                error!("cannot write to the database {path}: {why}; nothing is stored until it can be written");
                self.impaired = true;
            }
            _ => (),
        }
    }

    fn look_at_damage(&self) {
        if let Some(Open { connection, .. }) = &self.open {
            self.damage.look_again(connection);
        }
    }

    /// Looks whether the disk can be written by now.
    ///
    /// Where the readers had to read a log, this process has its index open to read it only, and cannot open another.
    fn open_again(&mut self) -> Option<String> {
        match Open::new(&self.path, self.now()) {
            Ok(open) => {
                self.open = Some(open);
                self.read_only.store(false, Ordering::Release);
                info!("can write to the database {} again", self.path.display());
                None
            }
            Err(error) if error.is_unwritable() => None,
            Err(error) => Some(format!("the disk can be written again, but only by a new process: {error}")),
        }
    }

    /// Closing would copy the log into the database, and ask the disk once more for what it has failed to do.
    fn leave_log(&self) {
        if let Some(Open { connection, .. }) = &self.open {
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true); // of a known option
        }
    }

    /// Keeps what the open files hold, which nobody can find any more.
    fn rescue(&self) {
        let Some(Open { connection, .. }) = &self.open else { return };
        // A log that stayed behind would be taken for that of another file in this place.
        if let Err(error) = wal::empty(connection) {
            error!(
                "cannot empty {}: {error}; delete it before another database takes the place",
                log_of(&self.path).display()
            );
        }
        match backup::copy(connection, &self.path, &clock::as_file_name(self.now()), &Progress::ignored()) {
            Ok(copy) => warn!("the database as it was is in {}", copy.display()),
            Err(error) => error!("cannot keep the database as it was: {error}"),
        }
    }

    fn now(&self) -> Timestamp {
        let (time, instant) = self.opened;
        time.checked_add(jiff::SignedDuration::try_from(instant.elapsed()).unwrap_or_default()).unwrap_or(time)
    }
}

impl engine::Store for Store {
    fn commit(&mut self, work: &mut dyn FnMut(Door<'_>) -> Result<()>) -> Result<()> {
        let Some(Open { connection, files, .. }) = &self.open else {
            self.meters.failed_transactions.count();
            return Err(Error::Disk("the disk could not be written at the start".into()));
        };
        let (changes, begun) = (connection.total_changes(), Instant::now());
        let committed = in_transaction(connection, work).and_then(|()| match files.missing() {
            Some(path) => Err(Error::Unknown(format!("{} was deleted or replaced", path.display()).into())),
            None => Ok(()),
        });
        let has_written = connection.total_changes() > changes;
        if has_written {
            self.generation.moved(); // before anybody is told
        }
        match &committed {
            Ok(()) if has_written => self.meters.committed(begun.elapsed(), self.now()),
            Ok(()) => (),
            Err(_) => self.meters.failed_transactions.count(),
        }
        match &committed {
            Err(error) => self.heed(error),
            Ok(()) if self.impaired && has_written => {
                self.impaired = false;
                info!("can write to the database {} again", self.path.display());
            }
            Ok(()) => (),
        }
        committed
    }

    fn index(&mut self) -> Result<bool> {
        let Some(Open { connection, .. }) = &self.open else { return Ok(false) };
        // Of damage the writer hears from those who send it work; here nobody does.
        if let Some(damage) = self.damage.error() {
            return Err(damage);
        }
        // Without a transaction first: an idle daemon takes no lock.
        let is_behind = search::is_behind(connection.into());
        self.meters.index_is_behind(matches!(is_behind, Ok(true)));
        let indexed = match is_behind {
            Ok(true) => {
                file::wait_for_others(connection, false)?;
                let committed = self.commit(&mut search::index_next).map(|()| true);
                self.open.as_ref().map_or(Ok(()), |open| file::wait_for_others(&open.connection, true))?;
                committed
            }
            nothing => nothing,
        };
        self.damage.heed(indexed)
    }

    fn look_after(&mut self) -> Option<String> {
        let Some(Open { connection, files, wal }) = &mut self.open else {
            return self.open_again();
        };
        if let Some(missing) = files.missing() {
            let failure = format!("{} was deleted or replaced while in use", missing.display());
            self.rescue();
            return Some(failure);
        }
        if self.failure.is_none()
            && let Err(error) = wal.checkpoint(connection, &self.meters.failed_checkpoints)
        {
            self.heed(&error);
        }
        self.look_at_damage();
        if self.failure.is_some() {
            self.leave_log();
        }
        self.failure.take()
    }
}

impl Open {
    fn new(path: &Path, now: Timestamp) -> std::result::Result<Self, OpenError> {
        let mut connection = file::open(path, now)?;
        let wal = Wal::take_over(&mut connection, log_of(path)).map_err(|error| OpenError::sqlite(path, error))?;
        let files = Files::of(path).map_err(|error| OpenError::unreachable(path, error))?;
        Ok(Self { connection, files, wal })
    }
}

fn in_transaction(connection: &Connection, work: &mut dyn FnMut(Door<'_>) -> Result<()>) -> Result<()> {
    let committed = connection.execute_batch("BEGIN IMMEDIATE").map_err(Error::from).and_then(|()| {
        work(connection.into())?;
        Ok(connection.execute_batch("COMMIT")?)
    });
    if committed.is_err() && !connection.is_autocommit() {
        // Nothing more can be done about a failure here: the next BEGIN will fail, and say so.
        let _ = connection.execute_batch("ROLLBACK");
    }
    committed
}
