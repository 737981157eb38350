//! A site that moves from a file to a server, and back. What needs a server is run where there is one to test with: its
//! address is in `TEST_POSTGRES`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]
#![allow(dead_code, reason = "it is for the tests of the site too")]

use std::cell::Cell;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use flaskr::config::Database as Settings;
use flaskr::db::{self, Altered, Copied, CopyError, Location, Progress, Single, search};
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

mod engine;

use engine::{Database, SERVER};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// Rows of every table: what is missing, what is odd, what refers to nothing, and numbers that are not to be given again.
const ROWS: &str = "
    INSERT INTO user (id, username, password) VALUES (1, 'ann', 'x'), (2, 'b' || char(0) || 'ob', ''), (9, '김철수', 'y');
    DELETE FROM user WHERE id = 9;
    INSERT INTO post (id, author_id, created, title, body) VALUES
      (1, 1, '2018-01-01 00:00:00', 'one', '안녕 안녕하세요'), (2, 1, '2018-01-01 00:00:00', '', char(0) || CAST(x'61ff62' AS TEXT)),
      (3, 77, '2018-01-02 00:00:00', 'nobody''s', 'c'), (4, 1, 2018, 'odd', 'd'), (5, 1, 'once', 'odder', x'6162'), (40, 1, 'z', 'z', 'z');
    DELETE FROM post WHERE id = 40;
    INSERT INTO session (token_digest, user_id, password_digest, created, seen, address, agent) VALUES
      (x'00ff', 1, x'', 1, 2, '::1', 'agent'), (x'01', 77, x'00', -1, 9223372036854775807, '', '');
    INSERT INTO sent_form (user_id, digest, created, made) VALUES (1, x'0a', 1, NULL), (1, x'0b', 1, 4);
    INSERT INTO disabled_user VALUES (2, 5);
    INSERT INTO invite VALUES (x'aa', 6);
    INSERT INTO reset_link VALUES (x'bb', 1, x'cc', 7);
    INSERT INTO second_factor VALUES (1, x'dd', 8, 9);
    INSERT INTO recovery_code VALUES (x'ee', 1);
    INSERT INTO tag VALUES (3, 'ab', 'Ab');
    INSERT INTO post_tag (tag_id, created, post_id) SELECT 3, created, id FROM post;
    INSERT INTO post_update (post_id, created, updated) SELECT id, created, 'u' FROM post;
    INSERT INTO markdown_post (post_id, created) SELECT id, created FROM post;
    INSERT INTO draft VALUES (2, 1, 'ann', '', 'body', '', 'markdown', 'u'), (8, 1, 'ann', '', '', '', '', '');
    DELETE FROM draft WHERE id = 8;
    INSERT INTO withdrawn_post VALUES (6, 1, 'ann', '2018-01-03 00:00:00', 't', 'b', '', 'plain', '', NULL, 1), (7, 1, 'ann', 'c', 't', 'b', '', 'plain', '', 2, 1);
    INSERT INTO discussion (id, post_id, created, likes) SELECT id, id, created, 1 FROM post;
    INSERT INTO post_like SELECT id, 1 FROM discussion;
    INSERT INTO comment VALUES (1, 1, 1, 1, NULL, 'a', NULL), (2, 1, 1, 1, 2, 'b' || char(10), 1), (3, 66, 1, 1, NULL, '', NULL), (12, 1, 1, 1, NULL, '', NULL);
    DELETE FROM comment WHERE id = 12;
    INSERT INTO moderator VALUES (1, 'ann', 1);
    INSERT INTO moderation_log VALUES (1, 1, 1, 'ann', 'delete', 1, NULL, 'bob', '', 'r'), (2, 1, 1, 'ann', 'delete', 1, 3, 'bob', 'e', '');
    INSERT INTO image VALUES (1, 'h', 'png', 200000, 1, NULL), (2, 'i', 'gif', 0, 1, 0);
    INSERT INTO image_size VALUES (1, 480, 2, 200000);
    INSERT INTO image_part VALUES (1, 480, 0, randomblob(131072)), (1, 480, 1, zeroblob(68928));
    INSERT INTO image_use VALUES ('post', 1, 1), ('draft', 2, 1);
    INSERT INTO profile VALUES (1, 'ann', 'hi');
    INSERT INTO api_token VALUES (1, x'0101', 1, x'', 'n', 'read', 1, NULL, NULL), (5, x'02', 1, x'', 'n', 'read', 1, 2, 3);
    DELETE FROM api_token WHERE id = 5;
    INSERT INTO preference VALUES (1, 'ann', 'ko', 'dark');";

