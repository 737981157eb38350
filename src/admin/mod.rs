//! The administrator's command: one file for each of its words.
//!
//! Every command writes what it has to say to `out`, and returns what went wrong.

mod check;
mod init_db;
mod link;
mod owner;
mod prompt;
mod secret_key;
mod users;

use std::error::Error;
use std::io::{self, Write};

use crate::cli::{Admin, AdminCommand};
use crate::clock::Clock;
use crate::config::Loaded;

/// What a command returns.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Does what the command line says.
pub fn run(args: &Admin, loaded: &Loaded, clock: &Clock, out: &mut dyn Write) -> Result<()> {
    let config = &loaded.config;
    match &args.command {
        AdminCommand::InitDb { clear: false, .. } => init_db::create(config, clock.now(), out),
        AdminCommand::InitDb { clear: true, yes } => init_db::clear(config, *yes, clock.now(), out),
        AdminCommand::SecretKey(command) => secret_key::run(config, *command, out),
        AdminCommand::User(command) => users::run(config, command, clock.now(), out),
        AdminCommand::Invite => link::invite(config, clock.now(), out),
        AdminCommand::Config => show_config(loaded, out),
        AdminCommand::Check => check::run(loaded, out),
    }
}

fn show_config(loaded: &Loaded, out: &mut dyn Write) -> Result<()> {
    let settings = toml::to_string(&loaded.config).map_err(io::Error::other)?;
    Ok(write!(out, "# from: built-in defaults, {}, environment, command line\n{settings}", loaded.file_name())?)
}
