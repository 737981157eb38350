//! What a session is worth, and when it ends.

use flaskr::config::SessionLimits;

use crate::site::{Site, Visitor};

const NAME: &str = "flaskr";
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The tutorial's `schema.sql`: what its `init-db` does to a database.
const INIT_DB: &str = include_str!("../original.sql");

fn cookie(visitor: &Visitor<'_>) -> String {
    visitor.cookie(NAME).unwrap()
}

/// A cookie that was made up or changed is nobody's.
#[tokio::test]
async fn forged() {
    let site = Site::new();
    let cookie = cookie(&site.login("test").await);
    let (token, signature) = cookie.split_once('.').unwrap();
    let other_token = format!("{}{}", if token.starts_with('A') { 'B' } else { 'A' }, &token[1..]);
    let signed = |message: &str| format!("{message}.{}", site.keys().sign("session", message));
    for forged in [
        String::new(),
        ".".to_owned(),
        token.to_owned(),
        format!("{token}."),
        format!("{token}.{}", &signature[1..]),
        format!("{other_token}.{signature}"),
        signed(&other_token),
        signed("1"),
        format!("{token}.{}", site.keys().sign("another purpose", token)),
        "eyJ1c2VyX2lkIjoxfQ.ZVPxAA.-iTHWki8YqEjY8B2FguGpvAGqyg".to_owned(),
    ] {
        assert_eq!(site.visitor_with(NAME, &forged).name().await, None, "{forged}");
    }
    assert_eq!(site.visitor_with(NAME, &cookie).name().await.as_deref(), Some("test"));
}

/// The cookie is the browser's alone: no script reads it, no other site sends it along with a form.
#[tokio::test]
async fn attributes() {
    let site = Site::new();
    let reply = site.visitor().login("test", "test").await;
    let (pair, attributes) = reply.header("set-cookie").split_once("; ").unwrap();
    assert!(pair.starts_with("flaskr="));
    let mut attributes: Vec<_> = attributes.split("; ").collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);
}

