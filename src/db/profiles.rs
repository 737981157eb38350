//! SQL for what users say of themselves.

use super::connection::{Connection, Value};
use super::error::Result;
use crate::user::{ProfileLine, User};

/// What a user says, if anything.
pub fn find(conn: Connection<'_>, user: &User) -> Result<Option<String>> {
    conn.query_row(
        "SELECT line FROM profile WHERE user_id = $1 AND username = $2",
        &[Value::Integer(user.id.0), Value::Text(&user.username)],
        |row| row.text("line"),
    )
}

/// Says it, or nothing.
pub fn set(conn: Connection<'_>, user: &User, line: &ProfileLine) -> Result<()> {
    conn.execute("DELETE FROM profile WHERE user_id = $1", &[Value::Integer(user.id.0)])?;
    if !line.as_str().is_empty() {
        conn.execute(
            "INSERT INTO profile (user_id, username, line) VALUES ($1, $2, $3)",
            &[Value::Integer(user.id.0), Value::Text(&user.username), Value::Text(line.as_str())],
        )?;
    }
    Ok(())
}
