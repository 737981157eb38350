//! The pictures that a text shows, as the database knows them.

use std::cell::RefCell;

use crate::db::{self, Connection, images};
use crate::image::Address;
use crate::markdown::{Picture, Pictures};

/// Looks each one up, and remembers a failure for whoever asked.
struct Stored<'a> {
    conn: Connection<'a>,
    failure: RefCell<Option<db::Error>>,
}

/// Makes something of a text with the pictures that are stored.
pub(in crate::web) fn with_pictures<T>(conn: Connection<'_>, make: impl FnOnce(&dyn Pictures) -> T) -> db::Result<T> {
    let stored = Stored { conn, failure: RefCell::new(None) };
    let done = make(&stored);
    stored.failure.into_inner().map_or(Ok(done), Err)
}

impl Pictures for Stored<'_> {
    fn find(&self, path: &str) -> Option<Picture> {
        if self.failure.borrow().is_some() {
            return None;
        }
        let address = Address::from_path(path)?;
        match images::find_sizes(self.conn, &address.hash) {
            Ok(sizes) => picture(&address, &sizes?),
            Err(error) => {
                self.failure.replace(Some(error));
                None
            }
        }
    }
}

/// A picture in the size that was named, and in smaller ones.
fn picture(named: &Address, sizes: &images::Sizes) -> Option<Picture> {
    let mut smaller = Vec::new();
    for (address, width, height) in sizes.addresses(&named.hash) {
        if address == *named {
            return Some(Picture { path: named.path(), width, height, smaller });
        }
        smaller.push((address.path(), width));
    }
    None
}