/// Over https the cookie is bound to the host and to https, when it is set and when it is removed.
#[tokio::test]
async fn attributes_over_https() {
    let site = Site::with(|config| config.base_url = Some("https://blog".to_owned().try_into().unwrap()));
    let visitor = site.visitor();
    for reply in [visitor.login("test", "test").await, visitor.get("/auth/logout").await] {
        let cookie = reply.header("set-cookie");
        assert!(cookie.starts_with("__Host-flaskr"), "{cookie}");
        for attribute in ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"] {
            assert!(cookie.split("; ").any(|part| part == attribute), "{attribute}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

/// Behind a trusted proxy the cookie is secure if the visitor came over https; nobody else can claim that.
#[tokio::test]
async fn attributes_behind_a_proxy() {
    let site = Site::with(|config| config.trusted_proxies = vec!["192.0.2.1".to_owned().try_into().unwrap()]);
    for (peer, secure) in [("192.0.2.1", true), ("192.0.2.2", false)] {
        let fields = [("x-forwarded-proto", "https"), ("content-type", "application/x-www-form-urlencoded")];
        let visitor = site.visitor_from(peer);
        let reply = visitor.request("POST", "/auth/login", &fields, "username=test&password=test").await;
        assert_eq!(reply.header("set-cookie").contains("Secure"), secure, "{peer}");
    }
}

/// A login makes a new token, and the one before is dead.
#[tokio::test]
async fn new_at_login() {
    let site = Site::new();
    let visitor = site.login("test").await;
    let old = cookie(&visitor);
    visitor.login("other", "other").await;
    assert_ne!(cookie(&visitor), old);
    assert_eq!(visitor.name().await.as_deref(), Some("other"));
    assert_eq!(site.visitor_with(NAME, &old).name().await, None);
}

/// Logging out ends the session on the server: a copied cookie is dead.
#[tokio::test]
async fn ended_by_logout() {
    let site = Site::new();
    let visitor = site.login("test").await;
    let copy = site.visitor_with(NAME, &cookie(&visitor));
    assert_eq!(copy.name().await.as_deref(), Some("test"));
    visitor.get("/auth/logout").await;
    assert_eq!(visitor.cookie(NAME), None);
    assert_eq!(copy.name().await, None);
}

/// One logs out in one browser, and stays logged in in another.
#[tokio::test]
async fn one_for_each_login() {
    let site = Site::new();
    let (first, second) = (site.login("test").await, site.login("test").await);
    first.get("/auth/logout").await;
    assert_eq!((first.name().await, second.name().await.as_deref()), (None, Some("test")));
}

/// A new password ends the sessions of its user, whatever program set it, and nobody else's.
#[tokio::test]
async fn ended_by_a_new_password() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    site.execute("UPDATE user SET password = 'pbkdf2:sha256:50000$x$y' WHERE username = 'test'");
    assert_eq!((test.name().await, other.name().await.as_deref()), (None, Some("other")));
}

/// A session that is not used lasts 14 days.
#[tokio::test]
async fn ended_by_idling() {
    let site = Site::new();
    let test = site.login("test").await;
    site.wait_seconds(14 * DAY_SECONDS);
    assert_eq!(test.name().await, None);
}

/// A session that is used goes on, to the second, but for 90 days at most. What is over is forgotten at the next login.
#[tokio::test]
async fn ended_by_age() {
    let site = Site::new();
    let test = site.login("test").await;
    for day in 1..=8 {
        site.wait_seconds(10 * DAY_SECONDS);
        assert_eq!(test.name().await.as_deref(), Some("test"), "{}", day * 10);
        site.wait_for(&format!("SELECT seen = created + 86400 * 10 * {day} FROM session")).await;
    }
    site.wait_seconds(10 * DAY_SECONDS - 1);
    assert_eq!(test.name().await.as_deref(), Some("test"));
    site.wait_seconds(1);
    assert_eq!(test.name().await, None);
    site.login("other").await;
    assert_eq!(site.value::<i64>("SELECT count(*) FROM session"), 1);
}

/// The limits are settings.
#[tokio::test]
async fn ended_by_other_limits() {
    let site = Site::with(|config| config.session = SessionLimits { idle_days_max: 1, days_max: 2 });
    let test = site.login("test").await;
    site.wait_seconds(DAY_SECONDS - 1);
    assert_eq!(test.name().await.as_deref(), Some("test"));
    site.wait_for("SELECT seen = created + 86399 FROM session").await;
    site.wait_seconds(DAY_SECONDS - 1);
    assert_eq!(test.name().await.as_deref(), Some("test"));
    site.wait_seconds(2);
    assert_eq!(test.name().await, None);
}

/// A page within the hour writes nothing.
#[tokio::test]
async fn visits_are_noted_by_the_hour() {
    let site = Site::new();
    let test = site.login("test").await;
    let seen = || site.value::<i64>("SELECT seen FROM session");
    let first = seen();
    site.wait_seconds(60 * 60 - 1);
    test.get("/").await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(seen(), first);
    site.wait_seconds(1);
    test.get("/").await;
    site.wait_for("SELECT seen = created + 3600 FROM session").await;
}

/// After the tutorial's `init-db` an old cookie does not become the user who gets the old number.
#[tokio::test]
async fn never_another_users() {
    let site = Site::new();
    if !site.is_file() {
        return; // the tutorial's init-db knows no server
    }
    let test = site.login("test").await;
    site.execute(INIT_DB);
    assert_eq!(test.name().await, None);
    for username in ["new", "test"] {
        let form = [("username", username), ("password", "test")];
        assert_eq!(site.visitor().post("/auth/register", form).await.status(), 303);
    }
    assert_eq!(site.value::<i64>("SELECT id FROM user WHERE username = 'new'"), 1);
    assert_eq!(test.name().await, None);
    let new = site.visitor();
    assert_eq!(new.login("new", "test").await.status(), 303);
    assert_eq!(new.name().await.as_deref(), Some("new"));
}

/// A login that fails keeps the session one had.
#[tokio::test]
async fn kept_by_a_failed_login() {
    let site = Site::new();
    let test = site.login("test").await;
    test.login("other", "wrong").await;
    assert_eq!(test.name().await.as_deref(), Some("test"));
}

/// A session is the user's, not the name's.
#[tokio::test]
async fn kept_by_a_renaming() {
    let site = Site::new();
    let test = site.login("test").await;
    site.execute("UPDATE user SET username = 'renamed' WHERE id = 1");
    assert_eq!(test.name().await.as_deref(), Some("renamed"));
}

/// A user who was deleted is nobody.
#[tokio::test]
async fn ended_by_deletion() {
    let site = Site::new();
    let test = site.login("test").await;
    site.execute("DELETE FROM post; DELETE FROM user WHERE id = 1"); // a server keeps who has posts
    assert_eq!(test.name().await, None);
    assert_eq!(test.get("/create").await.header("location"), "/auth/login");
}

/// The database holds nothing that could be used as a cookie.
#[tokio::test]
async fn token_is_not_stored() {
    let site = Site::new();
    let cookie = cookie(&site.login("test").await);
    let token = cookie.split_once('.').unwrap().0;
    let stored: Vec<u8> = site.value("SELECT token_digest FROM session");
    assert_eq!(flaskr::token::Token::from_text(token).unwrap().digest(), stored);
    assert_eq!(stored.len(), 32);
}

/// Other programs' cookies on this host, of whatever bytes, do not log anybody out.
#[tokio::test]
async fn beside_other_cookies() {
    let site = Site::new();
    let cookie = cookie(&site.login("test").await);
    let fields = [("cookie", format!("other=안; {NAME}={cookie}; =; x"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let page = site.visitor().request("GET", "/", &fields, "").await;
    assert!(page.text().contains("Log Out"));
}
