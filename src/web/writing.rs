//! The form of a text: what it held, and the page that shows it, for a new post, for an old one and for a draft.

use serde::Serialize;
use sha2::{Digest, Sha256};
use warp::http::StatusCode;
use warp::reply::Response;

use super::error::{Error, Result};
use super::form::Form;
use super::images::{Images, SentImages};
use super::links;
use super::nonce;
use super::page::{self, Page};
use super::request::Request;
use super::shown::Text;
use crate::content::{Content, Format, Written};
use crate::db::Connection;
use crate::message::Message;
use crate::post::{DraftId, PostId};
use crate::problem::Problem;
use crate::user::User;

/// What is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// A new post.
    New,
    /// A post that everybody sees.
    Post(PostId),
    /// One that its author alone sees.
    Draft(DraftId),
}

/// Which button was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The post is to be seen by everybody, as it is now. The original's form has this button alone.
    Publish,
    /// It is to be kept for its author.
    Keep,
    /// It is to be shown, and not stored.
    Preview,
}

/// What the form held, as it was typed. The original's has neither tags nor a format.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    title: String,
    body: String,
    tags: Option<String>,
    format: Option<Format>,
    /// The version that was there when the form was made.
    base: Option<String>,
    nonce: Option<String>,
    /// What became of its images; the text names those that were taken.
    images: Images,
    /// What is to be done.
    pub(super) then: Then,
}

impl Sent {
    /// Takes the fields out of a form, and stores its images for whoever sent it.
    pub(super) async fn take_from(req: &Request, author: &User, mut form: Form) -> Result<Self> {
        let images = SentImages::take_from(&mut form);
        let nonce = nonce::take_from(&mut form);
        let then = match form.take_optional("then").as_deref() {
            None | Some("publish") => Then::Publish,
            Some("keep") => Then::Keep,
            Some("preview") => Then::Preview,
            Some(_) => return Err(Error::BadRequest),
        };
        let format = form.take_optional("format").map(|format| format.parse().map_err(|_| Error::BadRequest));
        let (title, mut body) = (form.take("title")?, form.take("body")?);
        let format = format.transpose()?;
        let images = images.store(req, author, &mut body).await?;
        Ok(Self {
            title,
            body,
            tags: form.take_optional("tags"),
            format,
            base: form.take_optional("base"),
            nonce,
            images,
            then,
        })
    }

    /// What is to be published.
    pub(super) fn content(&self) -> std::result::Result<Content, Problem> {
        let content = Content::parse(self.title.clone(), self.body.clone(), self.tags.as_deref(), self.format)?;
        self.refused().map_or(Ok(content), Err)
    }

    /// What is wrong with its images, if anything is.
    pub(super) fn refused(&self) -> Option<Problem> {
        self.images.problem()
    }

    /// The same as it is typed; what the form has no field for is as it was.
    pub(super) fn written(&self, stored: Written) -> Written {
        Written {
            title: self.title.clone(),
            body: self.body.clone(),
            tags: self.tags.clone().unwrap_or(stored.tags),
            format: self.format.unwrap_or(stored.format),
        }
    }

    /// Whether something else was stored since the form was made. What is stored already is not: its answer was lost.
    pub(super) fn is_outdated(&self, stored: &Written) -> bool {
        let is_older = self.base.as_ref().is_some_and(|base| *base != stored.version());
        is_older && self.written(stored.clone()) != *stored
    }

    /// What tells one form from another with the same nonce, if it has one.
    pub(super) fn digest(&self) -> Option<Vec<u8>> {
        let Self { title, body, tags, nonce, .. } = self;
        let nonce = nonce.as_ref()?;
        Some(Sha256::digest([nonce, title, body, tags.as_deref().unwrap_or_default()].join("\0")).to_vec())
    }
}

/// The form.
#[derive(Serialize)]
struct Edit {
    heading: Message,
    title: String,
    body: String,
    tags: String,
    is_markdown: bool,
    images: Images,
    nonce: Option<String>,
    base: Option<String>,
    problem: Option<Problem>,
    /// The message on the button that publishes.
    publish: &'static str,
    can_keep: bool,
    /// The page that asks whether to delete it.
    delete: Option<String>,
    preview: Option<Text>,
    stored: Option<Stored>,
}

