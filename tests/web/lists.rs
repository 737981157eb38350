//! Lists of posts, page by page: all, an author's, those under a tag; and one post.

use crate::site::{Reply, Site, Visitor, between, titles};

async fn write(visitor: &Visitor<'_>, title: &str, tags: &str) {
    let reply = visitor.post("/create", [("title", title), ("body", "b"), ("tags", tags)]).await;
    assert_eq!(reply.status(), 303, "{title}");
}

/// Where a page says that the posts before or after it are.
fn link(page: &Reply, rel: &str) -> Option<String> {
    between(page.text(), &format!("<link rel=\"{rel}\" href=\""), "\"").map(str::to_owned)
}

/// Every page of a list from this one on, and the way back.
async fn walk(visitor: &Visitor<'_>, start: &str) -> Vec<Vec<String>> {
    let (mut pages, mut page) = (Vec::new(), visitor.get(start).await);
    loop {
        pages.push(titles(&page));
        let Some(next) = link(&page, "next") else { break };
        page = visitor.get(&next).await;
    }
    let mut back = vec![titles(&page)];
    while let Some(newer) = link(&page, "prev") {
        page = visitor.get(&newer).await;
        back.push(titles(&page));
    }
    assert!(link(&page, "prev").is_none() && visitor.get(start).await.header("etag") == page.header("etag"));
    let (all, all_back): (Vec<_>, Vec<_>) = (pages.concat(), back.iter().rev().flatten().cloned().collect());
    assert!(all.iter().all(|title| all_back.contains(title)), "{all_back:?}");
    pages
}

