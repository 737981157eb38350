//! Static files, compiled in.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use warp::http::header::{CACHE_CONTROL, ETAG, HeaderValue};
use warp::reply::Response;

use super::answer::{self, REVALIDATED};
use super::error::{Error, Result};
use super::request::Request;
use super::response;

/// Path below `/static/`, media type, content.
const FILES: [(&str, &str, &str); 2] = [
    ("style.css", "text/css; charset=utf-8", include_str!("../../static/style.css")),
    ("flaskr.js", "text/javascript; charset=utf-8", include_str!("../../static/flaskr.js")),
];

/// The files, ready to be sent.
#[derive(Debug)]
pub(super) struct Assets(Vec<Asset>);

#[derive(Debug)]
struct Asset {
    path: &'static str,
    media_type: &'static str,
    content: &'static str,
    /// A strong validator: the digest of the content (RFC 9110, 8.8.3).
    etag: HeaderValue,
}

impl Assets {
    /// Those that are compiled in.
    pub(super) fn built_in() -> Self {
        let asset = |(path, media_type, content): (_, _, &'static str)| {
            let digest = Base64UrlUnpadded::encode_string(&Sha256::digest(content));
            let etag = HeaderValue::try_from(format!("\"{digest}\"")).ok()?;
            Some(Asset { path, media_type, content, etag })
        };
        Self(FILES.into_iter().filter_map(asset).collect())
    }
}

/// Send a static file, unless the client has it.
pub(super) async fn file(path: warp::path::Tail, req: Request) -> Result<Response> {
    let asset = req.app().assets.0.iter().find(|asset| asset.path == path.as_str()).ok_or(Error::NotFound)?;
    let mut response = if answer::has(req.headers(), &asset.etag) {
        response::not_modified()
    } else {
        response::fixed(asset.media_type, asset.content)
    };
    response.headers_mut().insert(ETAG, asset.etag.clone());
    response.headers_mut().insert(CACHE_CONTROL, REVALIDATED);
    Ok(response)
}
