//! Posts: what a valid one is, and how its date reads.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::content::Format;
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

/// The number of a draft, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraftId(pub i64);

impl FromStr for DraftId {
    type Err = NotAPostId;

    fn from_str(text: &str) -> Result<Self, NotAPostId> {
        text.parse().map(|PostId(id)| Self(id))
    }
}

/// Where a post stands in the order of the site: the newest first, those of one second in the order they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it was written, as stored.
    pub created: String,
    /// Its number.
    pub id: PostId,
}

/// The text is not the place of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPlace;

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (created, id) = text.rsplit_once('.').ok_or(NotAPlace)?;
        Ok(Self { created: created.to_owned(), id: id.parse().map_err(|_| NotAPlace)? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.created, self.id.0)
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The newest posts.
    Newest,
    /// Those that come after this place: older ones.
    Before(Place),
    /// Those that come right before this place: newer ones.
    After(Place),
}

/// A part of a list, the newest post first, and whether there is more of it.
#[derive(Clone, Debug)]
pub struct List {
    /// The posts.
    pub posts: Vec<Post>,
    /// The part with newer posts, if there are any.
    pub newer: Option<Part>,
    /// The part with older posts, if there are any.
    pub older: Option<Part>,
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
    /// How it is to be read.
    pub format: Format,
    /// When its author last changed it, if ever: UTC, like `created`.
    pub updated: Option<String>,
}

impl Post {
    /// Its place in the order of the site.
    pub fn place(&self) -> Place {
        Place { created: self.created.clone(), id: self.id }
    }

    /// The day it was written, as stored and not moved to another time zone.
    ///
    /// A text that does not begin with a date is shown whole: one odd row must not cost the reader the page.
    pub fn created_on(&self) -> &str {
        day(&self.created)
    }

    /// When it was written; the beginning of 1970 if the text is no time.
    pub fn created_at(&self) -> Timestamp {
        time(&self.created).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When it was last changed, if it was.
    pub fn updated_at(&self) -> Option<Timestamp> {
        self.updated.as_deref().and_then(time)
    }

    /// The day it was last changed, if it was.
    pub fn updated_on(&self) -> Option<&str> {
        self.updated.as_deref().map(day)
    }
}

fn day(time: &str) -> &str {
    time.get(..10).filter(|day| day.parse::<Date>().is_ok()).unwrap_or(time)
}

/// The beginning of the year 1. XML Schema has no year 0, and RFC 3339 none before it: a feed could not write them.
const FIRST_SECOND: i64 = -62_135_596_800;

/// A time that is stored as text: UTC, unless it has an offset.
pub fn time(text: &str) -> Option<Timestamp> {
    let utc = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    text.parse().ok().or_else(utc).filter(|time: &Timestamp| time.as_second() >= FIRST_SECOND)
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

    /// Times as the original takes them.
    #[test]
    fn times() {
        for (text, seconds) in [
            ("2018-01-01 00:00:00", Some(1_514_764_800)),
            ("2018-01-01T09:00:00+09:00", Some(1_514_764_800)),
            ("2018-01-01T00:00:00.5", Some(1_514_764_800)),
            ("2018-01-01", Some(1_514_764_800)),
            ("0001-01-01 00:00:00", Some(FIRST_SECOND)),
            ("0000-12-31 23:59:59", None),
            ("-000001-01-01T00:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(time(text).map(Timestamp::as_second), seconds, "{text}");
        }
    }

    /// A place is written in one way, whatever the time is.
    #[test]
    fn places() {
        for created in ["2018-01-01 00:00:00", "2018-01-01T23:59:59.5+09:00", "", "어제", "1.5"] {
            let place = Place { created: created.to_owned(), id: PostId(7) };
            assert_eq!(place.to_string().parse(), Ok(place), "{created}");
        }
        for text in ["", "7", "2018-01-01 00:00:00", "2018-01-01 00:00:00.", "2018-01-01 00:00:00.-7", ".x"] {
            assert_eq!(text.parse::<Place>(), Err(NotAPlace), "{text}");
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
                format: Format::Plain,
                updated: None,
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
