//! Views: log in, with a password and with the code of a second factor where there is one.

use serde::Serialize;
use warp::http::header::HeaderValue;
use warp::reply::Response;

use super::arrival::say;
use super::error::{Error, Result};
use super::kept::Kept;
use super::page::{self, Page};
use super::request::Request;
use super::response::redirect;
use super::session::Opening;
use super::{cookies, links, pending_login, preferences, throttles};
use crate::config::RegistrationMode;
use crate::db::{self, Connection, second_factors, users};
use crate::password::Verdict;
use crate::problem::Problem;
use crate::random;
use crate::second_factor::Proof;
use crate::user::{Account, Password, User};

/// How often a login is tried anew because the stored password changed between the check and the session.
const LOGIN_TRIES_MAX: usize = 3;

/// Most characters of a name in a log line.
const NAME_CHARS_MAX: usize = 64;

/// The form for the password.
#[derive(Default, Serialize)]
pub(super) struct Login {
    problem: Option<Problem>,
    kept: Option<Kept>,
}

impl Login {
    /// For who wrote something while their session ended.
    pub(super) fn to_send(kept: Kept) -> Self {
        Self { problem: Some(Problem::new("logged-out-kept")), kept: Some(kept) }
    }

    fn again(problem: Problem, kept: Option<Kept>) -> Self {
        Self { problem: Some(problem), kept }
    }
}

impl Page for Login {
    const TEMPLATE: &'static str = "auth/login.html";
}

#[derive(Serialize)]
struct Code {
    /// Says, signed, whose password was right.
    login: String,
    problem: Option<Problem>,
    kept: Option<Kept>,
}

impl Page for Code {
    const TEMPLATE: &'static str = "auth/code.html";
}

/// Show the form to log in.
pub(super) async fn login_form(req: Request) -> Result<Response> {
    page::show(&req, Login::default()).await
}

/// Log in a registered user: a new session with a new token. Where there is a second factor, ask for it first.
pub(super) async fn login(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?;
    let (username, password) = (form.take("username")?, Password::new(form.take("password")?));
    let kept = Kept::take_from(&mut form);

    let throttled = |_: &Error| req.app().meters.logins_throttled.count();
    let mut attempt = req.app().throttles.login(&req, &username).await.inspect_err(throttled)?;
    for _ in 0..LOGIN_TRIES_MAX {
        let authenticated;
        (authenticated, attempt) = attempt.settle(authenticate(&req, &username, &password).await).await?;
        let account = match authenticated {
            Ok(account) => account,
            Err(Failure { problem, user }) => {
                log_failure(&req, user.as_ref());
                return page::show(&req, Login::again(problem, kept)).await;
            }
        };
        let user = account.user.id;
        if req.db().read(move |conn| second_factors::find(conn, user)).await?.is_some() {
            attempt.forgive().await;
            let login = pending_login::sign(&req, &account);
            return page::show(&req, Code { login, problem: None, kept }).await;
        }
        if let Some(cookie) = open(&req, &account, |_| Ok(true)).await? {
            attempt.forgive().await;
            return logged_in(&req, &account, cookie, "a password", kept).await;
        }
    }
    Err(Error::Busy("a password kept changing during a login".to_owned()))
}

/// The form for the code stands behind the one for the password.
pub(super) async fn code_form(req: Request) -> Result<Response> {
    Ok(redirect(req.method(), "/auth/login"))
}

/// Finish a login with the code that the app shows, or one from paper.
pub(super) async fn code(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?;
    let (login, code) = (form.take("login")?, form.take("code")?);
    let kept = Kept::take_from(&mut form);
    let Some(account) = pending_login::read(&req, &login).await? else {
        let problem = Problem::new("login-took-too-long");
        return page::show(&req, Login::again(problem, kept)).await;
    };
    let user = account.user.id;
    req.app().throttles.code(&req, user).await.inspect_err(|_| req.app().meters.logins_throttled.count())?;
    if let Some(cookie) = open_with_code(&req, &account, &code).await? {
        req.app().throttles.forgive_code(&req, user).await;
        return logged_in(&req, &account, cookie, "a password and a code", kept).await;
    }
    log_failure(&req, Some(&account.user));
    page::show(&req, Code { login, problem: Some(Problem::new("incorrect-code").about("code")), kept }).await
}

/// The cookie of a new session, if the code is right and was not used before.
async fn open_with_code(req: &Request, account: &Account, typed: &str) -> Result<Option<HeaderValue>> {
    let user = account.user.id;
    let Some(secret) = req.db().read(move |conn| second_factors::find(conn, user)).await? else { return Ok(None) };
    let proof = Proof::read(&secret, typed, req.app().clock.now());
    open(req, account, move |conn| second_factors::use_up(conn, user, &proof)).await
}

