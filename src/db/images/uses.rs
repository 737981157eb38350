//! SQL for what names a picture, and for those that nothing names any more.

use jiff::Timestamp;

use crate::db::connection::{Connection, Value};
use crate::db::error::Result;
use crate::db::search;
use crate::image::named_in;
use crate::post::PostId;

/// How long a picture is kept that nothing names, in seconds: a day, for a form that is not finished at once.
const UNUSED_SECONDS_MAX: i64 = 24 * 60 * 60;

/// What may name pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A post. Noted by the index of the search, of each post that any program writes or deletes.
    Post(PostId),
    /// A draft.
    Draft(i64),
    /// A post that is withdrawn, and may come back.
    Withdrawn(PostId),
}

impl Holder {
    fn key(self) -> (&'static str, i64) {
        match self {
            Self::Post(PostId(id)) => ("post", id),
            Self::Draft(id) => ("draft", id),
            Self::Withdrawn(PostId(id)) => ("withdrawn", id),
        }
    }
}

/// Notes which pictures a text names; of a holder that is gone the text is empty.
pub fn hold(conn: Connection<'_>, holder: Holder, text: &str) -> Result<()> {
    let (kind, id) = holder.key();
    let (kind, id) = (Value::Text(kind), Value::Integer(id));
    let before =
        conn.query("SELECT image_id FROM image_use WHERE holder = $1 AND holder_id = $2", &[kind, id], |row| {
            row.integer("image_id")
        })?;
    let named = named_in(text);
    if before.is_empty() && named.is_empty() {
        return Ok(());
    }
    conn.execute("DELETE FROM image_use WHERE holder = $1 AND holder_id = $2", &[kind, id])?;
    for hash in named {
        conn.execute(
            "INSERT INTO image_use (holder, holder_id, image_id) SELECT $1, $2, i.id FROM image i WHERE i.hash = $3",
            &[kind, id, Value::Text(hash)],
        )?;
        conn.execute("UPDATE image SET unused_since = NULL WHERE hash = $1", &[Value::Text(hash)])?;
    }
    before.into_iter().try_for_each(|image| note_unused(conn, image))
}

fn note_unused(conn: Connection<'_>, image: i64) -> Result<()> {
    conn.execute(
        "UPDATE image SET unused_since = 0
          WHERE id = $1 AND unused_since IS NULL
            AND NOT EXISTS (SELECT 1 FROM image_use u WHERE u.image_id = image.id)",
        &[Value::Integer(image)],
    )?;
    Ok(())
}

/// Deletes one of the pictures that nothing has named for a day. Says whether there was one, and so may be another.
pub fn sweep(conn: Connection<'_>, now: Timestamp) -> Result<bool> {
    let now = now.as_second();
    conn.execute("UPDATE image SET unused_since = $1 WHERE unused_since = 0", &[Value::Integer(now)])?;
    if search::is_behind(conn)? {
        return Ok(false); // a post that is not looked at yet may name any of them
    }
    let oldest = now.saturating_sub(UNUSED_SECONDS_MAX);
    let deleted = conn.execute(
        "DELETE FROM image WHERE id IN
           (SELECT id FROM image WHERE unused_since > 0 AND unused_since <= $1 ORDER BY unused_since LIMIT 1)",
        &[Value::Integer(oldest)],
    )?;
    Ok(deleted > 0)
}
