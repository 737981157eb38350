//! The administrator's command: one file for each of its words.
//!
//! Every command writes what it has to say to `out`, and returns what went wrong.

mod backup;
mod check;
mod comments;
mod copy;
mod export;
mod failure;
mod import;
mod init_db;
mod interrupt;
mod link;
mod output;
mod owner;
mod posts;
mod progress;
mod prompt;
mod reload;
mod restore;
mod secret_key;
mod server;
mod stats;
mod theme;
mod users;

use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write, stdout};
use std::iter;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::{Admin, AdminCommand, Output, completions};
use crate::clock::Clock;
use crate::config::{self, Loaded};
use import::Wanted;
use output::printable;

/// The name by which people call it, whichever program it is in.
const NAME: &str = "flaskr-admin";

/// So many of these.
fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// What a command returns.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The whole program: these words, behind its name, and this environment.
#[expect(clippy::print_stderr, reason = "this is where a command says why it failed")]
pub fn main(
    words: impl IntoIterator<Item = OsString>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> ExitCode {
    let args = Admin::parse_from(iter::once(NAME.into()).chain(words));
    let loaded = args.config.load(environment, Vec::new());
    match run(&args, loaded, &Clock::system(), &mut stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read it, `head` for example, has enough.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{NAME}: {error}");
            failure::status(&*error)
        }
    }
}

fn is_broken_pipe(error: &(dyn Error + Send + Sync + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Does what the command line says, with the settings that were loaded or what is wrong with those.
pub fn run(
    args: &Admin,
    loaded: std::result::Result<Loaded, config::Error>,
    clock: &Clock,
    out: &mut dyn Write,
) -> Result<()> {
    let command = &args.command;
    match command {
        AdminCommand::Completions { shell } => return Ok(write!(out, "{}", completions(*shell, Admin::command()))?),
        AdminCommand::Check { full, mend, output } => {
            let wanted = check::Wanted { is_full: *full, mends: *mend, json: output.json };
            return check::run(loaded, wanted, clock.now(), out);
        }
        _ => (),
    }
    let loaded = loaded?;
    let (config, now) = (&loaded.config, clock.now());
    match command {
        AdminCommand::InitDb { clear: false, .. } => init_db::create(config, now, out),
        AdminCommand::InitDb { clear: true, yes } => init_db::clear(config, *yes, now, out),
        AdminCommand::Backup { file, keep, force, if_file, output } => backup::run(
            config,
            backup::Wanted { place: file.as_deref(), keep: *keep, force: *force, if_file: *if_file },
            *output,
            now,
            out,
        ),
        AdminCommand::Verify { file, output } => restore::verify(file, *output, out),
        AdminCommand::Restore { file, force } => restore::run(config, file, *force, now, out),
        AdminCommand::SecretKey(command) => secret_key::run(config, *command, out),
        AdminCommand::User(command) => users::run(config, command, now, out),
        AdminCommand::Invite(output) => link::invite(config, *output, now, out),
        AdminCommand::Post(command) => posts::run(config, command, now, out),
        AdminCommand::Comment(command) => comments::run(config, command, now, out),
        AdminCommand::Import { path, author, dry_run, keep_going } => {
            let (author, is_rehearsal, keeps_going) = (author.as_deref(), *dry_run, *keep_going);
            import::run(config, Wanted { path, author, is_rehearsal, keeps_going }, now, out)
        }
        AdminCommand::Export { directory, author } => export::run(config, directory, author.as_deref(), now, out),
        AdminCommand::Copy(options) => copy::run(config, options, now, out),
        AdminCommand::Theme(command) => theme::run(config, command, out),
        AdminCommand::Reload => reload::run(config, out),
        AdminCommand::Stats(output) => stats::run(config, *output, now, out),
        AdminCommand::Config(output) => show_config(&loaded, *output, out),
        AdminCommand::Check { .. } | AdminCommand::Completions { .. } => Ok(()), // done above
    }
}

fn show_config(loaded: &Loaded, output: Output, out: &mut dyn Write) -> Result<()> {
    if output.json {
        return output::json(&loaded.config, out);
    }
    let settings = toml::to_string(&loaded.config).map_err(io::Error::other)?;
    Ok(write!(out, "# from: built-in defaults, {}, environment, command line\n{settings}", loaded.file_name())?)
}
