//! What an author writes: Markdown, a preview, drafts, two edits of one post, a session that ends meanwhile, and posts
//! that come back.

use crate::site::{Reply, Site, Visitor, between};

/// Fields of a form, as it was shown.
fn field<'a>(page: &'a Reply, name: &str) -> &'a str {
    between(page.text(), &format!("name=\"{name}\" value=\""), "\"").unwrap()
}

fn markdown<'a>(title: &'a str, body: &'a str, then: &'a str) -> [(&'a str, &'a str); 4] {
    [("title", title), ("body", body), ("format", "markdown"), ("then", then)]
}

/// What everybody sees of posts, in every place.
async fn public(site: &Site) -> String {
    let visitor = site.visitor();
    let mut all = String::new();
    for path in
        ["/", "/users/test", "/tags/secret", "/tags", "/?q=secret", "/feed.atom", "/feed.rss", "/feed.json", "/2"]
    {
        all.push_str(visitor.get(path).await.text());
    }
    all
}

/// A post in Markdown is HTML on its page, in lists and in feeds, below the heading that is there.
#[tokio::test]
async fn markdown_is_shown() {
    let site = Site::new();
    let test = site.login("test").await;
    assert_eq!(test.post("/create", markdown("a", "# One\n\n**bold** [x](/1)", "publish")).await.status(), 303);
    let visitor = site.visitor();
    assert!(visitor.get("/2").await.text().contains("<h2>One</h2>\n<p><strong>bold</strong> <a href=\"/1\">x</a></p>"));
    assert!(visitor.get("/").await.text().contains("<h3>One</h3>"));
    let feed = visitor.get("/feed.json").await;
    assert!(feed.text().contains(r#"<a href=\"http://localhost:8080/1\">x</a>"#), "{}", feed.text());
}

/// A post of the original, and one without a format, is plain text; it becomes Markdown when its author says so.
#[tokio::test]
async fn plain_until_said() {
    let site = Site::new();
    let test = site.login("test").await;
    let plain = "<p class=\"body e-content\">*a*\nb</p>";
    assert_eq!(test.post("/1/update", [("title", "t"), ("body", "*a*\nb")]).await.status(), 303);
    assert!(site.visitor().get("/1").await.text().contains(plain));
    assert_eq!(test.post("/create", [("title", "t"), ("body", "*a*\nb")]).await.status(), 303);
    assert!(site.visitor().get("/2").await.text().contains(plain));

    assert_eq!(test.post("/1/update", markdown("t", "*a*\nb", "publish")).await.status(), 303);
    let page = site.visitor().get("/1").await;
    assert!(page.text().contains("<div class=\"body e-content\">\n<p><em>a</em>\nb</p>\n</div>"), "{}", page.text());
    // The original's form says nothing of a format, and leaves it.
    assert_eq!(test.post("/1/update", [("title", "t"), ("body", "*c*")]).await.status(), 303);
    assert!(site.visitor().get("/1").await.text().contains("<em>c</em>"));
    let unknown = [("title", "t"), ("body", ""), ("format", "word")];
    assert_eq!(test.post("/create", unknown).await.status(), 400);
}

/// Footnotes of two posts on one page do not lead to each other.
#[tokio::test]
async fn footnotes_are_apart() {
    let site = Site::new();
    let test = site.login("test").await;
    for _ in 0..2 {
        test.post("/create", markdown("t", "a[^1]\n\n[^1]: why", "publish")).await;
    }
    let page = site.visitor().get("/").await;
    for id in ["id=\"p2-1\"", "id=\"p3-1\""] {
        assert_eq!(page.text().matches(id).count(), 1, "{id}");
    }
}

/// A preview shows how it would look, and stores nothing; what was typed is in the form, and is saved as usual.
#[tokio::test]
async fn preview() {
    let site = Site::new();
    let test = site.login("test").await;
    for path in ["/create", "/1/update"] {
        let shown = test.post(path, markdown("<new>", "**b**", "preview")).await;
        assert_eq!(shown.status(), 200);
        for part in ["Preview: &lt;new&gt;", "<strong>b</strong>", "\n**b**</textarea>", "value=\"&lt;new&gt;\""] {
            assert!(shown.text().contains(part), "{path} {part}");
        }
        assert_eq!(site.value::<i64>("SELECT count(*) FROM post WHERE title = 'test title'"), 1);
        assert_eq!(site.value::<i64>("SELECT count(*) FROM post"), 1);
    }
    let empty = test.post("/create", markdown("", "text", "preview")).await;
    assert!(empty.text().contains("\ntext</textarea>") && !empty.text().contains("Title is required."));
}

/// A draft is its author's: in no list, feed, search or tag, and for others as if it were not there.
#[tokio::test]
async fn drafts_are_private() {
    let site = Site::new();
    let test = site.login("test").await;
    let before = public(&site).await;
    let fields = [("title", "secret"), ("body", "secret"), ("tags", "secret"), ("then", "keep")];
    let kept = test.post("/create", fields).await;
    assert_eq!((kept.status(), kept.header("location")), (303, "/drafts/1"));
    assert_eq!(public(&site).await, before);

    let other = site.login("other").await;
    assert!(!other.get("/drafts").await.text().contains("secret"));
    for path in ["/drafts/1", "/drafts/2", "/drafts/1/delete"] {
        assert!(!other.get(path).await.text().contains("secret"), "{path}");
        assert_eq!(other.get(path).await.status(), 404, "{path}");
    }
    assert_eq!(other.post("/drafts/1", fields).await.status(), 404);
    assert_eq!(other.post("/drafts/1/delete", []).await.status(), 404);
    assert!(test.get("/drafts").await.text().contains("<a href=\"/drafts/1\">secret</a>"));
}

/// A draft may lack a title; it is kept, changed and at last published, once, with the time of that.
#[tokio::test]
async fn drafts_are_published() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/create", markdown("", "first", "keep")).await;
    assert!(test.get("/drafts").await.text().contains("Without a title"));

    let kept = test.post("/drafts/1", markdown("", "**second**", "keep")).await;
    assert_eq!((kept.status(), kept.header("location")), (303, "/drafts/1"));
    assert!(test.get("/drafts/1").await.text().contains("\n**second**</textarea>"));
    let unnamed = test.post("/drafts/1", markdown("", "**third**", "publish")).await;
    assert!(unnamed.text().contains("Title is required.") && unnamed.text().contains("\n**third**</textarea>"));

    site.wait_seconds(60);
    let published = test.post("/drafts/1", markdown("named", "**third**", "publish")).await;
    assert_eq!((published.status(), published.header("location")), (303, "/"));
    assert!(site.visitor().get("/2").await.text().contains("<strong>third</strong>"));
    assert_eq!(site.value::<String>("SELECT created FROM post WHERE id = 2"), "2026-01-01 00:01:00");
    assert_eq!(test.get("/drafts/1").await.status(), 404);
    assert_eq!(test.post("/drafts/1", markdown("named", "again", "publish")).await.status(), 404);
}

/// A draft is deleted after a question; a form that is sent twice keeps one draft.
#[tokio::test]
async fn drafts_are_deleted() {
    let site = Site::new();
    let test = site.login("test").await;
    let nonce = field(&test.get("/create").await, "nonce").to_owned();
    for _ in 0..2 {
        let fields = [("title", "t"), ("body", "b"), ("nonce", &nonce), ("then", "keep")];
        assert_eq!(test.post("/create", fields).await.status(), 303);
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM draft"), 1);
    assert!(test.get("/drafts/1/delete").await.text().contains("cannot be brought back"));
    assert_eq!(site.value::<i64>("SELECT count(*) FROM draft"), 1);
    assert_eq!(test.post("/drafts/1/delete", []).await.header("location"), "/drafts");
    assert_eq!(test.post("/drafts/1/delete", []).await.status(), 404);
}

/// A user who has the number of an earlier one, since the tutorial's init-db made the table anew, sees none of what
/// that one kept.
#[tokio::test]
async fn drafts_of_an_earlier_user() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/create", markdown("secret", "", "keep")).await;
    test.post("/1/delete", []).await;
    site.execute("UPDATE user SET username = 'new' WHERE id = 1");
    let new = site.visitor();
    assert_eq!(new.login("new", "test").await.status(), 303);
    let page = new.get("/drafts").await;
    assert!(!page.text().contains("secret") && !page.text().contains("test title"));
    assert_eq!(new.get("/drafts/1").await.status(), 404);
    assert_eq!(new.post("/1/restore", []).await.status(), 404);
}

/// The list of drafts goes on where a page of it ends, and ends.
#[tokio::test]
async fn drafts_are_paged() {
    let site = Site::new();
    let test = site.login("test").await;
    site.execute(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 120)
         INSERT INTO draft (author_id, username, title, body, tags, format, updated)
         SELECT 1, 'test', 'number ' || n, '', '', 'plain', '2026-01-01 00:00:00' FROM n",
    );
    let (mut path, mut seen, mut pages) = (Some("/drafts".to_owned()), 0, 0);
    while let Some(at) = path {
        let page = test.get(&at).await;
        seen += page.text().matches("<a href=\"/drafts/").count();
        pages += 1;
        path = between(page.text(), "rel=\"next\" href=\"", "\"").map(|path| path.replace("&amp;", "&"));
    }
    assert_eq!((seen, pages), (120, 3));
    assert_eq!(test.get("/drafts?draft=x").await.status(), 404);
}

