//! Views: writing, changing and deleting a post.

use serde::Serialize;
use sha2::{Digest, Sha256};
use tracing::info;
use warp::reply::Response;

use super::error::{Error, Result};
use super::form::Form;
use super::images::{Images, SentImages};
use super::page::{self, Page};
use super::request::Request;
use super::response::redirect;
use super::upload;
use crate::clock;
use crate::db::{Connection, posts, sent_forms, tags};
use crate::post::{Draft, Post, PostId};
use crate::problem::Problem;
use crate::random;
use crate::user::User;

/// Random bytes of a form's nonce.
const NONCE_BYTES: usize = 16;
/// Longest nonce that is remembered, in bytes: twice ours, which are hexadecimal.
const NONCE_LENGTH_MAX: usize = 2 * 2 * NONCE_BYTES;

/// The form of a new post, or of an old one.
#[derive(Default, Serialize)]
struct Edit {
    heading: String,
    /// The post to delete, if there is one yet.
    post_id: Option<i64>,
    title: String,
    body: String,
    tags: String,
    images: Images,
    nonce: Option<String>,
    problem: Option<String>,
}

impl Page for Edit {
    const TEMPLATE: &'static str = "blog/edit.html";
}

/// What the form held, as it was typed. The original's has no tags.
#[derive(Clone, Default)]
struct Sent {
    title: String,
    body: String,
    tags: Option<String>,
}

impl Sent {
    fn take_from(mut form: Form) -> Result<Self> {
        Ok(Self { title: form.take("title")?, body: form.take("body")?, tags: form.take_optional("tags") })
    }

    fn draft(&self) -> std::result::Result<Draft, Problem> {
        Draft::parse(self.title.clone(), self.body.clone(), self.tags.as_deref())
    }

    /// The same, if its pictures are fine, too.
    fn checked(&self, images: &Images) -> std::result::Result<Draft, Problem> {
        let draft = self.draft()?;
        images.problem().map_or(Ok(draft), |problem| Err(Problem::new(problem)))
    }

    /// What tells one form from another with the same nonce.
    fn digest(&self, nonce: &str) -> Vec<u8> {
        let Self { title, body, tags } = self;
        Sha256::digest([nonce, title, body, tags.as_deref().unwrap_or_default()].join("\0")).to_vec()
    }
}

impl Edit {
    fn new_post(sent: Sent) -> Result<Self> {
        let Sent { title, body, tags } = sent;
        let (heading, tags, nonce) = ("New Post".to_owned(), tags.unwrap_or_default(), Some(nonce()?));
        Ok(Self { heading, title, body, tags, nonce, ..Self::default() })
    }

    /// Shows what was sent, or what is stored where nothing was; the heading keeps the stored title.
    fn old_post(own: Own, sent: Sent) -> Self {
        let Own { post, tags } = own;
        let sent_or = |sent: String, stored: String| if sent.is_empty() { stored } else { sent };
        Self {
            heading: format!("Edit \"{}\"", post.title),
            post_id: Some(post.id.0),
            title: sent_or(sent.title, post.title),
            body: sent_or(sent.body, post.body),
            tags: sent.tags.unwrap_or(tags),
            ..Self::default()
        }
    }
}

/// Show the form for a new post.
pub(super) async fn new(req: Request) -> Result<Response> {
    req.require_user().await?;
    page::show(&req, Edit::new_post(Sent::default())?).await
}

/// Create a new post for the current user.
pub(super) async fn create(mut req: Request) -> Result<Response> {
    // First: an answer that is sent while the form still comes is cut off with the connection, and nobody reads it.
    let mut form = upload::form(&mut req).await?;
    let author = req.require_user().await?;
    let images = SentImages::take_from(&mut form);
    let nonce = form.take_optional("nonce").filter(|nonce| (1..=NONCE_LENGTH_MAX).contains(&nonce.len()));
    let mut sent = Sent::take_from(form)?;
    let images = images.store(&req, &author, &mut sent.body).await?;

    match sent.checked(&images) {
        Ok(draft) => {
            add_post(&req, author, draft, nonce.map(|nonce| sent.digest(&nonce))).await?;
            Ok(redirect(req.method(), "/"))
        }
        Err(problem) => {
            page::show(&req, Edit { problem: Some(problem.to_string()), images, ..Edit::new_post(sent)? }).await
        }
    }
}

/// Adds a post, unless this very form was accepted before: then its answer was lost, and the post is there. The same
/// form with another text, sent after a step back in the browser, is another post.
async fn add_post(req: &Request, author: User, draft: Draft, form: Option<Vec<u8>>) -> Result<()> {
    let now = req.app().clock.now();
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
    let own = own_post(&req, id, &author).await?;
    page::show(&req, Edit::old_post(own, Sent::default())).await
}

/// Update a post if the current user is the author.
pub(super) async fn update(id: PostId, mut req: Request) -> Result<Response> {
    let mut form = upload::form(&mut req).await?; // first, as above
    let author = req.require_user().await?;
    let own = own_post(&req, id, &author).await?;
    let images = SentImages::take_from(&mut form);
    let mut sent = Sent::take_from(form)?;
    let images = images.store(&req, &author, &mut sent.body).await?;

    match sent.checked(&images) {
        Ok(draft) => {
            let now = clock::as_text(req.app().clock.now());
            let updated = req.db().write(move |conn| posts::update(conn, id, author.id, &draft, &now)).await?;
            if updated { Ok(redirect(req.method(), "/")) } else { Err(no_such_post(id)) }
        }
        Err(problem) => {
            page::show(&req, Edit { problem: Some(problem.to_string()), images, ..Edit::old_post(own, sent) }).await
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

/// A post that its author may change.
struct Own {
    post: Post,
    /// As they are typed.
    tags: String,
}

async fn own_post(req: &Request, id: PostId, author: &User) -> Result<Own> {
    let read = move |conn: Connection<'_>| {
        let Some(post) = posts::find(conn, id)? else { return Ok(None) };
        let tags: Vec<_> = tags::of_post(conn, id)?.into_iter().map(|tag| tag.name).collect();
        Ok(Some(Own { post, tags: tags.join(", ") }))
    };
    let own = req.db().read(read).await?.ok_or_else(|| no_such_post(id))?;
    if own.post.author_id != author.id {
        let (user_id, post_id, address) = (author.id.0, id.0, req.client().shown_address());
        info!(user_id, client = address, "user {user_id} wanted to change post {post_id}, another's, from {address}");
        return Err(Error::Forbidden);
    }
    Ok(own)
}

/// There is no such post, in the original's words.
pub(super) fn no_such_post(id: PostId) -> Error {
    Error::NotFoundBecause(format!("Post id {} doesn't exist.", id.0))
}

fn nonce() -> Result<String> {
    Ok(base16ct::lower::encode_string(&random::bytes::<NONCE_BYTES>()?))
}
