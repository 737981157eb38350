//! Views: posts one below the other, and the tags they are under.

use serde::Serialize;
use warp::http::StatusCode;
use warp::reply::Response;

use super::Refusal;
use super::bearer;
use super::document::{self, Document, Post, PostList, Shared};
use super::query::{List, Query};
use super::{V1, site};
use crate::db::posts;
use crate::db::search::{self, Place};
use crate::db::{self, Connection, tags};
use crate::post::{self, Part};
use crate::search::Query as Words;
use crate::web::error::{Error, Result};
use crate::web::links::{self, Name};
use crate::web::lists::{self, Found, Subject};
use crate::web::page;
use crate::web::request::Request;

/// Most bytes of the texts in a list, unless the first alone has more. What does not fit is in the next part.
const TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Most posts in a part of what is looked for: each is read whole before it is known whether it is one.
const FOUND_MAX: usize = 20;

/// List posts: all, an author's, those under a tag, or those that are looked for.
pub(super) async fn posts(req: Request) -> Result<Response> {
    bearer::holder(&req).await?;
    let mut query = Query::of(&req, &["after", "author", "before", "from", "limit", "q", "tag"])?;
    let list = List::new(format!("{V1}/posts"), query.limit()?);
    let from = query.parsed::<Place>("from", "what the `next` of a search says")?;
    let expected = "the place of a post";
    let part = match (query.parsed("before", expected)?, query.parsed("after", expected)?) {
        (None, None) => Some(Part::Newest),
        (Some(place), None) => Some(Part::Before(place)),
        (None, Some(place)) => Some(Part::After(place)),
        (Some(_), Some(_)) => None,
    };
    match (query.text("q"), query.text("author"), query.text("tag"), part, from) {
        (Some(q), None, None, Some(Part::Newest), from) => found(&req, list.with("q", &q), &q, from).await,
        (None, None, None, Some(part), None) => part_of(&req, list, lists::everything(), part).await,
        (None, Some(name), None, Some(part), None) => {
            part_of(&req, list.with("author", &name), lists::author(Name(name)), part).await
        }
        (None, None, Some(name), Some(part), None) => {
            part_of(&req, list.with("tag", &name), lists::under(Name(name)), part).await
        }
        _ => Err(Refusal::NoSuchList.into()),
    }
}

async fn part_of(req: &Request, list: List, Subject { find, .. }: Subject, part: Part) -> Result<Response> {
    let (site, asked) = (site(req)?, target(&list, &part));
    let read = move |conn: Connection<'_>| {
        let Some(Found { scope, .. }) = find(conn)? else { return Ok(None) };
        let posts_max = posts::how_many_fit(conn, scope, &part, list.limit(), TEXT_BYTES_MAX)?;
        let found = posts::list(conn, scope, &part, posts_max)?;
        let link = |part: Option<Part>| part.map(|part| format!("{site}{}", target(&list, &part)));
        let (prev, next) = (link(found.newer), link(found.older));
        Ok(Some(Shared(PostList { posts: documents(conn, found.posts, &site)?, next, prev })))
    };
    page::shared_alike(req, &asked, read).await?.ok_or(Error::NotFound)
}

fn target(list: &List, part: &Part) -> String {
    list.target(match part {
        Part::Newest => None,
        Part::Before(place) => Some(("before", place.to_string())),
        Part::After(place) => Some(("after", place.to_string())),
    })
}

fn documents(conn: Connection<'_>, posts: Vec<post::Post>, site: &str) -> db::Result<Vec<Post>> {
    posts.into_iter().map(|post| Post::read(conn, post, site)).collect()
}

/// What anybody may look for is not kept.
async fn found(req: &Request, list: List, q: &str, from: Option<Place>) -> Result<Response> {
    let site = site(req)?;
    let Some(words) = Words::parse(q) else {
        let empty = PostList { posts: Vec::new(), next: None, prev: None };
        return document::send(req, StatusCode::OK, &empty).await;
    };
    let _turn = req.app().turns.search.wait().await?;
    let read = move |conn: Connection<'_>| {
        let found = search::find(conn, &words, from, list.limit().min(FOUND_MAX))?;
        let next = found.next.map(|place| format!("{site}{}", list.target(Some(("from", place.to_string())))));
        Ok(PostList { posts: documents(conn, found.posts, &site)?, next, prev: None })
    };
    document::send(req, StatusCode::OK, &req.db().read(read).await?).await
}

/// A tag.
#[derive(Serialize)]
struct Tag {
    name: String,
    url: String,
}

#[derive(Serialize)]
struct TagList {
    tags: Vec<Tag>,
    next: Option<String>,
}

impl Document for TagList {}

/// List tags, in the order of the alphabet.
pub(super) async fn tags(req: Request) -> Result<Response> {
    bearer::holder(&req).await?;
    let mut query = Query::of(&req, &["after", "limit"])?;
    let list = List::new(format!("{V1}/tags"), query.limit()?);
    let (site, after) = (site(&req)?, query.text("after").unwrap_or_default());
    let target = list.target(Some(("after", after.clone())).filter(|_| !after.is_empty()));
    let read = move |conn: Connection<'_>| {
        let mut found = tags::after(conn, &after, list.limit() + 1)?;
        let has_more = found.len() > list.limit();
        found.truncate(list.limit());
        let end = found.last().filter(|_| has_more).map(|tag| ("after", tag.name.clone()));
        let next = end.map(|end| format!("{site}{}", list.target(Some(end))));
        let tag = |name: String| Tag { url: format!("{site}{}", links::tag(&name)), name };
        Ok(Some(Shared(TagList { tags: found.into_iter().map(|found| tag(found.name)).collect(), next })))
    };
    page::shared_alike(&req, &target, read).await?.ok_or(Error::NotFound)
}
