//! SQL for the index of the search, and for the queue of posts that are not in it as they are now.

use std::fmt;

use crate::db::connection::{Connection, Row, Value};
use crate::db::error::Result;
use crate::db::images::{self, Holder};
use crate::post::PostId;
use crate::search::{TEXT_BYTES_MAX, tokens};

/// Ids of an era, as a power of two. Fewer make more statements for a rare word, more make each take longer: with
/// these one of 13,000 searches among a million posts took more than 50 ms, on a busy machine of two cores.
pub(super) const ERA_BITS: u32 = 16;

/// Bytes of text from which on no other post is indexed in the same transaction.
const INDEX_BYTES_MAX: usize = TEXT_BYTES_MAX;
/// Pages of each part of the index that a transaction merges: more than it adds, even if each page is merged once for each
/// level there is. By itself FTS5 would also merge as much as there is of a level that has become full.
const MERGE_PAGES_MAX: i64 = 128;

/// An era as each of its tokens begins: hexadecimal, and then a letter that no number has.
pub(super) struct Era(pub(super) i64);

impl fmt::Display for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}x", self.0)
    }
}

/// Whether posts wait to be indexed.
pub(in crate::db) fn is_behind(conn: Connection<'_>) -> Result<bool> {
    Ok(conn.query_row("SELECT 1 AS one FROM search_queue LIMIT 1", &[], |_| Ok(()))?.is_some())
}

/// Brings the index up to date by up to so many posts, the newest first, and says by how many.
pub fn index_some(conn: Connection<'_>, posts_max: usize) -> Result<usize> {
    let queue = "SELECT post_id FROM search_queue ORDER BY post_id DESC LIMIT $1";
    let posts_max = i64::try_from(posts_max).unwrap_or(i64::MAX);
    let ids = conn.query(queue, &[Value::Integer(posts_max)], |row| row.integer("post_id"))?;
    let (mut indexed, mut bytes) = (0, 0);
    // FTS5 gathers rows that come in ascending order, and writes what it has at one that does not.
    for id in ids.into_iter().rev() {
        if bytes >= INDEX_BYTES_MAX {
            break;
        }
        bytes += index(conn, id)?;
        conn.execute("DELETE FROM search_queue WHERE post_id = $1", &[Value::Integer(id)])?;
        indexed += 1;
    }
    if indexed > 0 {
        merge(conn)?;
    }
    Ok(indexed)
}

/// Merges some of the small parts of the index, in which each transaction leaves one, into larger ones.
fn merge(conn: Connection<'_>) -> Result<()> {
    for merge in [
        "INSERT INTO search_title (search_title, rank) VALUES ('merge', $1)",
        "INSERT INTO search_text (search_text, rank) VALUES ('merge', $1)",
    ] {
        conn.execute(merge, &[Value::Integer(MERGE_PAGES_MAX)])?;
    }
    Ok(())
}

/// Replaces what the index has of a post by what there is, and says how many bytes that is. Whoever comes by here also notes
/// which pictures the post names.
fn index(conn: Connection<'_>, id: i64) -> Result<usize> {
    conn.execute("DELETE FROM search_title WHERE rowid = $1", &[Value::Integer(id)])?;
    conn.execute("DELETE FROM search_text WHERE rowid = $1", &[Value::Integer(id)])?;
    let texts = |row: &Row<'_>| Ok((row.text("title")?, row.text("body")?));
    let select = "SELECT title, body FROM post WHERE id = $1";
    let post = conn.query_row(select, &[Value::Integer(id)], texts)?;
    images::hold(conn, Holder::Post(PostId(id)), post.as_ref().map_or("", |(_, body)| body))?;
    let Some((title, body)) = post else { return Ok(0) };

    let mut document = String::new();
    add(&mut document, id, &title);
    let of_title = document.len();
    add(&mut document, id, &body);
    for (table, tokens) in [
        ("INSERT INTO search_title (rowid, tokens) VALUES ($1, $2)", document.get(..of_title)),
        ("INSERT INTO search_text (rowid, tokens) VALUES ($1, $2)", Some(document.as_str())),
    ] {
        conn.execute(table, &[Value::Integer(id), Value::Text(tokens.unwrap_or_default())])?;
    }
    Ok(title.len().min(TEXT_BYTES_MAX) + body.len().min(TEXT_BYTES_MAX))
}

/// Adds the tokens of a post's title or body.
fn add(document: &mut String, id: i64, text: &str) {
    let era = Era(id >> ERA_BITS).to_string();
    tokens(text, |token| document.extend([&era, token, " "]));
}
