//! Which backups in a directory are deleted when a new one is there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::clock;

/// Deletes the oldest backups of a database in a directory, so that `kept` are left, of which `newest` is one whatever its
/// time. Files that [`back_up`](crate::db::back_up) has not named are left alone.
pub fn delete_old_backups(database: &Path, newest: &Path, kept: usize) -> io::Result<Vec<PathBuf>> {
    let prefix = format!("{}.backup-", database.file_name().unwrap_or_default().to_string_lossy());
    let directory = super::snapshot::directory_of(newest);
    let mut others = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.to_str().and_then(|name| name.strip_prefix(&prefix)).is_some_and(clock::is_file_name);
        if is_ours && entry.file_type()?.is_file() && newest.file_name() != Some(&name) {
            others.push(entry.path());
        }
    }
    others.sort();
    let old = others.len().saturating_sub(kept.saturating_sub(1));
    others.into_iter().take(old).map(|path| fs::remove_file(&path).map(|()| path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The newest stay, the one just made above all, and so does whatever is not a backup of ours.
    #[test]
    fn only_old_backups_go() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let foreign = [
            "flaskr.sqlite",
            "flaskr.sqlite.backup-before-the-move",
            "flaskr.sqlite.backup-20200101T000000Z.gz",
            "flaskr.sqlite.backup-20209901T000000Z",
            "other.sqlite.backup-20200101T000000Z",
        ];
        let ours = ["20260101T000000Z", "20260102T000000Z", "20260103T000000Z", "20260103T000000Z-2"]
            .map(|time| format!("flaskr.sqlite.backup-{time}"));
        let files: Vec<_> = foreign.iter().copied().chain(ours.iter().map(String::as_str)).collect();
        for name in &files {
            fs::write(path(name), "").unwrap();
        }
        fs::create_dir(path("flaskr.sqlite.backup-20190101T000000Z")).unwrap();
        // A clock that was wrong: the one just made has the oldest name.
        let [newest, rest @ ..] = ours.each_ref().map(|name| path(name));
        let deleted = delete_old_backups(Path::new("instance/flaskr.sqlite"), &newest, 2).unwrap();
        assert_eq!(deleted, rest[..2]);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), files.len() + 1 - 2);
        assert!(newest.exists() && rest[2].exists());
        assert_eq!(delete_old_backups(Path::new("flaskr.sqlite"), &newest, 1).unwrap(), rest[2..]);
        assert!(newest.exists(), "the last one never goes");
    }
}
