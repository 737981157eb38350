//! SQL for the search of posts: SQLite's FTS5, and a queue of posts that are not in its index as they are now.
//!
//! Newest first is the order in which FTS5 finds them, so a page of common words is found without a look at the rest. Two
//! things would need one: words that are each common and never together, and a beginning that many words have. So each
//! token in the index begins with the era of its post, which is so many ids; a statement searches one era, and none
//! is begun when a page has taken its time.

use std::fmt;
use std::fmt::Write;
use std::str::FromStr;
use std::time::{Duration, Instant};

use super::connection::{Connection, Value};
use super::error::Result;
use super::posts;
use crate::post::Post;
use crate::search::{Query, TEXT_BYTES_MAX, Term, tokens};

/// Ids of an era, as a power of two. Fewer make more statements for a rare word, more make each take longer: 65,536 posts
/// are searched in 10 ms at worst.
const ERA_BITS: u32 = 16;
/// How long a page is searched for. What is found by then is shown, and the rest on the next page.
const PAGE_TIME_MAX: Duration = Duration::from_millis(25);
/// Bytes of text that are indexed in one transaction, but for one post, which may be longer by itself.
const INDEX_BYTES_MAX: usize = 4 * TEXT_BYTES_MAX;

/// Where a page of results begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    list: List,
    /// The highest id that is still to be looked at.
    from: i64,
}

/// Results are those of the first list, and then those of the second that are not in the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    /// Posts with all words in the title.
    Title,
    /// Posts with all words in the title or the text.
    Text,
}

/// The text is no place in any results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPlace;

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

/// The same, with at least one step between two looks at whether it is late.
fn find_until(
    conn: Connection<'_>,
    query: &Query,
    from: Option<Place>,
    posts_max: usize,
    is_late: impl Fn() -> bool,
) -> Result<Found> {
    let mut next = Some(from.unwrap_or(Place::FIRST));
    let mut found: Vec<(Place, Post)> = Vec::new();
    while let Some(place) = next
        && found.len() <= posts_max
        && (next == from || !is_late())
    {
        next = step(conn, query, place, posts_max + 1 - found.len(), &mut found)?;
    }
    if found.len() > posts_max {
        found.truncate(posts_max);
        next = found.last().map_or(from, |(place, _)| place.below());
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
    let newest = "SELECT max(id) AS id FROM post WHERE id <= $1 HAVING max(id) IS NOT NULL";
    let Some(newest) = conn.query_row(newest, &[Value::Integer(place.from)], |row| row.integer("id"))? else {
        return Ok(place.next_list());
    };
    let era = newest >> ERA_BITS;
    let rows_max = i64::try_from(posts_max).unwrap_or(i64::MAX);
    let candidates = conn.query(
        place.list.sql(),
        &[Value::Text(&expression(query, era)), Value::Integer(newest), Value::Integer(rows_max)],
        posts::post,
    )?;
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
    Ok(Place { from: last.unwrap_or(era << ERA_BITS), ..place }.below())
}

/// The terms in FTS5's language, quoted: no letter, digit or mark can end the quotation.
fn expression(query: &Query, era: i64) -> String {
    let mut expression = String::new();
    for term in query.terms() {
        let (token, sign) = match &term {
            Term::Token(token) => (token, ""),
            Term::Beginning(beginning) => (beginning, " *"),
        };
        let and = if expression.is_empty() { "" } else { " AND " };
        let _ = write!(expression, "{and}\"{}{token}\"{sign}", Era(era)); // a text can always be written to
    }
    expression
}

/// An era as each of its tokens begins: hexadecimal, and then a letter that no number has.
struct Era(i64);

impl fmt::Display for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}x", self.0)
    }
}

/// Whether posts wait to be indexed.
pub(super) fn is_behind(conn: Connection<'_>) -> Result<bool> {
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
    Ok(indexed)
}

/// Replaces what the index has of a post by what there is, and says how many bytes that is.
fn index(conn: Connection<'_>, id: i64) -> Result<usize> {
    conn.execute("DELETE FROM search_title WHERE rowid = $1", &[Value::Integer(id)])?;
    conn.execute("DELETE FROM search_text WHERE rowid = $1", &[Value::Integer(id)])?;
    let texts = |row: &super::Row<'_>| Ok((row.text("title")?, row.text("body")?));
    let select = "SELECT title, body FROM post WHERE id = $1";
    let Some((title, body)) = conn.query_row(select, &[Value::Integer(id)], texts)? else { return Ok(0) };

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
    Ok((title.len() + body.len()).min(2 * TEXT_BYTES_MAX))
}

/// Adds the tokens of a post's title or body.
fn add(document: &mut String, id: i64, text: &str) {
    let era = Era(id >> ERA_BITS).to_string();
    tokens(text, |token| document.extend([&era, token, " "]));
}

impl List {
    /// `CROSS` keeps the order: the index first, which has the rows in the order of the results.
    fn sql(self) -> &'static str {
        match self {
            Self::Title => {
                r#"SELECT p.id, p.author_id, u.username, p.created, p.title, p.body
                     FROM search_title s CROSS JOIN post p ON p.id = s.rowid CROSS JOIN "user" u ON u.id = p.author_id
                    WHERE s.search_title MATCH $1 AND s.rowid <= $2 ORDER BY s.rowid DESC LIMIT $3"#
            }
            Self::Text => {
                r#"SELECT p.id, p.author_id, u.username, p.created, p.title, p.body
                     FROM search_text s CROSS JOIN post p ON p.id = s.rowid CROSS JOIN "user" u ON u.id = p.author_id
                    WHERE s.search_text MATCH $1 AND s.rowid <= $2 ORDER BY s.rowid DESC LIMIT $3"#
            }
        }
    }
}

impl Place {
    const FIRST: Self = Self { list: List::Title, from: i64::MAX };

    fn below(self) -> Option<Self> {
        match self.from.checked_sub(1) {
            Some(from) => Some(Self { from, ..self }),
            None => self.next_list(),
        }
    }

    fn next_list(self) -> Option<Self> {
        (self.list == List::Title).then_some(Self { list: List::Text, ..Self::FIRST })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = match self.list {
            List::Title => "title",
            List::Text => "text",
        };
        write!(f, "{list}-{}", self.from)
    }
}

impl FromStr for Place {
    type Err = NotAPlace;

    /// What is displayed, or any other number in its place.
    fn from_str(text: &str) -> std::result::Result<Self, NotAPlace> {
        let (list, from) = text.split_once('-').ok_or(NotAPlace)?;
        let list = match list {
            "title" => List::Title,
            "text" => List::Text,
            _ => return Err(NotAPlace),
        };
        from.parse().map(|from| Self { list, from }).map_err(|_| NotAPlace)
    }
}
