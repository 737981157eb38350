//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::future::ready;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::Either;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use warp::reply::Response;

use super::clients::Slot;
use super::timer::Deadlines;
use super::{Live, Role, redirect};
use crate::web::arrival::Arrival;
use crate::web::connections::{Connection, Place};
use crate::web::{App, Arrived, Peer, outcome};

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
    pub(super) watcher: Watcher,
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
    pub(super) async fn serve(self, stream: impl AsyncRead + AsyncWrite + Send + 'static, _share: Share) {
        let Self { live, role, site_port, peer, connection, watcher } = self;
        let app = live.app();
        let limits = &app.config().limits;
        let header_max = Duration::from_secs(limits.header_seconds_max);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(Duration::from_secs(limits.write_seconds_max)));
        let mut builder = http1::Builder::new();
        builder
            .timer(Deadlines::new(header_max))
            .header_read_timeout(header_max)
            .max_header_size(limits.header_bytes_max)
            .max_buf_size(limits.header_bytes_max.max(BUFFER_BYTES_MIN));
        drop(app); // a connection may outlive it
        let service = service_fn(move |request| match role {
            Role::Site => answer(&live, Arrived::new(request, peer).over(connection.clone())),
            Role::Redirect => Either::Left(ready(Ok(live.send(sent_on(&live.app(), site_port, peer, &request))))),
        });
        let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service);
        // An error here is the client's: it went away, was too slow, or does not speak HTTP. hyper has answered it.
        let _ = pin!(watcher.watch(connection)).await;
    }
}

/// The answer that leads to the site over https, which is noted as others are.
fn sent_on(app: &App, site_port: Option<u16>, peer: Peer, request: &Request<Incoming>) -> Response {
    let arrival = Arrival::new(app.config(), peer, request.method(), request.uri().path(), request.headers());
    let response = redirect::answer(app.config(), site_port, request);
    outcome::sent_on(app, &arrival, &response);
    response
}

/// The answer of the site as it is now, at hand or under way.
fn answer(
    live: &Arc<Live>,
    arrived: Arrived<Incoming>,
) -> Either<std::future::Ready<Result<Response, Infallible>>, impl Future<Output = Result<Response, Infallible>> + use<>>
{
    match live.answer(arrived) {
        Either::Left(at_hand) => Either::Left(ready(at_hand.into_inner().map(|answer| live.send(answer)))),
        Either::Right(under_way) => {
            let live = Arc::clone(live);
            Either::Right(under_way.map(move |answered| answered.map(|answer| live.send(answer))))
        }
    }
}
