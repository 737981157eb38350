//! SQL for sessions.

use jiff::Timestamp;

use super::connection::{Connection, Row, Value};
use super::error::Result;
use super::users;
use crate::session::{Expiry, Origin, Session, password_digest};
use crate::token::Token;
use crate::user::{Account, UserId};

/// The columns of a session and its user, whose tables are `s` and `u`.
macro_rules! columns {
    () => {
        concat!(
            "s.token_digest, s.created, s.seen, s.address, s.agent, s.password_digest, u.password, ",
            $crate::db::users::columns!()
        )
    };
}

/// Opens a session for an account.
pub fn insert(conn: Connection<'_>, token: &Token, account: &Account, origin: &Origin, now: Timestamp) -> Result<()> {
    conn.execute(
        "INSERT INTO session (token_digest, user_id, password_digest, created, seen, address, agent)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            Value::Blob(&token.digest()),
            Value::Integer(account.user.id.0),
            Value::Blob(&password_digest(&account.password_hash)),
            Value::Integer(now.as_second()),
            Value::Integer(now.as_second()),
            Value::Text(&origin.address),
            Value::Text(&origin.agent),
        ],
    )?;
    Ok(())
}

/// Forgets the sessions that are over.
pub fn delete_expired(conn: Connection<'_>, expiry: Expiry) -> Result<()> {
    conn.execute(
        "DELETE FROM session WHERE created <= $1 OR seen <= $2",
        &[Value::Integer(expiry.created), Value::Integer(expiry.seen)],
    )?;
    Ok(())
}

/// The session of this token, unless it is over, the user disabled, or the password another by now.
pub fn find(conn: Connection<'_>, token: &Token, expiry: Expiry) -> Result<Option<Session>> {
    let found = conn.query_row(
        concat!(
            "SELECT ",
            columns!(),
            r#" FROM session s JOIN "user" u ON u.id = s.user_id
            WHERE s.token_digest = $1 AND s.created > $2 AND s.seen > $3
              AND NOT EXISTS (SELECT 1 FROM disabled_user d WHERE d.user_id = u.id)"#
        ),
        &[Value::Blob(&token.digest()), Value::Integer(expiry.created), Value::Integer(expiry.seen)],
        session,
    )?;
    Ok(found.flatten())
}

/// The sessions of a user that are not over, the one that was used last first.
pub fn of_user(conn: Connection<'_>, user: UserId, expiry: Expiry) -> Result<Vec<Session>> {
    let found = conn.query(
        concat!(
            "SELECT ",
            columns!(),
            r#" FROM session s JOIN "user" u ON u.id = s.user_id
            WHERE s.user_id = $1 AND s.created > $2 AND s.seen > $3
            ORDER BY s.seen DESC, s.created DESC, s.token_digest"#
        ),
        &[Value::Integer(user.0), Value::Integer(expiry.created), Value::Integer(expiry.seen)],
        session,
    )?;
    Ok(found.into_iter().flatten().collect())
}

/// Notes that a session is in use.
pub fn touch(conn: Connection<'_>, id: &[u8], now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE session SET seen = $1 WHERE token_digest = $2",
        &[Value::Integer(now.as_second()), Value::Blob(id)],
    )?;
    Ok(())
}

/// Ends the session of a token.
pub fn delete(conn: Connection<'_>, token: &Token) -> Result<()> {
    conn.execute("DELETE FROM session WHERE token_digest = $1", &[Value::Blob(&token.digest())])?;
    Ok(())
}

/// Ends one session of a user's, if it is theirs. Says how many that was.
pub fn delete_of(conn: Connection<'_>, user: UserId, id: &[u8]) -> Result<usize> {
    conn.execute(
        "DELETE FROM session WHERE user_id = $1 AND token_digest = $2",
        &[Value::Integer(user.0), Value::Blob(id)],
    )
}

/// Ends every session of a user's. Says how many.
pub fn delete_all_of(conn: Connection<'_>, user: UserId) -> Result<usize> {
    conn.execute("DELETE FROM session WHERE user_id = $1", &[Value::Integer(user.0)])
}

/// Ends every session there is. Says how many.
pub fn delete_all(conn: Connection<'_>) -> Result<usize> {
    conn.execute("DELETE FROM session", &[])
}

/// A session, if the password is still the one that it was opened with.
fn session(row: &Row<'_>) -> Result<Option<Session>> {
    if password_digest(&row.text("password")?) != row.blob("password_digest")? {
        return Ok(None);
    }
    Ok(Some(Session {
        id: row.blob("token_digest")?,
        user: users::user(row)?,
        created: row.time("created")?,
        seen: row.time("seen")?,
        origin: Origin { address: row.text("address")?, agent: row.text("agent")? },
    }))
}
