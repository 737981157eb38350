//! What a visitor is told on the next page of what they just did: the name of a text, in a signed cookie for that page.

use cookie::time::Duration;
use warp::http::HeaderMap;
use warp::reply::Response;

use super::cookies::{self, SignedCookie};
use super::error::Result;
use super::request::Request;
use super::response;

/// The next page comes at once, or not at all.
const KEPT: Duration = Duration::minutes(1);

const COOKIE: SignedCookie = SignedCookie { purpose: "flash", name: "flaskr-flash", max_age: Some(KEPT) };

/// Leads to another page, which says this.
pub(super) fn redirect(req: &Request, path: &str, name: &'static str) -> Result<Response> {
    let mut response = response::redirect(req.method(), path);
    cookies::set(&mut response, COOKIE.with(req, name)?);
    Ok(response)
}

/// Whether a request may be of somebody who is to be told something.
pub(super) fn may_be_in(headers: &HeaderMap) -> bool {
    COOKIE.may_be_in(headers)
}

/// What is to be said, in the visitor's words, as HTML.
pub(super) fn text(req: &Request) -> Option<String> {
    let name = COOKIE.read(req, |name| Some(name.to_owned()))?;
    Some(req.look().language.html(&name, None).into_owned())
}

/// Sees to it that it is said once.
pub(super) fn end(req: &Request, response: &mut Response) -> Result<()> {
    cookies::set(response, COOKIE.removal(req)?);
    Ok(())
}
