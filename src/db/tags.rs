//! SQL for tags.

use super::connection::{Connection, Row, Value};
use super::error::Result;
use crate::post::PostId;
use crate::tag::{self, Tags};

/// A tag that some post may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTag {
    /// The number.
    pub id: i64,
    /// As it was first written.
    pub name: String,
}

/// The tag of this name, however it is written.
pub fn find(conn: Connection<'_>, name: &str) -> Result<Option<StoredTag>> {
    conn.query_row("SELECT id, name FROM tag WHERE folded = $1", &[Value::Text(&tag::folded(name))], stored)
}

/// The tags of a post, in the order of the alphabet.
pub fn of_post(conn: Connection<'_>, post: PostId) -> Result<Vec<StoredTag>> {
    conn.query(
        "SELECT t.id, t.name
           FROM post_tag pt JOIN tag t ON t.id = pt.tag_id JOIN post p ON p.id = pt.post_id AND p.created = pt.created
          WHERE pt.post_id = $1 ORDER BY t.folded",
        &[Value::Integer(post.0)],
        stored,
    )
}

/// Tags that posts have, in the order of the alphabet, from behind this one on.
pub fn after(conn: Connection<'_>, name: &str, tags_max: usize) -> Result<Vec<StoredTag>> {
    conn.query(
        "SELECT t.id, t.name FROM tag t
          WHERE t.folded > $1 AND EXISTS (SELECT 1 FROM post_tag pt WHERE pt.tag_id = t.id)
          ORDER BY t.folded LIMIT $2",
        &[Value::Text(&tag::folded(name)), Value::Integer(i64::try_from(tags_max).unwrap_or(i64::MAX))],
        stored,
    )
}

/// Puts a post under these tags, and under no other.
pub(super) fn set(conn: Connection<'_>, post: PostId, tags: &Tags) -> Result<()> {
    let old = conn.query("SELECT tag_id FROM post_tag WHERE post_id = $1", &[Value::Integer(post.0)], |row| {
        row.integer("tag_id")
    })?;
    conn.execute("DELETE FROM post_tag WHERE post_id = $1", &[Value::Integer(post.0)])?;
    for tag in tags.iter() {
        let (name, folded) = (tag.as_str(), tag::folded(tag.as_str()));
        conn.execute(
            "INSERT INTO tag (folded, name) VALUES ($1, $2) ON CONFLICT (folded) DO NOTHING",
            &[Value::Text(&folded), Value::Text(name)],
        )?;
        conn.execute(
            "INSERT INTO post_tag (tag_id, created, post_id)
             SELECT t.id, p.created, p.id FROM tag t, post p WHERE t.folded = $1 AND p.id = $2",
            &[Value::Text(&folded), Value::Integer(post.0)],
        )?;
    }
    old.into_iter().try_for_each(|id| forget_unused(conn, id))
}

/// So that the next who writes it decides how it is written.
fn forget_unused(conn: Connection<'_>, id: i64) -> Result<()> {
    conn.execute(
        "DELETE FROM tag WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM post_tag pt WHERE pt.tag_id = tag.id)",
        &[Value::Integer(id)],
    )?;
    Ok(())
}

fn stored(row: &Row<'_>) -> Result<StoredTag> {
    Ok(StoredTag { id: row.integer("id")?, name: row.text("name")? })
}
