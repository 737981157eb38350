//! Asks a person, or reads what a script has to say.

use std::io::{IsTerminal, Write, stdin};

use super::Result;
use super::failure::Failure;
use crate::user::Password;

/// A new password: asked for twice without echo on a terminal, else the first line of standard input.
pub(super) fn new_password() -> Result<Password> {
    if !stdin().is_terminal() {
        return first_line().map(Password::new);
    }
    let password = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Again: ")? != password {
        return Err("the two passwords differ: nothing was changed".into());
    }
    Ok(Password::new(password))
}

fn first_line() -> Result<String> {
    let mut line = String::new();
    let read = stdin().read_line(&mut line).map_err(|error| format!("cannot read a password: {error}"))?;
    if read == 0 {
        return Err("there is no password on standard input: nothing was changed".into());
    }
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// Goes on if a person at a terminal says yes.
pub(super) fn confirm(question: &str, out: &mut dyn Write) -> Result<()> {
    if !stdin().is_terminal() {
        let message = format!("{question} Nothing was deleted: without a terminal, add --yes.");
        return Err(Failure::Refused(message).into());
    }
    write!(out, "{question} Type \"yes\" to go on: ")?;
    out.flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    if answer.trim() == "yes" { Ok(()) } else { Err(Failure::Refused("nothing was deleted".to_owned()).into()) }
}
