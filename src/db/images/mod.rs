//! SQL for pictures.

mod uses;

use jiff::Timestamp;

use super::connection::{Connection, Row, Value};
use super::error::Result;
use crate::image::{Address, Format, Picture, Size, named_in};
use crate::user::UserId;

pub use uses::{Holder, hold, sweep};

/// Bytes of a part of a picture, which is what is read of it at once.
pub const PART_BYTES: usize = 128 * 1024;

/// Most pictures of a user that nothing names yet, and most bytes of them.
pub const UNUSED_IMAGES_MAX: i64 = 100;
/// See [`UNUSED_IMAGES_MAX`].
pub const UNUSED_BYTES_MAX: i64 = 100 * 1024 * 1024;

/// A size of a picture, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    id: i64,
    width: i64,
    /// Bytes of the whole file.
    pub bytes: u64,
    /// Its first part.
    pub first: Vec<u8>,
}

/// The sizes of a picture, for a page that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// What all of them are.
    pub format: Format,
    /// Width and height in pixels, the smallest first.
    pub sizes: Vec<(u32, u32)>,
}

/// Stores a picture, unless it is there already. Says no if its sender has too many that nothing names.
pub fn insert(conn: Connection<'_>, user: UserId, picture: &Picture, now: Timestamp) -> Result<bool> {
    let now = now.as_second();
    let known = conn.execute(
        "UPDATE image SET unused_since = CASE WHEN unused_since IS NOT NULL THEN CAST($1 AS BIGINT) END WHERE hash = $2",
        &[Value::Integer(now), Value::Text(&picture.hash)],
    )?;
    if known > 0 {
        return Ok(true);
    }
    if !may_store(conn, user, integer(picture.bytes()))? {
        return Ok(false);
    }
    store(conn, user, picture, now)?;
    Ok(true)
}

/// Stores a picture that comes with a text from elsewhere, unless it is there already.
pub(super) fn take_over(conn: Connection<'_>, user: UserId, picture: &Picture, now: Timestamp) -> Result<()> {
    if find_sizes(conn, &picture.hash)?.is_none() {
        store(conn, user, picture, now.as_second())?;
    }
    Ok(())
}

fn store(conn: Connection<'_>, user: UserId, picture: &Picture, now: i64) -> Result<()> {
    let id = conn.query_row(
        "INSERT INTO image (hash, format, bytes, user_id, unused_since) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        &[
            Value::Text(&picture.hash),
            Value::Text(picture.format.extension()),
            Value::Integer(integer(picture.bytes())),
            Value::Integer(user.0),
            Value::Integer(now),
        ],
        |row| row.integer("id"),
    )?;
    picture.sizes.iter().try_for_each(|size| insert_size(conn, id.unwrap_or_default(), size))
}

fn may_store(conn: Connection<'_>, user: UserId, bytes: i64) -> Result<bool> {
    let unused = conn.query_row(
        "SELECT count(*) AS images, CAST(coalesce(sum(bytes), 0) AS BIGINT) AS bytes FROM image
          WHERE user_id = $1 AND unused_since IS NOT NULL",
        &[Value::Integer(user.0)],
        |row| Ok((row.integer("images")?, row.integer("bytes")?)),
    )?;
    let (images, unused_bytes) = unused.unwrap_or_default();
    Ok(images < UNUSED_IMAGES_MAX && unused_bytes + bytes <= UNUSED_BYTES_MAX)
}

fn insert_size(conn: Connection<'_>, id: i64, size: &Size) -> Result<()> {
    let width = Value::Integer(size.width.into());
    conn.execute(
        "INSERT INTO image_size (image_id, width, height, bytes) VALUES ($1, $2, $3, $4)",
        &[Value::Integer(id), width, Value::Integer(size.height.into()), Value::Integer(integer(size.bytes.len()))],
    )?;
    for (number, content) in (0..).zip(size.bytes.chunks(PART_BYTES)) {
        conn.execute(
            "INSERT INTO image_part (image_id, width, number, content) VALUES ($1, $2, $3, $4)",
            &[Value::Integer(id), width, Value::Integer(number), Value::Blob(content)],
        )?;
    }
    Ok(())
}

