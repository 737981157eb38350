//! Views: one post.

use warp::http::StatusCode;
use warp::reply::Response;

use super::document::{self, Post, Shared, post_path};
use super::once::Once;
use super::version::Expected;
use super::{Refusal, bearer, body, site};
use crate::clock;
use crate::content::Written;
use crate::db::withdrawn::{self, By};
use crate::db::{self, Connection, posts};
use crate::post::PostId;
use crate::problem::Problem;
use crate::web::blog::{no_such_post, own_post};
use crate::web::error::{Error, Result};
use crate::web::page;
use crate::web::request::Request;

/// Send a post.
pub(super) async fn show(id: PostId, req: Request) -> Result<Response> {
    bearer::holder(&req).await?;
    let site = site(&req)?;
    let read = move |conn: Connection<'_>| {
        posts::find(conn, id)?.map(|post| Post::read(conn, post, &site).map(Shared)).transpose()
    };
    page::shared_alike(&req, &post_path(id), read).await?.ok_or_else(|| no_such_post(id))
}

/// Create a post of the token's user.
pub(super) async fn create(mut req: Request) -> Result<Response> {
    let sent = req.body().await?; // before any answer: see blog::create
    let author = bearer::writer(&req).await?.user.id;
    let content = body::document::<body::Text>(&req, &sent)?.content(body::nothing()).map_err(Refusal::from)?;
    let content = crate::content::Content { format: content.format.or(Some(body::nothing().format)), ..content };
    let (once, now) = (Once::of(&req, &sent), req.app().clock.now());
    let add = move |conn: Connection<'_>| {
        once.make(conn, author, now, |conn| {
            posts::insert(conn, author, &content, &clock::as_text(now)).map(|id| Some(id.0))
        })
    };
    let id = req.db().write(add).await?.map(PostId).ok_or(Error::NotFound)?;
    document::created(&req, &post_path(id), &read(&req, id).await?).await
}

/// A post as it is stored now.
pub(super) async fn read(req: &Request, id: PostId) -> Result<Post> {
    let site = site(req)?;
    let read = move |conn: Connection<'_>| posts::find(conn, id)?.map(|post| Post::read(conn, post, &site)).transpose();
    req.db().read(read).await?.ok_or_else(|| no_such_post(id))
}

/// How a change ended.
pub(super) enum Changed {
    /// It is stored.
    Done,
    /// There is nothing to change any more.
    Gone,
    /// Something else is stored than was expected.
    Outdated,
    /// What it would be cannot be stored.
    Invalid(Problem),
    /// What is stored cannot be published.
    Unfinished(Problem),
}

impl Changed {
    /// It was made, or there was nothing any more.
    pub(super) fn done(is_there: bool) -> Self {
        if is_there { Self::Done } else { Self::Gone }
    }

    /// Nothing, if it was made.
    pub(super) fn or(self, gone: impl FnOnce() -> Error) -> Result<()> {
        match self {
            Self::Done => Ok(()),
            Self::Gone => Err(gone()),
            Self::Outdated => Err(Refusal::Outdated.into()),
            Self::Invalid(problem) => Err(Refusal::from(problem).into()),
            Self::Unfinished(problem) => Err(Refusal::Unfinished(problem.to_string()).into()),
        }
    }
}

/// Change a post if the token's user is the author.
pub(super) async fn change(id: PostId, mut req: Request) -> Result<Response> {
    let sent = req.body().await?; // first, as above
    let author = bearer::writer(&req).await?.user;
    own_post(&req, id, &author).await?;
    let patch = body::patch::<body::Text>(&req, &sent)?;
    let (expected, now) = (Expected::of(&req), clock::as_text(req.app().clock.now()));
    let write = move |conn: Connection<'_>| -> db::Result<Changed> {
        let Some(stored) = posts::written(conn, id)? else { return Ok(Changed::Gone) };
        // What is wrong with the change is said first (RFC 9110, 13.2.1).
        let is_expected = expected.includes(&stored);
        match patch.content(stored) {
            Ok(_) if !is_expected => Ok(Changed::Outdated),
            Ok(content) => posts::update(conn, id, author.id, &content, &now).map(Changed::done),
            Err(problem) => Ok(Changed::Invalid(problem)),
        }
    };
    req.db().write(write).await?.or(|| no_such_post(id))?;
    document::send(&req, StatusCode::OK, &read(&req, id).await?).await
}

/// Withdraw a post if the token's user is the author. It can be brought back on the site for a while.
pub(super) async fn withdraw(id: PostId, mut req: Request) -> Result<Response> {
    req.body().await?; // first, as above
    let author = bearer::writer(&req).await?.user;
    own_post(&req, id, &author).await?;
    let (expected, now) = (Expected::of(&req), req.app().clock.now());
    let write = move |conn: Connection<'_>| -> db::Result<Changed> {
        let stored: Option<Written> = posts::written(conn, id)?;
        if stored.is_some_and(|stored| !expected.includes(&stored)) {
            return Ok(Changed::Outdated);
        }
        withdrawn::withdraw(conn, id, By::Author(author.id), now).map(Changed::done)
    };
    req.db().write(write).await?.or(|| no_such_post(id))?;
    Ok(document::nothing())
}
