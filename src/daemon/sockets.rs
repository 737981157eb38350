//! The sockets that the daemon listens on: those of a socket unit, else the one that systemd has kept for it, else a new
//! one, which systemd is given to keep.
//!
//! Who connects while no daemon runs, between the one that stops and the one that starts, waits in such a socket.
//! <https://systemd.io/FILE_DESCRIPTOR_STORE/>

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::config::Listen;
use crate::systemd::{self, HandedOver};
use crate::web::server::{Listener, Listeners};

/// The name under which systemd keeps the site's socket.
const KEPT: &str = "kept-site";

/// How long to try for an address that the socket of before still has.
const CLOSING_MAX: Duration = Duration::from_secs(1);
const TRY_AGAIN: Duration = Duration::from_millis(10);

/// Where the site listens.
#[derive(Debug)]
pub(super) struct Sockets {
    listeners: watch::Sender<Listeners>,
    /// Whether a socket unit says where, and not the settings.
    is_of_unit: bool,
}

impl Sockets {
    /// Listens where systemd wants it, or else where the settings say.
    pub(super) fn open(handed: Vec<(String, HandedOver)>, listen: &Listen) -> Result<Self, String> {
        let because = |error: io::Error| format!("cannot use the sockets of systemd: {error}");
        let (kept_before, of_unit): (Vec<_>, Vec<_>) = handed.into_iter().partition(|(name, _)| name == KEPT);
        let listeners = |sockets: Vec<(String, HandedOver)>| {
            sockets.into_iter().map(|(_, socket)| listener(socket)).collect::<io::Result<Vec<_>>>().map_err(because)
        };
        let kept_before = listeners(kept_before)?;
        let had_some = !kept_before.is_empty();
        let still_right = kept_before.into_iter().find(|listener| of_unit.is_empty() && listener.is_at(listen)); // drops the others
        if had_some && still_right.is_none() {
            systemd::forget_socket(KEPT); // it may have the address that is wanted
        }
        let of_unit = listeners(of_unit)?;
        let is_of_unit = !of_unit.is_empty();
        let listeners: Listeners = match still_right {
            _ if is_of_unit => of_unit.into(),
            Some(listener) => Arc::new([listener]),
            None => Arc::new([kept(Listener::bind(listen).map_err(|error| refused(listen, &error))?)]),
        };
        Ok(Self { listeners: watch::Sender::new(listeners), is_of_unit })
    }

    /// Those there are, now and later.
    pub(super) fn watch(&self) -> watch::Receiver<Listeners> {
        self.listeners.subscribe()
    }

    /// Where they are, for a message.
    pub(super) fn places(&self) -> String {
        let places: Vec<_> = self.listeners.borrow().iter().map(ToString::to_string).collect();
        places.join(", ")
    }

    /// Listens somewhere else from now on, unless a socket unit says where. On an error all is as before.
    pub(super) async fn replace(&self, before: &Listen, listen: &Listen) -> Result<(), String> {
        if self.is_of_unit || listen == before {
            return Ok(());
        }
        let own = self.listeners.borrow().first().and_then(Listener::place);
        let opened = match (Listener::bind(listen), own) {
            (Err(error), Some(own))
                if error.kind() == io::ErrorKind::AddrInUse && have_port_in_common(&own, listen) =>
            {
                self.bind_in_place(&own, listen).await
            }
            (opened, _) => opened,
        };
        let opened = opened.map_err(|error| refused(listen, &error))?;
        systemd::forget_socket(KEPT);
        self.listeners.send_replace(Arc::new([kept(opened)]));
        Ok(())
    }

    /// Opens a socket whose address is taken by the one of before: a port of all addresses is that of each.
    async fn bind_in_place(&self, before: &Listen, listen: &Listen) -> io::Result<Listener> {
        systemd::forget_socket(KEPT);
        self.listeners.send_replace(Arc::new([]));
        match bind_soon(listen).await {
            Ok(listener) => Ok(listener),
            Err(error) => {
                self.listeners.send_replace(Arc::new([kept(bind_soon(before).await?)]));
                Err(error)
            }
        }
    }
}

fn have_port_in_common(one: &Listen, other: &Listen) -> bool {
    matches!((one, other), (Listen::Tcp(one), Listen::Tcp(other)) if one.port() == other.port())
}

/// Opens a socket, for which another is being closed.
async fn bind_soon(listen: &Listen) -> io::Result<Listener> {
    let began = Instant::now();
    loop {
        match Listener::bind(listen) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && began.elapsed() < CLOSING_MAX => {
                sleep(TRY_AGAIN).await;
            }
            bound => return bound,
        }
    }
}

/// Gives a socket to systemd to keep, if there is one.
fn kept(listener: Listener) -> Listener {
    if systemd::keep_socket(KEPT, &listener) { listener.shared() } else { listener }
}

fn refused(listen: &Listen, error: &io::Error) -> String {
    format!("cannot listen on {listen}: {error}")
}

fn listener(handed: HandedOver) -> io::Result<Listener> {
    Ok(match handed {
        HandedOver::Tcp(socket) => Listener::of_tcp(socket)?,
        HandedOver::Unix(socket) => Listener::of_unix(socket)?,
    })
}
