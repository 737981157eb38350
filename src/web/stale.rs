//! Pages and pictures while the database is away: what is kept of them, or what another server says that follows it.

use std::sync::Arc;
use std::time::Duration;

use warp::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use warp::reply::Response;

use super::audience::Reader;
use super::cache::Asked;
use super::coding::Coding;
use super::error::{Error, Result};
use super::look::Look;
use super::page::{Missing, PERSONAL, Page};
use super::rendered::Rendered;
use super::request::Request;
use super::response;
use super::visitor::Who;
use crate::db::{self, Connection, Db, LastKnown};

/// Whether it is from memory, and for how long it has not been right for sure.
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
/// How long pages are shown while the database is away: what was deleted meanwhile, this node has not heard of.
const STALE_MAX: Duration = Duration::from_mins(15);

/// A page that cannot be read, since the database is away or does not answer in time: with the reason for it to a program, and to a
/// person in words. `None` if what it shows is not there.
///
/// Who is logged in is nobody here, since what has ended their session cannot be known.
pub(super) async fn shown<P, F>(
    req: &Request,
    look: Look,
    target: &str,
    read: F,
    error: Error,
) -> Result<Option<Response>>
where
    P: Page + Send + 'static,
    F: FnOnce(Connection<'_>) -> db::Result<Option<P>> + Clone + Send + 'static,
{
    let is_away = match error {
        Error::Away(_) => true,
        Error::Busy(_) => false, // a table is locked, say: what is kept will do, and other servers have enough to do
        _ => return Err(error),
    };
    let LastKnown { generations, age } = req.db().last_known();
    if age > STALE_MAX {
        return Err(error);
    }
    let asked_of = |generation| req.asked_of(generation, target, look, Coding::Identity);
    let kept = generations.clone().rev().find_map(|generation| req.app().cache.page(&asked_of(generation)));
    let page = match kept {
        Some(page) => page,
        None if !is_away => return Err(error),
        None => match on_standby(req, &asked_of(*generations.end()), read).await {
            Ok(page) => page,
            Err(Missing::NotThere) => return Ok(None),
            Err(Missing::Failed(_)) => return Err(error), // which is why it was asked at all
        },
    };
    marked(req, look, P::MEDIA_TYPE, &page, age).await.map(Some)
}

/// What never changes as long as it is there, as a picture, from whatever server has it.
pub(super) async fn read<T, F>(db: &Db, read: F) -> db::Result<T>
where
    T: Send + 'static,
    F: FnOnce(Connection<'_>) -> db::Result<T> + Clone + Send + 'static,
{
    match db.read(read.clone()).await {
        Err(error @ db::Error::Away(_)) if db.last_known().age <= STALE_MAX => {
            db.read_on_standby_and(read, |found| found).await.or(Err(error))
        }
        found => found,
    }
}

/// The page as a server has it that knows all that this node does: kept as what it is, of this state or a later one.
async fn on_standby<P, F>(req: &Request, asked: &Asked<'_>, read: F) -> std::result::Result<Arc<Rendered>, Missing>
where
    P: Page + Send + 'static,
    F: FnOnce(Connection<'_>) -> db::Result<Option<P>> + Clone + Send + 'static,
{
    let make = Box::pin(async {
        let (app, look) = (req.shared(), asked.look);
        let make = move |page: Option<P>| page.map(|page| page.render(&app.templates, look));
        Ok(req.db().read_on_standby_and(read, make).await?.ok_or(Missing::NotThere)??)
    });
    req.app().cache.page_or(asked, make).await
}

async fn marked(
    req: &Request,
    look: Look,
    media_type: &'static str,
    page: &Rendered,
    age: Duration,
) -> Result<Response> {
    let flash = look.language.html("shown-from-memory", None).into_owned();
    let reader = Reader { flash: Some(flash), ..Reader::new(Who::Nobody) };
    let body = req.body_of(page.bytes_for(&reader), || page.for_reader(&reader).into()).await?;
    let mut response = response::of_type(media_type, body);
    response.headers_mut().insert(CACHE_CONTROL, PERSONAL);
    let status = format!("flaskr; hit; ttl=-{}", age.as_secs().max(1)); // RFC 9211
    let status = HeaderValue::try_from(status).map_err(|error| Error::Internal(error.into()))?;
    response.headers_mut().insert(CACHE_STATUS, status);
    req.app().meters.stale_hits.count();
    Ok(response)
}
