//! Views: what a user says of themselves, takes away, and leaves behind.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Serialize;
use warp::http::header::{CONTENT_DISPOSITION, HeaderValue};
use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::page::{self, Page};
use super::request::Request;
use super::{account, flash, links, response, session};
use crate::db::{self, Connection, departures, images, imports, profiles};
use crate::exchange::{archive, folder};
use crate::message::Message;
use crate::problem::Problem;
use crate::user::{Password, ProfileLine, User, UserId};

/// Most that is downloaded at once, in bytes: it is in memory, packed and not.
const DOWNLOAD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Posts that are read at a time: a form's worth each.
const READ_MAX: usize = 10;

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

/// Send one's posts and drafts as Markdown files, with their pictures.
pub(super) async fn download(req: Request) -> Result<Response> {
    let user = req.require_user().await?;
    let _turn = req.search_turn().await?; // which reads as much
    let packed = req.db().read_and(move |conn| all(conn, user.id), |files| files.map(archive::pack)).await?;
    let packed =
        packed.ok_or(Error::ForbiddenBecause("download-too-large"))?.map_err(|error| Error::Internal(error.into()))?;
    let body = req.body_of(packed.len(), || packed.into()).await?;
    let mut response = response::of_type("application/zip", body);
    let attachment = HeaderValue::from_static("attachment; filename=\"posts.zip\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, attachment);
    Ok(response)
}

/// Files by their paths.
type Files = BTreeMap<String, Vec<u8>>;

/// What a user wrote as files, unless it is too much.
fn all(conn: Connection<'_>, user: UserId) -> db::Result<Option<Files>> {
    let (mut files, mut bytes) = (Files::new(), 0);
    imports::each(conn, Some(user), READ_MAX, |id, document| {
        let mut add = |path: String, file: Vec<u8>| {
            bytes += file.len();
            files.insert(path, file);
        };
        add(folder::path(id, &document), document.to_file().into_bytes());
        for (address, file) in images::named(conn, &document.written.body)? {
            add(address.path().trim_start_matches('/').to_owned(), file);
        }
        let is_enough = bytes > DOWNLOAD_BYTES_MAX;
        Ok::<_, db::Error>(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok((bytes <= DOWNLOAD_BYTES_MAX).then_some(files))
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
