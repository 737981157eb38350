//! What an author writes: a title, a text and tags, before and after it is a post.

use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::problem::Problem;
use crate::tag::Tags;

/// How a text is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As it is, line by line, like every post of the original.
    #[default]
    Plain,
    /// As Markdown.
    Markdown,
}

/// The text is the name of no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFormat;

impl FromStr for Format {
    type Err = NotAFormat;

    fn from_str(text: &str) -> Result<Self, NotAFormat> {
        [Self::Plain, Self::Markdown].into_iter().find(|format| format.as_str() == text).ok_or(NotAFormat)
    }
}

impl Format {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Markdown => "markdown",
        }
    }
}

/// What an author sends to make or change a post.
#[derive(Clone, Debug)]
pub struct Content {
    /// The title: anything but nothing.
    pub title: String,
    /// The text, which may be empty.
    pub body: String,
    /// How the text is to be read; `None` leaves that, and a new post is plain.
    pub format: Option<Format>,
    /// Its tags; `None` leaves those it has.
    pub tags: Option<Tags>,
}

impl Content {
    /// Takes what the form held. The original's has neither tags nor a format.
    pub fn parse(title: String, body: String, tags: Option<&str>, format: Option<Format>) -> Result<Self, Problem> {
        if title.is_empty() {
            return Err(Problem::new("title-required").about("title"));
        }
        Ok(Self { title, body, format, tags: tags.map(Tags::parse).transpose()? })
    }
}

/// What is stored of a post or a draft, as its author types it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The title. That of a draft may be empty.
    pub title: String,
    /// The text.
    pub body: String,
    /// The tags, separated by commas.
    pub tags: String,
    /// How the text is to be read.
    pub format: Format,
}

impl Written {
    /// What tells it from what it was before it was changed.
    pub fn version(&self) -> String {
        let Self { title, body, tags, format } = self;
        let mut digest = Sha256::new();
        for part in [title, body, tags, format.as_str()] {
            digest.update(part.len().to_le_bytes()); // so that nothing moves from one part to the next
            digest.update(part);
        }
        base16ct::lower::encode_string(&digest.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every part of a text tells one version from another.
    #[test]
    fn versions() {
        let of = |title: &str, body: &str, tags: &str, format| {
            let (title, body, tags) = (title.to_owned(), body.to_owned(), tags.to_owned());
            Written { title, body, tags, format }.version()
        };
        let versions = [
            of("a", "b", "c", Format::Plain),
            of("a", "b", "c", Format::Markdown),
            of("ab", "", "c", Format::Plain),
            of("a", "bc", "", Format::Plain),
        ];
        for (number, version) in versions.iter().enumerate() {
            assert!(!versions[..number].contains(version), "{number}");
        }
        assert_eq!(versions[0], of("a", "b", "c", Format::Plain));
    }
}