/// Pages have five posts each, none is twice or missing, and the way back leads to the first page.
#[tokio::test]
async fn paging() {
    let site = Site::new();
    let test = site.login("test").await;
    for number in 1..12 {
        write(&test, &number.to_string(), "").await; // all of them in one second
    }
    let pages = walk(&site.visitor(), "/").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5, 2]);
    assert_eq!(pages.concat(), ["11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "test title"]);
    assert_eq!(walk(&test, "/users/test").await, pages);
}

/// What is written or deleted meanwhile moves no post from one page to another.
#[tokio::test]
async fn paging_is_stable() {
    let site = Site::new();
    let (test, nobody) = (site.login("test").await, site.visitor());
    for number in 1..12 {
        write(&test, &number.to_string(), "").await;
    }
    let next = link(&nobody.get("/").await, "next").unwrap();
    let second = titles(&nobody.get(&next).await);
    write(&test, "new", "").await;
    assert_eq!(titles(&nobody.get(&next).await), second);
    site.execute("DELETE FROM post WHERE title = '7'"); // the one that the link was made from
    assert_eq!(titles(&nobody.get(&next).await), second);
}

/// Posts of times that are no times have their places too.
#[tokio::test]
async fn paging_over_odd_times() {
    let site = Site::with(|config| config.pages.posts_per_page = 1);
    for created in ["'yesterday'", "'2018-01-01 00:00:00'", "''", "'한국'", "20180101", "'1.5'"] {
        site.execute(&format!("INSERT INTO post (author_id, created, title, body) VALUES (1, {created}, 'odd', '')"));
    }
    assert_eq!(walk(&site.visitor(), "/").await.concat().len(), 7);
}

/// How many posts are on a page can be set.
#[tokio::test]
async fn posts_per_page() {
    let site = Site::with(|config| config.pages.posts_per_page = 2);
    let test = site.login("test").await;
    for title in ["a", "b"] {
        write(&test, title, "").await;
    }
    assert_eq!(walk(&test, "/").await, [vec!["b", "a"], vec!["test title"]]);
}

/// A page behind the last post is empty and leads back.
#[tokio::test]
async fn behind_the_end() {
    let site = Site::new();
    let page = site.visitor().get("/?before=1900-01-01%2000:00:00.1").await;
    assert_eq!((page.status(), titles(&page).len(), link(&page, "prev").as_deref()), (200, 0, Some("/")));
}

/// An author's posts are those of the author, whatever the name.
#[tokio::test]
async fn of_a_user() {
    let site = Site::new();
    let nasty = "../a b/<i>?x=1&한#";
    site.visitor().post("/auth/register", [("username", nasty), ("password", nasty)]).await;
    let visitor = site.login(nasty).await;
    write(&visitor, "mine", "").await;
    let link = between(visitor.get("/2").await.text(), "rel=\"author\" href=\"", "\"").unwrap().to_owned();
    let page = visitor.get(&link).await;
    assert_eq!((page.status(), titles(&page)), (200, vec!["mine".to_owned()]));
    assert!(page.text().contains("<h1 class=\"p-name\">Posts by ../a b/&lt;i&gt;?x=1&amp;한#</h1>"));
    assert_eq!(titles(&visitor.get("/users/test").await), ["test title"]);
    assert_eq!(titles(&visitor.get("/users/other").await), Vec::<String>::new());
    assert_eq!(visitor.get("/users/nobody").await.status(), 404);
}

/// A tag leads to its posts, however it is written; it is shown as it was first written.
#[tokio::test]
async fn tags() {
    let site = Site::new();
    let test = site.login("test").await;
    write(&test, "one", "Rust, 웹 서버 ,C++").await;
    write(&test, "two", "rust,RUST").await;
    write(&test, "three", "").await;
    for path in ["/tags/Rust", "/tags/rust", "/tags/RUST"] {
        let page = test.get(path).await;
        assert_eq!(titles(&page), ["two", "one"], "{path}");
        assert!(page.text().contains("<h1 class=\"p-name\">Posts tagged Rust</h1>"));
    }
    let page = test.get("/2").await;
    for link in [
        r#"href="/tags/C%2B%2B">C++<"#,
        r#"href="/tags/Rust">Rust<"#,
        r#"href="/tags/%EC%9B%B9%20%EC%84%9C%EB%B2%84">웹 서버<"#,
    ] {
        assert!(page.text().contains(link), "{link}");
        assert!(test.get("/tags").await.text().contains(link), "{link}");
    }
    assert_eq!(titles(&test.get("/tags/%EC%9B%B9%20%EC%84%9C%EB%B2%84").await), ["one"]);
}

/// Tags are changed with the post; a form that has none, like the original's, leaves them.
#[tokio::test]
async fn tags_are_edited() {
    let site = Site::new();
    let test = site.login("test").await;
    write(&test, "one", "a, b").await;
    assert!(test.get("/2/update").await.text().contains(r#"value="a, b""#));
    test.post("/2/update", [("title", "t"), ("body", "b")]).await;
    assert_eq!(titles(&test.get("/tags/a").await), ["t"]);
    test.post("/2/update", [("title", "t"), ("body", "b"), ("tags", "b, C")]).await;
    assert_eq!(test.get("/tags/a").await.status(), 404);
    assert_eq!(titles(&test.get("/tags/c").await), ["t"]);
    let refused = test.post("/2/update", [("title", "t"), ("body", "b"), ("tags", &"x".repeat(51))]).await;
    assert!(
        refused.text().contains("A tag can have 50 characters at most.") && refused.text().contains(&"x".repeat(51))
    );
    test.post("/2/delete", []).await;
    assert_eq!(titles(&test.get("/tags/b").await), Vec::<String>::new());
    assert!(test.get("/tags").await.text().contains("No post has a tag yet."));
}

/// After the tutorial's init-db a new post has no tags of an old one with its number.
#[tokio::test]
async fn tags_of_a_post_that_was() {
    let site = Site::new();
    let test = site.login("test").await;
    write(&test, "one", "a").await;
    site.execute("DELETE FROM post; INSERT INTO post (id, author_id, title, body) VALUES (2, 1, 'x', '')");
    assert!(!test.get("/2").await.text().contains("/tags/"));
    assert_eq!(titles(&test.get("/tags/a").await), Vec::<String>::new());
}

/// All tags are listed, a hundred on a page.
#[tokio::test]
async fn tag_list() {
    let site = Site::new();
    let test = site.login("test").await;
    for start in (0..120).step_by(20) {
        let tags: Vec<_> = (start..start + 20).map(|number| format!("tag {number:03}")).collect();
        write(&test, "t", &tags.join(",")).await;
    }
    let page = test.get("/tags").await;
    assert_eq!(page.text().matches("rel=\"tag\"").count(), 100);
    let next = test.get("/tags?after=tag%20099").await;
    assert!(page.text().contains("href=\"/tags?after=tag%20099\""));
    assert_eq!((next.text().matches("rel=\"tag\"").count(), next.text().contains("rel=\"next\"")), (20, false));
}

/// A post has a page, which leads to the posts around it, to its author and to its editing.
#[tokio::test]
async fn post() {
    let site = Site::new();
    let test = site.login("test").await;
    write(&test, "second", "").await;
    write(&test, "third <b>", "").await;
    let page = site.visitor().get("/2").await;
    for part in [
        "<h1 class=\"p-name\">second</h1>",
        "<title>second - Flaskr</title>",
        r#"<a rel="prev" href="/3">Newer: third &lt;b&gt;</a>"#,
        r#"<a rel="next" href="/1">Older: test title</a>"#,
        r#"by <a class="p-author h-card" rel="author" href="/users/test">test</a> on <time"#,
        r#"datetime="2026-01-01T00:00:00Z">2026-01-01</time>"#,
    ] {
        assert!(page.text().contains(part), "{part}");
    }
    assert!(!page.text().contains("/2/update") && test.get("/2").await.text().contains("/2/update"));
    site.wait_seconds(24 * 60 * 60);
    test.post("/2/update", [("title", "second"), ("body", "")]).await;
    assert!(site.visitor().get("/2").await.text().contains("2026-01-02T00:00:00Z\">2026-01-02</time>"));
}

/// From the newest post on, each leads to the one before it and back, whether those were written in the same second or not.
#[tokio::test]
async fn around() {
    let site = Site::new();
    let test = site.login("test").await;
    for (title, seconds) in [("2", 1), ("3", 0), ("4", 0), ("5", 60), ("6", 0)] {
        site.wait_seconds(seconds);
        write(&test, title, "").await;
    }
    for id in 1..=6 {
        let page = site.visitor().get(&format!("/{id}")).await;
        let link = |rel: &str| between(page.text(), &format!("<a rel=\"{rel}\" href=\"/"), "\"").map(str::to_owned);
        let post = |id: i32| (1..=6).contains(&id).then(|| id.to_string());
        assert_eq!((link("prev"), link("next")), (post(id + 1), post(id - 1)), "{id}");
    }
}

/// A post is found under its number with any title behind it, and has one address.
#[tokio::test]
async fn titled() {
    let site = Site::new();
    for path in ["/1-test-title", "/1-", "/1-%EC%95%88%EB%85%95", "/001-x"] {
        let reply = site.visitor().get(path).await;
        assert_eq!((reply.status(), reply.header("location")), (301, "/1"), "{path}");
    }
    assert_eq!(site.visitor().get("/01").await.header("etag"), site.visitor().get("/1").await.header("etag"));
    for path in ["/9", "/9223372036854775808", "/-1", "/x-1"] {
        assert_eq!(site.visitor().get(path).await.status(), 404, "{path}");
    }
}
