//! People: who can log in, and what a valid account is.

use std::fmt;

use crate::problem::Problem;

/// The number of a user, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserId(pub i64);

/// A user name: anything but nothing, compared byte by byte, as in the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Takes a name as it was typed.
    pub fn parse(typed: String) -> Result<Self, Problem> {
        if typed.is_empty() {
            return Err(Problem::new("username-required").about("username"));
        }
        Ok(Self(typed))
    }

    /// The name as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password as a person typed it. It is hashed or checked, never stored and never shown.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Takes a password as it was typed.
    pub fn new(typed: String) -> Self {
        Self(typed)
    }

    /// The text, to be judged.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes to hash.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// What a new account is made of.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The name nobody else has.
    pub username: Username,
    /// The password that is not empty.
    pub password: Password,
}

impl Registration {
    /// Takes what the form held; the first mistake wins.
    pub fn parse(username: String, password: Password) -> Result<Self, Problem> {
        let username = Username::parse(username)?;
        if password.0.is_empty() {
            return Err(Problem::new("password-required").about("password"));
        }
        Ok(Self { username, password })
    }
}

/// What a user may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Write, and decide on what is their own.
    #[default]
    Author,
    /// Decide on what others wrote, too.
    Moderator,
}

/// Longest line that a user says of themselves, in characters.
pub const PROFILE_CHARS_MAX: usize = 200;

/// What a user says of themselves: one line, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileLine(String);

impl ProfileLine {
    /// Takes what the form held.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        let chars = line.chars().count();
        if chars > PROFILE_CHARS_MAX {
            return Err(Problem::new("profile-too-long")
                .with("most", PROFILE_CHARS_MAX)
                .with("count", chars)
                .about("line"));
        }
        Ok(Self(line))
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person who is logged in, or wrote a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The number.
    pub id: UserId,
    /// The name, as it is stored.
    pub username: String,
    /// What they may do.
    pub role: Role,
}

impl User {
    /// Whether they may decide on what others wrote.
    pub fn is_moderator(&self) -> bool {
        self.role == Role::Moderator
    }
}

/// A user with the stored hash of their password.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who.
    pub user: User,
    /// The text in the column `password`: argon2id, or one of Werkzeug's.
    pub password_hash: String,
    /// Whether the administrator keeps them from logging in.
    pub is_disabled: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first mistake wins, and only emptiness is one.
    #[test]
    fn registration_is_checked_in_the_originals_order() {
        let problem = |username: &str, password: &str| {
            Registration::parse(username.into(), Password::new(password.into())).map_err(|p| p.to_string()).err()
        };
        assert_eq!(problem("", ""), Some("Username is required.".into()));
        assert_eq!(problem("a", ""), Some("Password is required.".into()));
        assert_eq!(problem(" ", " "), None);
    }

    /// A line is one line of a bounded length.
    #[test]
    fn profile_lines() {
        for (typed, line) in [("", ""), (" a\r\n b\t", "a b"), ("안녕", "안녕")] {
            assert_eq!(ProfileLine::parse(typed), Ok(ProfileLine(line.to_owned())), "{typed:?}");
        }
        assert!(ProfileLine::parse(&"가".repeat(PROFILE_CHARS_MAX)).is_ok());
        let problem = ProfileLine::parse(&"가".repeat(201)).unwrap_err().to_string();
        assert_eq!(problem, "The line can have 200 characters at most. This one has 201.");
    }

    /// A password cannot slip into a log line.
    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(format!("{:?}", Password::new("secret".into())), "Password(..)");
    }
}
