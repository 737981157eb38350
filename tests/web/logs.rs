//! The lines that requests cause: what they say, what they never say, and how important they are.

use std::time::Duration;

use flaskr::config::{Log, LogLevel, RegistrationMode};
use tokio::time::timeout;
use tracing::Level;

use crate::api::{Program, token};
use crate::lines::{Line, Lines};
use crate::registration::link;
use crate::site::{Site, between};

fn with_access_log() -> Site {
    Site::with(|config| config.log = Log { access: true, level: LogLevel::default() })
}

/// A failed login is one line that always looks the same, with what is known of its request.
#[tokio::test]
async fn failed_login() {
    let site = Site::with(|config| config.trusted_proxies = vec!["10.0.0.1".to_owned().try_into().unwrap()]);
    site.execute(
        r#"UPDATE user SET username = 'x" from 203.0.113.9
y' WHERE id = 2"#,
    );
    let lines = Lines::listen();
    let proxy = site.visitor_from("10.0.0.1");
    for (body, message) in [
        ("username=test&password=wrong", r#"failed login for "test" from 192.0.2.1"#),
        ("username=hunter2&password=hunter2", "failed login for an unknown name from 192.0.2.1"),
        (
            "username=x%22+from+203.0.113.9%0ay&password=wrong",
            r#"failed login for "x\" from 203.0.113.9\ny" from 192.0.2.1"#,
        ),
    ] {
        let fields = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-request-id", "7f-3a"),
        ];
        assert_eq!(proxy.request("POST", "/auth/login?code=secret", &fields, body).await.status(), 200);
        let line = lines.one();
        assert_eq!((line.level, line.message()), (Level::INFO, message));
        let fields = ["request_id", "client", "user_id", "method", "path"].map(|name| line.field(name));
        assert_eq!(fields, ["7f-3a", "192.0.2.1", "", "POST", "/auth/login"]);
        assert!(!line.tells("secret") && !line.tells("hunter2"), "{line:?}");
    }
}

