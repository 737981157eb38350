//! `flaskr-admin` as transcripts: `tests/admin/*.txt` are sessions at a shell, each in a directory of its own.
//!
//! A line `$ command` is run by `sh`, what it says on both outputs follows, and `[exit N]` if it failed; a line `## …`
//! is for the reader. Each session
//! starts in an empty directory but for `original.sqlite`, a database of the tutorial's. `UPDATE_TRANSCRIPTS=1` writes
//! the transcripts anew, to be read before they are kept.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the tutorial's `init-db` makes, with a user and a post of theirs.
const ORIGINAL: &str = concat!(
    include_str!("original.sql"),
    "PRAGMA journal_mode = delete;
    PRAGMA foreign_keys = off;
    INSERT INTO user (username, password) VALUES ('ann', 'pbkdf2:sha256:50000$x$y');
    INSERT INTO post (author_id, title, body) VALUES (1, 'a', ''), (99, 'b', ''), (99, 'c', '');"
);

/// Runs a transcript's commands and compares what they say.
fn transcript(name: &str) {
    transcript_with(name, &[]);
}

/// The same, with this in the environment too.
fn transcript_with(name: &str, environment: &[(&str, &str)]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/admin").join(name).with_extension("txt");
    let expected = fs::read_to_string(&file).unwrap();
    let directory = tempfile::tempdir().unwrap();
    rusqlite::Connection::open(directory.path().join("original.sqlite")).unwrap().execute_batch(ORIGINAL).unwrap();

    let mut said = String::new();
    for line in expected.lines() {
        if line.starts_with("## ") {
            writeln!(said, "{line}").unwrap();
        } else if let Some(command) = line.strip_prefix("$ ") {
            write!(said, "{line}\n{}", run(command, directory.path(), environment)).unwrap();
        }
    }
    if env::var_os("UPDATE_TRANSCRIPTS").is_some() {
        fs::write(&file, &said).unwrap();
    } else {
        assert_eq!(said, expected, "{} differs: UPDATE_TRANSCRIPTS=1 writes it anew", file.display());
    }
}

/// What a command says, and how it ended if not well.
fn run(command: &str, directory: &Path, environment: &[(&str, &str)]) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_flaskr-admin")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(directory)
        .env_clear()
        .env("PATH", format!("{}:{}", programs.display(), env::var("PATH").unwrap()))
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut said = String::from_utf8(output.stdout).unwrap().lines().map(without_times).collect::<Vec<_>>().join("\n");
    if !said.is_empty() && !said.ends_with('\n') {
        said.push('\n');
    }
    match output.status.code() {
        Some(0) => said,
        Some(code) => said + &format!("[exit {code}]\n"),
        None => panic!("{command} was killed"),
    }
}

/// The time, also in the name of a backup, and the room on the disk, and nothing else, are others each time.
fn without_times(said: &str) -> String {
    match said.split_once("left in ") {
        Some((room, place)) if room.starts_with("ok     disk ") => {
            return format!("ok     disk        ROOM left in {place}");
        }
        _ if said.starts_with("ok     clock ") => return "ok     clock       TIME".to_owned(),
        _ => (),
    }
    let mut parts = said.split(".backup-");
    let first = parts.next().unwrap().to_owned();
    let length = "20260101T000000Z".len();
    parts.fold(first, |text, part| text + ".backup-TIME" + &part[length..])
}

/// A database is made once, whatever is asked of it later.
#[test]
fn init_db() {
    transcript("init-db");
}

/// Nothing is deleted without a yes, and then there is a backup.
#[test]
fn init_db_clear() {
    transcript("init-db-clear");
}

/// The tutorial's database is taken over with all that is in it.
#[test]
fn init_db_original() {
    transcript("init-db-original");
}

/// What is no database of ours is left alone.
#[test]
fn init_db_refused() {
    transcript("init-db-refused");
}

/// A backup is made whole or not at all, and comes back whole or not at all.
#[test]
fn backup() {
    transcript("backup");
}

/// A site is copied to where there is none, or not at all.
#[test]
fn copy() {
    transcript("copy");
}

/// Every command that is about the file of a database says what is to be done where it is on a server.
#[test]
fn server() {
    let url = ("FLASKR_DATABASE_URL", "postgres://ada:secret@127.0.0.1:1/flaskr");
    transcript_with("server", &[url, ("FLASKR_LISTEN", "127.0.0.1:0")]);
}

/// The key is made once, rotated, and never shown.
#[test]
fn secret_key() {
    transcript("secret-key");
}

/// Users are added, listed, and get new passwords.
#[test]
fn user() {
    transcript("user");
}

/// Accounts end with what they wrote or without, and nobody is asked twice.
#[test]
fn user_delete() {
    transcript("user-delete");
}

/// Posts are listed in parts, shown and taken out of the site.
#[test]
fn post() {
    transcript("post");
}

/// Comments are listed, shown and deleted.
#[test]
fn comment() {
    transcript("comment");
}

/// All that is there is counted.
#[test]
fn stats() {
    transcript("stats");
}

/// What comes from elsewhere is stored whole or not at all, and not twice.
#[test]
fn import() {
    transcript("import");
}

/// What leaves can come back.
#[test]
fn export() {
    transcript("export");
}

/// Settings come from where they are said to come from, and a wrong one is named with its place.
#[test]
fn config() {
    transcript("config");
}

/// Everything that is wrong is found in one look.
#[test]
fn check() {
    // Where others may listen meanwhile is none of the transcript's business: any port that is free.
    transcript_with("check", &[("FLASKR_LISTEN", "127.0.0.1:0")]);
}

/// A theme begins with files of ours, and is told what is wrong with it.
#[test]
fn theme() {
    transcript("theme");
}

/// The command line explains itself.
#[test]
fn help() {
    transcript("help");
}
