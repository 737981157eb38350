//! `flaskr-admin verify` and `restore`: what a backup is worth, and its way back.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::backup::{Shown, contents};
use super::failure::Failure;
use super::{Result, output, owner, progress, server};
use crate::cli::Output;
use crate::config::Config;
use crate::db::{self, OpenError, Replace, SCHEMA_VERSION, Verified};
use crate::instance;

/// Looks a backup over.
pub(super) fn verify(file: &Path, output: Output, out: &mut dyn Write) -> Result<()> {
    if let Some(directory) = file.parent() {
        owner::become_owner_of(directory)?;
    }
    let spinner = progress::spinner("looking at every page of the backup");
    let looked = db::verify(file);
    spinner.finish_and_clear();
    let verified = looked.map_err(failure)?;
    if output.json {
        return output::json(&Shown::new(file, &verified, None), out);
    }
    writeln!(out, "{} is whole: {}.", file.display(), contents(&verified))?;
    Ok(older(&verified, out)?)
}

/// Puts a backup in the place of the database.
pub(super) fn run(config: &Config, file: &Path, force: bool, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    let database = server::file_of(config, |server| {
        format!(
            "restore there what `pg_dump` has made, as in `pg_restore --clean --if-exists --dbname={server} flaskr.dump`"
        )
    })?;
    // Root may read where the owner of the instance may not.
    let mut source = db::open_backup(file).map_err(failure)?;
    instance::make_directory(&config.instance)?;
    owner::become_owner_of(&config.instance)?;
    let replace = if force { Replace::Yes } else { Replace::No };
    let (bar, progress) = progress::backup();
    let restored = db::restore((&mut source, file), &database, replace, now, &progress);
    bar.finish_and_clear();
    let restored = restored.map_err(failure)?;
    writeln!(out, "Restored {}: {}.", database.display(), contents(&restored.verified))?;
    if let Some(before) = restored.before {
        writeln!(out, "The database before is in {}.", before.display())?;
    }
    older(&restored.verified, out)?;
    writeln!(out, "Start the daemon now: `systemctl start flaskr`.")?;
    Ok(())
}

fn older(verified: &Verified, out: &mut dyn Write) -> std::io::Result<()> {
    if verified.schema == SCHEMA_VERSION {
        return Ok(());
    }
    let schema = verified.schema;
    writeln!(out, "Its schema is {schema} of {SCHEMA_VERSION}: the start of the daemon brings it up to date.")
}

fn failure(error: OpenError) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        error if error.is_missing() => Failure::NotFound(error.to_string()).into(),
        error if error.is_refusal() => Failure::Refused(error.to_string()).into(),
        error => error.into(),
    }
}
