//! Views: one post.

use serde::Serialize;
use warp::reply::Response;

use super::blog::no_such_post;
use super::error::Result;
use super::links::{self, TitledId};
use super::page::{self, Page};
use super::request::Request;
use super::response::moved;
use super::shown::{Link, ShownPost};
use crate::db::{Connection, posts};
use crate::post::PostId;

#[derive(Serialize)]
struct Show {
    heading: String,
    post: ShownPost,
    newer: Option<Link>,
    older: Option<Link>,
}

impl Page for Show {
    const TEMPLATE: &'static str = "blog/post.html";
}

/// Show a post.
pub(super) async fn show(id: PostId, req: Request) -> Result<Response> {
    let read = move |conn: Connection<'_>| {
        let Some(post) = posts::find(conn, id)? else { return Ok(None) };
        let (newer, older) = posts::neighbours(conn, &post.place())?;
        let post = ShownPost::read(conn, post, 1)?;
        let heading = post.title().to_owned();
        Ok(Some(Show { heading, post, newer: newer.map(Link::to_post), older: older.map(Link::to_post) }))
    };
    page::shared(&req, &links::post(id), read).await?.ok_or_else(|| no_such_post(id))
}

/// Lead from an address with a title in it to the post's own.
pub(super) async fn titled(TitledId(id): TitledId, _: Request) -> Result<Response> {
    Ok(moved(&links::post(id)))
}
