//! Makes responses, and adds to every one what every one carries.

use futures_util::Stream;
use hyper::body::Bytes;
use warp::Reply;
use warp::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use warp::http::{HeaderMap, Method, StatusCode};
use warp::reply::Response;

use super::coding::Coding;
use super::error::Result;
use super::{App, answer, api};
use crate::base_path;
use crate::config::Config;
use crate::escape::escaped;

/// Everything a page of ours needs, and nothing else: no script but our file and a theme's, no frame, no other site. What
/// users send is never taken for a script: it is `nosniff`, and of no type of one. The icon stands in each page; fonts are
/// a theme's.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                      img-src 'self' data:; manifest-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'; object-src 'none'";

/// Two years, for this host: others below its name are not ours to bind.
const TRANSPORT_SECURITY: &str = "max-age=63072000";

/// Fields of every response. <https://owasp.org/www-project-secure-headers/>
const FIELDS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: an old browser that sends no Sec-Fetch-Site would then send `Origin: null` with our own forms.
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Whoever is logged in gets another page, and so does whoever reads another language.
const DEPENDS_ON: HeaderValue = HeaderValue::from_static("Accept-Language, Cookie");
/// Whoever has a token gets another document.
const DEPENDS_ON_TOKEN: HeaderValue = HeaderValue::from_static("Authorization");

/// It is the same for everybody, and never another.
pub(super) const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// It is the same for everybody, and another at most after an update.
pub(super) const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The media type of a page.
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// A page.
pub(super) fn html(text: impl Into<Bytes>) -> Response {
    of_type(HTML, text)
}

/// A body of any type.
pub(super) fn of_type(media_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into().into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// A text that is made for each request, unless the client has it; to be kept like this.
pub(super) fn text(asked: &HeaderMap, media_type: &'static str, text: String, kept: HeaderValue) -> Result<Response> {
    let etag = answer::etag(text.as_bytes(), None, Coding::Identity)?;
    let mut response = if answer::has(asked, &etag) { not_modified() } else { of_type(media_type, text) };
    response.headers_mut().insert(ETAG, etag);
    response.headers_mut().insert(CACHE_CONTROL, kept);
    Ok(response)
}

/// A body of any type that comes in pieces.
pub(super) fn streamed(
    media_type: &'static str,
    pieces: impl Stream<Item = std::io::Result<Bytes>> + Send + Sync + 'static,
) -> Response {
    let mut response = warp::reply::stream(pieces).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// To another page of ours: 303 after a POST, 302 as the original says after a GET.
pub(super) fn redirect(method: &Method, path: &str) -> Response {
    let mut response = html(redirect_note(path));
    *response.status_mut() = if method.is_safe() { StatusCode::FOUND } else { StatusCode::SEE_OTHER };
    response.headers_mut().insert(LOCATION, location(path));
    response
}

fn redirect_note(path: &str) -> String {
    let shown = escaped(path);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n\
         <p>The page is at <a href=\"{shown}\">{shown}</a>.\n"
    )
}

/// Has a redirect, or what says where something new is, lead below the path of the site.
fn lead_below(response: &mut Response, base: &str) {
    let path = response.headers().get(LOCATION).and_then(|path| path.to_str().ok());
    let Some(path) = path.filter(|path| base_path::lacks(base, path)) else { return };
    let path = format!("{base}{path}");
    if matches!(response.status(), StatusCode::FOUND | StatusCode::SEE_OTHER) {
        *response.body_mut() = html(redirect_note(&path)).into_body();
    }
    response.headers_mut().insert(LOCATION, location(&path));
}

/// A path of ours is visible ASCII; of anything else the front page is made.
fn location(path: &str) -> HeaderValue {
    HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"))
}

/// To the one address of a page, for good.
pub(super) fn moved(path: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    response.headers_mut().insert(LOCATION, location(path));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// What a page can be asked for.
pub(super) fn options(allowed: &'static str) -> Response {
    let mut response = Response::default();
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// The client has it already.
pub(super) fn not_modified() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

/// Adds what every response carries, errors too, for this path. What a view has set is left.
pub(super) fn harden(app: &App, path: &str, mut response: Response) -> Response {
    if api::has(path) {
        response.headers_mut().entry(VARY).or_insert(DEPENDS_ON_TOKEN);
    }
    match app.config().base_path() {
        "" => (),
        base => lead_below(&mut response, base),
    }
    harden_fields(app.config(), response.headers_mut());
    response
}

/// The same, for a header alone.
pub(super) fn harden_fields(config: &Config, fields: &mut HeaderMap) {
    for (name, value) in FIELDS {
        fields.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if ![Some(&IMMUTABLE), Some(&FOR_A_DAY)].contains(&fields.get(CACHE_CONTROL)) {
        fields.entry(VARY).or_insert(DEPENDS_ON);
    }
    fields.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if config.is_https() {
        fields.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TRANSPORT_SECURITY));
    }
}
