//! Moderators: what they may do, and that it is noted.

use flaskr::config::CommentMode;

use crate::site::{Site, between};

/// What a moderator does to what is others' is noted with its reason and the beginning of the text, for moderators alone.
#[tokio::test]
async fn noted() {
    let site = Site::with(|config| config.comments.mode = CommentMode::Approve);
    let (test, other, moderator) = (site.login("test").await, site.login("other").await, site.newcomer("ann").await);
    site.make_moderator("ann");
    for body in ["<b>fine</b>", "spam"] {
        other.post("/1/comments", [("body", body)]).await;
    }
    moderator.post("/comments/1/approve", []).await;
    let form = moderator.get("/comments/2/delete").await;
    assert!(form.text().contains("name=\"reason\""));
    assert!(!test.get("/comments/2/delete").await.text().contains("name=\"reason\""), "theirs to decide");

    let too_much = "x".repeat(501);
    let refused = moderator.post("/comments/2/delete", [("reason", too_much.as_str())]).await;
    assert!(refused.text().contains("A reason can have 500 characters at most.") && refused.text().contains(&too_much));
    site.wait_seconds(60);
    assert_eq!(moderator.post("/comments/2/delete", [("reason", "<i>again</i>")]).await.status(), 303);

    let log = moderator.get("/moderation").await;
    let mut entries = log.text().split("<article").skip(1).map(|rest| rest.split_once("</article>").unwrap().0);
    let (deleted, approved) = (entries.next().unwrap(), entries.next().unwrap());
    assert!(
        deleted.contains("ann deleted a comment of other") && deleted.contains("&lt;i&gt;again&lt;/i&gt;"),
        "{deleted}"
    );
    assert!(deleted.contains("2026-01-01T00:01:00Z") && deleted.contains(">spam<"), "{deleted}");
    assert!(approved.contains("ann approved a comment of other") && approved.contains("&lt;b&gt;fine"), "{approved}");
    for visitor in [&test, &other, &site.visitor()] {
        assert_eq!(visitor.get("/moderation").await.status(), 404);
        assert!(!visitor.get("/account").await.text().contains("/moderation"));
    }
    assert!(moderator.get("/account").await.text().contains("href=\"/moderation\""));
}

/// A moderator takes a post away with its comments, and can bring it back as it was; its author cannot. Nobody else can
/// either, and both are noted.
#[tokio::test]
async fn unpublished() {
    let site = Site::new();
    let (test, other, moderator) = (site.login("test").await, site.login("other").await, site.newcomer("ann").await);
    site.make_moderator("ann");
    other.post("/1/comments", [("body", "said")]).await;
    other.post("/1/like", []).await;
    for visitor in [&test, &other, &site.visitor()] {
        assert!(!visitor.get("/1").await.text().contains("/1/unpublish"));
    }
    assert!(moderator.get("/1").await.text().contains("href=\"/1/unpublish\""));
    let too_much = "x".repeat(501);
    let refused = moderator.post("/1/unpublish", [("reason", too_much.as_str())]).await;
    assert!(refused.text().contains("A reason can have 500 characters at most.") && refused.text().contains(&too_much));
    assert_eq!(moderator.get("/1/unpublish").await.status(), 200);
    let reply = moderator.post("/1/unpublish", [("reason", "off topic")]).await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/moderation"));
    for path in ["/1", "/comments/1", "/1/comments/feed.atom", "/1/unpublish"] {
        assert_eq!(moderator.get(path).await.status(), 404, "{path}");
    }
    assert_eq!(moderator.post("/1/unpublish", []).await.status(), 404);
    assert_eq!(test.post("/1/restore", []).await.status(), 404);
    for visitor in [&test, &other] {
        assert_eq!(visitor.post("/1/republish", []).await.status(), 403);
    }
    assert!(moderator.get("/moderation").await.text().contains("action=\"/1/republish\""));
    assert_eq!(moderator.post("/1/republish", []).await.header("location"), "/1");
    assert_eq!(moderator.post("/1/republish", []).await.status(), 404);
    let page = site.visitor().get("/1").await;
    assert!(page.text().contains("<p>said</p>") && page.text().contains("1 like<"), "{}", page.text());
    let noted = "SELECT act || ' of ' || author || ': ' || reason || ': ' || excerpt FROM moderation_log ORDER BY id";
    assert_eq!(
        site.texts(noted),
        [
            "unpublished a post of test: off topic: test title\n\ntest\nbody",
            "brought back a post of test: : test title\n\ntest\nbody"
        ]
    );
}

/// What a post had is forgotten with it, when it can be brought back no more.
#[tokio::test]
async fn forgotten() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/create", [("title", "second"), ("body", "")]).await;
    for path in ["/1/comments", "/2/comments"] {
        test.post(path, [("body", "said")]).await;
    }
    test.post("/1/delete", []).await;
    assert_eq!(site.value::<i64>("SELECT count(*) FROM comment"), 2);
    site.wait_seconds(31 * 24 * 60 * 60);
    let test = site.login("test").await;
    test.post("/2/delete", []).await;
    assert_eq!(
        site.value::<i64>("SELECT discussion.post_id FROM comment JOIN discussion ON discussion.id = discussion_id"),
        2
    );
    assert_eq!(site.value::<i64>("SELECT count(*) FROM comment"), 1);
}

/// What is one's own is no moderator's matter: nothing is noted.
#[tokio::test]
async fn own() {
    let site = Site::with(|config| config.comments.mode = CommentMode::Approve);
    let (test, other) = (site.login("test").await, site.login("other").await);
    site.make_moderator("test");
    other.post("/1/comments", [("body", "under their post")]).await;
    test.post("/1/comments", [("body", "their own")]).await;
    test.post("/comments/1/approve", []).await;
    for path in ["/comments/1/delete", "/comments/2/delete"] {
        assert_eq!(test.post(path, []).await.status(), 303, "{path}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM moderation_log"), 0);
}

/// Whoever is no moderator any more decides on nothing more, at once; a role is not handed on with a number.
#[tokio::test]
async fn dismissed() {
    let site = Site::new();
    let (other, moderator) = (site.login("other").await, site.newcomer("ann").await);
    site.make_moderator("ann");
    other.post("/1/comments", [("body", "said")]).await;
    assert!(moderator.get("/1").await.text().contains("/comments/1/delete"));
    site.execute("UPDATE moderator SET username = 'who had the number before'");
    assert!(!moderator.get("/1").await.text().contains("/comments/1/delete"));
    assert_eq!(moderator.post("/comments/1/delete", []).await.status(), 403);
    assert_eq!(moderator.get("/moderation").await.status(), 404);
}

/// The log goes on where its page ends.
#[tokio::test]
async fn long_log() {
    let site = Site::new();
    let test = site.login("test").await;
    site.make_moderator("test");
    site.execute(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 60)
         INSERT INTO moderation_log (time, moderator_id, moderator, act, post_id, author, excerpt, reason)
         SELECT n, 1, 'test', 'deleted a comment', 1, '', n, '' FROM n",
    );
    let first = test.get("/moderation").await;
    assert_eq!(first.text().matches("<article").count(), 50);
    let next = between(first.text(), "rel=\"next\" href=\"", "\"").unwrap();
    assert_eq!(test.get(next).await.text().matches("<article").count(), 10);
    assert_eq!(test.get("/moderation?before=x").await.status(), 404);
}
