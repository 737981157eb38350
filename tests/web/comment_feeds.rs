//! Feeds of comments.

use flaskr::config::CommentMode;

use crate::site::{Site, between};

/// Each post has a feed of its comments, and the site one of all, the newest first; the post's page says where.
#[tokio::test]
async fn of_a_post_and_of_all() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    other.post("/create", [("title", "second <post>"), ("body", "")]).await;
    other.post("/1/comments", [("body", "first & *only*")]).await;
    test.post("/2/comments", [("body", "on the second")]).await;
    let nobody = site.visitor();
    let page = nobody.get("/1").await;
    for (format, media_type) in [
        ("atom", "application/atom+xml; charset=utf-8"),
        ("rss", "application/rss+xml; charset=utf-8"),
        ("json", "application/feed+json; charset=utf-8"),
    ] {
        assert!(page.text().contains(&format!("href=\"/1/comments/feed.{format}\"")), "{format}");
        let of_post = nobody.get(&format!("/1/comments/feed.{format}")).await;
        assert_eq!((of_post.status(), of_post.header("content-type")), (200, media_type));
        let of_all = nobody.get(&format!("/comments/feed.{format}")).await;
        let (first, second) = ("http://localhost:8080/comments/1", "http://localhost:8080/comments/2");
        assert!(of_post.text().contains(first) && !of_post.text().contains(second), "{format}");
        assert!(of_all.text().find(second).unwrap() < of_all.text().find(first).unwrap(), "{format}");
        assert!(of_post.text().contains(&format!("http://localhost:8080/1/comments/feed.{format}")), "{format}");
    }
    let feed = nobody.get("/comments/feed.atom").await;
    assert!(feed.text().contains("<title>test on &#34;second &lt;post&gt;&#34;</title>"), "{}", feed.text());
    assert!(feed.text().contains("first &amp;amp; &lt;em&gt;only&lt;/em&gt;"), "{}", feed.text());
    for path in ["/3/comments/feed.atom", "/1/comments/feed.xml", "/comments/feed.x"] {
        assert_eq!(nobody.get(path).await.status(), 404, "{path}");
    }
}

/// A link in a comment leads where it leads on the page of its post.
#[tokio::test]
async fn links_are_whole() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/1/comments", [("body", "[a](/1) [b](#comments)")]).await;
    let feed = site.visitor().get("/comments/feed.json").await;
    for url in ["http://localhost:8080/1", "http://localhost:8080/1#comments"] {
        assert!(feed.text().contains(&format!("href=\\\"{url}\\\"")), "{}", feed.text());
    }
}

/// What waits is in no feed, nor what is of a post that is gone; what is changed says so.
#[tokio::test]
async fn only_what_everybody_sees() {
    let site = Site::with(|config| config.comments.mode = CommentMode::Approve);
    let (test, other) = (site.login("test").await, site.login("other").await);
    other.post("/1/comments", [("body", "waits")]).await;
    let paths = ["/1/comments/feed.atom", "/comments/feed.atom"];
    for path in paths {
        for visitor in [&test, &site.visitor()] {
            assert!(!visitor.get(path).await.text().contains("waits"), "{path}");
        }
    }
    test.post("/comments/1/approve", []).await;
    site.wait_seconds(60);
    site.execute("UPDATE comment SET updated = created + 30");
    for path in paths {
        let feed = site.visitor().get(path).await;
        let entry = between(feed.text(), "<entry>", "</entry>").unwrap();
        assert!(entry.contains("waits") && entry.contains("<updated>2026-01-01T00:00:30Z</updated>"), "{entry}");
    }
    test.post("/1/delete", []).await;
    assert!(!site.visitor().get("/comments/feed.atom").await.text().contains("<entry>"));
    assert_eq!(site.visitor().get("/1/comments/feed.atom").await.status(), 404);
}
