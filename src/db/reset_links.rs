//! SQL for links to set a new password.

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use super::users;
use crate::session::password_digest;
use crate::token::Token;
use crate::user::Account;

/// How long a link is good for, in seconds: a day.
const LINK_SECONDS_MAX: i64 = 24 * 60 * 60;

/// Hands out a link for an account, in the place of those before.
pub fn insert(conn: Connection<'_>, code: &Token, account: &Account, now: Timestamp) -> Result<()> {
    conn.execute(
        "DELETE FROM reset_link WHERE user_id = $1 OR created <= $2",
        &[Value::Integer(account.user.id.0), Value::Integer(oldest(now))],
    )?;
    conn.execute(
        "INSERT INTO reset_link (code_digest, user_id, password_digest, created) VALUES ($1, $2, $3, $4)",
        &[
            Value::Blob(&code.digest()),
            Value::Integer(account.user.id.0),
            Value::Blob(&password_digest(&account.password_hash)),
            Value::Integer(now.as_second()),
        ],
    )?;
    Ok(())
}

/// Whose password a link sets, if it is good: its password is still the one that the link was made for.
pub fn find(conn: Connection<'_>, code: &Token, now: Timestamp) -> Result<Option<Account>> {
    let found = conn.query_row(
        concat!(
            "SELECT l.password_digest, ",
            users::account_columns!(),
            r#" FROM reset_link l JOIN "user" u ON u.id = l.user_id
            WHERE l.code_digest = $1 AND l.created > $2"#
        ),
        &[Value::Blob(&code.digest()), Value::Integer(oldest(now))],
        |row| {
            let account = users::account(row)?;
            let is_good = password_digest(&account.password_hash) == row.blob("password_digest")?;
            Ok(is_good.then_some(account))
        },
    )?;
    Ok(found.flatten())
}

/// Uses a link up.
pub fn delete(conn: Connection<'_>, code: &Token) -> Result<()> {
    conn.execute("DELETE FROM reset_link WHERE code_digest = $1", &[Value::Blob(&code.digest())])?;
    Ok(())
}

fn oldest(now: Timestamp) -> i64 {
    now.as_second().saturating_sub(LINK_SECONDS_MAX)
}
