//! Views: posts one below the other, all of them, an author's, those under a tag; and the tags.

use std::sync::Arc;

use serde::Serialize;
use warp::reply::Response;

use super::about::{About, Addresses};
use super::error::{Error, Result};
use super::links::{self, Name};
use super::page::{self, Page};
use super::request::Request;
use super::search;
use super::shown::{Link, ShownPost};
use crate::db::posts::{self, Scope};
use crate::db::tags::StoredTag;
use crate::db::{self, Connection, profiles, tags, users};
use crate::message::Message;
use crate::post::Part;
use crate::user::Account;

/// Tags on one page.
const TAGS_PER_PAGE: usize = 100;

#[derive(Serialize)]
struct List {
    heading: Message,
    about: About,
    /// Whose posts they are, on an author's page.
    author: Option<Link>,
    /// What the author says of themselves, on their page.
    line: Option<String>,
    /// Whether it is of all posts.
    is_whole: bool,
    /// Where the feeds are, but for the end of their names.
    feed: String,
    posts: Vec<ShownPost>,
    newer: Option<String>,
    older: Option<String>,
}

impl Page for List {
    const TEMPLATE: &'static str = "blog/index.html";
}

#[derive(Serialize)]
struct TagList {
    about: About,
    tags: Vec<Link>,
    next: Option<String>,
}

impl Page for TagList {
    const TEMPLATE: &'static str = "blog/tags.html";
}

/// What a list, or a feed, is of.
pub(super) struct Subject {
    /// The path of the list.
    pub(super) path: String,
    /// Whose posts they are, and the heading of the list, if it is there.
    pub(super) find: Find,
}

type Find = Arc<dyn Fn(Connection<'_>) -> db::Result<Option<Found>> + Send + Sync>;

/// The subject of a list that is there.
pub(super) struct Found {
    /// Whose posts they are.
    pub(super) scope: Scope,
    /// The heading.
    pub(super) heading: Message,
    /// The name of the author, where it is one.
    author: Option<String>,
    /// What the author says of themselves.
    line: Option<String>,
}

/// All posts.
pub(super) fn everything() -> Subject {
    Subject {
        path: links::FRONT.to_owned(),
        find: Arc::new(|_| {
            Ok(Some(Found { scope: Scope::All, heading: Message::new("posts"), author: None, line: None }))
        }),
    }
}

/// The posts of an author.
pub(super) fn author(Name(name): Name) -> Subject {
    let path = links::user(&name);
    let find = move |conn: Connection<'_>| {
        let Some(Account { user, .. }) = users::find(conn, &name)? else { return Ok(None) };
        let (line, heading) =
            (profiles::find(conn, &user)?, Message::new("posts-by").with("author", user.username.as_str()));
        Ok(Some(Found { scope: Scope::Of(user.id), heading, author: Some(user.username), line }))
    };
    Subject { path, find: Arc::new(find) }
}

/// The posts under a tag.
pub(super) fn under(Name(name): Name) -> Subject {
    let path = links::tag(&name);
    let found = |StoredTag { id, name }: StoredTag| Found {
        scope: Scope::Tagged(id),
        heading: Message::new("posts-tagged").with("tag", name),
        author: None,
        line: None,
    };
    Subject { path, find: Arc::new(move |conn| Ok(tags::find(conn, &name)?.map(found))) }
}

/// Show all the posts, most recent first; or those that are looked for.
pub(super) async fn index(req: Request) -> Result<Response> {
    match search::typed(&req) {
        Some((text, query)) => search::results(&req, text, query).await,
        None => list(&req, everything()).await,
    }
}

/// Show the posts of an author.
pub(super) async fn of_user(name: Name, req: Request) -> Result<Response> {
    list(&req, author(name)).await
}

/// Show the posts under a tag.
pub(super) async fn tagged(name: Name, req: Request) -> Result<Response> {
    list(&req, under(name)).await
}

/// A part of a list.
async fn list(req: &Request, Subject { path, find }: Subject) -> Result<Response> {
    let part = part(req)?;
    let posts_max = req.app().config().pages.posts_per_page;
    let target = links::part(&path, &part);
    let addresses = Addresses::of(req);
    let of_site = req.app().config().site.description.clone();
    let read = move |conn: Connection<'_>| {
        let Some(Found { scope, heading, author, line }) = find(conn)? else { return Ok(None) };
        let is_whole = matches!(scope, Scope::All);
        let found = posts::list(conn, scope, &part, posts_max)?;
        let link = |part: Option<Part>| part.map(|part| links::part(&path, &part));
        let (newer, older) = (link(found.newer), link(found.older));
        let posts = found.posts.into_iter().map(|post| ShownPost::read(conn, post, 2)).collect::<db::Result<_>>()?;
        // The newest posts have one address, whichever link they were reached by.
        let own = if newer.is_some() { links::part(&path, &part) } else { path.clone() };
        let about = About::new(addresses.url(&own)).described(match scope {
            Scope::All => of_site,
            Scope::Of(_) => line.clone(),
            Scope::Tagged(_) => None,
        });
        let (author, feed) = (author.map(Link::to_user), links::below(&path, "feed"));
        Ok(Some(List { heading, about, author, line, is_whole, feed, posts, newer, older }))
    };
    page::shared(req, &target, read).await?.ok_or(Error::NotFound)
}

/// Which part of a list the query asks for.
fn part(req: &Request) -> Result<Part> {
    let place = |text: String| text.parse().map_err(|_| Error::NotFound);
    match (req.query("before"), req.query("after")) {
        (Some(text), _) => place(text).map(Part::Before),
        (None, Some(text)) => place(text).map(Part::After),
        (None, None) => Ok(Part::Newest),
    }
}

/// Show the tags.
pub(super) async fn tags(req: Request) -> Result<Response> {
    let after = req.query("after").unwrap_or_default();
    let target = links::tags(&after);
    let about = About::new(Addresses::of(&req).url(&target));
    let read = move |conn: Connection<'_>| {
        let mut found = tags::after(conn, &after, TAGS_PER_PAGE + 1)?;
        let has_more = found.len() > TAGS_PER_PAGE;
        found.truncate(TAGS_PER_PAGE);
        let next = found.last().filter(|_| has_more).map(|tag| links::tags(&tag.name));
        Ok(Some(TagList { about, tags: found.into_iter().map(|tag| Link::to_tag(tag.name)).collect(), next }))
    };
    page::shared(&req, &target, read).await?.ok_or(Error::NotFound)
}
