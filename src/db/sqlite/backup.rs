//! A consistent copy of a live database.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::files::beside;
use super::progress::{Progress, Stage};

/// Pages that are copied before somebody hears of it: 16 MiB, of the usual size.
const PAGES_OF_A_STEP: i32 = 4096;

/// Copies the whole database to a new file beside it, whose path it returns.
///
/// Whoever makes a backup keeps others from writing meanwhile. The file appears under its name only when it is complete and on disk, and never in the place of another.
pub(super) fn copy(source: &Connection, database: &Path, time: &str, progress: &Progress) -> io::Result<PathBuf> {
    let unfinished = database.with_added_extension("backup-unfinished");
    by_way_of(&unfinished, |unfinished| {
        write(source, unfinished, progress)?;
        name(unfinished, database, time)
    })
}

/// Makes an empty file for its owner alone, like the database, since passwords' hashes are in it; then has it filled and
/// named. What has no other name by then is of no use.
pub(super) fn by_way_of<T>(unfinished: &Path, work: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(unfinished);
    let done = made.and_then(|_| work(unfinished));
    let _ = fs::remove_file(unfinished);
    let _ = fs::remove_file(beside(unfinished, "-journal")); // SQLite leaves it when the disk is full
    done
}

/// Fills a new file, which is on disk then.
pub(super) fn write(source: &Connection, path: &Path, progress: &Progress) -> io::Result<()> {
    let mut target = Connection::open(path).map_err(io::Error::other)?;
    copy_pages(source, &mut target, progress)?;
    // One file that needs no -wal beside it.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(io::Error::other)?;
    target.close().map_err(|(_, error)| io::Error::other(error))?;
    File::open(path)?.sync_all()
}

/// Copies all pages, in the place of all that was there, in one transaction.
pub(super) fn copy_pages(source: &Connection, target: &mut Connection, progress: &Progress) -> io::Result<()> {
    let backup = Backup::new(source, target).map_err(io::Error::other)?;
    loop {
        let step = backup.step(PAGES_OF_A_STEP).map_err(io::Error::other)?;
        let pages = backup.progress();
        let percent = 100 - 100 * i64::from(pages.remaining) / i64::from(pages.pagecount).max(1);
        progress.tell(Stage::BackingUp { percent: u8::try_from(percent).unwrap_or(100) });
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => (),
            _ => return Err(io::Error::other("another process holds it")),
        }
    }
}

/// Names the file by its time, and by a number where that name is taken. A link, unlike a rename, replaces nothing.
pub(super) fn name(unfinished: &Path, database: &Path, time: &str) -> io::Result<PathBuf> {
    let mut number = 1;
    loop {
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        let target = database.with_added_extension(format!("backup-{time}{suffix}"));
        match fs::hard_link(unfinished, &target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
            Ok(()) => {
                sync_directory_of(&target)?;
                return Ok(target);
            }
        }
    }
}

/// Has the names in a directory on disk.
pub(super) fn sync_directory_of(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|directory| *directory != Path::new(""));
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}
