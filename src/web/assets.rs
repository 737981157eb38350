//! Static files, compiled in: each under its name, and under one that nothing else ever has.

use base16ct::lower::encode_string;
use hyper::body::Bytes;
use include_dir::{Dir, File, include_dir};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sha2::{Digest, Sha256};
use warp::http::HeaderMap;
use warp::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderValue, VARY};
use warp::reply::Response;

use super::answer::{self, REVALIDATED};
use super::coding::Coding;
use super::error::{Error, Result};
use super::request::Request;
use super::response::{self, FOR_A_DAY, IMMUTABLE};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// Where they are.
const FOLDER: &str = "/static/";

/// Bytes of the digest in an address: enough that no two versions of a file have the same.
const ADDRESS_DIGEST_BYTES: usize = 8;

/// A drawing has its colours in a style of its own, and is nothing but itself, even where a browser takes it for a page.
const POLICY_OF_DRAWINGS: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

const SVG: &str = "image/svg+xml";

/// What may not stand in the middle of an address that a page names between quotes.
const IN_DATA_URL: &AsciiSet =
    &CONTROLS.add(b' ').add(b'{').add(b'}').add(b'"').add(b'\'').add(b'<').add(b'>').add(b'#').add(b'%').add(b'&');

/// The files, ready to be sent.
#[derive(Debug)]
pub(super) struct Assets(Vec<Asset>);

#[derive(Debug)]
struct Asset {
    /// Its path below the folder.
    name: &'static str,
    /// The same with the digest of its content.
    lasting_name: String,
    media_type: &'static str,
    content: &'static [u8],
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
    /// Those that are compiled in.
    pub(super) fn built_in() -> Self {
        Self(FILES.files().filter_map(|file| Asset::new(file).ok()).collect())
    }

    /// The address of a file, which never shows another content.
    pub(super) fn address(&self, name: &str) -> Option<String> {
        self.named(name).map(|asset| format!("{FOLDER}{}", asset.lasting_name))
    }

    /// A drawing as an address that holds all of it.
    pub(super) fn data_url(&self, name: &str) -> Option<String> {
        let Asset { media_type, content, .. } = self.named(name)?;
        let text = std::str::from_utf8(content).ok()?.trim_end();
        Some(format!("data:{media_type},{}", utf8_percent_encode(text, IN_DATA_URL)))
    }

    fn named(&self, name: &str) -> Option<&Asset> {
        self.0.iter().find(|asset| asset.name == name)
    }
}

impl Asset {
    fn new(file: &'static File<'static>) -> Result<Self> {
        let name = file.path().to_str().unwrap_or_default();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let content = file.contents();
        let digest = Sha256::digest(content);
        let digest = encode_string(digest.get(..ADDRESS_DIGEST_BYTES).unwrap_or_default());
        let mut bodies = Vec::new();
        let media_type = media_type(extension);
        let codings: &[_] = if is_text(media_type) { &[Coding::Brotli, Coding::Zstd, Coding::Gzip] } else { &[] };
        for coding in codings {
            if let Some(encoded) = coding.encode(content) {
                bodies.push(Body::new(content, *coding, encoded.into())?);
            }
        }
        bodies.push(Body::new(content, Coding::Identity, Bytes::from_static(content))?);
        let lasting_name = format!("{stem}.{digest}.{extension}");
        Ok(Self { name, lasting_name, media_type, content, bodies })
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
    media_type.starts_with("text/") || media_type == SVG
}

fn media_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "ico" => "image/x-icon", // https://html.spec.whatwg.org/#rel-icon
        "js" => "text/javascript; charset=utf-8",
        "png" => "image/png",
        "svg" => SVG,
        _ => "application/octet-stream",
    }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Every file in the folder is compiled in, and has a type.
    #[test]
    fn all_files_are_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let assets = Assets::built_in();
        let built_in: BTreeSet<_> = assets.0.iter().map(|asset| asset.name.to_owned()).collect();
        assert_eq!(files.collect::<BTreeSet<_>>(), built_in);
        assert!(assets.0.iter().all(|asset| asset.media_type != media_type("")));
    }

    /// A drawing as an address can stand between quotes, and is the drawing.
    #[test]
    fn drawings_as_addresses() {
        let assets = Assets::built_in();
        let url = assets.data_url("icon.svg").unwrap();
        assert!(!url.contains(['"', '\'', '<', '>', '&', '#', '\n']), "{url}");
        let drawing = percent_encoding::percent_decode_str(url.strip_prefix("data:image/svg+xml,").unwrap());
        assert_eq!(drawing.decode_utf8().unwrap(), include_str!("../../static/icon.svg").trim_end());
        assert_eq!(assets.data_url("none.svg"), None);
    }
}
