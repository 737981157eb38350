//! Who may do what, with which token.

use serde_json::{Value, json};

use super::{Program, mapped, read};
use crate::site::Site;

const ROWS: &str = "
    INSERT INTO draft (author_id, username, title, body, tags, format, updated)
      VALUES (1, 'test', 'draft', 'text', 'a, b', 'plain', '2026-01-01 00:00:00');
    INSERT INTO discussion (id, post_id, created) SELECT 1, id, created FROM post WHERE id = 1;
    INSERT INTO comment (discussion_id, author_id, created, body) VALUES (1, 2, 0, 'said');";

/// Method, path, body, and the status for: nobody, a token to read of the author of post 1, one to write of the author,
/// one to write of another user, who wrote the comment.
type Row = (&'static str, &'static str, fn() -> Value, [u16; 4]);

fn nothing() -> Value {
    json!({})
}

fn text() -> Value {
    json!({"title": "t", "body": "b"})
}

fn remark() -> Value {
    json!({"body": "c"})
}

const MATRIX: [Row; 18] = [
    ("GET", "/api/v1/posts", nothing, [200, 200, 200, 200]),
    ("POST", "/api/v1/posts", text, [401, 403, 201, 201]),
    ("GET", "/api/v1/posts/{id}", nothing, [200, 200, 200, 200]),
    ("PATCH", "/api/v1/posts/{id}", text, [401, 403, 200, 403]),
    ("DELETE", "/api/v1/posts/{id}", nothing, [401, 403, 204, 403]),
    ("GET", "/api/v1/posts/{id}/comments", nothing, [200, 200, 200, 200]),
    ("POST", "/api/v1/posts/{id}/comments", remark, [401, 403, 201, 201]),
    ("GET", "/api/v1/comments/{id}", nothing, [200, 200, 200, 200]),
    ("PATCH", "/api/v1/comments/{id}", remark, [401, 403, 403, 200]),
    ("DELETE", "/api/v1/comments/{id}", nothing, [401, 403, 204, 204]),
    ("GET", "/api/v1/drafts", nothing, [401, 200, 200, 200]),
    ("POST", "/api/v1/drafts", text, [401, 403, 201, 201]),
    ("GET", "/api/v1/drafts/{id}", nothing, [401, 200, 200, 404]),
    ("PATCH", "/api/v1/drafts/{id}", text, [401, 403, 200, 404]),
    ("DELETE", "/api/v1/drafts/{id}", nothing, [401, 403, 204, 404]),
    ("POST", "/api/v1/drafts/{id}/publish", nothing, [401, 403, 201, 404]),
    ("GET", "/api/v1/tags", nothing, [200, 200, 200, 200]),
    ("GET", "/api/v1/me", nothing, [401, 200, 200, 200]),
];

/// Everything that may be changed.
const STATE: &str =
    "SELECT (SELECT max(title || body) || count(*) FROM post) || (SELECT max(title) || count(*) FROM draft)
                            || (SELECT max(body || id) || count(*) FROM comment)";

/// Everybody may do what they may, and nobody else; what is refused changes nothing.
#[tokio::test]
async fn matrix() {
    for (method, path, body, statuses) in MATRIX {
        let programs = [None, Some(("test", "read")), Some(("test", "write")), Some(("other", "write"))];
        for (who, status) in programs.into_iter().zip(statuses) {
            let site = Site::new();
            site.execute(ROWS);
            let program = match who {
                Some((username, scope)) => Program::of(&site, username, scope).await,
                None => Program::without(&site),
            };
            let before: String = site.value(STATE);
            let reply = program.json(method, &path.replace("{id}", "1"), &body()).await;
            assert_eq!(reply.status(), status, "{method} {path} by {who:?}: {}", reply.text());
            if status >= 400 {
                assert_eq!(site.value::<String>(STATE), before, "{method} {path} by {who:?}");
            }
            let challenge = reply.header("www-authenticate");
            match status {
                401 => assert_eq!(challenge, "Bearer realm=\"Flaskr\"", "{method} {path}"),
                403 if who == Some(("test", "read")) => {
                    assert!(challenge.contains("scope=\"write\""), "{method} {path}");
                }
                _ => assert_eq!(challenge, "", "{method} {path}"),
            }
        }
    }
}

/// No path is left out.
#[test]
fn matrix_is_complete() {
    let mut listed: Vec<_> = MATRIX.iter().map(|(method, path, ..)| format!("{method} {path}")).collect();
    listed.push("GET /api/v1/openapi.json".to_owned());
    listed.sort_unstable();
    assert_eq!(listed, mapped().into_iter().collect::<Vec<_>>());
}

