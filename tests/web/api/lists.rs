//! Lists: their parts, what they are of, and that they are kept as pages are.

use serde_json::{Value, json};

use super::{Program, detail, read};
use crate::site::Site;

fn ids(document: &Value) -> Vec<i64> {
    document["posts"].as_array().unwrap().iter().map(|post| post["id"].as_i64().unwrap()).collect()
}

/// The target of a URL of this site.
fn target(url: &Value) -> String {
    url.as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned()
}

fn site_with_posts() -> Site {
    let site = Site::new();
    site.execute(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
         INSERT INTO post (id, author_id, created, title, body)
           SELECT i, 1 + i % 2, '2018-01-01 00:00:00', 'title ' || i, 'text' FROM n",
    );
    site
}

/// A post has what its page has, and times and addresses as programs read them.
#[tokio::test]
async fn post() {
    let site = Site::new();
    let reply = Program::without(&site).get("/api/v1/posts/1").await;
    let mut post = read(&reply);
    let version = post["version"].take();
    assert!(reply.header("etag").starts_with(&format!("\"{}.", version.as_str().unwrap())));
    let expected = json!({
        "id": 1, "url": "http://localhost:8080/1", "title": "test title", "author": "test",
        "created": "2018-01-01T00:00:00Z", "updated": null, "format": "plain", "body": "test\nbody",
        "html": "<p>test<br>\nbody</p>", "tags": [], "version": null,
    });
    assert_eq!(post, expected);
    assert_eq!(read(&Program::without(&site).get("/api/v1/posts").await)["posts"][0]["version"], version);
}

/// From part to part one finds every post once, forth and back.
#[tokio::test]
async fn parts() {
    let site = site_with_posts();
    let program = Program::without(&site);
    let (mut path, mut found, mut parts) = ("/api/v1/posts?limit=7".to_owned(), Vec::new(), Vec::new());
    loop {
        let part = read(&program.get(&path).await);
        found.extend(ids(&part));
        parts.push(path);
        if part["next"].is_null() {
            break;
        }
        path = target(&part["next"]);
    }
    assert_eq!(found, (1..=30).rev().collect::<Vec<_>>());
    assert_eq!(parts.len(), 5);
    let last = read(&program.get(parts.last().unwrap()).await);
    let before = read(&program.get(&target(&last["prev"])).await);
    assert_eq!(ids(&before), (3..=9).rev().collect::<Vec<_>>());
    let second = read(&program.get(&parts[1]).await);
    assert_eq!(target(&second["prev"]), parts[0]);
    assert_eq!(ids(&read(&program.get("/api/v1/posts").await)).len(), 20);
    assert_eq!(ids(&read(&program.get("/api/v1/posts?limit=100").await)).len(), 30);
}

/// A list is of all, of an author, or of a tag; what is not there, or cannot be, is 404.
#[tokio::test]
async fn subjects() {
    let site = site_with_posts();
    let program = Program::of(&site, "test", "write").await;
    program.json("PATCH", "/api/v1/posts/1", &json!({"tags": ["A tag", "b"]})).await;
    assert_eq!(ids(&read(&program.get("/api/v1/posts?tag=a+TAG").await)), [1]);
    let part = read(&program.get("/api/v1/posts?author=other&limit=2").await);
    assert_eq!(ids(&part), [29, 27]);
    assert_eq!(target(&part["next"]), "/api/v1/posts?author=other&limit=2&before=2018-01-01%2000:00:00.27");
    let tags = read(&program.get("/api/v1/tags?limit=1").await);
    assert_eq!(tags["tags"], json!([{"name": "A tag", "url": "http://localhost:8080/tags/A%20tag"}]));
    assert_eq!(read(&program.get(&target(&tags["next"])).await)["tags"][0]["name"], json!("b"));
    for query in
        ["tag=none", "author=nobody", "tag=b&author=test", "q=text&tag=b", "before=x.1&after=x.1", "from=title-1"]
    {
        assert_eq!(program.get(&format!("/api/v1/posts?{query}")).await.status(), 404, "{query}");
    }
}

