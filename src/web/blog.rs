//! Views: the posts, and writing, changing and deleting one.

use serde::Serialize;
use sha2::{Digest, Sha256};
use tracing::info;
use warp::reply::Response;

use super::error::{Error, Result};
use super::form::Form;
use super::page::{self, Page};
use super::request::Request;
use super::response::redirect;
use crate::clock;
use crate::db::{Connection, posts, sent_forms};
use crate::post::{Draft, Post, PostId};
use crate::random;
use crate::user::User;

/// Random bytes of a form's nonce.
const NONCE_BYTES: usize = 16;
/// Longest nonce that is remembered, in bytes: twice ours, which are hexadecimal.
const NONCE_LENGTH_MAX: usize = 2 * 2 * NONCE_BYTES;

#[derive(Serialize)]
struct Index {
    posts: Vec<ListedPost>,
}

impl Page for Index {
    const TEMPLATE: &'static str = "blog/index.html";
}

#[derive(Serialize)]
struct ListedPost {
    id: i64,
    title: String,
    body: String,
    username: String,
    author_id: i64,
    created_on: String,
}

/// The form of a new post, or of an old one.
#[derive(Serialize)]
struct Edit {
    heading: String,
    /// The post to delete, if there is one yet.
    post_id: Option<i64>,
    title: String,
    body: String,
    nonce: Option<String>,
    problem: Option<String>,
}

impl Page for Edit {
    const TEMPLATE: &'static str = "blog/edit.html";
}

impl Edit {
    fn new_post(title: String, body: String, nonce: String) -> Self {
        Self { heading: "New Post".to_owned(), post_id: None, title, body, nonce: Some(nonce), problem: None }
    }

    /// Shows what was sent, or what is stored where nothing was; the heading keeps the stored title.
    fn old_post(post: &Post, title: String, body: String) -> Self {
        let sent_or = |sent: String, stored: &String| if sent.is_empty() { stored.clone() } else { sent };
        Self {
            heading: format!("Edit \"{}\"", post.title),
            post_id: Some(post.id.0),
            title: sent_or(title, &post.title),
            body: sent_or(body, &post.body),
            nonce: None,
            problem: None,
        }
    }
}

/// Show all the posts, most recent first.
pub(super) async fn index(req: Request) -> Result<Response> {
    let read = |conn: Connection<'_>| {
        let posts = posts::recent(conn)?.into_iter().map(ListedPost::from).collect();
        Ok(Some(Index { posts }))
    };
    page::shared(&req, "/", read).await?.ok_or(Error::NotFound)
}

impl From<Post> for ListedPost {
    fn from(post: Post) -> Self {
        let created_on = post.created_on().to_owned();
        let Post { id, author_id, username, title, body, .. } = post;
        Self { id: id.0, title, body, username, author_id: author_id.0, created_on }
    }
}

/// Show the form for a new post.
pub(super) async fn new(req: Request) -> Result<Response> {
    req.require_user().await?;
    page::show(&req, Edit::new_post(String::new(), String::new(), nonce()?)).await
}

/// Create a new post for the current user.
pub(super) async fn create(mut req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    let mut form = req.form().await?;
    let (title, body) = title_and_body(&mut form)?;
    let nonce = form.take_optional("nonce").filter(|nonce| (1..=NONCE_LENGTH_MAX).contains(&nonce.len()));

    match Draft::parse(title.clone(), body.clone()) {
        Ok(draft) => {
            add_post(&req, author, draft, nonce).await?;
            Ok(redirect(req.method(), "/"))
        }
        Err(problem) => {
            let page = Edit::new_post(title, body, self::nonce()?);
            page::show(&req, Edit { problem: Some(problem.to_string()), ..page }).await
        }
    }
}

/// Adds a post, unless this very form was accepted before: then its answer was lost, and the post is there. The same
/// form with another text, sent after a step back in the browser, is another post.
async fn add_post(req: &Request, author: User, draft: Draft, nonce: Option<String>) -> Result<()> {
    let now = req.app().clock.now();
    let form = nonce.map(|nonce| Sha256::digest([nonce, draft.title.clone(), draft.body.clone()].join("\0")));
    let added = req.db().write(move |conn| match form {
        Some(form) if !sent_forms::insert(conn, author.id, &form, now)? => Ok(()),
        _ => posts::insert(conn, author.id, &draft, &clock::as_text(now)),
    });
    Ok(added.await?)
}

/// Show a post to change, if the current user is the author.
pub(super) async fn edit(id: PostId, req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    let _turn = req.turn().await?;
    let post = own_post(&req, id, &author).await?;
    page::show(&req, Edit::old_post(&post, String::new(), String::new())).await
}

/// Update a post if the current user is the author.
pub(super) async fn update(id: PostId, mut req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    let post = own_post(&req, id, &author).await?;
    let mut form = req.form().await?;
    let (title, body) = title_and_body(&mut form)?;

    match Draft::parse(title.clone(), body.clone()) {
        Ok(draft) => {
            let updated = req.db().write(move |conn| posts::update(conn, id, author.id, &draft)).await?;
            if updated { Ok(redirect(req.method(), "/")) } else { Err(no_such_post(id)) }
        }
        Err(problem) => {
            let page = Edit::old_post(&post, title, body);
            page::show(&req, Edit { problem: Some(problem.to_string()), ..page }).await
        }
    }
}

/// Delete a post if the current user is the author.
pub(super) async fn delete(id: PostId, req: Request) -> Result<Response> {
    let author = req.require_user().await?;
    own_post(&req, id, &author).await?;
    let deleted = req.db().write(move |conn| posts::delete(conn, id, author.id)).await?;
    if deleted { Ok(redirect(req.method(), "/")) } else { Err(no_such_post(id)) }
}

/// The post that its author may change.
async fn own_post(req: &Request, id: PostId, author: &User) -> Result<Post> {
    let post = req.db().read(move |conn| posts::find(conn, id)).await?.ok_or_else(|| no_such_post(id))?;
    if post.author_id != author.id {
        let (user_id, post_id, address) = (author.id.0, id.0, req.client().shown_address());
        info!(user_id, client = address, "user {user_id} wanted to change post {post_id}, another's, from {address}");
        return Err(Error::Forbidden);
    }
    Ok(post)
}

fn no_such_post(id: PostId) -> Error {
    Error::NotFoundBecause(format!("Post id {} doesn't exist.", id.0))
}

fn title_and_body(form: &mut Form) -> Result<(String, String)> {
    Ok((form.take("title")?, form.take("body")?))
}

fn nonce() -> Result<String> {
    Ok(base16ct::lower::encode_string(&random::bytes::<NONCE_BYTES>()?))
}
