//! `flaskr-admin check`: each fault is made for real, found, mended as it says, and then gone.
//!
//! What only root can make (owners, a full disk, a port below 1024, a service) is in `tests/system/command` and
//! `tests/system/deb`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test says what is wrong by failing")]

use std::env;
use std::fs;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::Parser;
use flaskr::admin;
use flaskr::cli::Admin;
use flaskr::clock::Clock;
use flaskr::config;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rusqlite::Connection;
use tempfile::TempDir;

/// A directory with a good instance in it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.sh("flaskr-admin init-db && flaskr-admin secret-key generate");
        let (status, said) = place.check("");
        assert_eq!(status, 0, "{said}");
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a line of shell, which has to succeed.
    fn sh(&self, line: &str) {
        let (status, said) = self.run(line);
        assert_eq!(status, 0, "{line}: {said}");
    }

    fn sql(&self, statements: &str) {
        Connection::open(self.path().join("instance/flaskr.sqlite")).unwrap().execute_batch(statements).unwrap();
    }

    /// Checks, with these words or settings before it.
    fn check(&self, words: &str) -> (i32, String) {
        let (before, behind): (Vec<_>, Vec<_>) = words.split_whitespace().partition(|word| word.starts_with("FLASKR_"));
        self.run(&format!("{} flaskr-admin check {}", before.join(" "), behind.join(" ")))
    }

    fn run(&self, line: &str) -> (i32, String) {
        let programs = Path::new(env!("CARGO_BIN_EXE_flaskr-admin")).parent().unwrap();
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1; {line}")])
            .current_dir(self.path())
            .env_clear()
            .env("PATH", format!("{}:{}", programs.display(), env::var("PATH").unwrap()))
            .env("FLASKR_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    /// A fault is found, and gone once `mend` has done what it says.
    fn fault(&self, words: &str, says: &str, mend: impl FnOnce(&Self, &str)) {
        let (status, said) = self.check(words);
        let fault = said.lines().find(|line| line.starts_with("FAULT") && line.contains(says));
        let fault = fault.unwrap_or_else(|| panic!("{says}: {said}"));
        assert_eq!(status, 4, "{said}");
        mend(self, fault);
        let (status, said) = self.check(words);
        assert_eq!((status, said.contains(says)), (0, false), "{says}: {said}");
    }
}

/// Runs every command that a fault names, in their order.
fn as_it_says(place: &Place, fault: &str) {
    let commands: Vec<_> = fault.split('`').skip(1).step_by(2).collect();
    assert!(!commands.is_empty(), "{fault}");
    for command in commands {
        place.sh(command);
    }
}

/// What a line of shell does.
fn by(line: &str) -> impl FnOnce(&Place, &str) {
    move |place, _| place.sh(line)
}

/// Files and directories: there, whose they are, and who may read them.
#[test]
fn files() {
    for (make, says) in [
        ("rm instance/secret_key", "there is no secret key"),
        ("chmod 640 instance/secret_key", "others can read the secret key"),
        (
            "rm -r instance && FLASKR_INSTANCE=key flaskr-admin secret-key generate && mkdir -m 700 instance && cp -p key/secret_key instance",
            "there is no database",
        ),
        (": >instance/flaskr.sqlite", "has no tables"),
        ("chmod 755 instance", "others can enter"),
        ("chmod 500 instance", "its owner cannot read and write in"),
        ("chmod 400 instance/flaskr.sqlite", "its owner cannot read and write"),
        ("chmod 622 instance/flaskr.sqlite", "others can write"),
        ("touch instance/flaskr.sqlite-wal && chmod 660 instance/flaskr.sqlite-wal", "others can write"),
    ] {
        let place = Place::new();
        place.sh(make);
        place.fault("", says, |place, fault| {
            // Of a key that others have read, the mend is a command and a word.
            as_it_says(place, fault);
        });
    }
}

/// What no single command mends says what has to be done.
fn advised(make: &str, says: &str, advice: &str, mend: &str) {
    let place = Place::new();
    place.sh(make);
    place.fault("", says, |place, fault| {
        assert!(fault.contains(advice), "{fault}");
        by(mend)(place, fault);
    });
}

/// Keys that are none.
#[test]
fn keys() {
    for (make, says, advice, mend) in [
        (
            "echo dev >instance/secret_key",
            "it could be guessed",
            "remove the line",
            "rm instance/secret_key && flaskr-admin secret-key generate",
        ),
        (
            ": >instance/secret_key",
            "is empty",
            "remove it",
            "rm instance/secret_key && flaskr-admin secret-key generate",
        ),
        (
            "rm instance/secret_key && mkdir -m 700 instance/secret_key",
            "is a directory",
            "move it away",
            "rmdir instance/secret_key && flaskr-admin secret-key generate",
        ),
    ] {
        advised(make, says, advice, mend);
    }
}

/// What is in the way of a directory and a database, or in their place.
#[test]
fn files_in_the_way() {
    for (make, says, advice, mend) in [
        (
            "mv instance there && ln -s disk/site instance",
            "is a link to disk/site",
            "mount the disk",
            "mkdir disk && mv there disk/site",
        ),
        (
            "mv instance there && touch instance",
            "is not a directory",
            "move it away",
            "rm instance && mv there instance",
        ),
        (
            "mv instance/flaskr.sqlite . && mkdir instance/flaskr.sqlite",
            "is not a file",
            "move it away",
            "rmdir instance/flaskr.sqlite && mv flaskr.sqlite instance",
        ),
        (
            "cp instance/flaskr.sqlite . && echo 'Dear diary' >instance/flaskr.sqlite",
            "is not an SQLite database",
            "move the file away",
            "mv flaskr.sqlite instance",
        ),
        (
            "cp instance/flaskr.sqlite . && printf '\\1\\2\\3' | dd of=instance/flaskr.sqlite bs=1 seek=4096 conv=notrunc status=none",
            "is damaged",
            "restore a backup",
            "mv flaskr.sqlite instance",
        ),
        ("mv instance there", "there is no directory instance", "mount the disk", "mv there instance"),
    ] {
        advised(make, says, advice, mend);
    }
}

/// A setting that is none, of a value that is none, and a file that is not there.
#[test]
fn settings() {
    let place = Place::new();
    place.sh("printf 'listne = \"x\"\\n' >config.toml");
    place.fault("--config config.toml", "config.toml:1: listne: unknown field", by(": >config.toml"));
    place.sh("rm config.toml");
    place.fault("--config config.toml", "cannot read the config file config.toml", by(": >config.toml"));
    let (status, said) = place.check("FLASKR_LIMITS_FORM_BYTES_MAX=1MB");
    assert!(status == 4 && said.contains("FAULT  settings    FLASKR_LIMITS_FORM_BYTES_MAX: invalid type"), "{said}");
    let (status, said) = place.check("FLASKR_BASE_URL=https://blog.example.org");
    assert!(status == 0 && said.contains("note   settings    base_url is https"), "{said}");
    let (_, said) = place.check("FLASKR_BASE_URL=https://blog.example.org FLASKR_TRUSTED_PROXIES=127.0.0.1");
    assert!(!said.contains("note"), "{said}");
}

/// Databases of others, and of another version.
#[test]
fn foreign_databases() {
    let place = Place::new();
    place.sql("PRAGMA user_version = 99");
    place.fault("", "was made by a newer Flaskr", |place, fault| {
        assert!(fault.contains("install that version again"), "{fault}");
        place.sql(&format!("PRAGMA user_version = {}", flaskr::db::SCHEMA_VERSION));
    });
    place.sql("PRAGMA application_id = 7");
    place.fault("", "is not a database of Flaskr", |place, fault| {
        assert!(fault.contains("move the file away and make a database with `flaskr-admin init-db`"), "{fault}");
        place.sh("mv instance/flaskr.sqlite . && flaskr-admin init-db");
    });
}

/// Rows that refer to nothing are counted by table, and deleted behind a backup, with what refers to them; nothing else is.
#[test]
fn dangling_rows() {
    let place = Place::new();
    place.sql(
        "PRAGMA foreign_keys = off;
         INSERT INTO user (id, username, password) VALUES (1, 'ann', 'x'), (2, 'bob', 'x');
         INSERT INTO post (id, author_id, created, title, body) VALUES (1, 1, '2018-01-01', 'a', ''), (2, 9, '2018-01-01', 'b', '');
         INSERT INTO profile (user_id, username, line) VALUES (1, 'ann', 'here'), (3, 'eve', 'gone');
         INSERT INTO image_part (image_id, width, number, content) VALUES (7, 480, 0, x'00');
         INSERT INTO second_factor (user_id, secret, last_step, created) VALUES (4, x'00', 0, 0);
         INSERT INTO recovery_code (code_digest, user_id) VALUES (x'01', 4);",
    );
    let (_, said) = place.check("");
    for table in [
        "image_part refers to what is not in image_size",
        "profile refers to what is not in user",
        "second_factor refers",
    ] {
        assert!(said.contains(&format!("1 row of {table}")), "{table}: {said}");
    }
    place.fault("", "1 row of profile", as_it_says);
    let count = |sql: &str| -> i64 {
        let database = Connection::open(place.path().join("instance/flaskr.sqlite")).unwrap();
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM profile"), 1);
    assert_eq!(count("SELECT count(*) FROM post"), 2, "posts without an author are somebody's words");
    assert_eq!(count("SELECT count(*) FROM recovery_code"), 0);
    place.sh("test $(ls instance/*.backup-* | wc -l) = 1");
    let (status, said) = place.check("--mend");
    assert!(status == 0 && !said.contains("deleted"), "{said}");
    place.sh("test $(ls instance/*.backup-* | wc -l) = 1");
}

/// An index that says other than its table is seen where each index is looked at.
#[test]
fn damaged_index() {
    let place = Place::new();
    place.sql(
        "INSERT INTO user (username, password) VALUES ('ann', 'x');
         INSERT INTO post (author_id, title, body) VALUES (1, 'a', '')",
    );
    place.sh("cp instance/flaskr.sqlite .");
    // The index is left out of what the schema says for the moment of a write.
    place.sql(
        "PRAGMA writable_schema = on;
         CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'post_created';
         DELETE FROM sqlite_schema WHERE name = 'post_created';
         PRAGMA writable_schema = reset;
         UPDATE post SET created = '2018-01-01 00:00:00';",
    );
    place.sql(
        "PRAGMA writable_schema = on;
         INSERT INTO sqlite_schema SELECT * FROM kept;
         PRAGMA writable_schema = reset;
         DROP TABLE kept;",
    );
    assert_eq!(place.check("").0, 0);
    place.fault("--full", "missing from index post_created: restore a backup", by("mv flaskr.sqlite instance"));
}

/// Certificates that the daemon would refuse, or that visitors' browsers do.
#[test]
fn https() {
    let place = Place::new();
    let certify = |from: i32, until: i32| {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
        fs::write(place.path().join("cert.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        fs::write(place.path().join("key.pem"), key.serialize_pem()).unwrap();
        place.sh("chmod 600 key.pem");
    };
    let files = "FLASKR_TLS_CERT=cert.pem FLASKR_TLS_KEY=key.pem";
    place.fault(files, "tls         cert.pem: No such file", |_, _| certify(2020, 4096));
    place.sh("chmod 604 key.pem");
    place.fault(files, "key.pem: others can read the private key", by("chmod o= key.pem"));
    place.sh("cp key.pem other.pem && echo >key.pem");
    place.fault(files, "key.pem: no private key in PEM", by("cp other.pem key.pem"));
    certify(2020, 2021);
    place.fault(files, "the certificate was good until 2021-01-01 00:00 UTC: renew it", |_, _| certify(2020, 4096));
    certify(4095, 4096);
    place.fault(files, "the certificate is good from 4095-01-01 00:00 UTC on", |_, _| certify(2020, 4096));
    let (status, said) = place.check("FLASKR_TLS_DOMAIN=blog.example.org");
    assert!(status == 0 && said.contains("note   tls         no certificate for blog.example.org yet"), "{said}");
}

/// Where somebody else listens, and where nobody can.
#[test]
fn listening() {
    let place = Place::new();
    let number = std::process::id();
    for setting in ["FLASKR_LISTEN", "FLASKR_METRICS_LISTEN"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let setting = format!("{setting}={}", listener.local_addr().unwrap());
        place.fault(&setting, &format!("process {number}, listens there already: end it"), |_, _| drop(listener));
    }
    let (status, said) = place.check("FLASKR_LISTEN=192.0.2.1:8080");
    assert!(status == 4 && said.contains("192.0.2.1 is no address of this machine: `ip address`"), "{said}");

    let socket = place.path().join("there/socket");
    let setting = format!("FLASKR_LISTEN=unix:{}", socket.display());
    place.fault(&setting, "there is no directory", by("mkdir there"));
    place.sh("touch there/socket");
    place.fault(&setting, "what is there is no socket", as_it_says);
    let listener = UnixListener::bind(&socket).unwrap();
    place.fault(&setting, &format!("process {number}, listens there already"), |_, _| drop(listener));
}

/// A clock that was or is wrong.
#[test]
fn clock() {
    let place = Place::new();
    place.sql(
        "INSERT INTO user (id, username, password) VALUES (1, 'ann', 'x');
         INSERT INTO session (token_digest, user_id, password_digest, created, seen) VALUES (x'00', 1, x'00', 4102444800, 4102444800);
         INSERT INTO post (author_id, created, title, body) VALUES (1, '2100-01-01 00:00:00', 'a', '')",
    );
    place.fault("", "somebody was seen at 2100-01-01 00:00 UTC", |place, fault| {
        assert!(fault.contains("`flaskr-admin user logout --all`"), "{fault}");
        place.sh("flaskr-admin user logout --all");
    });
    let (_, said) = place.check("");
    assert!(said.contains("note   clock       a post is of 2100-01-01 00:00 UTC"), "{said}");

    let said_at = |time: &'static str| {
        let instance = place.path().join("instance");
        let args = Admin::parse_from(["flaskr-admin", "--instance", instance.to_str().unwrap(), "check"]);
        let listen = ("FLASKR_LISTEN".into(), "127.0.0.1:0".into());
        let loaded: Result<_, config::Error> = args.config.load([listen], Vec::new());
        let mut out = Vec::new();
        let done = admin::run(&args, loaded, &Clock::new(move || time.parse().unwrap()), &mut out);
        (done.is_ok(), String::from_utf8(out).unwrap())
    };
    let (done, said) = said_at("1970-01-01T00:01:00Z");
    assert!(!done && said.contains("FAULT  clock       it says 1970-01-01 00:01 UTC"), "{said}");
    assert!(said.contains("timedatectl set-ntp true"), "{said}");
    assert!(said_at("2026-01-01T00:00:00Z").0);
}
