//! Tokens of the API: what a program shows instead of its user's password.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use crate::problem::Problem;
use crate::user::User;

/// Most tokens of one user that are good.
pub const API_TOKENS_MAX: i64 = 20;

/// Longest name of a token, in characters.
pub const API_TOKEN_NAME_CHARS_MAX: usize = 100;

/// How long a token can be good for, in days.
pub const API_TOKEN_DAYS: [u16; 3] = [30, 90, 365];

const DAY_HOURS: i64 = 24;

/// The number of a token, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ApiTokenId(pub i64);

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// To see what its user sees.
    Read,
    /// To do what its user does with posts, drafts and comments, and to see it.
    Write,
}

/// The text is the name of no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAScope;

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, NotAScope> {
        [Self::Read, Self::Write].into_iter().find(|scope| scope.as_str() == text).ok_or(NotAScope)
    }
}

impl Scope {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// Whether it is enough for what needs that.
    pub fn includes(self, needed: Self) -> bool {
        self == Self::Write || needed == Self::Read
    }
}

/// What its owner knows a token by: one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiTokenName(String);

impl ApiTokenName {
    /// Takes what the form held.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(Problem::new("token-name-required").about("name"));
        }
        if name.chars().count() > API_TOKEN_NAME_CHARS_MAX {
            return Err(Problem::new("token-name-too-long").with("most", API_TOKEN_NAME_CHARS_MAX).about("name"));
        }
        Ok(Self(name))
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime(Option<u16>);

/// The text is no lifetime that is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotALifetime;

impl FromStr for Lifetime {
    type Err = NotALifetime;

    /// A number of days, or `none`.
    fn from_str(text: &str) -> Result<Self, NotALifetime> {
        if text == "none" {
            return Ok(Self(None));
        }
        let offered = API_TOKEN_DAYS.into_iter().find(|days| days.to_string() == text);
        offered.map(|days| Self(Some(days))).ok_or(NotALifetime)
    }
}

impl Lifetime {
    /// When a token that is made now ends, if it does.
    pub fn end(self, now: Timestamp) -> Option<Timestamp> {
        let hours = DAY_HOURS * i64::from(self.0?);
        Some(now.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX))
    }
}

/// What a user asks for.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    /// The name.
    pub name: ApiTokenName,
    /// What it is to be good for.
    pub scope: Scope,
    /// How long.
    pub lifetime: Lifetime,
}

/// A token that is good.
#[derive(Clone, Debug)]
pub struct ApiToken {
    /// The number.
    pub id: ApiTokenId,
    /// Whose it is.
    pub user: User,
    /// The name.
    pub name: String,
    /// What it is good for.
    pub scope: Scope,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends, if it does.
    pub expires: Option<Timestamp>,
    /// The beginning of the day on which it was last used, if it ever was.
    pub used: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name is one line with something in it, and not too much.
    #[test]
    fn names() {
        let problem = |typed: &str| ApiTokenName::parse(typed).map_err(|problem| problem.to_string()).err();
        assert_eq!(ApiTokenName::parse(" a \r\n b ").unwrap().as_str(), "a b");
        assert_eq!(problem(" \n"), Some("A token needs a name.".to_owned()));
        assert_eq!(problem(&"가".repeat(API_TOKEN_NAME_CHARS_MAX)), None);
        let long = problem(&"가".repeat(API_TOKEN_NAME_CHARS_MAX + 1));
        assert_eq!(long, Some("A name can have 100 characters at most.".to_owned()));
    }

    /// Who may write may read, and nobody the other way.
    #[test]
    fn scopes() {
        assert!(Scope::Write.includes(Scope::Read) && Scope::Write.includes(Scope::Write));
        assert!(Scope::Read.includes(Scope::Read) && !Scope::Read.includes(Scope::Write));
        assert_eq!(("write".parse(), "".parse::<Scope>()), (Ok(Scope::Write), Err(NotAScope)));
    }

    /// As long as is offered, and no longer.
    #[test]
    fn lifetimes() {
        let end = |text: &str| text.parse::<Lifetime>().map(|lifetime| lifetime.end(Timestamp::UNIX_EPOCH));
        assert_eq!(end("30"), Ok(Some(Timestamp::from_second(30 * 24 * 60 * 60).unwrap())));
        assert_eq!(end("none"), Ok(None));
        for other in ["", "0", "31", "030", "-30", "3650"] {
            assert_eq!(end(other), Err(NotALifetime), "{other}");
        }
        assert_eq!("365".parse::<Lifetime>().unwrap().end(Timestamp::MAX), Some(Timestamp::MAX));
    }
}
