//! The session: a token that only this browser has, in a signed cookie, so that a forged one never reaches the database.

use std::sync::Arc;

use jiff::Timestamp;
use tracing::debug;
use warp::http::HeaderMap;
use warp::http::header::{HeaderValue, USER_AGENT};
use warp::reply::Response;

use super::App;
use super::cookies::{self, SignedCookie};
use super::error::Result;
use super::request::Request;
use crate::db::{self, Connection, sessions, users};
use crate::random;
use crate::session::{AGENT_BYTES_MAX, Expiry, Origin, SEEN_SECONDS, Session};
use crate::token::Token;
use crate::user::Account;

/// Not the original's `session`, so that both can serve one host while a site moves.
const COOKIE: SignedCookie = SignedCookie { purpose: "session", name: "flaskr", max_age: None };

/// Whether a request may be of somebody who is logged in.
pub(super) fn may_be_in(headers: &HeaderMap) -> bool {
    COOKIE.may_be_in(headers)
}

/// The session of the request's cookie, if it is not over.
pub(super) async fn current(req: &Request) -> Result<Option<Session>> {
    let Some(token) = token(req) else { return Ok(None) };
    let now = req.app().clock.now();
    let expiry = req.app().config.session.expiry(now);
    let session = find(req, token, expiry).await?;
    if let Some(session) = &session
        && now.as_second().saturating_sub(session.seen.as_second()) >= SEEN_SECONDS
    {
        touch(req.shared(), session.id.clone(), now);
    }
    Ok(session)
}

/// The session of a token, from memory if nothing was written since it was last found.
async fn find(req: &Request, token: Token, expiry: Expiry) -> Result<Option<Session>> {
    let key = (req.db().generation().await?, token.digest());
    if let Some(session) = req.app().sessions.get(&key, expiry) {
        return Ok(Some(session));
    }
    let session = req.db().read(move |conn| sessions::find(conn, &token, expiry)).await?;
    if let Some(session) = &session {
        req.app().sessions.keep(key, session);
    }
    Ok(session)
}

/// Notes a visit beside the request, which does not wait for the disk. One that is not noted is no loss.
fn touch(app: Arc<App>, id: Vec<u8>, now: Timestamp) {
    tokio::spawn(async move {
        let noted = app.db.write(move |conn| sessions::touch(conn, &id, now)).await;
        noted.unwrap_or_else(|error| debug!(%error, "a visit was not noted"));
    });
}

/// A session that is about to be opened.
pub(super) struct Opening {
    token: Token,
    old: Option<Token>,
    origin: Origin,
    expiry: Expiry,
    now: Timestamp,
}

impl Opening {
    /// A session for whoever sent this request, with the cookie for it. The session before ends.
    pub(super) fn new(req: &Request) -> Result<(Self, HeaderValue)> {
        let token = Token::new(random::bytes()?);
        let cookie = COOKIE.with(req, &token.to_text())?;
        let now = req.app().clock.now();
        let expiry = req.app().config.session.expiry(now);
        Ok((Self { token, old: self::token(req), origin: origin(req), expiry, now }, cookie))
    }

    /// Opens it. Says no if the account is disabled, or has another password than this one, by now.
    pub(super) fn open(&self, conn: Connection<'_>, account: &Account) -> db::Result<bool> {
        let current = users::get(conn, account.user.id)?;
        if current.is_none_or(|current| current.is_disabled || current.password_hash != account.password_hash) {
            return Ok(false);
        }
        sessions::delete_expired(conn, self.expiry)?;
        if let Some(old) = &self.old {
            sessions::delete(conn, old)?;
        }
        sessions::insert(conn, &self.token, account, &self.origin, self.now)?;
        Ok(true)
    }

    /// Opens it as the only one of its user.
    pub(super) fn open_alone(&self, conn: Connection<'_>, account: &Account) -> db::Result<Option<Session>> {
        sessions::delete_all_of(conn, account.user.id)?;
        if self.open(conn, account)? { sessions::find(conn, &self.token, self.expiry) } else { Ok(None) }
    }
}

fn origin(req: &Request) -> Origin {
    let agent = req.headers().get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let mut agent = agent.unwrap_or_default().into_owned();
    agent.truncate(agent.floor_char_boundary(AGENT_BYTES_MAX));
    Origin { address: req.client().address.map(|address| address.to_string()).unwrap_or_default(), agent }
}

/// Ends the session of the request's cookie, if there is one, on the server and in the browser.
pub(super) async fn close(req: &Request, mut response: Response) -> Result<Response> {
    if let Some(token) = token(req) {
        req.db().write(move |conn| sessions::delete(conn, &token)).await?;
    }
    cookies::set(&mut response, COOKIE.removal(req)?);
    Ok(response)
}

/// The token in the request's cookie, if the signature is ours.
fn token(req: &Request) -> Option<Token> {
    COOKIE.read(req, Token::from_text)
}
