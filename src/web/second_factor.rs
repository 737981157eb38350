//! Views: a second factor for one's account: set up, and taken away.

use serde::Serialize;
use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::page::{self, Page};
use super::request::Request;
use super::{account, flash};
use crate::db::{second_factors, sessions};
use crate::problem::Problem;
use crate::random;
use crate::second_factor::{RECOVERY_CODES, RecoveryCode, SECRET_BYTES, Secret};
use crate::user::{Password, User};

/// What the signature of a secret that is being set up is for.
const PURPOSE: &str = "second factor";

#[derive(Serialize)]
struct Setup {
    /// SVG of ours, not escaped.
    picture: String,
    secret_text: String,
    /// The secret, signed for this user.
    signed_secret: String,
    problem: Option<Problem>,
}

impl Page for Setup {
    const TEMPLATE: &'static str = "account/second_factor.html";
}

#[derive(Serialize)]
struct RecoveryCodes {
    codes: Vec<String>,
}

impl Page for RecoveryCodes {
    const TEMPLATE: &'static str = "account/recovery_codes.html";
}

/// Show a new secret, for an app to take.
pub(super) async fn form(req: Request) -> Result<Response> {
    let user = req.require_user().await?;
    show(&req, &user, &Secret::new(random::bytes()?), None).await
}

/// Turn it on, once the app has shown that it has the secret.
pub(super) async fn turn_on(mut req: Request) -> Result<Response> {
    let user = req.require_user().await?;
    let mut form = req.form().await?;
    let (signed, code, password) = (form.take("secret")?, form.take("code")?, Password::new(form.take("password")?));
    let secret = read(&req, &user, &signed).ok_or(Error::BadRequest)?;

    let account = match account::confirm(&req, &user, password, "password").await? {
        Ok(account) => account,
        Err(problem) => return show(&req, &user, &secret, Some(problem)).await,
    };
    let now = req.app().clock.now();
    let Some(step) = secret.check(&code, now) else {
        let problem = Problem::new("incorrect-code-clock").about("code");
        return show(&req, &user, &secret, Some(problem)).await;
    };
    let codes = (0..RECOVERY_CODES).map(|_| Ok(RecoveryCode::new(random::bytes()?))).collect::<Result<Vec<_>>>()?;
    let page = RecoveryCodes { codes: codes.iter().map(RecoveryCode::to_text).collect() };
    // Every other session was opened without it.
    let cookie = account::renew(&req, account, move |conn, id| {
        second_factors::insert(conn, id, &secret, step, &codes, now)?;
        sessions::delete_all_of(conn, id).map(drop)
    });
    let cookie = cookie.await?;
    say!(info, req.visitor(), user = user.id.0, "user {} turned the second factor on", user.id.0);
    Ok(account::with(page::show(&req, page).await?, cookie))
}

/// Turn it off.
pub(super) async fn turn_off(mut req: Request) -> Result<Response> {
    let session = req.require_session().await?;
    let password = Password::new(req.form().await?.take("password")?);
    let account = match account::confirm(&req, &session.user, password, "off_password").await? {
        Ok(account) => account,
        Err(problem) => return account::show(&req, &session, Err(problem)).await,
    };
    let cookie = account::renew(&req, account, |conn, id| {
        second_factors::delete(conn, id)?;
        sessions::delete_all_of(conn, id).map(drop)
    });
    let cookie = cookie.await?;
    say!(info, req.visitor(), user = session.user.id.0, "user {} turned the second factor off", session.user.id.0);
    Ok(account::with(flash::redirect(&req, account::PATH, "second-factor-turned-off")?, cookie))
}

async fn show(req: &Request, user: &User, secret: &Secret, problem: Option<Problem>) -> Result<Response> {
    let site = req.client().origin().and_then(|origin| origin.split("://").nth(1)).unwrap_or("Flaskr");
    let setup = Setup {
        picture: secret.to_picture(site, &user.username).unwrap_or_default(),
        secret_text: secret.to_text(),
        signed_secret: sign(req, user, secret),
        problem,
    };
    page::show(req, setup).await
}

/// Until the app has shown that it has it, a secret is in the form only.
fn sign(req: &Request, user: &User, secret: &Secret) -> String {
    let note = format!("{}~{}", user.id.0, base16ct::lower::encode_string(secret.as_bytes()));
    format!("{note}.{}", req.app().keys.sign(PURPOSE, &note))
}

fn read(req: &Request, user: &User, signed: &str) -> Option<Secret> {
    let (note, signature) = signed.split_once('.')?;
    let (id, secret) = note.split_once('~')?;
    let is_ours = id == user.id.0.to_string() && req.app().keys.verify(PURPOSE, note, signature);
    let secret = base16ct::lower::decode_vec(secret).ok().filter(|_| is_ours)?;
    <[u8; SECRET_BYTES]>::try_from(secret).ok().map(Secret::new)
}
