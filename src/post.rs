//! Posts: what a valid one is, and how its date reads.

use std::str::FromStr;

use jiff::civil::Date;

use crate::problem::Problem;
use crate::user::UserId;

/// The number of a post, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostId(pub i64);

/// The text is not the number of any post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPostId;

impl FromStr for PostId {
    type Err = NotAPostId;

    /// Digits only, leading zeros allowed: `i64` alone would take a sign as well.
    fn from_str(text: &str) -> Result<Self, NotAPostId> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAPostId);
        }
        text.parse().map(Self).map_err(|_| NotAPostId)
    }
}

/// A post as it is stored, with the name of its author.
#[derive(Clone, Debug)]
pub struct Post {
    /// The number.
    pub id: PostId,
    /// Who wrote it and may change it.
    pub author_id: UserId,
    /// The author's name today.
    pub username: String,
    /// When it was written: UTC, `YYYY-MM-DD HH:MM:SS`, though another program may have stored any text.
    pub created: String,
    /// The title, as typed.
    pub title: String,
    /// The text, as typed.
    pub body: String,
}

impl Post {
    /// The day it was written, as stored and not moved to another time zone.
    ///
    /// A text that does not begin with a date is shown whole: one odd row must not cost the reader the page.
    pub fn created_on(&self) -> &str {
        self.created.get(..10).filter(|day| day.parse::<Date>().is_ok()).unwrap_or(&self.created)
    }
}

/// What an author sends to make or change a post.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The title: anything but nothing.
    pub title: String,
    /// The text, which may be empty.
    pub body: String,
}

impl Draft {
    /// Takes what the form held.
    pub fn parse(title: String, body: String) -> Result<Self, Problem> {
        if title.is_empty() {
            return Err(Problem::new("Title is required."));
        }
        Ok(Self { title, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits are an id, up to the largest a database can hold; all else is no post.
    #[test]
    fn ids() {
        for (text, id) in [("1", 1), ("0", 0), ("001", 1), ("9223372036854775807", i64::MAX)] {
            assert_eq!(text.parse(), Ok(PostId(id)), "{text}");
        }
        for text in ["", "-1", "+1", " 1", "1a", "abc", "9223372036854775808", "99999999999999999999"] {
            assert_eq!(text.parse::<PostId>(), Err(NotAPostId), "{text}");
        }
    }

    /// Whatever the column holds, there is something to show.
    #[test]
    fn dates() {
        let shown = |created: &str| {
            let post = Post {
                id: PostId(1),
                author_id: UserId(1),
                username: String::new(),
                created: created.into(),
                title: String::new(),
                body: String::new(),
            };
            post.created_on().to_owned()
        };
        assert_eq!(shown("2018-01-01 00:00:00"), "2018-01-01");
        assert_eq!(shown("2018-01-01T23:59:59.5+09:00"), "2018-01-01");
        assert_eq!(shown("2018-01-01"), "2018-01-01");
        assert_eq!(shown("2018-13-45 00:00:00"), "2018-13-45 00:00:00");
        assert_eq!(shown("yesterday"), "yesterday");
        assert_eq!(shown("어제그저께의일이었다"), "어제그저께의일이었다");
        assert_eq!(shown(""), "");
    }
}
