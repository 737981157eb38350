//! What every page is made of, and what the original's readers and styles expect of it.

use crate::site::{Site, Visitor, between, titles};

/// Every page there is, with its title.
async fn pages(site: &Site) -> Vec<(&'static str, String)> {
    let (nobody, test) = (site.visitor(), site.login("test").await);
    site.make_moderator("other");
    let moderator = site.login("other").await;
    test.post("/1/comments", [("body", "said")]).await;
    let mut pages = Vec::new();
    for (visitor, path, title) in [
        (&nobody, "/", "Posts - Flaskr"),
        (&test, "/", "Posts - Flaskr"),
        (&nobody, "/auth/register", "Register - Flaskr"),
        (&nobody, "/auth/login", "Log In - Flaskr"),
        (&test, "/create", "New Post - Flaskr"),
        (&test, "/1/update", "Edit &#34;test title&#34; - Flaskr"),
        (&test, "/1/delete", "Delete &#34;test title&#34;? - Flaskr"),
        (&test, "/drafts", "Drafts - Flaskr"),
        (&test, "/account", "Account - Flaskr"),
        (&test, "/account/delete", "Delete Account - Flaskr"),
        (&test, "/account/second-factor", "Second Factor - Flaskr"),
        (&nobody, "/1", "test title - Flaskr"),
        (&test, "/comments/1/update", "Edit Comment - Flaskr"),
        (&test, "/comments/1/delete", "Delete Comment - Flaskr"),
        (&test, "/comments/waiting", "Waiting Comments - Flaskr"),
        (&moderator, "/comments/1/delete", "Delete Comment - Flaskr"),
        (&moderator, "/moderation", "Moderation Log - Flaskr"),
        (&moderator, "/1/unpublish", "Unpublish &#34;test title&#34;? - Flaskr"),
        (&nobody, "/nothing", "404 Not Found"),
    ] {
        pages.push((title, visitor.get(path).await.text().to_owned()));
    }
    let asks = test.request("GET", "/auth/logout", &[("sec-fetch-site", "cross-site")], "").await;
    pages.push(("Log Out - Flaskr", asks.text().to_owned()));
    pages.push(("Log In - Flaskr", nobody.login("nobody", "").await.text().to_owned()));
    pages
}

