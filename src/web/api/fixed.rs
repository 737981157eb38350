//! Views: whose token it is, and the description of the API.

use jiff::Timestamp;
use serde::Serialize;
use warp::http::StatusCode;
use warp::reply::Response;

use super::body::JSON;
use super::document::{self, Document};
use super::{DESCRIPTION, bearer, site};
use crate::api_token::Scope;
use crate::web::error::{Error, Result};
use crate::web::links;
use crate::web::look::Look;
use crate::web::page::{self, Page};
use crate::web::rendered::Rendered;
use crate::web::request::Request;
use crate::web::templates::Templates;

/// Whose token it is.
#[derive(Serialize)]
struct Me {
    name: String,
    url: String,
    is_moderator: bool,
    token: Token,
}

#[derive(Serialize)]
struct Token {
    name: String,
    scope: &'static str,
    expires: Option<Timestamp>,
}

impl Document for Me {}

/// Say whose token it is, and what it is good for.
pub(super) async fn me(req: Request) -> Result<Response> {
    let token = bearer::require(&req, Scope::Read).await?;
    let (user, site) = (token.user, site(&req)?);
    let me = Me {
        url: format!("{site}{}", links::user(&user.username)),
        is_moderator: user.is_moderator(),
        name: user.username,
        token: Token { name: token.name, scope: token.scope.as_str(), expires: token.expires },
    };
    document::send(&req, StatusCode::OK, &me).await
}

/// What stands in the source for where the paths of the description begin.
const SERVER: &str = "\"url\": \"/\"";

/// The description, as it is in the source.
#[derive(Serialize)]
struct Description;

impl Page for Description {
    const TEMPLATE: &'static str = "";
    const MEDIA_TYPE: &'static str = JSON;

    fn render(&self, templates: &Templates, _: Look) -> Result<Rendered> {
        let description = include_str!("openapi.json");
        Ok(Rendered::plain(match templates.base_path() {
            "" => description.to_owned(),
            path => description.replace(SERVER, &format!("\"url\": \"{path}\"")),
        }))
    }
}

/// Send the description of the API: <https://spec.openapis.org/oas/v3.1.1>.
pub(super) async fn description(req: Request) -> Result<Response> {
    bearer::holder(&req).await?;
    page::shared_alike(&req, DESCRIPTION, |_| Ok(Some(Description))).await?.ok_or(Error::NotFound)
}
