//! A post as a page shows it.

use serde::Serialize;

use super::about::machine_time;
use super::images::with_pictures;
use super::links;
use crate::content::Format;
use crate::db::posts::Titled;
use crate::db::{self, Connection, tags};
use crate::language::written_in;
use crate::markdown::{self, Described, Place};
use crate::post::{Post, time};

/// What templates know of a post.
#[derive(Debug, Serialize)]
pub(super) struct ShownPost {
    id: i64,
    path: String,
    title: String,
    title_lang: &'static str,
    text: Text,
    author: Link,
    author_id: i64,
    created_on: String,
    updated_on: Option<String>,
    /// The same for programs, unless it is no time.
    created: Option<String>,
    updated: Option<String>,
    tags: Vec<Link>,
}

/// A text as its author wants it to be read: one of the two.
#[derive(Debug, Default, Serialize)]
pub(super) struct Text {
    plain: Option<String>,
    html: Option<String>,
    /// The language that its letters tell, if they do.
    lang: &'static str,
    /// The first picture in it.
    #[serde(skip)]
    picture: Option<Described>,
}

/// A name that leads somewhere.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) name: String,
    pub(super) path: String,
}

impl ShownPost {
    /// A post with its tags, whose title is a heading of this level.
    pub(super) fn read(conn: Connection<'_>, post: Post, heading: u8) -> db::Result<Self> {
        let text = Text::of_post(conn, &post, heading)?;
        let tags = tags::of_post(conn, post.id)?.into_iter().map(|tag| Link::to_tag(tag.name)).collect();
        let created_on = post.created_on().to_owned();
        let updated_on = post.updated_on().map(str::to_owned);
        let created = time(&post.created).map(machine_time);
        let updated = post.updated_at().map(machine_time);
        let author = Link::to_user(post.username);
        Ok(Self {
            id: post.id.0,
            path: links::post(post.id),
            title_lang: written_in(&post.title),
            title: post.title,
            text,
            author,
            author_id: post.author_id.0,
            created_on,
            updated_on,
            created,
            updated,
            tags,
        })
    }

    /// Its title.
    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// The first picture that it shows.
    pub(super) fn picture(&self) -> Option<&Described> {
        self.text.picture.as_ref()
    }
}

impl Text {
    fn of_post(conn: Connection<'_>, post: &Post, heading: u8) -> db::Result<Self> {
        let prefix = format!("p{}-", post.id.0);
        with_pictures(conn, |pictures| {
            Self::new(&post.body, post.format, Place { heading, prefix: &prefix, page: "", pictures })
        })
    }

    /// A text below the one heading of a page.
    pub(super) fn of_page(conn: Connection<'_>, text: &str, format: Format) -> db::Result<Self> {
        with_pictures(conn, |pictures| Self::new(text, format, Place { heading: 1, prefix: "", page: "", pictures }))
    }

    fn new(text: &str, format: Format, place: Place<'_>) -> Self {
        let lang = written_in(text);
        match format {
            Format::Plain => Self { plain: Some(text.to_owned()), html: None, lang, picture: None },
            Format::Markdown => {
                let (html, picture) = markdown::post_and_picture(text, place);
                Self { plain: None, html: Some(html), lang, picture }
            }
        }
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
