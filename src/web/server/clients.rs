//! How many connections each client has.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::web::Peer;

/// Counts connections by client. It holds nothing for a client that has none.
#[derive(Clone, Debug)]
pub(super) struct Clients {
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection in the count, until it is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    clients: Clients,
    network: Option<IpAddr>,
}

impl Clients {
    /// Nobody has any yet.
    pub(super) fn new() -> Self {
        Self { counts: Arc::default() }
    }

    /// Counts a connection, unless its client has so many already. Not counted are trusted proxies, which have many clients
    /// of their own, and this machine: its connections may be a tunnel's or a proxy's, which nobody has named.
    pub(super) fn enter(&self, peer: Peer, exempt: bool, max: usize) -> Option<Slot> {
        let network = peer.network().filter(|address| !exempt && !address.is_loopback());
        if let Some(network) = network {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(network).or_default();
            if *count >= max {
                return None;
            }
            *count += 1;
        }
        Some(Slot { clients: self.clone(), network })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Some(network) = self.network else { return };
        let mut counts = self.clients.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Peer {
        Peer(Some(address.parse().unwrap()))
    }

    /// A client has so many connections at a time; others, and exempt ones, are not concerned.
    #[test]
    fn per_client() {
        let clients = Clients::new();
        let first = clients.enter(peer("2001:db8::1"), false, 1).unwrap();
        assert!(clients.enter(peer("2001:db8::2"), false, 1).is_none());
        assert!(clients.enter(peer("2001:db8::2"), true, 1).is_some());
        assert!(clients.enter(peer("192.0.2.1"), false, 1).is_some());
        drop(first);
        assert!(clients.enter(peer("2001:db8::2"), false, 1).is_some());
        assert!(clients.counts.lock().unwrap().is_empty());
        let _ours = [clients.enter(peer("127.0.0.1"), false, 1), clients.enter(peer("127.0.0.1"), false, 1)]
            .map(Option::unwrap);
        let _unix = [clients.enter(Peer(None), false, 1), clients.enter(Peer(None), false, 1)].map(Option::unwrap);
    }
}
