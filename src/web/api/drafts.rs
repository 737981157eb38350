//! Views: drafts, of the token's user alone.

use jiff::Timestamp;
use serde::Serialize;
use warp::http::StatusCode;
use warp::reply::Response;

use super::document::{self, Document, Draft, draft_path, post_path};
use super::once::Once;
use super::posts::{self, Changed};
use super::query::{List, Query};
use super::version::Expected;
use super::{Refusal, V1, bearer, body, site};
use crate::api_token::Scope;
use crate::clock;
use crate::content::{Content, Written};
use crate::db::{self, Connection, drafts};
use crate::post::{DraftId, PostId, time};
use crate::user::User;
use crate::web::error::{Error, Result};
use crate::web::links;
use crate::web::request::Request;

/// A draft in the list of its author's.
#[derive(Serialize)]
struct Listed {
    id: i64,
    url: String,
    title: String,
    updated: Option<Timestamp>,
}

#[derive(Serialize)]
struct DraftList {
    drafts: Vec<Listed>,
    next: Option<String>,
}

impl Document for DraftList {}

/// List the drafts, the newest first.
pub(super) async fn list(req: Request) -> Result<Response> {
    let author = bearer::require(&req, Scope::Read).await?.user;
    let mut query = Query::of(&req, &["before", "limit"])?;
    let list = List::new(format!("{V1}/drafts"), query.limit()?);
    let before = query.parsed("before", "the number of a draft")?.unwrap_or(DraftId(i64::MAX));
    let (site, limit) = (site(&req)?, list.limit());
    let mut found = req.db().read(move |conn| drafts::list(conn, &author, before, limit + 1)).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let end = found.last().filter(|_| has_more).map(|last| ("before", last.id.0.to_string()));
    let next = end.map(|end| format!("{site}{}", list.target(Some(end))));
    let listed = |drafts::Listed { id, title, updated }| Listed {
        id: id.0,
        url: format!("{site}{}", links::draft(id)),
        title,
        updated: time(&updated),
    };
    let drafts = found.into_iter().map(listed).collect();
    document::send(&req, StatusCode::OK, &DraftList { drafts, next }).await
}

/// Keep a new draft.
pub(super) async fn create(mut req: Request) -> Result<Response> {
    let sent = req.body().await?; // before any answer: see blog::create
    let author = bearer::writer(&req).await?.user;
    let draft = body::document::<body::Text>(&req, &sent)?.written(body::nothing()).map_err(Refusal::from)?;
    let (once, now, owner) = (Once::of(&req, &sent), req.app().clock.now(), author.clone());
    let add = move |conn: Connection<'_>| {
        once.make(conn, author.id, now, |conn| {
            drafts::insert(conn, &author, &draft, &clock::as_text(now)).map(|id| Some(id.0))
        })
    };
    let id = req.db().write(add).await?.map(DraftId).ok_or(Error::NotFound)?;
    document::created(&req, &draft_path(id), &read(&req, id, owner).await?).await
}

/// Send a draft.
pub(super) async fn show(id: DraftId, req: Request) -> Result<Response> {
    let author = bearer::require(&req, Scope::Read).await?.user;
    document::send(&req, StatusCode::OK, &read(&req, id, author).await?).await
}

/// A draft as it is stored now. Another's is not there.
async fn read(req: &Request, id: DraftId, author: User) -> Result<Draft> {
    let site = site(req)?;
    let stored = req.db().read(move |conn| drafts::find(conn, id, &author)).await?;
    Ok(Draft::new(id, stored.ok_or(Error::NotFound)?, &site))
}

/// What is done with what is stored, if that may be.
type Change = Box<dyn FnOnce(Connection<'_>, &User, Written, bool) -> db::Result<Changed> + Send>;

/// Does something with a draft, and says whether it is what was expected.
async fn with_stored(req: &Request, id: DraftId, author: User, change: Change) -> Result<()> {
    let expected = Expected::of(req);
    let write = move |conn: Connection<'_>| match drafts::find(conn, id, &author)? {
        None => Ok(Changed::Gone),
        Some(stored) => {
            let is_expected = expected.includes(&stored);
            change(conn, &author, stored, is_expected)
        }
    };
    req.db().write(write).await?.or(|| Error::NotFound)
}

/// Change a draft.
pub(super) async fn change(id: DraftId, mut req: Request) -> Result<Response> {
    let sent = req.body().await?; // first, as above
    let author = bearer::writer(&req).await?.user;
    let patch = body::patch::<body::Text>(&req, &sent)?;
    let now = clock::as_text(req.app().clock.now());
    // What is wrong is said first, as of posts.
    let change = move |conn: Connection<'_>, author: &User, stored, is_expected: bool| match patch.written(stored) {
        Ok(_) if !is_expected => Ok(Changed::Outdated),
        Ok(draft) => drafts::update(conn, id, author, &draft, &now).map(Changed::done),
        Err(problem) => Ok(Changed::Invalid(problem)),
    };
    with_stored(&req, id, author.clone(), Box::new(change)).await?;
    document::send(&req, StatusCode::OK, &read(&req, id, author).await?).await
}

/// Delete a draft.
pub(super) async fn delete(id: DraftId, mut req: Request) -> Result<Response> {
    req.body().await?; // first, as above
    let author = bearer::writer(&req).await?.user;
    let change = move |conn: Connection<'_>, author: &User, _, is_expected: bool| {
        if is_expected { drafts::delete(conn, id, author).map(Changed::done) } else { Ok(Changed::Outdated) }
    };
    with_stored(&req, id, author, Box::new(change)).await?;
    Ok(document::nothing())
}

/// Make a post of a draft.
pub(super) async fn publish(id: DraftId, mut req: Request) -> Result<Response> {
    let sent = req.body().await?; // first, as above
    let author = bearer::writer(&req).await?.user;
    let (once, expected, now) = (Once::of(&req, &sent), Expected::of(&req), req.app().clock.now());
    let write = move |conn: Connection<'_>| {
        let mut refused = Changed::Gone;
        let made = once.make(conn, author.id, now, |conn| {
            let Some(stored) = drafts::find(conn, id, &author)? else { return Ok(None) };
            let is_expected = expected.includes(&stored);
            let Written { title, body, tags, format } = stored;
            let content = match Content::parse(title, body, Some(&tags), Some(format)) {
                Ok(content) if is_expected => content,
                other => {
                    refused = other.map_or_else(Changed::Unfinished, |_| Changed::Outdated);
                    return Ok(None);
                }
            };
            drafts::delete(conn, id, &author)?;
            db::posts::insert(conn, author.id, &content, &clock::as_text(now)).map(|PostId(id)| Some(id))
        })?;
        Ok(made.ok_or(refused))
    };
    let made = match req.db().write(write).await? {
        Ok(id) => PostId(id),
        Err(refused) => return Err(refused.or(|| Error::NotFound).err().unwrap_or(Error::NotFound)),
    };
    document::created(&req, &post_path(made), &posts::read(&req, made).await?).await
}
