//! A consistent copy of a live database.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

/// Pages copied between two looks at the source's lock: 1 MiB.
const PAGES_PER_STEP: i32 = 256;

/// Copies the whole database to a new file, which appears under its name only when it is complete and on disk.
pub(super) fn copy(source: &Connection, target: &Path) -> io::Result<()> {
    let unfinished = target.with_added_extension("unfinished");
    write(source, &unfinished).map_err(io::Error::other)?;
    File::open(&unfinished)?.sync_all()?;
    std::fs::rename(&unfinished, target)?;
    target.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

fn write(source: &Connection, target: &Path) -> rusqlite::Result<()> {
    let mut target = Connection::open(target)?;
    Backup::new(source, &mut target)?.run_to_completion(PAGES_PER_STEP, Duration::ZERO, None)?;
    // One file that needs no -wal beside it.
    target.pragma_update(None, "journal_mode", "DELETE")
}
