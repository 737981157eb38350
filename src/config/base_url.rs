//! The address that visitors use, when it is known.

use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};
use warp::http::Uri;
use warp::http::uri::Scheme;

/// Scheme and authority of the site, for example `https://blog.example.org`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl {
    /// Exactly what a browser sends as `Origin`: lower case, no default port, no slash.
    origin: String,
}

impl BaseUrl {
    /// The site's origin, as a browser writes it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The site's name, without a port.
    pub fn host(&self) -> &str {
        let authority = self.origin.split_once("://").map_or("", |(_, authority)| authority);
        // What follows the last bracket of an IPv6 address, or all else, may end in a port.
        let after = authority.rfind(']').unwrap_or(0);
        let end = authority.get(after..).and_then(|rest| rest.find(':')).map_or(authority.len(), |colon| after + colon);
        authority.get(..end).unwrap_or(authority)
    }

    /// Whether visitors come over https.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        origin(&text).map(|origin| Self { origin }).ok_or_else(|| {
            format!("expected \"https://HOST\" or \"http://HOST\", with a port if need be and no path, found {text:?}")
        })
    }
}

fn origin(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let (scheme, authority) = (uri.scheme()?, uri.authority()?);
    let default_port = match scheme {
        scheme if *scheme == Scheme::HTTP => 80,
        scheme if *scheme == Scheme::HTTPS => 443,
        _ => return None,
    };
    let is_address = |inside: &str| inside.parse::<Ipv6Addr>().is_ok();
    let bracketed = authority.host().strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    // Brackets are for IPv6 addresses (RFC 3986, 3.2.2).
    if authority.as_str().contains(['[', ']']) && !bracketed.is_some_and(is_address) {
        return None;
    }
    let after_host = authority.as_str().strip_prefix(authority.host())?;
    if authority.host().is_empty() || (!after_host.is_empty() && authority.port_u16().is_none()) || text.contains('#') {
        return None;
    }
    if uri.path_and_query().is_some_and(|path| path != "/") || authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    Some(match authority.port_u16().filter(|port| *port != default_port) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

impl From<BaseUrl> for String {
    fn from(url: BaseUrl) -> Self {
        url.origin
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The name is what stands before the port.
    #[test]
    fn hosts() {
        for (text, host) in [
            ("https://blog.example.org", "blog.example.org"),
            ("https://blog.example.org:8443", "blog.example.org"),
            ("http://[::1]", "[::1]"),
            ("http://[::1]:8080", "[::1]"),
        ] {
            assert_eq!(BaseUrl::try_from(text.to_owned()).unwrap().host(), host);
        }
    }

    /// Whatever form the address is written in, the origin is the one a browser sends.
    #[test]
    fn origins() {
        for (text, origin) in [
            ("https://blog.example.org", "https://blog.example.org"),
            ("https://Blog.Example.org:443/", "https://blog.example.org"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:80", "http://localhost"),
        ] {
            assert_eq!(BaseUrl::try_from(text.to_owned()).unwrap().origin(), origin);
        }
        for text in [
            "",
            "blog.example.org",
            "/",
            "ftp://x",
            "https://x/blog",
            "https://u:p@x",
            "https://x?y",
            "https://x:99999",
            "https://x:abc",
            "https://x:",
            "http://:80",
            "https://blin[:80",
            "https://[x]",
            "https://x#f",
        ] {
            assert!(BaseUrl::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    proptest! {
        /// What is taken for an address is one origin, written one way, with a name in it.
        #[test]
        fn anything(text in "(https?://)?[a-zA-Z0-9.:@/?#\\[\\]-]{0,24}") {
            if let Ok(url) = BaseUrl::try_from(text) {
                prop_assert_eq!(BaseUrl::try_from(url.origin().to_owned()), Ok(url.clone()));
                prop_assert!(url.origin().contains(url.host()) && !url.host().is_empty(), "{:?}", url);
            }
        }
    }
}
