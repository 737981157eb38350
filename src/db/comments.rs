//! SQL for comments. Those that wait to be approved are in no list that everybody sees.

use jiff::Timestamp;

use super::connection::{Connection, Row, Value};
use super::discussions;
use super::error::Result;
use crate::comment::{Comment, CommentId, CommentText, has_to_wait};
use crate::post::PostId;
use crate::user::{User, UserId};

/// Comments of a user in a row that wait. Past it no further one is taken, so that nobody fills what others go through.
pub const WAITING_IN_A_ROW_MAX: i64 = 20;

/// Newest comments of the site that its feed looks through for those of posts that are there. The tutorial's `init-db`
/// leaves any number of others.
const LOOKED_THROUGH_MAX: i64 = 1000;

/// The columns of a comment.
macro_rules! columns {
    () => {
        "c.id, c.author_id, u.username, c.created, c.updated, c.body, c.waits_for,
           p.id AS post_id, p.title AS post_title, p.author_id AS host"
    };
}

pub(super) use columns;

/// What a comment, which is `c`, belongs to. Its author may be gone; a post without its author is on no page.
macro_rules! with_post {
    () => {
        r#" JOIN discussion d ON d.id = c.discussion_id
            JOIN post p ON p.id = d.post_id AND p.created = d.created
            JOIN "user" h ON h.id = p.author_id
            LEFT JOIN "user" u ON u.id = c.author_id "#
    };
}

pub(super) use with_post;

/// Comments with what they belong to, by a condition that begins with `WHERE`.
macro_rules! select {
    ($condition:literal) => {
        concat!("SELECT ", columns!(), " FROM comment c ", with_post!(), $condition)
    };
}

/// One comment, if it exists and its post does.
pub fn find(conn: Connection<'_>, id: CommentId) -> Result<Option<Comment>> {
    conn.query_row(select!(" WHERE c.id = $1"), &[Value::Integer(id.0)], comment)
}

/// The comments of a discussion that everybody sees, from behind this one on, in the order they were written.
pub fn after(conn: Connection<'_>, discussion: i64, after: CommentId, comments_max: usize) -> Result<Vec<Comment>> {
    conn.query(
        select!(" WHERE c.discussion_id = $1 AND c.waits_for IS NULL AND c.id > $2 ORDER BY c.id LIMIT $3"),
        &[Value::Integer(discussion), Value::Integer(after.0), limit(comments_max)],
        comment,
    )
}

/// Those of a discussion that wait, the oldest first.
pub fn waiting_in(conn: Connection<'_>, discussion: i64, host: UserId, comments_max: usize) -> Result<Vec<Comment>> {
    conn.query(
        select!(" WHERE c.discussion_id = $1 AND c.waits_for = $2 ORDER BY c.id LIMIT $3"),
        &[Value::Integer(discussion), Value::Integer(host.0), limit(comments_max)],
        comment,
    )
}

/// The comment that everybody sees so many places before this one, which need not be there itself. `None` if there are
/// fewer before it.
pub fn so_many_before(
    conn: Connection<'_>,
    discussion: i64,
    id: CommentId,
    places: usize,
) -> Result<Option<CommentId>> {
    let ids = conn.query(
        "SELECT id FROM comment WHERE discussion_id = $1 AND waits_for IS NULL AND id < $2 ORDER BY id DESC LIMIT $3",
        &[Value::Integer(discussion), Value::Integer(id.0), limit(places)],
        |row| row.integer("id"),
    )?;
    Ok(ids.last().filter(|_| ids.len() == places).map(|id| CommentId(*id)))
}

