//! Why a view did not produce a page. Each variant is an HTTP answer, and becomes a page in one place.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::iter;

use serde::Serialize;
use tracing::{error, warn};
use warp::http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::App;
use super::api::{self, Refusal};
use super::kept::Kept;
use super::login::Login;
use super::page::Page;
use super::response;
use crate::db;
use crate::pool::Rejected;

/// What a view returns.
pub(super) type Result<T> = std::result::Result<T, Error>;

/// How long a client is asked to wait when there is too much to do, in seconds.
const RETRY_SECONDS: u16 = 1;
/// How long a client is asked to wait when somebody has to mend something first, in seconds.
const MENDED_SECONDS: u16 = 60;

/// An answer that is no page of the site.
#[derive(Debug)]
pub(super) enum Error {
    /// To the login page.
    LoginRequired,
    /// 403: to the login page, which keeps what was sent.
    LoginRequiredToSend(Kept),
    /// 400: the form is not one of ours.
    BadRequest,
    /// 403: the post is another's.
    Forbidden,
    /// 403: the form was sent from another site.
    CrossSite,
    /// 403, in the view's words.
    ForbiddenBecause(&'static str),
    /// 404: there is no such page.
    NotFound,
    /// 404, in the view's words.
    NotFoundBecause(String),
    /// 405, with the methods that are allowed.
    MethodNotAllowed(&'static str),
    /// 408: the form did not arrive in time.
    TooSlow,
    /// 413: the form is over the limit.
    TooLarge,
    /// What only a program is told.
    Api(Refusal),
    /// 421: the request was for another host; this is our origin.
    Misdirected(String),
    /// 429: too many failed logins. So many seconds are to be waited.
    TooManyAttempts(u64),
    /// 503: a queue is full.
    Busy(String),
    /// 503: the disk does not work. Nothing was stored.
    Disk(String),
    /// 503: the database is damaged. Nothing is stored.
    Damaged(String),
    /// 503: it is stored, or is not.
    Unknown(String),
    /// 500: ours. Logged with its causes, which the visitor does not see.
    Internal(Box<dyn StdError + Send + Sync>),
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Full(why) | db::Error::Busy(why) => Self::Busy(why.to_owned()),
            db::Error::Disk(why) => Self::Disk(why.to_string()),
            db::Error::Damaged(why) => Self::Damaged(why.to_string()),
            db::Error::Unknown(why) => Self::Unknown(why.to_string()),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Full => Self::Busy("the queue of passwords is full".to_owned()),
            Rejected::Panicked => Self::Internal("a password thread panicked".into()),
        }
    }
}

impl From<tera::Error> for Error {
    fn from(error: tera::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.into())
    }
}

#[derive(Serialize)]
struct ErrorPage<'a> {
    code: u16,
    name: &'a str,
    description: &'a str,
}

impl Page for ErrorPage<'_> {
    const TEMPLATE: &'static str = "error.html";
}

impl Error {
    /// The answer to a request with this method and path: to a program a document, else a page.
    pub(super) fn into_response(self, app: &App, method: &Method, path: &str) -> Response {
        if let Self::LoginRequired = self {
            return response::redirect(method, "/auth/login");
        }
        self.log(app);
        let mut response =
            if api::has(path) { api::problem(self.status(), &self.description()) } else { self.page(app) };
        *response.status_mut() = self.status();
        self.add_fields(&mut response);
        response
    }

    fn page(&self, app: &App) -> Response {
        let status = self.status();
        let name = status.canonical_reason().unwrap_or_default();
        let rendered = match self {
            Self::LoginRequiredToSend(kept) => app.templates.render(&Login::to_send(kept.clone())),
            _ => app.templates.render(&ErrorPage { code: status.as_u16(), name, description: &self.description() }),
        };
        let html = match rendered {
            Ok(page) => page.for_reader(None),
            Err(error) => {
                error!(%error, "cannot render the error page");
                name.into()
            }
        };
        response::html(html)
    }

    /// Logs what the administrator should know, once, here.
    fn log(&self, app: &App) {
        match self {
            Self::Busy(why) | Self::Disk(why) | Self::Damaged(why) | Self::Unknown(why) => {
                app.busy_log.say(|unsaid| warn!("answered 503: {why}{unsaid}"));
            }
            Self::Internal(error) => error!(error = %with_causes(error.as_ref()), "answered 500"),
            _ => (),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::LoginRequired => StatusCode::SEE_OTHER,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::LoginRequiredToSend(_) | Self::Forbidden | Self::ForbiddenBecause(_) | Self::CrossSite => {
                StatusCode::FORBIDDEN
            }
            Self::NotFound | Self::NotFoundBecause(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Api(refusal) => refusal.status(),
            Self::Misdirected(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::Disk(_) | Self::Damaged(_) | Self::Unknown(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The original's words where it has some.
    fn description(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::Misdirected(origin) => return format!("There is no such site here. This one is at {origin}.").into(),
            Self::TooManyAttempts(seconds) => {
                return format!(
                    "There were too many failed attempts. Please try again in {seconds} seconds. A browser that was \
                     logged in before is not hindered by the attempts of others."
                )
                .into();
            }
            Self::Api(refusal) => return refusal.description(),
            Self::LoginRequired | Self::LoginRequiredToSend(_) => "",
            Self::BadRequest => "The browser (or proxy) sent a request that this server could not understand.",
            Self::Forbidden => {
                "You don't have the permission to access the requested resource. It is either read-protected or not \
                 readable by the server."
            }
            Self::CrossSite => "This was sent from another site. Open the page here, and send it again.",
            Self::NotFound => {
                "The requested URL was not found on the server. If you entered the URL manually please check your \
                 spelling and try again."
            }
            Self::ForbiddenBecause(why) => why,
            Self::NotFoundBecause(why) => why,
            Self::MethodNotAllowed(_) => "The method is not allowed for the requested URL.",
            Self::TooSlow => "The form took too long to arrive. Please send it again.",
            Self::TooLarge => "The data value transmitted exceeds the capacity limit.",
            Self::Busy(_) => "There is too much to do at the moment. Please try again in a few seconds.",
            Self::Disk(_) => {
                "The storage of this site does not work at the moment. Nothing that you sent was stored. Please try \
                 again in a few minutes."
            }
            Self::Damaged(_) => {
                "The storage of this site is damaged. What can still be read is shown, and nothing is stored until it \
                 is mended. Nothing that you sent was stored."
            }
            Self::Unknown(_) => {
                "It is not certain whether what you sent was stored. Please send it again in a few seconds: a post \
                 will not be there twice."
            }
            Self::Internal(_) => {
                "The server encountered an internal error and was unable to complete your request. Either the server \
                 is overloaded or there is an error in the application."
            }
        })
    }

    fn add_fields(&self, response: &mut Response) {
        match self {
            Self::MethodNotAllowed(allowed) => {
                response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
            }
            Self::Api(refusal) => refusal.add_fields(response),
            Self::TooManyAttempts(seconds) => {
                response.headers_mut().insert(RETRY_AFTER, (*seconds).into());
            }
            Self::Busy(_) | Self::Unknown(_) => {
                response.headers_mut().insert(RETRY_AFTER, RETRY_SECONDS.into());
            }
            Self::Disk(_) | Self::Damaged(_) => {
                response.headers_mut().insert(RETRY_AFTER, MENDED_SECONDS.into());
            }
            _ => (),
        }
    }
}

fn with_causes(error: &(dyn StdError + Send + Sync)) -> String {
    let causes = iter::successors(error.source(), |cause: &&dyn StdError| (*cause).source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
