//! Views: feeds of the newest comments, of all posts and of one.

use warp::reply::Response;

use super::are_on;
use crate::comment::Comment;
use crate::db::{Connection, comments, discussions};
use crate::markdown;
use crate::post::PostId;
use crate::web::error::{Error, Result};
use crate::web::feeds::{self, Entry, Format, Source, clean};
use crate::web::links;
use crate::web::request::Request;
use crate::web::shown::FORMER_USER;

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
    let read = move |conn: Connection<'_>, origin: &str| {
        let title = match post {
            Some(post) => match discussions::find(conn, post)? {
                Some(about) => format!("Comments on \"{}\"", about.title),
                None => return Ok(None),
            },
            None => "Comments".to_owned(),
        };
        let found = comments::newest(conn, post, comments_max)?;
        Ok(Some((title, found.iter().map(|comment| entry(comment, origin)).collect())))
    };
    let (home, folder) = match post {
        Some(post) => (links::post(post), links::below(&links::post(post), "comments")),
        None => (links::FRONT.to_owned(), links::below(links::FRONT, "comments")),
    };
    feeds::send(req, format, Source { home, folder, read: Box::new(read) }).await
}

fn entry(comment: &Comment, origin: &str) -> Entry {
    let (url, name) = (format!("{origin}{}", links::comment(comment.id)), comment.username.as_deref());
    let title = format!("{} on \"{}\"", name.unwrap_or(FORMER_USER), comment.post_title);
    let html = clean(&markdown::comment(&comment.body, &format!("{origin}{}", links::post(comment.post))));
    Entry::new(url, &title, name, origin, comment.created, html).updated_at(comment.updated)
}
