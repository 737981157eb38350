//! Reads a database of the tutorial's Flaskr, to take over what is in it.

use std::path::Path;

use rusqlite::{Connection as Sqlite, OpenFlags};

use super::identity::{Identity, identify};
use crate::content::Format;
use crate::db::connection::Connection;
use crate::db::error::Result;
use crate::db::open_error::{OpenError, Reason, reason};
use crate::exchange::Document;
use crate::post::PostId;

/// An open database of the tutorial's.
#[derive(Debug)]
pub struct Original {
    sqlite: Sqlite,
}

/// Somebody who registered there.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name.
    pub username: String,
    /// The stored password.
    pub password_hash: String,
}

impl Original {
    /// Opens a file, to read it alone. `None` if it is a database of ours, or of another program.
    pub fn open(path: &Path) -> std::result::Result<Option<Self>, OpenError> {
        let because = |error| OpenError::at(path)(reason(error));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        std::fs::metadata(path).map_err(|error| OpenError::at(path)(Reason::Unreachable(error)))?;
        let sqlite = Sqlite::open_with_flags(path, flags).map_err(because)?;
        let is_original = identify(&sqlite).map_err(because)? == Identity::Original;
        Ok(is_original.then_some(Self { sqlite }))
    }

    /// Everybody, in the order they came.
    pub fn members(&self) -> Result<Vec<Member>> {
        let read = "SELECT username, password FROM user ORDER BY id";
        Connection::from(&self.sqlite).query(read, &[], |row| {
            Ok(Member { username: row.text("username")?, password_hash: row.text("password")? })
        })
    }

    /// Every post that the site shows, in the order they were written.
    pub fn posts(&self) -> Result<Vec<Document>> {
        let read = "SELECT p.id, p.created, p.title, p.body, u.username FROM post p JOIN user u ON u.id = p.author_id ORDER BY p.id";
        Connection::from(&self.sqlite).query(read, &[], |row| {
            let mut document = Document {
                id: Some(PostId(row.integer("id")?)),
                author: Some(row.text("username")?),
                created: Some(row.text("created")?),
                ..Document::default()
            };
            document.written.title = row.text("title")?;
            document.written.body = row.text("body")?;
            document.written.format = Format::Plain;
            Ok(document)
        })
    }
}
