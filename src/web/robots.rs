//! Views: what is for robots, and the list of all posts for them (<https://www.sitemaps.org/protocol.html>).

use std::str::FromStr;

use serde::Serialize;
use warp::reply::Response;

use super::about::{Addresses, machine_time};
use super::error::{Error, Result};
use super::links;
use super::page::{self, Page};
use super::request::Request;
use crate::db::Connection;
use crate::db::sitemap::{self, Listed};
use crate::post::time;

/// Parts of the list, as many as the protocol allows.
const PARTS_MAX: usize = 50_000;

const INDEX: &str = "/sitemap.xml";
const XML: &str = "application/xml; charset=utf-8";

#[derive(Serialize)]
struct Robots {
    /// The list, if it is known where the site is.
    sitemap: Option<String>,
}

impl Page for Robots {
    const TEMPLATE: &'static str = "robots/robots.txt";
    const MEDIA_TYPE: &'static str = "text/plain; charset=utf-8";
}

#[derive(Serialize)]
struct Sitemap {
    parts: Vec<String>,
}

impl Page for Sitemap {
    const TEMPLATE: &'static str = "robots/sitemap.xml";
    const MEDIA_TYPE: &'static str = XML;
}

#[derive(Serialize)]
struct SitemapPart {
    /// The front page, which is in the first part.
    front: Option<String>,
    posts: Vec<Entry>,
}

impl Page for SitemapPart {
    const TEMPLATE: &'static str = "robots/sitemap_part.xml";
    const MEDIA_TYPE: &'static str = XML;
}

#[derive(Serialize)]
struct Entry {
    url: String,
    /// When it was written or last changed, unless it is unknown.
    changed: Option<String>,
}

/// A part of the list, by its name: `sitemap-3.xml`.
#[derive(Debug)]
pub(super) struct PartName(i64);

/// There is no part of this name.
#[derive(Debug)]
pub(super) struct NotAPart;

impl FromStr for PartName {
    type Err = NotAPart;

    fn from_str(text: &str) -> std::result::Result<Self, NotAPart> {
        let number = text.strip_prefix("sitemap-").and_then(|rest| rest.strip_suffix(".xml"));
        let number = number.and_then(|digits| digits.parse().ok()).map(Self).ok_or(NotAPart)?;
        if number.path().get(1..) == Some(text) { Ok(number) } else { Err(NotAPart) }
    }
}

impl PartName {
    fn path(&self) -> String {
        format!("/sitemap-{}.xml", self.0)
    }
}

/// Say what robots may read.
pub(super) async fn robots(req: Request) -> Result<Response> {
    let sitemap = req.client().site.is_some().then(|| Addresses::of(&req).url(INDEX));
    page::shared_alike(&req, "/robots.txt", |_| Ok(Some(Robots { sitemap }))).await?.ok_or(Error::NotFound)
}

/// Send the list of the parts of the list. There is always the first, which has the front page.
pub(super) async fn index(req: Request) -> Result<Response> {
    let addresses = known(&req)?;
    let read = move |conn: Connection<'_>| {
        let mut parts = sitemap::ranges(conn, PARTS_MAX)?;
        if parts.first() != Some(&0) {
            parts.insert(0, 0);
            parts.truncate(PARTS_MAX);
        }
        Ok(Some(Sitemap { parts: parts.into_iter().map(|part| addresses.url(&PartName(part).path())).collect() }))
    };
    page::shared_alike(&req, INDEX, read).await?.ok_or(Error::NotFound)
}

/// Send a part of the list.
pub(super) async fn part(name: PartName, req: Request) -> Result<Response> {
    let (addresses, path, number) = (known(&req)?, name.path(), name.0);
    let read = move |conn: Connection<'_>| {
        let posts = sitemap::range(conn, number)?;
        let front = (number == 0).then(|| addresses.url(links::FRONT));
        if posts.is_empty() && front.is_none() {
            return Ok(None);
        }
        let posts = posts.iter().map(|post| entry(post, &addresses)).collect();
        Ok(Some(SitemapPart { front, posts }))
    };
    page::shared_alike(&req, &path, read).await?.ok_or(Error::NotFound)
}

fn entry(post: &Listed, addresses: &Addresses) -> Entry {
    let changed = post.updated.as_deref().and_then(time).or_else(|| time(&post.created));
    Entry { url: addresses.url(&links::post(post.id)), changed: changed.map(machine_time) }
}

/// The addresses in full: a list of anything less is none.
fn known(req: &Request) -> Result<Addresses> {
    req.client().site.as_ref().map(|_| Addresses::of(req)).ok_or(Error::BadRequest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each part has one name.
    #[test]
    fn names() {
        for number in [0, 1, 50_000, i64::MAX] {
            let path = PartName(number).path();
            assert_eq!(path.strip_prefix('/').unwrap().parse::<PartName>().unwrap().0, number);
        }
        for text in
            ["", "sitemap.xml", "sitemap-.xml", "sitemap-01.xml", "sitemap-+1.xml", "sitemap-x.xml", "sitemap-1"]
        {
            assert!(text.parse::<PartName>().is_err(), "{text}");
        }
    }
}
