//! The index of the search in SQLite: FTS5. <https://sqlite.org/fts5.html>

use super::index::{Entry, Era};
use super::place::{List, Place};
use crate::db::connection::{Connection, Value};
use crate::db::error::Result;
use crate::db::posts;
use crate::post::Post;
use crate::search::{Query, Term};

/// Ids of an era, as a power of two. Fewer make more statements for a rare word, more make each take longer: with
/// these one of 13,000 searches among a million posts took more than 50 ms, on a busy machine of two cores.
pub(super) const ERA_BITS: u32 = 16;

/// Pages of each part of the index that a transaction merges: more than it adds, even if each page is merged once for each
/// level there is. By itself FTS5 would also merge as much as there is of a level that has become full.
const MERGE_PAGES_MAX: i64 = 128;

/// Replaces what the index has of a post.
pub(super) fn replace(conn: Connection<'_>, id: i64, entry: Option<Entry<'_>>) -> Result<()> {
    conn.execute("DELETE FROM search_title WHERE rowid = $1", &[Value::Integer(id)])?;
    conn.execute("DELETE FROM search_text WHERE rowid = $1", &[Value::Integer(id)])?;
    let Some(Entry { title, text }) = entry else { return Ok(()) };
    for (insert, tokens) in [
        ("INSERT INTO search_title (rowid, tokens) VALUES ($1, $2)", title),
        ("INSERT INTO search_text (rowid, tokens) VALUES ($1, $2)", text),
    ] {
        conn.execute(insert, &[Value::Integer(id), Value::Text(tokens)])?;
    }
    Ok(())
}

/// Merges some of the small parts of the index, in which each transaction leaves one, into larger ones.
pub(super) fn merge(conn: Connection<'_>) -> Result<()> {
    for merge in [
        "INSERT INTO search_title (search_title, rank) VALUES ('merge', $1)",
        "INSERT INTO search_text (search_text, rank) VALUES ('merge', $1)",
    ] {
        conn.execute(merge, &[Value::Integer(MERGE_PAGES_MAX)])?;
    }
    Ok(())
}

/// Posts that match, the newest first, from `newest` to the end of its era: the newest post there is at `place`.
pub(super) fn find(
    conn: Connection<'_>,
    query: &Query,
    place: Place,
    newest: i64,
    posts_max: usize,
) -> Result<Vec<Post>> {
    let expression = expression(query, &Era(newest >> ERA_BITS));
    let posts_max = i64::try_from(posts_max).unwrap_or(i64::MAX);
    let values = [Value::Text(&expression), Value::Integer(newest), Value::Integer(posts_max)];
    conn.query(select(place.list), &values, posts::post)
}

/// The terms in FTS5's language, quoted: no letter, digit or mark can end the quotation.
fn expression(query: &Query, era: &Era) -> String {
    let terms = query.terms().into_iter().map(|term| match term {
        Term::Token(token) => format!("\"{era}{token}\""),
        Term::Beginning(beginning) => format!("\"{era}{beginning}\" *"),
    });
    terms.collect::<Vec<_>>().join(" AND ")
}

/// Posts of an era that match, the newest first. `CROSS` keeps the order: the index first, which has the rows in the order
/// of the results.
fn select(list: List) -> &'static str {
    match list {
        List::Title => concat!(
            "SELECT ",
            posts::columns!(),
            r#" FROM search_title s CROSS JOIN post p ON p.id = s.rowid CROSS JOIN "user" u ON u.id = p.author_id
               WHERE s.search_title MATCH $1 AND s.rowid <= $2 ORDER BY s.rowid DESC LIMIT $3"#
        ),
        List::Text => concat!(
            "SELECT ",
            posts::columns!(),
            r#" FROM search_text s CROSS JOIN post p ON p.id = s.rowid CROSS JOIN "user" u ON u.id = p.author_id
               WHERE s.search_text MATCH $1 AND s.rowid <= $2 ORDER BY s.rowid DESC LIMIT $3"#
        ),
    }
}
