//! `flaskr-admin theme`: files to begin a theme with, and what is wrong with one.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::failure::Failure;
use super::{Result, count, owner};
use crate::cli::ThemeCommand;
use crate::config::Config;
use crate::theme::{self, BuiltIn, Kind};

/// Does what the command line says.
pub(super) fn run(config: &Config, command: &ThemeCommand, out: &mut dyn Write) -> Result<()> {
    match command {
        ThemeCommand::Export { directory, names, force } => export(directory, names, *force, out),
        ThemeCommand::Check { directory } => {
            let directory = directory.as_deref().or(config.site.theme.as_deref());
            let directory = directory.ok_or("no theme is configured: name a directory, or set `theme` in [site]")?;
            // The daemon has to be able to read it.
            owner::become_owner_of(&config.instance)?;
            check(directory, out)
        }
    }
}

/// Writes files of ours into a directory, as whoever calls this: all of them, or those that are named.
fn export(directory: &Path, names: &[String], force: bool, out: &mut dyn Write) -> Result<()> {
    let files =
        if names.is_empty() { BuiltIn::all() } else { names.iter().map(|name| named(name)).collect::<Result<_>>()? };
    let there: Vec<_> =
        files.iter().map(|file| directory.join(file.path())).filter(|path| path.symlink_metadata().is_ok()).collect();
    if let Some(first) = there.first().filter(|_| !force) {
        let more = if there.len() == 1 { String::new() } else { format!(" (and {} more)", there.len() - 1) };
        let message =
            format!("{} is there already{more}: --force overwrites, and nothing was written", first.display());
        return Err(Failure::Refused(message).into());
    }
    for file in &files {
        let path = directory.join(file.path());
        write(&path, file.bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    writeln!(
        out,
        "Wrote {} to {}. Keep those that you change: all others come from the program.",
        count(files.len(), "file"),
        directory.display()
    )?;
    Ok(())
}

/// The file at this path in a theme.
fn named(path: &str) -> Result<BuiltIn> {
    let in_folder = |kind: Kind| Some((kind, path.strip_prefix(kind.folder())?.strip_prefix('/')?));
    let Some((kind, name)) = Kind::ALL.into_iter().find_map(in_folder) else {
        let meant = Kind::ALL.into_iter().find_map(|kind| Some(BuiltIn::named(kind, path)?.path()));
        let meant = meant.unwrap_or_else(|| "templates/base.html".to_owned());
        return Err(format!("expected the path of a file in a theme, such as {meant}, found {path}").into());
    };
    let missing = || match theme::nearest(kind, name) {
        Some(meant) => format!("there is no {path}: is {}/{meant} meant?", kind.folder()),
        None => format!("there is no {path}: without names all files are written"),
    };
    BuiltIn::named(kind, name).ok_or_else(|| missing().into())
}

/// In the place of what is there, which may be a link to something else.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => (),
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
}

/// Says all that is wrong with a theme, and what is odd.
fn check(directory: &Path, out: &mut dyn Write) -> Result<()> {
    match theme::load(Some(directory)) {
        Ok(theme) => {
            theme.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
            writeln!(out, "{} with {} is good.", directory.display(), count(theme.files_used, "file"))?;
            Ok(())
        }
        Err(theme::Refused(faults)) => {
            faults.iter().try_for_each(|fault| writeln!(out, "{fault}"))?;
            Err(Failure::Faults(faults.len()).into())
        }
    }
}
