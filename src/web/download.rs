//! View: what a user wrote, as one file.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task;
use warp::http::header::{CONTENT_DISPOSITION, HeaderValue};
use warp::reply::Response;

use super::error::{Error, Result};
use super::request::Request;
use super::response;
use crate::db::imports::Place;
use crate::db::{self, Connection, Db, images, imports};
use crate::exchange::{archive, folder};
use crate::user::UserId;

/// Most that is downloaded at once, in bytes: it is in memory, packed and not.
const BYTES_MAX: usize = 16 * 1024 * 1024;
/// Posts that are read at a time: a form's worth each. All of them at once may be more than one read has time for.
const READ_MAX: usize = 10;

/// Files by their paths.
type Files = BTreeMap<String, Vec<u8>>;

/// Send one's posts and drafts as Markdown files, with their pictures.
pub(super) async fn send(req: Request) -> Result<Response> {
    let user = req.require_user().await?;
    let turn = req.app().turns.download.wait().await?;
    let files = all(req.db(), user.id).await?.ok_or(Error::ForbiddenBecause("download-too-large"))?;
    let packing = task::spawn_blocking(move || {
        let _turn = turn; // until it is packed, even if nobody waits for it any more: so that nothing queues here
        archive::pack(files)
    });
    let packed = packing.await.map_err(internal)?.map_err(internal)?;
    let body = req.body_of(packed.len(), || packed.into()).await?;
    let mut response = response::of_type("application/zip", body);
    let attachment = HeaderValue::from_static("attachment; filename=\"posts.zip\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, attachment);
    Ok(response)
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Internal(error.into())
}

/// What a user wrote, unless it is too much.
async fn all(db: &Db, user: UserId) -> Result<Option<Files>> {
    let (mut files, mut bytes, mut place) = (Arc::new(Files::new()), 0, Some(Place::START));
    while let Some(here) = place {
        let before = Arc::clone(&files);
        let (read, next) = db.read(move |conn| some(conn, user, here, &before, BYTES_MAX - bytes)).await?;
        bytes += read.values().map(Vec::len).sum::<usize>();
        if bytes > BYTES_MAX {
            return Ok(None);
        }
        Arc::make_mut(&mut files).extend(read);
        place = next;
    }
    Ok(Some(Arc::unwrap_or_clone(files)))
}

/// Some of it, but for the files of before, until it is more than there is room for.
fn some(
    conn: Connection<'_>,
    user: UserId,
    place: Place,
    before: &Files,
    room: usize,
) -> db::Result<(Files, Option<Place>)> {
    let (documents, next) = imports::after(conn, place, Some(user), READ_MAX)?;
    let (mut files, mut bytes) = (Files::new(), 0);
    for (id, document) in documents {
        let file = document.to_file().into_bytes();
        bytes += file.len();
        files.insert(folder::path(id, &document), file);
        let has = |path: &str| before.contains_key(path) || files.contains_key(path);
        let pictures = images::named(conn, &document.written.body, |address| has(&folder::picture(address)))?;
        for (address, picture) in pictures {
            bytes += picture.len();
            files.insert(folder::picture(&address), picture);
        }
        if bytes > room {
            break;
        }
    }
    Ok((files, next))
}
