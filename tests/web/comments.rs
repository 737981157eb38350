//! Comments: who writes, sees, changes, approves and deletes them, and where they are.

use flaskr::config::{CommentMode, Config};

use crate::site::{Reply, Site, Visitor, between};

fn approving(config: &mut Config) {
    config.comments.mode = CommentMode::Approve;
}

async fn comment(visitor: &Visitor<'_>, body: &str) -> Reply {
    visitor.post("/1/comments", [("body", body)]).await
}

/// The texts of the comments on a page, as HTML.
fn texts(page: &Reply) -> Vec<String> {
    let bodies = page.text().split("<div class=\"body e-content\">").skip(1);
    bodies.map(|rest| rest.split_once("</div>").unwrap().0.trim().to_owned()).collect()
}

/// A comment is on the next page of everybody, in the order they were written, with its time and its author.
#[tokio::test]
async fn shown() {
    let site = Site::new();
    let (test, other, nobody) = (site.login("test").await, site.login("other").await, site.visitor());
    assert!(nobody.get("/1").await.text().contains("No comments yet."));
    let reply = comment(&other, "first").await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/1#comment-1"));
    site.wait_seconds(60);
    assert_eq!(comment(&test, "second").await.header("location"), "/1#comment-2");
    for visitor in [&test, &other, &nobody] {
        let page = visitor.get("/1").await;
        assert_eq!(texts(&page), ["<p>first</p>", "<p>second</p>"]);
        let first = between(page.text(), "id=\"comment-1\">", "</article>").unwrap();
        assert!(first.contains("by <a class=\"p-author h-card\" href=\"/users/other\">other</a>"), "{first}");
        assert!(first.contains("datetime=\"2026-01-01T00:00:00Z\">2026-01-01 00:00 UTC</time>"), "{first}");
    }
    assert_eq!(nobody.get("/comments/2").await.header("location"), "/1#comment-2");
    for path in ["/comments/3", "/comments/0", "/comments/x", "/comments/9223372036854775808"] {
        assert_eq!(nobody.get(path).await.status(), 404, "{path}");
    }
}

/// A comment is Markdown, and nothing in it is markup of its own: no script, no mark of ours, no attribute.
#[tokio::test]
async fn markup() {
    let site = Site::new();
    let other = site.login("other").await;
    let nasty = "*kind* <script>alert(1)</script> <?user 1?>hidden<?everybody?> <img src=x onerror=alert(1)>\n\n\
                 [a](javascript:alert(1)) [b](https://example.org \"\\\" onclick=x\") \u{0} 안녕";
    comment(&other, nasty).await;
    for visitor in [&site.visitor(), &site.login("test").await, &other] {
        let page = visitor.get("/1").await;
        let text = texts(&page).concat();
        assert!(text.contains("<em>kind</em>") && text.contains("안녕"), "{text}");
        assert!(text.contains("&lt;?user 1?&gt;hidden&lt;?everybody?&gt;"), "{text}");
        assert!(text.contains("nofollow"), "{text}");
        for forbidden in ["<script", "<img", "javascript:", "<?", "\" onclick"] {
            assert!(!text.contains(forbidden), "{forbidden}: {text}");
        }
    }
}

/// What is wrong stands beside the field, and what was typed is kept.
#[tokio::test]
async fn problems() {
    let site = Site::new();
    let other = site.login("other").await;
    comment(&other, "kept").await;
    let long = "x".repeat(10_001);
    for path in ["/1/comments", "/comments/1/update"] {
        for (body, problem) in
            [(" \r\n ", "A comment needs a text."), (&long, "10000 characters at most. This one has 10001.")]
        {
            let page = other.post(path, [("body", body)]).await;
            assert_eq!(page.status(), 200, "{path}");
            let beside = between(page.text(), "<p class=\"problem\" id=\"body-problem\">", "</p>").unwrap();
            assert!(beside.contains(problem), "{beside}");
            assert!(page.text().contains("aria-invalid=\"true\" aria-describedby=\"body-problem\""));
            assert_eq!(between(page.text(), "required>\n", "</textarea>").unwrap(), body, "{path}");
        }
        assert_eq!(other.post(path, []).await.status(), 400, "{path}");
    }
    assert_eq!(site.value::<String>("SELECT body FROM comment"), "kept");
}