/// The newest comments that everybody sees: of one post, or of all.
pub fn newest(conn: Connection<'_>, post: Option<PostId>, comments_max: usize) -> Result<Vec<Comment>> {
    let Some(post) = post else {
        return conn.query(
            select!(
                " WHERE c.waits_for IS NULL AND c.id > COALESCE((SELECT b.id FROM comment b WHERE b.waits_for IS NULL
                                                                 ORDER BY b.id DESC LIMIT 1 OFFSET $1), 0)
                  ORDER BY c.id DESC LIMIT $2"
            ),
            &[Value::Integer(LOOKED_THROUGH_MAX), limit(comments_max)],
            comment,
        );
    };
    let Some(discussion) = discussions::find(conn, post)?.and_then(|found| found.id) else { return Ok(Vec::new()) };
    conn.query(
        select!(" WHERE c.discussion_id = $1 AND c.waits_for IS NULL ORDER BY c.id DESC LIMIT $2"),
        &[Value::Integer(discussion), limit(comments_max)],
        comment,
    )
}

/// What waits for a user to decide, from behind this one on, the oldest first.
pub fn waiting_for(conn: Connection<'_>, user: &User, after: CommentId, comments_max: usize) -> Result<Vec<Comment>> {
    if user.is_moderator() {
        return conn.query(
            select!(" WHERE c.waits_for IS NOT NULL AND c.id > $1 ORDER BY c.id LIMIT $2"),
            &[Value::Integer(after.0), limit(comments_max)],
            comment,
        );
    }
    conn.query(
        select!(" WHERE c.waits_for = $1 AND c.id > $2 AND p.author_id = $1 ORDER BY c.id LIMIT $3"),
        &[Value::Integer(user.id.0), Value::Integer(after.0), limit(comments_max)],
        comment,
    )
}

/// Whether a user's last comments all wait, as many as may.
pub fn too_many_wait(conn: Connection<'_>, user: UserId) -> Result<bool> {
    let waiting = conn.query_row(
        "SELECT count(waits_for) AS waiting
           FROM (SELECT waits_for FROM comment WHERE author_id = $1 ORDER BY id DESC LIMIT $2) c",
        &[Value::Integer(user.0), Value::Integer(WAITING_IN_A_ROW_MAX)],
        |row| row.integer("waiting"),
    )?;
    Ok(waiting.is_some_and(|waiting| waiting >= WAITING_IN_A_ROW_MAX))
}

/// Adds a comment, which waits if it has to where comments are approved. `None` if there is no such post.
pub fn insert(
    conn: Connection<'_>,
    post: PostId,
    author: &User,
    text: &CommentText,
    needs_approval: bool,
    now: Timestamp,
) -> Result<Option<CommentId>> {
    let Some(discussion) = discussions::begin(conn, post)? else { return Ok(None) };
    conn.query_row(
        "INSERT INTO comment (discussion_id, author_id, created, body, waits_for)
         SELECT d.id, $1, $2, $3, CASE WHEN p.author_id <> $1 AND $4 = 1 THEN p.author_id END
           FROM discussion d JOIN post p ON p.id = d.post_id AND p.created = d.created
          WHERE d.id = $5
         RETURNING id",
        &[
            Value::Integer(author.id.0),
            Value::Integer(now.as_second()),
            Value::Text(text.as_str()),
            Value::Integer((needs_approval && !author.is_moderator()).into()),
            Value::Integer(discussion),
        ],
        |row| Ok(CommentId(row.integer("id")?)),
    )
}

/// Adds a comment that was written elsewhere, and that everybody sees.
pub(super) fn take_over(
    conn: Connection<'_>,
    post: PostId,
    author: UserId,
    text: &CommentText,
    created: Timestamp,
) -> Result<()> {
    let Some(discussion) = discussions::begin(conn, post)? else { return Ok(()) };
    conn.execute(
        "INSERT INTO comment (discussion_id, author_id, created, body) VALUES ($1, $2, $3, $4)",
        &[
            Value::Integer(discussion),
            Value::Integer(author.0),
            Value::Integer(created.as_second()),
            Value::Text(text.as_str()),
        ],
    )?;
    Ok(())
}

