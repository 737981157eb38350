//! Who asks, by the token in the header: `Authorization: Bearer flaskr_…` (RFC 6750, 2.1).

use jiff::Timestamp;
use tracing::debug;
use warp::http::header::AUTHORIZATION;

use super::Refusal;
use crate::api_token::{ApiToken, ApiTokenId, Scope};
use crate::db::api_tokens;
use crate::token::Token;
use crate::web::arrival::say;
use crate::web::error::Result;
use crate::web::request::Request;

/// What every token begins with, so that a scanner for secrets knows one where it should not be.
pub(in crate::web) const PREFIX: &str = "flaskr_";

const SCHEME: &str = "Bearer";
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The token that was sent, if there is any. A wrong one is refused even where none is needed, since whoever sends one
/// wants to know; wrong ones are counted as failed logins are. What is right is never slowed by that: nobody guesses 256
/// bits, and others at the same address have done nothing.
pub(super) async fn holder(req: &Request) -> Result<Option<ApiToken>> {
    let now = req.app().clock.now();
    let found = match Sent::in_header_of(req) {
        Sent::Nothing => return Ok(None),
        Sent::Token(token) => req.db().read(move |conn| api_tokens::find(conn, &token, now)).await?,
        Sent::Nonsense => None,
    };
    let Some(token) = found else {
        let _failure = req.app().throttles.address(req).await?;
        let address = req.client().shown_address();
        say!(info, req.visitor(), "refused a token of the API from {address}");
        return Err(Refusal::WrongToken.into());
    };
    req.visitor().has_proven(token.user.id);
    if token.used.is_none_or(|used| now.as_second().saturating_sub(used.as_second()) >= DAY_SECONDS) {
        touch(req, token.id, now);
    }
    Ok(Some(token))
}

/// The token of who may do this.
pub(super) async fn require(req: &Request, scope: Scope) -> Result<ApiToken> {
    let token = holder(req).await?.ok_or(Refusal::NoToken)?;
    if token.scope.includes(scope) { Ok(token) } else { Err(Refusal::WrongScope(scope).into()) }
}

/// The token of who may write, and has not written too much.
pub(super) async fn writer(req: &Request) -> Result<ApiToken> {
    let token = require(req, Scope::Write).await?;
    req.app().throttles.api_write(req, token.id).await?.map_err(|seconds| {
        let words = format!("This token has written too much at once. Please send it again in {seconds} seconds.");
        Refusal::TooMany(words, seconds)
    })?;
    Ok(token)
}

/// What is in the header.
enum Sent {
    /// Nothing that is meant for us: a proxy may have asked for a password.
    Nothing,
    /// What may be a token.
    Token(Token),
    /// What cannot be one, or several.
    Nonsense,
}

impl Sent {
    fn in_header_of(req: &Request) -> Self {
        let mut tokens = req.headers().get_all(AUTHORIZATION).iter().filter_map(|field| {
            let (scheme, token) = field.as_bytes().split_at_checked(SCHEME.len())?;
            let is_ours =
                scheme.eq_ignore_ascii_case(SCHEME.as_bytes()) && token.first().is_none_or(|byte| *byte == b' ');
            is_ours.then_some(token)
        });
        let (Some(token), more) = (tokens.next(), tokens.next()) else { return Self::Nothing };
        let text = std::str::from_utf8(token).ok().filter(|_| more.is_none()).map(|text| text.trim_start_matches(' '));
        let token = text.and_then(|text| Token::from_text(text.strip_prefix(PREFIX)?));
        token.map_or(Self::Nonsense, Self::Token)
    }
}

/// Notes the day beside the request, which does not wait for the disk. One that is not noted is no loss.
fn touch(req: &Request, id: ApiTokenId, now: Timestamp) {
    let app = req.shared();
    tokio::spawn(async move {
        let noted = app.db.write(move |conn| api_tokens::touch(conn, id, now)).await;
        noted.unwrap_or_else(|error| debug!(%error, "the use of a token was not noted"));
    });
}
