//! SQL for the nonces of forms that were accepted.

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use crate::user::UserId;

/// How long a nonce is remembered, in seconds: a day, longer than any browser retries.
const NONCE_SECONDS_MAX: i64 = 24 * 60 * 60;

/// Uses up a nonce of this user's. Says whether this is the first time, that is, whether to do what the form asks.
pub fn spend(conn: Connection<'_>, user: UserId, nonce: &str, now: Timestamp) -> Result<bool> {
    let oldest = now.as_second().saturating_sub(NONCE_SECONDS_MAX);
    conn.execute("DELETE FROM form_nonce WHERE created <= $1", &[Value::Integer(oldest)])?;
    let spent = conn.execute(
        "INSERT INTO form_nonce (user_id, nonce, created) VALUES ($1, $2, $3) ON CONFLICT (user_id, nonce) DO NOTHING",
        &[Value::Integer(user.0), Value::Text(nonce), Value::Integer(now.as_second())],
    )?;
    Ok(spent == 1)
}
