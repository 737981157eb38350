//! Comments: what a valid one is, and who may do what with it.

use std::str::FromStr;

use jiff::Timestamp;

use crate::post::PostId;
use crate::problem::Problem;
use crate::user::{User, UserId};

/// Longest comment, in characters. A line break is one, however it was sent.
pub const COMMENT_CHARS_MAX: usize = 10_000;

/// The number of a comment, never given twice. Those of one post are in the order they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentId(pub i64);

/// The text is not the number of any comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACommentId;

impl FromStr for CommentId {
    type Err = NotACommentId;

    /// Written like that of a post.
    fn from_str(text: &str) -> Result<Self, NotACommentId> {
        text.parse::<PostId>().map(|PostId(id)| Self(id)).map_err(|_| NotACommentId)
    }
}

/// What a commenter sends: a text with something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentText(String);

impl CommentText {
    /// Takes what the form held. Empty lines around it are not part of it.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let text = typed.replace("\r\n", "\n");
        let text = text.trim_start_matches('\n').trim_end();
        let chars = text.chars().count();
        if text.trim_start().is_empty() {
            return Err(Problem::new("comment-empty").about("body"));
        }
        if chars > COMMENT_CHARS_MAX {
            return Err(Problem::new("comment-too-long")
                .with("most", COMMENT_CHARS_MAX)
                .with("count", chars)
                .about("body"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A comment as it is stored, with what it is about.
#[derive(Clone, Debug)]
pub struct Comment {
    /// The number.
    pub id: CommentId,
    /// The post under which it stands.
    pub post: PostId,
    /// That post's title.
    pub post_title: String,
    /// That post's author.
    pub host: UserId,
    /// Who wrote it and may change it.
    pub author_id: UserId,
    /// The author's name today; `None` if there is no such user any more.
    pub username: Option<String>,
    /// When it was written.
    pub created: Timestamp,
    /// When its author last changed it, if ever.
    pub updated: Option<Timestamp>,
    /// The text.
    pub body: String,
    /// Whether it waits to be approved.
    pub is_waiting: bool,
}

/// As what somebody decides on a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They wrote it.
    Author,
    /// They wrote the post under which it stands.
    Host,
    /// They moderate the site, and it is another's under another's post.
    Moderator,
}

impl Comment {
    /// As what a user may delete it. A moderator's decision on what is their own is not a moderator's.
    pub fn standing_of(&self, user: &User) -> Option<Standing> {
        if user.id == self.author_id { Some(Standing::Author) } else { self.approver(user) }
    }

    /// As what a user may approve it: nobody approves what they wrote, unless it is for them to decide.
    pub fn approver(&self, user: &User) -> Option<Standing> {
        if user.id == self.host { Some(Standing::Host) } else { user.is_moderator().then_some(Standing::Moderator) }
    }

    /// Whether somebody sees it.
    pub fn is_seen_by(&self, reader: Option<&User>) -> bool {
        !self.is_waiting || reader.is_some_and(|user| self.standing_of(user).is_some())
    }
}

/// Whether a comment of this user's under a post of that author's waits, where comments have to be approved.
pub fn has_to_wait(author: &User, host: UserId) -> bool {
    author.id != host && !author.is_moderator()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::Role;

    fn user(id: i64, role: Role) -> User {
        User { id: UserId(id), username: String::new(), role }
    }

    /// Something has to be there, and not too much of it; a browser's line breaks count once.
    #[test]
    fn texts() {
        let problem = |text: &str| CommentText::parse(text).map_err(|problem| problem.to_string()).err();
        for empty in ["", " ", "\r\n\t\n", "\u{3000}"] {
            assert_eq!(problem(empty), Some("A comment needs a text.".to_owned()), "{empty:?}");
        }
        let text = CommentText::parse("\r\n\r\n    code\r\n\r\nlast\r\n \r\n").unwrap();
        assert_eq!(text.as_str(), "    code\n\nlast");
        assert_eq!(problem(&"가".repeat(COMMENT_CHARS_MAX)), None);
        assert_eq!(problem(&"\r\na".repeat(COMMENT_CHARS_MAX / 2)), None);
        assert_eq!(
            problem(&"가".repeat(COMMENT_CHARS_MAX + 1)),
            Some("A comment can have 10000 characters at most. This one has 10001.".to_owned())
        );
    }

    /// Who may decide, as what; and who sees a comment that waits.
    #[test]
    fn rights() {
        let comment = |is_waiting| Comment {
            id: CommentId(1),
            post: PostId(1),
            post_title: String::new(),
            host: UserId(1),
            author_id: UserId(2),
            username: None,
            created: Timestamp::UNIX_EPOCH,
            updated: None,
            body: String::new(),
            is_waiting,
        };
        for (user, standing, approver) in [
            (user(1, Role::Author), Some(Standing::Host), Some(Standing::Host)),
            (user(1, Role::Moderator), Some(Standing::Host), Some(Standing::Host)),
            (user(2, Role::Author), Some(Standing::Author), None),
            (user(2, Role::Moderator), Some(Standing::Author), Some(Standing::Moderator)),
            (user(3, Role::Author), None, None),
            (user(3, Role::Moderator), Some(Standing::Moderator), Some(Standing::Moderator)),
        ] {
            assert_eq!(comment(true).standing_of(&user), standing, "{user:?}");
            assert_eq!(comment(true).approver(&user), approver, "{user:?}");
            assert_eq!(comment(true).is_seen_by(Some(&user)), standing.is_some(), "{user:?}");
            assert!(comment(false).is_seen_by(Some(&user)));
        }
        assert!(comment(false).is_seen_by(None) && !comment(true).is_seen_by(None));
        assert!(has_to_wait(&user(2, Role::Author), UserId(1)));
        assert!(!has_to_wait(&user(1, Role::Author), UserId(1)) && !has_to_wait(&user(2, Role::Moderator), UserId(1)));
    }
}
