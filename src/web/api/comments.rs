//! Views: comments.

use serde::Serialize;
use warp::http::StatusCode;
use warp::reply::Response;

use super::document::{self, Comment, Document, Shared, comment_path, post_path};
use super::once::Once;
use super::query::{List, Query};
use super::{Refusal, bearer, body, site};
use crate::comment::{CommentId, CommentText};
use crate::db::{self, Connection, comments, discussions};
use crate::moderation::Reason;
use crate::post::PostId;
use crate::problem::Problem;
use crate::user::User;
use crate::web::blog::no_such_post;
use crate::web::comments::{
    NONE_APPROVED, delete_by, has_too_many_waiting, needs_approval, no_such_comment, own_comment, refuse_where_off,
    too_many,
};
use crate::web::error::Result;
use crate::web::page;
use crate::web::request::Request;

#[derive(Serialize)]
struct CommentList {
    comments: Vec<Comment>,
    next: Option<String>,
}

impl Document for CommentList {}

/// List the comments of a post that everybody sees, in the order they were written.
pub(super) async fn list(post: PostId, req: Request) -> Result<Response> {
    refuse_where_off(&req)?;
    bearer::holder(&req).await?;
    let mut query = Query::of(&req, &["after", "limit"])?;
    let list = List::new(format!("{}/comments", post_path(post)), query.limit()?);
    let after = query.parsed::<CommentId>("after", "the number of a comment")?;
    let place = |id: CommentId| ("after", id.0.to_string());
    let (site, target) = (site(&req)?, list.target(after.map(place)));
    let read = move |conn: Connection<'_>| {
        let Some(about) = discussions::find(conn, post)? else { return Ok(None) };
        let begin = after.unwrap_or(CommentId(0));
        let mut found = match about.id {
            Some(discussion) => comments::after(conn, discussion, begin, list.limit() + 1)?,
            None => Vec::new(),
        };
        let has_more = found.len() > list.limit();
        found.truncate(list.limit());
        let end = found.last().filter(|_| has_more).map(|last| place(last.id));
        let next = end.map(|end| format!("{site}{}", list.target(Some(end))));
        let comments = found.into_iter().map(|comment| Comment::new(comment, &site)).collect();
        Ok(Some(Shared(CommentList { comments, next })))
    };
    page::shared_alike(&req, &target, read).await?.ok_or_else(|| no_such_post(post))
}

/// Send a comment to who sees it.
pub(super) async fn show(id: CommentId, req: Request) -> Result<Response> {
    refuse_where_off(&req)?;
    let reader = bearer::holder(&req).await?.map(|token| token.user);
    document::send(&req, StatusCode::OK, &read(&req, id, reader).await?).await
}

/// A comment as it is stored now.
async fn read(req: &Request, id: CommentId, reader: Option<User>) -> Result<Comment> {
    let site = site(req)?;
    let found = req.db().read(move |conn| comments::find(conn, id)).await?;
    let seen = found.filter(|comment| comment.is_seen_by(reader.as_ref())).ok_or_else(|| no_such_comment(id))?;
    Ok(Comment::new(seen, &site))
}

/// What came of a comment.
enum Added {
    There(CommentId),
    NoPost,
    TooManyWait,
}

/// Add a comment of the token's user to a post.
pub(super) async fn create(post: PostId, mut req: Request) -> Result<Response> {
    let sent = req.body().await?; // before any answer: see blog::create
    let author = bearer::writer(&req).await?.user;
    refuse_where_off(&req)?;
    let typed = body::document::<body::Remark>(&req, &sent)?.text(String::new());
    let text = CommentText::parse(&typed).map_err(Refusal::from)?;
    req.db().read(move |conn| discussions::find(conn, post)).await?.ok_or_else(|| no_such_post(post))?;
    req.app()
        .throttles
        .comment(&req, author.id)
        .await?
        .map_err(|seconds| Refusal::TooMany(too_many(seconds).to_string(), seconds))?;
    let (once, now, needs_approval) = (Once::of(&req, &sent), req.app().clock.now(), needs_approval(&req));
    let reader = author.clone();
    let add = move |conn: Connection<'_>| -> db::Result<Added> {
        let Some(about) = discussions::find(conn, post)? else { return Ok(Added::NoPost) };
        if needs_approval && has_too_many_waiting(conn, &author, &about)? {
            return Ok(Added::TooManyWait);
        }
        let made = once.make(conn, author.id, now, |conn| {
            let id = comments::insert(conn, post, &author, &text, needs_approval, now)?;
            Ok(id.map(|CommentId(id)| id))
        })?;
        Ok(made.map_or(Added::NoPost, |id| Added::There(CommentId(id))))
    };
    match req.db().write(add).await? {
        Added::There(id) => document::created(&req, &comment_path(id), &read(&req, id, Some(reader)).await?).await,
        Added::NoPost => Err(no_such_post(post)),
        Added::TooManyWait => Err(Refusal::from(Problem::new(NONE_APPROVED)).into()),
    }
}

/// Change a comment if the token's user wrote it.
pub(super) async fn change(id: CommentId, mut req: Request) -> Result<Response> {
    let sent = req.body().await?; // first, as above
    let author = bearer::writer(&req).await?.user;
    refuse_where_off(&req)?;
    let comment = own_comment(&req, id, &author).await?;
    let typed = body::patch::<body::Remark>(&req, &sent)?.text(comment.body.clone());
    let text = CommentText::parse(&typed).map_err(Refusal::from)?;
    let (now, needs_approval, reader) = (req.app().clock.now(), needs_approval(&req), author.clone());
    let updated = req.db().write(move |conn| comments::update(conn, &comment, &author, &text, needs_approval, now));
    if !updated.await? {
        return Err(no_such_comment(id));
    }
    document::send(&req, StatusCode::OK, &read(&req, id, Some(reader)).await?).await
}

/// Delete a comment if the token's user wrote it or the post, or is a moderator.
pub(super) async fn delete(id: CommentId, mut req: Request) -> Result<Response> {
    req.body().await?; // first, as above
    let user = bearer::writer(&req).await?.user;
    refuse_where_off(&req)?;
    delete_by(&req, id, user, Reason::default()).await?;
    Ok(document::nothing())
}
