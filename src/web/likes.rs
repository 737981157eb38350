//! Views: to like a post, and to like it no longer.

use warp::reply::Response;

use super::blog::no_such_post;
use super::error::Result;
use super::links;
use super::request::Request;
use super::response::redirect;
use crate::db::{self, Connection, likes};
use crate::post::PostId;
use crate::user::UserId;

/// Like a post. To say it twice changes nothing.
pub(super) async fn like(id: PostId, req: Request) -> Result<Response> {
    set(id, req, likes::insert).await
}

/// Like it no longer.
pub(super) async fn unlike(id: PostId, req: Request) -> Result<Response> {
    set(id, req, likes::delete).await
}

async fn set(
    id: PostId,
    mut req: Request,
    change: fn(Connection<'_>, PostId, UserId) -> db::Result<bool>,
) -> Result<Response> {
    req.form().await?; // first, as in blog::create
    let user = req.require_user().await?.id;
    let is_there = req.db().write(move |conn| change(conn, id, user)).await?;
    if is_there { Ok(redirect(req.method(), &links::post(id))) } else { Err(no_such_post(id)) }
}
