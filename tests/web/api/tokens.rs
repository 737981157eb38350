//! Tokens: how they are made, and what ends them.

use serde_json::json;

use super::{Program, detail, read, token};
use crate::site::{Site, Visitor, between};

const DAY_SECONDS: i64 = 24 * 60 * 60;
const TOKENS: &str = "SELECT count(*) FROM api_token";

async fn is_good(site: &Site, token: &str) -> bool {
    Program::with(site, token).get("/api/v1/me").await.status() == 200
}

async fn revoke(visitor: &Visitor<'_>, token: &str, password: &str) -> u16 {
    visitor.post("/account/tokens/revoke", [("token", token), ("password", password)]).await.status()
}

/// A token is shown once, is listed with what it is good for, and is stored as a digest.
#[tokio::test]
async fn made() {
    let site = Site::new();
    let test = site.login("test").await;
    assert!(test.get("/account").await.text().contains("<a href=\"/account/tokens\">"));
    let token = token(&test, "test", "read", "90").await;
    assert!(token.starts_with("flaskr_") && token.len() == 50, "{token}");
    let page = test.get("/account/tokens").await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(!page.text().contains(&token));
    for part in ["my script, reads<br>", "Made 2026-01-01, ends 2026-04-01, never used", "/api/v1/openapi.json"] {
        assert!(page.text().contains(part), "{part}");
    }
    let stored: Vec<u8> = site.value("SELECT token_digest FROM api_token");
    let digest = flaskr::token::Token::from_text(token.strip_prefix("flaskr_").unwrap()).unwrap().digest();
    assert_eq!(stored, digest);
    let me = read(&Program::with(&site, &token).get("/api/v1/me").await);
    assert_eq!((&me["name"], &me["token"]["scope"]), (&json!("test"), &json!("read")));
    assert_eq!(me["token"]["expires"], json!("2026-04-01T00:00:00Z"));
    site.wait_for(&format!("SELECT coalesce(used, 0) = {} FROM api_token", site.now().as_second())).await;
    assert!(test.get("/account/tokens").await.text().contains("last used 2026-01-01"));
}

/// Without the password, a name, or a choice that is offered there is no token, and none is revoked.
#[tokio::test]
async fn password_needed() {
    let site = Site::new();
    let test = site.login("test").await;
    let fields = |name, scope, lifetime, password| {
        [("name", name), ("scope", scope), ("lifetime", lifetime), ("password", password)]
    };
    for (form, status, words) in [
        (fields("n", "read", "30", "wrong"), 200, "Incorrect password."),
        (fields(" ", "read", "30", "test"), 200, "A token needs a name."),
        (fields("n", "all", "30", "test"), 400, ""),
        (fields("n", "read", "31", "test"), 400, ""),
    ] {
        let reply = test.post("/account/tokens", form).await;
        assert_eq!(reply.status(), status, "{form:?}");
        assert!(reply.text().contains(words), "{form:?}");
    }
    assert_eq!(site.value::<i64>(TOKENS), 0);
    let token = token(&test, "test", "read", "30").await;
    assert_eq!(revoke(&test, "all", "wrong").await, 200);
    assert!(is_good(&site, &token).await);
}

/// A revoked token is over at once; another's stays.
#[tokio::test]
async fn revoked() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    let tokens = [token(&test, "test", "read", "30").await, token(&test, "test", "write", "none").await];
    assert_eq!(revoke(&other, "1", "other").await, 303);
    assert_eq!(revoke(&other, "all", "other").await, 303);
    assert!(is_good(&site, &tokens[0]).await);
    assert_eq!(revoke(&test, "1", "test").await, 303);
    assert!(!is_good(&site, &tokens[0]).await && is_good(&site, &tokens[1]).await);
    assert_eq!(revoke(&test, "all", "test").await, 303);
    assert!(!is_good(&site, &tokens[1]).await);
}

/// A wrong token is refused even where none is needed, and whatever is kept for others.
#[tokio::test]
async fn wrong() {
    let site = Site::new();
    let good = token(&site.login("test").await, "test", "write", "30").await;
    assert_eq!(Program::without(&site).get("/api/v1/posts").await.status(), 200);
    let other = flaskr::token::Token::new([7; 32]).to_text();
    for wrong in ["", "flaskr_", "x", &good[7..], &good[..49], &format!("{good}x"), &format!("flaskr_{other}")] {
        for path in ["/api/v1/posts", "/api/v1/openapi.json", "/api/v1/me"] {
            let reply = Program::with(&site, wrong).get(path).await;
            let challenge = "Bearer realm=\"Flaskr\", error=\"invalid_token\"";
            assert_eq!((reply.status(), reply.header("www-authenticate")), (401, challenge), "{wrong} {path}");
        }
    }
    let basic = [("authorization", "Basic dGVzdDp0ZXN0")];
    assert_eq!(Program::without(&site).send("GET", "/api/v1/posts", &basic, "").await.status(), 200);
    let lower = [("authorization", format!("bearer {good}"))];
    let lower = lower.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(Program::without(&site).send("GET", "/api/v1/me", &lower, "").await.status(), 200);
}

