//! The path of a request in its one normal form, so that a page has one path however a client writes it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use warp::http::Uri;
use warp::http::uri::PathAndQuery;

use crate::base_path;

/// Rewrites a target: letters that need no escape lose it (RFC 3986, 6.2.2.2), slashes before the first name become
/// one, as the original's server makes them.
pub(super) fn normalize(uri: &mut Uri) {
    if !uri.path().starts_with('/') {
        // `CONNECT host:port` and `OPTIONS *` ask for no page: their method is refused at the front page.
        *uri = Uri::from_static("/");
    }
    if let Cow::Owned(path) = normal(uri.path())
        && let Some(target) = with_query(&path, uri.query())
    {
        *uri = Uri::from(target);
    }
}

/// Takes the path of the site off a target that has it, so that whoever sends it is answered alike: a proxy that leaves
/// it on, or takes it off itself, or a check that asks for `/healthz`.
pub(super) fn take_off(base: &str, uri: &mut Uri) {
    let path = normal(uri.path());
    if !base_path::has(base, &path) {
        return;
    }
    let rest = path.get(base.len()..).filter(|rest| !rest.is_empty()).unwrap_or("/");
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = with_query(rest, uri.query());
    if let Ok(below) = Uri::from_parts(parts) {
        *uri = below;
    }
}

fn with_query(path: &str, query: Option<&str>) -> Option<PathAndQuery> {
    match query {
        Some(query) => PathAndQuery::try_from(format!("{path}?{query}")).ok(),
        None => PathAndQuery::try_from(path).ok(),
    }
}

/// A path in its normal form.
fn normal(path: &str) -> Cow<'_, str> {
    if path.contains('%') || path.starts_with("//") {
        format!("/{}", unescaped(path).trim_start_matches('/')).into()
    } else {
        path.into()
    }
}

/// Undoes each escape of a letter, a digit, or one of `-._~`, and leaves every other as it is.
fn unescaped(path: &str) -> String {
    let mut parts = path.split('%');
    let start = parts.next().unwrap_or_default().to_owned();
    parts.fold(start, |done, part| done + &unescaped_start(part))
}

/// What follows a `%`, its first two digits undone if they stand for a letter.
fn unescaped_start(part: &str) -> String {
    let (Some(digits), Some(rest)) = (part.get(..2), part.get(2..)) else { return format!("%{part}") };
    let escape = format!("%{digits}");
    let decoded: Vec<u8> = percent_decode_str(&escape).collect();
    match decoded.as_slice() {
        [letter] if letter.is_ascii_alphanumeric() || b"-._~".contains(letter) => {
            format!("{}{rest}", char::from(*letter))
        }
        _ => format!("%{part}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Only what means the same is rewritten.
    #[test]
    fn normal_form() {
        for (target, normal) in [
            ("/create", "/create"),
            ("*", "/"),
            ("/%63reate?a=%63", "/create?a=%63"),
            ("//", "/"),
            ("//create", "/create"),
            ("/%31/update", "/1/update"),
            ("/1%2Fupdate", "/1%2Fupdate"),
            ("/static/%2e%2e/x", "/static/../x"),
            ("/%", "/%"),
            ("/%6", "/%6"),
            ("/%zz", "/%zz"),
            ("/%2563reate", "/%2563reate"),
            ("/%EC%95%88", "/%EC%95%88"),
        ] {
            let mut uri = target.parse::<PathAndQuery>().map(Uri::from).unwrap();
            normalize(&mut uri);
            assert_eq!(uri.path_and_query().unwrap(), normal);
        }
    }

    /// The path of the site goes, once, and with it nothing that only looks like it.
    #[test]
    fn below_a_path() {
        for (target, left) in [
            ("/blog", "/"),
            ("/blog/", "/"),
            ("/blog?q=a", "/?q=a"),
            ("/blog/1?a=%62", "/1?a=%62"),
            ("/%62log/1", "/1"),
            ("//blog/1", "/1"),
            ("/blog/blog/1", "/blog/1"),
            ("/blogs", "/blogs"),
            ("/healthz", "/healthz"),
            ("*", "*"),
            ("http://example.org/blog/1", "http://example.org/1"),
            ("http://example.org/1", "http://example.org/1"),
        ] {
            let mut uri = target.parse::<Uri>().unwrap();
            take_off("/blog", &mut uri);
            assert_eq!(uri.to_string(), left, "{target}");
        }
    }

    proptest! {
        /// The normal form of any target is a path of one slash, and its own normal form.
        #[test]
        fn normal_form_of_anything(target in "[/%.a-zA-Z0-9?;=*~\\\\ -]{1,24}|/(%[0-9a-fA-F]{2}|/|[.a-z?]){0,12}") {
            if let Ok(target) = target.parse::<PathAndQuery>() {
                let mut uri = Uri::from(target);
                normalize(&mut uri);
                prop_assert!(uri.path().starts_with('/') && !uri.path().starts_with("//"), "{}", uri);
                let normal = uri.clone();
                normalize(&mut uri);
                prop_assert_eq!(normal, uri);
            }
        }
    }
}
