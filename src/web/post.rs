//! Views: one post.

use serde::Serialize;
use warp::reply::Response;

use super::about::{About, Addresses};
use super::blog::no_such_post;
use super::comments::{self, Thread};
use super::error::{Error, Result};
use super::links::{self, TitledId};
use super::nonce;
use super::page::{self, Page};
use super::request::Request;
use super::response::moved;
use super::shown::{Link, ShownPost};
use crate::db::{Connection, discussions, posts};
use crate::post::PostId;

#[derive(Serialize)]
struct Show {
    heading: String,
    about: About,
    /// The address of the author's page in full.
    author_url: String,
    post: ShownPost,
    newer: Option<Link>,
    older: Option<Link>,
    likes: i64,
    /// The comments, if this site has any.
    thread: Option<Thread>,
}

impl Page for Show {
    const TEMPLATE: &'static str = "blog/post.html";
}

/// Show a post.
pub(super) async fn show(id: PostId, req: Request) -> Result<Response> {
    let after = req.query("comments_after").filter(|_| comments::are_on(&req));
    let after = after.map(|text| text.parse().map_err(|_| Error::NotFound)).transpose()?;
    let (nonce, needs_approval) =
        (comments::are_on(&req).then(nonce::new).transpose()?, comments::needs_approval(&req));
    let addresses = Addresses::of(&req);
    let read = move |conn: Connection<'_>| {
        let Some((post, discussion)) = discussions::find_with_post(conn, id)? else { return Ok(None) };
        let (newer, older) = posts::neighbours(conn, &post.place())?;
        let thread =
            nonce.map(|nonce| Thread::read(conn, id, &discussion, after, needs_approval, nonce)).transpose()?;
        let (about, author_url) = (About::post(&addresses, &post), addresses.url(&links::user(&post.username)));
        let post = ShownPost::read(conn, post, 1)?;
        let (about, heading) = (about.pictured(&addresses, post.picture()), post.title().to_owned());
        let (newer, older) = (newer.map(Link::to_post), older.map(Link::to_post));
        Ok(Some(Show { heading, about, author_url, post, newer, older, likes: discussion.likes, thread }))
    };
    page::shared(&req, &links::thread(id, after), read).await?.ok_or_else(|| no_such_post(id))
}

/// Lead from an address with a title in it to the post's own.
pub(super) async fn titled(TitledId(id): TitledId, _: Request) -> Result<Response> {
    Ok(moved(&links::post(id)))
}
