//! Cookies, each signed with the secret key, so that a forged one is none.

use cookie::{Cookie, SameSite, time::Duration};
use warp::http::HeaderMap;
use warp::http::header::{COOKIE, GetAll, HeaderValue, SET_COOKIE};
use warp::reply::Response;

use super::error::{Error, Result};
use super::request::Request;

/// A cookie of ours.
pub(super) struct SignedCookie {
    /// What its signature is for.
    pub(super) purpose: &'static str,
    /// Its name, but for what [`guard`] puts before it.
    pub(super) name: &'static str,
    /// How long the browser keeps it; if not said, until it is closed.
    pub(super) max_age: Option<Duration>,
}

impl SignedCookie {
    /// The first value that `parse` takes, of those whose signature is ours.
    pub(super) fn read<T>(&self, req: &Request, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        find(&req.headers().get_all(COOKIE), &self.name(req), |signed| {
            let (value, signature) = signed.split_once('.')?;
            parse(value).filter(|_| req.app().keys.verify(self.purpose, value, signature))
        })
    }

    /// Whether a request may bring it: some text in its cookies looks so.
    pub(super) fn may_be_in(&self, headers: &HeaderMap) -> bool {
        let has = |cookies: &str, name| cookies.split(name).skip(1).any(|rest| rest.trim_start().starts_with('='));
        let looks_so = |field: &HeaderValue| match field.to_str() {
            Ok(cookies) => has(cookies, self.name),
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

    fn name(&self, req: &Request) -> String {
        format!("{}{}", guard(req), self.name)
    }
}

/// What the name of a cookie begins with over https: the browser itself refuses such a one without `Secure`, and with
/// `__Host-` from another host, which takes the path `/` (RFC 6265bis, 4.1.3).
fn guard(req: &Request) -> &'static str {
    match (req.client().https, req.app().config().base_path()) {
        (false, _) => "",
        (true, "") => "__Host-",
        (true, _) => "__Secure-",
    }
}

/// The first value that `parse` takes, of the cookies with this name.
pub(super) fn find<T>(cookies: &GetAll<'_, HeaderValue>, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    // Other programs on this host may have cookies of any bytes.
    let fields = cookies.iter().map(|field| String::from_utf8_lossy(field.as_bytes()));
    let mut cookies = fields.flat_map(Cookie::split_parse).filter_map(std::result::Result::ok);
    cookies.find_map(|cookie| if cookie.name() == name { parse(cookie.value()) } else { None })
}

/// A cookie that is not signed, and kept for so long: whoever changes it chooses so.
pub(super) fn of_choice(req: &Request, name: &'static str, value: &str, max_age: Duration) -> Result<HeaderValue> {
    let mut cookie = build(req, name.to_owned(), value.to_owned());
    cookie.set_max_age(max_age);
    header(&cookie)
}

fn build(req: &Request, name: String, value: String) -> Cookie<'static> {
    // Without a slash at its end: `/blog` is for `/blog` and what is below it, and not for `/blogs` (RFC 6265, 5.1.4).
    let path = Some(req.app().config().base_path()).filter(|path| !path.is_empty()).unwrap_or("/").to_owned();
    let cookie = Cookie::build((name, value)).path(path).http_only(true).same_site(SameSite::Lax);
    cookie.secure(req.client().https).build()
}

/// Puts a cookie in a response.
pub(super) fn set(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(SET_COOKIE, cookie);
}

fn header(cookie: &Cookie<'_>) -> Result<HeaderValue> {
    HeaderValue::try_from(cookie.to_string()).map_err(|error| Error::Internal(error.into()))
}
