//! The first start, the next one, and the one after a crash.

use std::fs;
use std::os::unix::fs::MetadataExt;

use crate::process::Place;

/// The first start makes an instance that nobody else can look into, and serves it.
#[test]
fn first_start() {
    let place = Place::new();
    let daemon = place.start();
    assert!(daemon.get("/hello").starts_with("HTTP/1.1 200 OK\r\n"));
    for (path, mode) in [("instance", 0o700), ("instance/secret_key", 0o600), ("instance/flaskr.sqlite", 0o600)] {
        assert_eq!(fs::metadata(place.path(path)).unwrap().mode() & 0o777, mode, "{path}");
    }
    assert!(daemon.stop());
}

/// The log says what is served, where, and by which settings.
#[test]
fn log() {
    let place = Place::new();
    let daemon = place.spawn(&["--listen", "127.0.0.1:0"]);
    daemon.wait_for_line("made a new instance in instance");
    let line = daemon.wait_for_line("serving instance on http://127.0.0.1:");
    assert!(line.ends_with(", settings from no config file"), "{line}");
    daemon.signal("TERM");
    daemon.wait_for_line("stopped, all requests finished");
}

/// The next start takes what is there: the key and the posts, and with them the sessions.
#[test]
fn next_start() {
    let place = Place::new();
    let daemon = place.start();
    let session = daemon.log_in("ann");
    assert!(daemon.stop());
    let key = fs::read(place.path("instance/secret_key")).unwrap();
    assert_eq!(fs::read_dir(place.instance()).unwrap().count(), 2, "the database was closed");

    let daemon = place.start();
    assert!(daemon.request("GET", "/", &session, "").contains("<span>ann</span>"));
    assert_eq!(fs::read(place.path("instance/secret_key")).unwrap(), key);
}

/// What was acknowledged is there after a crash.
#[test]
fn killed() {
    let place = Place::new().with("FLASKR_PAGES_POSTS_PER_PAGE", "20");
    let mut daemon = place.start();
    let session = daemon.log_in("ann");
    for number in 0..20 {
        let answer = daemon.post("/create", &session, &format!("title=post+{number}.&body="));
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    }
    daemon.signal("KILL");
    assert!(!daemon.wait().success());

    let index = place.start().request("GET", "/", &session, "");
    for number in 0..20 {
        assert!(index.contains(&format!(">post {number}.</a></h2>")), "{number}");
    }
}

/// With a config file the daemon serves the instance that was made for it.
#[test]
fn config_file() {
    let place = Place::new();
    assert!(place.start().stop());
    fs::write(place.path("config.toml"), "listen = \"127.0.0.1:0\"\n[limits]\nform_bytes_max = 1024\n").unwrap();
    let daemon = place.start_with(&["--config", "config.toml"]);
    assert!(daemon.post("/auth/login", "", &"x".repeat(1025)).starts_with("HTTP/1.1 413"));
}

/// A theme is shown from the start on, and what is odd about it is said.
#[test]
fn theme() {
    let place = Place::new().with("FLASKR_SITE_THEME", "theme");
    fs::create_dir_all(place.path("theme/static")).unwrap();
    fs::create_dir_all(place.path("theme/templates/blog")).unwrap();
    fs::write(place.path("theme/static/style.css"), "/* themed */").unwrap();
    fs::write(place.path("theme/templates/blog/idnex.html"), "").unwrap();
    let daemon = place.spawn(&["--listen", "127.0.0.1:0"]);
    let line = daemon.wait_for_line("WARN");
    assert!(line.contains("theme/templates/blog/idnex.html: is used by nothing: is blog/index.html meant?"), "{line}");
    place.wait_for("READY=1");
    drop(daemon);
    let daemon = place.start();
    assert!(daemon.get("/static/style.css").ends_with("/* themed */"));
}

/// A page that a theme cannot make is shown without it, and the log says why, with file and line.
#[test]
fn theme_falls_back() {
    let place = Place::new().with("FLASKR_SITE_THEME", "theme");
    fs::create_dir_all(place.path("theme/templates")).unwrap();
    let error = "<p>themed {{ code }}\n{% if code == 405 %}{{ gone }}{% endif %}";
    fs::write(place.path("theme/templates/error.html"), error).unwrap();
    let daemon = place.start();
    assert!(daemon.get("/nothing").contains("<p>themed 404"));
    for _ in 0..3 {
        let page = daemon.request("DELETE", "/", "", "");
        assert!(page.starts_with("HTTP/1.1 405") && page.contains("<h1>Method Not Allowed</h1>"), "{page}");
    }
    let line = daemon.wait_for_line("a page was shown without the theme, which cannot make it: ");
    assert!(line.contains("theme/templates/error.html:2:24: Variable `gone` is not defined."), "{line}");
    daemon.signal("TERM");
    let rest = daemon.rest_of_log();
    assert!(!rest.iter().any(|line| line.contains("theme")), "once: {rest:#?}");
}
