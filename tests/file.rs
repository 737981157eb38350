//! A database in a file, through its public door: what is kept, what is refused, and what is left alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use flaskr::config::Database;
use flaskr::db::posts::{self, Scope};
use flaskr::db::{self, Connection, Db, Error, Findings, Initialized, Progress, users};
use flaskr::post::{Part, Post};
use flaskr::user::Username;
use jiff::Timestamp;
use tempfile::TempDir;

/// The newest posts.
fn newest(conn: Connection<'_>) -> db::Result<Vec<Post>> {
    Ok(posts::list(conn, Scope::All, &Part::Newest, 5)?.posts)
}

/// A database as the tutorial's `init-db` makes it, and somebody fills it.
const ORIGINAL: &str = concat!(
    include_str!("original.sql"),
    "PRAGMA journal_mode = delete;
    PRAGMA foreign_keys = off;
    INSERT INTO user (username, password) VALUES ('a <b>', 'pbkdf2:sha256:50000$x$y'), ('b', 'z');
    INSERT INTO post (author_id, created, title, body) VALUES
      (1, '2018-01-01 00:00:00', 't', 'crlf' || x'0d0a' || 'nul' || x'00' || 'end'), (1, 'yesterday', 'u', ''),
      (99, '2018-01-01 00:00:00', 'orphan', '');"
);

/// Everything that a database of the tutorial's holds.
const ALL: &str = "
    SELECT group_concat(row, '|') FROM (
      SELECT quote(id) || quote(username) || quote(password) AS row FROM user
      UNION ALL SELECT quote(id) || quote(author_id) || quote(created) || quote(title) || quote(body) FROM post
      UNION ALL SELECT name || sql FROM sqlite_schema WHERE name IN ('user', 'post')
      UNION ALL SELECT name || seq FROM sqlite_sequence WHERE name IN ('user', 'post')
      ORDER BY row)";

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flaskr.sqlite");
    (directory, path)
}

/// A new database, open.
fn open_new(limits: &Database) -> (TempDir, PathBuf, Db) {
    let (directory, path) = place();
    db::init(&path, now()).unwrap();
    let db = open(&path, limits).unwrap();
    (directory, path, db)
}

fn open(path: &Path, limits: &Database) -> Result<Db, db::OpenError> {
    Db::open(path, limits, now())
}

/// A database that these statements make.
fn made_by(sql: &str) -> (TempDir, PathBuf) {
    let (directory, path) = place();
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    (directory, path)
}

fn value<T: rusqlite::types::FromSql>(path: &Path, sql: &str) -> T {
    rusqlite::Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Every file of a directory with all its bytes.
fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn add_user(conn: Connection<'_>, name: &str) -> Result<(), Error> {
    users::insert(conn, &Username::parse(name.to_owned()).unwrap(), "hash").map(|_| ())
}

fn is_busy<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Busy(_)))
}

/// When its file is gone the writer ends, and tells everybody: who was served by it, who waits for it, and who comes.
#[tokio::test]
async fn writer_that_ends() {
    let (_directory, path, db) = open_new(&Database::default());
    let (enter, entered) = mpsc::channel();
    let (release, released) = mpsc::channel();
    let served = db.write(move |conn| {
        enter.send(()).unwrap();
        released.recv().unwrap();
        add_user(conn, "served")
    });
    let waiting = async {
        entered.recv().unwrap();
        fs::remove_file(&path).unwrap();
        let release = async { release.send(()).unwrap() };
        tokio::join!(biased; db.write(|conn| add_user(conn, "waiting")), release).0
    };
    let (served, waiting) = tokio::join!(biased; served, waiting);
    assert!(matches!(served, Err(Error::Unknown(_))), "{served:?}");
    assert!(is_busy(&waiting), "{waiting:?}");
    assert!(db.failed().await.ends_with("flaskr.sqlite was deleted or replaced while in use"));
    let late = db.write(|conn| add_user(conn, "late")).await;
    assert!(is_busy(&late), "{late:?}");
}

/// Every commit is on disk, and the engine is one that cannot corrupt a write-ahead log.
#[tokio::test]
async fn settings() {
    let (_directory, path, db) = open_new(&Database::default());
    let pragma = async |name: &'static str| {
        let read = move |conn: Connection<'_>| conn.query_row(&format!("PRAGMA {name}"), &[], |row| row.text(name));
        db.write(read).await.unwrap().unwrap()
    };
    assert_eq!(pragma("journal_mode").await, "wal");
    assert_eq!(pragma("synchronous").await, "2");
    assert_eq!(pragma("foreign_keys").await, "1");
    assert_eq!(pragma("trusted_schema").await, "0");

    let version = |conn: Connection<'_>| conn.query_row("SELECT sqlite_version() AS v", &[], |row| row.text("v"));
    let version = db.read(version).await.unwrap().unwrap();
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "{version}");
    assert_eq!(fs::metadata(path).unwrap().mode() & 0o777, 0o600, "hashes of passwords are for nobody else");
}