/// A file with these rows, and a place on the server.
struct Bed {
    directory: TempDir,
    server: Database,
    settings: Settings,
}

impl Bed {
    /// `None`, where there is no server.
    fn new(rows: &str) -> Option<Self> {
        env::var_os(SERVER)?;
        let directory = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        let server = Database::new(Path::new(""), &mut settings);
        let bed = Self { directory, server, settings };
        db::init(&bed.path("site"), NOW).unwrap();
        bed.execute(rows);
        Some(bed)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn file(&self, name: &str) -> Location {
        Location::File(self.path(name))
    }

    fn server(&self) -> Location {
        Location::Server(Box::new(self.settings.clone()))
    }

    fn execute(&self, sql: &str) {
        let connection = Connection::open(self.path("site")).unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    fn empty_server(&self) {
        let schema: String = self.server.value("SELECT current_schema()::text");
        self.server.execute(&format!("DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}"));
    }

    fn there(&self) -> Result<Copied, CopyError> {
        copy(&self.file("site"), &self.server())
    }

    fn back(&self) -> Result<Copied, CopyError> {
        copy(&self.server(), &self.file("back"))
    }
}

fn copy(source: &Location, target: &Location) -> Result<Copied, CopyError> {
    db::copy(source, target, NOW, &Progress::ignored(), &|| false)
}

/// All that is in a file, but for the index of the search and what waits for it.
fn rows(path: &Path) -> Vec<String> {
    let rows = Database::File(path.to_owned()).rows();
    rows.into_iter().filter(|row| !row.starts_with("search_") && !row.starts_with("sqlite_stat")).collect()
}

/// The word before the rows of a table whose rows are others afterwards.
fn replaced(rows: Vec<String>) -> Vec<String> {
    let replaced = |row: String| {
        row.replace("b\\0ob", "b\u{fffd}ob")
            .replace("Text(\"\\0a", "Text(\"\u{fffd}a")
            .replace("Blob([97, 98])", "Text(\"ab\")")
    };
    rows.into_iter().map(replaced).collect()
}

/// Every table, every type, and whatever a value may be, comes to a server and back.
#[test]
fn there_and_back() {
    // What is no UTF-8 cannot be read here.
    let Some(bed) = Bed::new(&ROWS.replace("CAST(x'61ff62' AS TEXT)", "'ab'")) else { return };
    let there = bed.there().unwrap();
    let empty: Vec<_> = there.tables.iter().filter(|table| table.rows == 0).map(|table| table.name).collect();
    assert!(empty.is_empty(), "without a row here: {empty:?}");
    let back = bed.back().unwrap();
    let sums =
        |copied: &Copied| copied.tables.iter().map(|table| (table.rows, table.sha256.clone())).collect::<Vec<_>>();
    assert_eq!(sums(&there), sums(&back));
    assert_eq!(rows(&bed.path("back")), replaced(rows(&bed.path("site"))));
    assert_eq!(back.altered_count, 0);
}

/// What a server cannot hold as it is becomes what pages show, and each such value is named.
#[test]
fn what_cannot_be_held_is_said() {
    let Some(bed) = Bed::new(ROWS) else { return };
    let copied = bed.there().unwrap();
    let altered = |table, row, column| Altered { table, row, column };
    assert_eq!(
        copied.altered[..4],
        [
            altered("user", 2, "username"),
            altered("post", 2, "body"),
            altered("post", 4, "created"),
            altered("post", 5, "body"),
        ]
    );
    assert_eq!(copied.altered_count, 8, "{:?}", copied.altered); // and each that refers to post 4
    assert_eq!(bed.server.value::<String>("SELECT username FROM user WHERE id = 2"), "b\u{fffd}ob");
    assert_eq!(bed.server.value::<String>("SELECT body FROM post WHERE id = 2"), "\u{fffd}a\u{fffd}b");
    assert_eq!(bed.server.value::<String>("SELECT created FROM post WHERE id = 4"), "2018");
}

/// No more of those than somebody can read are named.
#[test]
fn few_are_named() {
    let Some(bed) = Bed::new("INSERT INTO user VALUES (1, 'a', '')") else { return };
    bed.execute(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 50)
                 INSERT INTO post (author_id, title, body) SELECT 1, char(0), n FROM n",
    );
    let copied = bed.there().unwrap();
    assert_eq!((copied.altered.len(), copied.altered_count), (20, 50));
}

/// No number is given twice, be what had it gone before the copy.
#[test]
fn numbers_go_on() {
    let Some(bed) = Bed::new(ROWS) else { return };
    bed.there().unwrap();
    bed.server.execute("INSERT INTO user (username, password) VALUES ('new', '')");
    let new = |insert: &str| bed.server.value::<i64>(&format!("INSERT INTO {insert} RETURNING id"));
    assert_eq!(bed.server.value::<i64>("SELECT id FROM user WHERE username = 'new'"), 10);
    assert_eq!(new("post (author_id, title, body) VALUES (1, '', '')"), 41);
    assert_eq!(new("comment (discussion_id, author_id, created, body) VALUES (1, 1, 1, '')"), 13);
    assert_eq!(
        new("draft (author_id, username, title, body, tags, format, updated) VALUES (1, '', '', '', '', '', '')"),
        9
    );
    assert_eq!(new("tag (folded, name) VALUES ('n', 'n')"), 4);
    assert_eq!(new("image (hash, format, bytes, user_id) VALUES ('n', 'n', 1, 1)"), 3);
    bed.server.execute("DELETE FROM post WHERE id = 41; DELETE FROM user WHERE id = 10");
    bed.back().unwrap();
    let back = Database::File(bed.path("back"));
    back.execute("INSERT INTO post (author_id, title, body) VALUES (1, 'next', ''); INSERT INTO user (username, password) VALUES ('next', '')");
    assert_eq!(back.value::<i64>("SELECT id FROM post WHERE title = 'next'"), 42);
    assert_eq!(back.value::<i64>("SELECT id FROM user WHERE username = 'next'"), 11);
    assert_eq!(back.value::<i64>("SELECT seq FROM sqlite_sequence WHERE name = 'api_token'"), 5);
}

/// What a post's numbers and times tell apart is told apart after the way back too.
#[test]
fn times_are_those_of_posts() {
    let Some(bed) = Bed::new(ROWS) else { return };
    bed.there().unwrap();
    bed.back().unwrap();
    let joined = |path| {
        let same = "SELECT count(*) FROM post p JOIN post_tag t ON t.post_id = p.id AND t.created = p.created
                      JOIN discussion d ON d.post_id = p.id AND d.created = p.created
                      JOIN markdown_post m ON m.post_id = p.id AND m.created = p.created
                      JOIN post_update u ON u.post_id = p.id AND u.created = p.created";
        Database::File(path).value::<i64>(same)
    };
    assert_eq!((joined(bed.path("site")), joined(bed.path("back"))), (5, 5));
}

/// References hold on the server afterwards, but for what came without; and its triggers work.
#[test]
fn references_hold() {
    let Some(bed) = Bed::new(ROWS) else { return };
    db::init(bed.server(), NOW).unwrap();
    let references = "SELECT conrelid::regclass::text || ' ' || conname || ' ' || confrelid::regclass::text || confdeltype::text
                        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype = 'f' ORDER BY 1";
    let before = bed.server.texts(references);
    assert!(before.len() > 20);
    bed.there().unwrap();
    assert_eq!(bed.server.texts(references), before);
    let broken = "SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                   WHERE connamespace = current_schema()::regnamespace AND NOT convalidated ORDER BY 1";
    let broken = bed.server.texts(broken);
    assert_eq!(broken.len(), 3, "{broken:?}"); // of a post, a session, and a comment
    bed.server.execute("DELETE FROM search_queue; DELETE FROM post WHERE id = 1");
    assert_eq!(bed.server.value::<i64>("SELECT count(*) FROM post_tag WHERE post_id = 1"), 0);
    assert_eq!(bed.server.value::<i64>("SELECT post_id FROM search_queue"), 1);
}

/// All posts are found in the copy, once those that wait are indexed.
#[test]
fn the_index_becomes_complete() {
    let Some(bed) = Bed::new(ROWS) else { return };
    bed.there().unwrap();
    let indexed = |location: &Location| {
        let database = Single::open(location, NOW).unwrap();
        while database.transaction(|conn| search::index_some(conn, 2)).unwrap() > 0 {}
    };
    indexed(&bed.server());
    assert_eq!(bed.server.value::<i64>("SELECT count(*) FROM search_entry"), 5);
    bed.back().unwrap();
    let waiting = Database::File(bed.path("back")).value::<i64>("SELECT count(*) FROM search_queue");
    assert_eq!(waiting, 5);
    indexed(&bed.file("back"));
    assert_eq!(Database::File(bed.path("back")).value::<i64>("SELECT count(*) FROM search_text"), 5);
}

/// Nothing is ever replaced.
#[test]
fn what_is_there_is_left_alone() {
    let Some(bed) = Bed::new(ROWS) else { return };
    bed.server.execute("CREATE TABLE other (a INT)");
    assert!(bed.there().unwrap_err().to_string().contains("tables of another program"));
    bed.server.execute("DROP TABLE other");
    bed.there().unwrap();
    let before = bed.server.rows();
    let again = bed.there().unwrap_err();
    assert!(again.is_refusal() && again.to_string().contains("has rows already"), "{again}");
    assert_eq!(bed.server.rows(), before);
    for (name, text) in [("back", "a"), ("back-wal", "b"), ("back-journal", "c")] {
        fs::write(bed.path(name), text).unwrap();
        let refused = bed.back().unwrap_err();
        assert!(refused.is_refusal() && refused.to_string().contains("move it away first"), "{refused}");
        assert_eq!(fs::read_to_string(bed.path(name)).unwrap(), text);
        fs::remove_file(bed.path(name)).unwrap();
    }
    bed.back().unwrap();
    assert!(matches!(copy(&bed.file("site"), &bed.file("other")), Err(CopyError::Files)));
}

/// What `init-db` has made, and nobody has written to, is as good as nothing, on whatever nodes it is open.
#[test]
fn a_new_database_is_filled() {
    let Some(bed) = Bed::new(ROWS) else { return };
    db::init(bed.server(), NOW).unwrap();
    let number = || bed.server.value::<i64>("SELECT number FROM generation");
    let before = number();
    bed.there().unwrap();
    assert!(number() > before, "nodes hear of it");
    assert_eq!(db::init(bed.server(), NOW).unwrap(), db::Initialized::Unchanged);
}

/// Wherever it is interrupted, nothing is left on either side.
#[test]
fn interrupted() {
    let Some(bed) = Bed::new(ROWS) else { return };
    let looks = Cell::new(0);
    let count = || {
        looks.set(looks.get() + 1);
        false
    };
    let copied = |source: &Location, target: &Location, is_interrupted: &dyn Fn() -> bool| {
        db::copy(source, target, NOW, &Progress::ignored(), is_interrupted)
    };
    let (site, server, back) = (bed.file("site"), bed.server(), bed.file("back"));
    copied(&site, &server, &count).unwrap();
    let all = looks.get();
    assert!(all > 100, "{all}");
    let after = |number: i32| {
        let left = Cell::new(number);
        move || {
            left.set(left.get() - 1);
            left.get() < 0
        }
    };
    for number in [0, 1, all / 5, all / 2, all - 1] {
        assert!(matches!(copied(&server, &back, &after(number)), Err(CopyError::Interrupted)), "{number}");
        let left: Vec<_> =
            fs::read_dir(bed.directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("back")), "{left:?}");
    }
    bed.empty_server();
    for number in [0, 1, all / 5, all / 2, all - 1] {
        assert!(matches!(copied(&site, &server, &after(number)), Err(CopyError::Interrupted)), "{number}");
        let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace";
        assert_eq!(bed.server.value::<i64>(tables), 0);
    }
    copied(&site, &server, &|| false).unwrap();
}

