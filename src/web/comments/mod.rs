//! Comments: the views, and what they have in common.

mod decide;
mod feeds;
mod thread;
mod waiting;
mod write;

use super::error::{Error, Result};
use super::request::Request;
use crate::comment::{Comment, CommentId};
use crate::config::CommentMode;
use crate::db::comments;
use crate::message::Message;
use crate::user::User;
use crate::web::arrival::say;
pub(super) use decide::{approve, confirm, delete, delete_by};
pub(super) use feeds::{feed_of_all, feed_of_post};
pub(super) use thread::Thread;
pub(super) use waiting::waiting;
pub(super) use write::{NONE_APPROVED, create, edit, has_too_many_waiting, own_comment, show, too_many, update};

/// A comment that this user sees.
async fn seen_comment(req: &Request, id: CommentId, user: &User) -> Result<Comment> {
    let comment = req.db().read(move |conn| comments::find(conn, id)).await?;
    comment.filter(|comment| comment.is_seen_by(Some(user))).ok_or_else(|| no_such_comment(id))
}

fn refused(req: &Request, id: CommentId, user: &User) -> Error {
    let (user_id, comment_id, address) = (user.id.0, id.0, req.client().shown_address());
    say!(
        info,
        req.visitor(),
        user = user_id,
        "user {user_id} wanted to decide on comment {comment_id}, another's, from {address}"
    );
    Error::Forbidden
}

/// There is no such comment, in the words of a post.
pub(super) fn no_such_comment(id: CommentId) -> Error {
    Error::NotFoundBecause(Message::new("no-such-comment").with("id", id.0))
}

/// Whether what others than the post's author write has to be approved.
pub(super) fn needs_approval(req: &Request) -> bool {
    req.app().config.comments.mode == CommentMode::Approve
}

/// Whether there are comments on this site.
pub(super) fn are_on(req: &Request) -> bool {
    req.app().config.comments.mode != CommentMode::Off
}

/// Refuses what has to do with comments where there are none.
pub(super) fn refuse_where_off(req: &Request) -> Result<()> {
    if are_on(req) { Ok(()) } else { Err(Error::ForbiddenBecause("comments-off")) }
}