/// A cookie is nobody's here, and a token nobody's elsewhere.
#[tokio::test]
async fn cookies_and_tokens_do_not_mix() {
    let site = Site::new();
    let test = site.login("test").await;
    let json = [("content-type", "application/json")];
    assert_eq!(test.request("POST", "/api/v1/posts", &json, r#"{"title": "x"}"#).await.status(), 401);
    assert_eq!(test.get("/api/v1/me").await.status(), 401);
    assert_eq!(
        test.get("/api/v1/posts").await.header("etag"),
        site.visitor().get("/api/v1/posts").await.header("etag")
    );
    let program = Program::of(&site, "test", "write").await;
    for path in ["/create", "/account", "/account/tokens"] {
        assert_eq!(program.get(path).await.header("location"), "/auth/login", "{path}");
    }
}

/// A token does not change the account, nor makes another.
#[tokio::test]
async fn tokens_make_no_tokens() {
    let site = Site::new();
    let program = Program::of(&site, "test", "write").await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = "name=x&scope=write&lifetime=none&password=test&new_password=y&token=all&session=others";
    for path in ["/account/tokens", "/account/tokens/revoke", "/account/password", "/account/sessions"] {
        let reply = program.send("POST", path, &form, body).await;
        assert_eq!((reply.status(), reply.header("location")), (303, "/auth/login"), "{path}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM api_token"), 1);
}

/// Another site's page cannot use a token that it has come by, nor can one without.
#[tokio::test]
async fn cross_origin() {
    let site = Site::new();
    let program = Program::of(&site, "test", "write").await;
    for (field, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere")] {
        for method in ["POST", "PATCH", "DELETE"] {
            let path = if method == "POST" { "/api/v1/posts" } else { "/api/v1/posts/1" };
            let fields = [("content-type", "application/json"), (field, value)];
            let reply = program.send(method, path, &fields, r#"{"title": "x"}"#).await;
            assert_eq!(reply.status(), 403, "{method} {field}");
        }
    }
    let reply = program.send("OPTIONS", "/api/v1/posts", &[("origin", "https://elsewhere")], "").await;
    assert!(reply.names().all(|name| !name.starts_with("access-control-")));
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post WHERE title = 'test title'"), 1);
}

/// What is somebody's is kept by nobody; what is everybody's is revalidated.
#[tokio::test]
async fn headers() {
    let site = Site::new();
    site.execute(ROWS);
    let program = Program::of(&site, "test", "read").await;
    for path in ["/api/v1/me", "/api/v1/drafts", "/api/v1/drafts/1", "/api/v1/comments/1", "/api/v1/posts/9"] {
        let reply = program.get(path).await;
        assert_eq!((reply.header("cache-control"), reply.header("vary")), ("no-store", "Authorization"), "{path}");
    }
    for path in ["/api/v1/posts", "/api/v1/posts/1", "/api/v1/tags", "/api/v1/posts/1/comments"] {
        assert_eq!(program.get(path).await.header("cache-control"), "no-cache", "{path}");
    }
    let reply = program.get("/api/v1/posts").await;
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
}

/// A comment that waits is there for whom it waits for, and for who wrote it.
#[tokio::test]
async fn waiting_comments() {
    let site = Site::with(|config| config.comments.mode = flaskr::config::CommentMode::Approve);
    let other = Program::of(&site, "other", "write").await;
    let made = other.json("POST", "/api/v1/posts/1/comments", &remark()).await;
    assert_eq!((made.status(), read(&made)["is_waiting"].as_bool()), (201, Some(true)));
    let path = made.header("location");
    assert_eq!(other.get(path).await.status(), 200);
    assert_eq!(Program::of(&site, "test", "read").await.get(path).await.status(), 200);
    assert_eq!(Program::without(&site).get(path).await.status(), 404);
    assert_eq!(read(&other.get("/api/v1/posts/1/comments").await)["comments"], json!([]));
}

/// Where there are no comments there are none here.
#[tokio::test]
async fn without_comments() {
    let site = Site::with(|config| config.comments.mode = flaskr::config::CommentMode::Off);
    let program = Program::of(&site, "test", "write").await;
    for (method, path) in [
        ("GET", "/api/v1/posts/1/comments"),
        ("POST", "/api/v1/posts/1/comments"),
        ("GET", "/api/v1/comments/1"),
        ("PATCH", "/api/v1/comments/1"),
        ("DELETE", "/api/v1/comments/1"),
    ] {
        let reply = program.json(method, path, &remark()).await;
        assert_eq!((reply.status(), super::detail(&reply).as_str()), (403, "This site has no comments."), "{method}");
    }
}

/// What a moderator deletes is noted here as on the site.
#[tokio::test]
async fn moderators() {
    let site = Site::new();
    site.execute(ROWS);
    site.make_moderator("other");
    site.execute("UPDATE comment SET author_id = 1");
    let reply = Program::of(&site, "other", "write").await.json("DELETE", "/api/v1/comments/1", &nothing()).await;
    assert_eq!(reply.status(), 204);
    assert_eq!(site.value::<String>("SELECT moderator || act FROM moderation_log"), "otherdeleted a comment");
}
