//! `flaskr-admin init-db`: there is a database afterwards, and nothing of an old one is lost.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::{Result, owner, progress, prompt};
use crate::config::Config;
use crate::db::{self, Initialized};
use crate::instance;

/// Creates the database, or migrates an older one.
pub(super) fn create(config: &Config, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    prepare(&config.instance)?;
    let path = config.database_file();
    match db::init(&path, now)? {
        Initialized::Created => writeln!(out, "Initialized the database.")?,
        Initialized::Migrated { backup } => {
            writeln!(out, "Brought the database {} up to date.", path.display())?;
            writeln!(out, "The one before is in {}.", backup.display())?;
        }
        Initialized::Unchanged => {
            writeln!(out, "There is a database already: {}. Nothing was changed.", path.display())?;
        }
    }
    Ok(())
}

/// Deletes all data, after a question and a backup.
pub(super) fn clear(config: &Config, yes: bool, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    prepare(&config.instance)?;
    let path = config.database_file();
    if !path.exists() {
        return create(config, now, out);
    }
    let question = format!("This deletes all users and posts in {}.", path.display());
    if !yes {
        prompt::confirm(&question, out)?;
    }
    let (bar, progress) = progress::backup();
    let backup = db::clear(&path, now, &progress)?;
    bar.finish_and_clear();
    writeln!(out, "The data before is in {}.\nInitialized the database.", backup.display())?;
    Ok(())
}

/// Makes the instance directory, if there is none, and becomes its owner.
fn prepare(directory: &Path) -> Result<()> {
    instance::make_directory(directory)?;
    Ok(owner::become_owner_of(directory)?)
}