/// The very same form makes one comment; from another page the same text is another.
#[tokio::test]
async fn sent_again() {
    let site = Site::new();
    let other = site.login("other").await;
    let nonce = async || {
        let page = other.get("/1").await;
        between(page.text(), "name=\"nonce\" value=\"", "\"").unwrap().to_owned()
    };
    let first = nonce().await;
    for _ in 0..3 {
        let reply = other.post("/1/comments", [("nonce", first.as_str()), ("body", "once")]).await;
        assert_eq!((reply.status(), reply.header("location")), (303, "/1#comment-1"));
    }
    let next = nonce().await;
    assert_ne!(next, first);
    other.post("/1/comments", [("nonce", next.as_str()), ("body", "once")]).await;
    assert_eq!(site.value::<i64>("SELECT count(*) FROM comment"), 2);
    // Whoever read the same page sends their own.
    site.login("test").await.post("/1/comments", [("nonce", next.as_str()), ("body", "once")]).await;
    assert_eq!(site.value::<i64>("SELECT count(*) FROM comment"), 3);
}

/// So many comments a minute; past it the text is kept, and the wait said.
#[tokio::test]
async fn throttled() {
    let site = Site::with(|config| config.comments.per_minute = 2);
    let (test, other) = (site.login("test").await, site.login("other").await);
    for body in ["1", "2"] {
        assert_eq!(comment(&other, body).await.status(), 303);
    }
    let reply = comment(&other, "<3>").await;
    assert_eq!((reply.status(), reply.header("retry-after")), (429, "30"));
    assert!(
        reply.text().contains("Please send it again in 30 seconds.") && reply.text().contains("&lt;3&gt;</textarea>")
    );
    assert_eq!(comment(&test, "mine").await.status(), 303);
    site.wait_seconds(30);
    assert_eq!(comment(&other, "3").await.status(), 303);
    assert_eq!(site.texts("SELECT body FROM comment ORDER BY id"), ["1", "2", "mine", "3"]);
}

/// A comment is changed by who wrote it and by nobody else; deleted by them, by the post's author and by a moderator.
#[tokio::test]
async fn rights() {
    for (name, edits, deletes) in
        [("writer", 303, 303), ("test", 403, 303), ("other", 403, 403), ("moderator", 403, 303)]
    {
        let site = Site::new();
        let writer = site.newcomer("writer").await;
        let moderator = site.newcomer("moderator").await;
        site.make_moderator("moderator");
        comment(&writer, "said").await;
        let visitor = match name {
            "writer" => writer,
            "moderator" => moderator,
            name => site.login(name).await,
        };
        let page = visitor.get("/1").await;
        assert_eq!(page.text().contains("/comments/1/update"), edits == 303, "{name}");
        assert_eq!(page.text().contains("/comments/1/delete"), deletes == 303, "{name}");
        assert_eq!(visitor.get("/comments/1/update").await.status() == 200, edits == 303, "{name}");
        assert_eq!(visitor.get("/comments/1/delete").await.status() == 200, deletes == 303, "{name}");
        site.wait_seconds(60);
        assert_eq!(visitor.post("/comments/1/update", [("body", "changed")]).await.status(), edits, "{name}");
        let changed = visitor
            .get("/1")
            .await
            .text()
            .contains("changed <time class=\"dt-updated\" datetime=\"2026-01-01T00:01:00Z\">");
        assert_eq!(changed, edits == 303, "{name}");
        let reply = visitor.post("/comments/1/delete", []).await;
        assert_eq!(reply.status(), deletes, "{name}");
        assert_eq!(site.value::<i64>("SELECT count(*) FROM comment"), i64::from(deletes != 303), "{name}");
        assert!(deletes != 303 || reply.header("location") == "/1#comments", "{name}");
    }
}

/// A link to a comment leads to the page of the thread that it is on; each page is found by its place, and none has more
/// than a hundred.
#[tokio::test]
async fn long_thread() {
    let site = Site::with(|config| config.comments.per_minute = 0);
    let other = site.login("other").await;
    comment(&other, "1").await;
    site.execute(
        "WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 250)
         INSERT INTO comment (discussion_id, author_id, created, body) SELECT 1, 2, 0, n FROM n",
    );
    assert_eq!(comment(&other, "251").await.header("location"), "/1?comments_after=151#comment-251");
    let nobody = site.visitor();
    let (mut path, mut numbers) = ("/1".to_owned(), Vec::new());
    for (count, earlier) in [(100, None), (100, Some("/1#comments")), (51, Some("/1?comments_after=100#comments"))] {
        let page = nobody.get(&path).await;
        let on_page = texts(&page);
        assert_eq!(on_page.len(), count);
        let link = between(page.text(), "rel=\"prev\" href=\"", "\">Earlier comments");
        assert_eq!(link, earlier);
        numbers.extend(on_page);
        if let Some(later) = between(page.text(), "rel=\"next\" href=\"", "#comments\">Later comments") {
            later.clone_into(&mut path);
        }
    }
    let expected: Vec<_> = (1..=251).map(|number| format!("<p>{number}</p>")).collect();
    assert_eq!(numbers, expected);
    for (id, place) in [(1, "/1#comment-1"), (100, "/1#comment-100"), (101, "/1?comments_after=1#comment-101")] {
        assert_eq!(nobody.get(&format!("/comments/{id}")).await.header("location"), place);
    }
    assert_eq!(nobody.get("/1?comments_after=x").await.status(), 404);
    assert_eq!(texts(&nobody.get("/1?comments_after=9223372036854775807").await).len(), 0);
}

