//! SQL for the index of the search, and for the queue of posts that are not in it as they are now.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{fts5, gin};
use crate::db::connection::{Connection, Engine, Row, Value};
use crate::db::error::{Error, Result};
use crate::db::images::{self, Holder};
use crate::post::PostId;
use crate::search::{TEXT_BYTES_MAX, tokens};

/// Posts that are indexed in one transaction, which took 13 ms among a million posts, and one in a hundred 40 ms, on a busy
/// machine of two cores: so long does a write wait that comes meanwhile.
const POSTS_MAX: usize = 100;
/// Bytes of text from which on no other post is indexed in the same transaction.
const INDEX_BYTES_MAX: usize = TEXT_BYTES_MAX;

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

/// Brings the index up to date by as many posts as one transaction may take.
pub(in crate::db) fn index_next(conn: Connection<'_>) -> Result<()> {
    // A panic, of which the hook has told, must not end all writing.
    let indexed = catch_unwind(AssertUnwindSafe(|| index_some(conn, POSTS_MAX)));
    indexed.unwrap_or(Err(Error::Stopped)).map(|_| ())
}

/// Brings the index up to date by up to so many posts, the newest first, and says by how many.
pub fn index_some(conn: Connection<'_>, posts_max: usize) -> Result<usize> {
    let queue = "SELECT post_id FROM search_queue ORDER BY post_id DESC LIMIT $1";
    let posts_max = i64::try_from(posts_max).unwrap_or(i64::MAX);
    let mut ids = conn.query(queue, &[Value::Integer(posts_max)], |row| row.integer("post_id"))?;
    ids.reverse(); // FTS5 gathers rows that come in ascending order, and writes what it has at one that does not
    let (mut indexed, mut bytes) = (0, 0);
    for &id in &ids {
        if bytes >= INDEX_BYTES_MAX {
            break;
        }
        bytes += index(conn, id)?;
        indexed += 1;
    }
    if let (Some(&first), Some(&last)) = (ids.first(), ids.get(..indexed).and_then(<[i64]>::last)) {
        // All that waits between the two is indexed: nobody else writes meanwhile.
        let done = "DELETE FROM search_queue WHERE post_id BETWEEN $1 AND $2";
        conn.execute(done, &[Value::Integer(first), Value::Integer(last)])?;
    }
    if indexed > 0 && conn.engine() == Engine::Sqlite {
        fts5::merge(conn)?;
    }
    Ok(indexed)
}

/// Replaces what the index has of a post by what there is, and says how many bytes that is. Whoever comes by here also notes
/// which pictures the post names.
fn index(conn: Connection<'_>, id: i64) -> Result<usize> {
    let texts = |row: &Row<'_>| Ok((row.text("title")?, row.text("body")?));
    let select = "SELECT title, body FROM post WHERE id = $1";
    let post = conn.query_row(select, &[Value::Integer(id)], texts)?;
    images::hold(conn, Holder::Post(PostId(id)), post.as_ref().map_or("", |(_, body)| body))?;
    let Some((title, body)) = post else {
        replace(conn, id, None)?;
        return Ok(0);
    };

    let mut document = String::new();
    let era = era_of(conn, id);
    add(&mut document, &era, &title);
    let of_title = document.len();
    add(&mut document, &era, &body);
    replace(conn, id, Some(Entry { title: document.get(..of_title).unwrap_or_default(), text: &document }))?;
    Ok(title.len().min(TEXT_BYTES_MAX) + body.len().min(TEXT_BYTES_MAX))
}

/// What the index has of a post: tokens, each followed by a space.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) title: &'a str,
    /// Of the title too.
    pub(super) text: &'a str,
}

fn replace(conn: Connection<'_>, id: i64, entry: Option<Entry<'_>>) -> Result<()> {
    match conn.engine() {
        Engine::Sqlite => fts5::replace(conn, id, entry),
        Engine::Postgres => gin::replace(conn, id, entry),
    }
}

/// Ids of an era, as a power of two.
pub(super) fn era_bits(engine: Engine) -> u32 {
    match engine {
        Engine::Sqlite => fts5::ERA_BITS,
        Engine::Postgres => gin::ERA_BITS,
    }
}

fn era_of(conn: Connection<'_>, id: i64) -> String {
    Era(id >> era_bits(conn.engine())).to_string()
}

/// Adds the tokens of a post's title or body.
fn add(document: &mut String, era: &str, text: &str) {
    tokens(text, |token| document.extend([era, token, " "]));
}
