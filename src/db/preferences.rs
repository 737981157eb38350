//! SQL for how users want pages to be.

use super::connection::{Connection, Value};
use super::error::Result;
use crate::preference::Preference;
use crate::user::User;

/// What a user chose, if anything; what this version does not know is not chosen.
pub fn find(conn: Connection<'_>, user: &User) -> Result<Option<Preference>> {
    let found = conn.query_row(
        "SELECT language, theme FROM preference WHERE user_id = $1 AND username = $2",
        &[Value::Integer(user.id.0), Value::Text(&user.username)],
        |row| {
            let (language, theme) = (row.text("language")?.parse(), row.text("theme")?.parse());
            Ok(language.ok().zip(theme.ok()).map(|(language, theme)| Preference { language, theme }))
        },
    )?;
    Ok(found.flatten())
}

/// Keeps what a user chose.
pub fn set(conn: Connection<'_>, user: &User, preference: Preference) -> Result<()> {
    conn.execute(
        "INSERT INTO preference (user_id, username, language, theme) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE
           SET username = excluded.username, language = excluded.language, theme = excluded.theme",
        &[
            Value::Integer(user.id.0),
            Value::Text(&user.username),
            Value::Text(preference.language.tag()),
            Value::Text(preference.theme.as_str()),
        ],
    )?;
    Ok(())
}
