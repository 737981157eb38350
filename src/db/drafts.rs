//! SQL for drafts: what an author has not published.

use super::connection::{Connection, Row, Value};
use super::error::Result;
use super::images::{self, Holder};
use crate::content::Written;
use crate::post::DraftId;
use crate::user::User;

/// A draft in the list of its author's.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The number.
    pub id: DraftId,
    /// The title, which may be empty.
    pub title: String,
    /// When it was last changed: UTC.
    pub updated: String,
}

/// The author's drafts, the newest first, from before this one on.
pub fn list(conn: Connection<'_>, author: &User, before: DraftId, drafts_max: usize) -> Result<Vec<Listed>> {
    conn.query(
        "SELECT id, title, updated FROM draft
          WHERE author_id = $1 AND id < $2 AND username = $3 ORDER BY id DESC LIMIT $4",
        &[
            Value::Integer(author.id.0),
            Value::Integer(before.0),
            Value::Text(&author.username),
            Value::Integer(i64::try_from(drafts_max).unwrap_or(i64::MAX)),
        ],
        |row| Ok(Listed { id: DraftId(row.integer("id")?), title: row.text("title")?, updated: row.text("updated")? }),
    )
}

/// A draft of this author's.
pub fn find(conn: Connection<'_>, id: DraftId, author: &User) -> Result<Option<Written>> {
    conn.query_row(
        "SELECT title, body, tags, format FROM draft WHERE id = $1 AND author_id = $2 AND username = $3",
        &[Value::Integer(id.0), Value::Integer(author.id.0), Value::Text(&author.username)],
        written,
    )
}

/// Adds a draft.
pub fn insert(conn: Connection<'_>, author: &User, draft: &Written, now: &str) -> Result<DraftId> {
    let Written { title, body, tags, format } = draft;
    let id = conn.query_row(
        "INSERT INTO draft (author_id, username, title, body, tags, format, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        &[
            Value::Integer(author.id.0),
            Value::Text(&author.username),
            Value::Text(title),
            Value::Text(body),
            Value::Text(tags),
            Value::Text(format.as_str()),
            Value::Text(now),
        ],
        |row| row.integer("id"),
    )?;
    let id = DraftId(id.unwrap_or_default()); // there is always one row
    images::hold(conn, Holder::Draft(id), body)?;
    Ok(id)
}

/// Changes a draft of this author's. Says whether there is one.
pub fn update(conn: Connection<'_>, id: DraftId, author: &User, draft: &Written, now: &str) -> Result<bool> {
    let Written { title, body, tags, format } = draft;
    let changed = conn.execute(
        "UPDATE draft SET title = $1, body = $2, tags = $3, format = $4, updated = $5
          WHERE id = $6 AND author_id = $7 AND username = $8",
        &[
            Value::Text(title),
            Value::Text(body),
            Value::Text(tags),
            Value::Text(format.as_str()),
            Value::Text(now),
            Value::Integer(id.0),
            Value::Integer(author.id.0),
            Value::Text(&author.username),
        ],
    )?;
    if changed == 1 {
        images::hold(conn, Holder::Draft(id), body)?;
    }
    Ok(changed == 1)
}

/// Deletes a draft of this author's. Says whether there was one.
pub fn delete(conn: Connection<'_>, id: DraftId, author: &User) -> Result<bool> {
    let deleted = conn.execute(
        "DELETE FROM draft WHERE id = $1 AND author_id = $2 AND username = $3",
        &[Value::Integer(id.0), Value::Integer(author.id.0), Value::Text(&author.username)],
    )?;
    Ok(deleted == 1)
}

/// Reads what an author typed.
pub(super) fn written(row: &Row<'_>) -> Result<Written> {
    Ok(Written {
        title: row.text("title")?,
        body: row.text("body")?,
        tags: row.text("tags")?,
        format: row.text("format")?.parse().unwrap_or_default(), // of a newer program: as it is
    })
}
