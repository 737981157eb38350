//! Posts as files: what `flaskr-admin import` reads and `flaskr-admin export` writes.

mod date;
mod document;
pub mod folder;
mod front_matter;
pub mod wordpress;

pub use document::{Comment, Document, Source};

/// Why a file, or a part of one, is no post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file, and where in it: `posts/a.md`, `blog.xml, line 7`.
    pub place: String,
    /// What is wrong, and what to do.
    pub reason: String,
}