/// The last comment of a user under a post, among so many of theirs as can be written before an answer is missed.
pub fn last_of(conn: Connection<'_>, author: UserId, post: PostId) -> Result<Option<CommentId>> {
    conn.query_row(
        "SELECT c.id FROM (SELECT id, discussion_id FROM comment WHERE author_id = $1 ORDER BY id DESC LIMIT $2) c
                JOIN discussion d ON d.id = c.discussion_id
          WHERE d.post_id = $3 ORDER BY c.id DESC LIMIT 1",
        &[Value::Integer(author.0), Value::Integer(WAITING_IN_A_ROW_MAX), Value::Integer(post.0)],
        |row| Ok(CommentId(row.integer("id")?)),
    )
}

/// Changes a comment of this author. Where comments are approved it waits anew, if it has to. Says whether there is one.
pub fn update(
    conn: Connection<'_>,
    old: &Comment,
    author: &User,
    text: &CommentText,
    needs_approval: bool,
    now: Timestamp,
) -> Result<bool> {
    let waits = needs_approval && has_to_wait(author, old.host);
    let changed = conn.execute(
        "UPDATE comment SET body = $1, updated = $2, waits_for = CASE WHEN $3 = 1 THEN $4 ELSE waits_for END
          WHERE id = $5 AND author_id = $6",
        &[
            Value::Text(text.as_str()),
            Value::Integer(now.as_second()),
            Value::Integer(waits.into()),
            Value::Integer(old.host.0),
            Value::Integer(old.id.0),
            Value::Integer(author.id.0),
        ],
    )?;
    Ok(changed == 1)
}

/// Whether `$2` may decide on the comment `$1` that somebody else wrote.
macro_rules! by_host_or_moderator {
    () => {
        r#"(EXISTS (SELECT 1 FROM discussion d JOIN post p ON p.id = d.post_id AND p.created = d.created
                     WHERE d.id = comment.discussion_id AND p.author_id = $2)
            OR EXISTS (SELECT 1 FROM moderator m JOIN "user" u ON u.id = m.user_id AND u.username = m.username
                        WHERE m.user_id = $2))"#
    };
}

/// Deletes a comment, if this user may. Says whether it did.
pub fn delete(conn: Connection<'_>, id: CommentId, user: UserId) -> Result<bool> {
    let deleted = conn.execute(
        concat!("DELETE FROM comment WHERE id = $1 AND (author_id = $2 OR ", by_host_or_moderator!(), ")"),
        &[Value::Integer(id.0), Value::Integer(user.0)],
    )?;
    Ok(deleted == 1)
}

/// Lets everybody see a comment that waited, if this user may. Says whether it did.
pub fn approve(conn: Connection<'_>, id: CommentId, user: UserId) -> Result<bool> {
    let approved = conn.execute(
        concat!(
            "UPDATE comment SET waits_for = NULL WHERE id = $1 AND waits_for IS NOT NULL AND ",
            by_host_or_moderator!()
        ),
        &[Value::Integer(id.0), Value::Integer(user.0)],
    )?;
    Ok(approved == 1)
}

fn limit(rows: usize) -> Value<'static> {
    Value::Integer(i64::try_from(rows).unwrap_or(i64::MAX))
}

pub(super) fn comment(row: &Row<'_>) -> Result<Comment> {
    let updated = row.optional_integer("updated")?.and_then(|second| Timestamp::from_second(second).ok());
    Ok(Comment {
        id: CommentId(row.integer("id")?),
        post: PostId(row.integer("post_id")?),
        post_title: row.text("post_title")?,
        host: UserId(row.integer("host")?),
        author_id: UserId(row.integer("author_id")?),
        username: Some(row.text("username")?).filter(|name| !name.is_empty()),
        created: row.time("created")?,
        updated,
        body: row.text("body")?,
        is_waiting: row.optional_integer("waits_for")?.is_some(),
    })
}