/// The site goes on serving, and the copy is of one moment.
#[test]
fn a_site_that_is_written_to() {
    let Some(bed) = Bed::new("INSERT INTO user VALUES (1, 'a', '')") else { return };
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let connection = Connection::open(bed.path("site")).unwrap();
            connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
            let mut number = 0;
            while !ended.load(Ordering::Relaxed) {
                number += 1;
                // Of one moment: there are as many of the one as of the other.
                connection.execute_batch(&format!(
                    "BEGIN IMMEDIATE; INSERT INTO post (author_id, title, body) VALUES (1, '{number}', '');
                     INSERT INTO draft (author_id, username, title, body, tags, format, updated) VALUES (1, '', '', '', '', '', ''); COMMIT"
                )).unwrap();
                thread::sleep(std::time::Duration::from_millis(1));
            }
        });
        let copies: Vec<_> = (0..3)
            .map(|_| {
                let copied = bed.there();
                bed.empty_server();
                copied
            })
            .collect();
        ended.store(true, Ordering::Relaxed);
        for copy in copies {
            let tables = copy.unwrap().tables;
            let of = |name| tables.iter().find(|table| table.name == name).unwrap().rows;
            assert_eq!(of("post"), of("draft"));
        }
    });
}

/// The tutorial's own database is brought up to date where it is, and then copied.
#[test]
fn the_originals() {
    let Some(bed) = Bed::new("") else { return };
    let path = bed.path("original");
    let original = concat!(
        include_str!("original.sql"),
        "PRAGMA foreign_keys = off; INSERT INTO user (username, password) VALUES ('ann', 'x');
        INSERT INTO post (author_id, title, body) VALUES (1, 'a', 'b'), (99, 'c', 'd');"
    );
    Connection::open(&path).unwrap().execute_batch(original).unwrap();
    let created = Database::File(path.clone()).value::<String>("SELECT created FROM post WHERE id = 1");
    copy(&Location::File(path), &bed.server()).unwrap();
    assert_eq!(bed.server.texts("SELECT title FROM post ORDER BY id"), ["a", "c"]);
    assert_eq!(bed.server.value::<String>("SELECT created FROM post WHERE id = 1"), created);
}