/// A closed database is one file without a log beside it.
#[tokio::test]
async fn closed_is_one_file() {
    let (directory, _path, db) = open_new(&Database::default());
    db.write(|conn| add_user(conn, "a")).await.unwrap();
    db.read(users::all).await.unwrap();
    drop(db);
    assert_eq!(files(directory.path()).len(), 1);
}

/// What is no database of ours is refused by every door, with a reason, and not a byte of it changes.
#[tokio::test]
async fn refused_and_unchanged() {
    let newer = "PRAGMA application_id = 0x466c736b; PRAGMA user_version = 99; CREATE TABLE user (id)";
    let other_application = "PRAGMA application_id = 5; CREATE TABLE user (id)";
    for (sql, reason) in [
        (newer, "made by a newer Flaskr (schema 99"),
        (other_application, "is not a database of Flaskr"),
        ("PRAGMA user_version = 3; CREATE TABLE post (id)", "is not a database of Flaskr"),
        ("CREATE TABLE notes (id)", "is not a database of Flaskr (it has no column user.id)"),
        ("CREATE TABLE user (id, username, password)", "is not a database of Flaskr (it has no column post.id)"),
        ("PRAGMA journal_mode = wal; CREATE TABLE notes (id)", "is not a database of Flaskr"),
    ] {
        let (directory, path) = made_by(sql);
        let before = files(directory.path());
        for error in [
            open(&path, &Database::default()).map(|_| ()).unwrap_err(),
            db::init(&path, now()).map(|_| ()).unwrap_err(),
            db::clear(&path, now(), &Progress::ignored()).map(|_| ()).unwrap_err(),
            db::look_over(&path, false).map(|_| ()).unwrap_err(),
        ] {
            let message = error.to_string();
            assert!(message.contains(reason) && message.ends_with("nothing was changed"), "{message}");
            assert!(message.contains(path.to_str().unwrap()), "{message}");
        }
        assert!(files(directory.path()) == before, "{sql}");
    }
}

/// A file that is no database at all is refused, and not a byte of it changes.
#[tokio::test]
async fn text_file() {
    let (directory, path) = place();
    fs::write(&path, "Dear diary,\n".repeat(1000)).unwrap();
    let before = files(directory.path());
    for error in
        [open(&path, &Database::default()).map(|_| ()).unwrap_err(), db::init(&path, now()).map(|_| ()).unwrap_err()]
    {
        assert!(error.to_string().ends_with("is not an SQLite database: nothing was changed"), "{error}");
    }
    assert!(files(directory.path()) == before);
}

/// Opening creates nothing: a database is made on purpose.
#[tokio::test]
async fn missing() {
    let (directory, path) = place();
    let error = open(&path, &Database::default()).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("there is no database at") && error.contains("flaskr-admin init-db"), "{error}");
    assert!(files(directory.path()).is_empty());

    fs::write(&path, "").unwrap();
    let error = open(&path, &Database::default()).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("has no tables"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"");
}

/// The original's database is taken over in place: its tables and rows stay, and a copy is beside it.
#[tokio::test]
async fn original() {
    let (directory, path) = made_by(ORIGINAL);
    let before: String = value(&path, ALL);
    let db = open(&path, &Database::default()).unwrap();
    assert_eq!(db.read(users::all).await.unwrap().len(), 2);
    assert_eq!(db.read(newest).await.unwrap().len(), 2);
    db.write(|conn| add_user(conn, "c")).await.unwrap();
    drop(db);

    let backup = directory.path().join("flaskr.sqlite.backup-20260101T000000Z");
    assert_eq!(value::<String>(&backup, ALL), before);
    assert_eq!(value::<String>(&backup, "PRAGMA journal_mode"), "delete");
    assert_eq!(value::<i64>(&backup, "PRAGMA user_version"), 0, "the original opens it");
    rusqlite::Connection::open(&path).unwrap().execute_batch("DELETE FROM user WHERE username = 'c'").unwrap();
    assert_eq!(value::<String>(&path, ALL).replace("user3", "user2"), before);
    assert_eq!(files(directory.path()).len(), 2);
}