/// The size at an address, if there is one, with its first part.
pub fn find(conn: Connection<'_>, address: &Address) -> Result<Option<Found>> {
    // The largest has no width in its address, and the others must have one: each has one address.
    let found = conn.query_row(
        "SELECT i.id, s.width, s.bytes, p.content
           FROM image i
           JOIN image_size s ON s.image_id = i.id
           JOIN image_part p ON p.image_id = s.image_id AND p.width = s.width AND p.number = 0
          WHERE i.hash = $1 AND i.format = $2 AND (CAST($3 AS BIGINT) = 0 OR s.width = $3)
            AND ($3 = 0 OR EXISTS (SELECT 1 FROM image_size l WHERE l.image_id = i.id AND l.width > s.width))
          ORDER BY s.width DESC LIMIT 1",
        &[
            Value::Text(&address.hash),
            Value::Text(address.format.extension()),
            Value::Integer(address.width.unwrap_or(0).into()),
        ],
        |row| {
            let bytes = u64::try_from(row.integer("bytes")?).unwrap_or_default();
            Ok(Found { id: row.integer("id")?, width: row.integer("width")?, bytes, first: row.blob("content")? })
        },
    )?;
    Ok(found)
}

/// The pictures that a text names and that one does not have already, each in its largest size: where it is, and its file.
pub fn named(conn: Connection<'_>, text: &str, has: impl Fn(&Address) -> bool) -> Result<Vec<(Address, Vec<u8>)>> {
    let mut named = Vec::new();
    for hash in named_in(text) {
        let Some(sizes) = find_sizes(conn, hash)? else { continue };
        let Some((address, ..)) = sizes.addresses(hash).pop() else { continue };
        if has(&address) {
            continue;
        }
        if let Some(found) = find(conn, &address)? {
            named.push((address, whole(conn, found)?));
        }
    }
    Ok(named)
}

fn whole(conn: Connection<'_>, found: Found) -> Result<Vec<u8>> {
    let key = found.key();
    let mut file = found.first;
    for number in 1.. {
        match part(conn, key, number)? {
            Some(part) => file.extend(part),
            None => break,
        }
    }
    Ok(file)
}

/// A further part, if it is still there.
pub fn part(conn: Connection<'_>, of: (i64, i64), number: i64) -> Result<Option<Vec<u8>>> {
    conn.query_row(
        "SELECT content FROM image_part WHERE image_id = $1 AND width = $2 AND number = $3",
        &[Value::Integer(of.0), Value::Integer(of.1), Value::Integer(number)],
        |row| row.blob("content"),
    )
}

impl Found {
    /// What names it to [`part`].
    pub fn key(&self) -> (i64, i64) {
        (self.id, self.width)
    }
}

/// The sizes of a picture of this hash, if there is one.
pub fn find_sizes(conn: Connection<'_>, hash: &str) -> Result<Option<Sizes>> {
    let rows = conn.query(
        "SELECT i.format, s.width, s.height FROM image i JOIN image_size s ON s.image_id = i.id
          WHERE i.hash = $1 ORDER BY s.width",
        &[Value::Text(hash)],
        |row| Ok((row.text("format")?, (pixels(row, "width")?, pixels(row, "height")?))),
    )?;
    let format = rows.first().and_then(|(format, _)| format.parse().ok());
    Ok(format.map(|format| Sizes { format, sizes: rows.into_iter().map(|(_, size)| size).collect() }))
}

impl Sizes {
    /// Where each of them is, of a picture of this hash, with its width and height.
    pub fn addresses(&self, hash: &str) -> Vec<(Address, u32, u32)> {
        let smaller = self.sizes.len().saturating_sub(1);
        let address = |width| Address { hash: hash.to_owned(), width, format: self.format };
        let sizes = self.sizes.iter().enumerate();
        sizes
            .map(|(index, &(width, height))| (address(Some(width).filter(|_| index < smaller)), width, height))
            .collect()
    }
}

fn pixels(row: &Row<'_>, column: &str) -> Result<u32> {
    Ok(u32::try_from(row.integer(column)?).unwrap_or_default())
}

fn integer(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
