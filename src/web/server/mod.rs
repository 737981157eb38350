//! Accepts connections, keeps each within its limits, and drains them at the end.
//!
//! `warp::serve` has no deadline for a header, no limit of connections and no end to its drain, and speaks HTTP/2 to
//! whoever asks; so warp routes, and hyper serves here.

mod clients;
mod listener;
mod timer;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tracing::warn;

use super::connections::{Connection, Place};
use super::{Answering, App, Arrived, Peer, images, routes};
use clients::{Clients, Slot};
pub use listener::Listener;
use listener::Stream;
use timer::Deadlines;

/// Pause after a failed `accept`, usually for want of file descriptors, so that the loop does not spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// How often that is logged at most.
const ACCEPT_WARNING: Duration = Duration::from_mins(1);

/// How long connections have at the end to finish what they have sent of a header, and to take small answers.
const LAST_HEADER_MAX: Duration = Duration::from_millis(250);

/// What ends a connection's use of its share: its client's slot, and its place among all.
struct Share {
    _slot: Slot,
    _place: Place,
}

/// Serves until `stop` is done; then finishes what is under way, within the limit for that. Says whether it could.
pub async fn run(listener: Listener, app: Arc<App>, stop: impl Future<Output = ()>) -> bool {
    let drain_max = Duration::from_secs(app.config().limits.drain_seconds_max);
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = accept(&listener, &app, &connections) => {}
        () = images::sweep_always(&app) => {}
        () = stop => {}
    }
    drop(listener);
    let mut drained = pin!(connections.shutdown());
    let drain = async {
        if timeout(LAST_HEADER_MAX, &mut drained).await.is_err() {
            app.connections.close_idle();
            drained.await;
        }
    };
    timeout(drain_max, drain).await.is_ok()
}

/// Takes connections, for ever.
async fn accept(listener: &Listener, app: &Arc<App>, connections: &GracefulShutdown) {
    let service = routes::service(app);
    let clients = Clients::new(app.config().limits.connections_per_client_max);
    let mut warned: Option<Instant> = None;
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                if warned.is_none_or(|warned| warned.elapsed() >= ACCEPT_WARNING) {
                    warn!(%error, "cannot accept connections; trying again until they can be");
                    warned = Some(Instant::now());
                }
                sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let exempt = app.config().trusts(peer.0);
        // Before there is room for it: a flood from one client takes nobody's place.
        let Some(slot) = clients.enter(peer, exempt) else { continue };
        let place = app.connections.enter().await;
        let connection = place.connection();
        let server = Server {
            app: Arc::clone(app),
            peer,
            connection: connection.clone(),
            service: service.clone(),
            watcher: connections.watcher(),
        };
        let share = Share { _slot: slot, _place: place };
        let task = match stream {
            Stream::Tcp(stream) => tokio::spawn(server.serve(stream, share)),
            Stream::Unix(stream) => tokio::spawn(server.serve(stream, share)),
        };
        connection.served_by(task.abort_handle());
    }
}

/// What serves one connection.
struct Server<S> {
    app: Arc<App>,
    peer: Peer,
    connection: Connection,
    service: S,
    watcher: Watcher,
}

impl<S> Server<S>
where
    S: Fn(Arrived<Incoming>) -> Answering + Send + 'static,
{
    /// Answers the requests of one connection until it ends.
    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Send + 'static, _share: Share) {
        let Self { app, peer, connection, service, watcher } = self;
        let limits = &app.config().limits;
        let header_max = Duration::from_secs(limits.header_seconds_max);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(Duration::from_secs(limits.write_seconds_max)));
        let service = service_fn(move |request| service(Arrived::new(request, peer).over(connection.clone())));
        let connection = http1::Builder::new()
            .timer(Deadlines::new(header_max))
            .header_read_timeout(header_max)
            .max_header_size(limits.header_bytes_max)
            .max_buf_size(limits.header_bytes_max.max(BUFFER_BYTES_MIN))
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        // An error here is the client's: it went away, was too slow, or does not speak HTTP. hyper has answered it.
        let _ = pin!(watcher.watch(connection)).await;
    }
}

/// hyper's smallest buffer, in bytes.
const BUFFER_BYTES_MIN: usize = 8192;
