//! SQL for invites.

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use crate::token::Token;

/// How long an invite is good for, in seconds: a week.
const INVITE_SECONDS_MAX: i64 = 7 * 24 * 60 * 60;

/// Hands out an invite, and forgets those that are void.
pub fn insert(conn: Connection<'_>, code: &Token, now: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM invite WHERE created <= $1", &[Value::Integer(oldest(now))])?;
    conn.execute(
        "INSERT INTO invite (code_digest, created) VALUES ($1, $2)",
        &[Value::Blob(&code.digest()), Value::Integer(now.as_second())],
    )?;
    Ok(())
}

/// Whether an invite is good.
pub fn is_good(conn: Connection<'_>, code: &Token, now: Timestamp) -> Result<bool> {
    let found = conn.query_row(
        "SELECT 1 FROM invite WHERE code_digest = $1 AND created > $2",
        &[Value::Blob(&code.digest()), Value::Integer(oldest(now))],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Uses an invite up.
pub fn delete(conn: Connection<'_>, code: &Token) -> Result<()> {
    conn.execute("DELETE FROM invite WHERE code_digest = $1", &[Value::Blob(&code.digest())])?;
    Ok(())
}

fn oldest(now: Timestamp) -> i64 {
    now.as_second().saturating_sub(INVITE_SECONDS_MAX)
}
