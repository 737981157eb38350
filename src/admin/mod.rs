//! The administrator's command: one file for each of its words.
//!
//! Every command writes what it has to say to `out`, and returns what went wrong.

mod check;
mod export;
mod import;
mod init_db;
mod link;
mod owner;
mod progress;
mod prompt;
mod reload;
mod secret_key;
mod theme;
mod users;

use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write, stdout};
use std::iter;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Admin, AdminCommand};
use crate::clock::Clock;
use crate::config::Loaded;
use import::Wanted;

/// The name by which people call it, whichever program it is in.
const NAME: &str = "flaskr-admin";

/// A text as one line that cannot move a terminal's cursor.
fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

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
    let loaded = args.config.load(environment, Vec::new()).map_err(Into::into);
    match loaded.and_then(|loaded| run(&args, &loaded, &Clock::system(), &mut stdout())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{NAME}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Does what the command line says.
pub fn run(args: &Admin, loaded: &Loaded, clock: &Clock, out: &mut dyn Write) -> Result<()> {
    let config = &loaded.config;
    match &args.command {
        AdminCommand::InitDb { clear: false, .. } => init_db::create(config, clock.now(), out),
        AdminCommand::InitDb { clear: true, yes } => init_db::clear(config, *yes, clock.now(), out),
        AdminCommand::SecretKey(command) => secret_key::run(config, *command, out),
        AdminCommand::User(command) => users::run(config, command, clock.now(), out),
        AdminCommand::Invite => link::invite(config, clock.now(), out),
        AdminCommand::Import { path, author, dry_run, keep_going } => {
            let (author, is_rehearsal, keeps_going) = (author.as_deref(), *dry_run, *keep_going);
            import::run(config, Wanted { path, author, is_rehearsal, keeps_going }, clock.now(), out)
        }
        AdminCommand::Export { directory, author } => {
            export::run(config, directory, author.as_deref(), clock.now(), out)
        }
        AdminCommand::Theme(command) => theme::run(config, command, out),
        AdminCommand::Reload => reload::run(config, out),
        AdminCommand::Config => show_config(loaded, out),
        AdminCommand::Check => check::run(loaded, out),
    }
}

fn show_config(loaded: &Loaded, out: &mut dyn Write) -> Result<()> {
    let settings = toml::to_string(&loaded.config).map_err(io::Error::other)?;
    Ok(write!(out, "# from: built-in defaults, {}, environment, command line\n{settings}", loaded.file_name())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A user cannot name themselves into the administrator's terminal.
    #[test]
    fn names_are_printable() {
        assert_eq!(printable("a\u{1b}[2J\n안"), "a\\u{1b}[2J\\n안");
    }
}
