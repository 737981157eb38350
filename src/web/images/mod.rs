//! Views: a picture. And what becomes of those that nobody shows.

mod in_text;
mod sent;

use std::io;
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use hyper::body::Bytes;
use tokio::sync::mpsc;
use tokio::time::interval;
use tracing::debug;
use warp::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, ETAG, HeaderName, HeaderValue,
};
use warp::http::{HeaderMap, Method};
use warp::reply::Response;

use super::App;
use super::answer;
use super::connections::Connection;
use super::error::{Error, Result};
use super::request::Request;
use super::response::{self, IMMUTABLE};
use super::server::Live;
use super::stale;
use crate::db::images::{self, Found, PART_BYTES};
use crate::image::Address;

pub(super) use in_text::with_pictures;
pub(super) use sent::{Images, SentImages};

/// Pause between two looks for pictures that nothing names.
const SWEEP_PAUSE: Duration = Duration::from_mins(10);

/// A picture is nothing but itself, even if a browser takes it for a page.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
/// Other sites may show it, as readers of feeds do.
const SHARED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));

/// Send a picture, unless the client has it.
pub(super) async fn show(address: Address, req: Request) -> Result<Response> {
    let format = address.format;
    let etag = HeaderValue::try_from(format!("\"{address}\"")).map_err(|error| Error::Internal(error.into()))?;
    let found = {
        let _turn = req.app().turns.image.wait().await?;
        stale::read(req.db(), move |conn| images::find(conn, &address)).await?.ok_or(Error::NotFound)?
    };
    let mut response = if answer::has(req.headers(), &etag) {
        response::not_modified()
    } else {
        let length = found.bytes.into();
        let mut response = if *req.method() == Method::HEAD {
            response::of_type(format.media_type(), Bytes::new())
        } else {
            response::streamed(format.media_type(), pieces(&req, found).await?)
        };
        response.headers_mut().insert(CONTENT_LENGTH, length);
        response
    };
    add_fields(response.headers_mut(), etag);
    Ok(response)
}

fn add_fields(fields: &mut HeaderMap, etag: HeaderValue) {
    fields.insert(ETAG, etag);
    fields.insert(CACHE_CONTROL, IMMUTABLE);
    fields.insert(CONTENT_SECURITY_POLICY, POLICY);
    fields.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    fields.insert(SHARED.0, SHARED.1);
}

/// The parts of a picture, of which the next is read when the one before is on its way: a client that takes its time
/// holds two at most.
async fn pieces(req: &Request, found: Found) -> Result<impl Stream<Item = io::Result<Bytes>> + use<>> {
    let (key, parts) = (found.key(), found.bytes.div_ceil(PART_BYTES as u64));
    let first = req.body_of(found.first.len(), || found.first.into()).await?;
    let (sender, mut receiver) = mpsc::channel(1);
    let (app, connection) = (req.shared(), req.connection().cloned());
    if parts > 1 {
        tokio::spawn(async move {
            // Between two parts there is something under way, too.
            let _under_way = connection.as_ref().map(Connection::under_way);
            for number in 1..parts {
                let Ok(room) = sender.reserve().await else { return };
                let part = part(&app, key, number, connection.as_ref()).await;
                let is_last = part.is_err(); // the client sees a body that is too short
                room.send(part.map_err(io::Error::other));
                if is_last {
                    return;
                }
            }
        });
    }
    let rest = stream::poll_fn(move |context| receiver.poll_recv(context));
    Ok(stream::iter([Ok(first)]).chain(rest))
}

async fn part(
    app: &App,
    key: (i64, i64),
    number: u64,
    connection: Option<&Connection>,
) -> std::result::Result<Bytes, &'static str> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let read = {
        let _turn = app.turns.image.wait_long().await.ok_or("the daemon ends")?;
        stale::read(&app.db, move |conn| images::part(conn, key, number)).await
    };
    let content = read.map_err(|_| "a part could not be read")?.ok_or("the picture was deleted")?;
    app.memory.answer(content.len(), connection, || content.into()).await.map_err(|_| "there is no memory for a part")
}

/// Deletes the pictures that nothing has named for a day.
pub async fn sweep(app: &App) {
    loop {
        let now = app.clock.now();
        match app.db.write(move |conn| images::sweep(conn, now)).await {
            Ok(true) => (),
            Ok(false) => return,
            // The next sweep will do it.
            Err(error) => return debug!(%error, "pictures that nothing names were not deleted"),
        }
    }
}

/// The same now and then, for ever.
pub(super) async fn sweep_always(live: &Live) {
    let mut pauses = interval(SWEEP_PAUSE);
    loop {
        pauses.tick().await;
        sweep(&live.app()).await;
    }
}
