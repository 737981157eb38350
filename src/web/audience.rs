//! Who sees a part of a page, and what is known of a reader to decide that.

use super::visitor::Who;
use crate::post::PostId;
use crate::user::{User, UserId};

/// Between those who see a part.
const OR: &str = " or ";

/// What is known of whoever reads a page, as far as it asks.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    /// Who it is.
    pub(super) who: Who<'a>,
    /// Of the posts that the page asks about, those that they like.
    pub(super) liked: Vec<PostId>,
    /// What they are told of what they just did, as HTML.
    pub(super) flash: Option<String>,
}

impl<'a> Reader<'a> {
    /// Of whom nothing else is known.
    pub(super) fn new(who: Who<'a>) -> Self {
        Self { who, liked: Vec::new(), flash: None }
    }

    /// Their name, if they are logged in.
    pub(super) fn username(&self) -> Option<&'a str> {
        match self.who {
            Who::User(user) => Some(&user.username),
            Who::Unknown | Who::Nobody => None,
        }
    }
}

impl<'a> From<&'a User> for Reader<'a> {
    fn from(user: &'a User) -> Self {
        Self::new(Who::User(user))
    }
}

/// Who sees a part: any of these, or everybody.
#[derive(Clone, Debug)]
pub(super) enum Audience {
    Everybody,
    AnyOf(Box<[Group]>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Group {
    Anonymous,
    LoggedIn,
    Moderators,
    User(UserId),
    Liking(PostId),
    NotLiking(PostId),
}

impl Audience {
    /// Whether this reader is one of them.
    pub(super) fn includes(&self, reader: &Reader<'_>) -> bool {
        match self {
            Self::Everybody => true,
            Self::AnyOf(groups) => groups.iter().any(|group| group.includes(reader)),
        }
    }

    /// Those that a mark names.
    pub(super) fn of(mark: &str) -> Option<Self> {
        match mark {
            "everybody" => Some(Self::Everybody),
            groups => groups.split(OR).map(Group::of).collect::<Option<_>>().map(Self::AnyOf),
        }
    }

    /// Every group of them.
    pub(super) fn groups(&self) -> &[Group] {
        match self {
            Self::Everybody => &[],
            Self::AnyOf(groups) => groups,
        }
    }
}

impl Group {
    fn includes(self, reader: &Reader<'_>) -> bool {
        let user = match reader.who {
            Who::Unknown => return false,
            Who::Nobody => return matches!(self, Self::Anonymous),
            Who::User(user) => user,
        };
        match self {
            Self::Anonymous => false,
            Self::LoggedIn => true,
            Self::Moderators => user.is_moderator(),
            Self::User(id) => user.id == id,
            Self::Liking(post) => reader.liked.contains(&post),
            Self::NotLiking(post) => !reader.liked.contains(&post),
        }
    }

    fn of(name: &str) -> Option<Self> {
        let (kind, id) = name.split_once(' ').unwrap_or((name, ""));
        Some(match kind {
            "anonymous" if id.is_empty() => Self::Anonymous,
            "logged-in" if id.is_empty() => Self::LoggedIn,
            "moderator" if id.is_empty() => Self::Moderators,
            "user" => Self::User(UserId(id.parse().ok()?)),
            "liked" => Self::Liking(PostId(id.parse().ok()?)),
            "not-liked" => Self::NotLiking(PostId(id.parse().ok()?)),
            _ => return None,
        })
    }

    /// The post of which has to be known whether the reader likes it.
    pub(super) fn post(self) -> Option<PostId> {
        match self {
            Self::Liking(post) | Self::NotLiking(post) => Some(post),
            Self::Anonymous | Self::LoggedIn | Self::Moderators | Self::User(_) => None,
        }
    }
}
