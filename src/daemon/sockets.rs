//! The sockets that the daemon listens on: those of a socket unit, else those that systemd has kept for it, else new ones,
//! which systemd is given to keep.
//!
//! Who connects while no daemon runs, between the one that stops and the one that starts, waits in such a socket.
//! <https://systemd.io/FILE_DESCRIPTOR_STORE/>

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::config::{Config, Listen};
use crate::systemd::{self, HandedOver};
use crate::web::server::{Listener, Listeners, Role};

/// Both of them.
const ROLES: [Role; 2] = [Role::Site, Role::Redirect];

/// How long to try for an address that the socket of before still has.
const CLOSING_MAX: Duration = Duration::from_secs(1);
const TRY_AGAIN: Duration = Duration::from_millis(10);

/// Where the daemon listens.
#[derive(Debug)]
pub(super) struct Sockets {
    listeners: watch::Sender<Listeners>,
    /// Whose places a socket unit says, and not the settings.
    of_unit: Vec<Role>,
}

impl Sockets {
    /// Listens where systemd wants it, or else where the settings say.
    pub(super) async fn open(handed: Vec<(String, HandedOver)>, config: &Config) -> Result<Self, String> {
        let (mut kept_before, mut listeners, mut of_unit) = (Vec::new(), Vec::new(), Vec::new());
        for (name, socket) in handed {
            let role = ROLES.into_iter().find(|role| name == kept_name(*role));
            let known = role.or_else(|| (name == REDIRECT).then_some(Role::Redirect)).unwrap_or(Role::Site);
            let opened = listener(known, socket).map_err(|error| format!("cannot use a socket of systemd: {error}"))?;
            if role.is_some() {
                kept_before.push((known, opened));
            } else {
                of_unit.push(known);
                listeners.push(Arc::new(opened));
            }
        }
        for role in ROLES {
            let listen = wanted(role, config).filter(|_| !of_unit.contains(&role));
            let (mine, others): (Vec<_>, Vec<_>) = kept_before.into_iter().partition(|(kept, _)| *kept == role);
            kept_before = others;
            let had_some = !mine.is_empty();
            let is_right = |listener: &Listener| listen.is_some_and(|listen| listener.is_at(listen));
            let still_right = mine.into_iter().map(|(_, listener)| listener).find(is_right); // drops what is not
            if had_some && still_right.is_none() {
                systemd::forget_socket(kept_name(role)); // it may have the address that is wanted
            }
            if let Some(listen) = listen {
                let opened = match still_right {
                    Some(listener) => Ok(listener),
                    None if had_some => bind_soon(role, listen).await.map(kept),
                    None => Listener::bind(role, listen).map(kept),
                };
                listeners.push(Arc::new(opened.map_err(|error| refused(listen, &error))?));
            }
        }
        Ok(Self { listeners: watch::Sender::new(listeners.into()), of_unit })
    }

    /// Those there are, now and later.
    pub(super) fn watch(&self) -> watch::Receiver<Listeners> {
        self.listeners.subscribe()
    }

    /// Where the site is, for a message.
    pub(super) fn places(&self, config: &Config) -> String {
        let listeners = self.listeners.borrow();
        let of_site = listeners.iter().filter(|listener| listener.role() == Role::Site).map(ToString::to_string);
        let places: Vec<_> = of_site
            .map(|place| if config.tls.is_on() { place.replacen("http:", "https:", 1) } else { place })
            .collect();
        places.join(", ")
    }

    /// Listens where these settings say from now on, unless a socket unit says where. On an error all is as before.
    pub(super) async fn replace(&self, before: &Config, config: &Config) -> Result<(), String> {
        let mut replaced = Vec::new();
        for role in ROLES {
            let (old, new) = (wanted(role, before), wanted(role, config));
            if old == new || self.of_unit.contains(&role) {
                continue;
            }
            let place = self.place(role);
            if let Err(error) = self.replace_one(role, new).await {
                return Err(match self.put_back(replaced).await {
                    Ok(()) => error,
                    Err(worse) => format!("{error}; and the one of before is lost: {worse}"),
                });
            }
            replaced.push((role, place));
        }
        Ok(())
    }