/// A token ends when it was said, to the second, or never.
#[tokio::test]
async fn ended_by_time() {
    let site = Site::new();
    let test = site.login("test").await;
    let (short, long) = (token(&test, "test", "read", "30").await, token(&test, "test", "read", "none").await);
    site.wait_seconds(30 * DAY_SECONDS - 1);
    assert!(is_good(&site, &short).await);
    site.wait_seconds(1);
    assert!(!is_good(&site, &short).await);
    site.wait_seconds(3650 * DAY_SECONDS);
    assert!(is_good(&site, &long).await);
}

/// A new password ends the tokens of its user, whatever program set it, and nobody else's.
#[tokio::test]
async fn ended_by_a_new_password() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    let (first, second) = (token(&test, "test", "read", "none").await, token(&other, "other", "read", "none").await);
    site.execute("UPDATE user SET password = 'pbkdf2:sha256:50000$x$y' WHERE username = 'test'");
    assert!(!is_good(&site, &first).await && is_good(&site, &second).await);
    let form = [("password", "other"), ("new_password", "correct horse")];
    assert_eq!(other.post("/account/password", form).await.status(), 200);
    assert!(!is_good(&site, &second).await);
    assert!(!other.get("/account/tokens").await.text().contains("my script"));
}

/// Who is disabled has no tokens, afterwards too; who is gone has none.
#[tokio::test]
async fn ended_by_disabling() {
    let site = Site::new();
    let test = token(&site.login("test").await, "test", "read", "none").await;
    site.execute("INSERT INTO disabled_user (user_id, since) VALUES (1, 0)");
    assert!(!is_good(&site, &test).await);
    let other = token(&site.login("other").await, "other", "read", "none").await;
    site.execute("DELETE FROM user WHERE id = 2");
    assert!(!is_good(&site, &other).await);
}

/// After the tutorial's `init-db` an old token does not become the user who gets the old number.
#[tokio::test]
async fn never_another_users() {
    let site = Site::new();
    if !site.is_file() {
        return; // the tutorial's init-db knows no server
    }
    let old = token(&site.login("test").await, "test", "write", "none").await;
    site.execute(include_str!("../../original.sql"));
    assert!(!is_good(&site, &old).await);
    let new = site.newcomer("test").await;
    assert_eq!(site.value::<i64>("SELECT id FROM user WHERE username = 'test'"), 1);
    assert!(!is_good(&site, &old).await);
    assert!(!new.get("/account/tokens").await.text().contains("my script"));
}

/// A user has so many tokens that are good, and no more; those that are not make room.
#[tokio::test]
async fn bounded() {
    let site = Site::new();
    let test = site.login("test").await;
    for _ in 0..20 {
        token(&test, "test", "read", "30").await;
    }
    let form = [("name", "n"), ("scope", "read"), ("lifetime", "30"), ("password", "test")];
    let page = test.post("/account/tokens", form).await;
    assert!(page.text().contains("There are 20 tokens, as many as there can be. Revoke one first."));
    assert_eq!(between(page.text(), "<p><code>", "</code></p>"), None);
    assert_eq!(site.value::<i64>(TOKENS), 20);
    site.wait_seconds(30 * DAY_SECONDS);
    token(&site.login("test").await, "test", "read", "30").await;
    assert_eq!(site.value::<i64>(TOKENS), 1);
}

/// Wrong tokens are slowed by address, as wrong passwords are; what is right is not.
#[tokio::test(start_paused = true)]
async fn guessing() {
    let site = Site::with(|config| config.throttle.address = 3);
    let good = token(&site.login("test").await, "test", "read", "30").await;
    for status in [401, 401, 401, 429] {
        let reply = Program::with(&site, "wrong").get("/api/v1/posts").await;
        assert_eq!(reply.status(), status);
        assert_eq!(reply.header("retry-after").is_empty(), status == 401);
    }
    assert!(is_good(&site, &good).await);
    assert_eq!(Program::without(&site).get("/api/v1/posts").await.status(), 200);
}

/// Each token writes so often a minute, and reads as often as one likes.
#[tokio::test(start_paused = true)]
async fn throttled() {
    let site = Site::with(|config| config.api.writes_per_minute = 2);
    let (first, second) = (Program::of(&site, "test", "write").await, Program::of(&site, "test", "write").await);
    let post = json!({"title": "t"});
    for status in [201, 201, 429] {
        assert_eq!(first.json("POST", "/api/v1/posts", &post).await.status(), status);
    }
    let reply = first.json("POST", "/api/v1/posts", &post).await;
    assert_eq!(reply.header("retry-after"), "30");
    assert_eq!(detail(&reply), "This token has written too much at once. Please send it again in 30 seconds.");
    assert_eq!(first.get("/api/v1/me").await.status(), 200);
    assert_eq!(second.json("POST", "/api/v1/posts", &post).await.status(), 201);
    site.wait_seconds(30);
    assert_eq!(first.json("POST", "/api/v1/posts", &post).await.status(), 201);
}
