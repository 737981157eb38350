//! The session cookie: a token that only this browser has, signed, so that a forged one never reaches the database.

use cookie::{Cookie, SameSite};
use warp::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use warp::reply::Response;

use super::error::{Error, Result};
use super::request::Request;
use crate::db::{sessions, users};
use crate::random;
use crate::session::Token;
use crate::user::{Account, User};

/// What the cookie's signature is for.
const PURPOSE: &str = "session";

/// Not the original's `session`, so that both can serve one host while a site moves.
const NAME: &str = "flaskr";
/// Over https the browser itself refuses such a cookie from another host or without `Secure` (RFC 6265bis, 4.1.3.2).
const NAME_OVER_HTTPS: &str = "__Host-flaskr";

/// Who is logged in by the request's cookie.
pub(super) async fn user(req: &Request) -> Result<Option<User>> {
    let Some(token) = token(req) else { return Ok(None) };
    let now = req.app().clock.now();
    Ok(req.db().read(move |conn| sessions::find(conn, &token, now)).await?)
}

/// An account whose password was right, with the hash that is to replace its own, if it is outdated.
#[derive(Clone, Debug)]
pub(super) struct Authenticated {
    pub(super) account: Account,
    pub(super) new_hash: Option<String>,
}

/// Opens a session and ends the one before. `None` if the account's password is no longer the one that was checked.
pub(super) async fn open(req: &Request, who: Authenticated) -> Result<Option<HeaderValue>> {
    let token = Token::new(random::bytes()?);
    let cookie = cookie(req, &token)?;
    let (old, now) = (self::token(req), req.app().clock.now());
    let opened = req.db().write(move |conn| {
        let Authenticated { mut account, new_hash } = who;
        if let Some(new_hash) = new_hash {
            users::replace_password(conn, account.user.id, &account.password_hash, &new_hash)?;
            account.password_hash = new_hash;
        }
        let current = users::find(conn, &account.user.username)?;
        if current.is_none_or(|current| current.password_hash != account.password_hash) {
            return Ok(false);
        }
        if let Some(old) = old {
            sessions::delete(conn, &old)?;
        }
        sessions::insert(conn, &token, &account, now)?;
        Ok(true)
    });
    Ok(opened.await?.then_some(cookie))
}

/// Ends the session of the request's cookie, if there is one, on the server and in the browser.
pub(super) async fn close(req: &Request, mut response: Response) -> Result<Response> {
    if let Some(token) = token(req) {
        req.db().write(move |conn| sessions::delete(conn, &token)).await?;
    }
    let mut removal = build(req, String::new());
    removal.make_removal();
    set(&mut response, header(&removal)?);
    Ok(response)
}

/// Puts a cookie in a response.
pub(super) fn set(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(SET_COOKIE, cookie);
}

/// The token in the request's cookie, if the signature is ours.
fn token(req: &Request) -> Option<Token> {
    // Other programs on this host may have cookies of any bytes.
    let fields = req.headers().get_all(COOKIE).iter().map(|field| String::from_utf8_lossy(field.as_bytes()));
    let mut cookies = fields.flat_map(Cookie::split_parse).filter_map(std::result::Result::ok);
    cookies.find_map(|cookie| {
        let (token, signature) = cookie.value().split_once('.').filter(|_| cookie.name() == name(req))?;
        Token::from_text(token).filter(|_| req.app().keys.verify(PURPOSE, token, signature))
    })
}

fn cookie(req: &Request, token: &Token) -> Result<HeaderValue> {
    let token = token.to_text();
    let signature = req.app().keys.sign(PURPOSE, &token);
    header(&build(req, format!("{token}.{signature}")))
}

fn build(req: &Request, value: String) -> Cookie<'static> {
    Cookie::build((name(req), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(req.client().https)
        .build()
}

fn header(cookie: &Cookie<'_>) -> Result<HeaderValue> {
    HeaderValue::try_from(cookie.to_string()).map_err(|error| Error::Internal(error.into()))
}

fn name(req: &Request) -> &'static str {
    if req.client().https { NAME_OVER_HTTPS } else { NAME }
}
