//! Who a request comes from: the peer of the connection, or whom a trusted proxy speaks for.

use std::net::{IpAddr, Ipv6Addr};

use warp::http::HeaderMap;
use warp::http::header::{HOST, HeaderValue};

use crate::config::Config;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";
const FORWARDED_HOST: &str = "x-forwarded-host";

/// The other end of a connection. One over a Unix socket has no address.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub Option<IpAddr>);

impl Peer {
    /// What counts as one client where connections are counted: an IPv4 address, or an IPv6 network of 64 bits,
    /// which is the least that one customer gets (RFC 6177).
    pub(super) fn network(self) -> Option<IpAddr> {
        self.0.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        })
    }
}

/// What is known of the client of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Client {
    /// Its address, for logs and limits.
    pub(super) address: Option<IpAddr>,
    /// Whether it came over https.
    pub(super) https: bool,
    /// The address of the site as this client sees it, to which the path of a page is added, unless the request does not
    /// say.
    pub(super) site: Option<String>,
    /// How much of that is the site's path on its host.
    path_bytes: usize,
}

impl Client {
    /// The origin of the site, as its browser writes it.
    pub(super) fn origin(&self) -> Option<&str> {
        let site = self.site.as_deref()?;
        site.get(..site.len() - self.path_bytes)
    }

    /// What counts as one client where failures are counted.
    pub(super) fn network(&self) -> Option<IpAddr> {
        Peer(self.address).network()
    }

    /// Whether this may be many clients behind a proxy that nobody has named: then all would be counted as one.
    pub(super) fn may_be_a_proxy(&self) -> bool {
        self.address.is_none_or(|address| address.is_loopback())
    }

    /// Its address for a log line.
    pub(super) fn shown_address(&self) -> String {
        shown(self.address)
    }

    /// Reads what the request says, of a proxy only if it is trusted.
    pub(super) fn new(config: &Config, peer: Peer, headers: &HeaderMap) -> Self {
        let trusted = config.trusts(peer.0);
        let forwarded = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).filter(|_| trusted);
        let address = forwarded_for(config, peer, headers);
        if let Some(base_url) = &config.base_url {
            let (site, path_bytes) = (Some(base_url.url().to_owned()), base_url.path().len());
            return Self { address, https: base_url.is_https(), site, path_bytes };
        }
        let https = config.tls.is_on()
            || forwarded(FORWARDED_PROTO).is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"));
        let host = forwarded_host(config, peer, headers).or_else(|| headers.get(HOST)?.to_str().ok());
        let scheme = if https { "https" } else { "http" };
        let site = host.map(|host| format!("{scheme}://{}", host.to_ascii_lowercase()));
        Self { address, https, site, path_bytes: 0 }
    }
}

/// An address for a log line.
pub(super) fn shown(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "the Unix socket".to_owned(), |address| address.to_string())
}

/// The host that a trusted proxy was asked for.
pub(super) fn forwarded_host<'a>(config: &Config, peer: Peer, headers: &'a HeaderMap) -> Option<&'a str> {
    headers.get(FORWARDED_HOST).and_then(|host| host.to_str().ok()).filter(|_| config.trusts(peer.0))
}

/// All that a request says about the name of the site, so that what was made for one is not sent to another.
pub(super) fn site_named<'a>(config: &Config, peer: Peer, headers: &'a HeaderMap) -> [&'a [u8]; 3] {
    let host = headers.get(HOST).map_or(&[][..], HeaderValue::as_bytes);
    if !config.trusts(peer.0) {
        return [host, &[], &[]];
    }
    let field = |name: &str| headers.get(name).map_or(&[][..], HeaderValue::as_bytes);
    [host, field(FORWARDED_PROTO), field(FORWARDED_HOST)]
}

