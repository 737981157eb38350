//! An answer that is ready to be sent to anybody who asks for the same and is not logged in.

use base64ct::{Base64UrlUnpadded, Encoding};
use hyper::body::Bytes;
use sha2::{Digest, Sha256};
use warp::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use warp::http::{HeaderMap, Response, StatusCode};

use super::coding::Coding;
use super::error::{Error, Result};
use super::response;
use crate::config::Config;

/// Bytes of the digest in a tag: enough that no two texts have the same.
const ETAG_DIGEST_BYTES: usize = 16;

/// Who reads it may keep it, but has to ask each time whether it is still right.
pub(super) const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// What answers of this site have in common: their headers, but for what stands in each of them.
#[derive(Debug)]
pub(super) struct Heads {
    whole: HeaderMap,
    encoded: HeaderMap,
    unchanged: HeaderMap,
}

impl Heads {
    /// Of a site with these settings.
    pub(super) fn new(config: &Config) -> Self {
        let to_be_set = HeaderValue::from_static("");
        let mut unchanged = HeaderMap::new();
        unchanged.insert(CACHE_CONTROL, REVALIDATED);
        unchanged.insert(VARY, HeaderValue::from_static("Accept-Encoding, Accept-Language, Cookie"));
        unchanged.insert(ETAG, to_be_set.clone());
        response::harden_fields(config, &mut unchanged);
        let mut whole = unchanged.clone();
        whole.insert(CONTENT_TYPE, to_be_set.clone());
        let mut encoded = whole.clone();
        encoded.insert(CONTENT_ENCODING, to_be_set);
        Self { whole, encoded, unchanged }
    }
}

/// A body, and what of its header is its own.
#[derive(Debug)]
pub(super) struct Answer {
    media_type: HeaderValue,
    coding: Coding,
    etag: HeaderValue,
    body: Bytes,
}

impl Answer {
    /// The answer with this text, of what has this version. It may come in a shorter coding.
    pub(super) fn new(
        media_type: &'static str,
        text: &Bytes,
        version: Option<&str>,
        encoded: Option<(Coding, Bytes)>,
    ) -> Result<Self> {
        let (coding, body) = encoded.unwrap_or_else(|| (Coding::Identity, text.clone()));
        let etag = etag(text, version, coding)?;
        Ok(Self { media_type: HeaderValue::from_static(media_type), coding, etag, body })
    }

    /// How much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.etag.len() + self.body.len()
    }

    /// The body.
    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }

    /// A 304, if the client says that it has this very answer.
    pub(super) fn unchanged<B: Default>(&self, heads: &Heads, asked: &HeaderMap) -> Option<Response<B>> {
        has(asked, &self.etag).then(|| {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = self.fill_in(&heads.unchanged);
            response
        })
    }

    /// A 200 with the body, which somebody has counted.
    pub(super) fn whole<B: From<Bytes>>(&self, heads: &Heads, body: Bytes) -> Response<B> {
        let head = if self.coding == Coding::Identity { &heads.whole } else { &heads.encoded };
        let mut response = Response::new(body.into());
        *response.headers_mut() = self.fill_in(head);
        response
    }

    /// To set what is there is cheaper than to put it there, and to go through a dozen fields than to look for three.
    fn fill_in(&self, head: &HeaderMap) -> HeaderMap {
        let mut fields = head.clone();
        for (name, value) in &mut fields {
            if *name == ETAG {
                *value = self.etag.clone();
            } else if *name == CONTENT_TYPE {
                *value = self.media_type.clone();
            } else if *name == CONTENT_ENCODING {
                *value = HeaderValue::from_static(self.coding.name());
            }
        }
        fields
    }
}

/// What tells this text in this coding from every other. It begins with the version of what it shows, if that has one, so
/// that a change can be refused which was made to another (`api/version.rs`).
pub(super) fn etag(text: &[u8], version: Option<&str>, coding: Coding) -> Result<HeaderValue> {
    let digest = Sha256::digest(text);
    let digest = Base64UrlUnpadded::encode_string(digest.get(..ETAG_DIGEST_BYTES).unwrap_or_default());
    let version = version.map(|version| format!("{version}.")).unwrap_or_default();
    let etag = match coding {
        Coding::Identity => format!("\"{version}{digest}\""),
        other => format!("\"{version}{digest}-{}\"", other.name()),
    };
    HeaderValue::try_from(etag).map_err(|error| Error::Internal(error.into()))
}

/// Whether `If-None-Match` names this very content (RFC 9110, 13.1.2).
pub(super) fn has(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let lines = asked.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    tags.any(|tag| tag == "*" || tag.as_bytes() == etag.as_bytes())
}
