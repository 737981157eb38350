//! What a server says of itself, and what is in its database, without changing it unless that is asked for.

use std::iter;

use jiff::Timestamp;

use super::database::{refused, without_parent};
use super::finding::Finding;
use super::{Wanted, clock};
use crate::admin::{count, progress};
use crate::config::Database;
use crate::db::{self, Location, SCHEMA_VERSION, ServerContents, ServerState};

const ABOUT: &str = "database";

/// The first version that this program is tested with, as the server writes it as a number, and its name.
const VERSION_MIN: (i64, &str) = (150_000, "15");
/// The one encoding that has every letter.
const ENCODING: &str = "UTF8";
/// How far its clock may be from ours, in seconds: the answer takes up to three.
const AWAY_SECONDS_MAX: i64 = 5;
/// Connections of a node beside those that read: it writes by one, and hears of others' commits by one.
const CONNECTIONS_BESIDE: usize = 3;

/// Looks at all of it.
pub(super) fn look(settings: &Database, wanted: Wanted, now: Timestamp) -> Vec<Finding> {
    let place = Location::Server(Box::new(settings.clone())).to_string();
    let (state, is_near) = match db::look_at_server(settings) {
        Ok(found) => found,
        Err(error) => {
            let message = format!("{error}; `psql {place}` tries the same");
            return vec![Finding::fault(ABOUT, message)];
        }
    };
    let faults = faults(&state);
    let is_current = state.schema == Some(SCHEMA_VERSION) && faults.is_empty();
    let contents = is_current.then(|| {
        let spinner = progress::spinner("looking at every reference of the database");
        let contents = db::look_into_server(settings, wanted.mends);
        spinner.finish_and_clear();
        contents
    });
    let (contents, deleted) = match contents.transpose() {
        Ok(contents) => contents.unzip(),
        Err(error) => return vec![refused(&error)],
    };
    let dangling = contents
        .iter()
        .flat_map(|contents| &contents.dangling)
        .map(|rows| format!("{} deletes them", without_parent(rows)));
    let faults: Vec<_> =
        faults.into_iter().chain(dangling).map(|fault| Finding::fault(ABOUT, format!("{place}: {fault}"))).collect();
    let well = faults.is_empty().then(|| Finding::well(ABOUT, format!("{place}: {}", summary(&state))));
    let deleted =
        deleted.filter(|rows| *rows > 0).map(|rows| format!("deleted {} that referred to nothing", count(rows, "row")));
    let notes =
        deleted.into_iter().chain(notes(&state, is_near, settings, now)).chain(contents.iter().filter_map(orphans));
    let notes = notes.map(|note| Finding::note(ABOUT, format!("{place}: {note}")));
    let (session, post) =
        contents.as_ref().map(|contents| (contents.newest_session, contents.newest_post)).unwrap_or_default();
    faults.iter().cloned().chain(well).chain(notes).chain(clock::in_the_future(now, session, post)).collect()
}

fn summary(state: &ServerState) -> String {
    let tls = if state.tls.is_empty() { "without TLS" } else { &state.tls };
    // Distributions add words of their own.
    let version = state.version.split(' ').next().unwrap_or_default();
    format!("PostgreSQL {version}, {tls}, schema {SCHEMA_VERSION}, {} left", count(left(state), "connection"))
}

fn left(state: &ServerState) -> usize {
    usize::try_from(state.connections_left).unwrap_or_default()
}

fn faults(state: &ServerState) -> Vec<String> {
    let (version_min, name) = VERSION_MIN;
    if state.version_number < version_min {
        return vec![format!("it is PostgreSQL {}: Flaskr needs {name} or later", state.version)];
    }
    let encoding = (state.encoding != ENCODING).then(|| {
        format!(
            "texts are stored in {}, which does not have every letter: make another with `createdb --template=template0 \
             --encoding={ENCODING}`, and `flaskr-admin copy` this one into it",
            state.encoding
        )
    });
    let writes = if state.is_standby {
        Some(
            "it is a standby, and takes no writes: name the primary in `[database] url`, or promote this one"
                .to_owned(),
        )
    } else if state.is_read_only {
        Some("it takes no writes: `ALTER DATABASE … RESET default_transaction_read_only`, or of the role".to_owned())
    } else {
        None
    };
    let schema = match state.schema {
        None => {
            Some("it has tables of another program: name one that is Flaskr's alone, `createdb` makes it".to_owned())
        }
        Some(0) => Some("it has no tables: make them with `flaskr-admin init-db`".to_owned()),
        Some(schema) if schema > SCHEMA_VERSION => Some(format!(
            "it was made by a newer Flaskr (schema {schema}, this one knows up to {SCHEMA_VERSION}): install that version again"
        )),
        Some(_) => None,
    };
    encoding.into_iter().chain(writes).chain(schema).collect()
}

