//! `flaskr-admin user`: adds and lists users, and sets passwords.

use std::io::Write;

use jiff::Timestamp;

use super::{Result, owner, prompt};
use crate::cli::UserCommand;
use crate::config::Config;
use crate::db::{Single, users};
use crate::password::Argon2id;
use crate::random;
use crate::user::{Password, Registration, User};

/// Does one of them.
pub(super) fn run(config: &Config, command: &UserCommand, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    owner::become_owner_of(&config.instance)?;
    let database = Single::open(&config.database_file(), now)?;
    match command {
        UserCommand::Add { username } => add(config, &database, username, out),
        UserCommand::List => list(&database, out),
        UserCommand::Password { username } => set_password(config, &database, username, out),
    }
}

fn add(config: &Config, database: &Single, username: &str, out: &mut dyn Write) -> Result<()> {
    let registration = registration(username, prompt::new_password()?)?;
    let hash = hash(config, &registration.password)?;
    let added = database.transaction(|conn| users::insert(conn, &registration.username, &hash))?;
    added.ok_or_else(|| format!("user {} is already registered", printable(username)))?;
    writeln!(out, "Added the user {}.", printable(username))?;
    Ok(())
}

fn list(database: &Single, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{:>8}  USERNAME", "ID")?;
    for User { id, username } in database.transaction(users::all)? {
        writeln!(out, "{:>8}  {}", id.0, printable(&username))?;
    }
    Ok(())
}

fn set_password(config: &Config, database: &Single, username: &str, out: &mut dyn Write) -> Result<()> {
    if database.transaction(|conn| users::find(conn, username))?.is_none() {
        return Err(format!("there is no user {}: `flaskr-admin user list` shows all", printable(username)).into());
    }
    let registration = registration(username, prompt::new_password()?)?;
    let hash = hash(config, &registration.password)?;
    database.transaction(|conn| users::set_password(conn, username, &hash))?;
    writeln!(out, "Set the password of {}, who has to log in again.", printable(username))?;
    Ok(())
}

fn registration(username: &str, password: Password) -> Result<Registration> {
    Registration::parse(username.to_owned(), password).map_err(|problem| problem.to_string().into())
}

fn hash(config: &Config, password: &Password) -> Result<String> {
    Ok(Argon2id::new(&config.password)?.hash(password, random::bytes()?)?)
}

/// A name as one line that cannot move a terminal's cursor.
fn printable(name: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    name.chars().map(shown).collect()
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
