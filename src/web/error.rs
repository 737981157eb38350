//! Why a view did not produce a page. Each variant is an HTTP answer, and becomes a page in one place.

use std::error::Error as StdError;
use std::iter;

use serde::Serialize;
use warp::http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::App;
use super::api::{self, Refusal};
use super::arrival::say;
use super::audience::Reader;
use super::kept::Kept;
use super::login::Login;
use super::page::Page;
use super::response;
use super::visitor::Visitor;
use crate::db;
use crate::message::Message;
use crate::pool::Rejected;
use crate::theme::Fault;

/// What a view returns.
pub(super) type Result<T> = std::result::Result<T, Error>;

/// How long a client is asked to wait when there is too much to do, in seconds.
const RETRY_SECONDS: u16 = 1;
/// How long a client is asked to wait when the database is away, in seconds: a standby takes over in as long.
const AWAY_SECONDS: u16 = 5;
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
    /// 403, with this message.
    ForbiddenBecause(&'static str),
    /// 404: there is no such page.
    NotFound,
    /// 404, with this message.
    NotFoundBecause(Message),
    /// 405, with the methods that are allowed.
    MethodNotAllowed(&'static str),
    /// 408: the form did not arrive in time.
    TooSlow,
    /// 413: the form is over the limit.
    TooLarge,
    /// What only a program is told.
    Api(Refusal),
    /// 421: the request was for another host; this is our address.
    Misdirected(String),
    /// 429: too many failed logins. So many seconds are to be waited.
    TooManyAttempts(u64),
    /// 503: a queue is full.
    Busy(String),
    /// 503: the disk does not work. Nothing was stored.
    Disk(String),
    /// 503: the database cannot be reached. Nothing was stored.
    Away(String),
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
            db::Error::Away(why) => Self::Away(why.to_string()),
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

impl From<Fault> for Error {
    fn from(error: Fault) -> Self {
        Self::Internal(error.into())
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.into())
    }
}

#[derive(Serialize)]
struct ErrorPage {
    code: u16,
    message: Message,
    /// What the log calls the request, if the fault is ours.
    incident: Option<String>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";
}

impl Error {
    /// The answer to this visitor's request with this method and path: to a program a document, else a page.
    pub(super) fn into_response(self, app: &App, method: &Method, path: &str, visitor: &Visitor) -> Response {
        if let Self::LoginRequired = self {
            return response::redirect(method, "/auth/login");
        }
        let incident = self.log(app, visitor);
        let mut response = if api::has(path) { self.document() } else { self.page(app, visitor, incident) };
        *response.status_mut() = self.status();
        self.add_fields(&mut response);
        response
    }

    fn document(&self) -> Response {
        match self {
            Self::Api(refusal) => api::problem(self.status(), &refusal.description()),
            Self::LoginRequired | Self::LoginRequiredToSend(_) => api::problem(self.status(), ""),
            _ => api::problem(self.status(), &self.message().to_string()),
        }
    }

    fn page(&self, app: &App, visitor: &Visitor, incident: Option<String>) -> Response {
        let status = self.status();
        let rendered = if let Self::LoginRequiredToSend(kept) = self {
            app.templates.render(&Login::to_send(kept.clone()), visitor.look)
        } else {
            let page = ErrorPage { code: status.as_u16(), message: self.message(), incident };
            app.templates.render(&page, visitor.look)
        };
        let html = match rendered {
            Ok(page) => page.for_reader(&Reader::new(visitor.known())),
            Err(error) => {
                say!(error, visitor, "cannot render the error page: {error}");
                status.canonical_reason().unwrap_or_default().into()
            }
        };
        response::html(html)
    }

    /// Logs what the administrator should know, once, here. Where the fault is ours, the visitor is told too what the log
    /// calls the request.
    fn log(&self, app: &App, visitor: &Visitor) -> Option<String> {
        let (status, arrival) = (self.status().as_u16(), visitor.arrival());
        let duration_us = u64::try_from(arrival.at.elapsed().as_micros()).unwrap_or(u64::MAX);
        match self {
            Self::Busy(why) | Self::Disk(why) | Self::Away(why) | Self::Damaged(why) | Self::Unknown(why) => {
                app.busy_log.say(|unsaid| say!(warn, visitor, status, duration_us, "answered 503: {why}{unsaid}"));
                None
            }
            Self::Internal(error) => {
                let (id, why) = (arrival.id(), with_causes(error.as_ref()));
                say!(error, visitor, status, duration_us, "answered 500, request {id}: {why}");
                Some(id.to_owned())
            }
            _ => None,
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
            Self::Busy(_) | Self::Disk(_) | Self::Away(_) | Self::Damaged(_) | Self::Unknown(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What it says, in the original's words where it has some. What only a program is told is no message.
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Misdirected(origin) => return Message::new("misdirected").with("origin", origin.as_str()),
            Self::TooManyAttempts(seconds) => return Message::new("too-many-attempts").with("seconds", *seconds),
            Self::NotFoundBecause(why) => return why.clone(),
            Self::ForbiddenBecause(why) => why,
            Self::BadRequest | Self::LoginRequired | Self::LoginRequiredToSend(_) | Self::Api(_) => "bad-request",
            Self::Forbidden => "forbidden",
            Self::CrossSite => "cross-site",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed(_) => "method-not-allowed",
            Self::TooSlow => "too-slow",
            Self::TooLarge => "too-large",
            Self::Busy(_) => "busy",
            Self::Disk(_) => "disk-broken",
            Self::Away(_) => "database-away",
            Self::Damaged(_) => "database-damaged",
            Self::Unknown(_) => "outcome-unknown",
            Self::Internal(_) => "internal-error",
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
            Self::Away(_) => {
                response.headers_mut().insert(RETRY_AFTER, AWAY_SECONDS.into());
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
