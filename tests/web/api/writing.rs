//! Writing: what is sent, what is stored, and what is not done twice or over another's head.

use serde_json::{Value, json};

use super::{Program, detail, read};
use crate::site::Site;

const POSTS: &str = "SELECT count(*) FROM post";

/// What is sent is stored, and answered as it is then, with where it is.
#[tokio::test]
async fn posts() {
    let site = Site::new();
    let program = Program::of(&site, "test", "write").await;
    let sent = json!({"title": "안녕", "body": "*b*", "tags": ["x", "Y z"]});
    let made = program.json("POST", "/api/v1/posts", &sent).await;
    assert_eq!((made.status(), made.header("location")), (201, "/api/v1/posts/2"));
    let post = read(&made);
    assert_eq!((&post["title"], &post["tags"], &post["format"]), (&sent["title"], &sent["tags"], &json!("markdown")));
    assert!(post["html"].as_str().unwrap().contains("<em>b</em>"));
    let found = program.get("/api/v1/posts/2").await;
    assert_eq!((read(&found), found.header("etag")), (post, made.header("etag")));
    assert!(site.visitor().get("/2").await.text().contains("<em>b</em>"));

    site.wait_seconds(60);
    let changed = program.json("PATCH", "/api/v1/posts/2", &json!({"body": "c", "tags": null})).await;
    let post = read(&changed);
    assert_eq!((changed.status(), &post["title"], &post["body"]), (200, &sent["title"], &json!("c")));
    assert_eq!((&post["tags"], &post["updated"]), (&json!([]), &json!("2026-01-01T00:01:00Z")));

    assert_eq!(program.json("DELETE", "/api/v1/posts/2", &json!({})).await.status(), 204);
    assert_eq!(program.get("/api/v1/posts/2").await.status(), 404);
    assert_eq!(site.login("test").await.post("/2/restore", []).await.status(), 303);
    assert_eq!(program.get("/api/v1/posts/2").await.status(), 200);
}

/// What is wrong with a body is said, with its place or its name, and nothing is stored.
#[tokio::test]
async fn refused_bodies() {
    let site = Site::new();
    let program = Program::of(&site, "test", "write").await;
    let json = "application/json";
    for (media_type, body, status, words) in [
        (json, "{\"title\": \"a\",\n \"body\" \"b\"}", 400, "This is no JSON: expected `:` at line 2 column 9."),
        (json, "", 400, "This is no JSON: EOF"),
        (json, "{\"title\": \"\u{e9}", 400, "This is no JSON: EOF"),
        (json, "{\"title\": \"a\", \"author\": \"x\"}", 422, "author: unknown field `author`"),
        (json, "{\"title\": 7}", 422, "title: invalid type"),
        (json, "[\"a\"]", 422, "invalid type: sequence, expected an object"),
        (json, "{}", 422, "Title is required."),
        (json, "{\"title\": \"\"}", 422, "Title is required."),
        (json, "{\"title\": \"a\", \"tags\": [\"b,c\"]}", 422, "A tag cannot have a comma in it."),
        ("text/plain", "{\"title\": \"a\"}", 415, "The body has to be of the type application/json."),
        ("application/x-www-form-urlencoded", "title=a", 415, "The body has to be of the type application/json."),
        ("application/merge-patch+json", "{\"title\": \"a\"}", 415, "The body has to be of the type application/json."),
    ] {
        let reply = program.send("POST", "/api/v1/posts", &[("content-type", media_type)], body).await;
        assert_eq!(reply.status(), status, "{body}");
        assert!(detail(&reply).starts_with(words), "{body}: {}", detail(&reply));
    }
    let many: Vec<_> = (0..21).map(|number| number.to_string()).collect();
    let reply = program.json("POST", "/api/v1/drafts", &json!({"tags": many})).await;
    assert_eq!((reply.status(), detail(&reply).as_str()), (422, "A post can have 20 tags at most."));
    let reply = program.json("POST", "/api/v1/posts/1/comments", &json!({"body": " "})).await;
    assert_eq!((reply.status(), detail(&reply).as_str()), (422, "A comment needs a text."));
    assert_eq!(site.value::<i64>(POSTS), 1);
}

