//! Views: one's own account: the password, the sessions, the second factor.

use serde::Serialize;
use warp::http::header::HeaderValue;
use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::page::{self, Page};
use super::request::Request;
use super::session::Opening;
use super::{comments, cookies, flash, links, new_password};
use crate::clock;
use crate::db::{self, Connection, profiles, second_factors, sessions, users};
use crate::message::Message;
use crate::password::{Strength, Verdict};
use crate::problem::Problem;
use crate::session::Session;
use crate::user::{Account, Password, User, UserId};

/// Where a view here leads back to.
pub(super) const PATH: &str = "/account";

#[derive(Serialize)]
struct Overview {
    sessions: Vec<ListedSession>,
    has_second_factor: bool,
    recovery_codes_left: i64,
    length_min: usize,
    has_comments: bool,
    /// What the user says of themselves.
    line: String,
    /// Where their posts are.
    user_path: String,
    /// What was done, if this answers a form.
    done: Option<Message>,
    problem: Option<Problem>,
}

impl Page for Overview {
    const TEMPLATE: &'static str = "account/overview.html";
}

#[derive(Serialize)]
struct ListedSession {
    id: String,
    created: String,
    seen: String,
    address: String,
    agent: String,
    is_this: bool,
}

/// Show the account.
pub(super) async fn overview(req: Request) -> Result<Response> {
    let session = req.require_session().await?;
    show(&req, &session, Ok(None)).await
}

/// Set a new password: every session ends, and this browser gets a new one.
pub(super) async fn set_password(mut req: Request) -> Result<Response> {
    let session = req.require_session().await?;
    let mut form = req.form().await?;
    let (old, new) = (Password::new(form.take("password")?), Password::new(form.take("new_password")?));

    let account = match confirm(&req, &session.user, old, "password").await? {
        Ok(account) => account,
        Err(problem) => return show(&req, &session, Err(problem)).await,
    };
    let (hash, strength) = match new_password::hash(&req, new, &account.user.username).await? {
        Ok(hash) => hash,
        Err(problem) => return show(&req, &session, Err(problem.about("new_password"))).await,
    };
    replace_password(&req, account, hash, strength).await
}

async fn replace_password(req: &Request, account: Account, hash: String, strength: Strength) -> Result<Response> {
    let (opening, cookie) = Opening::new(req)?;
    let user_id = account.user.id.0;
    let session = req.db().write(move |conn| {
        let user = account.user.id;
        if !users::replace_password(conn, user, &account.password_hash, &hash)? {
            return Ok(None);
        }
        opening.open_alone(conn, &Account { password_hash: hash.clone(), ..account.clone() })
    });
    let session = session.await?.ok_or_else(|| Error::Busy("a password was changed twice at once".to_owned()))?;
    say!(info, req.visitor(), user = user_id, "user {user_id} set a new password");
    let done = Message::new("password-changed").with("strength", strength.as_str());
    Ok(with(show(req, &session, Ok(Some(done))).await?, cookie))
}

/// End one session, or every one but this.
pub(super) async fn end_sessions(mut req: Request) -> Result<Response> {
    let session = req.require_session().await?;
    let mut form = req.form().await?;
    let (id, password) = (form.take("session")?, Password::new(form.take("password")?));
    let id = if id == "others" { None } else { Some(base16ct::lower::decode_vec(&id).map_err(|_| Error::BadRequest)?) };

    let account = match confirm(&req, &session.user, password, "sessions_password").await? {
        Ok(account) => account,
        Err(problem) => return show(&req, &session, Err(problem)).await,
    };
    let cookie = renew(&req, account, move |conn, user| match id {
        Some(id) => sessions::delete_of(conn, user, &id).map(drop),
        None => sessions::delete_all_of(conn, user).map(drop),
    });
    let cookie = cookie.await?;
    Ok(with(flash::redirect(&req, PATH, "sessions-ended")?, cookie))
}

/// Does what needed the password, and gives this browser a new session, since it has just proven anew who it is.
pub(super) async fn renew(
    req: &Request,
    account: Account,
    change: impl FnOnce(Connection<'_>, UserId) -> db::Result<()> + Send + 'static,
) -> Result<HeaderValue> {
    let (opening, cookie) = Opening::new(req)?;
    let renewed = req.db().write(move |conn| {
        change(conn, account.user.id)?;
        opening.open(conn, &account)
    });
    if renewed.await? { Ok(cookie) } else { Err(Error::LoginRequired) }
}

/// A response that sets a cookie.
pub(super) fn with(mut response: Response, cookie: HeaderValue) -> Response {
    cookies::set(&mut response, cookie);
    response
}

/// Asks for the password again, which was typed into this field, before something that matters is changed. The account
/// as it is stored.
pub(super) async fn confirm(
    req: &Request,
    user: &User,
    password: Password,
    field: &'static str,
) -> Result<std::result::Result<Account, Problem>> {
    let id = user.id;
    let attempt = req.app().throttles.login(req, &user.username).await?;
    let account = req.db().read(move |conn| users::get(conn, id)).await?.ok_or(Error::LoginRequired)?;
    let verdict = req.app().passwords.verify(password, Some(account.password_hash.clone())).await;
    let (verdict, attempt) = attempt.settle(verdict.map_err(Error::from)).await?;
    if !matches!(verdict, Verdict::Right | Verdict::RightButOutdated) {
        let (user_id, address) = (id.0, req.client().shown_address());
        say!(
            warn,
            req.visitor(),
            user = user_id,
            "user {user_id} gave a wrong password on their account's page, from {address}"
        );
        return Ok(Err(Problem::new("incorrect-password").about(field)));
    }
    attempt.forgive().await;
    Ok(Ok(account))
}

/// The page, with what was done or what is wrong.
pub(super) async fn show(
    req: &Request,
    this: &Session,
    outcome: std::result::Result<Option<Message>, Problem>,
) -> Result<Response> {
    let expiry = req.app().config.session.expiry(req.app().clock.now());
    let user = this.user.clone();
    let read = req.db().read(move |conn| {
        let (line, second_factor) = (profiles::find(conn, &user)?, second_factors::find(conn, user.id)?);
        let recovery_codes_left = second_factors::recovery_codes_left(conn, user.id)?;
        Ok((sessions::of_user(conn, user.id, expiry)?, line, second_factor, recovery_codes_left))
    });
    let (sessions, line, second_factor, recovery_codes_left) = read.await?;
    let (done, problem) = match outcome {
        Ok(done) => (done, None),
        Err(problem) => (None, Some(problem)),
    };
    let overview = Overview {
        sessions: sessions.into_iter().map(|session| listed(session, this)).collect(),
        has_second_factor: second_factor.is_some(),
        recovery_codes_left,
        length_min: req.app().config.password.length_min,
        has_comments: comments::are_on(req),
        line: line.unwrap_or_default(),
        user_path: links::user(&this.user.username),
        done,
        problem,
    };
    page::show_to(req, &overview, Some(&this.user)).await
}

fn listed(session: Session, this: &Session) -> ListedSession {
    ListedSession {
        is_this: session.id == this.id,
        id: base16ct::lower::encode_string(&session.id),
        created: clock::as_text(session.created),
        seen: clock::as_text(session.seen),
        address: session.origin.address,
        agent: session.origin.agent,
    }
}
