//! Views: writing and changing a post.

use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::request::Request;
use super::writing::{self, Sent, Target, Then};
use super::{drafts, flash, links, upload};
use crate::clock;
use crate::content::{Content, Written};
use crate::db::{self, Connection, posts, sent_forms};
use crate::message::Message;
use crate::post::PostId;
use crate::user::{User, UserId};

/// Show the form for a new post.
pub(super) async fn new(req: Request) -> Result<Response> {
    req.require_user().await?;
    writing::new(&req).await
}

/// Create a new post for the current user.
pub(super) async fn create(mut req: Request) -> Result<Response> {
    // First: an answer that is sent while the form still comes is cut off with the connection, and nobody reads it.
    let form = upload::form(&mut req).await?;
    let author = req.require_user_to_send(&form).await?;
    let sent = Sent::take_from(&req, &author, form).await?;
    match sent.then {
        Then::Preview => writing::preview(&req, Target::New, Written::default(), sent).await,
        Then::Keep => drafts::add(&req, author, sent).await,
        Then::Publish => match sent.content() {
            Ok(content) => {
                add_post(&req, &author, content, sent.digest()).await?;
                flash::redirect(&req, links::FRONT, "post-published")
            }
            Err(problem) => writing::again(&req, Target::New, Written::default(), &sent, problem).await,
        },
    }
}

/// Adds a post, unless this very form was accepted before: then its answer was lost, and the post is there. The same
/// form with another text, sent after a step back in the browser, is another post.
async fn add_post(req: &Request, author: &User, content: Content, form: Option<Vec<u8>>) -> Result<()> {
    let (author, now) = (author.id, req.app().clock.now());
    let added = req.db().write(move |conn| match form {
        Some(form) if !sent_forms::insert(conn, author, &form, now)? => Ok(()),
        _ => posts::insert(conn, author, &content, &clock::as_text(now)).map(|_| ()),
    });
    Ok(added.await?)
}

/// Show a post to change, if the current user is the author.
pub(super) async fn edit(id: PostId, req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    let _turn = req.app().turns.page.wait().await?;
    let own = own_post(&req, id, &author).await?;
    writing::form(&req, Target::Post(id), own).await
}

/// Update a post if the current user is the author.
pub(super) async fn update(id: PostId, mut req: Request) -> Result<Response> {
    let form = upload::form(&mut req).await?; // first, as above
    let author = req.require_user_to_send(&form).await?;
    let own = own_post(&req, id, &author).await?;
    let sent = Sent::take_from(&req, &author, form).await?;
    match (sent.then, sent.content()) {
        (Then::Keep, _) => Err(Error::BadRequest),
        (Then::Preview, _) => writing::preview(&req, Target::Post(id), own, sent).await,
        (Then::Publish, Err(problem)) => writing::again(&req, Target::Post(id), own, &sent, problem).await,
        (Then::Publish, Ok(content)) => save(&req, id, author.id, sent, content).await,
    }
}

/// How saving a text ended.
pub(super) enum Saved {
    /// It is stored.
    Done,
    /// There is nothing to change any more.
    Gone,
    /// This was stored while it was written.
    Outdated(Written),
}

async fn save(req: &Request, id: PostId, author: UserId, sent: Sent, content: Content) -> Result<Response> {
    let now = clock::as_text(req.app().clock.now());
    let compared = sent.clone();
    let write = move |conn: Connection<'_>| -> db::Result<Saved> {
        let Some(stored) = posts::written(conn, id)? else { return Ok(Saved::Gone) };
        if compared.is_outdated(&stored) {
            return Ok(Saved::Outdated(stored));
        }
        Ok(if posts::update(conn, id, author, &content, &now)? { Saved::Done } else { Saved::Gone })
    };
    match req.db().write(write).await? {
        Saved::Done => flash::redirect(req, links::FRONT, "saved"),
        Saved::Gone => Err(no_such_post(id)),
        Saved::Outdated(stored) => writing::conflict(req, Target::Post(id), stored, &sent).await,
    }
}

/// What is stored of a post that its author may change.
pub(super) async fn own_post(req: &Request, id: PostId, author: &User) -> Result<Written> {
    let read = move |conn: Connection<'_>| {
        let Some(post) = posts::find(conn, id)? else { return Ok(None) };
        Ok(posts::written(conn, id)?.map(|written| (post.author_id, written)))
    };
    let (author_id, written) = req.db().read(read).await?.ok_or_else(|| no_such_post(id))?;
    if author_id != author.id {
        let (user_id, post_id, address) = (author.id.0, id.0, req.client().shown_address());
        say!(info, req.visitor(), "user {user_id} wanted to change post {post_id}, another's, from {address}");
        return Err(Error::Forbidden);
    }
    Ok(written)
}

/// There is no such post, in the original's words.
pub(super) fn no_such_post(id: PostId) -> Error {
    Error::NotFoundBecause(Message::new("no-such-post").with("id", id.0))
}
