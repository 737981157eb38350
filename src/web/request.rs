//! A request as a view sees it. Taking it apart never fails: a view asks for what it needs, and gets the error then.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use hyper::body::Bytes;
use tokio::time::timeout;
use warp::http::header::CONTENT_LENGTH;
use warp::http::{HeaderMap, Method};
use warp::path::FullPath;
use warp::{Buf, Filter, Rejection};

use super::arrival::say;
use super::cache::Asked;
use super::client::{self, Client, Peer};
use super::coding::Coding;
use super::connections::Connection;
use super::error::{Error, Result};
use super::form::Form;
use super::kept::Kept;
use super::look::Look;
use super::memory::Held;
use super::visitor::Visitor;
use super::{App, cross_site, session};
use crate::db::Db;
use crate::session::Session;
use crate::user::User;

pub(super) type Body = Pin<Box<dyn Stream<Item = std::result::Result<Bytes, warp::Error>> + Send + Sync>>;

/// One request.
pub(super) struct Request {
    app: Arc<App>,
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    peer: Peer,
    client: Client,
    visitor: Visitor,
    body: Body,
    connection: Option<Connection>,
    /// What its form takes.
    held: Option<Held>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The filter that makes a [`Request`] once a path has matched.
pub(super) fn request(app: Arc<App>) -> impl Filter<Extract = (Request,), Error = Rejection> + Clone {
    warp::any()
        .map(move || Arc::clone(&app))
        .and(warp::method())
        .and(warp::path::full())
        .and(warp::query::raw().or(warp::any().map(String::new)).unify())
        .and(warp::header::headers_cloned())
        .and(warp::filters::ext::optional::<Peer>())
        .and(warp::filters::ext::optional::<Connection>())
        .and(warp::filters::ext::optional::<Visitor>())
        .and(warp::body::stream().map(boxed))
        .map(
            |app: Arc<App>,
             method,
             path: FullPath,
             query,
             headers,
             peer: Option<Peer>,
             connection: Option<Connection>,
             visitor: Option<Visitor>,
             body| {
                let peer = peer.unwrap_or(Peer(None));
                let client = Client::new(&app.config, peer, &headers);
                let visitor = visitor.unwrap_or_else(|| Visitor::unknown(&app.config));
                Request {
                    app,
                    method,
                    path: path.as_str().to_owned(),
                    query,
                    headers,
                    peer,
                    client,
                    visitor,
                    body,
                    connection,
                    held: None,
                }
            },
        )
}

fn boxed(body: impl Stream<Item = std::result::Result<impl Buf, warp::Error>> + Send + Sync + 'static) -> Body {
    Box::pin(body.map(|chunk| chunk.map(|mut chunk| chunk.copy_to_bytes(chunk.remaining()))))
}

impl Request {
    /// What the request shares with every other.
    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// The same, for work that outlives the request.
    pub(super) fn shared(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// The database.
    pub(super) fn db(&self) -> &Db {
        &self.app.db
    }

    /// The method.
    pub(super) fn method(&self) -> &Method {
        &self.method
    }

    /// The path.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The header.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Who sent it, as far as that is known.
    pub(super) fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    /// How a page for it is to be.
    pub(super) fn look(&self) -> Look {
        self.visitor.look
    }

    /// What sent it.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether it was made by one of our own pages, or by the visitor's own hand.
    pub(super) fn is_own(&self) -> bool {
        cross_site::is_own(&self.headers, self.client.origin())
    }

    /// Refuses what another site sent in the visitor's name.
    pub(super) fn refuse_cross_site(&self) -> Result<()> {
        if self.method.is_safe() || self.is_own() {
            return Ok(());
        }
        say!(info, self.visitor, "refused what another site sent through {}", self.client.shown_address());
        Err(Error::CrossSite)
    }

    /// A body of at most so many bytes, which counts as memory that this client makes us hold.
    pub(super) async fn body_of(&self, bytes: usize, make: impl FnOnce() -> Bytes) -> Result<Bytes> {
        self.app.memory.answer(bytes, self.connection.as_ref(), make).await
    }

    /// What a page that is kept depends on: the database as it is now, and the site as this client knows it.
    pub(super) async fn asked<'a>(&'a self, target: &'a str, look: Look, coding: Coding) -> Result<Asked<'a>> {
        Ok(self.asked_of(self.app.db.generation().await?, target, look, coding))
    }

    /// What it depends on where the database is in this state.
    pub(super) fn asked_of<'a>(&'a self, generation: u64, target: &'a str, look: Look, coding: Coding) -> Asked<'a> {
        let site = client::site_named(&self.app.config, self.peer, &self.headers);
        Asked { generation, site, target, look, coding }
    }

    /// A field of the query.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        self.query_fields().take_optional(name)
    }