fn notes(state: &ServerState, is_near: bool, settings: &Database, now: Timestamp) -> Vec<String> {
    let off = state.off.iter().map(|name| {
        let lost = if name == "synchronous_commit" {
            "posts that were acknowledged are lost"
        } else {
            "posts that were acknowledged are lost, and the rest may be damaged,"
        };
        format!("{name} is off: {lost} when the server's machine fails; `ALTER SYSTEM RESET {name}`, and reload it (`pg_ctl reload`)")
    });
    let tls = (state.tls.is_empty() && !is_near).then(|| {
        "it is asked without TLS, over a network: whoever is in between reads all, passwords' hashes too; take \
         `sslmode=disable` out of `[database] url`"
            .to_owned()
    });
    let outdated = state
        .schema
        .is_some_and(|schema| schema > 0 && schema < SCHEMA_VERSION)
        .then(|| "its schema is older than this program, which brings it up to date at the next start".to_owned());
    let away = state.time.as_second() - now.as_second();
    let clock = (away.abs() > AWAY_SECONDS_MAX).then(|| {
        let (seconds, way) = (
            count(usize::try_from(away.abs()).unwrap_or_default(), "second"),
            if away > 0 { "ahead of" } else { "behind" },
        );
        format!("its clock is {seconds} {way} this machine's: set both, for example with `timedatectl set-ntp true`")
    });
    let needed = settings.readers + CONNECTIONS_BESIDE;
    let room = (left(state) < needed).then(|| {
        format!(
            "{} left, and a node takes {needed}, those of a daemon that runs are counted already: raise max_connections \
             there, or the limit of its role or database, or lower `[database] readers`",
            count(left(state), "connection")
        )
    });
    iter::empty().chain(tls).chain(outdated).chain(off).chain(clock).chain(room).collect()
}

fn orphans(contents: &ServerContents) -> Option<String> {
    (contents.orphans > 0).then(|| format!("posts without an author, which no page shows: {}", contents.orphans))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> ServerState {
        ServerState {
            version: "15.18 (Debian 15.18-0+deb12u1)".to_owned(),
            version_number: 150_018,
            tls: "TLSv1.3".to_owned(),
            encoding: "UTF8".to_owned(),
            is_standby: false,
            is_read_only: false,
            time: Timestamp::from_second(1_800_000_000).unwrap(),
            connections_left: 7,
            off: Vec::new(),
            schema: Some(SCHEMA_VERSION),
        }
    }

    fn said(state: &ServerState, is_near: bool) -> (Vec<String>, Vec<String>) {
        (faults(state), notes(state, is_near, &Database::default(), Timestamp::from_second(1_800_000_000).unwrap()))
    }

    /// A server that is as it should be is told in one line.
    #[test]
    fn well() {
        assert_eq!(said(&good(), false), (Vec::new(), Vec::new()));
        assert_eq!(summary(&good()), "PostgreSQL 15.18, TLSv1.3, schema 11, 7 connections left");
        assert_eq!(said(&ServerState { tls: String::new(), ..good() }, true), (Vec::new(), Vec::new()));
    }

    /// Whatever a daemon could not serve from is a fault, with its mend.
    #[test]
    fn each_fault() {
        for (state, mend) in [
            (ServerState { version: "14.9".to_owned(), version_number: 140_009, ..good() }, "needs 15 or later"),
            (ServerState { encoding: "LATIN1".to_owned(), ..good() }, "createdb"),
            (ServerState { is_standby: true, is_read_only: true, ..good() }, "name the primary"),
            (ServerState { is_read_only: true, ..good() }, "RESET default_transaction_read_only"),
            (ServerState { schema: None, ..good() }, "another program"),
            (ServerState { schema: Some(0), ..good() }, "init-db"),
            (ServerState { schema: Some(SCHEMA_VERSION + 1), ..good() }, "install that version"),
        ] {
            let (faults, notes) = said(&state, true);
            assert!(faults.len() == 1 && faults[0].contains(mend) && notes.is_empty(), "{mend}: {faults:?} {notes:?}");
        }
    }

    /// What may cost posts later is said.
    #[test]
    fn each_note() {
        let at = |second| Timestamp::from_second(second).unwrap();
        for (state, note) in [
            (ServerState { tls: String::new(), ..good() }, "sslmode=disable"),
            (ServerState { schema: Some(1), ..good() }, "brings it up to date"),
            (
                ServerState { off: vec!["fsync".to_owned()], ..good() },
                "fsync is off: posts that were acknowledged are lost, and",
            ),
            (
                ServerState { off: vec!["synchronous_commit".to_owned()], ..good() },
                "lost when the server's machine fails",
            ),
            (ServerState { time: at(1_800_000_006), ..good() }, "6 seconds ahead of"),
            (ServerState { time: at(1_799_999_000), ..good() }, "1000 seconds behind"),
            (ServerState { connections_left: 6, ..good() }, "6 connections left, and a node takes 7"),
        ] {
            let (faults, notes) = said(&state, false);
            assert!(faults.is_empty() && notes.len() == 1 && notes[0].contains(note), "{note}: {faults:?} {notes:?}");
        }
    }
}
