//! SQL for tokens of the API.

use jiff::Timestamp;

use super::connection::{Connection, Row, Value};
use super::error::Result;
use super::users;
use crate::api_token::{API_TOKENS_MAX, ApiToken, ApiTokenId, NewApiToken, Scope};
use crate::session::password_digest;
use crate::token::Token;
use crate::user::{Account, UserId};

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The columns of a token and its user, whose tables are `t` and `u`. `id` is the user's.
macro_rules! columns {
    () => {
        concat!(
            "t.id AS token_id, t.name, t.scope, t.created, t.expires, t.used, t.password_digest, u.password, ",
            $crate::db::users::columns!()
        )
    };
}

/// Adds a token, and forgets those of its user that are no longer good. Says no if there are as many as there may be.
pub fn insert(
    conn: Connection<'_>,
    token: &Token,
    account: &Account,
    new: &NewApiToken,
    now: Timestamp,
) -> Result<bool> {
    let (user, password) = (Value::Integer(account.user.id.0), password_digest(&account.password_hash));
    conn.execute(
        "DELETE FROM api_token WHERE user_id = $1 AND (password_digest <> $2 OR expires <= $3)",
        &[user, Value::Blob(&password), Value::Integer(now.as_second())],
    )?;
    let inserted = conn.execute(
        "INSERT INTO api_token (token_digest, user_id, password_digest, name, scope, created, expires)
         SELECT $1, u.id, $2, $3, $4, $5, NULLIF(CAST($6 AS BIGINT), 0) FROM \"user\" u
          WHERE u.id = $7 AND u.password = $8 AND (SELECT count(*) FROM api_token t WHERE t.user_id = u.id) < $9",
        &[
            Value::Blob(&token.digest()),
            Value::Blob(&password),
            Value::Text(new.name.as_str()),
            Value::Text(new.scope.as_str()),
            Value::Integer(now.as_second()),
            Value::Integer(new.lifetime.end(now).map_or(0, Timestamp::as_second)),
            user,
            Value::Text(&account.password_hash),
            Value::Integer(API_TOKENS_MAX),
        ],
    )?;
    Ok(inserted == 1)
}

/// The token, unless it is over, the user disabled, or the password another by now.
pub fn find(conn: Connection<'_>, token: &Token, now: Timestamp) -> Result<Option<ApiToken>> {
    let found = conn.query_row(
        concat!(
            "SELECT ",
            columns!(),
            r#" FROM api_token t JOIN "user" u ON u.id = t.user_id
            WHERE t.token_digest = $1 AND (t.expires IS NULL OR t.expires > $2)
              AND NOT EXISTS (SELECT 1 FROM disabled_user d WHERE d.user_id = u.id)"#
        ),
        &[Value::Blob(&token.digest()), Value::Integer(now.as_second())],
        api_token,
    )?;
    Ok(found.flatten())
}

/// A user's tokens that are good, the newest first.
pub fn of_user(conn: Connection<'_>, user: UserId, now: Timestamp) -> Result<Vec<ApiToken>> {
    let found = conn.query(
        concat!(
            "SELECT ",
            columns!(),
            r#" FROM api_token t JOIN "user" u ON u.id = t.user_id
            WHERE t.user_id = $1 AND (t.expires IS NULL OR t.expires > $2) ORDER BY t.id DESC"#
        ),
        &[Value::Integer(user.0), Value::Integer(now.as_second())],
        api_token,
    )?;
    Ok(found.into_iter().flatten().collect())
}

/// Notes the day on which a token is used.
pub fn touch(conn: Connection<'_>, id: ApiTokenId, now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE api_token SET used = $1 WHERE id = $2",
        &[Value::Integer(now.as_second().div_euclid(DAY_SECONDS) * DAY_SECONDS), Value::Integer(id.0)],
    )?;
    Ok(())
}

/// Ends one token of a user's, if it is theirs. Says how many that was.
pub fn delete_of(conn: Connection<'_>, user: UserId, id: ApiTokenId) -> Result<usize> {
    conn.execute(
        "DELETE FROM api_token WHERE user_id = $1 AND id = $2",
        &[Value::Integer(user.0), Value::Integer(id.0)],
    )
}

/// Ends every token of a user's. Says how many.
pub fn delete_all_of(conn: Connection<'_>, user: UserId) -> Result<usize> {
    conn.execute("DELETE FROM api_token WHERE user_id = $1", &[Value::Integer(user.0)])
}

/// A token, if the password is still the one that it was made with.
fn api_token(row: &Row<'_>) -> Result<Option<ApiToken>> {
    let is_over = password_digest(&row.text("password")?) != row.blob("password_digest")?;
    let Some(scope) = row.text("scope")?.parse::<Scope>().ok().filter(|_| !is_over) else { return Ok(None) };
    let time = |second: Option<i64>| second.map(|second| Timestamp::from_second(second).unwrap_or(Timestamp::MIN));
    Ok(Some(ApiToken {
        id: ApiTokenId(row.integer("token_id")?),
        user: users::user(row)?,
        name: row.text("name")?,
        scope,
        created: row.time("created")?,
        expires: time(row.optional_integer("expires")?),
        used: time(row.optional_integer("used")?),
    }))
}
