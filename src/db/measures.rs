//! What is measured of the database, for whoever watches over the site.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use jiff::Timestamp;

use super::Db;
use super::sqlite::log_of;
use crate::measure::{Counter, Distribution, Histogram};

/// Bounds of the time of a commit, in microseconds: from a fast disk's sync to a lock that is waited for.
const COMMIT_BOUNDS: &[u64] =
    &[250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];
/// Bounds of the time that a read waits for a thread, in microseconds.
const WAIT_BOUNDS: &[u64] = &[50, 100, 250, 500, 1_000, 5_000, 25_000, 100_000, 500_000, 1_000_000];
/// Bounds of the number of writes in one transaction, up to the most there may be.
const GROUP_BOUNDS: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256];

/// What the threads of a database count.
#[derive(Debug)]
pub(super) struct Meters {
    /// Where it is, if it is a file.
    path: Option<PathBuf>,
    pub(super) commit_time: Histogram,
    pub(super) group_jobs: Histogram,
    pub(super) failed_transactions: Counter,
    pub(super) failed_checkpoints: Counter,
    pub(super) read_wait: Histogram,
    /// Seconds since 1970, 0 before the first one.
    last_commit: AtomicI64,
    index_is_behind: AtomicBool,
}

impl Meters {
    /// Of the database, which is this file if it is one.
    pub(super) fn new(path: Option<&Path>) -> Self {
        Self {
            path: path.map(Path::to_owned),
            commit_time: Histogram::new(COMMIT_BOUNDS),
            group_jobs: Histogram::new(GROUP_BOUNDS),
            failed_transactions: Counter::default(),
            failed_checkpoints: Counter::default(),
            read_wait: Histogram::new(WAIT_BOUNDS),
            last_commit: AtomicI64::new(0),
            index_is_behind: AtomicBool::new(false),
        }
    }

    /// Something was committed.
    pub(super) fn committed(&self, took: Duration, now: Timestamp) {
        self.commit_time.observe_time(took);
        self.last_commit.store(now.as_second(), Relaxed);
    }

    /// Whether posts waited to be indexed when this was last looked at.
    pub(super) fn index_is_behind(&self, is_behind: bool) {
        self.index_is_behind.store(is_behind, Relaxed);
    }
}

/// How a database does. Counts are since it was opened.
#[derive(Clone, Debug)]
pub struct Measures {
    /// Writes that wait, and most that may.
    pub write_queue: [usize; 2],
    /// Reads that wait, and most that may.
    pub read_queue: [usize; 2],
    /// How long transactions that changed something took, from their first statement until they were on disk, in
    /// microseconds.
    pub commit_time: Distribution,
    /// How many writes were in one transaction.
    pub group_jobs: Distribution,
    /// Transactions of which nothing was stored, because of the disk, of damage or of another process.
    pub failed_transactions: u64,
    /// Times that the log could not be copied into the database.
    pub failed_checkpoints: u64,
    /// How long reads waited for a thread, in microseconds.
    pub read_wait: Distribution,
    /// When something was last stored, in seconds since 1970; 0 if nothing was yet.
    pub last_commit: i64,
    /// Whether posts waited to be indexed for the search when it was last looked.
    pub index_is_behind: bool,
    /// Length of the database, if it can be seen.
    pub database_bytes: Option<u64>,
    /// Length of its log: what is in it is copied into the database now and then, and it stays as long as it was.
    pub log_bytes: Option<u64>,
}

impl Db {
    /// How it does now. This looks at files, and so may wait for a disk.
    pub fn measures(&self) -> Measures {
        let meters = &self.meters;
        let bytes = |path: &Path| fs::metadata(path).ok().map(|file| file.len());
        Measures {
            write_queue: self.writer.queue(),
            read_queue: self.readers.queue(),
            commit_time: meters.commit_time.distribution(),
            group_jobs: meters.group_jobs.distribution(),
            failed_transactions: meters.failed_transactions.get(),
            failed_checkpoints: meters.failed_checkpoints.get(),
            read_wait: meters.read_wait.distribution(),
            last_commit: meters.last_commit.load(Relaxed),
            index_is_behind: meters.index_is_behind.load(Relaxed),
            database_bytes: meters.path.as_deref().and_then(bytes),
            log_bytes: meters.path.as_deref().and_then(|path| bytes(&log_of(path))),
        }
    }
}
