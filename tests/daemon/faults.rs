//! What breaks while the daemon runs, as far as anybody can break it; `tests/system/faults` breaks the rest.

use std::fs;
use std::os::unix::fs::FileExt;

use crate::process::{Daemon, Place};

/// A page of nonsense.
const PAGE: [u8; 4096] = [0xff; 4096];

/// A daemon with a post, and the field that carries its author's session.
fn with_a_post(place: &Place) -> (Daemon, String) {
    let daemon = place.start();
    let session = daemon.log_in("ann");
    assert!(create(&daemon, &session, "before").starts_with("HTTP/1.1 303"));
    (daemon, session)
}

fn create(daemon: &Daemon, session: &str, title: &str) -> String {
    daemon.post("/create", session, &format!("title={title}&body=&nonce={title}"))
}

fn shows(daemon: &Daemon, title: &str) -> bool {
    daemon.get("/").contains(&format!(">{title}</a></h2>"))
}

/// A database that is deleted is kept as a copy; nothing new takes its place.
#[test]
fn deleted() {
    let place = Place::new();
    let (mut daemon, _) = with_a_post(&place);
    fs::remove_file(place.path("instance/flaskr.sqlite")).unwrap();
    assert_eq!(daemon.wait().code(), Some(1), "it notices by itself");
    let copied = daemon.wait_for_line("the database as it was is in ");
    daemon.wait_for_line("flaskr.sqlite was deleted or replaced while in use");

    let mut refused = place.spawn(&["--listen", "127.0.0.1:0"]);
    assert_eq!(refused.wait().code(), Some(78), "somebody has to put the copy there");
    let copy = copied.rsplit(' ').next().unwrap();
    fs::rename(place.path(copy), place.path("instance/flaskr.sqlite")).unwrap();
    assert!(shows(&place.start(), "before"));
}

/// A database that is replaced is served by the next daemon, without the log of the one before.
#[test]
fn replaced() {
    let place = Place::new();
    assert!(with_a_post(&place).0.stop());
    fs::copy(place.path("instance/flaskr.sqlite"), place.path("backup")).unwrap();
    let mut daemon = place.start();
    let session = daemon.log_in("bob");
    assert!(create(&daemon, &session, "later").starts_with("HTTP/1.1 303"));
    fs::rename(place.path("backup"), place.path("instance/flaskr.sqlite")).unwrap();
    assert_eq!(daemon.wait().code(), Some(1), "it notices by itself");

    let daemon = place.start();
    assert!(shows(&daemon, "before") && !shows(&daemon, "later"));
}

/// A log that is deleted ends the daemon; what was acknowledged is in the database.
#[test]
fn deleted_log() {
    let place = Place::new();
    let (mut daemon, _) = with_a_post(&place);
    fs::remove_file(place.path("instance/flaskr.sqlite-wal")).unwrap();
    assert_eq!(daemon.wait().code(), Some(1), "it notices by itself");
    assert!(shows(&place.start(), "before"));
}

/// Damages the page where the posts begin, of a daemon that is stopped.
fn damage_posts(place: &Place) {
    let path = place.path("instance/flaskr.sqlite");
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'post'";
    let page: u64 =
        rusqlite::Connection::open(&path).unwrap().query_row(root, [], |row| row.get::<_, u32>(0)).unwrap().into();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all_at(&PAGE, (page - 1) * PAGE.len() as u64).unwrap();
}

/// Damage that nobody has asked for yet is found, and said, by what indexes the posts.
#[test]
fn damage_found_while_indexing() {
    let place = Place::new();
    let (daemon, _) = with_a_post(&place);
    assert!(daemon.stop());
    let database = rusqlite::Connection::open(place.path("instance/flaskr.sqlite")).unwrap();
    database.execute("INSERT INTO search_queue (post_id) VALUES (1) ON CONFLICT DO NOTHING", []).unwrap();
    drop(database);
    damage_posts(&place);
    let daemon = place.spawn(&["--listen", "127.0.0.1:0"]);
    daemon.wait_for_line("put a backup in its place");
}

/// A damaged database is written to no more; what does not need the damaged page shows.
#[test]
fn damaged() {
    let place = Place::new();
    let (daemon, session) = with_a_post(&place);
    assert!(daemon.stop());
    // Nothing to index: the visitor is the first to meet the damage.
    let database = rusqlite::Connection::open(place.path("instance/flaskr.sqlite")).unwrap();
    database.execute("DELETE FROM search_queue", []).unwrap();
    drop(database);
    damage_posts(&place);

    let daemon = place.start();
    let refused = create(&daemon, &session, "refused");
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 60"), "{refused}");
    assert!(refused.contains("is damaged"), "{refused}");
    daemon.wait_for_line("put a backup in its place");
    assert!(daemon.get("/").starts_with("HTTP/1.1 503"));
    assert!(daemon.request("GET", "/create", &session, "").starts_with("HTTP/1.1 200"));
    let elsewhere = daemon.post("/auth/register", "", "username=eve&password=kettle+on+monday");
    assert!(elsewhere.starts_with("HTTP/1.1 503"), "{elsewhere}");
    assert!(daemon.stop());
}
