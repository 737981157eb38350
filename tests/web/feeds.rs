//! Feeds: what readers' programs get of the posts.

use crate::site::{Site, between};

const FORMATS: [(&str, &str); 3] = [
    ("atom", "application/atom+xml; charset=utf-8"),
    ("rss", "application/rss+xml; charset=utf-8"),
    ("json", "application/feed+json; charset=utf-8"),
];

/// Each list has its feed in each format, and its page says where.
#[tokio::test]
async fn of_each_list() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/create", [("title", "tagged"), ("body", "x"), ("tags", "a b")]).await;
    for (list, has_first) in [("/", true), ("/users/test", true), ("/tags/a%20b", false)] {
        let page = site.visitor().get(list).await;
        for (format, media_type) in FORMATS {
            let path = format!("{}/feed.{format}", list.trim_end_matches('/'));
            assert!(page.text().contains(&format!("href=\"{path}\"")), "{path}");
            let feed = site.visitor().get(&path).await;
            assert_eq!((feed.status(), feed.header("content-type")), (200, media_type), "{path}");
            assert!(feed.text().contains(&format!("http://localhost:8080{path}")), "{path}");
            assert!(feed.text().contains("http://localhost:8080/2"), "{path}");
            assert_eq!(feed.text().contains("http://localhost:8080/1"), has_first, "{path}");
        }
    }
    for path in ["/users/nobody/feed.atom", "/tags/none/feed.rss", "/feed.xml"] {
        assert_eq!(site.visitor().get(path).await.status(), 404, "{path}");
    }
}

/// Addresses are those of the site, and names of posts stay: whatever is written later, or edited.
#[tokio::test]
async fn addresses() {
    let site = Site::with(|config| config.base_url = Some("https://blog.example.org".to_owned().try_into().unwrap()));
    let get = async || site.visitor().request_to("127.0.0.1", "GET", "/feed.atom").await.text().to_owned();
    let before = get().await;
    assert!(before.contains("<id>https://blog.example.org/1</id>") && !before.contains("127.0.0.1"));
    site.execute("UPDATE post SET title = 'other'");
    assert!(get().await.contains("<id>https://blog.example.org/1</id>"));
}

/// A feed of one host is not sent to who asks another.
#[tokio::test]
async fn hosts() {
    let site = Site::new();
    for host in ["a.example", "b.example", "a.example"] {
        let feed = site.visitor().request_to(host, "GET", "/feed.rss").await;
        assert!(feed.text().contains(&format!("<link>http://{host}/1</link>")), "{host}");
    }
}

/// `updated` moves when a post is edited, and for no other reason.
#[tokio::test]
async fn updated() {
    let site = Site::new();
    let test = site.login("test").await;
    let updated = async || {
        let feed = site.visitor().get("/feed.atom").await;
        let entry = between(feed.text(), "<entry>", "</entry>").unwrap().to_owned();
        let of_feed = between(feed.text(), "<updated>", "</updated>").unwrap().to_owned();
        (of_feed, between(&entry, "<updated>", "</updated>").unwrap().to_owned())
    };
    let written = ("2018-01-01T00:00:00Z".to_owned(), "2018-01-01T00:00:00Z".to_owned());
    assert_eq!(updated().await, written);
    test.post("/auth/logout", []).await;
    site.wait_seconds(60);
    assert_eq!(updated().await, written);
    let test = site.login("test").await;
    test.post("/1/update", [("title", "t"), ("body", "")]).await;
    assert_eq!(updated().await, ("2026-01-01T00:01:00Z".to_owned(), "2026-01-01T00:01:00Z".to_owned()));
}

/// Nothing that a person wrote breaks a feed, or is markup where it is read.
#[tokio::test]
async fn any_text() {
    let site = Site::new();
    let test = site.login("test").await;
    let nasty = "<script>alert(1)</script> & ]]> \"'\u{0}\u{1b} <?user 2?> 안녕 👋";
    test.post("/create", [("title", nasty), ("body", "line\r\nline <b>\u{8}"), ("tags", nasty)]).await;
    for (format, _) in FORMATS {
        let feed = site.visitor().get(&format!("/feed.{format}")).await;
        assert!(feed.text().contains("안녕 👋"), "{format}");
        assert!(!feed.text().contains(['\u{0}', '\u{8}', '\u{1b}']), "{format}");
        assert!(format == "json" || !feed.text().contains("<script>"), "{format}");
    }
    let json: serde_json::Value = serde_json::from_str(site.visitor().get("/feed.json").await.text()).unwrap();
    assert_eq!(json["items"][0]["content_html"], "<p>line<br>\nline &lt;b&gt;</p>");
    assert_eq!(json["items"][0]["title"], {
        // A server has no NUL in its texts.
        let nul = if site.is_file() { "" } else { "\u{fffd}" };
        nasty.replace('\0', nul).replace('\u{1b}', "")
    });
}

/// A feed has the newest posts, as many as are set.
#[tokio::test]
async fn length() {
    let site = Site::with(|config| config.pages.feed_posts = 2);
    let test = site.login("test").await;
    for title in ["a", "b"] {
        test.post("/create", [("title", title), ("body", "")]).await;
    }
    let feed = site.visitor().get("/feed.json").await;
    let json: serde_json::Value = serde_json::from_str(feed.text()).unwrap();
    assert_eq!((json["items"].as_array().unwrap().len(), &json["items"][0]["title"]), (2, &"b".into()));
}

/// Whoever has a feed already is told so.
#[tokio::test]
async fn unchanged() {
    let site = Site::new();
    for (format, _) in FORMATS {
        let path = format!("/feed.{format}");
        let tag = site.visitor().get(&path).await.header("etag").to_owned();
        let reply = site.visitor().request("GET", &path, &[("if-none-match", &tag)], "").await;
        assert_eq!(reply.status(), 304, "{format}");
    }
}
