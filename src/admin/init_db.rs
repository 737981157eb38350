//! `flaskr-admin init-db`: there is a database afterwards, and nothing of an old one is lost.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::{Result, owner, progress, prompt};
use crate::config::Config;
use crate::db::{self, Initialized, Location};
use crate::instance;

/// Creates the database, or migrates an older one.
pub(super) fn create(config: &Config, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    prepare(&config.instance)?;
    let location = Location::of(config);
    match db::init(&location, now)? {
        Initialized::Created => writeln!(out, "Initialized the database.")?,
        Initialized::Migrated { backup } => {
            writeln!(out, "Brought the database {location} up to date.")?;
            if let Some(backup) = backup {
                writeln!(out, "The one before is in {}.", backup.display())?;
            }
        }
        Initialized::Unchanged => {
            writeln!(out, "There is a database already: {location}. Nothing was changed.")?;
        }
    }
    Ok(())
}

/// Deletes all data, after a question and a backup.
pub(super) fn clear(config: &Config, yes: bool, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    prepare(&config.instance)?;
    let location = Location::of(config);
    if location.is_missing() {
        return create(config, now, out);
    }
    let question = match location {
        Location::File(_) => format!("This deletes all users and posts in {location}."),
        Location::Server(_) => {
            format!(
                "This deletes all users and posts in {location}, of which no copy is kept: `pg_dump {location}` makes one."
            )
        }
    };
    if !yes {
        prompt::confirm(&question, out)?;
    }
    let (bar, progress) = progress::backup();
    let backup = db::clear(&location, now, &progress)?;
    bar.finish_and_clear();
    if let Some(backup) = backup {
        writeln!(out, "The data before is in {}.", backup.display())?;
    }
    writeln!(out, "Initialized the database.")?;
    Ok(())
}

/// Makes the instance directory, if there is none, and becomes its owner.
fn prepare(directory: &Path) -> Result<()> {
    instance::make_directory(directory)?;
    Ok(owner::become_owner_of(directory)?)
}
