//! Likes and comments through the door of the database: who may change what is in the statement, too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod engine;

use engine::TestDatabase;
use flaskr::comment::{CommentId, CommentText};
use flaskr::db::{self, Connection, Db, Value, comments, discussions, likes, moderators, users};
use flaskr::post::PostId;
use flaskr::user::{Role, User, UserId};
use jiff::Timestamp;

const POST: PostId = PostId(1);

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn user(id: i64) -> User {
    User { id: UserId(id), username: String::new(), role: Role::Author }
}

fn text() -> CommentText {
    CommentText::parse("said").unwrap()
}

/// Three users, of whom the first wrote two posts.
fn open() -> (TestDatabase, Db) {
    let place = TestDatabase::new();
    place.database.execute(
        "INSERT INTO user (username, password) VALUES ('a', ''), ('b', ''), ('c', '');
         INSERT INTO post (author_id, created, title, body) VALUES
           (1, '2018-01-01 00:00:00', 't', ''), (1, 2018, 'a number, as another program may store it', '');",
    );
    let db = place.open();
    (place, db)
}

fn ids(conn: Connection<'_>) -> db::Result<Vec<i64>> {
    Ok(comments::newest(conn, None, 10)?.into_iter().map(|comment| comment.id.0).collect())
}

/// The number of likes is that of the rows, whatever is said how often; a post of any time has its own.
#[tokio::test]
async fn likes_are_counted() {
    let (_place, db) = open();
    for post in [POST, PostId(2)] {
        for (user, likes) in [(1, 1), (2, 2), (1, 2)] {
            let counted = db.write(move |conn| {
                assert!(likes::insert(conn, post, UserId(user))?);
                Ok(discussions::find(conn, post)?.unwrap().likes)
            });
            assert_eq!(counted.await.unwrap(), likes);
        }
        for (user, likes) in [(3, 2), (1, 1), (1, 1)] {
            let counted = db.write(move |conn| {
                assert!(likes::delete(conn, post, UserId(user))?);
                Ok(discussions::find(conn, post)?.unwrap().likes)
            });
            assert_eq!(counted.await.unwrap(), likes);
        }
    }
    let liked = db.read(|conn| likes::among(conn, &[POST, PostId(2), PostId(3)], UserId(2))).await.unwrap();
    assert_eq!(liked, [POST, PostId(2)]);
    assert!(!db.write(|conn| likes::insert(conn, PostId(3), UserId(1))).await.unwrap());
}

/// A comment is changed by its author alone; deleted by them, the post's author and moderators; approved by the latter.
#[tokio::test]
async fn rights_are_in_the_statements() {
    let (_place, db) = open();
    db.write(|conn| {
        let id = comments::insert(conn, POST, &user(2), &text(), true, now())?.unwrap();
        let comment = comments::find(conn, id)?.unwrap();
        assert!(comment.is_waiting && ids(conn)?.is_empty());
        for (other, approves) in [(2, false), (3, false), (1, true), (1, false)] {
            assert_eq!(comments::approve(conn, id, UserId(other))?, approves, "{other}");
        }
        for (other, changes) in [(1, false), (3, false), (2, true)] {
            assert_eq!(comments::update(conn, &comment, &user(other), &text(), true, now())?, changes, "{other}");
        }
        assert!(comments::find(conn, id)?.unwrap().is_waiting, "changed, it waits anew");
        assert!(!comments::delete(conn, id, UserId(3))?);
        assert!(moderators::insert(conn, UserId(3), now())? && !moderators::insert(conn, UserId(3), now())?);
        assert!(comments::approve(conn, id, UserId(3))? && comments::delete(conn, id, UserId(3))?);
        for other in [1, 2] {
            let id = comments::insert(conn, POST, &user(2), &text(), false, now())?.unwrap();
            assert!(comments::delete(conn, id, UserId(other))?, "{other}");
        }
        let next = comments::insert(conn, POST, &user(2), &text(), false, now())?.unwrap();
        assert_eq!(next, CommentId(4), "no number is given twice");
        Ok(())
    })
    .await
    .unwrap();
}

/// A role is of a user with a name: whoever gets the number of a former moderator is none.
#[tokio::test]
async fn roles_are_not_handed_on() {
    let (_place, db) = open();
    db.write(|conn| {
        assert!(moderators::insert(conn, UserId(2), now())?);
        assert!(!moderators::insert(conn, UserId(4), now())?, "there is no such user");
        assert!(users::get(conn, UserId(2))?.unwrap().user.is_moderator());
        conn.execute("UPDATE moderator SET username = 'former'", &[])?;
        assert!(!users::get(conn, UserId(2))?.unwrap().user.is_moderator());
        assert!(!comments::delete(conn, CommentId(1), UserId(2))?);
        assert!(moderators::insert(conn, UserId(2), now())?, "the old one is not in the way");
        assert!(users::find(conn, "b")?.unwrap().user.is_moderator());
        Ok(())
    })
    .await
    .unwrap();
}

/// What a post had is kept while it is away, and forgotten when it is gone for good; what another had stays.
#[tokio::test]
async fn posts_that_are_gone() {
    let (_place, db) = open();
    db.write(|conn| {
        for post in [POST, PostId(2)] {
            likes::insert(conn, post, UserId(2))?;
            comments::insert(conn, post, &user(2), &text(), false, now())?;
        }
        conn.execute("DELETE FROM post WHERE id = 1", &[])?;
        assert_eq!(ids(conn)?, [2]);
        conn.execute("INSERT INTO post VALUES (1, 1, '2018-01-01 00:00:00', 'back', '')", &[])?;
        assert_eq!(ids(conn)?, [2, 1]);
        assert_eq!(discussions::find(conn, POST)?.unwrap().likes, 1);

        discussions::forget_post(conn, POST, "2019-01-01 00:00:00")?;
        assert_eq!(ids(conn)?, [2, 1], "that is another post");
        discussions::forget_post(conn, POST, "2018-01-01 00:00:00")?;
        discussions::forget_post(conn, PostId(2), "2018")?;
        assert!(ids(conn)?.is_empty());
        let left = conn.query_row(
            "SELECT (SELECT count(*) FROM comment) + (SELECT count(*) FROM post_like) AS rows_left",
            &[],
            |row| row.integer("rows_left"),
        )?;
        assert_eq!(left, Some(0));
        Ok(())
    })
    .await
    .unwrap();
}

/// The feed of all looks through so many comments of posts that are gone, and no further.
#[tokio::test]
async fn feed_looks_so_far() {
    let (_place, db) = open();
    db.write(|conn| {
        comments::insert(conn, POST, &user(2), &text(), false, now())?;
        conn.execute("INSERT INTO discussion (id, post_id, created) VALUES (9, 9, 'long ago')", &[])?;
        let more = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < $1)
                    INSERT INTO comment (discussion_id, author_id, created, body) SELECT 9, 2, 0, n FROM n";
        conn.execute(more, &[Value::Integer(999)])?;
        assert_eq!(ids(conn)?, [1]);
        conn.execute(more, &[Value::Integer(1)])?;
        assert!(ids(conn)?.is_empty());
        Ok(())
    })
    .await
    .unwrap();
}
