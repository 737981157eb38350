//! SQL for posts.

use super::connection::{Connection, Row, Value};
use super::error::Result;
use super::tags;
use crate::content::{Content, Format, Written};
use crate::post::{List, Part, Place, Post, PostId};
use crate::user::UserId;

/// Whose posts a list has.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    /// Everybody's.
    All,
    /// Those of one author.
    Of(UserId),
    /// Those under one tag.
    Tagged(i64),
}

/// The columns of a post, whose tables are `p` and `u`.
macro_rules! columns {
    () => {
        "p.id, p.author_id, u.username, p.created, p.title, p.body,
           (SELECT c.updated FROM post_update c WHERE c.post_id = p.id AND c.created = p.created) AS updated,
           EXISTS (SELECT 1 FROM markdown_post m WHERE m.post_id = p.id AND m.created = p.created) AS is_markdown"
    };
}

pub(super) use columns;

/// A part of a list, of at most so many posts. What it costs depends on these alone, however long the list is.
pub fn list(conn: Connection<'_>, scope: Scope, part: &Part, posts_max: usize) -> Result<List> {
    // One more tells whether there is more.
    let mut posts = Select { conn, scope, columns: columns!() }.part(part, posts_max + 1, post)?;
    let has_more = posts.len() > posts_max;
    posts.truncate(posts_max);
    if let Part::After(_) = part {
        if !has_more {
            // The newest posts, a whole page of them.
            return list(conn, scope, &Part::Newest, posts_max);
        }
        posts.reverse();
        let (newer, older) = (posts.first().map(Post::place), posts.last().map(Post::place));
        return Ok(List { newer: newer.map(Part::After), older: older.map(Part::Before), posts });
    }
    let newer = match (part, posts.first()) {
        (Part::Before(_), Some(first)) => newer_part(conn, scope, first.place(), posts_max)?,
        (Part::Before(_), None) => Some(Part::Newest),
        _ => None,
    };
    let older = posts.last().filter(|_| has_more).map(|last| Part::Before(last.place()));
    Ok(List { posts, newer, older })
}

/// How many posts of a part, of at most so many, have texts of at most so many bytes together: one at least.
pub fn how_many_fit(
    conn: Connection<'_>,
    scope: Scope,
    part: &Part,
    posts_max: usize,
    bytes_max: usize,
) -> Result<usize> {
    // Their lengths are read and not the texts.
    let columns = "octet_length(p.title) + octet_length(p.body) AS bytes";
    let lengths = Select { conn, scope, columns }.part(part, posts_max, |row| row.integer("bytes"))?;
    let mut left = i64::try_from(bytes_max).unwrap_or(i64::MAX);
    let fit = lengths.into_iter().take_while(|bytes| {
        left = left.saturating_sub(*bytes);
        left >= 0
    });
    Ok(fit.count().max(1))
}

/// The part right before this place: the newest posts, if there are no more than fit there.
fn newer_part(conn: Connection<'_>, scope: Scope, place: Place, posts_max: usize) -> Result<Option<Part>> {
    let part = Part::After(place);
    let ids = Select { conn, scope, columns: "p.id" }.part(&part, posts_max + 1, |row| row.integer("id"))?;
    Ok(match ids.len() {
        0 => None,
        newer if newer > posts_max => Some(part),
        _ => Some(Part::Newest),
    })
}

/// What is read of the posts of a list.
#[derive(Clone, Copy)]
struct Select<'a> {
    conn: Connection<'a>,
    scope: Scope,
    columns: &'a str,
}

impl Select<'_> {
    /// The posts from a place on: in their order, or, where newer ones are asked for, in the reverse of it.
    fn part<T>(self, part: &Part, posts_max: usize, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let (place, compared, direction) = match part {
            Part::Newest => return self.run("TRUE", &[], "DESC", posts_max, read),
            Part::Before(place) => (place, "<", "DESC"),
            Part::After(place) => (place, ">", "ASC"),
        };
        // SQLite would go through all posts of the same second for `(created, id) < ($1, $2)`.
        let (created, id) = (Value::Text(&place.created), Value::Integer(place.id.0));
        let same = format!("o.created = $1 AND o.id {compared} $2");
        let mut posts = self.run(&same, &[created, id], direction, posts_max, &read)?;
        let left = posts_max - posts.len();
        if left > 0 {
            posts.extend(self.run(&format!("o.created {compared} $1"), &[created], direction, left, &read)?);
        }
        Ok(posts)
    }

    fn run<T>(
        self,
        bound: &str,
        bounds: &[Value<'_>],
        direction: &str,
        posts_max: usize,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut values = bounds.to_vec();
        let mut parameter = |value| {
            values.push(value);
            format!("${}", values.len())
        };
        // `o` is what has the order.
        let (from, scoped) = match self.scope {
            Scope::All => ("post p", "TRUE".to_owned()),
            Scope::Of(UserId(id)) => ("post p", format!("p.author_id = {}", parameter(Value::Integer(id)))),
            Scope::Tagged(id) => (
                "post_tag t JOIN post p ON p.id = t.post_id AND p.created = t.created",
                format!("t.tag_id = {}", parameter(Value::Integer(id))),
            ),
        };
        let (created, id) = match self.scope {
            Scope::All | Scope::Of(_) => ("p.created", "p.id"),
            Scope::Tagged(_) => ("t.created", "t.post_id"),
        };
        let limit = parameter(Value::Integer(i64::try_from(posts_max).unwrap_or(i64::MAX)));
        let bound = bound.replace("o.created", created).replace("o.id", id);
        let sql = format!(
            r#"SELECT {columns} FROM {from} JOIN "user" u ON u.id = p.author_id WHERE {bound} AND {scoped}
                ORDER BY {created} {direction}, {id} {direction} LIMIT {limit}"#,
            columns = self.columns
        );
        self.conn.query(&sql, &values, read)
    }
}

