//! Accepts connections, keeps each within its limits, and drains them at the end.
//!
//! `warp::serve` has no deadline for a header, no limit of connections and no end to its drain, and speaks HTTP/2 to
//! whoever asks; so warp routes, and hyper serves here.

mod clients;
mod drain;
mod listener;
mod live;
mod paced;
mod patience;
mod redirect;
mod served;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tracing::warn;

use super::{Peer, images};
use crate::config::Listen;
use clients::Clients;
pub(super) use listener::Stream;
pub use listener::{Listener, Role};
pub use live::Live;
use served::{Server, Share};

/// Pause after a failed `accept`, usually for want of file descriptors, so that the loop does not spin.
pub(super) const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// How often that is logged at most.
const ACCEPT_WARNING: Duration = Duration::from_mins(1);

/// The sockets that connections come from.
pub type Listeners = Arc<[Arc<Listener>]>;

/// Serves what is live on the listeners that there are until `stop` is done; then finishes what is under way, within the
/// limit for that. Says whether it could.
pub async fn run(listeners: watch::Receiver<Listeners>, live: Arc<Live>, stop: impl Future<Output = ()>) -> bool {
    let door = Door { live: Arc::clone(&live), clients: Clients::new() };
    let ended = async {
        stop.await;
        live.app().health.stop();
        drain::announce(&live).await
    };
    let deadline = tokio::select! {
        () = door.accept_always(listeners) => return false, // never
        () = images::sweep_always(&live) => return false,
        deadline = ended => deadline,
    };
    drop(door);
    drain::finish(&live, deadline).await
}

/// Where connections come in.
struct Door {
    live: Arc<Live>,
    clients: Clients,
}

impl Door {
    /// Takes connections from whatever listeners there are, for ever.
    async fn accept_always(&self, mut listeners: watch::Receiver<Listeners>) {
        loop {
            let current = Arc::clone(&listeners.borrow_and_update());
            let site_port = port_of_site(&current);
            let accepting = join_all(current.iter().map(|listener| self.accept_from(listener, site_port)));
            tokio::select! {
                // Of none, as there are for the moment in which one takes another's address, all would be done at once.
                _ = accepting, if !current.is_empty() => {}
                changed = listeners.changed() => {
                    if changed.is_err() {
                        return std::future::pending().await; // nobody changes them any more
                    }
                }
            }
            // Who has come to a listener that goes is let in: else it would be cut off.
            for listener in &*current {
                while let Some(Ok((stream, peer))) = listener.accept().now_or_never() {
                    self.enter(listener.role(), site_port, stream, peer).await;
                }
            }
        }
    }

    /// Takes connections from one listener, for ever.
    async fn accept_from(&self, listener: &Listener, site_port: Option<u16>) {
        let mut warned: Option<Instant> = None;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.enter(listener.role(), site_port, stream, peer).await,
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
    async fn enter(&self, role: Role, site_port: Option<u16>, stream: Stream, peer: Peer) {
        let app = self.live.app();
        let exempt = app.config().trusts(peer.0);
        // Before there is room for it: a flood from one client takes nobody's place.
        let Some(slot) = self.clients.enter(peer, exempt, app.config().limits.connections_per_client_max) else {
            app.meters.connections_refused.count();
            return;
        };
        let place = app.connections.enter().await;
        let connection = place.connection();
        let server = Server { live: Arc::clone(&self.live), role, site_port, peer, connection: connection.clone() };
        let share = Share { _slot: slot, _place: place };
        let task = match (stream, self.live.tls()) {
            (Stream::Tcp(stream), Some(tls)) if role == Role::Site => {
                tokio::spawn(server.serve_secured(stream, tls, share))
            }
            (Stream::Tcp(stream), _) => tokio::spawn(server.serve(stream, share)),
            (Stream::Unix(stream), _) => tokio::spawn(server.serve(stream, share)),
        };
        connection.served_by(task.abort_handle());
    }
}

/// The port of the site, for those who are sent there.
fn port_of_site(listeners: &[Arc<Listener>]) -> Option<u16> {
    let places = listeners.iter().filter(|listener| listener.role() == Role::Site).filter_map(|site| site.place());
    places.into_iter().find_map(|place| match place {
        Listen::Tcp(address) => Some(address.port()),
        Listen::Unix(_) => None,
    })
}