/// Where comments are approved, one waits until the post's author or a moderator has decided; meanwhile only they and who
/// wrote it see it.
#[tokio::test]
async fn approved() {
    for approver in ["test", "moderator"] {
        let site = Site::with(approving);
        let (test, other, third) = (site.login("test").await, site.login("other").await, site.newcomer("third").await);
        let (moderator, nobody) = (site.newcomer("moderator").await, site.visitor());
        site.make_moderator("moderator");
        assert_eq!(comment(&other, "waits").await.header("location"), "/1#comment-1");
        for (visitor, sees, decides) in [
            (&test, true, true),
            (&other, true, false),
            (&moderator, true, true),
            (&third, false, false),
            (&nobody, false, false),
        ] {
            for _ in 0..2 {
                let page = visitor.get("/1").await;
                assert_eq!((texts(&page).len() == 1, page.text().contains("/1/approve")), (sees, decides));
                assert_eq!(page.text().contains("waits to be approved"), sees);
            }
            assert_eq!(visitor.get("/comments/1").await.status(), if sees { 302 } else { 404 });
            let listed = visitor.get("/comments/waiting").await;
            assert_eq!(listed.status() == 200 && texts(&listed).len() == 1, decides);
        }
        assert_eq!(third.post("/comments/1/approve", []).await.status(), 404, "as if it were not there");
        assert_eq!(third.get("/comments/1/delete").await.status(), 404);
        assert_eq!(other.post("/comments/1/approve", []).await.status(), 403, "nobody approves their own");
        let reply = if approver == "test" { &test } else { &moderator }.post("/comments/1/approve", []).await;
        assert_eq!((reply.status(), reply.header("location")), (303, "/comments/waiting"));
        assert_eq!(texts(&nobody.get("/1").await), ["<p>waits</p>"]);
        assert!(texts(&test.get("/comments/waiting").await).is_empty());

        other.post("/comments/1/update", [("body", "another")]).await;
        assert!(texts(&nobody.get("/1").await).is_empty(), "what is changed waits anew");
        for own in [&test, &moderator] {
            comment(own, "own").await;
        }
        assert_eq!(texts(&nobody.get("/1").await), ["<p>own</p>"; 2], "who approves does not wait");
    }
}

/// A user of whom nothing was approved yet fills nobody's list: so many wait, and no more.
#[tokio::test]
async fn bounded_waiting() {
    let site = Site::with(|config| {
        approving(config);
        config.comments.per_minute = 0;
    });
    let (test, other) = (site.login("test").await, site.login("other").await);
    for _ in 0..20 {
        assert_eq!(comment(&other, "waits").await.status(), 303);
    }
    let refused = comment(&other, "kept <text>").await;
    assert!(refused.text().contains("None of your last comments has been approved yet."));
    assert!(refused.text().contains("kept &lt;text&gt;"));
    assert_eq!(site.value::<i64>("SELECT count(*) FROM comment"), 20);
    test.post("/comments/3/approve", []).await;
    assert_eq!(comment(&other, "waits").await.status(), 303);
}

/// A list of what waits goes on where its page ends, and has what is one's own to decide.
#[tokio::test]
async fn waiting() {
    let site = Site::with(approving);
    let (test, other, third) = (site.login("test").await, site.login("other").await, site.newcomer("third").await);
    other.post("/create", [("title", "theirs"), ("body", "")]).await;
    comment(&third, "1").await;
    site.execute(
        "WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 60)
         INSERT INTO comment (discussion_id, author_id, created, body, waits_for) SELECT 1, 4, 0, n, 1 FROM n",
    );
    third.post("/2/comments", [("body", "on the other")]).await;
    assert_eq!(texts(&test.get("/1").await).len(), 20);
    let page = test.get("/comments/waiting").await;
    assert_eq!(texts(&page).len(), 50);
    let next = between(page.text(), "rel=\"next\" href=\"", "\"").unwrap();
    assert_eq!(texts(&test.get(next).await).len(), 10);
    assert_eq!(texts(&other.get("/comments/waiting").await), ["<p>on the other</p>"]);
    assert_eq!(test.get("/comments/waiting?after=x").await.status(), 404);
    assert!(test.get("/account").await.text().contains("href=\"/comments/waiting\""));
}

