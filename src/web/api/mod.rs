//! The API for programs: the same posts, drafts and comments, as JSON.
//!
//! Who asks is said by a token alone (`bearer.rs`); cookies count for nothing here, and tokens for nothing elsewhere.
//! `openapi.json` says what there is; `tests/web/api/` holds it to the map in `routes.rs` and to every answer.

mod bearer;
mod body;
mod comments;
mod document;
mod drafts;
mod fixed;
mod lists;
mod once;
mod posts;
mod problem;
mod query;
mod routes;
mod version;

use super::error::{Error, Result};
use super::request::Request;
pub(super) use bearer::PREFIX as TOKEN_PREFIX;
pub(super) use problem::{Refusal, problem};
pub(super) use routes::routes;

/// What the path of everything here begins with.
const FOLDER: &str = "/api/";
/// The same, of this version.
const V1: &str = "/api/v1";
/// What describes it.
pub(super) const DESCRIPTION: &str = "/api/v1/openapi.json";

/// Whether a path is of the API.
pub(super) fn has(path: &str) -> bool {
    path.starts_with(FOLDER)
}

/// The site's address, with which URLs begin. What asks without saying of whom cannot be told one.
fn site(req: &Request) -> Result<String> {
    req.client().site.clone().ok_or(Error::BadRequest)
}
