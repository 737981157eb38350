//! SQL for what comes from elsewhere, and for all that leaves.

use std::sync::Arc;

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use super::users::NO_PASSWORD;
use super::{comments, discussions, drafts, images, likes, posts, users};
use crate::comment::{self, CommentId, CommentText};
use crate::content::{Content, Written};
use crate::exchange::{Comment, Document};
use crate::image::Picture;
use crate::post::PostId;
use crate::user::{Role, User, UserId, Username};

/// How a post came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// Under the number it had, or under a new one where it had none.
    AsItWas(PostId),
    /// Under a new number, since another post has its own.
    Renumbered(PostId),
    /// Not at all: this author's post of this time and title is there.
    Already(PostId),
}

/// The user of this name, who is added if there is none, with this stored password or without any. Says whether they
/// were added.
pub fn user(conn: Connection<'_>, username: &Username, password_hash: Option<&str>) -> Result<(User, bool)> {
    let name = username.as_str();
    if let Some(account) = users::find(conn, name)? {
        return Ok((account.user, false));
    }
    let id = users::insert(conn, username, password_hash.unwrap_or(NO_PASSWORD))?.unwrap_or(UserId(0)); // nobody else writes
    Ok((User { id, username: name.to_owned(), role: Role::Author }, true))
}

/// Adds a post, unless it is there.
pub fn post(
    conn: Connection<'_>,
    document: &Document,
    author: UserId,
    content: &Content,
    created: &str,
) -> Result<Inserted> {
    if let Some(id) = same(conn, author, created, &content.title)? {
        return Ok(Inserted::Already(id));
    }
    let inserted = match document.id {
        None => Inserted::AsItWas(posts::insert(conn, author, content, created)?),
        Some(id) if is_taken(conn, id)? => Inserted::Renumbered(posts::insert(conn, author, content, created)?),
        Some(id) => {
            insert_as(conn, id, author, content, created)?;
            Inserted::AsItWas(id)
        }
    };
    let (Inserted::AsItWas(id) | Inserted::Renumbered(id) | Inserted::Already(id)) = inserted;
    if let Some(updated) = &document.updated {
        posts::set_updated(conn, id, updated)?;
    }
    Ok(inserted)
}

/// Adds the pictures of a text.
pub fn pictures(conn: Connection<'_>, author: UserId, pictures: &[Arc<Picture>], now: Timestamp) -> Result<()> {
    pictures.iter().try_for_each(|picture| images::take_over(conn, author, picture, now))
}

/// Adds what readers said to a post.
pub fn discussion(
    conn: Connection<'_>,
    post: PostId,
    comments: &[(UserId, CommentText, Timestamp)],
    likes: &[UserId],
) -> Result<()> {
    for (author, text, created) in comments {
        comments::take_over(conn, post, *author, text, *created)?;
    }
    likes.iter().try_for_each(|user| likes::insert(conn, post, *user).map(|_| ()))
}

/// This author's post of this time and title.
fn same(conn: Connection<'_>, author: UserId, created: &str, title: &str) -> Result<Option<PostId>> {
    conn.query_row(
        "SELECT id FROM post WHERE author_id = $1 AND created = $2 AND title = $3",
        &[Value::Integer(author.0), Value::Text(created), Value::Text(title)],
        |row| Ok(PostId(row.integer("id")?)),
    )
}

/// Whether a post has the number, or one may come back that has.
fn is_taken(conn: Connection<'_>, id: PostId) -> Result<bool> {
    let sql = "SELECT 1 AS taken FROM post WHERE id = $1 UNION ALL SELECT 1 FROM withdrawn_post WHERE post_id = $1";
    Ok(conn.query_row(sql, &[Value::Integer(id.0)], |row| row.integer("taken"))?.is_some())
}

fn insert_as(conn: Connection<'_>, id: PostId, author: UserId, content: &Content, created: &str) -> Result<()> {
    conn.execute(
        "INSERT INTO post (id, author_id, created, title, body) VALUES ($1, $2, $3, $4, $5)",
        &[
            Value::Integer(id.0),
            Value::Integer(author.0),
            Value::Text(created),
            Value::Text(&content.title),
            Value::Text(&content.body),
        ],
    )?;
    posts::set_format_and_tags(conn, id, content)
}

