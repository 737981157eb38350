//! Who may speak for a client: the proxies whose `X-Forwarded-*` fields count.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Proxies at these addresses, or whoever connects over the Unix socket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum TrustedProxy {
    /// A network, or one address.
    Network(IpNet),
    /// Any peer of the socket that `listen = "unix:…"` opens.
    Unix,
}

impl TrustedProxy {
    /// Whether a peer is this proxy. A peer without an address came over the Unix socket.
    pub fn is(&self, peer: Option<IpAddr>) -> bool {
        match (self, peer) {
            (Self::Network(network), Some(address)) => network.contains(&address),
            (Self::Unix, None) => true,
            _ => false,
        }
    }
}

impl TryFrom<String> for TrustedProxy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "unix" {
            return Ok(Self::Unix);
        }
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network
            .map(Self::Network)
            .map_err(|_| format!("expected an address, a network such as \"10.0.0.0/8\", or \"unix\", found {text:?}"))
    }
}

impl From<TrustedProxy> for String {
    fn from(proxy: TrustedProxy) -> Self {
        match proxy {
            TrustedProxy::Network(network) => network.to_string(),
            TrustedProxy::Unix => "unix".to_owned(),
        }
    }
}
