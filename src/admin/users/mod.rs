//! `flaskr-admin user`: who can log in, and help for those who cannot.

mod delete;
mod sessions;
mod show;

use std::io::Write;

use jiff::Timestamp;

use super::failure::Failure;
use super::{Result, link, owner, printable, prompt};
use crate::cli::{RoleName, UserCommand};
use crate::config::Config;
use crate::db::{self, Location, Single, moderators, second_factors, users};
use crate::password::{Argon2id, Memory, Policy, Strength};
use crate::random;
use crate::user::{Account, Password, Registration};

/// Does one of them.
pub(super) fn run(config: &Config, command: &UserCommand, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    owner::become_owner_of(&config.instance)?;
    let database = Single::open(Location::of(config), now)?;
    match command {
        UserCommand::Add { username } => add(config, &database, username, out),
        UserCommand::List(output) => show::list(&database, output.json, out),
        UserCommand::Show { username, output } => show::show(config, &database, username, output.json, now, out),
        UserCommand::Password { username } => set_password(config, &database, username, out),
        UserCommand::ResetLink { username, output } => {
            link::reset(config, &database, &find(&database, username)?, *output, now, out)
        }
        UserCommand::Disable { username } => disable(&database, username, now, out),
        UserCommand::Enable { username } => enable(&database, username, out),
        UserCommand::Role { username, role } => set_role(&database, username, *role, now, out),
        UserCommand::Sessions { username, end: Some(id), .. } => {
            sessions::end(config, &database, username, id, now, out)
        }
        UserCommand::Sessions { username, output, .. } => {
            sessions::list(config, &database, username, output.json, now, out)
        }
        UserCommand::Logout { username, .. } => log_out(&database, username.as_deref(), out),
        UserCommand::SecondFactorOff { username } => second_factor_off(&database, username, out),
        UserCommand::Delete { username, with_posts, yes } => {
            let wanted = delete::Wanted { username, with_posts: *with_posts, yes: *yes };
            delete::run(&database, wanted, now, out)
        }
    }
}

/// The account of this name.
pub(super) fn find(database: &Single, username: &str) -> Result<Account> {
    let missing =
        || Failure::NotFound(format!("there is no user {}: `flaskr-admin user list` shows all", printable(username)));
    Ok(database.read(|conn| users::find(conn, username))?.ok_or_else(missing)?)
}

fn add(config: &Config, database: &Single, username: &str, out: &mut dyn Write) -> Result<()> {
    let registration = registration(username, prompt::new_password()?)?;
    let (hash, strength) = hash(config, &registration)?;
    let added = database.transaction(|conn| users::insert(conn, &registration.username, &hash))?;
    added.ok_or_else(|| Failure::Refused(format!("user {} is already registered", printable(username))))?;
    writeln!(out, "Added the user {}. The password is {strength}.", printable(username))?;
    Ok(())
}

fn set_password(config: &Config, database: &Single, username: &str, out: &mut dyn Write) -> Result<()> {
    find(database, username)?;
    let (hash, strength) = hash(config, &registration(username, prompt::new_password()?)?)?;
    database.transaction(|conn| users::set_password(conn, username, &hash))?;
    let shown = printable(username);
    writeln!(out, "Set the password of {shown}, who has to log in again. The password is {strength}.")?;
    Ok(())
}

fn disable(database: &Single, username: &str, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    let id = find(database, username)?.user.id;
    let shown = printable(username);
    if database.transaction(|conn| users::disable(conn, id, now))? {
        writeln!(out, "Disabled the user {shown}, whose sessions have ended. The posts stay.")?;
    } else {
        writeln!(out, "The user {shown} was disabled already.")?;
    }
    Ok(())
}

fn enable(database: &Single, username: &str, out: &mut dyn Write) -> Result<()> {
    let id = find(database, username)?.user.id;
    let shown = printable(username);
    if database.transaction(|conn| users::enable(conn, id))? {
        writeln!(out, "Enabled the user {shown}.")?;
    } else {
        writeln!(out, "The user {shown} was not disabled.")?;
    }
    Ok(())
}

fn set_role(database: &Single, username: &str, role: RoleName, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    let id = find(database, username)?.user.id;
    let (changed, name) = match role {
        RoleName::Moderator => (database.transaction(|conn| moderators::insert(conn, id, now))?, "a moderator"),
        RoleName::Author => (database.transaction(|conn| moderators::delete(conn, id))?, "no moderator"),
    };
    let since = if changed { "now" } else { "already" };
    writeln!(out, "The user {} is {since} {name}.", printable(username))?;
    Ok(())
}

/// Ends the sessions of one user, or of all.
fn log_out(database: &Single, username: Option<&str>, out: &mut dyn Write) -> Result<()> {
    let Some(username) = username else {
        let ended = database.transaction(db::sessions::delete_all)?;
        writeln!(out, "Ended all sessions, which were {ended}.")?;
        return Ok(());
    };
    let id = find(database, username)?.user.id;
    let ended = database.transaction(|conn| db::sessions::delete_all_of(conn, id))?;
    writeln!(out, "Ended the sessions of {}, which were {ended}.", printable(username))?;
    Ok(())
}

fn second_factor_off(database: &Single, username: &str, out: &mut dyn Write) -> Result<()> {
    let id = find(database, username)?.user.id;
    let shown = printable(username);
    if database.transaction(|conn| second_factors::delete(conn, id))? {
        writeln!(out, "Took the second factor of {shown} away.")?;
    } else {
        writeln!(out, "The user {shown} has no second factor.")?;
    }
    Ok(())
}

fn registration(username: &str, password: Password) -> Result<Registration> {
    Registration::parse(username.to_owned(), password).map_err(|problem| problem.to_string().into())
}

fn hash(config: &Config, new: &Registration) -> Result<(String, Strength)> {
    let policy = Policy::new(&config.password);
    let strength = policy.check(&new.password, new.username.as_str()).map_err(|problem| problem.to_string())?;
    Ok((Argon2id::new(&config.password)?.hash(&mut Memory::default(), &new.password, random::bytes()?)?, strength))
}
