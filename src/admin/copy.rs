//! `flaskr-admin copy`: the site moves to another database.

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::failure::Failure;
use super::output::Align;
use super::{Result, count, interrupt, output, owner, progress};
use crate::cli::CopyOptions;
use crate::config::{Config, Database, DatabaseUrl};
use crate::db::{self, Altered, Copied, CopiedTable, Location};

/// Digits of a checksum that a person is shown: enough to see that two are the same.
const DIGITS_SHOWN: usize = 16;

/// What a script is told.
#[derive(Serialize)]
struct Shown<'a> {
    from: String,
    to: String,
    time: String,
    tables: Vec<ShownTable<'a>>,
    altered: u64,
}

#[derive(Serialize)]
struct ShownTable<'a> {
    name: &'a str,
    rows: u64,
    sha256: &'a str,
}

/// Copies all of it, or nothing.
pub(super) fn run(config: &Config, options: &CopyOptions, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    let (source, target) = (Location::of(config), target(options)?);
    owner::become_owner_of(&config.instance)?;
    let is_interrupted = interrupt::watch()?;
    let (bar, progress) = progress::copy();
    let copied = db::copy(&source, &target, now, &progress, &is_interrupted);
    bar.finish_and_clear();
    let copied = copied.map_err(|error| {
        let message = error.to_string();
        if error.is_refusal() {
            Failure::Refused(message).into()
        } else {
            Box::<dyn std::error::Error + Send + Sync>::from(message)
        }
    })?;
    if options.output.json {
        let tables =
            copied.tables.iter().map(|table| ShownTable { name: table.name, rows: table.rows, sha256: &table.sha256 });
        let (from, to, time) = (source.to_string(), target.to_string(), output::json_time(now));
        return output::json(&Shown { from, to, time, tables: tables.collect(), altered: copied.altered_count }, out);
    }
    writeln!(out, "Copied {source} to {target}, and compared both:")?;
    show(&copied, out)?;
    writeln!(out)?;
    Ok(what_now(config, &target, now, out)?)
}

/// Where to: an address has `://`, and a path has not.
fn target(CopyOptions { to, password_file, ca, .. }: &CopyOptions) -> Result<Location> {
    if !to.contains("://") {
        if password_file.is_some() || ca.is_some() {
            return Err("--password-file and --ca are about a server, and --to names a file".into());
        }
        return Ok(Location::File(PathBuf::from(to)));
    }
    let url = DatabaseUrl::try_from(to.clone()).map_err(|wrong| format!("--to: {wrong}"))?;
    if url.parsed().get_password().is_some() {
        return Err(
            "--to: everybody on this machine sees a password in a command: write it into a file of yours alone, and \
                    name that with --password-file"
                .into(),
        );
    }
    Ok(Location::Server(Box::new(Database {
        url: Some(url),
        password_file: password_file.clone(),
        ca: ca.clone(),
        ..Database::default()
    })))
}

fn show(copied: &Copied, out: &mut dyn Write) -> Result<()> {
    let heads = [("TABLE", Align::Left), ("ROWS", Align::Right), ("SHA-256", Align::Left), ("", Align::Left)];
    let (empty, filled): (Vec<_>, Vec<_>) = copied.tables.iter().partition(|table| table.rows == 0);
    let row = |CopiedTable { name, rows, sha256 }: &CopiedTable| {
        let sum = sha256.get(..DIGITS_SHOWN).unwrap_or(sha256);
        vec![(*name).to_owned(), rows.to_string(), format!("{sum}…"), "same".to_owned()]
    };
    output::table(&heads, &filled.into_iter().map(row).collect::<Vec<_>>(), out)?;
    if !empty.is_empty() {
        writeln!(
            out,
            "{} without rows.",
            count(empty.len(), if filled_none(copied) { "table" } else { "other table" })
        )?;
    }
    if copied.altered_count > 0 {
        let altered = count(usize::try_from(copied.altered_count).unwrap_or(usize::MAX), "value");
        writeln!(
            out,
            "{altered} could not be held there as stored (a NUL, bytes that are no UTF-8, or no text), and became the text \
             that pages show, with U+FFFD for what is no letter:"
        )?;
        for Altered { table, row, column } in &copied.altered {
            writeln!(out, "  {table} {row}, {column}")?;
        }
        let more = copied.altered_count.saturating_sub(copied.altered.len() as u64);
        if more > 0 {
            writeln!(out, "  and {more} more")?;
        }
    }
    Ok(())
}

fn filled_none(copied: &Copied) -> bool {
    copied.tables.iter().all(|table| table.rows == 0)
}

fn what_now(config: &Config, target: &Location, now: Timestamp, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "What was written on the old site since {} UTC is not in the copy. Unless the daemon was stopped, with \
         `systemctl stop flaskr`, stop it now and copy once more, to a place that is empty.",
        output::time(now)
    )?;
    match target {
        Location::Server(settings) => {
            writeln!(out, "Then put into the config file, and start the daemon with `systemctl start flaskr`:\n")?;
            writeln!(out, "[database]\nurl = \"{target}\"")?;
            for (name, file) in [("password_file", &settings.password_file), ("ca", &settings.ca)] {
                if let Some(file) = file {
                    writeln!(out, "{name} = \"{}\"", file.display())?;
                }
            }
        }
        Location::File(path) => {
            let configured = config.database_file();
            if *path != configured {
                writeln!(out, "Then `mv {} {}`.", path.display(), configured.display())?;
            }
            writeln!(
                out,
                "Then take `url` out of [database] in the config file, and start the daemon with `systemctl start flaskr`."
            )?;
        }
    }
    writeln!(
        out,
        "\nWith the same secret key everybody stays logged in. The daemon makes the index of the search anew, the newest \
         posts first: until it has, a search does not find all."
    )
}
