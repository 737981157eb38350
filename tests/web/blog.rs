//! The original's `test_blog.py`.

use crate::site::{Site, between};

/// Everybody reads the posts; their authors find the way to change them.
#[tokio::test]
async fn index() {
    let site = Site::new();
    let page = site.visitor().get("/").await;
    assert!(page.text().contains("Log In") && page.text().contains("Register"));

    let page = site.login("test").await.get("/").await;
    for part in ["Log Out", "test title", "by test on 2018-01-01", "test\nbody", r#"href="/1/update""#] {
        assert!(page.text().contains(part), "{part}");
    }
}

/// Only who is logged in writes, changes or deletes.
#[tokio::test]
async fn login_required() {
    let site = Site::new();
    for path in ["/create", "/1/update", "/1/delete"] {
        let reply = site.visitor().post(path, []).await;
        assert_eq!((reply.status(), reply.header("location")), (303, "/auth/login"), "{path}");
    }
    for path in ["/create", "/1/update"] {
        let reply = site.visitor().get(path).await;
        assert_eq!((reply.status(), reply.header("location")), (302, "/auth/login"), "{path}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post"), 1);
}

/// A post can be changed by its author and by nobody else.
#[tokio::test]
async fn author_required() {
    let site = Site::new();
    site.execute("UPDATE post SET author_id = 2 WHERE id = 1");
    let test = site.login("test").await;

    assert_eq!(test.post("/1/update", [("title", "mine"), ("body", "")]).await.status(), 403);
    assert_eq!(test.post("/1/delete", []).await.status(), 403);
    assert_eq!(test.get("/1/update").await.status(), 403);
    assert!(!test.get("/").await.text().contains(r#"href="/1/update""#));
    assert_eq!(site.value::<String>("SELECT title FROM post"), "test title");
}

/// What does not exist is not changed.
#[tokio::test]
async fn exists_required() {
    let site = Site::new();
    let test = site.login("test").await;
    for path in ["/2/update", "/2/delete"] {
        let reply = test.post(path, []).await;
        assert_eq!(reply.status(), 404, "{path}");
        assert!(reply.text().contains("Post id 2 doesn&#39;t exist."), "{path}");
    }
}

/// A new post is stored under its author's number, with the time of the clock.
#[tokio::test]
async fn create() {
    let site = Site::new();
    let test = site.login("test").await;
    assert_eq!(test.get("/create").await.status(), 200);

    let reply = test.post("/create", [("title", "created"), ("body", "")]).await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/"));
    assert_eq!(site.value::<i64>("SELECT count(id) FROM post"), 2);
    let stored: String = site.value("SELECT author_id || title || body || created FROM post WHERE id = 2");
    assert_eq!(stored, "1created2026-01-01 00:00:00");
}

/// An update changes title and body, and not the time.
#[tokio::test]
async fn update() {
    let site = Site::new();
    let test = site.login("test").await;
    assert_eq!(test.get("/1/update").await.status(), 200);

    let reply = test.post("/1/update", [("title", "updated"), ("body", "")]).await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/"));
    let stored: String = site.value("SELECT author_id || title || body || created FROM post WHERE id = 1");
    assert_eq!(stored, "1updated2018-01-01 00:00:00");
}

/// A post without a title is shown again, and not stored.
#[tokio::test]
async fn create_update_validate() {
    let site = Site::new();
    let test = site.login("test").await;
    for path in ["/create", "/1/update"] {
        let reply = test.post(path, [("title", ""), ("body", "")]).await;
        assert_eq!(reply.status(), 200, "{path}");
        assert!(reply.text().contains("Title is required."), "{path}");
    }
    assert_eq!(site.value::<String>("SELECT title FROM post"), "test title");
}

/// What was typed is not lost to a mistake; where an update was sent empty, the stored text comes back.
#[tokio::test]
async fn refilled() {
    let site = Site::new();
    let test = site.login("test").await;
    let body = |page: &str| between(page, "id=\"body\">\n", "</textarea>").unwrap().to_owned();

    assert_eq!(body(test.post("/create", [("title", ""), ("body", "typed")]).await.text()), "typed");
    let page = test.post("/1/update", [("title", ""), ("body", "typed")]).await;
    assert_eq!(body(page.text()), "typed");
    assert!(page.text().contains("<h1>Edit &#34;test title&#34;</h1>"));
    assert!(page.text().contains(r#"value="test title""#));
    assert_eq!(body(test.post("/1/update", [("title", ""), ("body", "")]).await.text()), "test\nbody");
}

/// A deleted post is gone, and its number with it.
#[tokio::test]
async fn delete() {
    let site = Site::new();
    let test = site.login("test").await;
    let reply = test.post("/1/delete", []).await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/"));
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post WHERE id = 1"), 0);

    test.post("/create", [("title", "next"), ("body", "")]).await;
    assert_eq!(site.value::<i64>("SELECT id FROM post"), 2);
}
