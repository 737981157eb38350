//! `flaskr-admin user sessions`: where a user is logged in.

use std::io::Write;

use base16ct::lower::encode_string;
use jiff::Timestamp;
use serde::Serialize;

use super::find;
use crate::admin::Result;
use crate::admin::failure::Failure;
use crate::admin::output::{self, Align, printable};
use crate::config::Config;
use crate::db::{Single, sessions};
use crate::session::Session;

/// Characters of a session's name that the list shows: of two that begin alike, more is asked for.
const SHOWN_CHARS: usize = 12;

/// A session, for a script.
#[derive(Serialize)]
struct Listed<'a> {
    id: String,
    created: String,
    seen: String,
    address: &'a str,
    agent: &'a str,
}

fn listed(session: &Session) -> Listed<'_> {
    Listed {
        id: encode_string(&session.id),
        created: output::json_time(session.created),
        seen: output::json_time(session.seen),
        address: &session.origin.address,
        agent: &session.origin.agent,
    }
}

/// Lists those that are not over.
pub(super) fn list(
    config: &Config,
    database: &Single,
    username: &str,
    json: bool,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<()> {
    let sessions = of(config, database, username, now)?;
    if json {
        return output::json(&sessions.iter().map(listed).collect::<Vec<_>>(), out);
    }
    let row = |session: &Session| {
        vec![
            encode_string(&session.id).chars().take(SHOWN_CHARS).collect(),
            output::time(session.created),
            output::time(session.seen),
            printable(&session.origin.address),
            printable(&session.origin.agent),
        ]
    };
    let heads = ["ID", "OPENED (UTC)", "LAST SEEN", "ADDRESS", "BROWSER"].map(|head| (head, Align::Left));
    Ok(output::table(&heads, &sessions.iter().map(row).collect::<Vec<_>>(), out)?)
}

/// Ends the one whose name begins like this.
pub(super) fn end(
    config: &Config,
    database: &Single,
    username: &str,
    beginning: &str,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<()> {
    let sessions = of(config, database, username, now)?;
    let mut meant = sessions.iter().filter(|session| encode_string(&session.id).starts_with(beginning));
    let shown = printable(username);
    let session = match (meant.next(), meant.next()) {
        (Some(session), None) => session,
        (Some(_), Some(_)) => {
            let message =
                format!("more than one session of {shown} begins with {}: give more of it", printable(beginning));
            return Err(Failure::Refused(message).into());
        }
        (None, _) => {
            let message = format!(
                "{shown} has no session {}: `flaskr-admin user sessions {shown}` lists them",
                printable(beginning)
            );
            return Err(Failure::NotFound(message).into());
        }
    };
    database.transaction(|conn| sessions::delete_of(conn, session.user.id, &session.id))?;
    writeln!(out, "Ended the session of {shown} that was opened at {} UTC.", output::time(session.created))?;
    Ok(())
}

fn of(config: &Config, database: &Single, username: &str, now: Timestamp) -> Result<Vec<Session>> {
    let id = find(database, username)?.user.id;
    Ok(database.read(|conn| sessions::of_user(conn, id, config.session.expiry(now)))?)
}
