//! Pages: what a view shows, made for whoever reads it.

use std::sync::Arc;

use hyper::body::Bytes;
use serde::Serialize;
use warp::http::header::{CACHE_CONTROL, HeaderValue};
use warp::reply::Response;

use super::answer::{Answer, REVALIDATED};
use super::audience::Reader;
use super::cache::Asked;
use super::coding::Coding;
use super::encoder;
use super::error::{Error, Result};
use super::look::Look;
use super::rendered::Rendered;
use super::request::Request;
use super::templates::Templates;
use super::visitor::Who;
use super::{flash, response, stale};
use crate::db::{self, Connection, likes};
use crate::pool::Rejected;
use crate::user::User;

/// Only this reader may see it, now.
pub(super) const PERSONAL: HeaderValue = HeaderValue::from_static("no-store");

/// What a template shows: its fields are exactly the template's variables.
pub(super) trait Page: Serialize {
    /// The template's name.
    const TEMPLATE: &'static str;
    /// What the template makes.
    const MEDIA_TYPE: &'static str = response::HTML;

    /// The page for everybody.
    fn render(&self, templates: &Templates, look: Look) -> Result<Rendered>
    where
        Self: Sized,
    {
        Ok(templates.render(self, look)?)
    }
}

/// Answers with a page, which only its reader may keep if it shows who that is.
pub(super) async fn show<P: Page>(req: &Request, page: P) -> Result<Response> {
    let user = req.user().await?;
    show_to(req, &page, user).await
}

/// Answers with a page for this user, who may be another now than when the request came.
pub(super) async fn show_to<P: Page>(req: &Request, page: &P, user: Option<&User>) -> Result<Response> {
    let page = page.render(&req.app().templates, req.look())?;
    personal(req, P::MEDIA_TYPE, &page, user).await
}

