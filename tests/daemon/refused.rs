//! Starts that fail: one line says what is wrong and where, and nothing on disk is changed.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use crate::process::{Place, files};

/// The exit code of what stays wrong until somebody mends it, which systemd does not try again.
const LASTING: i32 = 78;

/// The exit code of what the next start may mend.
const PASSING: i32 = 1;

/// Starts a daemon that cannot, and compares what it says.
fn assert_refused(place: &Place, arguments: &[&str], message: &str) {
    assert_ends_with(LASTING, place, arguments, message);
}

fn assert_ends_with(code: i32, place: &Place, arguments: &[&str], message: &str) {
    place.notified();
    let before = files(&place.path("."));
    let mut daemon = place.spawn(arguments);
    assert_eq!(daemon.wait().code(), Some(code), "{message}");
    let log = daemon.rest_of_log();
    assert!(log.len() == 1 && log[0].contains("ERROR") && log[0].contains(message), "{message} is not in {log:#?}");
    assert!(files(&place.path(".")) == before, "{message}: files were changed");
    let notified = place.notified();
    assert!(!notified.contains("READY=1"), "{message}: {notified}");
    assert!(notified.contains("STATUS="), "{message}: systemctl status would not say why");
}

/// A place with an instance, and a config file that serves it.
fn installed() -> Place {
    let place = Place::new();
    assert!(place.start().stop());
    fs::write(place.path("config.toml"), "listen = \"127.0.0.1:0\"\n").unwrap();
    place
}

const CONFIGURED: [&str; 2] = ["--config", "config.toml"];

/// A setting that is wrong is named with the place it was set at.
#[test]
fn settings() {
    let place = installed();
    for (text, message) in [
        ("\nlistne = \"x\"", "config.toml:2: listne: unknown field `listne`"),
        ("listen = \"8080\"", "config.toml:1: listen: expected \"ADDRESS:PORT\""),
        ("[limits]\nform_bytes_max = 5", "config.toml:2: limits.form_bytes_max: "),
        ("listen", "config.toml:1: "),
    ] {
        fs::write(place.path("config.toml"), text).unwrap();
        assert_refused(&place, &CONFIGURED, message);
    }
    assert_refused(&place, &["--config", "nowhere.toml"], "cannot read the config file nowhere.toml");
    assert_refused(&place, &["--listen", "nonsense"], "--listen: expected \"ADDRESS:PORT\"");
    let place = installed().with("FLASKR_LISTEN", "nonsense");
    assert_refused(&place, &CONFIGURED, "FLASKR_LISTEN: expected \"ADDRESS:PORT\"");
}

/// A port that is in use, or is not ours to use, is named.
#[test]
fn port() {
    let place = installed();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let message = format!("cannot listen on http://{address}: Address already in use");
    assert_ends_with(PASSING, &place, &["--listen", &address], &message);
    let message = "cannot listen on http://192.0.2.1:80: Cannot assign";
    assert_ends_with(PASSING, &place, &["--listen", "192.0.2.1:80"], message);
}

/// With a config file nothing is made that is missing.
#[test]
fn missing() {
    for (gone, message) in [
        (
            "instance/flaskr.sqlite",
            "there is no database at instance/flaskr.sqlite: make one with `flaskr-admin init-db`",
        ),
        (
            "instance/secret_key",
            "there is no secret key at instance/secret_key: make one with `flaskr-admin secret-key generate`",
        ),
    ] {
        let place = installed();
        fs::remove_file(place.path(gone)).unwrap();
        assert_refused(&place, &CONFIGURED, message);
    }
    let place = installed();
    fs::remove_dir_all(place.instance()).unwrap();
    assert_refused(&place, &CONFIGURED, "there is no secret key at instance/secret_key");
}

/// Without one, an instance that has lost its database is not taken for a new one.
#[test]
fn lost_database() {
    let place = installed();
    fs::remove_file(place.path("instance/flaskr.sqlite")).unwrap();
    assert_refused(&place, &["--listen", "127.0.0.1:0"], "there is no database at instance/flaskr.sqlite");
}

/// What is no database of ours is named and left alone.
#[test]
fn foreign_database() {
    for (sql, message) in [
        (Some("CREATE TABLE notes (id)"), "instance/flaskr.sqlite is not a database of Flaskr"),
        (Some("PRAGMA application_id = 1181512555; PRAGMA user_version = 99"), "was made by a newer Flaskr"),
        (None, "instance/flaskr.sqlite is not an SQLite database"),
    ] {
        let place = installed();
        let database = place.path("instance/flaskr.sqlite");
        fs::remove_file(&database).unwrap();
        match sql {
            Some(sql) => rusqlite::Connection::open(&database).unwrap().execute_batch(sql).unwrap(),
            None => fs::write(&database, "Dear diary").unwrap(),
        }
        assert_refused(&place, &CONFIGURED, message);
        assert_refused(&place, &["--listen", "127.0.0.1:0"], message);
    }
}

/// A key that could be guessed, or that others can read, is refused.
#[test]
fn key() {
    for (text, mode, message) in [
        ("dev\n", 0o600, "instance/secret_key:1: the key is shorter than 32 bytes"),
        ("", 0o600, "instance/secret_key is empty"),
        ("0123456789abcdef0123456789abcdef\n", 0o640, "others can read the secret key instance/secret_key (mode 0640)"),
        ("0123456789abcdef0123456789abcdef\n", 0o604, "others can read the secret key instance/secret_key (mode 0604)"),
    ] {
        let place = installed();
        fs::write(place.path("instance/secret_key"), text).unwrap();
        fs::set_permissions(place.path("instance/secret_key"), fs::Permissions::from_mode(mode)).unwrap();
        assert_refused(&place, &CONFIGURED, message);
        assert_refused(&place, &["--listen", "127.0.0.1:0"], message);
    }
}

/// A key that systemd hands over is held to the same length.
#[test]
fn credential() {
    let place = installed();
    fs::create_dir(place.path("credentials")).unwrap();
    fs::write(place.path("credentials/secret_key"), "dev").unwrap();
    let directory = place.path("credentials").display().to_string();
    let place = place.with("CREDENTIALS_DIRECTORY", &directory);
    assert_refused(&place, &CONFIGURED, "credentials/secret_key:1: the key is shorter than 32 bytes");
}

/// A theme with a fault is refused with its file, line and column, before the database is touched.
#[test]
fn theme() {
    let place = installed();
    let template = place.path("theme/templates/error.html");
    fs::create_dir_all(template.parent().unwrap()).unwrap();
    fs::write(place.path("config.toml"), "listen = \"127.0.0.1:0\"\n[site]\ntheme = \"theme\"\n").unwrap();
    for (text, message) in [
        ("a\n {{ b | shout }}", "the theme is refused: theme/templates/error.html:2:9: Unknown filter `shout`"),
        ("{% extends \"base.html\" %}{{", "the theme is refused: theme/templates/error.html:1:"),
        ("\n{{ gone }}", "the theme is refused: theme/templates/error.html:2:4: Variable `gone` is not defined."),
        ("<?loged-in?>{{ gone }}", "error.html:1:1: \"loged-in\" is no mark"),
    ] {
        fs::write(&template, text).unwrap();
        assert_refused(&place, &CONFIGURED, message);
    }
    fs::write(place.path("config.toml"), "[site]\ntheme = \"/nowhere\"\n").unwrap();
    assert_refused(&place, &CONFIGURED, "/nowhere: cannot read the directory of the theme: No such file");
}
