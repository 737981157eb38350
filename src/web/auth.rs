//! Views: register, log out.

use serde::Serialize;
use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::page::{self, Page};
use super::request::Request;
use super::{flash, links, new_password, session};
use crate::config::RegistrationMode;
use crate::db::{invites, users};
use crate::problem::Problem;
use crate::token::Token;
use crate::user::{Password, Registration};

#[derive(Serialize)]
struct Register {
    /// The code of the invite, where one is needed.
    invite: Option<String>,
    length_min: usize,
    problem: Option<Problem>,
}

impl Page for Register {
    const TEMPLATE: &'static str = "auth/register.html";
}

#[derive(Serialize)]
struct Logout {}

impl Page for Logout {
    const TEMPLATE: &'static str = "auth/logout.html";
}

/// Show the form to register.
pub(super) async fn register_form(req: Request) -> Result<Response> {
    let invite = req.query("invite");
    admit(&req, invite.as_deref()).await?;
    show_register(&req, invite, None).await
}

/// Register a new user.
pub(super) async fn register(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?;
    let invite = form.take_optional("invite");
    let invited = admit(&req, invite.as_deref()).await?;
    let registration = Registration::parse(form.take("username")?, Password::new(form.take("password")?));

    let problem = match registration {
        Ok(registration) => match add_user(&req, registration, invited).await? {
            Ok(()) => return flash::redirect(&req, "/auth/login", "registered"),
            Err(problem) => problem,
        },
        Err(problem) => problem,
    };
    show_register(&req, invite, Some(problem)).await
}

async fn show_register(req: &Request, invite: Option<String>, problem: Option<Problem>) -> Result<Response> {
    let invite = invite.filter(|_| req.app().config.registration == RegistrationMode::Invite);
    let length_min = req.app().config.password.length_min;
    page::show(req, Register { invite, length_min, problem }).await
}

/// Whether whoever sent this may register, and with which invite.
async fn admit(req: &Request, invite: Option<&str>) -> Result<Option<Token>> {
    match req.app().config.registration {
        RegistrationMode::Open => return Ok(None),
        RegistrationMode::Closed => return Err(Error::ForbiddenBecause("registration-closed")),
        RegistrationMode::Invite => (),
    }
    if let Some(invite) = invite.and_then(Token::from_text) {
        let (code, now) = (invite.clone(), req.app().clock.now());
        if req.db().read(move |conn| invites::is_good(conn, &code, now)).await? {
            return Ok(Some(invite));
        }
    }
    Err(Error::ForbiddenBecause("registration-by-invite"))
}

/// What came of an attempt to add a user.
enum Added {
    Yes(i64),
    Taken,
    InviteUsed,
}

async fn add_user(
    req: &Request,
    registration: Registration,
    invite: Option<Token>,
) -> Result<std::result::Result<(), Problem>> {
    let Registration { username, password } = registration;
    let attempt = req.app().throttles.address(req).await?; // a registration counts as a failure does
    let hash = match attempt.settle(new_password::hash(req, password, username.as_str()).await).await? {
        (Ok((hash, _)), _) => hash,
        (Err(problem), attempt) => {
            attempt.forgive().await;
            return Ok(Err(problem));
        }
    };
    let (name, now) = (username.clone(), req.app().clock.now());
    let added = req.db().write(move |conn| {
        if let Some(invite) = &invite
            && !invites::is_good(conn, invite, now)?
        {
            return Ok(Added::InviteUsed);
        }
        let Some(id) = users::insert(conn, &username, &hash)? else { return Ok(Added::Taken) };
        if let Some(invite) = &invite {
            invites::delete(conn, invite)?;
        }
        Ok(Added::Yes(id.0))
    });
    Ok(match added.await? {
        Added::Yes(user_id) => {
            req.app().meters.registrations.count();
            say!(info, req.visitor(), user = user_id, "user {user_id} registered");
            Ok(())
        }
        Added::Taken => Err(Problem::new("user-taken").with("username", name.as_str()).about("username")),
        Added::InviteUsed => return Err(Error::ForbiddenBecause("invite-used")),
    })
}

/// Log out, if the link is one of ours; ask on a page if another site sent the visitor here.
pub(super) async fn logout_link(req: Request) -> Result<Response> {
    if req.is_own() { logout(req).await } else { page::show(&req, Logout {}).await }
}

/// End the session.
pub(super) async fn logout(req: Request) -> Result<Response> {
    session::close(&req, flash::redirect(&req, links::FRONT, "logged-out")?).await
}