async fn change(visitor: &Visitor<'_>, path: &str, base: &str, body: &str) -> Reply {
    visitor.post(path, [("title", "test title"), ("body", body), ("base", base)]).await
}

/// Of two edits of one text the later sees both, and decides; what a lost answer has stored already is no conflict.
#[tokio::test]
async fn conflicts() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/create", [("title", "test title"), ("body", "test\nbody"), ("then", "keep")]).await;
    for path in ["/1/update", "/drafts/1"] {
        let base = field(&test.get(path).await, "base").to_owned();
        let then = if path == "/1/update" { "publish" } else { "keep" };
        let send = async |base: &str, body: &str| {
            let fields = [("title", "test title"), ("body", body), ("tags", ""), ("base", base), ("then", then)];
            test.post(path, fields).await
        };
        assert_eq!(send(&base, "theirs").await.status(), 303);
        assert_eq!(send(&base, "theirs").await.status(), 303, "the same once more");

        let conflict = send(&base, "mine").await;
        assert_eq!(conflict.status(), 409);
        for part in ["changed while you wrote", "<p class=\"body e-content\">theirs</p>", "\nmine</textarea>"] {
            assert!(conflict.text().contains(part), "{part}");
        }
        assert!(test.get(path).await.text().contains("\ntheirs</textarea>"));
        assert_eq!(send(field(&conflict, "base"), "both").await.status(), 303);
        assert!(test.get(path).await.text().contains("\nboth</textarea>"));
    }
    assert_eq!(change(&test, "/1/update", "", "x").await.status(), 409);
    assert_eq!(test.post("/1/update", [("title", "t"), ("body", "the original's form")]).await.status(), 303);
}

