//! Views: what moderators did, and what they do with posts.

use serde::Serialize;
use warp::reply::Response;

use super::arrival::say;
use super::blog::no_such_post;
use super::error::{Error, Result};
use super::flash;
use super::links;
use super::page::{self, Page};
use super::request::Request;
use crate::clock;
use crate::db::moderation::{self, Object};
use crate::db::withdrawn::{self, By, WITHDRAWN_DAYS_MAX};
use crate::db::{posts, users};
use crate::moderation::{Act, Entry, EntryId, Reason};
use crate::post::{Post, PostId};
use crate::problem::Problem;
use crate::user::User;

/// Where it is.
const PATH: &str = "/moderation";

/// What is on one page of it.
const ENTRIES_PER_PAGE: usize = 50;

#[derive(Serialize)]
struct Log {
    entries: Vec<ShownEntry>,
    next: Option<String>,
}

impl Page for Log {
    const TEMPLATE: &'static str = "moderation/log.html";
}

#[derive(Serialize)]
struct ShownEntry {
    time: String,
    moderator: String,
    /// The message that says what was done.
    act: &'static str,
    author: Option<String>,
    /// Where it was, though it may be gone.
    path: String,
    /// Where to send the wish to have it back, if it was a post that was taken away.
    republish: Option<String>,
    excerpt: String,
    reason: String,
}

impl From<Entry> for ShownEntry {
    fn from(entry: Entry) -> Self {
        let is_away = entry.act == Act::UnpublishPost;
        Self {
            time: clock::as_rfc3339(entry.time),
            moderator: entry.moderator,
            act: sentence(entry.act),
            author: entry.author,
            path: links::post(entry.post),
            republish: is_away.then(|| links::below(&links::post(entry.post), "republish")),
            excerpt: entry.excerpt,
            reason: entry.reason,
        }
    }
}

fn sentence(act: Act) -> &'static str {
    match act {
        Act::DeleteComment => "act-delete-comment",
        Act::ApproveComment => "act-approve-comment",
        Act::UnpublishPost => "act-unpublish-post",
        Act::RepublishPost => "act-republish-post",
    }
}

/// Show what moderators did, to moderators. Nobody else learns that there is such a page.
pub(super) async fn log(req: Request) -> Result<Response> {
    if !req.user().await?.is_some_and(User::is_moderator) {
        return Err(Error::NotFound);
    }
    let before = match req.query("before") {
        Some(text) => EntryId(text.parse().map_err(|_| Error::NotFound)?),
        None => EntryId(i64::MAX),
    };
    let mut found = req.db().read(move |conn| moderation::before(conn, before, ENTRIES_PER_PAGE + 1)).await?;
    let has_more = found.len() > ENTRIES_PER_PAGE;
    found.truncate(ENTRIES_PER_PAGE);
    let next = found.last().filter(|_| has_more).map(|last| format!("{PATH}?before={}", last.id.0));
    page::show(&req, Log { entries: found.into_iter().map(ShownEntry::from).collect(), next }).await
}

/// The question before a post is taken away.
#[derive(Serialize)]
struct Unpublish {
    name: String,
    path: String,
    days: i64,
    reason: String,
    problem: Option<Problem>,
}

impl Page for Unpublish {
    const TEMPLATE: &'static str = "moderation/unpublish.html";
}

impl Unpublish {
    fn new(post: Post, reason: String, problem: Option<Problem>) -> Self {
        Self { name: post.title, path: links::post(post.id), days: WITHDRAWN_DAYS_MAX, reason, problem }
    }
}

/// Ask whether to take a post out of the site, if the current user is a moderator.
pub(super) async fn unpublish_form(id: PostId, req: Request) -> Result<Response> {
    require_moderator(&req).await?;
    let post = find(&req, id).await?;
    page::show(&req, Unpublish::new(post, String::new(), None)).await
}

/// Take a post out of the site, if the current user is a moderator. It can be brought back for a while.
pub(super) async fn unpublish(id: PostId, mut req: Request) -> Result<Response> {
    let mut form = req.form().await?; // before any answer: see blog::create
    let moderator = require_moderator(&req).await?;
    let post = find(&req, id).await?;
    let typed = form.take_optional("reason").unwrap_or_default();
    let reason = match Reason::parse(&typed) {
        Ok(reason) => reason,
        Err(problem) => return page::show(&req, Unpublish::new(post, typed, Some(problem))).await,
    };
    decide(&req, id, moderator, Act::UnpublishPost, reason).await?;
    flash::redirect(&req, PATH, "post-unpublished")
}

/// Bring a post back that a moderator took away.
pub(super) async fn republish(id: PostId, mut req: Request) -> Result<Response> {
    req.form().await?; // as above
    let moderator = require_moderator(&req).await?;
    decide(&req, id, moderator, Act::RepublishPost, Reason::default()).await?;
    flash::redirect(&req, &links::post(id), "post-brought-back")
}

/// Does it and notes it, if this is a moderator at that moment, too.
async fn decide(req: &Request, id: PostId, moderator: User, act: Act, reason: Reason) -> Result<()> {
    let (now, user_id) = (req.app().clock.now(), moderator.id.0);
    let done = req.db().write(move |conn| {
        if !users::get(conn, moderator.id)?.is_some_and(|account| account.user.is_moderator()) {
            return Ok(false);
        }
        let by = By::Moderator(moderator.id);
        let (post, done) = if act == Act::RepublishPost {
            let done = withdrawn::restore(conn, id, by, now)?;
            (posts::find(conn, id)?, done)
        } else {
            (posts::find(conn, id)?, withdrawn::withdraw(conn, id, by, now)?)
        };
        let Some(post) = post.filter(|_| done) else { return Ok(false) };
        let text = format!("{}\n\n{}", post.title, post.body);
        let object = Object { post: id, comment: None, author: Some(&post.username), text: &text };
        moderation::insert(conn, &moderator, act, object, &reason, now)?;
        Ok(true)
    });
    if !done.await? {
        return Err(no_such_post(id));
    }
    say!(info, req.visitor(), user = user_id, "user {user_id}, a moderator, {}: {}", act.as_str(), id.0);
    Ok(())
}

async fn find(req: &Request, id: PostId) -> Result<Post> {
    req.db().read(move |conn| posts::find(conn, id)).await?.ok_or_else(|| no_such_post(id))
}

async fn require_moderator(req: &Request) -> Result<User> {
    let user = req.require_user().await?;
    if user.is_moderator() { Ok(user) } else { Err(Error::Forbidden) }
}