/// The rightmost address that is not a trusted proxy's: what stands left of it, anybody could have written.
pub(super) fn forwarded_for(config: &Config, peer: Peer, headers: &HeaderMap) -> Option<IpAddr> {
    let mut client = peer.0;
    let lines = headers.get_all(FORWARDED_FOR).iter().rev().filter_map(|line| line.to_str().ok());
    let mut hops = lines.flat_map(|line| line.rsplit(',')).map(|hop| hop.trim().parse::<IpAddr>());
    while config.trusts(client) {
        match hops.next() {
            Some(Ok(hop)) => client = Some(hop.to_canonical()),
            Some(Err(_)) | None => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn client(trusted: &[&str], peer: Option<&str>, fields: &[(&str, &str)]) -> Client {
        let config = Config {
            trusted_proxies: trusted.iter().map(|proxy| (*proxy).to_owned().try_into().unwrap()).collect(),
            ..Config::default()
        };
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(warp::http::header::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        Client::new(&config, Peer(peer.map(|peer| peer.parse().unwrap())), &headers)
    }

    /// The client is the last hop that no trusted proxy vouches for itself.
    #[test]
    fn forwarded_addresses() {
        for (trusted, peer, fields, expected) in [
            (&[][..], "192.0.2.1", &["203.0.113.7"][..], "192.0.2.1"),
            (&["192.0.2.1"], "192.0.2.1", &["203.0.113.7"], "203.0.113.7"),
            (&["192.0.2.1"], "192.0.2.2", &["203.0.113.7"], "192.0.2.2"),
            (&["192.0.2.0/24"], "192.0.2.1", &["10.9.9.9, 203.0.113.7, 192.0.2.9"], "203.0.113.7"),
            (&["192.0.2.0/24"], "192.0.2.1", &["10.9.9.9", "203.0.113.7,192.0.2.9"], "203.0.113.7"),
            (&["192.0.2.0/24"], "192.0.2.1", &["nonsense"], "192.0.2.1"),
            (&["192.0.2.0/24"], "192.0.2.1", &[], "192.0.2.1"),
            (&["::1"], "::1", &["::ffff:203.0.113.7"], "203.0.113.7"),
        ] {
            let fields: Vec<_> = fields.iter().map(|value| ("x-forwarded-for", *value)).collect();
            assert_eq!(client(trusted, Some(peer), &fields).address, Some(expected.parse().unwrap()), "{fields:?}");
        }
        let over_socket = |trusted: &[&str]| client(trusted, None, &[("x-forwarded-for", "203.0.113.7")]).address;
        assert_eq!(over_socket(&[]), None);
        assert_eq!(over_socket(&["unix"]), Some("203.0.113.7".parse().unwrap()));
    }

    /// Scheme and host are the proxy's to tell, if it is trusted.
    #[test]
    fn forwarded_origin() {
        let fields = [("host", "Inner:8080"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "blog.example.org")];
        let trusted = client(&["192.0.2.1"], Some("192.0.2.1"), &fields);
        assert_eq!((trusted.https, trusted.origin()), (true, Some("https://blog.example.org")));
        let untrusted = client(&[], Some("192.0.2.1"), &fields);
        assert_eq!((untrusted.https, untrusted.origin()), (false, Some("http://inner:8080")));
    }

    /// One customer's IPv6 addresses count as one client.
    #[test]
    fn networks() {
        let network = |address: &str| Peer(Some(address.parse().unwrap())).network();
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("192.0.2.1"), network("::ffff:192.0.2.1"));
    }

    proptest! {
        /// Whoever is no trusted proxy is who they are, whatever they send; nobody passes for a proxy by sending it.
        #[test]
        fn anything_forwarded(lines in vec("[0-9a-f:., x\\[\\]]{0,40}|10\\.0\\.0\\.[0-9]{1,2}", 0..4), host in "[ -~]{0,20}") {
            let mut fields: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", line.as_str())).collect();
            fields.extend([("x-forwarded-host", host.as_str()), ("x-forwarded-proto", "https"), ("host", "blog")]);
            let untrusted = client(&["10.0.0.0/8"], Some("192.0.2.1"), &fields);
            prop_assert_eq!(untrusted.address, Some("192.0.2.1".parse().unwrap()));
            prop_assert_eq!((untrusted.https, untrusted.origin()), (false, Some("http://blog")));
            client(&["10.0.0.0/8"], Some("10.0.0.1"), &fields);
        }
    }
}
