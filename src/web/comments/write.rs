//! Views: writing and changing a comment.

use serde::Serialize;
use sha2::{Digest, Sha256};
use warp::http::StatusCode;
use warp::http::header::RETRY_AFTER;
use warp::reply::Response;

use super::{needs_approval, no_such_comment, refuse_where_off, refused, seen_comment, thread};
use crate::comment::{Comment, CommentId, CommentText, has_to_wait};
use crate::db::discussions::{self, Discussion};
use crate::db::{self, Connection, comments, sent_forms};
use crate::message::Message;
use crate::post::PostId;
use crate::problem::Problem;
use crate::user::User;
use crate::web::blog::no_such_post;
use crate::web::error::{Error, Result};
use crate::web::links;
use crate::web::nonce;
use crate::web::page::{self, Page};
use crate::web::request::Request;
use crate::web::response::redirect;
use crate::web::shown::Link;

/// Why one who has many comments that wait has to wait too.
pub(in crate::web) const NONE_APPROVED: &str = "comments-none-approved";

/// The form of a comment, new or old.
#[derive(Serialize)]
struct Edit {
    heading: Message,
    post: Link,
    body: String,
    nonce: Option<String>,
    needs_approval: bool,
    problem: Option<Problem>,
}

impl Page for Edit {
    const TEMPLATE: &'static str = "comments/edit.html";
}

/// Add a comment of the current user to a post.
pub(in crate::web) async fn create(post: PostId, mut req: Request) -> Result<Response> {
    let mut form = req.form().await?; // first, as in blog::create
    refuse_where_off(&req)?;
    let author = req.require_user_to_send(&form).await?;
    let nonce = nonce::take_from(&mut form);
    let typed = form.take("body")?;
    let about = req.db().read(move |conn| discussions::find(conn, post)).await?.ok_or_else(|| no_such_post(post))?;

    let text = match CommentText::parse(&typed) {
        Ok(text) => text,
        Err(problem) => return refill(&req, post, about, typed, problem).await,
    };
    if let Err(seconds) = req.app().throttles.comment(&req, author.id).await? {
        let mut response = refill(&req, post, about, typed, too_many(seconds)).await?;
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
        return Ok(response);
    }
    let form = nonce.map(|nonce| Sha256::digest([&nonce, &post.0.to_string(), &typed].map(String::as_str).join("\0")));
    match add(&req, post, author, text, form.map(|digest| digest.to_vec())).await? {
        Added::There(place) => Ok(redirect(req.method(), &place)),
        Added::NoPost => Err(no_such_post(post)),
        Added::TooManyWait => refill(&req, post, about, typed, Problem::new(NONE_APPROVED)).await,
    }
}

/// That somebody has written too much.
pub(in crate::web) fn too_many(seconds: u64) -> Problem {
    Problem::new("comments-too-many").with("seconds", seconds)
}

/// Whether one more of this user's comments would wait, and too many do. For where comments have to be approved.
pub(in crate::web) fn has_too_many_waiting(
    conn: Connection<'_>,
    author: &User,
    about: &Discussion,
) -> db::Result<bool> {
    Ok(has_to_wait(author, about.host) && comments::too_many_wait(conn, author.id)?)
}

/// What came of a comment.
enum Added {
    There(String),
    NoPost,
    TooManyWait,
}

/// Adds a comment, unless this very form was accepted before.
async fn add(req: &Request, post: PostId, author: User, text: CommentText, form: Option<Vec<u8>>) -> Result<Added> {
    let (now, needs_approval) = (req.app().clock.now(), needs_approval(req));
    let added = req.db().write(move |conn| {
        let Some(about) = discussions::find(conn, post)? else { return Ok(Added::NoPost) };
        if needs_approval && has_too_many_waiting(conn, &author, &about)? {
            return Ok(Added::TooManyWait);
        }
        let id = match form {
            Some(form) if !sent_forms::insert(conn, author.id, &form, now)? => {
                comments::last_of(conn, author.id, post)?
            }
            _ => comments::insert(conn, post, &author, &text, needs_approval, now)?,
        };
        place_of(conn, post, id).map(Added::There)
    });
    Ok(added.await?)
}

/// Where a comment is shown; the post, if it is gone by now.
fn place_of(conn: Connection<'_>, post: PostId, id: Option<CommentId>) -> db::Result<String> {
    let comment = id.map(|id| comments::find(conn, id)).transpose()?.flatten();
    comment.map_or_else(|| Ok(links::comments(post)), |comment| thread::place(conn, &comment))
}

/// The form again, with what was typed and what is wrong.
async fn refill(req: &Request, post: PostId, about: Discussion, body: String, problem: Problem) -> Result<Response> {
    let edit = Edit {
        heading: Message::new("comment-on").with("title", about.title.as_str()),
        post: Link::to_post((post, about.title)),
        body,
        nonce: Some(nonce::new()?),
        needs_approval: needs_approval(req),
        problem: Some(problem),
    };
    page::show(req, edit).await
}

/// Lead to where a comment is shown.
pub(in crate::web) async fn show(id: CommentId, req: Request) -> Result<Response> {
    refuse_where_off(&req).map_err(|_| Error::NotFound)?;
    let reader = req.user().await?.cloned();
    let read = move |conn: Connection<'_>| {
        let seen = comments::find(conn, id)?.filter(|comment| comment.is_seen_by(reader.as_ref()));
        seen.map(|comment| thread::place(conn, &comment)).transpose()
    };
    let place = req.db().read(read).await?.ok_or_else(|| no_such_comment(id))?;
    Ok(redirect(req.method(), &place))
}

/// Show a comment to change, if the current user wrote it.
pub(in crate::web) async fn edit(id: CommentId, req: Request) -> Result<Response> {
    refuse_where_off(&req)?;
    let author = req.require_user().await?;
    let comment = own_comment(&req, id, &author).await?;
    page::show(&req, Edit::old(&req, comment, None, None)).await
}

/// Update a comment if the current user wrote it.
pub(in crate::web) async fn update(id: CommentId, mut req: Request) -> Result<Response> {
    let mut form = req.form().await?; // first, as above
    refuse_where_off(&req)?;
    let author = req.require_user_to_send(&form).await?;
    let comment = own_comment(&req, id, &author).await?;
    let typed = form.take("body")?;
    let text = match CommentText::parse(&typed) {
        Ok(text) => text,
        Err(problem) => return page::show(&req, Edit::old(&req, comment, Some(typed), Some(problem))).await,
    };
    let (now, needs_approval) = (req.app().clock.now(), needs_approval(&req));
    let updated = req.db().write(move |conn| {
        let updated = comments::update(conn, &comment, &author, &text, needs_approval, now)?;
        if updated { place_of(conn, comment.post, Some(id)).map(Some) } else { Ok(None) }
    });
    Ok(redirect(req.method(), &updated.await?.ok_or_else(|| no_such_comment(id))?))
}

impl Edit {
    /// Shows what was sent, or what is stored where nothing was.
    fn old(req: &Request, comment: Comment, sent: Option<String>, problem: Option<Problem>) -> Self {
        Self {
            heading: Message::new("edit-comment"),
            post: Link::to_post((comment.post, comment.post_title)),
            body: sent.unwrap_or(comment.body),
            nonce: None,
            needs_approval: needs_approval(req),
            problem,
        }
    }
}

/// A comment that its author may change.
pub(in crate::web) async fn own_comment(req: &Request, id: CommentId, author: &User) -> Result<Comment> {
    let comment = seen_comment(req, id, author).await?;
    if comment.author_id == author.id { Ok(comment) } else { Err(refused(req, id, author)) }
}
