//! Cookies, each signed with the secret key, so that a forged one is none.

use cookie::{Cookie, SameSite, time::Duration};
use warp::http::HeaderMap;
use warp::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use warp::reply::Response;

use super::error::{Error, Result};
use super::request::Request;

/// A cookie of ours.
pub(super) struct SignedCookie {
    /// What its signature is for.
    pub(super) purpose: &'static str,
    /// Its name over http.
    pub(super) name: &'static str,
    /// Its name over https, with `__Host-`: the browser itself refuses such a cookie from another host or without
    /// `Secure` (RFC 6265bis, 4.1.3.2).
    pub(super) name_over_https: &'static str,
    /// How long the browser keeps it; if not said, until it is closed.
    pub(super) max_age: Option<Duration>,
}

impl SignedCookie {
    /// The first value that `parse` takes, of those whose signature is ours.
    pub(super) fn read<T>(&self, req: &Request, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        find(req.headers(), self.name(req), |signed| {
            let (value, signature) = signed.split_once('.')?;
            parse(value).filter(|_| req.app().keys.verify(self.purpose, value, signature))
        })
    }

    /// Whether a request may bring it: some text in its cookies looks so.
    pub(super) fn may_be_in(&self, headers: &HeaderMap) -> bool {
        let has = |cookies: &str, name| cookies.split(name).skip(1).any(|rest| rest.trim_start().starts_with('='));
        let looks_so = |field: &HeaderValue| match field.to_str() {
            Ok(cookies) => has(cookies, self.name) || has(cookies, self.name_over_https),
            Err(_) => true,
        };
        headers.get_all(COOKIE).iter().any(looks_so)
    }

    /// The cookie with this value, which has no full stop.
    pub(super) fn with(&self, req: &Request, value: &str) -> Result<HeaderValue> {
        let signature = req.app().keys.sign(self.purpose, value);
        let mut cookie = build(req, self.name(req), format!("{value}.{signature}"));
        cookie.set_max_age(self.max_age);
        header(&cookie)
    }

    /// What makes the browser forget it.
    pub(super) fn removal(&self, req: &Request) -> Result<HeaderValue> {
        let mut cookie = build(req, self.name(req), String::new());
        cookie.make_removal();
        header(&cookie)
    }

    fn name(&self, req: &Request) -> &'static str {
        if req.client().https { self.name_over_https } else { self.name }
    }
}

/// The first value that `parse` takes, of the cookies with this name.
pub(super) fn find<T>(headers: &HeaderMap, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    // Other programs on this host may have cookies of any bytes.
    let fields = headers.get_all(COOKIE).iter().map(|field| String::from_utf8_lossy(field.as_bytes()));
    let mut cookies = fields.flat_map(Cookie::split_parse).filter_map(std::result::Result::ok);
    cookies.find_map(|cookie| if cookie.name() == name { parse(cookie.value()) } else { None })
}

/// A cookie that is not signed, and kept for so long: whoever changes it chooses so.
pub(super) fn of_choice(req: &Request, name: &'static str, value: &str, max_age: Duration) -> Result<HeaderValue> {
    let mut cookie = build(req, name, value.to_owned());
    cookie.set_max_age(max_age);
    header(&cookie)
}

fn build(req: &Request, name: &'static str, value: String) -> Cookie<'static> {
    let cookie = Cookie::build((name, value)).path("/").http_only(true).same_site(SameSite::Lax);
    cookie.secure(req.client().https).build()
}

/// Puts a cookie in a response.
pub(super) fn set(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(SET_COOKIE, cookie);
}

fn header(cookie: &Cookie<'_>) -> Result<HeaderValue> {
    HeaderValue::try_from(cookie.to_string()).map_err(|error| Error::Internal(error.into()))
}
