//! Keeps other sites from acting in a visitor's name.
//!
//! Browsers say where a request comes from. A client that says nothing is no browser, and has nobody's cookies but its
//! own. <https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html>

use warp::http::HeaderMap;
use warp::http::header::ORIGIN;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Whether a request was made by one of our pages, by the visitor's own hand, or by no browser at all.
pub(super) fn is_own(headers: &HeaderMap, own_origin: Option<&str>) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return site == "same-origin" || site == "none";
    }
    headers.get(ORIGIN).is_none_or(|origin| own_origin.is_some_and(|own| origin == own))
}

#[cfg(test)]
mod tests {
    use super::*;

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
