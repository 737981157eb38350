//! SQL for moderators.

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use crate::user::UserId;

/// Makes a user a moderator. Says whether they were none before.
pub fn insert(conn: Connection<'_>, id: UserId, now: Timestamp) -> Result<bool> {
    // One of a former user of the same number is in the way, and nobody's.
    let changed = conn.execute(
        r#"INSERT INTO moderator (user_id, username, since) SELECT u.id, u.username, $1 FROM "user" u WHERE u.id = $2
           ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, since = excluded.since
           WHERE moderator.username <> excluded.username"#,
        &[Value::Integer(now.as_second()), Value::Integer(id.0)],
    )?;
    Ok(changed == 1)
}

/// Makes a user a mere author again. Says whether they were more before.
pub fn delete(conn: Connection<'_>, id: UserId) -> Result<bool> {
    Ok(conn.execute("DELETE FROM moderator WHERE user_id = $1", &[Value::Integer(id.0)])? == 1)
}