    /// Every field of the query.
    pub(super) fn query_fields(&self) -> Form {
        Form::from_query(&self.query)
    }

    /// The session, if anybody is logged in.
    async fn session(&self) -> Result<Option<&Session>> {
        self.visitor.session(session::current(self)).await
    }

    /// Who is logged in, if anybody is.
    pub(super) async fn user(&self) -> Result<Option<&User>> {
        Ok(self.session().await?.map(|session| &session.user))
    }

    /// Who is logged in; nobody goes to the login page.
    pub(super) async fn require_user(&self) -> Result<User> {
        self.user().await?.cloned().ok_or(Error::LoginRequired)
    }

    /// Who is logged in, to do what a form asks; nobody goes to the login page, which keeps what they wrote.
    pub(super) async fn require_user_to_send(&self, form: &Form) -> Result<User> {
        let user = self.user().await?.cloned();
        user.ok_or_else(|| Kept::of(&self.path, form).map_or(Error::LoginRequired, Error::LoginRequiredToSend))
    }

    /// The session of who is logged in; nobody goes to the login page.
    pub(super) async fn require_session(&self) -> Result<Session> {
        self.session().await?.cloned().ok_or(Error::LoginRequired)
    }

    /// What it came over, if that can give way to others.
    pub(super) fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    /// The body, for whoever reads it in another way.
    pub(super) fn take_body(&mut self) -> Body {
        std::mem::replace(&mut self.body, Box::pin(futures_util::stream::empty()))
    }

    /// Memory for what comes of the body.
    pub(super) async fn hold(&self, bytes: usize) -> Result<Held> {
        self.app.memory.hold(bytes, self.connection.as_ref()).await
    }

    /// Holds this as long as the request.
    pub(super) fn keep(&mut self, held: Held) {
        match &mut self.held {
            Some(all) => all.merge(held),
            None => self.held = Some(held),
        }
    }

    /// How long the body is, if that was said.
    pub(super) fn announced_length(&self) -> Option<usize> {
        self.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// The form in the body, read within the limits.
    pub(super) async fn form(&mut self) -> Result<Form> {
        let body = self.body().await?;
        Form::parse(&self.headers, body).await
    }

    /// The body, read within the limits.
    pub(super) async fn body(&mut self) -> Result<Bytes> {
        let limits = &self.app.config.limits;
        let (bytes_max, seconds_max) = (limits.form_bytes_max, limits.form_seconds_max);
        if self.announced_length().is_some_and(|bytes| bytes > bytes_max) {
            return Err(Error::TooLarge);
        }
        let read = timeout(Duration::from_secs(seconds_max), self.read(bytes_max));
        read.await.map_err(|_| Error::TooSlow)?
    }

    /// Reads the body, and holds as much memory as has come of it.
    async fn read(&mut self, bytes_max: usize) -> Result<Bytes> {
        let mut read = Vec::new();
        while let Some(chunk) = self.body.next().await {
            let chunk = chunk.map_err(|_| Error::BadRequest)?;
            if read.len() + chunk.len() > bytes_max {
                return Err(Error::TooLarge);
            }
            let held = self.hold(chunk.len()).await?;
            self.keep(held);
            read.extend_from_slice(&chunk);
        }
        Ok(read.into())
    }
}
