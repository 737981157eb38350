//! Views: what a user says of themselves, and leaves behind.

use serde::Serialize;
use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::page::{self, Page};
use super::request::Request;
use super::{account, flash, links, session};
use crate::db::{departures, profiles};
use crate::message::Message;
use crate::problem::Problem;
use crate::user::{Password, ProfileLine, User};

#[derive(Serialize)]
struct Delete {
    problem: Option<Problem>,
}

impl Page for Delete {
    const TEMPLATE: &'static str = "account/delete.html";
}

/// Set the line on the page of one's posts.
pub(super) async fn set_profile(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?;
    let session = req.require_session().await?;
    let line = match ProfileLine::parse(&form.take("line")?) {
        Ok(line) => line,
        Err(problem) => return account::show(&req, &session, Err(problem)).await,
    };
    let user = session.user.clone();
    req.db().write(move |conn| profiles::set(conn, &user, &line)).await?;
    account::show(&req, &session, Ok(Some(Message::new("saved")))).await
}

/// Ask what is to become of the posts.
pub(super) async fn delete_form(req: Request) -> Result<Response> {
    let user = req.require_user().await?;
    page::show_to(&req, &Delete { problem: None }, Some(&user)).await
}

/// Delete one's account.
pub(super) async fn delete(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?;
    let user = req.require_user().await?;
    let (posts, password) = (form.take("posts")?, Password::new(form.take("password")?));
    let leaves_posts = match posts.as_str() {
        "leave" => true,
        "delete" => false,
        _ => return Err(Error::BadRequest),
    };
    if let Err(problem) = account::confirm(&req, &user, password, "password").await? {
        let page = Delete { problem: Some(problem) };
        return page::show_to(&req, &page, Some(&user)).await;
    }
    leave(&req, user, leaves_posts).await?;
    session::close(&req, flash::redirect(&req, links::FRONT, "account-deleted")?).await
}

async fn leave(req: &Request, user: User, leaves_posts: bool) -> Result<()> {
    let (now, user_id, address) = (req.app().clock.now(), user.id.0, req.client().shown_address());
    let left = req.db().write(move |conn| {
        if leaves_posts { departures::leave_posts(conn, &user, now) } else { departures::delete_posts(conn, &user) }
    });
    left.await?;
    let posts = if leaves_posts { "left the posts" } else { "deleted the posts too" };
    say!(info, req.visitor(), user = user_id, "user {user_id} deleted their account and {posts}, from {address}");
    Ok(())
}
