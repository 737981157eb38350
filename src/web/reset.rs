//! Views: set a new password with a link from the administrator.

use serde::Serialize;
use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::page::{self, Page};
use super::request::Request;
use super::{flash, new_password};
use crate::db::{reset_links, sessions, users};
use crate::problem::Problem;
use crate::token::Token;
use crate::user::{Account, Password};

#[derive(Serialize)]
struct Reset<'a> {
    code: &'a str,
    username: &'a str,
    length_min: usize,
    problem: Option<Problem>,
}

impl Page for Reset<'_> {
    const TEMPLATE: &'static str = "auth/reset.html";
}

/// Show the form for a new password.
pub(super) async fn form(req: Request) -> Result<Response> {
    let code = req.query("code").unwrap_or_default();
    let (_, account) = find(&req, &code).await?;
    show(&req, &code, &account, None).await
}

/// Set the new password, end every session, and use the link up.
pub(super) async fn reset(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?;
    let (code, password) = (form.take("code")?, Password::new(form.take("password")?));
    let attempt = req.app().throttles.address(&req).await?;
    let ((link, account), attempt) = attempt.settle(find(&req, &code).await).await?;
    attempt.forgive().await; // it is no guess
    let hash = match new_password::hash(&req, password, &account.user.username).await? {
        Ok((hash, _)) => hash,
        Err(problem) => return show(&req, &code, &account, Some(problem)).await,
    };
    let user = account.user.id;
    let set = req.db().write(move |conn| {
        if !users::replace_password(conn, user, &account.password_hash, &hash)? {
            return Ok(false);
        }
        sessions::delete_all_of(conn, user)?;
        reset_links::delete(conn, &link)?;
        Ok(true)
    });
    if !set.await? {
        return Err(void());
    }
    say!(info, req.visitor(), user = user.0, "user {} set a new password with a link", user.0);
    flash::redirect(&req, "/auth/login", "password-set")
}

async fn show(req: &Request, code: &str, account: &Account, problem: Option<Problem>) -> Result<Response> {
    let (username, length_min) = (account.user.username.as_str(), req.app().config.password.length_min);
    page::show(req, Reset { code, username, length_min, problem }).await
}

/// The link and whose password it sets.
async fn find(req: &Request, code: &str) -> Result<(Token, Account)> {
    let link = Token::from_text(code).ok_or_else(void)?;
    let (code, now) = (link.clone(), req.app().clock.now());
    let account = req.db().read(move |conn| reset_links::find(conn, &code, now)).await?;
    Ok((link, account.ok_or_else(void)?))
}

fn void() -> Error {
    Error::ForbiddenBecause("link-void")
}
