//! SQL for what names a picture, and for those that nothing names any more.

use jiff::Timestamp;

use crate::db::connection::{Connection, Value};
use crate::db::error::Result;
use crate::db::search;
use crate::image::named_in;
use crate::post::{DraftId, PostId};

/// How long a picture is kept that nothing names, in seconds: a day, for a form that is not finished at once.
const UNUSED_SECONDS_MAX: i64 = 24 * 60 * 60;

/// What may name pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A post. Noted by the index of the search, of each post that any program writes or deletes.
    Post(PostId),
    /// A draft. It lets go of them when it is deleted, by a trigger.
    Draft(DraftId),
    /// A post that is withdrawn, and may come back. Likewise.
    Withdrawn(PostId),
}

impl Holder {
    fn key(self) -> (&'static str, i64) {
        match self {
            Self::Post(PostId(id)) => ("post", id),
            Self::Draft(DraftId(id)) => ("draft", id),
            Self::Withdrawn(PostId(id)) => ("withdrawn", id),
        }
    }
}

/// Notes which pictures a text names, and no others: of those a trigger notes that it does not any more.
pub fn hold(conn: Connection<'_>, holder: Holder, text: &str) -> Result<()> {
    let (kind, id) = holder.key();
    let (kind, id) = (Value::Text(kind), Value::Integer(id));
    conn.execute("DELETE FROM image_use WHERE holder = $1 AND holder_id = $2", &[kind, id])?;
    for hash in named_in(text) {
        conn.execute(
            "INSERT INTO image_use (holder, holder_id, image_id) SELECT $1, $2, i.id FROM image i WHERE i.hash = $3",
            &[kind, id, Value::Text(hash)],
        )?;
        conn.execute("UPDATE image SET unused_since = NULL WHERE hash = $1", &[Value::Text(hash)])?;
    }
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