/// One post, if it exists and its author does.
pub fn find(conn: Connection<'_>, id: PostId) -> Result<Option<Post>> {
    conn.query_row(
        concat!("SELECT ", columns!(), r#" FROM post p JOIN "user" u ON u.id = p.author_id WHERE p.id = $1"#),
        &[Value::Integer(id.0)],
        post,
    )
}

/// The number and the title of a post.
pub type Titled = (PostId, String);

/// The first post on one side of a place: of the same second, or of any other, for the same reason as above.
macro_rules! nearest {
    ($rank:literal, $bound:literal, $direction:literal) => {
        concat!(
            "SELECT * FROM (SELECT ",
            $rank,
            r#" AS rank, p.id, p.title FROM post p JOIN "user" u ON u.id = p.author_id WHERE "#,
            $bound,
            " ORDER BY p.created ",
            $direction,
            ", p.id ",
            $direction,
            " LIMIT 1) AS rank",
            $rank
        )
    };
}

/// The next newer and the next older post.
pub fn neighbours(conn: Connection<'_>, place: &Place) -> Result<(Option<Titled>, Option<Titled>)> {
    let found = conn.query(
        concat!(
            nearest!(0, "p.created = $1 AND p.id > $2", "ASC"),
            " UNION ALL ",
            nearest!(1, "p.created > $1", "ASC"),
            " UNION ALL ",
            nearest!(2, "p.created = $1 AND p.id < $2", "DESC"),
            " UNION ALL ",
            nearest!(3, "p.created < $1", "DESC")
        ),
        &[Value::Text(&place.created), Value::Integer(place.id.0)],
        |row| Ok((row.integer("rank")?, (PostId(row.integer("id")?), row.text("title")?))),
    )?;
    let (newer, older): (Vec<_>, Vec<_>) = found.into_iter().partition(|(rank, _)| *rank < 2);
    let nearest = |side: Vec<(i64, Titled)>| side.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, titled)| titled);
    Ok((nearest(newer), nearest(older)))
}

/// What its author typed, if there is such a post.
pub fn written(conn: Connection<'_>, id: PostId) -> Result<Option<Written>> {
    let Some(Post { title, body, format, .. }) = find(conn, id)? else { return Ok(None) };
    let tags: Vec<_> = tags::of_post(conn, id)?.into_iter().map(|tag| tag.name).collect();
    Ok(Some(Written { title, body, tags: tags.join(", "), format }))
}

/// Adds a post.
pub fn insert(conn: Connection<'_>, author: UserId, content: &Content, created: &str) -> Result<PostId> {
    let id = conn.query_row(
        "INSERT INTO post (author_id, created, title, body) VALUES ($1, $2, $3, $4) RETURNING id",
        &[Value::Integer(author.0), Value::Text(created), Value::Text(&content.title), Value::Text(&content.body)],
        |row| row.integer("id"),
    )?;
    let id = PostId(id.unwrap_or_default()); // there is always one row
    set_format_and_tags(conn, id, content)?;
    Ok(id)
}

/// Changes a post of this author. Says whether there is one.
pub fn update(conn: Connection<'_>, id: PostId, author: UserId, content: &Content, updated: &str) -> Result<bool> {
    let changed = conn.execute(
        "UPDATE post SET title = $1, body = $2 WHERE id = $3 AND author_id = $4",
        &[Value::Text(&content.title), Value::Text(&content.body), Value::Integer(id.0), Value::Integer(author.0)],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    set_updated(conn, id, updated)?;
    set_format_and_tags(conn, id, content)?;
    Ok(true)
}

/// Says when a post was last changed.
pub(super) fn set_updated(conn: Connection<'_>, id: PostId, updated: &str) -> Result<()> {
    conn.execute(
        "INSERT INTO post_update (post_id, created, updated) SELECT p.id, p.created, $1 FROM post p WHERE p.id = $2
         ON CONFLICT (post_id) DO UPDATE SET created = excluded.created, updated = excluded.updated",
        &[Value::Text(updated), Value::Integer(id.0)],
    )?;
    Ok(())
}

/// What of a post does not stand in its own row.
pub(super) fn set_format_and_tags(conn: Connection<'_>, id: PostId, content: &Content) -> Result<()> {
    if let Some(format) = content.format {
        conn.execute("DELETE FROM markdown_post WHERE post_id = $1", &[Value::Integer(id.0)])?;
        if format == Format::Markdown {
            conn.execute(
                "INSERT INTO markdown_post (post_id, created) SELECT p.id, p.created FROM post p WHERE p.id = $1",
                &[Value::Integer(id.0)],
            )?;
        }
    }
    content.tags.as_ref().map_or(Ok(()), |tags| tags::set(conn, id, tags))
}

/// Reads a post with its author.
pub(super) fn post(row: &Row<'_>) -> Result<Post> {
    Ok(Post {
        id: PostId(row.integer("id")?),
        author_id: UserId(row.integer("author_id")?),
        username: row.text("username")?,
        created: row.text("created")?,
        title: row.text("title")?,
        body: row.text("body")?,
        format: if row.integer("is_markdown")? == 0 { Format::Plain } else { Format::Markdown },
        updated: Some(row.text("updated")?).filter(|updated| !updated.is_empty()),
    })
}
