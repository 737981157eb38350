//! Where a page of results begins, and how that is written in an address.

use std::fmt;
use std::str::FromStr;

/// Where a page of results begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub(super) list: List,
    /// The highest id that is still to be looked at.
    pub(super) from: i64,
}

/// Results are those of the first list, and then those of the second that are not in the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Posts with all words in the title.
    Title,
    /// Posts with all words in the title or the text.
    Text,
}

/// The text is no place in any results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPlace;

impl Place {
    /// Where the first page begins.
    pub(super) const FIRST: Self = Self { list: List::Title, from: i64::MAX };

    /// The place behind this one.
    pub(super) fn below(self) -> Option<Self> {
        match self.from.checked_sub(1) {
            Some(from) => Some(Self { from, ..self }),
            None => self.next_list(),
        }
    }

    /// Where the list after this one begins.
    pub(super) fn next_list(self) -> Option<Self> {
        (self.list == List::Title).then_some(Self { list: List::Text, ..Self::FIRST })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = match self.list {
            List::Title => "title",
            List::Text => "text",
        };
        write!(f, "{list}-{}", self.from)
    }
}

impl FromStr for Place {
    type Err = NotAPlace;

    /// What is displayed, or any other number in its place.
    fn from_str(text: &str) -> std::result::Result<Self, NotAPlace> {
        let (list, from) = text.split_once('-').ok_or(NotAPlace)?;
        let list = match list {
            "title" => List::Title,
            "text" => List::Text,
            _ => return Err(NotAPlace),
        };
        from.parse().map(|from| Self { list, from }).map_err(|_| NotAPlace)
    }
}
