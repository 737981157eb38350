//! Root becomes the owner of the files it is about to touch.
//!
//! A `-wal` file that root leaves beside the database keeps the daemon from opening it.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

use nix::unistd::{Gid, Uid, geteuid, setgid, setgroups, setuid};

/// If this is root, gives a directory to whoever owns the other.
pub(super) fn give_to_owner_of(directory: &Path, other: &Path) -> io::Result<()> {
    let Ok(metadata) = fs::metadata(other) else { return Ok(()) };
    if geteuid().is_root() { chown(directory, Some(metadata.uid()), Some(metadata.gid())) } else { Ok(()) }
}

/// If this is root, becomes the owner of a directory, for good. A directory that is not there has no owner yet.
pub(super) fn become_owner_of(directory: &Path) -> io::Result<()> {
    let Ok(metadata) = fs::metadata(directory) else { return Ok(()) };
    if !geteuid().is_root() || metadata.uid() == 0 {
        return Ok(());
    }
    setgroups(&[])?;
    setgid(Gid::from_raw(metadata.gid()))?;
    setuid(Uid::from_raw(metadata.uid()))?;
    Ok(())
}
