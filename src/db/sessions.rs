//! SQL for sessions.

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use super::users;
use crate::session::{SESSION_SECONDS_MAX, Token, password_digest};
use crate::user::{Account, User};

/// Opens a session for an account, and forgets those that are over.
pub fn insert(conn: Connection<'_>, token: &Token, account: &Account, now: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM session WHERE created <= $1", &[Value::Integer(oldest(now))])?;
    conn.execute(
        "INSERT INTO session (token_digest, user_id, password_digest, created) VALUES ($1, $2, $3, $4)",
        &[
            Value::Blob(&token.digest()),
            Value::Integer(account.user.id.0),
            Value::Blob(&password_digest(&account.password_hash)),
            Value::Integer(now.as_second()),
        ],
    )?;
    Ok(())
}

/// Who is logged in with this token, unless the session is over or the password another by now.
pub fn find(conn: Connection<'_>, token: &Token, now: Timestamp) -> Result<Option<User>> {
    let found = conn.query_row(
        r#"SELECT u.id, u.username, u.password, s.password_digest
             FROM session s JOIN "user" u ON u.id = s.user_id
            WHERE s.token_digest = $1 AND s.created > $2"#,
        &[Value::Blob(&token.digest()), Value::Integer(oldest(now))],
        |row| Ok((users::user(row)?, password_digest(&row.text("password")?) == row.blob("password_digest")?)),
    )?;
    Ok(found.and_then(|(user, same_password)| same_password.then_some(user)))
}

/// Ends a session.
pub fn delete(conn: Connection<'_>, token: &Token) -> Result<()> {
    conn.execute("DELETE FROM session WHERE token_digest = $1", &[Value::Blob(&token.digest())])?;
    Ok(())
}

/// Sessions opened at this second or before are over.
fn oldest(now: Timestamp) -> i64 {
    now.as_second().saturating_sub(SESSION_SECONDS_MAX)
}
