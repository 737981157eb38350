//! An answer that is ready to be sent to anybody who asks for the same and is not logged in.

use base64ct::{Base64UrlUnpadded, Encoding};
use hyper::body::Bytes;
use sha2::{Digest, Sha256};
use warp::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use warp::http::{HeaderMap, HeaderName, StatusCode};
use warp::reply::Response;

use super::App;
use super::coding::Coding;
use super::response;

/// Bytes of the digest in a tag: enough that no two texts have the same.
const ETAG_DIGEST_BYTES: usize = 16;

/// Who reads it may keep it, but has to ask each time whether it is still right.
pub(super) const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// The header and the body of a 200, and the header of a 304.
#[derive(Debug)]
pub(super) struct Answer {
    fields: HeaderMap,
    body: Bytes,
    unchanged: HeaderMap,
}

impl Answer {
    /// The answer with this text, which may come in a shorter coding.
    pub(super) fn new(app: &App, media_type: &'static str, text: &Bytes, encoded: Option<(Coding, Bytes)>) -> Self {
        let digest = Sha256::digest(text);
        let digest = Base64UrlUnpadded::encode_string(digest.get(..ETAG_DIGEST_BYTES).unwrap_or_default());
        let (coding, body) = encoded.unwrap_or_else(|| (Coding::Identity, text.clone()));
        let (tag, coding_name) = match coding {
            Coding::Identity => (format!("\"{digest}\""), None),
            other => (format!("\"{digest}-{}\"", other.name()), Some(HeaderValue::from_static(other.name()))),
        };
        let mut unchanged = HeaderMap::new();
        unchanged.insert(CACHE_CONTROL, REVALIDATED);
        unchanged.insert(VARY, HeaderValue::from_static("Accept-Encoding, Cookie"));
        // Of letters that a header may have.
        unchanged.extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
        response::harden_fields(app, &mut unchanged);
        let mut fields = unchanged.clone();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        fields.extend(coding_name.map(|name| (CONTENT_ENCODING, name)));
        Self { fields, body, unchanged }
    }

    /// How much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let fields = (self.fields.capacity() + self.unchanged.capacity()) * size_of::<(HeaderName, HeaderValue)>();
        self.body.len() + fields
    }

    /// The body.
    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }

    /// A 304, if the client says that it has this very answer.
    pub(super) fn unchanged(&self, asked: &HeaderMap) -> Option<Response> {
        let etag = self.unchanged.get(ETAG)?;
        has(asked, etag).then(|| {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = self.unchanged.clone();
            response
        })
    }

    /// A 200 with the body, which somebody has counted.
    pub(super) fn whole(&self, body: Bytes) -> Response {
        let mut response = Response::new(body.into());
        *response.headers_mut() = self.fields.clone();
        response
    }
}

/// Whether `If-None-Match` names this very content (RFC 9110, 13.1.2).
pub(super) fn has(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let lines = asked.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    tags.any(|tag| tag == "*" || tag.as_bytes() == etag.as_bytes())
}
