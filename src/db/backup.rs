//! A consistent copy of a live database.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

/// All pages in one step: whoever makes a backup keeps others from writing meanwhile.
const ALL_PAGES: i32 = -1;

/// Copies the whole database to a new file beside it, whose path it returns.
///
/// The file appears under its name only when it is complete and on disk, and never in the place of another.
pub(super) fn copy(source: &Connection, database: &Path, time: &str) -> io::Result<PathBuf> {
    let unfinished = database.with_added_extension("backup-unfinished");
    let copied = copy_by_way_of(&unfinished, source, database, time);
    let _ = fs::remove_file(&unfinished); // it has another name by now, or is of no use
    copied
}

fn copy_by_way_of(unfinished: &Path, source: &Connection, database: &Path, time: &str) -> io::Result<PathBuf> {
    // For its owner alone, like the database: passwords' hashes are in it.
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(unfinished)?;
    write(source, unfinished)?;
    File::open(unfinished)?.sync_all()?;
    let target = name(unfinished, database, time)?;
    target.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())?;
    Ok(target)
}

fn write(source: &Connection, target: &Path) -> io::Result<()> {
    let mut target = Connection::open(target).map_err(io::Error::other)?;
    let step = Backup::new(source, &mut target).and_then(|backup| backup.step(ALL_PAGES));
    if step.map_err(io::Error::other)? != StepResult::Done {
        return Err(io::Error::other("another process holds it"));
    }
    // One file that needs no -wal beside it.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(io::Error::other)
}

/// Names the file by its time, and by a number where that name is taken. A link, unlike a rename, replaces nothing.
fn name(unfinished: &Path, database: &Path, time: &str) -> io::Result<PathBuf> {
    let mut number = 1;
    loop {
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        let target = database.with_added_extension(format!("backup-{time}{suffix}"));
        match fs::hard_link(unfinished, &target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            linked => return linked.map(|()| target),
        }
    }
}
