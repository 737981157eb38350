//! Views: what an author has not published, and what was withdrawn.

use serde::Serialize;
use warp::reply::Response;

use super::blog::Saved;
use super::error::{Error, Result};
use super::flash;
use super::links::{self, DRAFTS};
use super::page::{self, Page};
use super::request::Request;
use super::shown::Link;
use super::upload;
use super::withdrawn;
use super::writing::{self, Sent, Target, Then};
use crate::clock;
use crate::content::{Content, Written};
use crate::db::withdrawn::WITHDRAWN_DAYS_MAX;
use crate::db::{self, Connection, drafts, posts, sent_forms};
use crate::post::{DraftId, PostId};
use crate::user::User;

/// Drafts, and withdrawn posts, on one page.
const LISTED_MAX: usize = 50;

#[derive(Serialize)]
struct DraftList {
    drafts: Vec<Draft>,
    withdrawn: Vec<withdrawn::Shown>,
    /// How long a post can be brought back.
    days: i64,
    next: Option<String>,
}

#[derive(Serialize)]
struct Draft {
    /// Its name may be empty.
    link: Link,
    updated: String,
}

impl Page for DraftList {
    const TEMPLATE: &'static str = "blog/drafts.html";
}

/// Show the current user's drafts, and their posts that can be brought back.
pub(super) async fn list(req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    let number = |name| match req.query(name) {
        Some(text) => text.parse::<DraftId>().map(|DraftId(id)| id).map_err(|_| Error::NotFound),
        None => Ok(i64::MAX),
    };
    let (draft, post) = (DraftId(number("draft")?), PostId(number("post")?));
    let now = req.app().clock.now();
    let read = move |conn: Connection<'_>| {
        let drafts = drafts::list(conn, &author, draft, LISTED_MAX)?;
        Ok((drafts, db::withdrawn::list(conn, &author, post, LISTED_MAX, now)?))
    };
    let (drafts, withdrawn) = req.db().read(read).await?;
    // Each of the two goes on where it ended; one that has ended stays at its end.
    let next = (drafts.len() == LISTED_MAX || withdrawn.len() == LISTED_MAX).then(|| {
        let draft = drafts.last().map_or(0, |draft| draft.id.0);
        let post = withdrawn.last().map_or(0, |post| post.id.0);
        format!("{DRAFTS}?draft={draft}&post={post}")
    });
    let drafts = drafts.into_iter().map(Draft::new).collect();
    let withdrawn = withdrawn.into_iter().map(withdrawn::Shown::new).collect();
    page::show(&req, DraftList { drafts, withdrawn, days: WITHDRAWN_DAYS_MAX, next }).await
}

impl Draft {
    fn new(drafts::Listed { id, title, updated }: drafts::Listed) -> Self {
        Self { link: Link { name: title, path: links::draft(id) }, updated }
    }
}

/// Keep a new text as a draft. The very same form, sent again since its answer was lost, keeps nothing.
pub(super) async fn add(req: &Request, author: User, sent: Sent) -> Result<Response> {
    if let Some(problem) = sent.refused() {
        return writing::again(req, Target::New, Written::default(), &sent, problem).await;
    }
    let (draft, form, now) = (sent.written(Written::default()), sent.digest(), req.app().clock.now());
    let write = move |conn: Connection<'_>| match form {
        Some(form) if !sent_forms::insert(conn, author.id, &form, now)? => Ok(None),
        _ => drafts::insert(conn, &author, &draft, &clock::as_text(now)).map(Some),
    };
    let added = req.db().write(write).await?;
    flash::redirect(req, &added.map_or_else(|| DRAFTS.to_owned(), links::draft), "draft-kept")
}

/// Show a draft to go on with.
pub(super) async fn edit(id: DraftId, req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    let stored = own_draft(&req, id, author).await?;
    writing::form(&req, Target::Draft(id), stored).await
}

/// Keep a draft as it was sent, show it, or publish it.
pub(super) async fn update(id: DraftId, mut req: Request) -> Result<Response> {
    let form = upload::form(&mut req).await?; // before any answer: see blog::create
    let author = req.require_user_to_send(&form).await?;
    let stored = own_draft(&req, id, author.clone()).await?;
    let sent = Sent::take_from(&req, &author, form).await?;
    match (sent.then, sent.content()) {
        (Then::Preview, _) => writing::preview(&req, Target::Draft(id), stored, sent).await,
        (Then::Keep, _) => match sent.refused() {
            Some(problem) => writing::again(&req, Target::Draft(id), stored, &sent, problem).await,
            None => save(&req, id, author, sent, None).await,
        },
        (Then::Publish, Ok(content)) => save(&req, id, author, sent, Some(content)).await,
        (Then::Publish, Err(problem)) => writing::again(&req, Target::Draft(id), stored, &sent, problem).await,
    }
}

/// Stores a draft, or publishes it where there is a content to.
async fn save(req: &Request, id: DraftId, author: User, sent: Sent, content: Option<Content>) -> Result<Response> {
    let now = clock::as_text(req.app().clock.now());
    let (compared, is_published) = (sent.clone(), content.is_some());
    let write = move |conn: Connection<'_>| -> db::Result<Saved> {
        let Some(stored) = drafts::find(conn, id, &author)? else { return Ok(Saved::Gone) };
        if compared.is_outdated(&stored) {
            return Ok(Saved::Outdated(stored));
        }
        match content {
            Some(content) => {
                let content = Content { format: content.format.or(Some(stored.format)), ..content };
                posts::insert(conn, author.id, &content, &now)?;
                drafts::delete(conn, id, &author)?;
            }
            None => {
                drafts::update(conn, id, &author, &compared.written(stored), &now)?;
            }
        }
        Ok(Saved::Done)
    };
    match req.db().write(write).await? {
        Saved::Done if is_published => flash::redirect(req, links::FRONT, "post-published"),
        Saved::Done => flash::redirect(req, &links::draft(id), "draft-kept"),
        Saved::Gone => Err(Error::NotFound),
        Saved::Outdated(stored) => writing::conflict(req, Target::Draft(id), stored, &sent).await,
    }
}

/// What is stored of a draft. Another's is not there.
async fn own_draft(req: &Request, id: DraftId, author: User) -> Result<Written> {
    req.db().read(move |conn| drafts::find(conn, id, &author)).await?.ok_or(Error::NotFound)
}

/// Ask whether to delete a draft.
pub(super) async fn delete_form(id: DraftId, req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    let stored = own_draft(&req, id, author).await?;
    withdrawn::ask(&req, stored.title, links::below(&links::draft(id), "delete"), links::draft(id), None).await
}

/// Delete a draft.
pub(super) async fn delete(id: DraftId, mut req: Request) -> Result<Response> {
    req.form().await?; // before any answer, as above
    let author = req.require_user().await?;
    let deleted = req.db().write(move |conn| drafts::delete(conn, id, &author)).await?;
    if deleted { flash::redirect(&req, DRAFTS, "draft-deleted") } else { Err(Error::NotFound) }
}
