//! SQL for what an administrator does on the command line to what others wrote: nobody asks them who they are.

use jiff::Timestamp;

use super::comments::{self, columns, with_post};
use super::connection::{Connection, Value};
use super::error::Result;
use super::moderation::{self, Object};
use crate::comment::{Comment, CommentId};
use crate::moderation::{Act, Reason};
use crate::post::PostId;
use crate::user::{Role, User, UserId};

/// As whom moderators see it in their log. No user has the number.
const NAME: &str = "flaskr-admin";

/// Which comments a list has.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Under this post alone.
    pub post: Option<PostId>,
    /// Of this user alone.
    pub author: Option<UserId>,
    /// Those alone that wait to be approved.
    pub is_waiting: bool,
    /// From before this one on.
    pub before: Option<CommentId>,
    /// So many at most.
    pub rows_max: usize,
}

/// Comments of posts that are there, those that wait too, the newest first.
pub fn comments(conn: Connection<'_>, wanted: Wanted) -> Result<Vec<Comment>> {
    let bounds = [
        (wanted.before.map(|CommentId(id)| id), "c.id < "),
        (wanted.author.map(|UserId(id)| id), "c.author_id = "),
        (wanted.post.map(|PostId(id)| id), "p.id = "),
    ];
    let mut conditions = vec![if wanted.is_waiting { "c.waits_for IS NOT NULL" } else { "TRUE" }.to_owned()];
    let mut values = Vec::new();
    for (value, condition) in bounds {
        let Some(value) = value else { continue };
        values.push(Value::Integer(value));
        conditions.push(format!("{condition}${}", values.len()));
    }
    values.push(Value::Integer(i64::try_from(wanted.rows_max).unwrap_or(i64::MAX)));
    let sql = format!(
        concat!("SELECT ", columns!(), " FROM comment c ", with_post!(), " WHERE {} ORDER BY c.id DESC LIMIT ${}"),
        conditions.join(" AND "),
        values.len()
    );
    conn.query(&sql, &values, comments::comment)
}

/// Lets everybody see a comment, and notes it. Says whether it waited.
pub fn approve(conn: Connection<'_>, comment: &Comment, reason: &Reason, now: Timestamp) -> Result<bool> {
    let change = "UPDATE comment SET waits_for = NULL WHERE id = $1 AND waits_for IS NOT NULL";
    decide(conn, change, Act::ApproveComment, comment, reason, now)
}

/// Deletes a comment, and notes it. Says whether it was there.
pub fn delete(conn: Connection<'_>, comment: &Comment, reason: &Reason, now: Timestamp) -> Result<bool> {
    decide(conn, "DELETE FROM comment WHERE id = $1", Act::DeleteComment, comment, reason, now)
}

fn decide(
    conn: Connection<'_>,
    change: &str,
    act: Act,
    comment: &Comment,
    reason: &Reason,
    now: Timestamp,
) -> Result<bool> {
    if conn.execute(change, &[Value::Integer(comment.id.0)])? == 0 {
        return Ok(false);
    }
    let nobody = User { id: UserId(0), username: NAME.to_owned(), role: Role::Moderator };
    let author = comment.username.as_deref();
    let object = Object { post: comment.post, comment: Some(comment.id), author, text: &comment.body };
    moderation::insert(conn, &nobody, act, object, reason, now)?;
    Ok(true)
}
