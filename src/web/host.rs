//! Whose name a request was sent to.
//!
//! A name that is not ours may be another site's that leads here by mistake, or an attacker's who wants our pages under
//! it (DNS rebinding). Addresses are nobody's name, nor is `localhost`: health checks on this machine use them.

use std::net::{Ipv4Addr, Ipv6Addr};

use hyper::{Request, Version};
use warp::http::header::HOST;
use warp::http::uri::Authority;

use super::client::{self, Peer};
use super::error::{Error, Result};
use crate::config::Config;

/// Longest name of a host, with a port, in bytes: what DNS allows (RFC 1035, 2.3.4: 253 that are shown), and five digits.
/// It stands in addresses of many pages, and so may not be as long as a header.
const HOST_BYTES_MAX: usize = 253 + 1 + 5;

/// Refuses what names no host where it must, several, none that could be, or one that is not the site's (if the site
/// has a name): RFC 9112, 3.2; RFC 9110, 15.5.20.
pub(super) fn check<B>(config: &Config, request: &Request<B>) -> Result<()> {
    let mut fields = request.headers().get_all(HOST).iter();
    let field = match (fields.next(), fields.next()) {
        (Some(field), None) => Some(authority(field.as_bytes())?),
        (None, None) if request.version() == Version::HTTP_10 => None,
        _ => return Err(Error::BadRequest),
    };
    let Some(base_url) = config.base_url.as_ref().filter(|_| !is_dress(request.uri().path())) else { return Ok(()) };
    let peer = request.extensions().get().copied().unwrap_or(Peer(None));
    let forwarded = client::forwarded_host(config, peer, request.headers());
    let forwarded = forwarded.map(|host| authority(host.as_bytes())).transpose()?;
    // A target with a host in it outranks the field (RFC 9112, 3.2.2).
    let target = request.uri().authority().cloned();
    match forwarded.or(target).or(field) {
        Some(authority) if !is_ours(base_url.host(), authority.host()) => {
            Err(Error::Misdirected(base_url.url().to_owned()))
        }
        _ => Ok(()),
    }
}

fn authority(field: &[u8]) -> Result<Authority> {
    let authority = Authority::try_from(field).ok().filter(|authority| authority.as_str().len() <= HOST_BYTES_MAX);
    authority.ok_or(Error::BadRequest)
}

/// What a page looks like is no secret, and the page that says where the site is looks like one of it.
fn is_dress(path: &str) -> bool {
    path.starts_with("/static/")
}

fn is_ours(own: &str, host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case(own)
        || host.eq_ignore_ascii_case("localhost")
        || address.parse::<Ipv4Addr>().is_ok()
        || address.parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status_of(base_url: Option<&str>, version: Version, target: &str, hosts: &[&str]) -> u16 {
        let base_url = base_url.map(|base_url| base_url.to_owned().try_into().unwrap());
        let mut request = Request::builder().uri(target).version(version);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        match check(&Config { base_url, ..Config::default() }, &request.body(()).unwrap()) {
            Ok(()) => 200,
            Err(Error::BadRequest) => 400,
            Err(Error::Misdirected(_)) => 421,
            Err(other) => panic!("{other:?}"),
        }
    }

    /// A request is for one host, and where the site has a name, for that.
    #[test]
    fn matrix() {
        for (hosts, anywhere, at_blog) in [
            (&["blog.example.org"][..], 200, 200),
            (&["Blog.Example.org:8443"], 200, 200),
            (&["evil.example"], 200, 421),
            (&["blog.example.org.evil.example"], 200, 421),
            (&["evil.example:443"], 200, 421),
            (&["127.0.0.1:8080"], 200, 200),
            (&["[::1]:8080"], 200, 200),
            (&["localhost:8080"], 200, 200),
            (&["localhost.evil.example"], 200, 421),
            (&["127.0.0.1.evil.example"], 200, 421),
            (&[], 400, 400),
            (&["blog.example.org", "evil.example"], 400, 400),
            (&["blog.example.org", "blog.example.org"], 400, 400),
            (&[""], 400, 400),
            (&["a b"], 400, 400),
            (&["a/b"], 400, 400),
            (&[&format!("{}:65535", "a".repeat(253))], 200, 421),
            (&[&format!("{}:65535", "a".repeat(254))], 400, 400),
        ] {
            assert_eq!(status_of(None, Version::HTTP_11, "/", hosts), anywhere, "{hosts:?}");
            assert_eq!(status_of(Some("https://blog.example.org"), Version::HTTP_11, "/", hosts), at_blog, "{hosts:?}");
        }
        let at_blog = |version, target, hosts| status_of(Some("http://blog.example.org"), version, target, hosts);
        assert_eq!(at_blog(Version::HTTP_10, "/", &[]), 200);
        assert_eq!(at_blog(Version::HTTP_11, "http://evil.example/", &["blog.example.org"]), 421);
        assert_eq!(at_blog(Version::HTTP_11, "http://blog.example.org/", &["evil.example"]), 200);
        assert_eq!(at_blog(Version::HTTP_11, "/static/style.css", &["evil.example"]), 200);
        assert_eq!(at_blog(Version::HTTP_11, "/static/style.css", &[]), 400);
    }
}
