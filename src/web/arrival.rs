//! A request as the log knows it, and the lines that it causes: each has the same fields, so that all of one request can
//! be found by its id, and all of one client by its address.
//!
//! A query is in no line: links for a new password and invites have their codes there.

use std::fmt::{self, Write};
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Instant;

use warp::http::header::HeaderValue;
use warp::http::{HeaderMap, Method};

use super::client::{self, Peer};
use crate::config::Config;
use crate::random;

/// What a proxy calls a request, so that its log and ours can be laid side by side.
const REQUEST_ID: &str = "x-request-id";

/// Longest name that is taken over, in bytes. A UUID has 36.
const REQUEST_ID_BYTES_MAX: usize = 128;

/// Bytes of a name that is made here: enough that no two of one site's log are the same.
const RANDOM_BYTES: usize = 6;

/// Most characters of a path, and of a method, in a line.
const PATH_CHARS_MAX: usize = 500;
const METHOD_CHARS_MAX: usize = 20;

/// What is known of a request as soon as it has come.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) method: Method,
    path: String,
    pub(super) client: Option<IpAddr>,
    pub(super) at: Instant,
    given_id: Option<HeaderValue>,
    id: OnceLock<String>,
}

impl Arrival {
    /// A request that has come now.
    pub(super) fn new(config: &Config, peer: Peer, method: &Method, path: &str, headers: &HeaderMap) -> Self {
        Self {
            method: method.clone(),
            path: path.to_owned(),
            client: client::forwarded_for(config, peer, headers),
            at: Instant::now(),
            given_id: given_id(config, peer, headers),
            id: OnceLock::new(),
        }
    }

    /// A request of which nothing was noted.
    pub(super) fn unknown() -> Self {
        Self::new(&Config::default(), Peer(None), &Method::GET, "", &HeaderMap::new())
    }

    /// What it is called: as a trusted proxy says, else a name that is made when it is first asked for.
    pub(super) fn id(&self) -> &str {
        self.id.get_or_init(|| match self.given_id.as_ref().and_then(|id| id.to_str().ok()) {
            Some(id) => id.to_owned(),
            None => base16ct::lower::encode_string(&random::bytes::<RANDOM_BYTES>().unwrap_or_default()),
        })
    }

    /// The method, of which a client may have made up one.
    pub(super) fn method(&self) -> Cut<'_> {
        Cut { text: self.method.as_str(), chars_max: METHOD_CHARS_MAX }
    }

    /// The path as it was asked for, without the query.
    pub(super) fn path(&self) -> Cut<'_> {
        Cut { text: if self.path.is_empty() { "-" } else { &self.path }, chars_max: PATH_CHARS_MAX }
    }
}

/// What a trusted proxy calls it, if that can stand in a line.
fn given_id(config: &Config, peer: Peer, headers: &HeaderMap) -> Option<HeaderValue> {
    if !config.trusts(peer.0) {
        return None;
    }
    let is_usable = |id: &&HeaderValue| {
        (1..=REQUEST_ID_BYTES_MAX).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    headers.get(REQUEST_ID).filter(is_usable).cloned()
}

/// A text that a client sent, for a line: of bounded length, and nothing in it that would not show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut<'a> {
    text: &'a str,
    chars_max: usize,
}

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.text.chars();
        for char in chars.by_ref().take(self.chars_max) {
            if char.is_ascii_graphic() || char.is_alphanumeric() {
                f.write_char(char)
            } else {
                write!(f, "{}", char.escape_unicode())
            }?;
        }
        f.write_str(if chars.next().is_some() { "…" } else { "" })
    }
}

/// Logs a line that a request caused, with what is known of it as fields. `user = ` says whose it is where that is not
/// who is logged in.
macro_rules! say {
    ($level:ident, $visitor:expr, user = $user:expr, $($line:tt)+) => {{
        let arrival = $visitor.arrival();
        tracing::$level!(
            request_id = arrival.id(),
            client = arrival.client.map(tracing::field::display),
            user_id = $user,
            method = %arrival.method(),
            path = %arrival.path(),
            $($line)+
        )
    }};
    ($level:ident, $visitor:expr, $($line:tt)+) => {
        $crate::web::arrival::say!($level, $visitor, user = $visitor.user_id(), $($line)+)
    };
}
pub(super) use say;

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(trusted: &[&str], id: &[u8]) -> Arrival {
        let config = Config {
            trusted_proxies: trusted.iter().map(|proxy| (*proxy).to_owned().try_into().unwrap()).collect(),
            ..Config::default()
        };
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_bytes(id).unwrap());
        Arrival::new(&config, Peer(Some([192, 0, 2, 1].into())), &Method::GET, "/", &headers)
    }

    /// A trusted proxy's name of a request is taken over if it can stand in a line; others get one of ours, which stays.
    #[test]
    fn ids() {
        let proxy = &["192.0.2.1"][..];
        let longest = "x".repeat(REQUEST_ID_BYTES_MAX);
        for id in ["7f3a", "a=b;c\"d", &longest] {
            assert_eq!(arrival(proxy, id.as_bytes()).id(), id);
        }
        for (trusted, id) in [
            (&[][..], &b"7f3a"[..]),
            (proxy, b""),
            (proxy, b"a b"),
            (proxy, b"a\tb"),
            (proxy, "é".as_bytes()),
            (proxy, format!("{longest}x").as_bytes()),
        ] {
            let arrival = arrival(trusted, id);
            let ours = arrival.id();
            assert!(ours.len() == 2 * RANDOM_BYTES && ours.bytes().all(|byte| byte.is_ascii_hexdigit()), "{ours}");
            assert_eq!(arrival.id(), ours);
        }
    }

    /// Whatever is sent, a line stays one line, of what can be seen.
    #[test]
    fn texts() {
        let shown = |text| Cut { text, chars_max: 9 }.to_string();
        assert_eq!(shown("/1"), "/1");
        assert_eq!(shown("/글/é"), "/글/é");
        assert_eq!(shown("a\nb c\u{202e}d\u{85}"), "a\\u{a}b\\u{20}c\\u{202e}d\\u{85}");
        assert_eq!(shown("0123456789"), "012345678…");
    }
}
