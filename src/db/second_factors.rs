//! SQL for the second factor.

use jiff::Timestamp;

use super::connection::{Connection, Value};
use super::error::Result;
use crate::second_factor::{Proof, RecoveryCode, Secret, Step};
use crate::user::UserId;

/// The secret of a user's app, if they have one.
pub fn find(conn: Connection<'_>, user: UserId) -> Result<Option<Secret>> {
    conn.query_row("SELECT secret FROM second_factor WHERE user_id = $1", &[Value::Integer(user.0)], |row| {
        Ok(Secret::from_bytes(row.blob("secret")?))
    })
}

/// Gives a user a second factor, in the place of one before.
pub fn insert(
    conn: Connection<'_>,
    user: UserId,
    secret: &Secret,
    step: Step,
    codes: &[RecoveryCode],
    now: Timestamp,
) -> Result<()> {
    delete(conn, user)?;
    conn.execute(
        "INSERT INTO second_factor (user_id, secret, last_step, created) VALUES ($1, $2, $3, $4)",
        &[
            Value::Integer(user.0),
            Value::Blob(secret.as_bytes()),
            Value::Integer(step.0),
            Value::Integer(now.as_second()),
        ],
    )?;
    for code in codes {
        conn.execute(
            "INSERT INTO recovery_code (code_digest, user_id) VALUES ($1, $2)",
            &[Value::Blob(&code.digest()), Value::Integer(user.0)],
        )?;
    }
    Ok(())
}

/// Uses a proof up. Says whether it is one: no code of the app counts twice, nor after a later one.
pub fn use_up(conn: Connection<'_>, user: UserId, proof: &Proof) -> Result<bool> {
    let changed = match proof {
        Proof::App(step) => conn.execute(
            "UPDATE second_factor SET last_step = $1 WHERE user_id = $2 AND last_step < $1",
            &[Value::Integer(step.0), Value::Integer(user.0)],
        ),
        Proof::Paper(code) => conn.execute(
            "DELETE FROM recovery_code WHERE user_id = $1 AND code_digest = $2",
            &[Value::Integer(user.0), Value::Blob(&code.digest())],
        ),
    };
    Ok(changed? == 1)
}

/// How many recovery codes a user has left.
pub fn recovery_codes_left(conn: Connection<'_>, user: UserId) -> Result<i64> {
    let left = conn.query_row(
        "SELECT count(*) AS codes FROM recovery_code WHERE user_id = $1",
        &[Value::Integer(user.0)],
        |row| row.integer("codes"),
    )?;
    Ok(left.unwrap_or_default())
}

/// Takes a user's second factor away. Says whether they had one.
pub fn delete(conn: Connection<'_>, user: UserId) -> Result<bool> {
    conn.execute("DELETE FROM recovery_code WHERE user_id = $1", &[Value::Integer(user.0)])?;
    Ok(conn.execute("DELETE FROM second_factor WHERE user_id = $1", &[Value::Integer(user.0)])? == 1)
}