/// The cookie of a new session, if this last condition holds and the account is still as it was.
async fn open(
    req: &Request,
    account: &Account,
    condition: impl FnOnce(Connection<'_>) -> db::Result<bool> + Send + 'static,
) -> Result<Option<HeaderValue>> {
    let (opening, cookie) = Opening::new(req)?;
    let account = account.clone();
    let opened = req.db().write(move |conn| Ok(condition(conn)? && opening.open(conn, &account)?)).await?;
    Ok(opened.then_some(cookie))
}

/// To the front page, or to what was written before.
async fn logged_in(
    req: &Request,
    account: &Account,
    cookie: HeaderValue,
    proof: &str,
    kept: Option<Kept>,
) -> Result<Response> {
    let (user_id, address) = (account.user.id.0, req.client().shown_address());
    req.app().meters.logins_succeeded.count();
    req.visitor().has_proven(account.user.id);
    say!(info, req.visitor(), user = user_id, "user {user_id} logged in from {address} with {proof}");
    let mut response = match kept {
        Some(kept) => kept.resume(req, &account.user).await?,
        None => redirect(req.method(), links::FRONT),
    };
    cookies::set(&mut response, cookie);
    cookies::set(&mut response, throttles::device_cookie(req, &account.user.username)?);
    preferences::bring(req, &mut response, &account.user).await?;
    Ok(response)
}

/// One line, always the same, for whoever counts failures, as `systemd/fail2ban/flaskr.conf` does. The name is that of an
/// account, which anybody may read here: what nobody is called may be a password in the wrong field. It is written so that
/// no name can end the quotation, and the address stands behind it.
fn log_failure(req: &Request, user: Option<&User>) {
    req.app().meters.logins_failed.count();
    let name = user.map_or_else(|| "an unknown name".to_owned(), |user| quoted(&user.username));
    let address = req.client().shown_address();
    say!(info, req.visitor(), user = None::<i64>, "failed login for {name} from {address}");
}

/// A name in quotes, with an escape for what would end them or not show. Names of the original are of any length.
fn quoted(name: &str) -> String {
    let end = name.char_indices().nth(NAME_CHARS_MAX).map_or(name.len(), |(end, _)| end);
    format!("{:?}", name.get(..end).unwrap_or_default())
}

/// Why nobody was let in, and whose account it was, if it is anybody's.
struct Failure {
    problem: Problem,
    user: Option<User>,
}

/// Checks a name and a password. An unknown name costs the same time as a wrong password.
async fn authenticate(
    req: &Request,
    username: &str,
    password: &Password,
) -> Result<std::result::Result<Account, Failure>> {
    let passwords = &req.app().passwords;
    let name = username.to_owned();
    let account = req.db().read(move |conn| users::find(conn, &name)).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let verdict = passwords.verify(password.clone(), stored).await?;

    let Some(account) = account else {
        return Ok(Err(Failure { problem: wrong(req, "incorrect-username", "username"), user: None }));
    };
    let failure = |problem| Ok(Err(Failure { problem, user: Some(account.user.clone()) }));
    let account = match verdict {
        Verdict::Right => account.clone(),
        Verdict::RightButOutdated => upgrade(req, account.clone(), password).await?,
        Verdict::Wrong => return failure(wrong(req, "incorrect-password", "password")),
        Verdict::Unusable => {
            let id = account.user.id.0;
            say!(
                warn,
                req.visitor(),
                user = id,
                "the stored password hash of user {id} cannot be used: set a new password"
            );
            return failure(wrong(req, "incorrect-password", "password"));
        }
    };
    if account.is_disabled {
        let user = Some(account.user);
        return Ok(Err(Failure { problem: Problem::new("account-disabled"), user }));
    }
    Ok(Ok(account))
}

/// The original tells a wrong name from a wrong password, as its form to register does anyway. Where not everybody may
/// register, nobody learns who has.
fn wrong(req: &Request, what: &'static str, field: &'static str) -> Problem {
    let everybody_knows = req.app().config.registration == RegistrationMode::Open;
    if everybody_knows { Problem::new(what).about(field) } else { Problem::new("incorrect-login") }
}

/// Puts a new hash in the place of one of another kind or cost. If it is another by now, that is found out later.
async fn upgrade(req: &Request, mut account: Account, password: &Password) -> Result<Account> {
    let new_hash = req.app().passwords.hash(password.clone(), random::bytes()?).await??;
    let (id, old_hash, stored) = (account.user.id, account.password_hash.clone(), new_hash.clone());
    if req.db().write(move |conn| users::replace_password(conn, id, &old_hash, &stored)).await? {
        account.password_hash = new_hash;
    }
    Ok(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name can neither end its quotation nor begin a line, and is not long.
    #[test]
    fn names_are_quoted() {
        assert_eq!(quoted("ada"), r#""ada""#);
        assert_eq!(quoted("x\" from 203.0.113.9"), r#""x\" from 203.0.113.9""#);
        assert_eq!(quoted("x\\\" from 203.0.113.9"), r#""x\\\" from 203.0.113.9""#);
        assert_eq!(quoted("a\nb\u{202e}\u{2028}"), r#""a\nb\u{202e}\u{2028}""#);
        assert_eq!(quoted("한글"), r#""한글""#);
        assert_eq!(quoted(&"x".repeat(65)), format!("\"{}\"", "x".repeat(64)));
    }
}