/// A parameter that is wrong or not known is named.
#[tokio::test]
async fn parameters() {
    let site = Site::new();
    let program = Program::without(&site);
    for (target, words) in [
        ("posts?limit=0", "limit: a number from 1 to 100 is expected."),
        ("posts?limit=101", "limit: a number from 1 to 100 is expected."),
        ("posts?before=x", "before: the place of a post is expected."),
        ("posts?from=x", "from: what the `next` of a search says is expected."),
        ("posts?page=2", "unknown parameter `page`, expected one of `after`, `author`, `before`"),
        ("tags?q=x", "unknown parameter `q`, expected one of `after`, `limit`."),
        ("posts/1/comments?after=x", "after: the number of a comment is expected."),
    ] {
        let reply = program.get(&format!("/api/v1/{target}")).await;
        assert_eq!(reply.status(), 422, "{target}");
        assert!(detail(&reply).starts_with(words), "{target}: {}", detail(&reply));
    }
}

/// A search finds what the site's finds.
#[tokio::test]
async fn search() {
    let site = site_with_posts();
    site.wait_for("SELECT count(*) = 0 FROM search_queue").await;
    let program = Program::without(&site);
    let (mut path, mut found) = ("/api/v1/posts?q=title&limit=20".to_owned(), Vec::new());
    loop {
        let part = read(&program.get(&path).await);
        found.extend(ids(&part));
        if part["next"].is_null() {
            break;
        }
        path = target(&part["next"]);
    }
    assert_eq!(found, (1..=30).rev().collect::<Vec<_>>());
    assert_eq!(ids(&read(&program.get("/api/v1/posts?q=...").await)), [0_i64; 0]);
}

/// A part has so many bytes of text, and one post at least.
#[tokio::test]
async fn long_texts() {
    let site = Site::new();
    let (long, longer) = ("x".repeat(1_000_000), "x".repeat(3_000_000));
    site.execute(&format!(
        "INSERT INTO post (id, author_id, title, body) VALUES
           (2, 1, 'a', '{long}'), (3, 1, 'b', '{long}'), (4, 1, 'c', '{long}'), (5, 1, 'd', '{longer}')"
    ));
    let program = Program::without(&site);
    let first = read(&program.get("/api/v1/posts").await);
    assert_eq!(ids(&first), [5]);
    let second = read(&program.get(&target(&first["next"])).await);
    assert_eq!(ids(&second), [4, 3]);
    assert_eq!(ids(&read(&program.get(&target(&second["next"])).await)), [2, 1]);
}

/// What everybody sees is made once, and not sent to who has it; a write shows at once.
#[tokio::test]
async fn kept() {
    let site = Site::new();
    let program = Program::of(&site, "test", "write").await;
    for path in ["/api/v1/posts", "/api/v1/posts/1", "/api/v1/tags", "/api/v1/posts/1/comments"] {
        let first = program.get(path).await;
        let etag = first.header("etag").to_owned();
        assert_eq!(program.send("GET", path, &[("if-none-match", &etag)], "").await.status(), 304, "{path}");
        let encoded = Program::without(&site).send("GET", path, &[("accept-encoding", "gzip")], "").await;
        assert_eq!(encoded.header("vary"), "Accept-Encoding, Accept-Language, Cookie", "{path}");
    }
    let before = program.get("/api/v1/posts").await;
    program.json("POST", "/api/v1/posts", &json!({"title": "new"})).await;
    let fields = [("if-none-match", before.header("etag"))];
    let after = program.send("GET", "/api/v1/posts", &fields, "").await;
    assert_eq!((after.status(), ids(&read(&after))), (200, vec![2, 1]));
}

/// Comments go on where they ended.
#[tokio::test]
async fn comments() {
    let site = Site::new();
    let program = Program::of(&site, "other", "write").await;
    for number in 1..=3 {
        program.json("POST", "/api/v1/posts/1/comments", &json!({"body": format!("**{number}**")})).await;
    }
    let first = read(&program.get("/api/v1/posts/1/comments?limit=2").await);
    assert_eq!(first["comments"][0]["html"].as_str().unwrap().trim(), "<p><strong>1</strong></p>");
    let rest = read(&program.get(&target(&first["next"])).await);
    let of = |document: &Value| document["comments"].as_array().unwrap().len();
    assert_eq!((of(&first), of(&rest), rest["next"].is_null()), (2, 1, true));
    assert_eq!(program.get("/api/v1/posts/9/comments").await.status(), 404);
}