/// Whoever changes what they no longer have before them is told, and nothing is lost.
#[tokio::test]
async fn lost_updates() {
    let site = Site::new();
    let program = Program::of(&site, "test", "write").await;
    let draft = program.json("POST", "/api/v1/drafts", &json!({"title": "d"})).await.header("location").to_owned();
    for path in ["/api/v1/posts/1", &draft] {
        let old = program.get(path).await;
        let change = |body: &'static str, tag: String| {
            let program = &program;
            async move {
                let fields = [("content-type", "application/merge-patch+json"), ("if-match", tag.as_str())];
                program.send("PATCH", path, &fields, body).await
            }
        };
        let first = change(r#"{"body": "first"}"#, old.header("etag").to_owned()).await;
        assert_eq!(first.status(), 200, "{path}");
        let second = change(r#"{"body": "second"}"#, old.header("etag").to_owned()).await;
        assert_eq!(second.status(), 412, "{path}");
        assert!(detail(&second).starts_with("This was changed meanwhile."));
        let wrong = change(r#"{"title": 7}"#, old.header("etag").to_owned()).await;
        assert_eq!(wrong.status(), 422, "{path}: what is wrong is said first");
        let delete = program.send("DELETE", path, &[("if-match", old.header("etag"))], "").await;
        assert_eq!(delete.status(), 412, "{path}");
        assert_eq!(read(&program.get(path).await)["body"], json!("first"), "{path}");
        let version = read(&first)["version"].as_str().unwrap().to_owned();
        let third = change(r#"{"body": "third"}"#, format!("\"x\", \"{version}\"")).await;
        assert_eq!(third.status(), 200, "{path}");
        assert_eq!(change(r#"{"body": "any"}"#, "*".to_owned()).await.status(), 200, "{path}");
        let delete = program.send("DELETE", path, &[("if-match", "*")], "").await;
        assert_eq!(delete.status(), 204, "{path}");
    }
}

/// The tag of a page that is encoded names the same version.
#[tokio::test]
async fn encoded_tags() {
    let site = Site::new();
    let program = Program::of(&site, "test", "write").await;
    let body = json!({"title": "long", "body": "word ".repeat(1000)});
    assert_eq!(program.json("POST", "/api/v1/posts", &body).await.status(), 201);
    let encoded = program.send("GET", "/api/v1/posts/2", &[("accept-encoding", "gzip")], "").await;
    assert_eq!(encoded.header("content-encoding"), "gzip");
    let fields = [("content-type", "application/json"), ("if-match", encoded.header("etag"))];
    assert_eq!(program.send("PATCH", "/api/v1/posts/2", &fields, "{}").await.status(), 200);
}

async fn keyed(program: &Program<'_>, path: &str, key: &str, body: &Value) -> (u16, String) {
    let fields = [("content-type", "application/json"), ("idempotency-key", key)];
    let reply = program.send("POST", path, &fields, body.to_string()).await;
    (reply.status(), reply.header("location").to_owned())
}

/// The same request under the same key is done once, and answered alike; another one is another.
#[tokio::test]
async fn once() {
    let site = Site::new();
    let (test, other) = (Program::of(&site, "test", "write").await, Program::of(&site, "other", "write").await);
    for (path, body, changed) in [
        ("/api/v1/posts", json!({"title": "a"}), json!({"title": "b"})),
        ("/api/v1/drafts", json!({"title": "a"}), json!({"title": "b"})),
        ("/api/v1/posts/1/comments", json!({"body": "a"}), json!({"body": "b"})),
    ] {
        let first = keyed(&test, path, "k", &body).await;
        assert_eq!(first.0, 201, "{path}");
        assert_eq!(keyed(&test, path, "k", &body).await, first, "{path}");
        let others = [
            keyed(&test, path, "l", &body).await,
            keyed(&test, path, "k", &changed).await,
            keyed(&other, path, "k", &body).await,
        ];
        for (status, location) in others {
            assert!(status == 201 && location != first.1, "{path} {location}");
        }
    }
    assert_eq!(site.value::<i64>(POSTS), 5);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM draft"), 4);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM comment"), 4);
}

/// What came of a request that is sent again may be gone by then; a request of which nothing came is not remembered.
#[tokio::test]
async fn once_and_gone() {
    let site = Site::new();
    let test = Program::of(&site, "test", "write").await;
    let (_, location) = keyed(&test, "/api/v1/posts", "k", &json!({"title": "a"})).await;
    test.send("DELETE", &location, &[], "").await;
    assert_eq!(keyed(&test, "/api/v1/posts", "k", &json!({"title": "a"})).await.0, 404);
    let draft = test.json("POST", "/api/v1/drafts", &json!({"body": "b"})).await.header("location").to_owned();
    let publish = format!("{draft}/publish");
    assert_eq!(keyed(&test, &publish, "k", &json!({})).await.0, 409);
    test.json("PATCH", &draft, &json!({"title": "t"})).await;
    let first = keyed(&test, &publish, "k", &json!({})).await;
    assert_eq!(first.0, 201);
    assert_eq!(keyed(&test, &publish, "k", &json!({})).await, first);
}

/// Drafts are kept, listed, changed and published, with all that they have.
#[tokio::test]
async fn drafts() {
    let site = Site::new();
    let test = Program::of(&site, "test", "write").await;
    for title in ["one", "two", "three"] {
        test.json("POST", "/api/v1/drafts", &json!({"title": title})).await;
    }
    let part = read(&test.get("/api/v1/drafts?limit=2").await);
    assert_eq!(part["drafts"][0]["title"], json!("three"));
    let next = part["next"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
    let rest = read(&test.get(&next).await);
    assert_eq!((&rest["drafts"][0]["title"], &rest["next"]), (&json!("one"), &Value::Null));
    let changed = json!({"body": "**x**", "format": "markdown", "tags": ["t"]});
    let draft = test.json("PATCH", "/api/v1/drafts/1", &changed).await;
    assert_eq!((draft.status(), &read(&draft)["tags"]), (200, &json!(["t"])));
    let outdated = test.send("POST", "/api/v1/drafts/1/publish", &[("if-match", "\"x\"")], "").await;
    assert_eq!(outdated.status(), 412);
    let made = test.send("POST", "/api/v1/drafts/1/publish", &[("if-match", draft.header("etag"))], "").await;
    let post = read(&made);
    assert_eq!((made.status(), made.header("location")), (201, "/api/v1/posts/2"));
    assert_eq!((&post["title"], &post["tags"]), (&json!("one"), &json!(["t"])));
    assert_eq!(test.get("/api/v1/drafts/1").await.status(), 404);
}

/// A comment is written, changed and deleted.
#[tokio::test]
async fn comments() {
    let site = Site::new();
    let other = Program::of(&site, "other", "write").await;
    let made = other.json("POST", "/api/v1/posts/1/comments", &json!({"body": "a"})).await;
    let path = made.header("location").to_owned();
    let changed = read(&other.json("PATCH", &path, &json!({"body": "b"})).await);
    assert_eq!((&changed["body"], &changed["post"], &changed["author"]), (&json!("b"), &json!(1), &json!("other")));
    assert_eq!(other.send("DELETE", &path, &[], "").await.status(), 204);
    assert_eq!(other.get(&path).await.status(), 404);
    assert_eq!(other.json("POST", "/api/v1/posts/9/comments", &json!({"body": "a"})).await.status(), 404);
}
