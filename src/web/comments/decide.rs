//! Views: deleting and approving a comment, which not only its author decides on.

use serde::Serialize;
use warp::reply::Response;

use super::thread::ShownComment;
use super::{no_such_comment, refuse_where_off, refused, seen_comment, waiting};
use crate::comment::{Comment, CommentId, Standing};
use crate::db::moderation::{self, Object};
use crate::db::{self, Connection, comments};
use crate::moderation::{Act, Reason};
use crate::problem::Problem;
use crate::user::{User, UserId};
use crate::web::arrival::say;
use crate::web::error::Result;
use crate::web::flash;
use crate::web::links;
use crate::web::page::{self, Page};
use crate::web::request::Request;

/// The question before a comment is deleted.
#[derive(Serialize)]
struct Confirm {
    comment: ShownComment,
    /// Whether it is noted who deletes it, and why.
    is_moderated: bool,
    reason: String,
    problem: Option<Problem>,
}

impl Page for Confirm {
    const TEMPLATE: &'static str = "comments/delete.html";
}

/// Ask whether to delete a comment.
pub(in crate::web) async fn confirm(id: CommentId, req: Request) -> Result<Response> {
    refuse_where_off(&req)?;
    let user = req.require_user().await?;
    let comment = seen_comment(&req, id, &user).await?;
    let standing = comment.standing_of(&user).ok_or_else(|| refused(&req, id, &user))?;
    page::show(&req, Confirm::new(comment, standing, String::new(), None)).await
}

/// Delete a comment if the current user wrote it or the post, or is a moderator.
pub(in crate::web) async fn delete(id: CommentId, mut req: Request) -> Result<Response> {
    let mut form = req.form().await?; // first, as above
    refuse_where_off(&req)?;
    let user = req.require_user().await?;
    let comment = seen_comment(&req, id, &user).await?;
    let standing = comment.standing_of(&user).ok_or_else(|| refused(&req, id, &user))?;
    let typed = form.take_optional("reason").unwrap_or_default();
    let reason = match Reason::parse(&typed) {
        Ok(reason) => reason,
        Err(problem) => return page::show(&req, Confirm::new(comment, standing, typed, Some(problem))).await,
    };
    let post = comment.post;
    decide(&req, comment, user, standing, DELETION, reason).await?;
    flash::redirect(&req, &links::comments(post), "comment-deleted")
}

/// The same without a page: for what reason is noted if a moderator does it.
pub(in crate::web) async fn delete_by(req: &Request, id: CommentId, user: User, reason: Reason) -> Result<()> {
    let comment = seen_comment(req, id, &user).await?;
    let standing = comment.standing_of(&user).ok_or_else(|| refused(req, id, &user))?;
    decide(req, comment, user, standing, DELETION, reason).await
}

impl Confirm {
    fn new(comment: Comment, standing: Standing, reason: String, problem: Option<Problem>) -> Self {
        let is_moderated = standing == Standing::Moderator;
        Self { comment: comment.into(), is_moderated, reason, problem }
    }
}

/// Let everybody see a comment that waits, if the current user wrote the post, or is a moderator.
pub(in crate::web) async fn approve(id: CommentId, mut req: Request) -> Result<Response> {
    req.form().await?; // first, as above
    refuse_where_off(&req)?;
    let user = req.require_user().await?;
    let comment = seen_comment(&req, id, &user).await?;
    let standing = comment.approver(&user).ok_or_else(|| refused(&req, id, &user))?;
    if comment.is_waiting {
        decide(&req, comment, user, standing, APPROVAL, Reason::default()).await?;
    }
    flash::redirect(&req, waiting::PATH, "comment-approved")
}

/// What is done with a comment.
#[derive(Clone, Copy)]
struct Decision {
    act: Act,
    change: fn(Connection<'_>, CommentId, UserId) -> db::Result<bool>,
}

const DELETION: Decision = Decision { act: Act::DeleteComment, change: comments::delete };
const APPROVAL: Decision = Decision { act: Act::ApproveComment, change: comments::approve };

/// Does it, and notes it if a moderator does.
async fn decide(
    req: &Request,
    comment: Comment,
    user: User,
    standing: Standing,
    decision: Decision,
    reason: Reason,
) -> Result<()> {
    let (now, id, user_id) = (req.app().clock.now(), comment.id, user.id.0);
    let done = req.db().write(move |conn| {
        let done = (decision.change)(conn, id, user.id)?;
        if done && standing == Standing::Moderator {
            let Comment { post, username, body, .. } = &comment;
            let object = Object { post: *post, comment: Some(id), author: username.as_deref(), text: body };
            moderation::insert(conn, &user, decision.act, object, &reason, now)?;
        }
        Ok(done)
    });
    if !done.await? {
        return Err(no_such_comment(id));
    }
    if standing == Standing::Moderator {
        say!(info, req.visitor(), user = user_id, "user {user_id}, a moderator, {}: {}", decision.act.as_str(), id.0);
    }
    Ok(())
}
