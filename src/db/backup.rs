//! A consistent copy of a live database.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

/// Pages copied between two looks at the source's lock: 1 MiB.
const PAGES_PER_STEP: i32 = 256;

/// Copies the whole database to a new file beside it, whose path it returns.
///
/// The file appears under its name only when it is complete and on disk, and never in the place of another.
pub(super) fn copy(source: &Connection, database: &Path, time: &str) -> io::Result<PathBuf> {
    let unfinished = database.with_added_extension(format!("backup-{time}.unfinished"));
    // For its owner alone, like the database: passwords' hashes are in it.
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    write(source, &unfinished).map_err(io::Error::other)?;
    File::open(&unfinished)?.sync_all()?;
    let target = name(&unfinished, database, time)?;
    fs::remove_file(&unfinished)?;
    target.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())?;
    Ok(target)
}

fn write(source: &Connection, target: &Path) -> rusqlite::Result<()> {
    let mut target = Connection::open(target)?;
    Backup::new(source, &mut target)?.run_to_completion(PAGES_PER_STEP, Duration::ZERO, None)?;
    // One file that needs no -wal beside it.
    target.pragma_update(None, "journal_mode", "DELETE")
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
