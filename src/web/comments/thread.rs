//! The comments of a post as its page shows them, and where each of them is.

use serde::Serialize;

use crate::clock;
use crate::comment::{Comment, CommentId};
use crate::db::discussions::{self, Discussion};
use crate::db::{self, Connection, comments};
use crate::language::written_in;
use crate::markdown;
use crate::post::PostId;
use crate::web::links;
use crate::web::shown::Link;

/// Comments on one page of a thread.
const COMMENTS_PER_PAGE: usize = 100;

/// Comments that wait, on the page of their post. The others are on the page of what waits.
const WAITING_SHOWN_MAX: usize = 20;

/// A part of the comments of a post.
#[derive(Serialize)]
pub(in crate::web) struct Thread {
    comments: Vec<ShownComment>,
    /// What some see who read the end of the thread.
    waiting: Vec<ShownComment>,
    earlier: Option<String>,
    later: Option<String>,
    /// Whether what is written now will wait, for most.
    needs_approval: bool,
    /// Of the form for a new comment. It is the same for all who read the page; who sends it makes the difference.
    nonce: String,
}

/// What templates know of a comment.
#[derive(Serialize)]
pub(super) struct ShownComment {
    id: i64,
    /// Its own address, wherever in the thread it is.
    path: String,
    /// `None` if there is no such user any more.
    author: Option<Link>,
    author_id: i64,
    host: i64,
    post: Link,
    created: String,
    updated: Option<String>,
    html: String,
    /// The language that its letters tell, if they do.
    lang: &'static str,
    is_waiting: bool,
}

impl From<Comment> for ShownComment {
    fn from(comment: Comment) -> Self {
        Self {
            id: comment.id.0,
            path: links::comment(comment.id),
            author: comment.username.map(Link::to_user),
            author_id: comment.author_id.0,
            host: comment.host.0,
            post: Link::to_post((comment.post, comment.post_title)),
            created: clock::as_rfc3339(comment.created),
            updated: comment.updated.map(clock::as_rfc3339),
            html: markdown::comment(&comment.body, ""),
            lang: written_in(&comment.body),
            is_waiting: comment.is_waiting,
        }
    }
}

impl Thread {
    /// The comments from behind this one on.
    pub(in crate::web) fn read(
        conn: Connection<'_>,
        post: PostId,
        about: &Discussion,
        after: Option<CommentId>,
        needs_approval: bool,
        nonce: String,
    ) -> db::Result<Self> {
        let empty =
            Self { comments: Vec::new(), waiting: Vec::new(), earlier: None, later: None, needs_approval, nonce };
        let Some(discussion) = about.id else { return Ok(empty) };
        let begin = after.unwrap_or(CommentId(0));
        // One more tells whether there is more.
        let mut found = comments::after(conn, discussion, begin, COMMENTS_PER_PAGE + 1)?;
        let later = found.get(COMMENTS_PER_PAGE.saturating_sub(1)).map(|last| links::thread(post, Some(last.id)));
        let later = later.filter(|_| found.len() > COMMENTS_PER_PAGE);
        found.truncate(COMMENTS_PER_PAGE);
        let earlier = match after {
            Some(begin) => {
                let start = comments::so_many_before(conn, discussion, CommentId(begin.0 + 1), COMMENTS_PER_PAGE + 1)?;
                Some(links::thread(post, start))
            }
            None => None,
        };
        let waiting = match later {
            Some(_) => Vec::new(),
            None => comments::waiting_in(conn, discussion, about.host, WAITING_SHOWN_MAX)?,
        };
        let shown = |comments: Vec<Comment>| comments.into_iter().map(ShownComment::from).collect();
        Ok(Self { comments: shown(found), waiting: shown(waiting), earlier, later, ..empty })
    }
}

/// Where a comment is shown: on the page of the thread that ends with it. What waits is at the end of all.
pub(super) fn place(conn: Connection<'_>, comment: &Comment) -> db::Result<String> {
    let discussion = discussions::find(conn, comment.post)?.and_then(|found| found.id);
    let last = if comment.is_waiting { CommentId(i64::MAX) } else { comment.id };
    let start = match discussion {
        Some(discussion) => comments::so_many_before(conn, discussion, last, COMMENTS_PER_PAGE)?,
        None => None,
    };
    Ok(links::comment_in(&links::thread(comment.post, start), comment.id))
}
