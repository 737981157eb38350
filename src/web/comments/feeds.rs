//! Views: feeds of the newest comments, of all posts and of one.

use std::sync::Arc;

use warp::reply::Response;

use super::are_on;
use crate::comment::Comment;
use crate::db::{Connection, comments, discussions};
use crate::markdown;
use crate::message::{Argument, Message};
use crate::post::PostId;
use crate::web::error::{Error, Result};
use crate::web::feeds::{self, Entry, Format, Home, Source, clean};
use crate::web::links;
use crate::web::request::Request;

/// Send the feed of the comments on all posts.
pub(in crate::web) async fn feed_of_all(format: Format, req: Request) -> Result<Response> {
    send(&req, format, None).await
}

/// Send the feed of the comments on a post.
pub(in crate::web) async fn feed_of_post(post: PostId, format: Format, req: Request) -> Result<Response> {
    send(&req, format, Some(post)).await
}

async fn send(req: &Request, format: Format, post: Option<PostId>) -> Result<Response> {
    if !are_on(req) {
        return Err(Error::NotFound);
    }
    let comments_max = req.app().config.pages.feed_posts;
    let read = move |conn: Connection<'_>, home: &Home| {
        let title = match post {
            Some(post) => match discussions::find(conn, post)? {
                Some(about) => Message::new("comments-on").with("title", about.title),
                None => return Ok(None),
            },
            None => Message::new("comments"),
        };
        let found = comments::newest(conn, post, comments_max)?;
        Ok(Some((title, found.iter().map(|comment| entry(comment, home)).collect())))
    };
    let (home, folder) = match post {
        Some(post) => (links::post(post), links::below(&links::post(post), "comments")),
        None => (links::FRONT.to_owned(), links::below(links::FRONT, "comments")),
    };
    feeds::send(req, format, Source { home, folder, read: Arc::new(read) }).await
}

fn entry(comment: &Comment, home: &Home) -> Entry {
    let Home { site, language, .. } = home;
    let (url, name) = (format!("{site}{}", links::comment(comment.id)), comment.username.as_deref());
    let author = name.map_or_else(|| Message::new("former-user").into(), Argument::from);
    let title = Message::new("comment-entry").with("author", author).with("title", comment.post_title.as_str());
    let html = clean(&markdown::comment(&comment.body, &format!("{site}{}", links::post(comment.post))));
    Entry::new(url, &title.in_language(*language), name, home, comment.created, html).updated_at(comment.updated)
}