/// Answers with a page that depends on nothing but the database and this target, and so is read and made once for all
/// who ask for it before something is written. `None` if what it shows is not there.
pub(super) async fn shared<P, F>(req: &Request, target: &str, read: F) -> Result<Option<Response>>
where
    P: Page + Send + 'static,
    F: FnOnce(Connection<'_>) -> db::Result<Option<P>> + Clone + Send + 'static,
{
    let user = match req.user().await {
        Ok(user) => user,
        Err(error) => return stale::shown(req, req.look(), target, read, error).await,
    };
    shared_with(req, user, req.look(), target, read).await
}

/// The same for what does not depend on who asks either, as what programs get.
pub(super) async fn shared_alike<P, F>(req: &Request, target: &str, read: F) -> Result<Option<Response>>
where
    P: Page + Send + 'static,
    F: FnOnce(Connection<'_>) -> db::Result<Option<P>> + Clone + Send + 'static,
{
    shared_with(req, None, Look::of_site(req.app().config()), target, read).await
}

async fn shared_with<P, F>(
    req: &Request,
    user: Option<&User>,
    look: Look,
    target: &str,
    read: F,
) -> Result<Option<Response>>
where
    P: Page + Send + 'static,
    F: FnOnce(Connection<'_>) -> db::Result<Option<P>> + Clone + Send + 'static,
{
    let is_personal = user.is_some() || flash::may_be_in(req.headers());
    let coding = if is_personal { Coding::Identity } else { Coding::accepted(req.headers()) };
    let asked = match req.asked(target, look, coding).await {
        Ok(asked) => asked,
        Err(error) => return stale::shown(req, look, target, read, error).await,
    };
    if let Some(response) = kept(req, P::MEDIA_TYPE, &asked, is_personal, user).await? {
        return Ok(Some(response));
    }
    let again = read.clone();
    let turn = req.app().turns.page.wait().await?;
    let answered = if is_personal {
        match made(req, &asked, read).await {
            Ok(page) => personal(req, P::MEDIA_TYPE, &page, user).await.map_err(Missing::Failed),
            Err(missing) => Err(missing),
        }
    } else {
        public(req, &asked, read).await
    };
    drop(turn);
    match answered {
        Ok(response) => Ok(Some(response)),
        Err(Missing::NotThere) => Ok(None),
        Err(Missing::Failed(error)) => stale::shown(req, look, target, again, error).await,
    }
}

/// What is at hand needs no turn: who waits for a slow one of these keeps nobody else.
async fn kept(
    req: &Request,
    media_type: &'static str,
    asked: &Asked<'_>,
    is_personal: bool,
    user: Option<&User>,
) -> Result<Option<Response>> {
    let (cache, meters) = (&req.app().cache, &req.app().meters);
    let found = if is_personal {
        match cache.page(asked) {
            Some(page) => Some(personal(req, media_type, &page, user).await?),
            None => None,
        }
    } else {
        match cache.answer(asked) {
            Some(answer) => Some(send(req, &answer).await?),
            None => None,
        }
    };
    if found.is_some() { &meters.routed_hits } else { &meters.misses }.count();
    Ok(found)
}

/// Why there is no page.
pub(super) enum Missing {
    /// What it shows is not there.
    NotThere,
    /// It could not be read, or not be made.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Missing {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The page for everybody, read and made on a thread that reads, if nobody else has.
async fn made<P, F>(req: &Request, asked: &Asked<'_>, read: F) -> std::result::Result<Arc<Rendered>, Missing>
where
    P: Page + Send + 'static,
    F: FnOnce(Connection<'_>) -> db::Result<Option<P>> + Clone + Send + 'static,
{
    // Boxed, as below: each function that such a future goes through would keep room for it twice.
    let make = Box::pin(async {
        let (app, look) = (req.shared(), asked.look);
        let page = req.db().read_and(read, move |page| page.map(|page| page.render(&app.templates, look))).await?;
        Ok(page.ok_or(Missing::NotThere)??)
    });
    req.app().cache.page_or(asked, make).await
}

/// For this reader alone.
async fn personal(req: &Request, media_type: &'static str, page: &Rendered, user: Option<&User>) -> Result<Response> {
    let reader = reader(req, page, user).await?;
    let body = req.body_of(page.bytes_for(&reader), || page.for_reader(&reader).into()).await?;
    let mut response = response::of_type(media_type, body);
    let is_personal = user.is_some() || reader.flash.is_some();
    response.headers_mut().insert(CACHE_CONTROL, if is_personal { PERSONAL } else { REVALIDATED });
    if reader.flash.is_some() {
        flash::end(req, &mut response)?;
    }
    Ok(response)
}

/// What the page asks of its reader. Most pages ask nothing that is not known.
async fn reader<'a>(req: &Request, page: &Rendered, user: Option<&'a User>) -> Result<Reader<'a>> {
    let mut reader = Reader { flash: flash::text(req), ..Reader::new(user.map_or(Who::Nobody, Who::User)) };
    let asked = page.asks_about();
    if let Some(User { id, .. }) = user
        && !asked.is_empty()
    {
        let id = *id;
        reader.liked = req.db().read(move |conn| likes::among(conn, &asked, id)).await?;
    }
    Ok(reader)
}

/// For everybody who is not logged in.
async fn public<P, F>(req: &Request, asked: &Asked<'_>, read: F) -> std::result::Result<Response, Missing>
where
    P: Page + Send + 'static,
    F: FnOnce(Connection<'_>) -> db::Result<Option<P>> + Clone + Send + 'static,
{
    let make = Box::pin(async {
        let page = made(req, asked, read).await?;
        let (text, encoded) = encoded(req, asked.coding, page.for_reader(&Reader::new(Who::Nobody))).await?;
        Ok::<_, Missing>(Answer::new(P::MEDIA_TYPE, &text, page.version.as_deref(), encoded)?)
    });
    let answer = req.app().cache.answer_or(asked, make).await?;
    Ok(send(req, &answer).await?)
}

async fn send(req: &Request, answer: &Answer) -> Result<Response> {
    if let Some(unchanged) = answer.unchanged(&req.app().heads, req.headers()) {
        return Ok(unchanged);
    }
    let body = req.body_of(answer.body().len(), || answer.body().clone()).await?;
    Ok(answer.whole(&req.app().heads, body))
}

/// A text, and the same in a coding if it is worth it. Where too many texts wait for that, it is not.
async fn encoded(req: &Request, coding: Coding, text: Vec<u8>) -> Result<(Bytes, Option<(Coding, Bytes)>)> {
    let text = Bytes::from(text);
    match req.app().encoder.encode(coding, &text).await {
        Ok(encoded) => Ok((text, encoded.map(|encoded| (coding, encoded)))),
        Err(Rejected::Full) => Ok((text, None)),
        Err(Rejected::Panicked) => Err(encoder::panicked()),
    }
}