/// Without comments there are none: no form, no list, no feed, and whoever sends one is told so.
#[tokio::test]
async fn off() {
    let site = Site::with(|config| config.comments.mode = CommentMode::Off);
    site.execute(
        "INSERT INTO discussion (id, post_id, created) SELECT 1, id, created FROM post;
         INSERT INTO comment (discussion_id, author_id, created, body) VALUES (1, 1, 0, 'said before')",
    );
    let test = site.login("test").await;
    for visitor in [&test, &site.visitor()] {
        let page = visitor.get("/1").await;
        assert!(!page.text().contains("omment") && !page.text().contains("said before"), "{}", page.text());
        for path in ["/comments/1", "/1/comments/feed.atom", "/comments/feed.rss"] {
            assert_eq!(visitor.get(path).await.status(), 404, "{path}");
        }
        for path in ["/1/comments", "/comments/1/update", "/comments/1/delete", "/comments/1/approve"] {
            let reply = visitor.post(path, [("body", "x")]).await;
            assert_eq!(reply.status(), 403, "{path}");
            assert!(reply.text().contains("This site has no comments."), "{path}");
        }
    }
    assert_eq!(test.get("/comments/waiting").await.status(), 404);
    assert!(!test.get("/account").await.text().contains("/comments/waiting"));
    assert_eq!(site.value::<String>("SELECT body FROM comment"), "said before");
}

/// What somebody said stays when they may not log in any more, and when they are gone; then nobody changes it but who
/// decides on it.
#[tokio::test]
async fn former_users() {
    let site = Site::new();
    let other = site.login("other").await;
    comment(&other, "said").await;
    site.execute("INSERT INTO disabled_user (user_id, since) VALUES (2, 0)");
    assert!(site.visitor().get("/1").await.text().contains("href=\"/users/other\">other</a>"));
    site.execute("DELETE FROM user WHERE id = 2");
    let page = site.visitor().get("/1").await;
    assert!(page.text().contains("<span class=\"p-author\">a former user</span>, ") && texts(&page) == ["<p>said</p>"]);
    assert!(site.visitor().get("/comments/feed.json").await.text().contains("a former user"));
    let test = site.login("test").await;
    assert_eq!(test.post("/comments/1/update", [("body", "x")]).await.status(), 403);
    assert_eq!(test.post("/comments/1/delete", []).await.status(), 303);
}

/// Comments belong to one post: not to a later one of the same number; and they are back when it is.
#[tokio::test]
async fn another_post_of_the_same_number() {
    let site = Site::new();
    comment(&site.login("other").await, "said").await;
    let nobody = site.visitor();
    for (post, found) in [("('2019-01-01 00:00:00')", 0), ("('2018-01-01 00:00:00')", 1)] {
        site.execute(&format!(
            "DELETE FROM post; INSERT INTO post (id, author_id, created, title, body) SELECT 1, 1, {post}, 'new', ''"
        ));
        assert_eq!(texts(&nobody.get("/1").await).len(), found);
        assert_eq!(nobody.get("/comments/1").await.status(), if found == 1 { 302 } else { 404 });
        let feed = nobody.get("/comments/feed.atom").await;
        assert_eq!(feed.text().matches("<entry>").count(), found);
    }
}

/// Whoever is logged out at the moment they send it is asked to log in, and finds what they wrote behind that.
#[tokio::test]
async fn login_required() {
    let site = Site::new();
    let nobody = site.visitor();
    let login = comment(&nobody, "what I wrote").await;
    assert!(login.status() == 403 && login.text().contains("value=\"what I wrote\""), "{}", login.text());
    assert!(login.text().contains("/1/comments"), "{}", login.text());
    assert_eq!(nobody.post("/1/comments", [("body", "")]).await.header("location"), "/auth/login");
    assert!(nobody.get("/1").await.text().contains("<a href=\"/auth/login\">Log in</a> to write a comment."));
    let test = site.login("test").await;
    assert_eq!(test.post("/2/comments", [("body", "said")]).await.status(), 404);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM comment"), 0);
}
