//! SQL for discussions: what the likes and the comments of a post have in common.

use super::connection::{Connection, Row, Value};
use super::error::Result;
use super::posts;
use crate::post::{Post, PostId};
use crate::user::UserId;

/// What readers added to a post that is there.
#[derive(Clone, Debug)]
pub struct Discussion {
    /// Its number, if anybody ever liked the post or commented on it.
    pub id: Option<i64>,
    /// The post's author.
    pub host: UserId,
    /// The post's title.
    pub title: String,
    /// How many like the post.
    pub likes: i64,
}

/// These columns of a post, with those of its discussion.
macro_rules! of_post {
    ($($columns:tt)*) => {
        concat!(
            "SELECT d.id AS discussion_id, COALESCE(d.likes, 0) AS likes, ",
            $($columns)*,
            r#" FROM post p JOIN "user" u ON u.id = p.author_id
                    LEFT JOIN discussion d ON d.post_id = p.id AND d.created = p.created
              WHERE p.id = $1"#
        )
    };
}

/// The discussion of a post, if that is there and its author too.
pub fn find(conn: Connection<'_>, post: PostId) -> Result<Option<Discussion>> {
    conn.query_row(of_post!("p.author_id, p.title"), &[Value::Integer(post.0)], discussion)
}

/// The same with the post itself.
pub fn find_with_post(conn: Connection<'_>, post: PostId) -> Result<Option<(Post, Discussion)>> {
    let both = |row: &Row<'_>| Ok((posts::post(row)?, discussion(row)?));
    conn.query_row(of_post!(posts::columns!()), &[Value::Integer(post.0)], both)
}

/// The number of the discussion of a post, which begins here if nobody said anything before. `None` if there is no such
/// post.
pub(super) fn begin(conn: Connection<'_>, post: PostId) -> Result<Option<i64>> {
    let Some(found) = find(conn, post)? else { return Ok(None) };
    if found.id.is_some() {
        return Ok(found.id);
    }
    conn.query_row(
        "INSERT INTO discussion (post_id, created) SELECT p.id, p.created FROM post p WHERE p.id = $1 RETURNING id",
        &[Value::Integer(post.0)],
        |row| row.integer("id"),
    )
}

/// Forgets the likes and the comments of a post that is gone for good: this number, written at this time.
pub fn forget_post(conn: Connection<'_>, post: PostId, created: &str) -> Result<()> {
    // As text: another program may have stored any type, and only text leaves the database.
    conn.execute(
        "DELETE FROM discussion WHERE post_id = $1 AND CAST(created AS TEXT) = $2",
        &[Value::Integer(post.0), Value::Text(created)],
    )?;
    Ok(())
}

fn discussion(row: &Row<'_>) -> Result<Discussion> {
    Ok(Discussion {
        id: row.optional_integer("discussion_id")?,
        host: UserId(row.integer("author_id")?),
        title: row.text("title")?,
        likes: row.integer("likes")?,
    })
}
