//! `flaskr-admin backup`: a copy of the database while it is in use.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use jiff::Timestamp;
use serde::Serialize;

use super::failure::Failure;
use super::{Result, count, output, owner, progress, server};
use crate::cli::Output;
use crate::config::Config;
use crate::db::{self, Location, Place, Replace, Verified};
use crate::instance;

/// What the command line says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// A file or a directory.
    pub(super) place: Option<&'a Path>,
    /// How many backups are left in the directory.
    pub(super) keep: Option<u32>,
    /// Whether a file is replaced.
    pub(super) force: bool,
    /// Whether it is well to do nothing where the database is on a server.
    pub(super) if_file: bool,
}

/// A backup, for a script.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    file: &'a Path,
    bytes: u64,
    schema: usize,
    users: i64,
    posts: i64,
    comments: i64,
    images: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<&'a [PathBuf]>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(file: &'a Path, verified: &Verified, deleted: Option<&'a [PathBuf]>) -> Self {
        let Verified { counts, schema, bytes } = *verified;
        let db::Counts { users, posts, comments, images } = counts;
        Self { file, bytes, schema, users, posts, comments, images, deleted }
    }
}

/// What is in a backup, in words.
pub(super) fn contents(verified: &Verified) -> String {
    let of = |number: i64, what| count(usize::try_from(number).unwrap_or_default(), what);
    let db::Counts { users, posts, comments, images } = verified.counts;
    let (users, posts) = (of(users, "user"), of(posts, "post"));
    format!("{users}, {posts}, {}, {}", of(comments, "comment"), of(images, "image"))
}

/// Makes a backup, and deletes old ones if that is wanted.
pub(super) fn run(
    config: &Config,
    wanted: Wanted<'_>,
    output: Output,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<()> {
    if let server @ Location::Server(_) = Location::of(config)
        && wanted.if_file
    {
        return Ok(writeln!(
            out,
            "No backup is made here: the database {server} is on a server, whose own backups are to be used."
        )?);
    }
    let database = server::file_of(config, |server| {
        format!(
            "back it up there, as in `pg_dump --format=custom --file=flaskr.dump {server}`, or `flaskr-admin copy --to FILE`, \
             which a daemon without a server can serve"
        )
    })?;
    let default = config.instance.join("backups");
    let path = wanted.place.unwrap_or(&default);
    let is_directory = wanted.place.is_none() || path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    if !is_directory && wanted.keep.is_some() {
        return Err(format!("--keep is about a directory, and {} is none", path.display()).into());
    }
    if is_directory && !path.exists() {
        let owner = &config.instance;
        fs::metadata(owner).map_err(|error| format!("{}: {error}", owner.display()))?;
        instance::make_directory(path)?;
        owner::give_to_owner_of(path, owner)?;
    }
    if !is_directory && path.exists() && !wanted.force {
        return Err(Failure::Refused(format!("{} is there already: add --force to replace it", path.display())).into());
    }
    owner::become_owner_of(&config.instance)?;
    let replace = if wanted.force { Replace::Yes } else { Replace::No };
    let place = if is_directory { Place::Directory(path) } else { Place::File(path, replace) };
    let (bar, progress) = progress::backup();
    let made = db::back_up(&database, place, now, &progress);
    bar.finish_and_clear();
    let (file, verified) = made?;
    let deleted = delete_old(&database, &file, wanted.keep)
        .map_err(|error| format!("{} is whole, but older ones cannot be deleted: {error}", file.display()))?;
    if output.json {
        return output::json(&Shown::new(&file, &verified, Some(&deleted)), out);
    }
    writeln!(out, "Backed up to {}: {}.", file.display(), contents(&verified))?;
    if !deleted.is_empty() {
        writeln!(out, "Deleted {} that {} older.", count(deleted.len(), "backup"), are(deleted.len()))?;
    }
    Ok(())
}

fn are(number: usize) -> &'static str {
    if number == 1 { "was" } else { "were" }
}

fn delete_old(database: &Path, newest: &Path, keep: Option<u32>) -> io::Result<Vec<PathBuf>> {
    keep.map_or(Ok(Vec::new()), |keep| db::delete_old_backups(database, newest, keep.try_into().unwrap_or(usize::MAX)))
}
