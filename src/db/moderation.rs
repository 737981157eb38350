//! SQL for what moderators did.

use jiff::Timestamp;

use super::connection::{Connection, Row, Value};
use super::error::Result;
use crate::comment::CommentId;
use crate::moderation::{Act, Entry, EntryId, Reason, excerpt};
use crate::post::PostId;
use crate::user::User;

/// What was decided on.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// The post, or the one under which the comment stands.
    pub post: PostId,
    /// The comment, unless it was the post itself.
    pub comment: Option<CommentId>,
    /// Who wrote it; `None` if there is no such user any more.
    pub author: Option<&'a str>,
    /// What they wrote.
    pub text: &'a str,
}

/// Notes what a moderator does, in the transaction that does it.
pub fn insert(
    conn: Connection<'_>,
    moderator: &User,
    act: Act,
    object: Object<'_>,
    reason: &Reason,
    now: Timestamp,
) -> Result<()> {
    let comment = object.comment.map_or(0, |comment| comment.0);
    conn.execute(
        "INSERT INTO moderation_log (time, moderator_id, moderator, act, post_id, comment_id, author, excerpt, reason)
         VALUES ($1, $2, $3, $4, $5, NULLIF(CAST($6 AS BIGINT), 0), $7, $8, $9)",
        &[
            Value::Integer(now.as_second()),
            Value::Integer(moderator.id.0),
            Value::Text(&moderator.username),
            Value::Text(act.as_str()),
            Value::Integer(object.post.0),
            Value::Integer(comment),
            Value::Text(object.author.unwrap_or_default()),
            Value::Text(&excerpt(object.text)),
            Value::Text(reason.as_str()),
        ],
    )?;
    Ok(())
}

/// What was done, the newest first, from before this entry on.
pub fn before(conn: Connection<'_>, before: EntryId, entries_max: usize) -> Result<Vec<Entry>> {
    let found = conn.query(
        "SELECT id, time, moderator, act, post_id, comment_id, author, excerpt, reason
           FROM moderation_log WHERE id < $1 ORDER BY id DESC LIMIT $2",
        &[Value::Integer(before.0), Value::Integer(i64::try_from(entries_max).unwrap_or(i64::MAX))],
        entry,
    )?;
    Ok(found.into_iter().flatten().collect())
}

/// What a later version noted, and this one does not know, is left out.
fn entry(row: &Row<'_>) -> Result<Option<Entry>> {
    let Ok(act) = row.text("act")?.parse() else { return Ok(None) };
    Ok(Some(Entry {
        id: EntryId(row.integer("id")?),
        time: row.time("time")?,
        moderator: row.text("moderator")?,
        act,
        post: PostId(row.integer("post_id")?),
        comment: row.optional_integer("comment_id")?.map(CommentId),
        author: Some(row.text("author")?).filter(|author| !author.is_empty()),
        excerpt: row.text("excerpt")?,
        reason: row.text("reason")?,
    }))
}
