//! SQL for forms that were accepted.

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use crate::user::UserId;

/// How long a form is remembered, in seconds: a day, longer than any browser retries.
const FORM_SECONDS_MAX: i64 = 24 * 60 * 60;

/// Most forms that are forgotten when one is remembered: more than one, so that they do not gather. Not all at once, so
/// that a clock which jumps on by years does not forget the form whose answer is under way.
const FORGOTTEN_MAX: i64 = 2;

/// Remembers a form of this user's by its digest. Says whether it is new, that is, whether to do what it asks.
pub fn insert(conn: Connection<'_>, user: UserId, digest: &[u8], now: Timestamp) -> Result<bool> {
    let inserted = conn.execute(
        "INSERT INTO sent_form (user_id, digest, created) VALUES ($1, $2, $3) ON CONFLICT (user_id, digest) DO NOTHING",
        &[Value::Integer(user.0), Value::Blob(digest), Value::Integer(now.as_second())],
    )?;
    if inserted == 1 {
        forget(conn, now)?;
        return Ok(true);
    }
    // Written anew, so that its answer waits for a commit too: that of the first may not have reached every disk it should.
    conn.execute(
        "UPDATE sent_form SET made = made WHERE user_id = $1 AND digest = $2",
        &[Value::Integer(user.0), Value::Blob(digest)],
    )?;
    Ok(false)
}

/// Remembers the number of what came of a form.
pub fn set_made(conn: Connection<'_>, user: UserId, digest: &[u8], made: i64) -> Result<()> {
    conn.execute(
        "UPDATE sent_form SET made = $1 WHERE user_id = $2 AND digest = $3",
        &[Value::Integer(made), Value::Integer(user.0), Value::Blob(digest)],
    )?;
    Ok(())
}

/// Forgets a form of which nothing came.
pub fn delete(conn: Connection<'_>, user: UserId, digest: &[u8]) -> Result<()> {
    conn.execute(
        "DELETE FROM sent_form WHERE user_id = $1 AND digest = $2",
        &[Value::Integer(user.0), Value::Blob(digest)],
    )?;
    Ok(())
}

/// The number of what came of a form, if something did and it was remembered.
pub fn made(conn: Connection<'_>, user: UserId, digest: &[u8]) -> Result<Option<i64>> {
    let made = conn.query_row(
        "SELECT made FROM sent_form WHERE user_id = $1 AND digest = $2",
        &[Value::Integer(user.0), Value::Blob(digest)],
        |row| row.optional_integer("made"),
    )?;
    Ok(made.flatten())
}

fn forget(conn: Connection<'_>, now: Timestamp) -> Result<()> {
    let oldest = now.as_second().saturating_sub(FORM_SECONDS_MAX);
    conn.execute(
        "DELETE FROM sent_form WHERE (user_id, digest) IN
           (SELECT user_id, digest FROM sent_form WHERE created <= $1 ORDER BY created LIMIT $2)",
        &[Value::Integer(oldest), Value::Integer(FORGOTTEN_MAX)],
    )?;
    Ok(())
}