    /// Listens in these places again.
    async fn put_back(&self, places: Vec<(Role, Option<Listen>)>) -> Result<(), String> {
        for (role, place) in places {
            systemd::forget_socket(kept_name(role));
            self.put(role, None);
            if let Some(place) = place {
                let listener = bind_soon(role, &place).await.map_err(|error| refused(&place, &error))?;
                self.put(role, Some(kept(listener)));
            }
        }
        Ok(())
    }

    /// Where the listener of a role is, if there is one.
    fn place(&self, role: Role) -> Option<Listen> {
        self.listeners.borrow().iter().find(|listener| listener.role() == role).and_then(|listener| listener.place())
    }

    async fn replace_one(&self, role: Role, listen: Option<&Listen>) -> Result<(), String> {
        let Some(listen) = listen else {
            systemd::forget_socket(kept_name(role));
            self.put(role, None);
            return Ok(());
        };
        let opened = match (Listener::bind(role, listen), self.place(role)) {
            (Err(error), Some(own))
                if error.kind() == io::ErrorKind::AddrInUse && have_port_in_common(&own, listen) =>
            {
                self.bind_in_place(role, &own, listen).await
            }
            (opened, _) => opened,
        };
        let opened = opened.map_err(|error| refused(listen, &error))?;
        systemd::forget_socket(kept_name(role));
        self.put(role, Some(kept(opened)));
        Ok(())
    }

    /// Opens a socket whose address is taken by the one of before: a port of all addresses is that of each.
    async fn bind_in_place(&self, role: Role, before: &Listen, listen: &Listen) -> io::Result<Listener> {
        systemd::forget_socket(kept_name(role));
        self.put(role, None);
        match bind_soon(role, listen).await {
            Ok(listener) => Ok(listener),
            Err(error) => {
                self.put(role, Some(kept(bind_soon(role, before).await?)));
                Err(error)
            }
        }
    }

    /// Puts a listener in the place of those of its role.
    fn put(&self, role: Role, listener: Option<Listener>) {
        let others = self.listeners.borrow().iter().filter(|listener| listener.role() != role).cloned().collect();
        let all: Vec<_> = Vec::into_iter(others).chain(listener.map(Arc::new)).collect();
        self.listeners.send_replace(all.into());
    }
}

/// What a socket of a socket unit is called (`FileDescriptorName=`) that redirects; any other is the site's.
const REDIRECT: &str = "redirect";

/// The name under which systemd keeps a socket.
fn kept_name(role: Role) -> &'static str {
    match role {
        Role::Site => "kept-site",
        Role::Redirect => "kept-redirect",
    }
}

/// Where the settings want a socket.
fn wanted(role: Role, config: &Config) -> Option<&Listen> {
    match role {
        Role::Site => Some(&config.listen),
        Role::Redirect => config.tls.redirect_listen.as_ref(),
    }
}

fn have_port_in_common(one: &Listen, other: &Listen) -> bool {
    matches!((one, other), (Listen::Tcp(one), Listen::Tcp(other)) if one.port() == other.port())
}

/// Opens a socket, for which another is being closed: by tasks that end, or by systemd, which says that it is done with it
/// a moment before it closes it.
async fn bind_soon(role: Role, listen: &Listen) -> io::Result<Listener> {
    let began = Instant::now();
    loop {
        match Listener::bind(role, listen) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && began.elapsed() < CLOSING_MAX => {
                sleep(TRY_AGAIN).await;
            }
            bound => return bound,
        }
    }
}

/// Gives a socket to systemd to keep, if there is one.
fn kept(listener: Listener) -> Listener {
    if systemd::keep_socket(kept_name(listener.role()), &listener) { listener.shared() } else { listener }
}

fn refused(listen: &Listen, error: &io::Error) -> String {
    format!("cannot listen on {listen}: {error}")
}

fn listener(role: Role, handed: HandedOver) -> io::Result<Listener> {
    match handed {
        HandedOver::Tcp(socket) => Listener::of_tcp(role, socket),
        HandedOver::Unix(socket) => Listener::of_unix(role, socket),
    }
}
