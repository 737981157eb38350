//! Static files, ready to be sent: each under its name, and under one that nothing else ever has.

use std::borrow::Cow;

use hyper::body::Bytes;
use tokio::sync::OnceCell;
use warp::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderValue, VARY};
use warp::reply::Response;

use super::answer::{self, REVALIDATED};
use super::coding::Coding;
use super::encoder::{self, Encoder};
use super::error::{Error, Result};
use super::request::Request;
use super::response::{self, FOR_A_DAY, IMMUTABLE};
use crate::pool::Rejected;
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
    /// As it is.
    whole: Body,
    /// In the codings that may make it smaller.
    encoded: Vec<Encoded>,
}

/// What is sent of a file.
#[derive(Clone, Debug)]
struct Body {
    coding: Coding,
    /// A strong validator (RFC 9110, 8.8.3).
    etag: HeaderValue,
    bytes: Bytes,
}

/// A coding of a file, which is made when somebody asks for it: all of them would be half of what a start takes.
#[derive(Debug)]
struct Encoded {
    coding: Coding,
    etag: HeaderValue,
    /// `None` if it is no smaller.
    bytes: OnceCell<Option<Bytes>>,
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
        let codings: &[_] = if is_text(media_type) { &[Coding::Brotli, Coding::Zstd, Coding::Gzip] } else { &[] };
        let etag = |coding| answer::etag(&content, None, coding);
        let encoded = |coding| Ok(Encoded { coding, etag: etag(coding)?, bytes: OnceCell::new() });
        let encoded = codings.iter().copied().map(encoded).collect::<Result<_>>()?;
        let whole = Body { coding: Coding::Identity, etag: etag(Coding::Identity)?, bytes: content };
        Ok(Self { name, lasting_name, media_type, whole, encoded })
    }

    /// The file as this client wants it, unless the client has it; to be kept like this.
    async fn answer(&self, req: &Request, kept: HeaderValue) -> Result<Response> {
        let Body { coding, etag, bytes } = self.body(Coding::accepted(req.headers()), &req.app().encoder).await?;
        let mut response = if answer::has(req.headers(), &etag) {
            response::not_modified()
        } else {
            let mut response = response::of_type(self.media_type, bytes);
            if coding != Coding::Identity {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
            }
            response
        };
        let fields = response.headers_mut();
        fields.insert(ETAG, etag);
        if !self.encoded.is_empty() {
            // What has to be asked after says of itself what every other answer does.
            let vary = if kept == REVALIDATED { "Accept-Encoding, Cookie" } else { "Accept-Encoding" };
            fields.insert(VARY, HeaderValue::from_static(vary));
        }
        fields.insert(CACHE_CONTROL, kept);
        if self.media_type == SVG {
            fields.insert(CONTENT_SECURITY_POLICY, POLICY_OF_DRAWINGS);
        }
        Ok(response)
    }

    /// The file in a coding, if that makes it smaller, and not too much waits to be encoded.
    async fn body(&self, coding: Coding, encoder: &Encoder) -> Result<Body> {
        let Some(wanted) = self.encoded.iter().find(|encoded| encoded.coding == coding) else {
            return Ok(self.whole.clone());
        };
        match wanted.bytes.get_or_try_init(|| encoder.encode(coding, &self.whole.bytes)).await {
            Ok(Some(bytes)) => Ok(Body { coding, etag: wanted.etag.clone(), bytes: bytes.clone() }),
            Ok(None) | Err(Rejected::Full) => Ok(self.whole.clone()),
            Err(Rejected::Panicked) => Err(encoder::panicked()),
        }
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
    let (asset, kept) = found.ok_or(Error::NotFound)?;
    asset.answer(&req, kept).await
}

/// Send the icon that browsers ask for where no page has named one, as feed readers and old browsers do.
pub(super) async fn favicon(req: Request) -> Result<Response> {
    icon(&req, "favicon.ico").await
}

/// Send the icon that phones ask for when the site is put on a home screen.
pub(super) async fn touch_icon(req: Request) -> Result<Response> {
    icon(&req, "icon-180.png").await
}

async fn icon(req: &Request, name: &str) -> Result<Response> {
    req.app().assets.named(name).ok_or(Error::NotFound)?.answer(req, FOR_A_DAY).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;

    /// While too much waits to be encoded a file is sent as it is, and afterwards smaller.
    #[tokio::test]
    async fn sent_as_it_is_when_busy() {
        let encoder = Encoder::start().unwrap();
        let file = StaticFile {
            name: "a.css".to_owned(),
            lasting_name: "a.0.css".to_owned(),
            media_type: "text/css; charset=utf-8",
            content: Cow::Owned(vec![b'a'; 1000]),
        };
        let asset = Asset::new(file).unwrap();
        let sent = async || asset.body(Coding::Brotli, &encoder).await.unwrap();
        // The thread is at the first for much longer than it takes to ask.
        let text: Bytes =
            (0..1_000_000_u32).map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
        let others = join_all((0..100).map(|_| encoder.encode(Coding::Brotli, &text)));
        let meanwhile = tokio::select! { biased; _ = others => None, body = sent() => Some(body) }.unwrap();
        assert_eq!((meanwhile.coding, meanwhile.bytes.len()), (Coding::Identity, 1000));
        assert_eq!(meanwhile.etag, asset.whole.etag);
        let mut body = sent().await;
        while body.coding == Coding::Identity {
            tokio::time::sleep(Duration::from_millis(1)).await; // until the thread has left out what nobody waits for
            body = sent().await;
        }
        assert!(body.bytes.len() < 1000 && body.etag != meanwhile.etag);
    }
}
