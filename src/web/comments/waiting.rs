//! View: the comments that wait for somebody to approve them.

use serde::Serialize;
use warp::reply::Response;

use super::are_on;
use super::thread::ShownComment;
use crate::comment::CommentId;
use crate::db::comments;
use crate::web::error::{Error, Result};
use crate::web::page::{self, Page};
use crate::web::request::Request;

/// Where it is.
pub(super) const PATH: &str = "/comments/waiting";

/// Comments on one page of it.
const WAITING_PER_PAGE: usize = 50;

#[derive(Serialize)]
struct Waiting {
    comments: Vec<ShownComment>,
    next: Option<String>,
}

impl Page for Waiting {
    const TEMPLATE: &'static str = "comments/waiting.html";
}

/// Show what waits for the current user, as the author of the posts or as a moderator.
pub(in crate::web) async fn waiting(req: Request) -> Result<Response> {
    let user = req.require_user().await?;
    if !are_on(&req) {
        return Err(Error::NotFound);
    }
    let after = match req.query("after") {
        Some(text) => text.parse().map_err(|_| Error::NotFound)?,
        None => CommentId(0),
    };
    let _turn = req.app().turns.page.wait().await?;
    let read = req.db().read(move |conn| comments::waiting_for(conn, &user, after, WAITING_PER_PAGE + 1));
    let mut found = read.await?;
    let has_more = found.len() > WAITING_PER_PAGE;
    found.truncate(WAITING_PER_PAGE);
    let next = found.last().filter(|_| has_more).map(|last| format!("{PATH}?after={}", last.id.0));
    page::show(&req, Waiting { comments: found.into_iter().map(ShownComment::from).collect(), next }).await
}
