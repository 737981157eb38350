//! The write-ahead log: commits go there, and from there into the database.
//!
//! SQLite would do that by itself, but keep a failure to itself, and try again what cannot be tried again.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::hooks::Wal as Hooked;
use tracing::{error, info, warn};

use super::file;
use crate::db::error::{Error, Result};
use crate::measure::Counter;

/// Pages in the log from which on it goes into the database: what SQLite does by itself.
const CHECKPOINT_PAGES: i32 = 1000;
/// Length of the log, in bytes, from which on writes wait for readers, so that it can begin anew; and again each time
/// it has doubled.
const WAIT_BYTES: u64 = 16 * 1024 * 1024;
/// Length of the log, in bytes, from which on the administrator hears of it, each time it has doubled.
const WARN_BYTES: u64 = 4 * WAIT_BYTES;

/// How long writes wait for them, in milliseconds: much longer than a page is read. Whoever reads on then, like a backup, keeps
/// its snapshot, and the log grows meanwhile.
const WAIT_MS: u64 = 250;

/// The log of a connection that writes.
#[derive(Debug)]
pub(super) struct Wal {
    path: PathBuf,
    page_bytes: u64,
    /// Pages in it after the last commit.
    pages: Arc<AtomicI32>,
    /// Length at which to wait for readers next.
    wait_bytes: u64,
    /// Whether it could not be copied the last time, which is said once.
    stuck: bool,
}

impl Wal {
    /// Takes the log over from SQLite. What an earlier process has left in it goes into the database now: if that
    /// process ended because the disk had failed, then the log may be in the system's memory only.
    pub(super) fn take_over(connection: &mut Connection, path: PathBuf) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&pages);
        let hook = move |_: &mut Hooked, pages| {
            seen.store(pages, Ordering::Relaxed);
            Ok(())
        };
        connection.wal_hook(Some(hook))?;
        // A log that has once been long gives its space back.
        connection.pragma_update(None, "journal_size_limit", WAIT_BYTES.cast_signed())?;
        let frames = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(1))?;
        if has_lost(&path, frames.try_into().unwrap_or(0)).unwrap_or(false) {
            keep_damaged(&path);
        }
        empty(connection)?;
        let page_bytes: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        Ok(Self { path, page_bytes: page_bytes.cast_unsigned(), pages, wait_bytes: WAIT_BYTES, stuck: false })
    }

    /// Copies the log into the database when it is long enough, so that it can begin anew. As long as that fails the log
    /// grows, and commits are as safe there; but of a failed fsync nobody can tell what it has spoilt.
    /// Each failure is counted.
    pub(super) fn checkpoint(&mut self, connection: &Connection, failures: &Counter) -> Result<()> {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < CHECKPOINT_PAGES {
            self.wait_bytes = WAIT_BYTES;
            return Ok(());
        }
        let path = self.path.display().to_string();
        let copied = self.copy(connection, self.page_bytes * u64::from(pages.cast_unsigned())).map_err(Error::from);
        if copied.is_err() {
            failures.count();
        }
        match copied {
            Err(failure @ Error::Unknown(_)) => return Err(failure),
            Err(error) if !self.stuck => {
                self.stuck = true;
                error!("cannot copy {path} into the database: {error}; it grows until it can be copied");
            }
            Ok(()) if self.stuck => {
                self.stuck = false;
                info!("can copy {path} into the database again");
            }
            _ => (),
        }
        Ok(())
    }

    fn copy(&mut self, connection: &Connection, bytes: u64) -> rusqlite::Result<()> {
        if bytes < self.wait_bytes {
            return checkpoint(connection, "PASSIVE").map(|_| ());
        }
        self.wait_bytes = 2 * bytes;
        if !waiting_a_moment(connection, "RESTART")? && bytes >= WARN_BYTES {
            let (path, mib) = (self.path.display(), bytes / 1024 / 1024);
            warn!("{path} has grown to {mib} MiB: another program keeps on reading; `fuser -v {path}` shows which");
        }
        Ok(())
    }
}

/// Copies all of the log into the database and makes it empty, unless somebody reads it.
pub(super) fn empty(connection: &Connection) -> rusqlite::Result<()> {
    waiting_a_moment(connection, "TRUNCATE").map(|_| ())
}

/// Whether transactions are behind the place from which on the log could not be read. The last one may be: power failed
/// while it was written, and nobody was told that it was. Each one before it was on disk before the next was begun.
/// <https://sqlite.org/fileformat2.html#walformat>
fn has_lost(path: &Path, frames_read: u64) -> io::Result<bool> {
    const HEADER_BYTES: u64 = 32;
    const FRAME_HEADER_BYTES: u64 = 24;
    let log = File::open(path)?;
    let (mut page_bytes, mut salt) = ([0; 4], [0; 8]);
    log.read_exact_at(&mut page_bytes, 8)?;
    log.read_exact_at(&mut salt, 16)?;
    let frame_bytes = FRAME_HEADER_BYTES + u64::from(u32::from_be_bytes(page_bytes));

    let mut commits = 0;
    let (mut at, mut frame) = (HEADER_BYTES + frames_read * frame_bytes, [0; 12]);
    while commits < 2 && log.read_exact_at(&mut frame, at + 4).is_ok() {
        let (pages_after_commit, frame_salt) = frame.split_at(4);
        commits += usize::from(frame_salt == salt && pages_after_commit != [0; 4]);
        at += frame_bytes;
    }
    Ok(commits == 2)
}

fn keep_damaged(path: &Path) {
    let kept = path.with_added_extension("damaged");
    let copied = fs::copy(path, &kept);
    let (path, kept) = (path.display(), kept.display());
    let lost = format!("{path} was damaged, and what was written last is lost");
    match copied {
        Ok(_) => error!("{lost}; the log as it was is in {kept}"),
        Err(error) => error!("{lost}; the log cannot be kept as {kept}: {error}"),
    }
}

/// The same, but of those who read an old snapshot some never end.
fn waiting_a_moment(connection: &Connection, mode: &str) -> rusqlite::Result<bool> {
    connection.busy_timeout(Duration::from_millis(WAIT_MS))?;
    let done = checkpoint(connection, mode);
    file::wait_for_others(connection, true)?;
    done
}

/// Says whether nobody was in the way.
fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<bool> {
    let was_busy = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    Ok(connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], was_busy)? == 0)
}
