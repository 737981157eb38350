//! Moderation: what moderators do with what others wrote, and what is noted of it.

use std::str::FromStr;

use jiff::Timestamp;

use crate::comment::CommentId;
use crate::post::PostId;
use crate::problem::Problem;

/// Longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 500;

/// How much is kept of a text that was decided on, in characters: enough to see what it was.
pub const EXCERPT_CHARS_MAX: usize = 500;

/// What a moderator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Deletes another's comment under another's post.
    DeleteComment,
    /// Lets everybody see a comment under another's post.
    ApproveComment,
    /// Takes a post out of the site.
    UnpublishPost,
    /// Puts it back.
    RepublishPost,
}

/// The text says nothing that moderators do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAct;

impl FromStr for Act {
    type Err = NotAnAct;

    fn from_str(text: &str) -> Result<Self, NotAnAct> {
        let all = [Self::DeleteComment, Self::ApproveComment, Self::UnpublishPost, Self::RepublishPost];
        all.into_iter().find(|act| act.as_str() == text).ok_or(NotAnAct)
    }
}

impl Act {
    /// In words, as it is kept and logged.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeleteComment => "deleted a comment",
            Self::ApproveComment => "approved a comment",
            Self::UnpublishPost => "unpublished a post",
            Self::RepublishPost => "brought back a post",
        }
    }
}

/// Why a moderator does it: one line, which may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Takes what the form held.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let reason = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if reason.chars().count() > REASON_CHARS_MAX {
            return Err(Problem::new("reason-too-long").with("most", REASON_CHARS_MAX).about("reason"));
        }
        Ok(Self(reason))
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The beginning of a text.
pub fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The number of what is noted, higher for what came later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryId(pub i64);

/// What was noted. Names are those of that time.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The number.
    pub id: EntryId,
    /// When.
    pub time: Timestamp,
    /// Who did it.
    pub moderator: String,
    /// What, in the words of [`Act`].
    pub act: Act,
    /// The post, or the one under which the comment stood.
    pub post: PostId,
    /// The comment, unless it was the post.
    pub comment: Option<CommentId>,
    /// Who had written it, unless that was no user any more.
    pub author: Option<String>,
    /// The beginning of what they wrote.
    pub excerpt: String,
    /// Why.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reason is one line of bounded length.
    #[test]
    fn reasons() {
        assert_eq!(Reason::parse(" spam,\r\n  again ").unwrap().as_str(), "spam, again");
        assert!(Reason::parse(&"가".repeat(REASON_CHARS_MAX)).is_ok());
        let problem = Reason::parse(&"가".repeat(REASON_CHARS_MAX + 1)).unwrap_err();
        assert_eq!(problem.to_string(), "A reason can have 500 characters at most.");
    }

    /// Of a long text the beginning is kept, in whole characters.
    #[test]
    fn excerpts() {
        assert_eq!(excerpt(&"가".repeat(EXCERPT_CHARS_MAX)), "가".repeat(EXCERPT_CHARS_MAX));
        assert_eq!(excerpt(&"가".repeat(EXCERPT_CHARS_MAX + 1)), "가".repeat(EXCERPT_CHARS_MAX) + "…");
    }
}
