//! The index of the search in `PostgreSQL`: its text search without its dictionaries, since only tokens come in.
//! <https://www.postgresql.org/docs/current/textsearch.html>

use super::index::{Entry, Era};
use super::place::{List, Place};
use crate::db::connection::{Connection, Value};
use crate::db::error::Result;
use crate::db::posts;
use crate::post::Post;
use crate::search::{Query, Term};

/// Ids of an era, as a power of two. All posts of an era that match are found before they are put in order, so these are
/// fewer than SQLite's.
pub(super) const ERA_BITS: u32 = 13;

/// Ids from the newest on in which each post is looked at: a word that a fifth of all posts has fills a page so in 0.3 ms, where
/// the index took 10 ms. One that fewer have is in 1,600 posts of an era at most, which the index finds in 2 ms.
const WALKED_IDS: i64 = 32;

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

/// Posts that match, the newest first, from `newest` to the end of its era: the newest post there is at `place`.
///
/// The first few are looked at one by one: that finds words that many posts have, of which the index would have to find all of
/// the era. What is not found so is asked of the index, for which few posts are little; and where that had too few in the era
/// before, it is asked at once.
pub(super) fn find(
    conn: Connection<'_>,
    query: &Query,
    place: Place,
    newest: i64,
    posts_max: usize,
) -> Result<Vec<Post>> {
    let era = Era(newest >> ERA_BITS);
    let expression = expression(query, &era);
    let select = |statement, from, to, posts_max: usize| {
        let posts_max = Value::Integer(i64::try_from(posts_max).unwrap_or(i64::MAX));
        let values = [Value::Text(&expression), Value::Integer(from), Value::Integer(to), posts_max];
        conn.query(statement, &values, posts::post)
    };
    let oldest = era.0 << ERA_BITS;
    let is_behind_an_era = place.from.checked_add(1).is_some_and(|before| before % (1 << ERA_BITS) == 0);
    if is_behind_an_era {
        return select(by_index(place.list), oldest, newest, posts_max);
    }
    let walked = oldest.max(newest.saturating_sub(WALKED_IDS - 1));
    let mut found = select(by_walk(place.list), walked, newest, posts_max)?;
    if walked > oldest && found.len() < posts_max {
        found.extend(select(by_index(place.list), oldest, walked - 1, posts_max - found.len())?);
    }
    Ok(found)
}

/// The terms in the language of its text search, quoted: no letter, digit or mark can end the quotation.
fn expression(query: &Query, era: &Era) -> String {
    let terms = query.terms().into_iter().map(|term| match term {
        Term::Token(token) => format!("'{era}{token}'"),
        Term::Beginning(beginning) => format!("'{era}{beginning}':*"),
    });
    terms.collect::<Vec<_>>().join(" & ")
}

/// `OFFSET 0` has the inner part done first and as it is, and `ORDER BY` the one around it, whatever the planner would take for
/// shorter: it does not know how many posts have a word. What is counted are posts: an entry may have none any more.
macro_rules! select {
    ($inner:literal, $outer:literal) => {
        concat!(
            "SELECT ",
            posts::columns!(),
            " FROM (SELECT post_id FROM (SELECT post_id, title, text FROM search_entry WHERE ",
            $inner,
            " OFFSET 0) e WHERE ",
            $outer,
            r#" ORDER BY post_id DESC) s
               JOIN post p ON p.id = s.post_id JOIN "user" u ON u.id = p.author_id ORDER BY s.post_id DESC LIMIT $4"#
        )
    };
}

/// The statement that looks at each post of a few.
fn by_walk(list: List) -> &'static str {
    match list {
        List::Title => {
            select!("post_id BETWEEN $2 AND $3 ORDER BY post_id DESC", "title @@ $1::text::tsquery")
        }
        List::Text => select!("post_id BETWEEN $2 AND $3 ORDER BY post_id DESC", "text @@ $1::text::tsquery"),
    }
}

/// The statement that has the index find all of an era before they are put in order.
fn by_index(list: List) -> &'static str {
    match list {
        List::Title => select!("title @@ $1::text::tsquery", "post_id BETWEEN $2 AND $3"),
        List::Text => select!("text @@ $1::text::tsquery", "post_id BETWEEN $2 AND $3"),
    }
}
