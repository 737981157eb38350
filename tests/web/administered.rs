//! What `flaskr-admin` does to users, posts and comments, as the site shows it.

use flaskr::config::CommentMode;
use serde_json::Value;

use crate::site::Site;

/// What `flaskr-admin` says, with this site's settings.
pub(crate) fn said(site: &Site, words: &[&str]) -> String {
    run(site, words).unwrap()
}

/// Why it failed.
fn failed(site: &Site, words: &[&str]) -> String {
    run(site, words).unwrap_err()
}

fn run(site: &Site, words: &[&str]) -> Result<String, String> {
    let (said, done) = site.admin(words);
    done.map(|()| said)
}

/// What the administrator's command does to a user shows at once.
#[tokio::test]
async fn administered() {
    let site = Site::new();
    let test = site.login("test").await;
    said(&site, &["user", "disable", "test"]);
    assert_eq!(test.name().await, None);
    said(&site, &["user", "enable", "test"]);
    let test = site.login("test").await;
    let other = site.login("other").await;
    said(&site, &["user", "logout", "test"]);
    assert_eq!((test.name().await, other.name().await.as_deref()), (None, Some("other")));
    said(&site, &["user", "logout", "--all"]);
    assert_eq!(other.name().await, None);
}

/// A login is in the administrator's list, and ends there alone.
#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let site = Site::new();
    let (first, second) = (site.login("test").await, site.login("test").await);
    let other = site.login("other").await;
    let listed: Value = serde_json::from_str(&said(&site, &["user", "sessions", "test", "--json"])).unwrap();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["created"], "2026-01-01T00:00:00Z");
    let id = listed[0]["id"].as_str().unwrap();
    let shown = said(&site, &["user", "sessions", "test"]);
    assert!(shown.contains(&id[..12]) && shown.contains("2026-01-01 00:00"), "{shown}");
    let shown = said(&site, &["user", "show", "test"]);
    assert!(shown.contains("Sessions         2, last seen 2026-01-01T00:00:00Z"), "{shown}");

    assert!(said(&site, &["user", "sessions", "test", "--end", &id[..12]]).starts_with("Ended the session of test"));
    let left = [first.name().await.is_some(), second.name().await.is_some()];
    assert_eq!(left.iter().filter(|is_left| **is_left).count(), 1);
    assert_eq!(other.name().await.as_deref(), Some("other"));
    // Nothing, and another's, end nothing.
    let others: Value = serde_json::from_str(&said(&site, &["user", "sessions", "other", "--json"])).unwrap();
    for id in [id, others[0]["id"].as_str().unwrap()] {
        assert!(failed(&site, &["user", "sessions", "test", "--end", id]).starts_with("test has no session"));
    }
    let both = site.login("test").await;
    assert!(failed(&site, &["user", "sessions", "test", "--end", ""]).starts_with("more than one session"));
    assert!(both.name().await.is_some());
}

/// What the administrator's command deletes is gone from the site; what a former user wrote is not.
#[tokio::test]
async fn accounts_are_deleted() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    said(&site, &["user", "delete", "test", "--yes"]);
    assert_eq!(test.name().await, None);
    assert!(other.get("/1").await.text().contains("former user 1"));
    assert!(failed(&site, &["user", "delete", "former user 1", "--yes"]).contains("--with-posts"));
    said(&site, &["user", "delete", "former user 1", "--with-posts", "--yes"]);
    assert_eq!(other.get("/1").await.status(), 404);
    assert_eq!(other.name().await.as_deref(), Some("other"));
}

/// A post that is deleted by the administrator's command can be brought back by its author.
#[tokio::test]
async fn deleted_posts_come_back() {
    let site = Site::new();
    let test = site.login("test").await;
    assert!(said(&site, &["post", "delete", "1"]).contains("can bring it back"));
    assert_eq!(test.get("/1").await.status(), 404);
    test.post("/1/restore", []).await;
    assert!(test.get("/1").await.text().contains("test title"));
}

/// A comment that waits is approved, another deleted; moderators see who did it, and why.
#[tokio::test]
async fn comments_are_decided_on() {
    let site = Site::with(|config| config.comments.mode = CommentMode::Approve);
    let other = site.login("other").await;
    for text in ["first words", "second words"] {
        other.post("/1/comments", [("body", text)]).await;
    }
    let waiting = said(&site, &["comment", "list", "--waiting"]);
    assert!(waiting.contains("first words") && waiting.contains("second words"), "{waiting}");
    assert!(!site.visitor().get("/1").await.text().contains("first words"));
    said(&site, &["comment", "approve", "1"]);
    assert!(site.visitor().get("/1").await.text().contains("first words"));
    assert!(said(&site, &["comment", "list", "--waiting"]).lines().count() == 2);
    said(&site, &["comment", "delete", "2", "--reason", "too many words"]);
    assert!(failed(&site, &["comment", "show", "2"]).starts_with("there is no comment 2"));

    site.make_moderator("test");
    let log = site.login("test").await.get("/moderation").await.text().to_owned();
    for part in ["flaskr-admin approved", "flaskr-admin deleted", "second words", "too many words"] {
        assert!(log.contains(part), "{part}: {log}");
    }
}
