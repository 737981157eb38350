//! The address that visitors use, when it is known.

use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};
use warp::http::Uri;
use warp::http::uri::Scheme;

/// Where the site is: `https://blog.example.org`, or below a path of its host, `https://example.org/blog`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl {
    /// Exactly what a browser sends as `Origin` (lower case, no default port, no slash), and the path.
    url: String,
    origin_bytes: usize,
}

/// The names that the site's own paths begin with, besides numbers and names with a full stop. Below one of them `/tags/x`
/// might mean either.
const OWN_NAMES: [&str; 15] = [
    "account",
    "api",
    "auth",
    "comments",
    "create",
    "drafts",
    "healthz",
    "hello",
    "images",
    "moderation",
    "preferences",
    "readyz",
    "static",
    "tags",
    "users",
];

impl BaseUrl {
    /// What the addresses of all pages begin with, without the slash that follows.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The site's origin, as a browser writes it.
    pub fn origin(&self) -> &str {
        self.url.get(..self.origin_bytes).unwrap_or_default()
    }

    /// The path of the site on its host: `/blog`, or nothing.
    pub fn path(&self) -> &str {
        self.url.get(self.origin_bytes..).unwrap_or_default()
    }

    /// The site's name, without a port.
    pub fn host(&self) -> &str {
        let authority = self.origin().split_once("://").map_or("", |(_, authority)| authority);
        // What follows the last bracket of an IPv6 address, or all else, may end in a port.
        let after = authority.rfind(']').unwrap_or(0);
        let end = authority.get(after..).and_then(|rest| rest.find(':')).map_or(authority.len(), |colon| after + colon);
        authority.get(..end).unwrap_or(authority)
    }

    /// Whether visitors come over https.
    pub fn is_https(&self) -> bool {
        self.url.starts_with("https:")
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (origin, path) = parts(&text).ok_or_else(|| {
            format!("expected \"https://HOST\" or \"http://HOST\", with a port and a path if need be, found {text:?}")
        })?;
        check_path(&path)?;
        Ok(Self { origin_bytes: origin.len(), url: origin + &path })
    }
}

/// Refuses a path that could be taken for another.
fn check_path(path: &str) -> Result<(), String> {
    let mut names = path.split('/').skip(1);
    let is_plain =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_~".contains(&b));
    if !names.clone().all(is_plain) {
        return Err(format!("the path {path:?} may have letters of ASCII, digits and \"-_~\" between single slashes"));
    }
    match names.next() {
        Some(first) if OWN_NAMES.contains(&first) || first.starts_with(|c: char| c.is_ascii_digit()) => {
            Err(format!("the site has pages of its own at \"/{first}\": the path has to begin with another name"))
        }
        _ => Ok(()),
    }
}

/// The origin, and the path without a slash at its end.
fn parts(text: &str) -> Option<(String, String)> {
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
    if uri.query().is_some() || authority.as_str().contains('@') {
        return None;
    }
    let path = uri.path().strip_suffix('/').unwrap_or(uri.path()).to_owned();
    let host = authority.host().to_ascii_lowercase();
    let origin = match authority.port_u16().filter(|port| *port != default_port) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    };
    Some((origin, path))
}

impl From<BaseUrl> for String {
    fn from(url: BaseUrl) -> Self {
        url.url
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
            "https://u:p@x",
            "https://x/blog?",
            "https://x/a//b",
            "https://x//",
            "https://x/../b",
            "https://x/b.c",
            "https://x/%62log",
            "https://x/a;b",
            "https://x/tags",
            "https://x/1/blog",
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

    /// A path is kept without the slash at its end.
    #[test]
    fn paths() {
        for (text, origin, path) in [
            ("https://example.org", "https://example.org", ""),
            ("https://example.org/", "https://example.org", ""),
            ("https://Example.org:443/blog", "https://example.org", "/blog"),
            ("http://[::1]:8080/Our-site/blog_2/", "http://[::1]:8080", "/Our-site/blog_2"),
        ] {
            let url = BaseUrl::try_from(text.to_owned()).unwrap();
            assert_eq!((url.origin(), url.path(), url.url()), (origin, path, format!("{origin}{path}").as_str()));
        }
    }

    proptest! {
        /// What is taken for an address is one origin, written one way, with a name in it.
        #[test]
        fn anything(text in "(https?://)?[a-zA-Z0-9.:@/?#\\[\\]-]{0,24}") {
            if let Ok(url) = BaseUrl::try_from(text) {
                prop_assert_eq!(BaseUrl::try_from(url.url().to_owned()), Ok(url.clone()));
                prop_assert!(url.origin().contains(url.host()) && !url.host().is_empty(), "{:?}", url);
            }
        }
    }
}
