//! Keeps other sites from acting in a visitor's name.
//!
//! Browsers say where a request comes from. A client that says nothing is no browser, and has nobody's cookies but its
//! own. <https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html>

use warp::http::HeaderMap;
use warp::http::header::{ORIGIN, REFERER};

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Whether a request was made by one of our pages, by the visitor's own hand, or by no browser at all.
pub(super) fn is_own(headers: &HeaderMap, own_origin: Option<&str>) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return site == "same-origin" || site == "none";
    }
    if let Some(origin) = headers.get(ORIGIN) {
        return own_origin.is_some_and(|own| origin == own);
    }
    headers.get(REFERER).is_none_or(|referer| own_origin.is_some_and(|own| is_below(referer.as_bytes(), own)))
}

/// Whether a URL is of this origin.
fn is_below(url: &[u8], origin: &str) -> bool {
    url.strip_prefix(origin.as_bytes()).is_some_and(|path| path.is_empty() || path.starts_with(b"/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where neither is sent, the page that the visitor came from tells; a browser that hides it too cannot be told
    /// from no browser.
    #[test]
    fn referers() {
        for (referer, own) in [
            ("http://blog", true),
            ("http://blog/create", true),
            ("http://blog.evil/", false),
            ("http://blog:81/", false),
            ("http://evil/http://blog/", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, referer.parse().unwrap());
            assert_eq!(is_own(&headers, Some("http://blog")), own, "{referer}");
        }
    }

    /// `Sec-Fetch-Site` decides where it is sent, else `Origin`, else there is no browser.
    #[test]
    fn matrix() {
        for (site, origin, own) in [
            (None, None, true),
            (None, Some("http://blog"), true),
            (None, Some("http://blog:81"), false),
            (None, Some("https://blog"), false),
            (None, Some("http://evil"), false),
            (None, Some("null"), false),
            (Some("same-origin"), Some("http://blog"), true),
            (Some("same-origin"), None, true),
            (Some("none"), None, true),
            (Some("same-site"), Some("http://blog"), false),
            (Some("cross-site"), Some("http://blog"), false),
            (Some("cross-site"), None, false),
            (Some(""), None, false),
        ] {
            let mut headers = HeaderMap::new();
            site.map(|site| headers.insert(SEC_FETCH_SITE, site.parse().unwrap()));
            origin.map(|origin| headers.insert(ORIGIN, origin.parse().unwrap()));
            assert_eq!(is_own(&headers, Some("http://blog")), own, "{site:?} {origin:?}");
        }
    }
}