/// A wrong code is a failed login too, and many failures are one line.
#[tokio::test]
async fn other_failures() {
    let site = Site::with(|config| config.throttle.address = 3);
    let visitor = site.visitor_from("192.0.2.1");
    let lines = Lines::listen();
    for _ in 0..3 {
        visitor.login("test", "wrong").await;
        assert_eq!(lines.one().message(), r#"failed login for "test" from 192.0.2.1"#);
    }
    for _ in 0..2 {
        assert_eq!(visitor.login("test", "wrong").await.status(), 429);
    }
    let line = lines.one();
    assert_eq!((line.level, line.message()), (Level::INFO, "too many failed attempts, the last from 192.0.2.1"));
}

/// Who does something is named by number, whoever they have shown themselves to be.
#[tokio::test]
async fn users() {
    let site = Site::new();
    let lines = Lines::listen();
    let test = site.login("test").await;
    assert_eq!(lines.one().field("user_id"), "1");
    let other = site.login("other").await;
    lines.take();
    assert_eq!(other.get("/1/update").await.status(), 403);
    let line = lines.one();
    assert_eq!((line.level, line.field("user_id"), line.field("path")), (Level::INFO, "2", "/1/update"));
    let script = token(&test, "test", "read", "30").await;
    lines.take();
    Program::with(&site, &format!("{script}x")).get("/api/v1/me").await;
    let line = lines.one();
    assert_eq!((line.level, line.field("user_id")), (Level::INFO, ""));
    assert!(!line.tells(&script), "{line:?}");
}

/// A fault of ours is one error, under the name that the visitor is told, and says what it was.
#[tokio::test]
async fn our_fault() {
    let site = Site::new();
    site.break_database();
    let lines = Lines::listen();
    let reply = site.visitor_from("192.0.2.1").get("/?utm=secret").await;
    let line = lines.one();
    let id = between(reply.text(), "<code>", "</code>").unwrap();
    assert_eq!((line.level, line.field("request_id"), line.field("status")), (Level::ERROR, id, "500"));
    assert_eq!((line.field("client"), line.field("method"), line.field("path")), ("192.0.2.1", "GET", "/"));
    assert!(line.field("duration_us").parse::<u64>().unwrap() > 0);
    let why = if site.is_file() { "no such table: post" } else { "relation \"post\" does not exist (42P01)" };
    assert_eq!(line.message(), format!("answered 500, request {id}: {why}"));
    assert!(!reply.text().contains(why));
}

/// What a visitor does wrong is in no log.
#[tokio::test]
async fn their_mistakes() {
    let site = Site::new();
    let test = site.login("test").await;
    let lines = Lines::listen();
    for (method, path, status) in [
        ("GET", "/nothing", 404),
        ("BREW", "/", 405),
        ("POST", "/create", 400),
        ("GET", "/1/update", 200),
        ("GET", "/?before=x", 404),
    ] {
        assert_eq!(test.request(method, path, &[], "").await.status(), status, "{method} {path}");
    }
    let said = lines.take();
    assert!(said.is_empty(), "{said:?}");
}

fn access(line: &Line) -> (&str, &str, &str, &str, &str) {
    let [status, user, method, path, client] =
        ["status", "user_id", "method", "path", "client"].map(|name| line.field(name));
    (status, user, method, path, client)
}

/// Each request has a line: of kept pages and new ones, of those who are logged in, of what is wrong.
#[tokio::test]
async fn access_log() {
    let site = with_access_log();
    let test = site.login("test").await;
    let (visitor, lines) = (site.visitor_from("192.0.2.1"), Lines::listen());
    let etag = visitor.get("/1?utm=secret").await.header("etag").to_owned();
    let first = lines.one();
    assert_eq!(access(&first), ("200", "", "GET", "/1", "192.0.2.1"));
    let unchanged = ("if-none-match", etag.as_str());
    for (method, fields, status) in [("GET", &[][..], 200), ("HEAD", &[][..], 200), ("GET", &[unchanged][..], 304)] {
        let reply = visitor.request(method, "/1", fields, "").await;
        let line = lines.one();
        let status_text = reply.status().to_string();
        assert_eq!((reply.status(), access(&line)), (status, (status_text.as_str(), "", method, "/1", "192.0.2.1")));
        assert_eq!(line.level, Level::INFO);
        assert_eq!(line.field("request_id").len(), 12);
        let length = if status == 200 && method == "GET" { reply.bytes().len() } else { 0 };
        let start = format!("{method} /1 {status} {length} B ");
        assert!(line.message().starts_with(&start) && line.message().ends_with(" ms 192.0.2.1"), "{line:?}");
        assert!(line.field("duration_us").parse::<u64>().is_ok());
    }
    for (method, path, status, shown) in [
        ("GET", "/nothing", "404", "/nothing"),
        ("BREW", "/%63reate", "405", "/%63reate"),
        ("GET", "/static/style.css?x", "200", "/static/style.css"),
    ] {
        visitor.request(method, path, &[], "").await;
        assert_eq!(access(&lines.one()), (status, "", method, shown, "192.0.2.1"));
    }
    test.get("/account").await;
    assert_eq!(access(&lines.one()), ("200", "1", "GET", "/account", ""));
    let script = token(&test, "test", "read", "30").await;
    lines.take();
    Program::with(&site, &script).get("/api/v1/me").await;
    assert_eq!(access(&lines.one()), ("200", "1", "GET", "/api/v1/me", ""));
}

/// Lines of one request have one name.
#[tokio::test]
async fn one_request_one_name() {
    let site = with_access_log();
    let lines = Lines::listen();
    site.visitor().login("test", "test").await;
    let said = lines.take();
    let [login, access] = said.as_slice() else { panic!("{said:?}") };
    assert!(login.message().starts_with("user 1 logged in") && access.message().starts_with("POST /auth/login 303 "));
    assert_eq!((login.field("request_id"), login.field("user_id")), (access.field("request_id"), "1"));
    assert_eq!(access.field("user_id"), "1");
}

/// A client that goes away before it is answered has a line too, and is counted.
#[tokio::test]
async fn abandoned() {
    let site = with_access_log();
    let (visitor, lines) = (site.visitor_from("192.0.2.1"), Lines::listen());
    let _other_process = site.hold();
    let form = [("username", "new"), ("password", "new")];
    assert!(timeout(Duration::from_millis(300), visitor.post("/auth/register", form)).await.is_err());
    let line = lines.one();
    assert_eq!(access(&line), ("", "", "POST", "/auth/register", "192.0.2.1"));
    assert!(line.message().starts_with("POST /auth/register gone - B "), "{line:?}");
}

/// Without the setting there is none.
#[tokio::test]
async fn no_access_log() {
    let site = Site::new();
    let lines = Lines::listen();
    for path in ["/", "/", "/nothing", "/healthz"] {
        site.visitor().get(path).await;
    }
    let said = lines.take();
    assert!(said.is_empty(), "{said:?}");
}

/// Health checks, which come all day long, are not in it.
#[tokio::test]
async fn checks_are_no_visits() {
    let site = with_access_log();
    let lines = Lines::listen();
    for path in ["/healthz", "/readyz"] {
        site.visitor().get(path).await;
    }
    let said = lines.take();
    assert!(said.is_empty(), "{said:?}");
    site.visitor().get("/healthz/").await;
    assert_eq!(lines.one().field("status"), "404");
}

/// No password, code, cookie or token is in any line, whatever is done with it and however much is logged.
#[tokio::test]
async fn no_secrets() {
    let site = Site::with(|config| {
        config.log = Log { access: true, level: LogLevel::Debug };
        config.registration = RegistrationMode::Invite;
    });
    let lines = Lines::listen();
    let (invite, invite_code) = link(&site, &["invite"]);
    let (reset, reset_code) = link(&site, &["user", "reset-link", "other"]);
    let test = site.login("test").await;
    let script = token(&test, "test", "write", "30").await;
    let session = test.cookie("flaskr").unwrap();
    site.visitor().get(&invite).await;
    site.visitor()
        .post("/auth/register", [("invite", &invite_code), ("username", "n"), ("password", "p4ssw0rd")])
        .await;
    site.visitor().get(&reset).await;
    site.visitor().post("/auth/reset", [("code", &reset_code), ("password", "p4ssw0rd")]).await;
    site.visitor().login("p4ssw0rd", "p4ssw0rd").await;
    Program::with(&site, &script).get("/api/v1/me").await;
    Program::with(&site, &script.replace("flaskr_", "flaskr_A")).get("/api/v1/me").await;
    test.get("/search?q=p4ssw0rd").await;
    site.visitor_with("flaskr", &format!("{session}x")).get("/account").await;
    let said = lines.take();
    assert!(said.len() > 10, "{said:?}");
    for secret in ["p4ssw0rd", &invite_code, &reset_code, &session, script.trim_start_matches("flaskr_")] {
        let told: Vec<_> = said.iter().filter(|line| line.tells(secret)).collect();
        assert!(told.is_empty(), "{secret}: {told:?}");
    }
}
