//! SQL for posts.

use super::connection::{Connection, Row, Value};
use super::error::Result;
use crate::post::{Draft, Post, PostId};
use crate::user::UserId;

/// All posts, the newest first; those of one second in the order they were written, the last first.
pub fn recent(conn: Connection<'_>) -> Result<Vec<Post>> {
    conn.query(
        r#"SELECT p.id, p.author_id, u.username, p.created, p.title, p.body
             FROM post p JOIN "user" u ON u.id = p.author_id
            ORDER BY p.created DESC, p.id DESC"#,
        &[],
        post,
    )
}

/// One post, if it exists and its author does.
pub fn find(conn: Connection<'_>, id: PostId) -> Result<Option<Post>> {
    conn.query_row(
        r#"SELECT p.id, p.author_id, u.username, p.created, p.title, p.body
             FROM post p JOIN "user" u ON u.id = p.author_id
            WHERE p.id = $1"#,
        &[Value::Integer(id.0)],
        post,
    )
}

/// Adds a post.
pub fn insert(conn: Connection<'_>, author: UserId, draft: &Draft, created: &str) -> Result<()> {
    conn.execute(
        "INSERT INTO post (author_id, created, title, body) VALUES ($1, $2, $3, $4)",
        &[Value::Integer(author.0), Value::Text(created), Value::Text(&draft.title), Value::Text(&draft.body)],
    )?;
    Ok(())
}

/// Changes a post of this author. Says whether there is one.
pub fn update(conn: Connection<'_>, id: PostId, author: UserId, draft: &Draft) -> Result<bool> {
    let changed = conn.execute(
        "UPDATE post SET title = $1, body = $2 WHERE id = $3 AND author_id = $4",
        &[Value::Text(&draft.title), Value::Text(&draft.body), Value::Integer(id.0), Value::Integer(author.0)],
    )?;
    Ok(changed == 1)
}

/// Deletes a post of this author. Says whether there was one.
pub fn delete(conn: Connection<'_>, id: PostId, author: UserId) -> Result<bool> {
    let deleted = conn.execute(
        "DELETE FROM post WHERE id = $1 AND author_id = $2",
        &[Value::Integer(id.0), Value::Integer(author.0)],
    )?;
    Ok(deleted == 1)
}

/// Reads a post with its author.
pub(super) fn post(row: &Row<'_>) -> Result<Post> {
    Ok(Post {
        id: PostId(row.integer("id")?),
        author_id: UserId(row.integer("author_id")?),
        username: row.text("username")?,
        created: row.text("created")?,
        title: row.text("title")?,
        body: row.text("body")?,
    })
}