/// What no engine could make sense of is named, with its place.
#[test]
fn what_makes_no_sense() {
    let Some(bed) = Bed::new("INSERT INTO post (author_id, title, body) VALUES ('ann', 'a', 'b')") else { return };
    let error = bed.there().unwrap_err().to_string();
    assert!(error.contains("the row 1 of post has in author_id"), "{error}");
    assert_eq!(
        bed.server.value::<i64>("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"),
        0
    );
}

/// A check of a server's database names it and what is wrong there, never its password, and mends what it is asked to.
#[test]
fn a_server_is_checked() {
    let Some(bed) = Bed::new(ROWS) else { return };
    let check = |words: &[&str]| {
        let url = bed.server.url().unwrap().replace("flaskr@", "flaskr:secret@");
        let mut command = Command::new(env!("CARGO_BIN_EXE_flaskr-admin"));
        let command =
            command.arg("check").args(words).env("FLASKR_DATABASE_URL", url).env("FLASKR_INSTANCE", bed.path(""));
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        assert!(!said.contains("secret@"), "{said}");
        said.lines().filter(|line| line.contains("  database  ")).map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    assert!(check(&[]).contains("it has no tables: make them with `flaskr-admin init-db`"), "{}", check(&[]));
    bed.there().unwrap();
    let found = check(&[]);
    for fault in
        ["1 row of session refers to what is not in user", "1 row of comment refers to what is not in discussion"]
    {
        assert!(found.contains(fault), "{found}");
    }
    assert!(
        found.contains("posts without an author, which no page shows: 1") && !found.contains("of post refer"),
        "{found}"
    );
    let mended = check(&["--mend"]);
    assert!(mended.contains("deleted 2 rows that referred to nothing") && !mended.contains("FAULT"), "{mended}");
    assert!(check(&[]).contains("PostgreSQL 1") && !check(&[]).contains("FAULT"), "{}", check(&[]));
    bed.server.execute("UPDATE schema_version SET number = 99");
    assert!(check(&[]).contains("made by a newer Flaskr (schema 99"), "{}", check(&[]));
}
