//! SQL for users who leave.

use jiff::Timestamp;

use super::connection::{Connection, Row, Value};
use super::error::Result;
use super::users::NO_PASSWORD;
use super::{discussions, users};
use crate::post::PostId;
use crate::user::{Account, User, UserId};

/// What is a user's alone. Sessions and tokens end where the user is disabled, or with the row in `user`.
const OWN: [&str; 9] = [
    "DELETE FROM sent_form WHERE user_id = $1",
    "DELETE FROM reset_link WHERE user_id = $1",
    "DELETE FROM recovery_code WHERE user_id = $1",
    "DELETE FROM second_factor WHERE user_id = $1",
    "DELETE FROM moderator WHERE user_id = $1",
    "DELETE FROM preference WHERE user_id = $1",
    "DELETE FROM profile WHERE user_id = $1",
    "DELETE FROM draft WHERE author_id = $1",
    "DELETE FROM withdrawn_post WHERE author_id = $1",
];

/// Whether somebody left this account behind with [`leave_posts`].
pub fn is_former(account: &Account) -> bool {
    let name = account.user.username.trim_end_matches('\'');
    !users::has_password(account) && name == former_name(account.user.id)
}

/// Deletes an account and leaves its posts and comments, under a name that is nobody's.
pub fn leave_posts(conn: Connection<'_>, user: &User, now: Timestamp) -> Result<()> {
    forget(conn, user.id)?;
    let name = free_name(conn, user.id)?;
    conn.execute(
        r#"UPDATE "user" SET username = $1, password = $2 WHERE id = $3"#,
        &[Value::Text(&name), Value::Text(NO_PASSWORD), Value::Integer(user.id.0)],
    )?;
    users::disable(conn, user.id, now)?;
    Ok(())
}

/// Deletes an account with all that its user wrote, and what others said to it.
pub fn delete_posts(conn: Connection<'_>, user: &User) -> Result<()> {
    let id = Value::Integer(user.id.0);
    forget_discussions(conn, "SELECT id, created FROM post WHERE author_id = $1", user.id)?;
    conn.execute("DELETE FROM post WHERE author_id = $1", &[id])?;
    conn.execute("DELETE FROM comment WHERE author_id = $1", &[id])?;
    forget(conn, user.id)?;
    conn.execute("DELETE FROM disabled_user WHERE user_id = $1", &[id])?;
    conn.execute(r#"DELETE FROM "user" WHERE id = $1"#, &[id])?;
    Ok(())
}

/// What was said to the posts that a statement finds.
fn forget_discussions(conn: Connection<'_>, posts: &str, user: UserId) -> Result<()> {
    let post = |row: &Row<'_>| Ok((PostId(row.integer("id")?), row.text("created")?));
    let posts = conn.query(posts, &[Value::Integer(user.0)], post)?;
    posts.iter().try_for_each(|(post, created)| discussions::forget_post(conn, *post, created))
}

fn forget(conn: Connection<'_>, user: UserId) -> Result<()> {
    // Nobody can bring these back any more.
    forget_discussions(conn, "SELECT post_id AS id, created FROM withdrawn_post WHERE author_id = $1", user)?;
    OWN.iter().try_for_each(|statement| conn.execute(statement, &[Value::Integer(user.0)]).map(|_| ()))
}

fn former_name(user: UserId) -> String {
    format!("former user {}", user.0)
}

/// Somebody may have registered under the first that comes to mind.
fn free_name(conn: Connection<'_>, user: UserId) -> Result<String> {
    let mut name = former_name(user);
    while users::find(conn, &name)?.is_some() {
        name.push('\'');
    }
    Ok(name)
}
