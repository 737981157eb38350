//! The site as a function: from a request as it has arrived to its answer, at hand or under way.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use http_body_util::{Either, Full};
use hyper::body::{Body, Bytes};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tokio::time::sleep;
use warp::reply::Response;

use super::arrival::Arrival;
use super::client::Peer;
use super::connections::Connection;
use super::look::Look;
use super::outcome::Pending;
use super::routes::routes;
use super::visitor::Visitor;
use super::{App, front, held_back, host, outcome, response, target};
use crate::config::Config;

/// A request as it has arrived.
#[derive(Debug)]
pub struct Arrived<B> {
    request: hyper::Request<B>,
    peer: Peer,
    connection: Option<Connection>,
}

impl<B> Arrived<B> {
    /// A request from this peer.
    pub fn new(request: hyper::Request<B>, peer: Peer) -> Self {
        Self { request, peer, connection: None }
    }

    /// The same, over a connection that gives way to others when it is slow.
    pub(super) fn over(self, connection: Connection) -> Self {
        Self { connection: Some(connection), ..self }
    }

    /// What the log is to know of it.
    fn note(&self, config: &Config) -> Arrival {
        Arrival::new(config, self.peer, self.request.method(), self.request.uri().path(), self.request.headers())
    }

    /// For what the routes ask of it.
    fn with_extensions(self, visitor: Visitor) -> hyper::Request<B> {
        let Self { mut request, peer, connection } = self;
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(visitor);
        if let Some(connection) = connection {
            request.extensions_mut().insert(connection);
        }
        request
    }
}

/// Why a body breaks off.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// The answer to a request.
pub enum Answering {
    /// It was kept.
    AtHand(hyper::Response<Full<Bytes>>),
    /// A route makes it.
    UnderWay(Pin<Box<dyn Future<Output = Response> + Send>>),
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::AtHand(_)) { "at hand" } else { "under way" })
    }
}

impl Answering {
    /// The answer, once it is there.
    pub async fn answered(self) -> hyper::Response<impl Body<Data = Bytes, Error = BodyError>> {
        match self {
            Self::AtHand(response) => response.map(Either::Left),
            Self::UnderWay(response) => response.await.map(Either::Right),
        }
    }
}

/// The site as a function: a request in, a response out, never an error.
pub fn service<B>(app: &Arc<App>) -> impl Fn(Arrived<B>) -> Answering + Clone + Send + use<B>
where
    B: Body<Data: Send, Error: Into<BodyError>> + Send + Sync + 'static,
{
    let app = Arc::clone(app);
    let site = TowerToHyperService::new(warp::service(routes(&app)));
    move |mut arrived: Arrived<B>| {
        match app.config.base_path() {
            "" => (),
            base => target::take_off(base, arrived.request.uri_mut()),
        }
        let noted = app.config.log.access.then(|| arrived.note(&app.config));
        if let Some(response) = front::answer(&app, &arrived.request, arrived.peer, arrived.connection.as_ref()) {
            outcome::kept(&app, noted.as_ref(), &response, arrived.request.method());
            return Answering::AtHand(response);
        }
        let arrival = noted.unwrap_or_else(|| arrived.note(&app.config));
        let visitor = Visitor::new(Look::of(&app.config, arrived.request.headers()), arrival);
        let under_way = arrived.connection.as_ref().map(Connection::begin);
        let mut request = arrived.with_extensions(visitor.clone());
        let refused = host::check(app.config(), &request)
            .err()
            .map(|error| error.into_response(&app, request.method(), request.uri().path(), &visitor))
            .map(|response| response::harden(&app, request.uri().path(), response));
        target::normalize(request.uri_mut());
        let answer = site.call(request);
        let app = Arc::clone(&app);
        // Boxed, since hyper keeps room for it in every connection, idle ones too.
        Answering::UnderWay(Box::pin(async move {
            let (pending, _under_way) = (Pending::new(app, visitor), under_way);
            let Ok(response) = match refused {
                Some(response) => Ok(response),
                None => answer.await,
            };
            pending.answered(&response);
            if held_back::is(&response) {
                sleep(held_back::pause()).await;
            }
            response
        }))
    }
}