/// What is stored, where it is not what the form began with.
#[derive(Serialize)]
struct Stored {
    title: String,
    text: Text,
    tags: String,
}

impl Page for Edit {
    const TEMPLATE: &'static str = "blog/edit.html";
}

impl Edit {
    /// Shows what was typed, for a text of which this is stored.
    fn new(target: Target, stored: &Written, typed: Written) -> Result<Self> {
        let (can_keep, publish) = match target {
            Target::New | Target::Draft(_) => (true, "publish"),
            Target::Post(_) => (false, "save"),
        };
        let (heading, path) = match target {
            Target::New => (Message::new("new-post"), None),
            Target::Post(id) => (Message::new("edit-post").with("title", stored.title.as_str()), Some(links::post(id))),
            Target::Draft(id) => (Message::new("edit-draft"), Some(links::draft(id))),
        };
        Ok(Self {
            heading,
            title: typed.title,
            body: typed.body,
            tags: typed.tags,
            is_markdown: typed.format == Format::Markdown,
            images: Images::default(),
            nonce: path.is_none().then(nonce::new).transpose()?,
            base: path.is_some().then(|| stored.version()),
            problem: None,
            publish,
            can_keep,
            delete: path.map(|path| links::below(&path, "delete")),
            preview: None,
            stored: None,
        })
    }
}

/// Answers with an empty form, for Markdown.
pub(super) async fn new(req: &Request) -> Result<Response> {
    let typed = Written { format: Format::Markdown, ..Written::default() };
    page::show(req, Edit::new(Target::New, &Written::default(), typed)?).await
}

/// Answers with the form of what is stored.
pub(super) async fn form(req: &Request, target: Target, stored: Written) -> Result<Response> {
    page::show(req, Edit::new(target, &stored, stored.clone())?).await
}

/// Answers with what was sent, and what is wrong with it. An empty field shows what is stored, as in the original.
pub(super) async fn again(
    req: &Request,
    target: Target,
    stored: Written,
    sent: &Sent,
    problem: Problem,
) -> Result<Response> {
    let mut typed = sent.written(stored.clone());
    for (typed, stored) in [(&mut typed.title, &stored.title), (&mut typed.body, &stored.body)] {
        if typed.is_empty() {
            typed.clone_from(stored);
        }
    }
    let images = sent.images.clone();
    page::show(req, Edit { problem: Some(problem), images, ..Edit::new(target, &stored, typed)? }).await
}

/// Answers with what was sent as it would look, and the form to go on with.
pub(super) async fn preview(req: &Request, target: Target, stored: Written, sent: Sent) -> Result<Response> {
    let typed = sent.written(stored.clone());
    let (body, format) = (typed.body.clone(), typed.format);
    let text = req.db().read(move |conn| Text::of_page(conn, &body, format)).await?;
    // What was stored when the form was made is still what it began with.
    let page = Edit::new(target, &stored, typed)?;
    let (problem, base) = (sent.images.problem(), sent.base.or_else(|| page.base.clone()));
    page::show(req, Edit { preview: Some(text), images: sent.images, problem, base, ..page }).await
}

/// Answers that something else was stored meanwhile, and shows both.
pub(super) async fn conflict(req: &Request, target: Target, stored: Written, sent: &Sent) -> Result<Response> {
    let Written { title, body, tags, format } = stored.clone();
    let shown = move |conn: Connection<'_>| Ok(Stored { title, text: Text::of_page(conn, &body, format)?, tags });
    let shown = req.db().read(shown).await?;
    let typed = sent.written(stored.clone());
    let (images, problem) = (sent.images.clone(), Some(Problem::new("changed-meanwhile")));
    let page = Edit { stored: Some(shown), images, problem, ..Edit::new(target, &stored, typed)? };
    let mut response = page::show(req, page).await?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}
