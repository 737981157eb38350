//! `flaskr-admin check`: looks at everything the daemon needs, and changes nothing.

use std::fs;
use std::io::Write;
use std::iter;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{Result, owner};
use crate::config::{Config, Loaded};
use crate::db::{self, Findings};
use crate::secret_key::KeyRing;
use crate::theme;

/// What one look found.
enum Finding {
    /// All is well with this.
    Well(String),
    /// Worth knowing, and no fault.
    Note(String),
    /// What is not well, and what to do about it.
    Fault(String),
}

use Finding::{Fault, Note, Well};

/// Looks at all, says what it saw, and fails if anything was wrong.
pub(super) fn run(loaded: &Loaded, out: &mut dyn Write) -> Result<()> {
    let config = &loaded.config;
    let mut findings = vec![Well(format!("settings: {}", loaded.file_name())), key(config), instance(&config.instance)];
    owner::become_owner_of(&config.instance)?;
    findings.extend(config.site.theme.iter().flat_map(|directory| theme(directory)));
    findings.extend(database(&config.database_file()));
    for finding in &findings {
        match finding {
            Well(well) => writeln!(out, "ok     {well}")?,
            Note(note) => writeln!(out, "note   {note}")?,
            Fault(fault) => writeln!(out, "FAULT  {fault}")?,
        }
    }
    match findings.iter().filter(|finding| matches!(finding, Fault(_))).count() {
        0 => Ok(()),
        1 => Err("found 1 fault".into()),
        faults => Err(format!("found {faults} faults").into()),
    }
}

fn key(config: &Config) -> Finding {
    let path = config.secret_key_path();
    match KeyRing::from_file(&path) {
        Ok(_) => Well(format!("secret key: {}", path.display())),
        Err(error) => Fault(error.to_string()),
    }
}

fn instance(path: &Path) -> Finding {
    let shown = path.display();
    match fs::metadata(path) {
        Err(error) => Fault(format!("cannot look at the instance directory {shown}: {error}")),
        Ok(metadata) if !metadata.is_dir() => Fault(format!("the instance {shown} is not a directory")),
        Ok(metadata) if metadata.mode() & 0o007 != 0 => {
            Fault(format!("others can enter the instance directory {shown}: `chmod 700 {shown}`"))
        }
        Ok(_) => Well(format!("instance: {shown}")),
    }
}

fn theme(directory: &Path) -> Vec<Finding> {
    match theme::load(Some(directory)) {
        Err(theme::Refused(faults)) => faults.iter().map(|fault| Fault(format!("theme: {fault}"))).collect(),
        Ok(theme) => {
            let well = Well(format!("theme: {}", directory.display()));
            iter::once(well).chain(theme.notes.iter().map(|note| Note(format!("theme: {note}")))).collect()
        }
    }
}

fn database(path: &Path) -> Vec<Finding> {
    let shown = path.display();
    let (faults, notes) = match db::look_over(path) {
        Ok(Findings { faults, notes }) => (faults, notes),
        Err(error) => return vec![Fault(error.to_string())],
    };
    let mut findings: Vec<_> = faults.iter().map(|fault| Fault(format!("database {shown}: {fault}"))).collect();
    if findings.is_empty() {
        findings.push(Well(format!("database: {shown}")));
    }
    findings.extend(notes.iter().map(|note| Note(format!("database {shown}: {note}"))));
    findings
}
