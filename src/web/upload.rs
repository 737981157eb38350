//! Forms with files, of users alone: whoever is nobody sends a form like any other, whose files nobody reads.

use std::time::Duration;

use hyper::body::Bytes;
use multer::{Field, Multipart};
use tokio::time::timeout;
use warp::http::header::CONTENT_TYPE;

use super::error::{Error, Result};
use super::form::{Form, SentFile, malformed};
use super::memory::Held;
use super::request::Request;

/// How much longer a form may be than the files of it that are read: of what is past the limit the form tells, with the
/// text that came with it, and a connection that is closed in the middle tells nothing.
const READ_FACTOR_MAX: usize = 8;

/// The form in the body, with its files if a user sent it.
pub(super) async fn form(req: &mut Request) -> Result<Form> {
    // Who cannot be known is nobody until the form is read, and hears of it then.
    let is_user = matches!(req.user().await, Ok(Some(_)));
    match boundary(req).filter(|_| is_user) {
        Some(boundary) => {
            let seconds_max = req.app().config().limits.upload_seconds_max;
            let read = timeout(Duration::from_secs(seconds_max), read(req, boundary));
            read.await.map_err(|_| Error::TooSlow)?
        }
        None => req.form().await,
    }
}

fn boundary(req: &Request) -> Option<String> {
    let content_type = req.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(content_type).ok()
}

/// Bytes that may still come of a form.
struct Left {
    all: usize,
    text: usize,
    files: usize,
}

async fn read(req: &mut Request, boundary: String) -> Result<Form> {
    let limits = &req.app().config().limits;
    let (text_bytes, file_bytes) = (limits.form_bytes_max, limits.upload_bytes_max);
    let body_bytes = text_bytes.saturating_add(file_bytes.saturating_mul(READ_FACTOR_MAX));
    if req.announced_length().is_some_and(|bytes| bytes > body_bytes) {
        return Err(Error::TooLarge);
    }
    let mut left = Left { all: body_bytes, text: text_bytes, files: file_bytes };
    let mut multipart = Multipart::new(req.take_body(), boundary);
    let mut form = Form::default();
    while let Some(part) = multipart.next_field().await.map_err(malformed)? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        if let Some(file_name) = part.file_name().map(str::to_owned) {
            let content = content(req, part, &mut left.files, &mut left.all).await?;
            form.add_file(SentFile { field: name, name: file_name, content })?;
        } else {
            let text = content(req, part, &mut left.text, &mut left.all).await?.ok_or(Error::TooLarge)?;
            form.add(name, String::from_utf8_lossy(&text).into_owned())?;
        }
    }
    Ok(form)
}

/// Reads a part, and holds as much memory as it takes. `None` if it is more than is left; then nothing is held.
async fn content(
    req: &mut Request,
    mut part: Field<'_>,
    left: &mut usize,
    all_left: &mut usize,
) -> Result<Option<Bytes>> {
    let mut content = Some(Vec::new());
    let mut held: Option<Held> = None;
    while let Some(chunk) = part.chunk().await.map_err(malformed)? {
        *all_left = all_left.checked_sub(chunk.len()).ok_or(Error::TooLarge)?;
        content = content.filter(|content| content.len() + chunk.len() <= *left);
        match &mut content {
            Some(content) => {
                let more = req.hold(chunk.len()).await?;
                match &mut held {
                    Some(held) => held.merge(more),
                    None => held = Some(more),
                }
                content.extend_from_slice(&chunk);
            }
            None => held = None,
        }
    }
    if let Some(held) = held {
        req.keep(held);
    }
    *left -= content.as_ref().map_or(0, Vec::len);
    Ok(content.map(Bytes::from))
}