/// A preview does not make an outdated form a current one.
#[tokio::test]
async fn conflict_after_a_preview() {
    let site = Site::new();
    let test = site.login("test").await;
    let base = field(&test.get("/1/update").await, "base").to_owned();
    change(&test, "/1/update", &base, "theirs").await;
    let fields = [("title", "test title"), ("body", "mine"), ("base", &base), ("then", "preview")];
    let shown = test.post("/1/update", fields).await;
    assert_eq!(change(&test, "/1/update", field(&shown, "base"), "mine").await.status(), 409);
}

/// A deleted post comes back as it was, for thirty days, to its author.
#[tokio::test]
async fn deleted_posts_come_back() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    let fields = [("title", "a"), ("body", "*b*"), ("tags", "C, d"), ("format", "markdown"), ("then", "publish")];
    test.post("/1/update", fields).await;
    let before = site.visitor().get("/1").await;
    test.post("/1/delete", []).await;
    assert_eq!(site.visitor().get("/1").await.status(), 404);
    assert!(!public(&site).await.contains("<em>b</em>"));

    assert!(test.get("/drafts").await.text().contains("action=\"/1/restore\""));
    assert!(!other.get("/drafts").await.text().contains("/1/restore"));
    assert_eq!(other.post("/1/restore", []).await.status(), 404);
    site.wait_seconds(30 * 24 * 60 * 60 - 1);
    let test = site.login("test").await;
    let restored = test.post("/1/restore", []).await;
    assert_eq!((restored.status(), restored.header("location")), (303, "/1"));
    assert_eq!(site.visitor().get("/1").await.text(), before.text());
    assert_eq!(test.post("/1/restore", []).await.status(), 404, "it is there");
}

