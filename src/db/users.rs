//! SQL for users.

use jiff::Timestamp;

use super::connection::{Connection, Row, Value};
use super::error::Result;
use super::{api_tokens, moderators, second_factors, sessions};
use crate::user::{Account, Role, User, UserId, Username};

/// The columns of a user, whose table is `u`.
macro_rules! columns {
    () => {
        "u.id, u.username,
           EXISTS (SELECT 1 FROM moderator m WHERE m.user_id = u.id AND m.username = u.username) AS is_moderator"
    };
}

pub(super) use columns;

/// The columns of an account, whose table is `u`.
macro_rules! account_columns {
    () => {
        concat!(
            $crate::db::users::columns!(),
            ", u.password, EXISTS (SELECT 1 FROM disabled_user d WHERE d.user_id = u.id) AS disabled"
        )
    };
}

pub(super) use account_columns;

/// What a user has instead of a password who has none: no password is right.
pub(super) const NO_PASSWORD: &str = "!";

/// Whether there is a password that opens this account. An import and a departure leave none.
pub fn has_password(account: &Account) -> bool {
    account.password_hash != NO_PASSWORD
}

/// The account of this name, if there is one.
pub fn find(conn: Connection<'_>, username: &str) -> Result<Option<Account>> {
    conn.query_row(
        concat!("SELECT ", account_columns!(), r#" FROM "user" u WHERE u.username = $1"#),
        &[Value::Text(username)],
        account,
    )
}

/// The account of this number, if there is one.
pub fn get(conn: Connection<'_>, id: UserId) -> Result<Option<Account>> {
    conn.query_row(
        concat!("SELECT ", account_columns!(), r#" FROM "user" u WHERE u.id = $1"#),
        &[Value::Integer(id.0)],
        account,
    )
}

/// Every user, in the order they came, and whether they are disabled.
pub fn all(conn: Connection<'_>) -> Result<Vec<(User, bool)>> {
    conn.query(concat!("SELECT ", account_columns!(), r#" FROM "user" u ORDER BY u.id"#), &[], |row| {
        Ok((user(row)?, row.integer("disabled")? != 0))
    })
}

/// Adds a user, unless the name is taken.
pub fn insert(conn: Connection<'_>, username: &Username, password_hash: &str) -> Result<Option<UserId>> {
    let id = conn.query_row(
        r#"INSERT INTO "user" (username, password) VALUES ($1, $2)
           ON CONFLICT (username) DO NOTHING
           RETURNING id"#,
        &[Value::Text(username.as_str()), Value::Text(password_hash)],
        |row| Ok(UserId(row.integer("id")?)),
    )?;
    if let Some(id) = id {
        // Numbers are given once, but the tutorial's init-db begins at 1 anew: nothing of an old user is the new one's.
        enable(conn, id)?;
        second_factors::delete(conn, id)?;
        moderators::delete(conn, id)?;
    }
    Ok(id)
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

/// Keeps a user from logging in, and ends their sessions and their tokens of the API. Says whether they could before.
pub fn disable(conn: Connection<'_>, id: UserId, now: Timestamp) -> Result<bool> {
    sessions::delete_all_of(conn, id)?;
    api_tokens::delete_all_of(conn, id)?;
    let disabled = conn.execute(
        "INSERT INTO disabled_user (user_id, since) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING",
        &[Value::Integer(id.0), Value::Integer(now.as_second())],
    )?;
    Ok(disabled == 1)
}

/// Lets a user log in again. Says whether they could not before.
pub fn enable(conn: Connection<'_>, id: UserId) -> Result<bool> {
    Ok(conn.execute("DELETE FROM disabled_user WHERE user_id = $1", &[Value::Integer(id.0)])? == 1)
}

pub(super) fn account(row: &Row<'_>) -> Result<Account> {
    let is_disabled = row.integer("disabled")? != 0;
    Ok(Account { user: user(row)?, password_hash: row.text("password")?, is_disabled })
}

pub(super) fn user(row: &Row<'_>) -> Result<User> {
    let role = if row.integer("is_moderator")? == 0 { Role::Author } else { Role::Moderator };
    Ok(User { id: UserId(row.integer("id")?), username: row.text("username")?, role })
}
