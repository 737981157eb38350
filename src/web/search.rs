//! Views: posts with the words that somebody looks for.

use serde::Serialize;
use warp::reply::Response;

use super::error::{Error, Result};
use super::links;
use super::page::{self, Page};
use super::request::Request;
use crate::db::search::{self, Place};
use crate::message::Message;
use crate::post::Post;
use crate::search::{Fragment, Query};

#[derive(Serialize)]
struct Results {
    heading: Message,
    q: String,
    found: Vec<Found>,
    next: Option<String>,
}

impl Page for Results {
    const TEMPLATE: &'static str = "blog/search.html";
}

#[derive(Serialize)]
struct Found {
    path: String,
    title: Vec<Piece>,
    excerpt: Vec<Piece>,
    username: String,
    created_on: String,
}

/// A piece of a text.
#[derive(Serialize)]
struct Piece {
    text: String,
    /// Whether it is what was looked for.
    is_match: bool,
}

/// What a visitor has typed into the search field, if there is a word in it.
pub(super) fn typed(req: &Request) -> Option<(String, Query)> {
    let text = req.query("q")?;
    let query = Query::parse(&text)?;
    Some((text, query))
}

/// Show the posts that match, those with the words in the title first. What anybody may look for is not kept.
pub(super) async fn results(req: &Request, text: String, query: Query) -> Result<Response> {
    let from = match req.query("from") {
        Some(from) => Some(from.parse::<Place>().map_err(|_| Error::NotFound)?),
        None => None,
    };
    let _turn = req.app().turns.search.wait().await?;
    let posts_max = req.app().config().pages.posts_per_page;
    let sought = query.clone();
    let found = req.db().read(move |conn| search::find(conn, &sought, from, posts_max)).await?;
    let results = Results {
        heading: Message::new("search-heading").with("words", text.as_str()),
        found: found.posts.into_iter().map(|post| shown(&query, post)).collect(),
        next: found.next.map(|place| links::results(&text, place)),
        q: text,
    };
    page::show(req, results).await
}

fn shown(query: &Query, post: Post) -> Found {
    Found {
        path: links::post(post.id),
        title: pieces(query.marked(&post.title)),
        excerpt: pieces(query.excerpt(&post.body)),
        created_on: post.created_on().to_owned(),
        username: post.username,
    }
}

fn pieces(fragments: Vec<Fragment>) -> Vec<Piece> {
    let piece = |fragment| match fragment {
        Fragment::Text(text) => Piece { text, is_match: false },
        Fragment::Match(text) => Piece { text, is_match: true },
    };
    fragments.into_iter().map(piece).collect()
}
