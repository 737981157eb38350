//! What is answered before any route is asked: pages that are kept, to those who are not logged in.
//!
//! A page is kept under the request that made it, with everything that it depended on. What is not there, or may not be
//! right, goes on to the routes, where the same page is made or found again under its one normal target.

use std::time::Instant;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use warp::http::Method;
use warp::http::header::{AUTHORIZATION, COOKIE, HOST};

use super::cache::Asked;
use super::client::{self, Peer};
use super::coding::Coding;
use super::connections::Connection;
use super::look::Look;
use super::{App, api, flash, session};

/// The answer to a request, if it is at hand.
pub(super) fn answer<B>(
    app: &App,
    request: &Request<B>,
    peer: Peer,
    connection: Option<&Connection>,
) -> Option<Response<Full<Bytes>>> {
    let headers = request.headers();
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        || !names_one_host(request)
        || (headers.contains_key(COOKIE) && (session::may_be_in(headers) || flash::may_be_in(headers)))
        || (api::has(request.uri().path()) && headers.contains_key(AUTHORIZATION))
    {
        return None;
    }
    let now = Instant::now();
    let answer = app.cache.answer(&Asked {
        generation: app.db.known_generation(now)?,
        site: client::site_named(&app.config, peer, headers),
        target: request.uri().path_and_query()?.as_str(),
        look: Look::of(&app.config, headers),
        coding: Coding::accepted(headers),
    })?;
    if let Some(connection) = connection {
        connection.touch_at(now);
    }
    match answer.unchanged(&app.heads, headers) {
        Some(unchanged) => Some(unchanged),
        None => app.memory.try_answer(answer.body(), connection).map(|body| answer.whole(&app.heads, body)),
    }
}

/// Whether the host is in one field and nowhere else: then the request that made the answer has passed for it.
fn names_one_host<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    request.uri().authority().is_none() && hosts.next().is_some() && hosts.next().is_none()
}
