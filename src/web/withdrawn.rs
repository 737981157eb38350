//! Views: deleting a post, and bringing it back.

use serde::Serialize;
use warp::reply::Response;

use super::blog::{no_such_post, own_post};
use super::error::Result;
use super::flash;
use super::links;
use super::page::{self, Page};
use super::request::Request;
use crate::db::withdrawn::{self, By, Listed, WITHDRAWN_DAYS_MAX};
use crate::post::PostId;

/// A question before something is deleted.
#[derive(Serialize)]
struct Delete {
    name: String,
    action: String,
    back: String,
    /// How long it can be brought back, if it can.
    days: Option<i64>,
}

impl Page for Delete {
    const TEMPLATE: &'static str = "blog/delete.html";
}

/// A withdrawn post in a list.
#[derive(Serialize)]
pub(super) struct Shown {
    title: String,
    /// The day.
    withdrawn: String,
    by_moderator: bool,
    /// Where to send the wish to have it back.
    restore: String,
}

impl Shown {
    /// As its author sees it.
    pub(super) fn new(Listed { id, title, withdrawn, by_moderator }: Listed) -> Self {
        let (withdrawn, restore) =
            (withdrawn.strftime("%Y-%m-%d").to_string(), links::below(&links::post(id), "restore"));
        Self { title, withdrawn, by_moderator, restore }
    }
}

/// Asks whether to delete something.
pub(super) async fn ask(
    req: &Request,
    name: String,
    action: String,
    back: String,
    days: Option<i64>,
) -> Result<Response> {
    page::show(req, Delete { name, action, back, days }).await
}

/// Ask whether to delete a post, if the current user is the author.
pub(super) async fn delete_form(id: PostId, req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    let own = own_post(&req, id, &author).await?;
    let (action, back) = (links::below(&links::post(id), "delete"), links::below(&links::post(id), "update"));
    ask(&req, own.title, action, back, Some(WITHDRAWN_DAYS_MAX)).await
}

/// Delete a post if the current user is the author. It can be brought back for a while.
pub(super) async fn delete(id: PostId, mut req: Request) -> Result<Response> {
    req.form().await?; // before any answer: see blog::create
    let author = req.require_user().await?;
    own_post(&req, id, &author).await?;
    let now = req.app().clock.now();
    let deleted = req.db().write(move |conn| withdrawn::withdraw(conn, id, By::Author(author.id), now)).await?;
    if deleted { flash::redirect(&req, links::FRONT, "post-deleted") } else { Err(no_such_post(id)) }
}

/// Bring a post back that the current user deleted.
pub(super) async fn restore(id: PostId, mut req: Request) -> Result<Response> {
    req.form().await?; // as above
    let author = req.require_user().await?;
    let now = req.app().clock.now();
    let restored = req.db().write(move |conn| withdrawn::restore(conn, id, By::Author(author.id), now)).await?;
    if restored { flash::redirect(&req, &links::post(id), "post-brought-back") } else { Err(no_such_post(id)) }
}