fn assert_contains(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

async fn post(visitor: &Visitor<'_>, title: &str, body: &str) {
    assert_eq!(visitor.post("/create", [("title", title), ("body", body)]).await.status(), 303);
}

/// Every page says its language, its encoding and its one heading, and fits a small screen.
#[tokio::test]
async fn document() {
    let site = Site::new();
    for (title, page) in pages(&site).await {
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{page}");
        assert_contains(
            &page,
            &[
                r#"<meta charset="utf-8">"#,
                r#"<meta name="viewport" content="width=device-width, initial-scale=1">"#,
                r#"<link rel="stylesheet" href="/static/style."#,
                &format!("<title>{title}</title>"),
                "<main id=\"content\">",
            ],
        );
        assert_eq!(page.matches("<h1").count(), 1, "{page}");
        let heading = between(&page, "<h1", "</h1>").unwrap().split_once('>').unwrap().1;
        assert!(title.strip_suffix(" - Flaskr").or(title.get(4..)) == Some(heading), "{title}: {heading}");
    }
}

/// What the one script of a page begins with.
const SCRIPT: &str = r#"<script type="module" src="/static/flaskr."#;

/// No page needs what the content security policy forbids.
#[tokio::test]
async fn nothing_inline() {
    let site = Site::new();
    for (title, page) in pages(&site).await {
        let page = page.replacen(SCRIPT, "", 1);
        for inline in ["<script", "<style", " style=", " onclick", " onload", " onsubmit", "javascript:", "<iframe"] {
            assert!(!page.contains(inline), "{title}: {inline}");
        }
    }
}

/// The script, and what it says, is sent to those who are logged in, and to nobody else.
#[tokio::test]
async fn script() {
    let site = Site::new();
    let (nobody, test) = (site.visitor(), site.login("test").await);
    for path in ["/", "/1", "/?q=body", "/tags"] {
        let (strangers, own) = (nobody.get(path).await, test.get(path).await);
        assert!(!strangers.text().contains("<script") && !strangers.text().contains("<template"), "{path}");
        assert_eq!(own.text().matches(SCRIPT).count(), 1, "{path}");
        assert_eq!(own.text().matches(r#"<template id="keys">"#).count(), 1, "{path}");
    }
}

/// Whatever page one is on, one finds the way home, in and out.
#[tokio::test]
async fn navigation() {
    let site = Site::new();
    let home = r#"href="/">Flaskr</a>"#;
    let page = site.visitor().get("/").await;
    let nav = between(page.text(), "<nav>", "</nav>").unwrap();
    assert_contains(nav, &[home, r#"<a href="/auth/register">Register</a>"#, r#"<a href="/auth/login">Log In</a>"#]);

    let page = site.login("test").await.get("/").await;
    let nav = between(page.text(), "<nav>", "</nav>").unwrap();
    assert_contains(
        nav,
        &[home, r#"<li><a href="/account"><span>test</span></a></li>"#, r#"action="/auth/logout""#, "Log Out"],
    );
    assert!(!nav.contains("Log In") && !nav.contains("Register"));
}

/// The index has the hooks that the original's style and readers use.
#[tokio::test]
async fn index() {
    let site = Site::new();
    let test = site.login("test").await;
    post(&test, "second", "b").await;
    let page = test.get("/").await;
    assert_contains(
        page.text(),
        &[
            r#"<section class="content h-feed">"#,
            r#"<h1 class="p-name">Posts</h1>"#,
            r#"<a class="action" href="/create">New</a>"#,
            r#"<article class="post h-entry">"#,
            r#"<time class="dt-published" datetime="2018-01-01T00:00:00Z">by test on 2018-01-01</time>"#,
            r#"<a class="action" href="/1/update">Edit</a>"#,
            "<p class=\"body e-content\">test\nbody</p>",
        ],
    );
    assert_eq!(page.text().matches("<hr>").count(), 1, "one line between two posts");
    assert!(!site.visitor().get("/").await.text().contains(r#"class="action""#));
}

/// The forms have the names, labels and buttons of the original's.
#[tokio::test]
async fn forms() {
    let site = Site::new();
    let test = site.login("test").await;
    for (path, parts) in [
        (
            "/auth/login",
            &[
                r#"<form action="/auth/login" method="post">"#,
                r#"<label for="username">Username</label>"#,
                r#"<label for="password">Password</label>"#,
                r#"type="password" name="password" id="password""#,
                r#"<input type="submit" value="Log In">"#,
            ][..],
        ),
        ("/auth/register", &[r#"name="username" id="username""#, r#"<input type="submit" value="Register">"#]),
        (
            "/create",
            &[
                r#"<label for="title">Title</label>"#,
                r#"<label for="body">Body</label>"#,
                r#"<option value="markdown" selected>"#,
                r#"value="publish">Publish</button>"#,
                r#"value="keep" formnovalidate>Keep as Draft</button>"#,
                r#"value="preview" formnovalidate>Preview</button>"#,
            ],
        ),
        (
            "/1/update",
            &[
                "<h1>Edit &#34;test title&#34;</h1>",
                r#"id="title" value="test title" required"#,
                r#"<option value="plain" selected>"#,
                r#"value="publish">Save</button>"#,
                r#"<a class="danger" href="/1/delete">Delete</a>"#,
            ],
        ),
        (
            "/1/delete",
            &["<h1>Delete &#34;test title&#34;?</h1>", "30 days", r#"<form action="/1/delete" method="post">"#],
        ),
    ] {
        assert_contains(test.get(path).await.text(), parts);
    }
    assert!(!test.get("/create").await.text().contains("Delete"));
}

/// What is wrong stands between the heading and the form, where a screen reader says it.
#[tokio::test]
async fn flash() {
    let site = Site::new();
    let page = site.visitor().login("", "").await;
    let after_heading = between(page.text(), "</header>", "<form").unwrap();
    assert_contains(
        after_heading,
        &[
            r##"<div class="flash" role="alert" tabindex="-1" autofocus><a href="#username">Incorrect username.</a></div>"##,
        ],
    );
    assert!(!site.visitor().get("/auth/login").await.text().contains("flash"));
}

/// What people write is text, wherever it is shown.
#[tokio::test]
async fn escaping() {
    let site = Site::new();
    let nasty = r#"<script>"'&</textarea>"#;
    let escaped = "&lt;script&gt;&#34;&#39;&amp;&lt;/textarea&gt;";
    let taken = site.visitor();
    for _ in 0..2 {
        taken.post("/auth/register", [("username", nasty), ("password", nasty)]).await;
    }
    let again = taken.post("/auth/register", [("username", nasty), ("password", nasty)]).await;
    let visitor = site.login(nasty).await;
    post(&visitor, nasty, nasty).await;
    let (index, edit) = (visitor.get("/").await, visitor.get("/2/update").await);
    let failed = visitor.post("/create", [("title", ""), ("body", nasty)]).await;
    for (page, times) in [(again, 2), (index, 5), (edit, 5), (failed, 2)] {
        assert_eq!(page.text().matches(escaped).count(), times, "{}", page.text());
        assert!(!page.text().contains("<script>"));
    }
}

/// Posts come newest first, those of one second too.
#[tokio::test]
async fn newest_first() {
    let site = Site::new();
    let test = site.login("test").await;
    for title in ["first", "second", "third"] {
        post(&test, title, "").await;
    }
    let page = test.get("/").await;
    assert_eq!(titles(&page), ["third", "second", "first", "test title"]);
}

/// A body is edited as it was written, whatever it begins with.
#[tokio::test]
async fn body_survives_editing() {
    let site = Site::new();
    let test = site.login("test").await;
    for (id, body) in (2..).zip(["\nfirst line", "\n\n", "", " x ", "\r\ny"]) {
        post(&test, "t", body).await;
        let page = test.get(&format!("/{id}/update")).await;
        let markup = between(page.text(), "id=\"body\">", "</textarea>").unwrap();
        // A browser drops one line feed right after the tag: https://html.spec.whatwg.org/#parsing-main-inbody
        assert_eq!(markup.strip_prefix('\n').unwrap_or(markup), body, "{body:?}");
    }
}

/// A site without posts is a page without posts.
#[tokio::test]
async fn no_posts() {
    let site = Site::new();
    site.execute("DELETE FROM post");
    let page = site.visitor().get("/").await;
    assert_eq!(page.status(), 200);
    assert!(!page.text().contains("<article") && !page.text().contains("<hr>"));
}
