//! Views: the tokens with which programs act for a user.

use serde::Serialize;
use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::page::{self, Page};
use super::request::Request;
use super::{account, api, flash};
use crate::api_token::{
    API_TOKEN_DAYS, API_TOKEN_NAME_CHARS_MAX, API_TOKENS_MAX, ApiToken, ApiTokenId, ApiTokenName, NewApiToken, Scope,
};
use crate::db::api_tokens;
use crate::problem::Problem;
use crate::random;
use crate::token::Token;
use crate::user::{Password, User};

const PATH: &str = "/account/tokens";

#[derive(Serialize)]
struct Tokens {
    listed: Vec<Shown>,
    description: &'static str,
    name_chars_max: usize,
    count_max: i64,
    days: [u16; 3],
    /// The name that was typed.
    name: String,
    /// The token that was made, which is never shown again.
    made: Option<String>,
    problem: Option<Problem>,
}

impl Page for Tokens {
    const TEMPLATE: &'static str = "account/tokens.html";
}

#[derive(Serialize)]
struct Shown {
    id: i64,
    name: String,
    can_write: bool,
    /// The day, as are the others.
    created: String,
    expires: Option<String>,
    used: Option<String>,
}

impl From<ApiToken> for Shown {
    fn from(token: ApiToken) -> Self {
        let day = |time: jiff::Timestamp| time.strftime("%Y-%m-%d").to_string();
        Self {
            id: token.id.0,
            name: token.name,
            can_write: token.scope == Scope::Write,
            created: day(token.created),
            expires: token.expires.map(day),
            used: token.used.map(day),
        }
    }
}

/// What is shown besides what there is.
#[derive(Default)]
struct Outcome {
    name: String,
    made: Option<Token>,
    problem: Option<Problem>,
}

/// Show the tokens that are good.
pub(super) async fn list(req: Request) -> Result<Response> {
    let user = req.require_user().await?;
    show(&req, &user, Outcome::default()).await
}

async fn show(req: &Request, user: &User, outcome: Outcome) -> Result<Response> {
    let (id, now) = (user.id, req.app().clock.now());
    let tokens = req.db().read(move |conn| api_tokens::of_user(conn, id, now)).await?;
    let tokens = Tokens {
        listed: tokens.into_iter().map(Shown::from).collect(),
        description: api::DESCRIPTION,
        name_chars_max: API_TOKEN_NAME_CHARS_MAX,
        count_max: API_TOKENS_MAX,
        days: API_TOKEN_DAYS,
        name: outcome.name,
        made: outcome.made.map(|token| format!("{}{}", api::TOKEN_PREFIX, token.to_text())),
        problem: outcome.problem,
    };
    page::show(req, tokens).await
}

/// Make a token, and show it this once.
pub(super) async fn create(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?; // before any answer: see blog::create
    let user = req.require_user().await?;
    let (typed, password) = (form.take("name")?, Password::new(form.take("password")?));
    let scope = form.take("scope")?.parse().map_err(|_| Error::BadRequest)?;
    let lifetime = form.take("lifetime")?.parse().map_err(|_| Error::BadRequest)?;
    let again = |problem| Outcome { name: typed.clone(), problem: Some(problem), made: None };
    let name = match ApiTokenName::parse(&typed) {
        Ok(name) => name,
        Err(problem) => return show(&req, &user, again(problem)).await,
    };
    let account = match account::confirm(&req, &user, password, "password").await? {
        Ok(account) => account,
        Err(problem) => return show(&req, &user, again(problem)).await,
    };
    let (token, new, now) =
        (Token::new(random::bytes()?), NewApiToken { name, scope, lifetime }, req.app().clock.now());
    let (stored, owner) = (token.clone(), account.clone());
    let cookie = account::renew(&req, account, |_, _| Ok(())).await?;
    if !req.db().write(move |conn| api_tokens::insert(conn, &stored, &owner, &new, now)).await? {
        let problem = Problem::new("tokens-too-many").with("most", API_TOKENS_MAX);
        return Ok(account::with(show(&req, &user, again(problem)).await?, cookie));
    }
    say!(info, req.visitor(), user = user.id.0, "user {} made a token of the API", user.id.0);
    Ok(account::with(show(&req, &user, Outcome { made: Some(token), ..Outcome::default() }).await?, cookie))
}

/// End a token, or all of them.
pub(super) async fn revoke(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?; // first, as above
    let user = req.require_user().await?;
    let (token, password) = (form.take("token")?, Password::new(form.take("password")?));
    let id = if token == "all" { None } else { Some(token.parse().map(ApiTokenId).map_err(|_| Error::BadRequest)?) };
    let account = match account::confirm(&req, &user, password, "revoke_password").await? {
        Ok(account) => account,
        Err(problem) => return show(&req, &user, Outcome { problem: Some(problem), ..Outcome::default() }).await,
    };
    let cookie = account::renew(&req, account, move |conn, user| match id {
        Some(id) => api_tokens::delete_of(conn, user, id).map(drop),
        None => api_tokens::delete_all_of(conn, user).map(drop),
    });
    let cookie = cookie.await?;
    say!(info, req.visitor(), user = user.id.0, "user {} revoked a token of the API", user.id.0);
    Ok(account::with(flash::redirect(&req, PATH, "token-revoked")?, cookie))
}
