//! SQL for the search of posts: the index of the engine, and a queue of posts that are not in it as they are now.
//!
//! Newest first is the order in which FTS5 finds them, so a page of common words is found without a look at the rest. Two
//! things would need one: words that are each common and never together, and a beginning that many words have. So each
//! token in the index begins with the era of its post, which is so many ids; a statement searches one era, and none
//! is begun when a page has taken its time.

mod fts5;
mod gin;
mod index;
mod place;

use std::time::{Duration, Instant};

use super::connection::{Connection, Engine, Value};
use super::error::Result;
use crate::post::Post;
use crate::search::Query;
use index::era_bits;
pub use index::index_some;
pub(super) use index::{index_next, is_behind};
use place::List;
pub use place::{NotAPlace, Place};

/// How long a page is searched for. What is found by then is shown, and the rest on the next page.
const PAGE_TIME_MAX: Duration = Duration::from_millis(25);
/// Steps that are taken however long they take: as many as all of a small blog needs, the end of both lists among them.
const STEPS_MIN: usize = 4;

/// A page of results.
#[derive(Clone, Debug)]
pub struct Found {
    /// The posts, those with a matching title first, each part newest first.
    pub posts: Vec<Post>,
    /// Where the next page begins, unless this is the last. There may be one though this one is short, or empty: then the
    /// search has taken its time.
    pub next: Option<Place>,
}

/// Posts that match, at most `posts_max`, from the first or from a place that a page before this has named.
pub fn find(conn: Connection<'_>, query: &Query, from: Option<Place>, posts_max: usize) -> Result<Found> {
    let begun = Instant::now();
    find_until(conn, query, from, posts_max, || begun.elapsed() >= PAGE_TIME_MAX)
}

/// The same, until it is late, but for its first steps.
fn find_until(
    conn: Connection<'_>,
    query: &Query,
    from: Option<Place>,
    posts_max: usize,
    is_late: impl Fn() -> bool,
) -> Result<Found> {
    let first = from.unwrap_or(Place::FIRST);
    let mut next = Some(first);
    let mut found: Vec<(Place, Post)> = Vec::new();
    let mut steps = 0;
    while let Some(place) = next
        && found.len() <= posts_max
        && (steps < STEPS_MIN || !is_late())
    {
        steps += 1;
        next = step(conn, query, place, posts_max + 1 - found.len(), &mut found)?;
    }
    if found.len() > posts_max {
        found.truncate(posts_max);
        next = found.last().map_or(Some(first), |(place, _)| place.below());
    }
    Ok(Found { posts: found.into_iter().map(|(_, post)| post).collect(), next })
}

/// Looks at some posts from `place` on, and says where to go on.
fn step(
    conn: Connection<'_>,
    query: &Query,
    place: Place,
    posts_max: usize,
    found: &mut Vec<(Place, Post)>,
) -> Result<Option<Place>> {
    // Not every id is a post's, and not every era has one.
    let newest = "SELECT id FROM post WHERE id <= $1 ORDER BY id DESC LIMIT 1";
    let Some(newest) = conn.query_row(newest, &[Value::Integer(place.from)], |row| row.integer("id"))? else {
        return Ok(place.next_list());
    };
    let candidates = match conn.engine() {
        Engine::Sqlite => fts5::find(conn, query, place, newest, posts_max),
        Engine::Postgres => gin::find(conn, query, place, newest, posts_max),
    }?;
    let last = candidates.last().filter(|_| candidates.len() == posts_max).map(|post| post.id.0);
    for post in candidates {
        // The index knows neither the order of tokens nor what was written a moment ago, and the first list has had the
        // titles.
        let in_title = query.matches(&[&post.title]);
        let is_result = match place.list {
            List::Title => in_title,
            List::Text => !in_title && query.matches(&[&post.title, &post.body]),
        };
        if is_result {
            found.push((Place { from: post.id.0, ..place }, post));
        }
    }
    let bits = era_bits(conn.engine());
    let oldest = (newest >> bits) << bits; // of the era
    Ok(Place { from: last.unwrap_or(oldest), ..place }.below())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]
mod tests {
    use super::*;

    /// A page that is late ends where it is, and the next goes on there: in the end everything is found, once.
    #[test]
    fn late() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("flaskr.sqlite");
        super::super::sqlite::init(&path, "2026-01-01T00:00:00Z".parse().unwrap()).unwrap();
        let sqlite = rusqlite::Connection::open(&path).unwrap();
        sqlite.execute_batch(r#"INSERT INTO "user" (username, password) VALUES ('a', 'x')"#).unwrap();
        for era in 0..5 {
            let post =
                "INSERT INTO post (id, author_id, title, body) VALUES (?1, 1, 'word', ''), (?1 + 1, 1, 't', 'word')";
            sqlite.execute(post, [(era << fts5::ERA_BITS) + 7]).unwrap();
        }
        let conn = Connection::from(&sqlite);
        index_some(conn, 100).unwrap();

        let query = Query::parse("word").unwrap();
        let (mut ids, mut pages, mut next) = (Vec::new(), 0, Some(Place::FIRST));
        while let Some(from) = next {
            let page = find_until(conn, &query, Some(from), 9, || true).unwrap();
            assert!(page.posts.len() <= STEPS_MIN, "one step, one era");
            ids.extend(page.posts.iter().map(|post| post.id.0 % (1 << fts5::ERA_BITS)));
            (pages, next) = (pages + 1, page.next);
        }
        assert_eq!(ids, [7, 7, 7, 7, 7, 8, 8, 8, 8, 8]);
        assert!(pages >= 3, "{pages}");
    }
}
