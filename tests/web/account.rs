//! One's own account: the password and the sessions.

use crate::site::{Reply, Site, Visitor, between};

const PASSWORD: &str = "SELECT password FROM user WHERE id = 1";
const SESSIONS: &str = "SELECT count(*) FROM session";

async fn set_password(visitor: &Visitor<'_>, old: &str, new: &str) -> Reply {
    visitor.post("/account/password", [("password", old), ("new_password", new)]).await
}

async fn end(visitor: &Visitor<'_>, session: &str, password: &str) -> Reply {
    visitor.post("/account/sessions", [("session", session), ("password", password)]).await
}

/// The page is one's own: nobody else's, and for nobody's cache.
#[tokio::test]
async fn needs_a_login() {
    let site = Site::new();
    assert_eq!(site.visitor().get("/account").await.header("location"), "/auth/login");
    for path in ["/account/password", "/account/sessions", "/account/second-factor", "/account/second-factor/off"] {
        let reply = site.visitor().post(path, []).await;
        assert_eq!((reply.status(), reply.header("location")), (303, "/auth/login"), "{path}");
    }
    let page = site.login("test").await.get("/account").await;
    assert_eq!((page.status(), page.header("cache-control")), (200, "no-store"));
}

/// A new password opens the account, the old one no longer; this browser stays logged in with a new token, others do not.
#[tokio::test]
async fn new_password() {
    let site = Site::new();
    let (here, there) = (site.login("test").await, site.login("test").await);
    let token = here.cookie("flaskr");
    let reply = set_password(&here, "test", "correct horse battery").await;
    assert_eq!(reply.status(), 200);
    assert!(reply.text().contains("Password changed; it is strong. Every other session has ended."));
    assert_eq!((here.name().await.as_deref(), there.name().await), (Some("test"), None));
    assert_ne!(here.cookie("flaskr"), token);
    assert_eq!(site.value::<i64>(SESSIONS), 1);
    assert_eq!(site.visitor().login("test", "test").await.status(), 200);
    assert_eq!(site.visitor().login("test", "correct horse battery").await.status(), 303);
}

/// Without the old password there is no new one.
#[tokio::test]
async fn new_password_needs_the_old() {
    let site = Site::new();
    let test = site.login("test").await;
    let before: String = site.value(PASSWORD);
    for (old, new, problem) in
        [("wrong", "correct horse", "Incorrect password."), ("", "correct horse", "Incorrect password.")]
    {
        let reply = set_password(&test, old, new).await;
        assert!(reply.text().contains(problem), "{old}");
        assert_eq!(reply.header("set-cookie"), "");
    }
    assert_eq!(site.value::<String>(PASSWORD), before);
}

/// The rules are those of a registration.
#[tokio::test]
async fn new_password_keeps_the_rules() {
    let site = Site::with(|config| {
        config.password.length_min = 8;
        config.password.refuse_common = true;
    });
    let test = site.login("test").await;
    for (new, problem) in [
        ("short", "Password must have at least 8 characters."),
        ("password", "Password is among the first to be guessed. This is a top-10 common password."),
    ] {
        assert!(set_password(&test, "test", new).await.text().contains(problem), "{new}");
    }
    assert!(!set_password(&test, "test", "qwhdkzme").await.header("set-cookie").is_empty());
}

/// Every session is listed, with where it came from, and can be ended.
#[tokio::test]
async fn sessions() {
    let site = Site::new();
    let here = site.login("test").await;
    let there = site.visitor_from("192.0.2.7");
    let form = [("content-type", "application/x-www-form-urlencoded"), ("user-agent", "Phone <b>")];
    there.request("POST", "/auth/login", &form, "username=test&password=test").await;
    let other = site.login("other").await;

    let page = here.get("/account").await;
    let text = page.text();
    assert!(text.contains("Phone &lt;b&gt;, from 192.0.2.7"), "{text}");
    assert!(text.contains("Logged in 2026-01-01 00:00 UTC"), "{text}");
    assert_eq!(text.matches("This browser").count(), 1);
    let id = between(text, r#"name="session" value=""#, "\"").unwrap();

    assert_eq!(end(&other, id, "other").await.status(), 303);
    assert!(end(&here, id, "wrong").await.text().contains("Incorrect password."));
    assert_eq!(there.name().await.as_deref(), Some("test"), "neither by another, nor without the password");
    let token = here.cookie("flaskr");
    assert_eq!(end(&here, id, "test").await.header("location"), "/account");
    assert_ne!(here.cookie("flaskr"), token, "who has given the password has a new token");
    assert_eq!((here.name().await.as_deref(), there.name().await), (Some("test"), None));
}

/// All but this one can be ended at once.
#[tokio::test]
async fn other_sessions() {
    let site = Site::new();
    let (here, there, other) = (site.login("test").await, site.login("test").await, site.login("other").await);
    end(&here, "others", "test").await;
    assert_eq!(here.name().await.as_deref(), Some("test"));
    assert_eq!(there.name().await, None);
    assert_eq!(other.name().await.as_deref(), Some("other"));
    for (id, status) in [("", 303), ("00", 303), ("x", 400), ("안", 400)] {
        assert_eq!(end(&here, id, "test").await.status(), status, "{id}");
    }
    assert_eq!(site.value::<i64>(SESSIONS), 2);
}

/// A browser's name is kept to a length, whatever its bytes.
#[tokio::test]
async fn long_agent() {
    let site = Site::new();
    let agent = "안".repeat(1000);
    let form = [("content-type", "application/x-www-form-urlencoded"), ("user-agent", agent.as_str())];
    let visitor = site.visitor();
    assert_eq!(visitor.request("POST", "/auth/login", &form, "username=test&password=test").await.status(), 303);
    assert_eq!(site.value::<i64>("SELECT length(agent) FROM session"), 85);
}

/// Who is disabled is out at once, and cannot come in, but learns why from the right password only.
#[tokio::test]
async fn disabled() {
    let site = Site::new();
    let test = site.login("test").await;
    site.execute("INSERT INTO disabled_user VALUES (1, 0)");
    assert_eq!(test.name().await, None);
    for (password, problem) in
        [("wrong", "Incorrect password."), ("test", "This account is disabled. Ask the administrator.")]
    {
        let reply = site.visitor().login("test", password).await;
        assert!(reply.text().contains(problem), "{password}");
        assert_eq!(reply.header("set-cookie"), "");
    }
    assert!(site.visitor().get("/").await.text().contains("test title"), "the posts stay");
    site.execute("DELETE FROM disabled_user");
    assert_eq!(site.visitor().login("test", "test").await.status(), 303);
}
