//! A post as a page shows it.

use serde::Serialize;

use super::links;
use crate::db::posts::Titled;
use crate::db::{self, Connection, tags};
use crate::post::Post;

/// Who wrote what is still there, and is no user any more.
pub(super) const FORMER_USER: &str = "a former user";

/// What templates know of a post.
#[derive(Debug, Serialize)]
pub(super) struct ShownPost {
    id: i64,
    path: String,
    title: String,
    body: String,
    author: Link,
    author_id: i64,
    created_on: String,
    updated_on: Option<String>,
    tags: Vec<Link>,
}

/// A name that leads somewhere.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) name: String,
    pub(super) path: String,
}

impl ShownPost {
    /// A post with its tags.
    pub(super) fn read(conn: Connection<'_>, post: Post) -> db::Result<Self> {
        let tags = tags::of_post(conn, post.id)?.into_iter().map(|tag| Link::to_tag(tag.name)).collect();
        let created_on = post.created_on().to_owned();
        let updated_on = post.updated_on().map(str::to_owned);
        let author = Link::to_user(post.username);
        Ok(Self {
            id: post.id.0,
            path: links::post(post.id),
            title: post.title,
            body: post.body,
            author,
            author_id: post.author_id.0,
            created_on,
            updated_on,
            tags,
        })
    }

    /// Its title.
    pub(super) fn title(&self) -> &str {
        &self.title
    }
}

impl Link {
    /// To the posts under a tag.
    pub(super) fn to_tag(name: String) -> Self {
        Self { path: links::tag(&name), name }
    }

    /// To the posts of a user.
    pub(super) fn to_user(name: String) -> Self {
        Self { path: links::user(&name), name }
    }

    /// To a post.
    pub(super) fn to_post((id, title): Titled) -> Self {
        Self { path: links::post(id), name: title }
    }
}
