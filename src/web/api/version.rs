//! Whether what somebody changes is still what they saw: `If-Match` (RFC 9110, 13.1.1).

use warp::http::header::IF_MATCH;

use crate::content::Written;
use crate::web::request::Request;

/// Which versions may be changed.
pub(super) enum Expected {
    /// Any.
    Any,
    /// One of these.
    OneOf(Vec<String>),
}

impl Expected {
    /// What a request says. Nothing is anything.
    pub(super) fn of(req: &Request) -> Self {
        let mut lines = req.headers().get_all(IF_MATCH).iter().peekable();
        if lines.peek().is_none() {
            return Self::Any;
        }
        let lines: Vec<_> = lines.filter_map(|line| line.to_str().ok()).collect();
        let tags = lines.into_iter().flat_map(|line| line.split(',')).map(str::trim);
        let versions: Vec<_> = tags.map(version).collect();
        if versions.iter().any(|version| version == "*") { Self::Any } else { Self::OneOf(versions) }
    }

    /// Whether what is stored is one of them.
    pub(super) fn includes(&self, stored: &Written) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&stored.version()),
        }
    }
}

/// The version in a tag. What follows it says how the document was sent; a weak tag is none here.
fn version(tag: &str) -> String {
    if tag == "*" {
        return tag.to_owned();
    }
    let inside = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or_default();
    let version = inside.split('.').next().unwrap_or_default();
    if version == "*" { String::new() } else { version.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The version is what stands before the first dot of a strong tag.
    #[test]
    fn versions() {
        for (tag, expected) in [
            ("\"abc\"", "abc"),
            ("\"abc.def\"", "abc"),
            ("\"abc.def-gzip\"", "abc"),
            ("*", "*"),
            ("\"*\"", ""),
            ("W/\"abc\"", ""),
            ("abc", ""),
            ("\"", ""),
            ("", ""),
        ] {
            assert_eq!(version(tag), expected, "{tag}");
        }
    }
}
