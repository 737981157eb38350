//! The index of the search in `PostgreSQL`: its text search without its dictionaries, since only tokens come in.
//! <https://www.postgresql.org/docs/current/textsearch.html>

use super::index::{Entry, Era};
use super::place::List;
use crate::db::connection::{Connection, Value};
use crate::db::error::Result;
use crate::db::posts;
use crate::search::{Query, Term};

/// Ids of an era, as a power of two. All posts of an era that match are found before they are put in order, so these are
/// fewer than SQLite's.
pub(super) const ERA_BITS: u32 = 13;

/// Replaces what the index has of a post.
pub(super) fn replace(conn: Connection<'_>, id: i64, entry: Option<Entry<'_>>) -> Result<()> {
    let Some(Entry { title, text }) = entry else {
        return conn.execute("DELETE FROM search_entry WHERE post_id = $1", &[Value::Integer(id)]).map(|_| ());
    };
    // No token has a space in it, and the last is followed by one.
    let replace = "INSERT INTO search_entry (post_id, title, text)
                   VALUES ($1, array_to_tsvector(array_remove(string_to_array($2::text, ' '), '')),
                               array_to_tsvector(array_remove(string_to_array($3::text, ' '), '')))
                   ON CONFLICT (post_id) DO UPDATE SET title = excluded.title, text = excluded.text";
    conn.execute(replace, &[Value::Integer(id), Value::Text(title), Value::Text(text)]).map(|_| ())
}

/// The terms in the language of its text search, quoted: no letter, digit or mark can end the quotation.
pub(super) fn expression(query: &Query, era: &Era) -> String {
    let terms = query.terms().into_iter().map(|term| match term {
        Term::Token(token) => format!("'{era}{token}'"),
        Term::Beginning(beginning) => format!("'{era}{beginning}':*"),
    });
    terms.collect::<Vec<_>>().join(" & ")
}

/// Posts of an era that match, the newest first. Its first id is said too: what matches nothing would be looked for in all entries.
pub(super) fn select(list: List) -> &'static str {
    match list {
        List::Title => concat!(
            "SELECT ",
            posts::columns!(),
            r#" FROM search_entry s JOIN post p ON p.id = s.post_id JOIN "user" u ON u.id = p.author_id
               WHERE s.title @@ $1::text::tsquery AND s.post_id <= $2 AND s.post_id >= $4 ORDER BY s.post_id DESC LIMIT $3"#
        ),
        List::Text => concat!(
            "SELECT ",
            posts::columns!(),
            r#" FROM search_entry s JOIN post p ON p.id = s.post_id JOIN "user" u ON u.id = p.author_id
               WHERE s.text @@ $1::text::tsquery AND s.post_id <= $2 AND s.post_id >= $4 ORDER BY s.post_id DESC LIMIT $3"#
        ),
    }
}
