//! View: what moderators did.

use serde::Serialize;
use warp::reply::Response;

use super::comments::Time;
use super::error::{Error, Result};
use super::links;
use super::page::{self, Page};
use super::request::Request;
use crate::db::moderation;
use crate::moderation::{Entry, EntryId};
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
    time: Time,
    moderator: String,
    act: String,
    author: Option<String>,
    /// Where it was, though it may be gone.
    path: String,
    excerpt: String,
    reason: String,
}

impl From<Entry> for ShownEntry {
    fn from(entry: Entry) -> Self {
        Self {
            time: Time::new(entry.time),
            moderator: entry.moderator,
            act: entry.act,
            author: entry.author,
            path: links::post(entry.post),
            excerpt: entry.excerpt,
            reason: entry.reason,
        }
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