/// Adds a draft, unless the very same is there. Says whether it was added.
pub fn draft(conn: Connection<'_>, author: &User, draft: &Written, now: &str) -> Result<bool> {
    let same = conn.query_row(
        "SELECT id FROM draft WHERE author_id = $1 AND username = $2 AND title = $3 AND body = $4",
        &[
            Value::Integer(author.id.0),
            Value::Text(&author.username),
            Value::Text(&draft.title),
            Value::Text(&draft.body),
        ],
        |row| row.integer("id"),
    )?;
    if same.is_none() {
        drafts::insert(conn, author, draft, now)?;
    }
    Ok(same.is_none())
}

/// Documents with their numbers.
pub type Numbered = Vec<(i64, Document)>;

/// Where a reader of all documents is: behind the draft, or the post, of this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the drafts. They come first: one that is published meanwhile is read twice then, and not never.
    Draft(i64),
    /// Among the posts.
    Post(i64),
}

impl Place {
    /// Before all.
    pub const START: Self = Self::Draft(i64::MIN);
}

/// Some documents with their numbers, of everybody or of one author, in the order of these, and where the next are unless
/// there are none. At most so many.
pub fn after(
    conn: Connection<'_>,
    place: Place,
    author: Option<UserId>,
    documents_max: usize,
) -> Result<(Numbered, Option<Place>)> {
    let read = match place {
        Place::Draft(last) => drafts_after(conn, last, author, documents_max)?,
        Place::Post(last) => posts_after(conn, last, author, documents_max)?,
    };
    let next = match (place, read.last()) {
        (Place::Draft(_), Some((last, _))) => Some(Place::Draft(*last)),
        (Place::Draft(_), None) => Some(Place::Post(i64::MIN)),
        (Place::Post(_), last) => last.map(|(last, _)| Place::Post(*last)),
    };
    Ok((read, next))
}

/// The posts behind this number, of everybody or of one author, in the order of their numbers.
fn posts_after(conn: Connection<'_>, after: i64, author: Option<UserId>, posts_max: usize) -> Result<Numbered> {
    let ids = conn.query(
        "SELECT p.id FROM post p JOIN \"user\" u ON u.id = p.author_id
          WHERE p.id > $1 AND (CAST($2 AS BIGINT) = 0 OR p.author_id = $2) ORDER BY p.id LIMIT $3",
        &[Value::Integer(after), Value::Integer(author.map_or(0, |author| author.0)), limit(posts_max)],
        |row| row.integer("id"),
    )?;
    ids.into_iter().filter_map(|id| document(conn, PostId(id)).transpose().map(|read| Ok((id, read?)))).collect()
}

fn document(conn: Connection<'_>, id: PostId) -> Result<Option<Document>> {
    let (Some(post), Some(written)) = (posts::find(conn, id)?, posts::written(conn, id)?) else { return Ok(None) };
    Ok(Some(Document {
        id: Some(id),
        written,
        author: Some(post.username),
        created: Some(post.created),
        updated: post.updated,
        comments: all_comments(conn, id)?,
        likes: likes::names(conn, id)?,
        is_draft: false,
    }))
}

/// The comments on a post that everybody sees; those of nobody who is there are left out.
fn all_comments(conn: Connection<'_>, post: PostId) -> Result<Vec<Comment>> {
    let Some(discussion) = discussions::find(conn, post)?.and_then(|found| found.id) else { return Ok(Vec::new()) };
    let found = comments::after(conn, discussion, CommentId(0), usize::MAX)?;
    let comment = |found: comment::Comment| {
        let (author, created, body) = (found.username?, found.created, found.body);
        Some(Comment { author, created, body })
    };
    Ok(found.into_iter().filter_map(comment).collect())
}

/// The same of drafts.
fn drafts_after(conn: Connection<'_>, after: i64, author: Option<UserId>, drafts_max: usize) -> Result<Numbered> {
    conn.query(
        "SELECT d.id, d.username, d.title, d.body, d.tags, d.format
           FROM draft d JOIN \"user\" u ON u.id = d.author_id AND u.username = d.username
          WHERE d.id > $1 AND (CAST($2 AS BIGINT) = 0 OR d.author_id = $2) ORDER BY d.id LIMIT $3",
        &[Value::Integer(after), Value::Integer(author.map_or(0, |author| author.0)), limit(drafts_max)],
        |row| {
            let (author, written) = (Some(row.text("username")?), drafts::written(row)?);
            Ok((row.integer("id")?, Document { written, author, is_draft: true, ..Document::default() }))
        },
    )
}

fn limit(rows_max: usize) -> Value<'static> {
    Value::Integer(i64::try_from(rows_max).unwrap_or(i64::MAX))
}
