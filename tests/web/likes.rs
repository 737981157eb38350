//! Likes: one of a user, shown to everybody, and as one's own to nobody else.

use crate::site::{Site, Visitor, between};

/// What a post's page says of likes: how many, and what its reader can do.
async fn shown(visitor: &Visitor<'_>) -> (String, &'static str) {
    let page = visitor.get("/1").await;
    let likes = between(page.text(), "<div class=\"likes\">", "</div>").unwrap();
    let offers =
        [("action=\"/1/like\"", "like"), ("action=\"/1/unlike\"", "unlike"), ("href=\"/auth/login\"", "log in")];
    let mut offered = offers.into_iter().filter(|(part, _)| likes.contains(part));
    let offer = offered.next().unwrap().1;
    assert!(offered.next().is_none(), "{likes}");
    (between(likes, "<span>", "</span>").unwrap().to_owned(), offer)
}

/// A user likes a post once, however often they say so; it is on the next page of everybody, and one's own state on
/// nobody else's.
#[tokio::test]
async fn liked_once() {
    let site = Site::new();
    let (test, other, nobody) = (site.login("test").await, site.login("other").await, site.visitor());
    for (visitor, path, count, of_test, of_other) in [
        (&nobody, "/1/like", "0 likes", "like", "like"),
        (&other, "/1/unlike", "0 likes", "like", "like"),
        (&other, "/1/like", "1 like", "like", "unlike"),
        (&other, "/1/like", "1 like", "like", "unlike"),
        (&test, "/1/like", "2 likes", "unlike", "unlike"),
        (&other, "/1/unlike", "1 like", "unlike", "like"),
        (&other, "/1/unlike", "1 like", "unlike", "like"),
        (&test, "/1/unlike", "0 likes", "like", "like"),
    ] {
        let reply = visitor.post(path, []).await;
        let location = if visitor.cookie("flaskr").is_none() { "/auth/login" } else { "/1" };
        assert_eq!((reply.status(), reply.header("location")), (303, location), "{path}");
        for _ in 0..2 {
            assert_eq!(shown(&test).await, (count.to_owned(), of_test), "{path}");
            assert_eq!(shown(&other).await, (count.to_owned(), of_other), "{path}");
            assert_eq!(shown(&nobody).await, (count.to_owned(), "log in"), "{path}");
        }
        assert_eq!(site.value::<i64>("SELECT count(*) FROM post_like").to_string(), count[..1]);
    }
}

/// What is not there cannot be liked.
#[tokio::test]
async fn no_such_post() {
    let site = Site::new();
    let test = site.login("test").await;
    for path in ["/2/like", "/2/unlike", "/9223372036854775808/like"] {
        assert_eq!(test.post(path, []).await.status(), 404, "{path}");
    }
    if site.is_file() {
        site.execute("UPDATE post SET author_id = 99");
        for path in ["/1/like", "/1/unlike"] {
            assert_eq!(test.post(path, []).await.status(), 404, "{path}, whose author is gone");
        }
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM discussion"), 0);
}

/// Likes belong to one post: not to a later one of the same number, which the tutorial's `init-db` makes.
#[tokio::test]
async fn another_post_of_the_same_number() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/1/like", []).await;
    site.execute("DELETE FROM post; INSERT INTO post (id, author_id, title, body) VALUES (1, 1, 'new', '')");
    assert_eq!(shown(&test).await, ("0 likes".to_owned(), "like"));
    test.post("/1/like", []).await;
    assert_eq!(shown(&test).await, ("1 like".to_owned(), "unlike"));
}
