//! SQL for posts that were withdrawn: deleted by their author, or unpublished by a moderator. They can come back as they
//! were, with their number and their place.

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use super::images::{self, Holder};
use super::posts;
use super::{discussions, drafts};
use crate::content::{Content, Written};
use crate::post::{Post, PostId};
use crate::tag::Tags;
use crate::user::{User, UserId};

/// How long a withdrawn post can come back, in days.
pub const WITHDRAWN_DAYS_MAX: i64 = 30;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Most posts that are forgotten at a time, so that nobody waits for it.
const FORGOTTEN_MAX: i64 = 10;

/// Who withdraws a post, or brings it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Its author.
    Author(UserId),
    /// A moderator. What one withdrew, its author cannot bring back.
    Moderator(UserId),
}

/// A post in a list of those that were withdrawn.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The number.
    pub id: PostId,
    /// The title.
    pub title: String,
    /// When it was withdrawn.
    pub withdrawn: Timestamp,
    /// Whether a moderator did.
    pub by_moderator: bool,
}

/// Takes a post out of the site. Says whether there was one that this person may withdraw.
pub fn withdraw(conn: Connection<'_>, id: PostId, by: By, now: Timestamp) -> Result<bool> {
    forget_old(conn, now)?;
    let (Some(post), Some(written)) = (posts::find(conn, id)?, posts::written(conn, id)?) else { return Ok(false) };
    let moderator = match by {
        By::Author(author) if author != post.author_id => return Ok(false),
        By::Author(_) => None,
        By::Moderator(moderator) => Some(moderator),
    };
    keep(conn, &post, &written, moderator, now)?;
    conn.execute("DELETE FROM post WHERE id = $1", &[Value::Integer(id.0)])?;
    Ok(true)
}

fn keep(conn: Connection<'_>, post: &Post, written: &Written, moderator: Option<UserId>, now: Timestamp) -> Result<()> {
    // A row that is there is of a post of the same number before the tutorial's init-db.
    conn.execute("DELETE FROM withdrawn_post WHERE post_id = $1", &[Value::Integer(post.id.0)])?;
    conn.execute(
        "INSERT INTO withdrawn_post
           (post_id, author_id, username, created, title, body, tags, format, updated, moderator_id, withdrawn)
         SELECT p.id, p.author_id, $1, p.created, $2, $3, $4, $5, $6, NULLIF(CAST($7 AS BIGINT), 0), $8 FROM post p WHERE p.id = $9",
        &[
            Value::Text(&post.username),
            Value::Text(&written.title),
            Value::Text(&written.body),
            Value::Text(&written.tags),
            Value::Text(written.format.as_str()),
            Value::Text(post.updated.as_deref().unwrap_or_default()),
            Value::Integer(moderator.map_or(0, |moderator| moderator.0)),
            Value::Integer(now.as_second()),
            Value::Integer(post.id.0),
        ],
    )?;
    images::hold(conn, Holder::Withdrawn(post.id), &written.body)
}

/// The author's withdrawn posts that can still come back, the newest first, from before this one on.
pub fn list(
    conn: Connection<'_>,
    author: &User,
    before: PostId,
    posts_max: usize,
    now: Timestamp,
) -> Result<Vec<Listed>> {
    conn.query(
        "SELECT post_id, title, withdrawn, moderator_id IS NOT NULL AS by_moderator FROM withdrawn_post
          WHERE author_id = $1 AND post_id < $2 AND username = $3 AND withdrawn > $4 ORDER BY post_id DESC LIMIT $5",
        &[
            Value::Integer(author.id.0),
            Value::Integer(before.0),
            Value::Text(&author.username),
            Value::Integer(oldest(now)),
            Value::Integer(i64::try_from(posts_max).unwrap_or(i64::MAX)),
        ],
        |row| {
            Ok(Listed {
                id: PostId(row.integer("post_id")?),
                title: row.text("title")?,
                withdrawn: row.time("withdrawn")?,
                by_moderator: row.integer("by_moderator")? != 0,
            })
        },
    )
}

/// Brings a post back. Says whether there was one that this person may bring back, and its number is free.
pub fn restore(conn: Connection<'_>, id: PostId, by: By, now: Timestamp) -> Result<bool> {
    let author = match by {
        By::Author(author) => author.0,
        By::Moderator(_) => 0, // which is nobody's number
    };
    let found = conn.query_row(
        "SELECT w.title, w.body, w.tags, w.format, w.updated
           FROM withdrawn_post w JOIN \"user\" u ON u.id = w.author_id AND u.username = w.username
          WHERE w.post_id = $1 AND w.withdrawn > $2
            AND (w.author_id = $3 AND w.moderator_id IS NULL OR $3 = 0 AND w.moderator_id IS NOT NULL)",
        &[Value::Integer(id.0), Value::Integer(oldest(now)), Value::Integer(author)],
        |row| Ok((drafts::written(row)?, row.text("updated")?)),
    )?;
    let Some((written, updated)) = found else { return Ok(false) };
    let inserted = conn.execute(
        "INSERT INTO post (id, author_id, created, title, body)
         SELECT post_id, author_id, created, title, body FROM withdrawn_post WHERE post_id = $1
         ON CONFLICT (id) DO NOTHING",
        &[Value::Integer(id.0)],
    )?;
    if inserted == 0 {
        return Ok(false);
    }
    if !updated.is_empty() {
        posts::set_updated(conn, id, &updated)?;
    }
    let tags = Tags::parse(&written.tags).ok(); // they were a post's
    let content = Content { title: written.title, body: written.body, format: Some(written.format), tags };
    posts::set_format_and_tags(conn, id, &content)?;
    conn.execute("DELETE FROM withdrawn_post WHERE post_id = $1", &[Value::Integer(id.0)])?;
    Ok(true)
}

/// Forgets some posts whose time is over. Says whether there may be more.
pub fn forget_old(conn: Connection<'_>, now: Timestamp) -> Result<bool> {
    let forgotten = conn.query(
        "DELETE FROM withdrawn_post WHERE post_id IN
           (SELECT post_id FROM withdrawn_post WHERE withdrawn <= $1 ORDER BY withdrawn LIMIT $2)
         RETURNING post_id, created",
        &[Value::Integer(oldest(now)), Value::Integer(FORGOTTEN_MAX)],
        |row| Ok((PostId(row.integer("post_id")?), row.text("created")?)),
    )?;
    for (post, created) in &forgotten {
        discussions::forget_post(conn, *post, created)?;
    }
    Ok(i64::try_from(forgotten.len()).unwrap_or(i64::MAX) == FORGOTTEN_MAX)
}

fn oldest(now: Timestamp) -> i64 {
    now.as_second().saturating_sub(WITHDRAWN_DAYS_MAX * DAY_SECONDS)
}
