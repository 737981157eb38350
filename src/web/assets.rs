//! Static files, ready to be sent: each under its name, and under one that nothing else ever has.

use std::borrow::Cow;

use hyper::body::Bytes;
use warp::http::HeaderMap;
use warp::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderValue, VARY};
use warp::reply::Response;

use super::answer::{self, REVALIDATED};
use super::coding::Coding;
use super::error::{Error, Result};
use super::request::Request;
use super::response::{self, FOR_A_DAY, IMMUTABLE};
use crate::theme::{FOLDER, SVG, StaticFile};

/// A drawing has its colours in a style of its own, and is nothing but itself, even where a browser takes it for a page.
const POLICY_OF_DRAWINGS: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// The files, ready to be sent.
#[derive(Debug)]
pub(super) struct Assets(Vec<Asset>);

#[derive(Debug)]
struct Asset {
    /// Its path below the folder.
    name: String,
    /// The same with the digest of its content.
    lasting_name: String,
    media_type: &'static str,
    /// In each coding that makes it smaller, and last as it is.
    bodies: Vec<Body>,
}

#[derive(Debug)]
struct Body {
    coding: Coding,
    /// A strong validator (RFC 9110, 8.8.3).
    etag: HeaderValue,
    bytes: Bytes,
}

impl Assets {
    /// Those of the site's theme.
    pub(super) fn new(files: Vec<StaticFile>) -> Result<Self> {
        Ok(Self(files.into_iter().map(Asset::new).collect::<Result<_>>()?))
    }

    /// The address of a file, which never shows another content.
    pub(super) fn address(&self, name: &str) -> Option<String> {
        self.named(name).map(|asset| format!("{FOLDER}{}", asset.lasting_name))
    }

    fn named(&self, name: &str) -> Option<&Asset> {
        self.0.iter().find(|asset| asset.name == name)
    }
}

impl Asset {
    fn new(file: StaticFile) -> Result<Self> {
        let StaticFile { name, lasting_name, media_type, content } = file;
        let content = match content {
            Cow::Borrowed(content) => Bytes::from_static(content),
            Cow::Owned(content) => content.into(),
        };
        let mut bodies = Vec::new();
        let codings: &[_] = if is_text(media_type) { &[Coding::Brotli, Coding::Zstd, Coding::Gzip] } else { &[] };
        for coding in codings {
            if let Some(encoded) = coding.encode(&content) {
                bodies.push(Body::new(&content, *coding, encoded.into())?);
            }
        }
        bodies.push(Body::new(&content, Coding::Identity, content.clone())?);
        Ok(Self { name, lasting_name, media_type, bodies })
    }

    /// The file as this client wants it, unless the client has it; to be kept like this.
    fn answer(&self, asked: &HeaderMap, kept: HeaderValue) -> Option<Response> {
        let coding = Coding::accepted(asked);
        let body = self.bodies.iter().find(|body| body.coding == coding).or(self.bodies.last())?;
        let mut response = if answer::has(asked, &body.etag) {
            response::not_modified()
        } else {
            let mut response = response::of_type(self.media_type, body.bytes.clone());
            if body.coding != Coding::Identity {
                let coding = HeaderValue::from_static(body.coding.name());
                response.headers_mut().insert(CONTENT_ENCODING, coding);
            }
            response
        };
        let fields = response.headers_mut();
        fields.insert(ETAG, body.etag.clone());
        if self.bodies.len() > 1 {
            // What has to be asked after says of itself what every other answer does.
            let vary = if kept == REVALIDATED { "Accept-Encoding, Cookie" } else { "Accept-Encoding" };
            fields.insert(VARY, HeaderValue::from_static(vary));
        }
        fields.insert(CACHE_CONTROL, kept);
        if self.media_type == SVG {
            fields.insert(CONTENT_SECURITY_POLICY, POLICY_OF_DRAWINGS);
        }
        Some(response)
    }
}

impl Body {
    fn new(content: &[u8], coding: Coding, bytes: Bytes) -> Result<Self> {
        Ok(Self { coding, etag: answer::etag(content, None, coding)?, bytes })
    }
}

/// What gets smaller in a content coding.
fn is_text(media_type: &str) -> bool {
    media_type.ends_with("charset=utf-8") || media_type == SVG
}

/// Send a static file, unless the client has it: under its name it may be another tomorrow, under the lasting one never.
pub(super) async fn file(path: warp::path::Tail, req: Request) -> Result<Response> {
    let path = path.as_str();
    let assets = &req.app().assets;
    let lasting = assets.0.iter().find(|asset| asset.lasting_name == path).map(|asset| (asset, IMMUTABLE));
    let found = lasting.or_else(|| assets.named(path).map(|asset| (asset, REVALIDATED)));
    found.and_then(|(asset, kept)| asset.answer(req.headers(), kept)).ok_or(Error::NotFound)
}

/// Send the icon that browsers ask for where no page has named one, as feed readers and old browsers do.
pub(super) async fn favicon(req: Request) -> Result<Response> {
    icon(&req, "favicon.ico")
}

/// Send the icon that phones ask for when the site is put on a home screen.
pub(super) async fn touch_icon(req: Request) -> Result<Response> {
    icon(&req, "icon-180.png")
}

fn icon(req: &Request, name: &str) -> Result<Response> {
    let asset = req.app().assets.named(name);
    asset.and_then(|asset| asset.answer(req.headers(), FOR_A_DAY)).ok_or(Error::NotFound)
}
