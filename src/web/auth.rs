//! Views: register, log in, log out.

use serde::Serialize;
use tracing::{info, warn};
use warp::reply::Response;

use super::error::{Error, Result};
use super::page::{self, Page};
use super::request::Request;
use super::response::redirect;
use super::session::{self, Authenticated};
use crate::db::users;
use crate::password::Verdict;
use crate::problem::Problem;
use crate::random;
use crate::user::{Password, Registration};

/// How often a login is tried anew because the stored password changed between the check and the session.
const LOGIN_TRIES_MAX: usize = 3;

#[derive(Serialize)]
struct Register {
    problem: Option<String>,
}

impl Page for Register {
    const TEMPLATE: &'static str = "auth/register.html";
}

#[derive(Serialize)]
struct Login {
    problem: Option<String>,
}

impl Page for Login {
    const TEMPLATE: &'static str = "auth/login.html";
}

#[derive(Serialize)]
struct Logout {}

impl Page for Logout {
    const TEMPLATE: &'static str = "auth/logout.html";
}

/// Show the form to register.
pub(super) async fn register_form(req: Request) -> Result<Response> {
    page::show(&req, Register { problem: None }).await
}

/// Register a new user.
pub(super) async fn register(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?;
    let registration = Registration::parse(form.take("username")?, Password::new(form.take("password")?));

    let problem = match registration {
        Ok(registration) => match add_user(&req, registration).await? {
            Ok(()) => return Ok(redirect(req.method(), "/auth/login")),
            Err(taken) => taken,
        },
        Err(problem) => problem,
    };
    page::show(&req, Register { problem: Some(problem.to_string()) }).await
}

async fn add_user(req: &Request, registration: Registration) -> Result<std::result::Result<(), Problem>> {
    let Registration { username, password } = registration;
    let taken = Problem::new(format!("User {} is already registered.", username.as_str()));
    let hash = req.app().passwords.hash(password, random::bytes()?).await??;
    let added = req.db().write(move |conn| users::insert(conn, &username, &hash)).await?;
    Ok(added.map(|_| ()).ok_or(taken))
}

/// Show the form to log in.
pub(super) async fn login_form(req: Request) -> Result<Response> {
    page::show(&req, Login { problem: None }).await
}

/// Log in a registered user: a new session with a new token.
pub(super) async fn login(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?;
    let (username, password) = (form.take("username")?, Password::new(form.take("password")?));

    for _ in 0..LOGIN_TRIES_MAX {
        match authenticate(&req, &username, &password).await? {
            Ok(who) => {
                if let Some(cookie) = session::open(&req, who).await? {
                    let mut response = redirect(req.method(), "/");
                    session::set(&mut response, cookie);
                    return Ok(response);
                }
            }
            Err(problem) => {
                log_failure(&req);
                return page::show(&req, Login { problem: Some(problem.to_string()) }).await;
            }
        }
    }
    Err(Error::Busy("a password kept changing during a login".to_owned()))
}

/// One line, always the same, for whoever counts failures. Not the name: people type their password there.
fn log_failure(req: &Request) {
    let address = req.client().address.map_or_else(|| "the Unix socket".to_owned(), |address| address.to_string());
    info!(client = address, "failed login from {address}");
}

/// Checks a name and a password. An unknown name costs the same time as a wrong password.
async fn authenticate(
    req: &Request,
    username: &str,
    password: &Password,
) -> Result<std::result::Result<Authenticated, Problem>> {
    let passwords = &req.app().passwords;
    let name = username.to_owned();
    let account = req.db().read(move |conn| users::find(conn, &name)).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let verdict = passwords.verify(password.clone(), stored).await?;

    let Some(account) = account else { return Ok(Err(Problem::new("Incorrect username."))) };
    let new_hash = match verdict {
        Verdict::Right => None,
        Verdict::RightButOutdated => Some(passwords.hash(password.clone(), random::bytes()?).await??),
        Verdict::Wrong => return Ok(Err(Problem::new("Incorrect password."))),
        Verdict::Unusable => {
            let id = account.user.id.0;
            warn!(user_id = id, "the stored password hash of user {id} cannot be used: set a new password");
            return Ok(Err(Problem::new("Incorrect password.")));
        }
    };
    Ok(Ok(Authenticated { account, new_hash }))
}

/// Log out, if the link is one of ours; ask on a page if another site sent the visitor here.
pub(super) async fn logout_link(req: Request) -> Result<Response> {
    if req.is_own() { logout(req).await } else { page::show(&req, Logout {}).await }
}

/// End the session.
pub(super) async fn logout(req: Request) -> Result<Response> {
    session::close(&req, redirect(req.method(), "/")).await
}
