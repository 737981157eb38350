//! SQL for posts.

use super::connection::{Connection, Row, Value};
use super::error::Result;
use super::tags;
use crate::post::{Draft, List, Part, Place, Post, PostId};
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
           (SELECT c.updated FROM post_update c WHERE c.post_id = p.id AND c.created = p.created) AS updated"
    };
}

/// A part of a list, of at most so many posts. What it costs depends on these alone, however long the list is.
pub fn list(conn: Connection<'_>, scope: Scope, part: &Part, posts_max: usize) -> Result<List> {
    // One more tells whether there is more.
    let mut posts = select(conn, scope, part, columns!(), posts_max + 1, post)?;
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

/// The part right before this place: the newest posts, if there are no more than fit there.
fn newer_part(conn: Connection<'_>, scope: Scope, place: Place, posts_max: usize) -> Result<Option<Part>> {
    let part = Part::After(place);
    let newer = select(conn, scope, &part, "p.id", posts_max + 1, |row| row.integer("id"))?.len();
    Ok(match newer {
        0 => None,
        newer if newer > posts_max => Some(part),
        _ => Some(Part::Newest),
    })
}

/// The posts from a place on: in their order, or, where newer ones are asked for, in the reverse of it.
fn select<T>(
    conn: Connection<'_>,
    scope: Scope,
    part: &Part,
    columns: &str,
    posts_max: usize,
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let (from, scoped, created, id) = match scope {
        Scope::All => ("post p", "TRUE", "p.created", "p.id"),
        Scope::Of(_) => ("post p", "p.author_id = $1", "p.created", "p.id"),
        Scope::Tagged(_) => (
            "post_tag t JOIN post p ON p.id = t.post_id AND p.created = t.created",
            "t.tag_id = $1",
            "t.created",
            "t.post_id",
        ),
    };
    let mut values = Vec::new();
    match scope {
        Scope::All => (),
        Scope::Of(UserId(id)) | Scope::Tagged(id) => values.push(Value::Integer(id)),
    }
    let (compared, direction) = match part {
        Part::Newest | Part::Before(_) => ("<", "DESC"),
        Part::After(_) => (">", "ASC"),
    };
    let mut bound = String::new();
    if let Part::Before(place) | Part::After(place) = part {
        let next = values.len() + 1;
        bound = format!(" AND ({created}, {id}) {compared} (${next}, ${})", next + 1);
        values.extend([Value::Text(&place.created), Value::Integer(place.id.0)]);
    }
    values.push(Value::Integer(i64::try_from(posts_max).unwrap_or(i64::MAX)));
    let sql = format!(
        r#"SELECT {columns} FROM {from} JOIN "user" u ON u.id = p.author_id
            WHERE {scoped}{bound} ORDER BY {created} {direction}, {id} {direction} LIMIT ${last}"#,
        last = values.len()
    );
    conn.query(&sql, &values, read)
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

/// The next newer and the next older post.
pub fn neighbours(conn: Connection<'_>, place: &Place) -> Result<(Option<Titled>, Option<Titled>)> {
    let titled = |row: &Row<'_>| Ok((PostId(row.integer("id")?), row.text("title")?));
    let next = |part: &Part| select(conn, Scope::All, part, "p.id, p.title", 1, titled).map(|mut posts| posts.pop());
    Ok((next(&Part::After(place.clone()))?, next(&Part::Before(place.clone()))?))
}

/// Adds a post.
pub fn insert(conn: Connection<'_>, author: UserId, draft: &Draft, created: &str) -> Result<()> {
    let id = conn.query_row(
        "INSERT INTO post (author_id, created, title, body) VALUES ($1, $2, $3, $4) RETURNING id",
        &[Value::Integer(author.0), Value::Text(created), Value::Text(&draft.title), Value::Text(&draft.body)],
        |row| row.integer("id"),
    )?;
    match (id, &draft.tags) {
        (Some(id), Some(tags)) => tags::set(conn, PostId(id), tags),
        _ => Ok(()),
    }
}

/// Changes a post of this author. Says whether there is one.
pub fn update(conn: Connection<'_>, id: PostId, author: UserId, draft: &Draft, updated: &str) -> Result<bool> {
    let changed = conn.execute(
        "UPDATE post SET title = $1, body = $2 WHERE id = $3 AND author_id = $4",
        &[Value::Text(&draft.title), Value::Text(&draft.body), Value::Integer(id.0), Value::Integer(author.0)],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    conn.execute(
        "INSERT INTO post_update (post_id, created, updated) SELECT p.id, p.created, $1 FROM post p WHERE p.id = $2
         ON CONFLICT (post_id) DO UPDATE SET created = excluded.created, updated = excluded.updated",
        &[Value::Text(updated), Value::Integer(id.0)],
    )?;
    if let Some(tags) = &draft.tags {
        tags::set(conn, id, tags)?;
    }
    Ok(true)
}

/// Deletes a post of this author. Says whether there was one.
pub fn delete(conn: Connection<'_>, id: PostId, author: UserId) -> Result<bool> {
    let deleted = conn.execute(
        "DELETE FROM post WHERE id = $1 AND author_id = $2",
        &[Value::Integer(id.0), Value::Integer(author.0)],
    )?;
    Ok(deleted == 1)
}

fn post(row: &Row<'_>) -> Result<Post> {
    Ok(Post {
        id: PostId(row.integer("id")?),
        author_id: UserId(row.integer("author_id")?),
        username: row.text("username")?,
        created: row.text("created")?,
        title: row.text("title")?,
        body: row.text("body")?,
        updated: Some(row.text("updated")?).filter(|updated| !updated.is_empty()),
    })
}
