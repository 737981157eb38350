//! What programs get.

use jiff::Timestamp;
use serde::Serialize;
use warp::http::StatusCode;
use warp::http::header::{ETAG, HeaderValue, LOCATION};
use warp::reply::Response;

use super::V1;
use super::body::JSON;
use crate::comment;
use crate::content::Written;
use crate::db::{self, Connection, tags};
use crate::markdown;
use crate::post::{self, DraftId, PostId};
use crate::web::answer;
use crate::web::coding::Coding;
use crate::web::error::{Error, Result};
use crate::web::look::Look;
use crate::web::page::Page;
use crate::web::rendered::Rendered;
use crate::web::request::Request;
use crate::web::templates::Templates;
use crate::web::{feeds, links};

/// What can be told from what it was before.
pub(super) trait Document: Serialize {
    /// The version of what is stored, if it has any.
    fn version(&self) -> Option<&str> {
        None
    }
}

/// A document that is the same for all.
#[derive(Serialize)]
pub(super) struct Shared<D>(pub(super) D);

impl<D: Document> Page for Shared<D> {
    const TEMPLATE: &'static str = "";
    const MEDIA_TYPE: &'static str = JSON;

    /// JSON has its own way to escape, and no marks.
    fn render(&self, _: &Templates, _: Look) -> Result<Rendered> {
        let Self(document) = self;
        Ok(Rendered::plain(written(document)?).of_version(document.version()))
    }
}

fn written(document: &impl Document) -> Result<String> {
    serde_json::to_string(document).map_err(|error| Error::Internal(error.into()))
}

/// Sends a document to who asked for it, and to nobody else.
pub(super) async fn send(req: &Request, status: StatusCode, document: &impl Document) -> Result<Response> {
    let json = written(document)?;
    let etag =
        document.version().map(|version| answer::etag(json.as_bytes(), Some(version), Coding::Identity)).transpose()?;
    let body = req.body_of(json.len(), || json.into()).await?;
    let mut response = crate::web::response::of_type(JSON, body);
    *response.status_mut() = status;
    if let Some(etag) = etag {
        response.headers_mut().insert(ETAG, etag);
    }
    Ok(response)
}

/// Sends what was made, and says where it is.
pub(super) async fn created(req: &Request, path: &str, document: &impl Document) -> Result<Response> {
    let mut response = send(req, StatusCode::CREATED, document).await?;
    let location = HeaderValue::try_from(path).map_err(|error| Error::Internal(error.into()))?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// There is nothing to say.
pub(super) fn nothing() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Where a post is.
pub(super) fn post_path(id: PostId) -> String {
    format!("{V1}/posts/{}", id.0)
}

/// Where a draft is.
pub(super) fn draft_path(id: DraftId) -> String {
    format!("{V1}/drafts/{}", id.0)
}

/// Where a comment is.
pub(super) fn comment_path(id: comment::CommentId) -> String {
    format!("{V1}/comments/{}", id.0)
}

/// A post.
#[derive(Serialize)]
pub(super) struct Post {
    id: i64,
    /// Its page.
    url: String,
    title: String,
    author: String,
    created: Timestamp,
    updated: Option<Timestamp>,
    format: &'static str,
    body: String,
    html: String,
    tags: Vec<String>,
    version: String,
}

impl Document for Post {
    fn version(&self) -> Option<&str> {
        Some(&self.version)
    }
}

impl Post {
    /// A post with its tags.
    pub(super) fn read(conn: Connection<'_>, post: post::Post, site: &str) -> db::Result<Self> {
        let tags: Vec<_> = tags::of_post(conn, post.id)?.into_iter().map(|tag| tag.name).collect();
        let url = format!("{site}{}", links::post(post.id));
        let (html, created, updated) = (feeds::html(conn, &post, &url)?, post.created_at(), post.updated_at());
        let written = Written { title: post.title, body: post.body, tags: tags.join(", "), format: post.format };
        let version = written.version();
        let Written { title, body, format, .. } = written;
        Ok(Self {
            id: post.id.0,
            url,
            title,
            author: post.username,
            created,
            updated,
            format: format.as_str(),
            body,
            html,
            tags,
            version,
        })
    }
}

/// Posts one below the other.
#[derive(Serialize)]
pub(super) struct PostList {
    /// The newest first, or, of a search, the best.
    pub(super) posts: Vec<Post>,
    /// Where the list goes on.
    pub(super) next: Option<String>,
    /// Where the newer ones are.
    pub(super) prev: Option<String>,
}

impl Document for PostList {}

/// A draft.
#[derive(Serialize)]
pub(super) struct Draft {
    id: i64,
    url: String,
    title: String,
    format: &'static str,
    body: String,
    tags: Vec<String>,
    version: String,
}

impl Document for Draft {
    fn version(&self) -> Option<&str> {
        Some(&self.version)
    }
}

impl Draft {
    /// What is stored of it.
    pub(super) fn new(id: DraftId, stored: Written, site: &str) -> Self {
        let version = stored.version();
        let tags = stored.tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        Self {
            id: id.0,
            url: format!("{site}{}", links::draft(id)),
            title: stored.title,
            format: stored.format.as_str(),
            body: stored.body,
            tags,
            version,
        }
    }
}

/// A comment.
#[derive(Serialize)]
pub(super) struct Comment {
    id: i64,
    /// What leads to it on the page of its post.
    url: String,
    /// The number of that post.
    post: i64,
    /// `None` if there is no such user any more.
    author: Option<String>,
    created: Timestamp,
    updated: Option<Timestamp>,
    body: String,
    html: String,
    is_waiting: bool,
}

impl Document for Comment {}

impl Comment {
    /// What is stored of it.
    pub(super) fn new(comment: comment::Comment, site: &str) -> Self {
        Self {
            id: comment.id.0,
            url: format!("{site}{}", links::comment(comment.id)),
            post: comment.post.0,
            author: comment.username,
            created: comment.created,
            updated: comment.updated,
            html: markdown::comment(&comment.body, &format!("{site}{}", links::post(comment.post))),
            body: comment.body,
            is_waiting: comment.is_waiting,
        }
    }
}
