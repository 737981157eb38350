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

/// The beginning of a text as one line: so many characters at most, and "…" where more would follow. It is cut between
/// two words, but for a word that would leave little of the line.
pub fn beginning(text: &str, chars_max: usize) -> String {
    let (mut line, mut chars) = (String::new(), 0);
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let space = usize::from(chars > 0);
        let room = chars_max.saturating_sub(chars + space);
        let cut = word.char_indices().nth(room).map(|(at, _)| at);
        if cut.is_none() || chars < chars_max / 2 {
            let fitting = cut.and_then(|at| word.get(..at)).unwrap_or(word);
            line.extend(std::iter::repeat_n(' ', space));
            line.push_str(fitting);
            chars += space + fitting.chars().count();
        }
        if cut.is_some() {
            line.push('…');
            break;
        }
    }
    line
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

    /// A line is cut between words; a script without spaces has to be cut anywhere.
    #[test]
    fn beginnings() {
        for (text, line) in [
            ("", ""),
            (" \r\n\u{0} ", ""),
            ("one\n\n two\u{1b}three", "one two three"),
            ("twenty letters, here", "twenty letters, here"),
            ("twenty letters, here it is", "twenty letters, here…"),
            ("twenty letters, too many", "twenty letters, too…"),
            ("안녕하세요여러분오늘은날씨가아주좋습니다그렇죠네", "안녕하세요여러분오늘은날씨가아주좋습니다…"),
            ("a abcdefghijklmnopqrstuvwxyz", "a abcdefghijklmnopqr…"),
        ] {
            assert_eq!(beginning(text, 20), line, "{text:?}");
        }
    }
}
