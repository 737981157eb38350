//! `flaskr-admin user delete`: an account ends for good, as its user can end it.

use std::io::Write;

use jiff::Timestamp;

use super::find;
use crate::admin::failure::Failure;
use crate::admin::output::printable;
use crate::admin::{Result, count, prompt};
use crate::db::statistics::{self, OfUser};
use crate::db::{Single, departures};

/// What the command line says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Whom.
    pub(super) username: &'a str,
    /// Whether what they wrote goes too.
    pub(super) with_posts: bool,
    /// Whether nobody is to be asked.
    pub(super) yes: bool,
}

/// Asks, and does it.
pub(super) fn run(database: &Single, wanted: Wanted<'_>, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    let account = find(database, wanted.username)?;
    let (user, shown) = (&account.user, printable(wanted.username));
    if departures::is_former(&account) && !wanted.with_posts {
        let message = format!("{shown} has left already: --with-posts deletes what they wrote, too");
        return Err(Failure::Refused(message).into());
    }
    let counted = database.read(|conn| statistics::of_user(conn, user.id))?.ok_or("the database counted nothing")?;
    if !wanted.yes {
        prompt::confirm(&question(&shown, &counted, wanted.with_posts), out)?;
    }
    database.transaction(|conn| {
        if wanted.with_posts { departures::delete_posts(conn, user) } else { departures::leave_posts(conn, user, now) }
    })?;
    let fate = if wanted.with_posts { "all they wrote is gone too" } else { "what they wrote is a former user's now" };
    writeln!(out, "Deleted the user {shown}: {fate}.")?;
    Ok(())
}

fn question(shown: &str, counted: &OfUser, with_posts: bool) -> String {
    let wrote = format!("{} and {}", count_of(counted.posts, "post"), count_of(counted.comments, "comment"));
    let fate = if with_posts { "go too, with what others said to them" } else { "stay, as of a former user" };
    format!("This deletes the user {shown} for good; their {wrote} {fate}.")
}

fn count_of(number: i64, what: &str) -> String {
    count(number.try_into().unwrap_or_default(), what)
}