/// A backup is for its owner alone: it holds the same hashes.
#[test]
fn backup_is_private() {
    let (directory, path) = made_by(ORIGINAL);
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    db::init(&path, now()).unwrap();
    let backup = directory.path().join("flaskr.sqlite.backup-20260101T000000Z");
    let mode = fs::metadata(backup).unwrap().mode() & 0o777;
    assert_eq!(mode & 0o077, 0, "its mode is {mode:o}");
}

/// A backup never takes the place of another, even one of the same second.
#[test]
fn backups_are_kept() {
    let (directory, path) = made_by(ORIGINAL);
    db::init(&path, now()).unwrap();
    let first: String = value(&path, ALL);
    let _ = db::clear(&path, now(), &Progress::ignored());
    let _ = db::clear(&path, now(), &Progress::ignored());
    let backups: Vec<_> = files(directory.path()).into_keys().filter(|file| *file != path).collect();
    assert!(backups.iter().any(|backup| value::<String>(backup, ALL) == first), "all data is gone: {backups:?}");
}

/// Making a database is done once, however often it is asked for.
#[test]
fn init_is_idempotent() {
    let (directory, path) = place();
    assert_eq!(db::init(&path, now()).unwrap(), Initialized::Created);
    let made = files(directory.path());
    assert_eq!(db::init(&path, now()).unwrap(), Initialized::Unchanged);
    assert!(files(directory.path()) == made);

    let (directory, path) = made_by(ORIGINAL);
    assert!(matches!(db::init(&path, now()).unwrap(), Initialized::Migrated { .. }));
    let migrated = files(directory.path());
    assert_eq!(db::init(&path, now()).unwrap(), Initialized::Unchanged);
    assert!(files(directory.path()) == migrated);
}

/// The tables that are made are the tutorial's own.
#[test]
fn same_tables_as_the_original() {
    let ((_new, new), (_original, original)) = (place(), made_by(ORIGINAL));
    db::init(&new, now()).unwrap();
    let columns =
        "SELECT group_concat(m.name || ' ' || i.name || i.type || i.\"notnull\" || ifnull(i.dflt_value, '') || i.pk)
                     FROM sqlite_schema m JOIN pragma_table_info(m.name) i WHERE m.name IN ('user', 'post')";
    assert_eq!(value::<String>(&new, columns), value::<String>(&original, columns));
}

/// Clearing leaves empty tables and a copy of what was in them.
#[test]
fn clear_backs_up() {
    let (_directory, path) = made_by(ORIGINAL);
    let before: String = value(&path, ALL);
    let backup = db::clear(&path, now(), &Progress::ignored()).unwrap().unwrap();
    assert_eq!(value::<String>(&backup, ALL), before);
    assert_eq!(value::<i64>(&path, "SELECT (SELECT count(*) FROM user) + (SELECT count(*) FROM post)"), 0);
    assert_eq!(db::init(&path, now()).unwrap(), Initialized::Unchanged);
}

/// A running site goes on over a clearing, and sees it.
#[tokio::test]
async fn cleared_while_open() {
    let (_directory, path, db) = open_new(&Database::default());
    db.write(|conn| add_user(conn, "a")).await.unwrap();
    db::clear(&path, now(), &Progress::ignored()).unwrap();
    assert_eq!(db.read(users::all).await.unwrap().len(), 0);
    db.write(|conn| add_user(conn, "b")).await.unwrap();
    assert_eq!(db.read(users::all).await.unwrap().len(), 1);
}

/// A look finds what is wrong, and changes nothing.
#[test]
fn check() {
    let (directory, path) = made_by(ORIGINAL);
    let before = files(directory.path());
    let Findings { faults, notes, .. } = db::look_over(&path, false).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    assert!(notes[0].contains("older than this program"), "{notes:?}");
    assert_eq!(notes[1], "posts without an author, which no page shows: 1");
    assert!(files(directory.path()) == before);

    db::init(&path, now()).unwrap();
    assert_eq!(db::look_over(&path, false).unwrap().notes.len(), 1);
}

/// Clearing loses nothing that a writer was told is stored: it is in the backup, or in the new database.
#[tokio::test(flavor = "multi_thread")]
async fn clear_loses_nothing() {
    let (_directory, path, db) = open_new(&Database::default());
    let cleared = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || db::clear(&path, now(), &Progress::ignored()).unwrap())
    };
    let mut added = 0;
    while !cleared.is_finished() || added < 50 {
        let name = Username::parse(format!("user {added}")).unwrap();
        db.write(move |conn| users::insert(conn, &name, "x")).await.unwrap();
        added += 1;
    }
    let backup = cleared.await.unwrap().unwrap();
    let count = |file: &std::path::Path| value::<i64>(file, "SELECT count(*) FROM user");
    assert_eq!(count(&backup) + count(&path), added);
}
