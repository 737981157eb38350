//! What is wrong, as a program reads it: RFC 9457, with the words of the site's pages.

use std::borrow::Cow;

use serde::Serialize;
use warp::http::StatusCode;
use warp::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use warp::reply::Response;

use crate::api_token::Scope;
use crate::problem::Problem;
use crate::web::error::Error;
use crate::web::response;

const MEDIA_TYPE: &str = "application/problem+json";

/// Why a program does not get what it wants, where a page never says so.
#[derive(Debug)]
pub(in crate::web) enum Refusal {
    /// 401: there is no token, and has to be one.
    NoToken,
    /// 401: the token is none of ours, or is over.
    WrongToken,
    /// 403: the token is not good for this, but one of this scope is.
    WrongScope(Scope),
    /// 400: the body is no JSON, or a field of the header nothing that can be read.
    Malformed(String),
    /// 404: no list is of all that was asked for together.
    NoSuchList,
    /// 409: what is stored is not such that this could be done.
    Unfinished(String),
    /// 412: something else is stored by now.
    Outdated,
    /// 415: the body is to be of this type.
    WrongMediaType(&'static str),
    /// 422: a field or a parameter is wrong, or not known.
    Invalid(String),
    /// 429: in these words; so many seconds are to be waited.
    TooMany(String, u64),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Api(refusal)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Invalid(problem.to_string())
    }
}

impl Refusal {
    /// The status.
    pub(in crate::web) fn status(&self) -> StatusCode {
        match self {
            Self::NoToken | Self::WrongToken => StatusCode::UNAUTHORIZED,
            Self::WrongScope(_) => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NoSuchList => StatusCode::NOT_FOUND,
            Self::Unfinished(_) => StatusCode::CONFLICT,
            Self::Outdated => StatusCode::PRECONDITION_FAILED,
            Self::WrongMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(..) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// What is wrong, and what to do.
    pub(in crate::web) fn description(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::NoToken => {
                "This needs a token, in a field `Authorization: Bearer flaskr_…`. /account/tokens makes one."
            }
            Self::WrongToken => {
                "The token is wrong, has ended, or was revoked. /account/tokens shows those that are good."
            }
            Self::WrongScope(scope) => {
                return format!("The token is not good for this: it needs the scope \"{}\".", scope.as_str()).into();
            }
            Self::NoSuchList => {
                "There is no such list: `author`, `q` and `tag` exclude each other, as do `after` and `before`; `from` goes \
                 with `q` alone."
            }
            Self::Outdated => {
                "This was changed meanwhile. Nothing of yours is stored: get it again, and send the change again."
            }
            Self::WrongMediaType(expected) => return format!("The body has to be of the type {expected}.").into(),
            Self::Malformed(why) | Self::Unfinished(why) | Self::Invalid(why) | Self::TooMany(why, _) => why,
        })
    }

    /// Adds what of the header depends on it. <https://www.rfc-editor.org/rfc/rfc6750#section-3>
    pub(in crate::web) fn add_fields(&self, response: &mut Response) {
        let challenge = match self {
            Self::TooMany(_, seconds) => {
                response.headers_mut().insert(RETRY_AFTER, (*seconds).into());
                return;
            }
            Self::NoToken => "Bearer realm=\"Flaskr\"",
            Self::WrongToken => "Bearer realm=\"Flaskr\", error=\"invalid_token\"",
            Self::WrongScope(Scope::Read) => "Bearer realm=\"Flaskr\", error=\"insufficient_scope\", scope=\"read\"",
            Self::WrongScope(Scope::Write) => "Bearer realm=\"Flaskr\", error=\"insufficient_scope\", scope=\"write\"",
            _ => return,
        };
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
}

/// The members of RFC 9457, 3.1. A type of its own would say no more than the status does.
#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
}

/// The body that says what is wrong.
pub(in crate::web) fn problem(status: StatusCode, description: &str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let document = Document { r#type: "about:blank", title, status: status.as_u16(), detail: description };
    // Texts and a number can always be written.
    response::of_type(MEDIA_TYPE, serde_json::to_string(&document).unwrap_or_default())
}
