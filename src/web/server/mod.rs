//! Accepts connections, keeps each within its limits, and drains them at the end.
//!
//! `warp::serve` has no deadline for a header, no limit of connections and no end to its drain, and speaks HTTP/2 to
//! whoever asks; so warp routes, and hyper serves here.

mod clients;
mod drain;
mod listener;
mod live;
mod timer;

use std::future::ready;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, join_all};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_io_timeout::TimeoutStream;
use tracing::warn;

use super::connections::{Connection, Place};
use super::{Arrived, Peer, images};
use clients::{Clients, Slot};
pub use listener::Listener;
use listener::Stream;
pub use live::Live;
use timer::Deadlines;

/// Pause after a failed `accept`, usually for want of file descriptors, so that the loop does not spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// How often that is logged at most.
const ACCEPT_WARNING: Duration = Duration::from_mins(1);

/// The sockets that connections come from.
pub type Listeners = Arc<[Listener]>;

/// What ends a connection's use of its share: its client's slot, and its place among all.
struct Share {
    _slot: Slot,
    _place: Place,
}

/// Serves what is live on the listeners that there are until `stop` is done; then finishes what is under way, within the
/// limit for that. Says whether it could.
pub async fn run(listeners: watch::Receiver<Listeners>, live: Arc<Live>, stop: impl Future<Output = ()>) -> bool {
    let connections = GracefulShutdown::new();
    let door = Door { live: Arc::clone(&live), connections: &connections, clients: Clients::new() };
    let ended = async {
        stop.await;
        drain::announce(&live).await
    };
    let deadline = tokio::select! {
        () = door.accept_always(listeners) => return false, // never
        () = images::sweep_always(&live) => return false,
        deadline = ended => deadline,
    };
    drop(door);
    drain::finish(&live, connections, deadline).await
}

/// Where connections come in.
struct Door<'a> {
    live: Arc<Live>,
    connections: &'a GracefulShutdown,
    clients: Clients,
}

impl Door<'_> {
    /// Takes connections from whatever listeners there are, for ever.
    async fn accept_always(&self, mut listeners: watch::Receiver<Listeners>) {
        loop {
            let current = Arc::clone(&listeners.borrow_and_update());
            tokio::select! {
                _ = join_all(current.iter().map(|listener| self.accept_from(listener))) => {}
                changed = listeners.changed() => {
                    if changed.is_err() {
                        return std::future::pending().await; // nobody changes them any more
                    }
                }
            }
            // Who has come to a listener that goes is let in: else it would be cut off.
            for listener in &*current {
                while let Some(Ok((stream, peer))) = listener.accept().now_or_never() {
                    self.enter(stream, peer).await;
                }
            }
        }
    }

    /// Takes connections from one listener, for ever.
    async fn accept_from(&self, listener: &Listener) {
        let mut warned: Option<Instant> = None;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.enter(stream, peer).await,
                Err(error) => {
                    if warned.is_none_or(|warned| warned.elapsed() >= ACCEPT_WARNING) {
                        warn!(%error, "cannot accept connections; trying again until they can be");
                        warned = Some(Instant::now());
                    }
                    sleep(ACCEPT_RETRY).await;
                }
            }
        }
    }

    /// Has a connection served, as soon as there is room for it, unless its client has too many.
    async fn enter(&self, stream: Stream, peer: Peer) {
        let app = self.live.app();
        let exempt = app.config().trusts(peer.0);
        // Before there is room for it: a flood from one client takes nobody's place.
        let Some(slot) = self.clients.enter(peer, exempt, app.config().limits.connections_per_client_max) else {
            return;
        };
        let place = app.connections.enter().await;
        let connection = place.connection();
        let server = Server {
            live: Arc::clone(&self.live),
            peer,
            connection: connection.clone(),
            watcher: self.connections.watcher(),
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
struct Server {
    live: Arc<Live>,
    peer: Peer,
    connection: Connection,
    watcher: Watcher,
}

impl Server {
    /// Answers the requests of one connection until it ends.
    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Send + 'static, _share: Share) {
        let Self { live, peer, connection, watcher } = self;
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
        let service =
            service_fn(move |request| match live.answer(Arrived::new(request, peer).over(connection.clone())) {
                Either::Left(at_hand) => Either::Left(ready(at_hand.into_inner().map(|answer| live.send(answer)))),
                Either::Right(under_way) => {
                    let live = Arc::clone(&live);
                    Either::Right(under_way.map(move |answered| answered.map(|answer| live.send(answer))))
                }
            });
        let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service);
        // An error here is the client's: it went away, was too slow, or does not speak HTTP. hyper has answered it.
        let _ = pin!(watcher.watch(connection)).await;
    }
}

/// hyper's smallest buffer, in bytes.
const BUFFER_BYTES_MIN: usize = 8192;
