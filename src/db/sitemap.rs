//! SQL for the list of all addresses: which posts there are, in ranges of their numbers. A range costs what is in it, and
//! the list of ranges a look into an index for each.

use super::connection::{Connection, Value};
use super::error::Result;
use crate::post::PostId;

/// Numbers in a range. A part of the list is then a page of about 100 KB, and not the 50 MB that the protocol allows.
pub const RANGE_IDS: i64 = 1000;

/// A post that everybody can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub id: PostId,
    /// When it was written, as stored.
    pub created: String,
    /// When it was last changed, if it was.
    pub updated: Option<String>,
}

/// The ranges that posts are in, the first ones, so many at most: 3 is that from number 3000 on.
pub fn ranges(conn: Connection<'_>, ranges_max: usize) -> Result<Vec<i64>> {
    let sql = format!(
        "WITH RECURSIVE part (first) AS (
             SELECT MIN(id) FROM post WHERE id >= 0
             UNION ALL
             SELECT (SELECT MIN(id) FROM post WHERE id >= (first / {RANGE_IDS} + 1) * {RANGE_IDS}) FROM part
              WHERE first <= $1)
         SELECT first / {RANGE_IDS} AS number FROM part WHERE first IS NOT NULL LIMIT $2"
    );
    // Behind it there is no other, and no number for the database to reckon with.
    let last = Value::Integer(i64::MAX - RANGE_IDS);
    let limit = Value::Integer(i64::try_from(ranges_max).unwrap_or(i64::MAX));
    conn.query(&sql, &[last, limit], |row| row.integer("number"))
}

/// The posts of a range.
pub fn range(conn: Connection<'_>, number: i64) -> Result<Vec<Listed>> {
    let first = number.saturating_mul(RANGE_IDS);
    conn.query(
        r#"SELECT p.id, p.created,
                  (SELECT c.updated FROM post_update c WHERE c.post_id = p.id AND c.created = p.created) AS updated
             FROM post p JOIN "user" u ON u.id = p.author_id WHERE p.id BETWEEN $1 AND $2 ORDER BY p.id"#,
        &[Value::Integer(first), Value::Integer(first.saturating_add(RANGE_IDS - 1))],
        |row| {
            Ok(Listed {
                id: PostId(row.integer("id")?),
                created: row.text("created")?,
                updated: Some(row.text("updated")?).filter(|updated| !updated.is_empty()),
            })
        },
    )
}