/// After thirty days it does not, and nothing of it is left once another is deleted.
#[tokio::test]
async fn deleted_posts_are_forgotten() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/1/delete", []).await;
    test.post("/create", [("title", "a"), ("body", "")]).await;
    site.wait_seconds(30 * 24 * 60 * 60);
    let test = site.login("test").await;
    assert!(!test.get("/drafts").await.text().contains("restore"));
    assert_eq!(test.post("/1/restore", []).await.status(), 404);
    test.post("/2/delete", []).await;
    assert_eq!(site.value::<i64>("SELECT post_id FROM withdrawn_post"), 2);
}

/// A post whose number another has by now does not take its place.
#[tokio::test]
async fn taken_number() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/1/delete", []).await;
    site.execute("INSERT INTO post (id, title, body, author_id) VALUES (1, 'new', '', 2)");
    assert_eq!(test.post("/1/restore", []).await.status(), 404);
    assert_eq!(site.value::<String>("SELECT title FROM post WHERE id = 1"), "new");
}

/// What somebody wrote while their session ended goes with them through the login, wrong passwords and all.
#[tokio::test]
async fn expired_sessions_keep_the_text() {
    let site = Site::new();
    let nobody = site.visitor();
    let text = "first \"line\"\n<b>second</b>";
    let fields = [("title", "kept"), ("body", text), ("tags", "a"), ("format", "markdown"), ("then", "preview")];
    let asked = nobody.post("/create", fields).await;
    assert_eq!(asked.status(), 403);
    assert!(asked.text().contains("What you wrote is kept") && asked.text().contains("action=\"/auth/login\""));
    assert!(asked.text().contains("first &#34;line&#34;\n&lt;b&gt;second&lt;/b&gt;"));

    let login = async |password: &str| {
        let fields = [
            ("username", "test"),
            ("password", password),
            ("kept-target", "/create"),
            ("kept-field-title", "kept"),
            ("kept-field-body", text),
            ("kept-field-tags", "a"),
        ];
        nobody.post("/auth/login", fields).await
    };
    let wrong = login("wrong").await;
    assert!(wrong.text().contains("Incorrect password.") && wrong.text().contains("name=\"kept-field-body\""));
    let resumed = login("test").await;
    assert_eq!((resumed.status(), nobody.name().await.as_deref()), (200, Some("test")));
    for part in ["<form action=\"/create\"", "value=\"kept\"", "\nfirst &#34;line&#34;", "name=\"tags\" value=\"a\""] {
        assert!(resumed.text().contains(part), "{part}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post"), 1);
    assert_eq!(nobody.post("/create", [("title", "kept"), ("body", text)]).await.status(), 303);
}

/// Where nothing was written, the login page is asked for as in the original; and no login leads to another site.
#[tokio::test]
async fn nothing_to_keep() {
    let site = Site::new();
    let nobody = site.visitor();
    for path in ["/create", "/1/update"] {
        let reply = nobody.post(path, [("title", ""), ("body", "")]).await;
        assert_eq!((reply.status(), reply.header("location")), (303, "/auth/login"), "{path}");
    }
    let fields =
        [("username", "test"), ("password", "test"), ("kept-target", "//evil.example/"), ("kept-field-body", "x")];
    let reply = nobody.post("/auth/login", fields).await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/"));
}
