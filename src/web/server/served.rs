//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::future::{poll_fn, ready};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use super::clients::Slot;
use super::paced::Paced;
use super::patience::Patience;
use super::{Live, Role, redirect};
use crate::config::Limits;
use crate::web::arrival::Arrival;
use crate::web::connections::{Connection, Place};
use crate::web::{Answering, App, Arrived, BodyError, Peer, outcome};

/// hyper's smallest buffer, in bytes.
const BUFFER_BYTES_MIN: usize = 8192;

/// What ends a connection's use of its share: its client's slot, and its place among all.
pub(super) struct Share {
    pub(super) _slot: Slot,
    pub(super) _place: Place,
}

/// What serves one connection.
pub(super) struct Server {
    pub(super) live: Arc<Live>,
    pub(super) role: Role,
    /// The site's, for who is sent there.
    pub(super) site_port: Option<u16>,
    pub(super) peer: Peer,
    pub(super) connection: Connection,
}

impl Server {
    /// Answers the requests of one connection behind TLS, once the client has shaken hands.
    pub(super) async fn serve_secured(self, stream: TcpStream, tls: Arc<ServerConfig>, share: Share) {
        let seconds = self.live.app().config().limits.header_seconds_max;
        let shaken = timeout(Duration::from_secs(seconds), TlsAcceptor::from(tls).accept(stream)).await;
        // An error here is the client's too: it was too slow, does not speak TLS, or trusts another authority.
        if let Ok(Ok(stream)) = shaken {
            self.serve(stream, share).await;
        }
    }

    /// Answers the requests of one connection until it ends.
    pub(super) async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, _share: Share) {
        let connection = self.connection.clone();
        let (patience, builder) = {
            let app = self.live.app(); // a connection may outlive it
            let limits = &app.config().limits;
            (Patience::of(limits), protocol(limits))
        };
        let service = service_fn(move |request| match self.answer(request) {
            Answering::AtHand(answer) => sent(Answering::AtHand(self.live.send(answer)), None),
            under_way @ Answering::UnderWay(_) => sent(under_way, Some(Arc::clone(&self.live))),
        });
        let mut serving = pin!(builder.serve_connection(TokioIo::new(Paced::new(stream, connection.clone())), service));
        let mut is_told = false;
        let ended = poll_fn(|context| {
            if !is_told && connection.is_to_end(context) {
                is_told = true;
                serving.as_mut().graceful_shutdown();
            }
            serving.as_mut().poll(context)
        });
        connection.touch(); // what came before a header, as TLS, has had its own time
        tokio::select! {
            biased;
            // An error here is the client's: it went away, or does not speak HTTP. hyper has answered it.
            _ = ended => {}
            () = patience.end_with(&connection) => {}
        }
    }

    /// The answer to one request.
    fn answer(&self, request: Request<Incoming>) -> Answering {
        match self.role {
            Role::Site => self.live.answer(Arrived::new(request, self.peer).over(self.connection.clone())),
            Role::Redirect => {
                self.connection.touch();
                let answer = sent_on(&self.live.app(), self.site_port, self.peer, &request);
                Answering::UnderWay(Box::pin(ready(answer)))
            }
        }
    }
}

/// HTTP/1.1 within the limits, but for the header's deadline, which is `Patience`'s.
fn protocol(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .header_read_timeout(None)
        .max_header_size(limits.header_bytes_max)
        .max_buf_size(limits.header_bytes_max.max(BUFFER_BYTES_MIN));
    builder
}

/// The answer that leads to the site over https, which is noted as others are.
fn sent_on(app: &App, site_port: Option<u16>, peer: Peer, request: &Request<Incoming>) -> warp::reply::Response {
    let arrival = Arrival::new(app.config(), peer, request.method(), request.uri().path(), request.headers());
    let response = redirect::answer(app.config(), site_port, request);
    outcome::sent_on(app, &arrival, &response);
    response
}

/// The answer as it is sent. One that is under way is sent later, perhaps at the end.
async fn sent(
    answering: Answering,
    later: Option<Arc<Live>>,
) -> Result<Response<impl Body<Data = Bytes, Error = BodyError>>, Infallible> {
    let answer = answering.answered().await;
    Ok(match later {
        Some(live) => live.send(answer),
        None => answer,
    })
}
