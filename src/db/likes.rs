//! SQL for likes.

use super::connection::{Connection, Value};
use super::discussions;
use super::error::Result;
use crate::post::PostId;
use crate::user::UserId;

/// Notes that a user likes a post, once however often it is said. Says whether there is such a post.
pub fn insert(conn: Connection<'_>, post: PostId, user: UserId) -> Result<bool> {
    let Some(discussion) = discussions::begin(conn, post)? else { return Ok(false) };
    let inserted = conn.execute(
        "INSERT INTO post_like (discussion_id, user_id) VALUES ($1, $2) ON CONFLICT (discussion_id, user_id) DO NOTHING",
        &[Value::Integer(discussion), Value::Integer(user.0)],
    )?;
    count(conn, discussion, inserted, 1)?;
    Ok(true)
}

/// Takes it back. Says whether there is such a post.
pub fn delete(conn: Connection<'_>, post: PostId, user: UserId) -> Result<bool> {
    let Some(found) = discussions::find(conn, post)? else { return Ok(false) };
    let Some(discussion) = found.id else { return Ok(true) };
    let deleted = conn.execute(
        "DELETE FROM post_like WHERE discussion_id = $1 AND user_id = $2",
        &[Value::Integer(discussion), Value::Integer(user.0)],
    )?;
    count(conn, discussion, deleted, -1)?;
    Ok(true)
}

/// Keeps the number right: the row was put there or taken away, or all was so before. That is written too, so that its
/// answer waits for a commit: what made it so may not have reached every disk it should.
fn count(conn: Connection<'_>, discussion: i64, changed: usize, by: i64) -> Result<()> {
    let by = if changed == 1 { by } else { 0 };
    conn.execute(
        "UPDATE discussion SET likes = likes + $1 WHERE id = $2",
        &[Value::Integer(by), Value::Integer(discussion)],
    )?;
    Ok(())
}

/// The names of those who like a post, in the order of the alphabet.
pub(super) fn names(conn: Connection<'_>, post: PostId) -> Result<Vec<String>> {
    let Some(discussion) = discussions::find(conn, post)?.and_then(|found| found.id) else { return Ok(Vec::new()) };
    conn.query(
        r#"SELECT u.username FROM post_like l JOIN "user" u ON u.id = l.user_id
            WHERE l.discussion_id = $1 ORDER BY u.username"#,
        &[Value::Integer(discussion)],
        |row| row.text("username"),
    )
}

/// Those of these posts that a user likes.
pub fn among(conn: Connection<'_>, posts: &[PostId], user: UserId) -> Result<Vec<PostId>> {
    let mut liked = Vec::new();
    for post in posts {
        let found = conn.query_row(
            "SELECT d.post_id FROM post p JOIN discussion d ON d.post_id = p.id AND d.created = p.created
                    JOIN post_like l ON l.discussion_id = d.id AND l.user_id = $1
              WHERE p.id = $2",
            &[Value::Integer(user.0), Value::Integer(post.0)],
            |row| Ok(PostId(row.integer("post_id")?)),
        )?;
        liked.extend(found);
    }
    Ok(liked)
}
