//! SQL for users.

use super::connection::{Connection, Row, Value};
use super::error::Result;
use crate::user::{Account, User, UserId, Username};

/// The account of this name, if there is one.
pub fn find(conn: Connection<'_>, username: &str) -> Result<Option<Account>> {
    conn.query_row(
        r#"SELECT id, username, password FROM "user" WHERE username = $1"#,
        &[Value::Text(username)],
        account,
    )
}

/// Every user, in the order they came.
pub fn all(conn: Connection<'_>) -> Result<Vec<User>> {
    conn.query(r#"SELECT id, username FROM "user" ORDER BY id"#, &[], user)
}

/// Adds a user, unless the name is taken.
pub fn insert(conn: Connection<'_>, username: &Username, password_hash: &str) -> Result<Option<UserId>> {
    conn.query_row(
        r#"INSERT INTO "user" (username, password) VALUES ($1, $2)
           ON CONFLICT (username) DO NOTHING
           RETURNING id"#,
        &[Value::Text(username.as_str()), Value::Text(password_hash)],
        |row| Ok(UserId(row.integer("id")?)),
    )
}

/// Sets a password. Says whether there is such a user.
pub fn set_password(conn: Connection<'_>, username: &str, password_hash: &str) -> Result<bool> {
    let changed = conn.execute(
        r#"UPDATE "user" SET password = $1 WHERE username = $2"#,
        &[Value::Text(password_hash), Value::Text(username)],
    )?;
    Ok(changed == 1)
}

/// Puts a new hash in the place of an old one. Says whether the old one was still there.
pub fn replace_password(conn: Connection<'_>, id: UserId, old_hash: &str, new_hash: &str) -> Result<bool> {
    let changed = conn.execute(
        r#"UPDATE "user" SET password = $1 WHERE id = $2 AND password = $3"#,
        &[Value::Text(new_hash), Value::Integer(id.0), Value::Text(old_hash)],
    )?;
    Ok(changed == 1)
}

fn account(row: &Row<'_>) -> Result<Account> {
    Ok(Account { user: user(row)?, password_hash: row.text("password")? })
}

pub(super) fn user(row: &Row<'_>) -> Result<User> {
    Ok(User { id: UserId(row.integer("id")?), username: row.text("username")? })
}
