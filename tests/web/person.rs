//! What users say of themselves, and leave behind.

use crate::site::{Site, Visitor};

/// A line about oneself is on the page of one's posts, as text, until it is taken back.
#[tokio::test]
async fn profile() {
    let site = Site::new();
    let test = site.login("test").await;
    let saved = test.post("/account/profile", [("line", " I <b>write</b>\r\nin the evening ")]).await;
    assert!(saved.text().contains("Saved."));
    let shown = "<p class=\"line p-note\">I &lt;b&gt;write&lt;/b&gt; in the evening</p>";
    assert!(site.visitor().get("/users/test").await.text().contains(shown));
    assert!(!site.visitor().get("/users/other").await.text().contains("class=\"line"));
    assert!(!site.visitor().get("/").await.text().contains("class=\"line"));

    let long = test.post("/account/profile", [("line", &"x".repeat(201))]).await;
    assert!(long.text().contains("The line can have 200 characters at most."));
    assert!(site.visitor().get("/users/test").await.text().contains(shown));
    test.post("/account/profile", [("line", "")]).await;
    assert!(!site.visitor().get("/users/test").await.text().contains("class=\"line"));
}

async fn leave(visitor: &Visitor<'_>, posts: &str, password: &str) -> u16 {
    visitor.post("/account/delete", [("posts", posts), ("password", password)]).await.status()
}

/// A site on which both wrote, and commented on each other.
async fn busy_site() -> Site {
    let site = Site::new();
    for (name, theirs) in [("test", "/2"), ("other", "/1")] {
        let visitor = site.login(name).await;
        if name == "test" {
            site.login("other").await.post("/create", [("title", "two"), ("body", "")]).await;
        }
        visitor.post("/account/profile", [("line", "me")]).await;
        let token = [("name", "a"), ("scope", "write"), ("lifetime", "30"), ("password", name)];
        assert_eq!(visitor.post("/account/tokens", token).await.status(), 200);
        visitor.post("/create", [("title", "gone before"), ("body", "")]).await;
        let gone = site.value::<i64>("SELECT max(id) FROM post");
        visitor.post(&format!("/{gone}/comments"), [("body", "said to what is gone")]).await;
        visitor.post(&format!("/{gone}/delete"), []).await;
        visitor.post("/create", [("title", "draft"), ("body", ""), ("then", "keep")]).await;
        visitor.post(&format!("{theirs}/comments"), [("body", &format!("by {name}"))]).await;
        visitor.post(&format!("{theirs}/like"), []).await;
    }
    site
}

/// Somebody who goes and leaves the posts is nobody afterwards: no name, no password, no session, no draft.
#[tokio::test]
async fn leaves_posts() {
    let site = busy_site().await;
    let (test, elsewhere) = (site.login("test").await, site.login("test").await);
    assert_eq!(leave(&test, "leave", "wrong").await, 200);
    assert_eq!(leave(&test, "sell", "test").await, 400);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user WHERE username = 'test'"), 1);
    assert_eq!(leave(&test, "leave", "test").await, 303);

    assert_eq!((test.name().await, elsewhere.name().await), (None, None));
    assert_eq!(site.visitor().login("test", "test").await.status(), 200, "there is no such user");
    assert_eq!(site.visitor().login("former user 1", "!").await.status(), 200);
    let page = site.visitor().get("/1").await;
    assert!(page.text().contains("former user 1") && page.text().contains("by other"));
    assert!(site.visitor().get("/2").await.text().contains("by test"));
    assert_eq!(site.visitor().get("/users/test").await.status(), 404);
    let left = "SELECT count(*) FROM comment WHERE body = 'said to what is gone'";
    assert_eq!(site.value::<i64>(left), 1, "the other's");
    for table in ["draft", "profile", "api_token", "withdrawn_post"] {
        assert_eq!(site.value::<i64>(&format!("SELECT count(*) FROM {table}")), 1, "{table}: the other's");
    }

    let new = site.visitor();
    assert_eq!(new.post("/auth/register", [("username", "test"), ("password", "new")]).await.status(), 303);
    assert_eq!(new.login("test", "new").await.status(), 303);
    assert_eq!(new.get("/1/update").await.status(), 403, "another of the same name");
}

/// Somebody who goes with all they wrote leaves nothing of it, nor of what was said to it; the rest stays.
#[tokio::test]
async fn deletes_posts() {
    let site = busy_site().await;
    let test = site.login("test").await;
    assert_eq!(leave(&test, "delete", "test").await, 303);
    assert_eq!(test.name().await, None);
    for path in ["/1", "/users/test"] {
        assert_eq!(site.visitor().get(path).await.status(), 404, "{path}");
    }
    let two = site.visitor().get("/2").await;
    assert!(two.text().contains("two") && !two.text().contains("by test"));
    let counts =
        "SELECT '' || (SELECT count(*) FROM post) || (SELECT count(*) FROM comment) || (SELECT count(*) FROM user)
                      || (SELECT count(*) FROM draft) || (SELECT count(*) FROM withdrawn_post)
                      || (SELECT count(*) FROM session WHERE user_id = 1)";
    assert_eq!(site.value::<String>(counts), "111110", "what is the other's");
    assert_eq!(site.dangling(), 0);
}
