//! `flaskr-admin check`: looks at everything the daemon needs, and changes nothing.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{Result, owner};
use crate::config::{Config, Loaded};
use crate::db;
use crate::secret_key::KeyRing;

/// What one look found: what is well, or what is not and what to do about it.
type Finding = std::result::Result<String, String>;

/// Looks at all, says what it saw, and fails if anything was wrong.
pub(super) fn run(loaded: &Loaded, out: &mut dyn Write) -> Result<()> {
    let config = &loaded.config;
    let mut findings = vec![Ok(format!("settings: {}", loaded.file_name())), key(config), instance(&config.instance)];
    owner::become_owner_of(&config.instance)?;
    findings.extend(database(&config.database_file()));
    for finding in &findings {
        match finding {
            Ok(well) => writeln!(out, "ok     {well}")?,
            Err(fault) => writeln!(out, "FAULT  {fault}")?,
        }
    }
    match findings.iter().filter(|finding| finding.is_err()).count() {
        0 => Ok(()),
        faults => Err(format!("{faults} of {} checks found a fault", findings.len()).into()),
    }
}

fn key(config: &Config) -> Finding {
    let path = config.secret_key_path();
    KeyRing::from_file(&path).map(|_| format!("secret key: {}", path.display())).map_err(|error| error.to_string())
}

fn instance(path: &Path) -> Finding {
    let shown = path.display();
    let metadata =
        fs::metadata(path).map_err(|error| format!("cannot look at the instance directory {shown}: {error}"))?;
    if !metadata.is_dir() {
        return Err(format!("the instance {shown} is not a directory"));
    }
    if metadata.mode() & 0o007 != 0 {
        return Err(format!("others can enter the instance directory {shown}: `chmod 700 {shown}`"));
    }
    Ok(format!("instance: {shown}"))
}

fn database(path: &Path) -> Vec<Finding> {
    match db::check(path) {
        Ok(faults) if faults.is_empty() => vec![Ok(format!("database: {}", path.display()))],
        Ok(faults) => faults.into_iter().map(|fault| Err(format!("database {}: {fault}", path.display()))).collect(),
        Err(error) => vec![Err(error.to_string())],
    }
}
