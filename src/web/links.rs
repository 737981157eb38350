//! The paths of the site's pages, as links have them.

use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::comment::CommentId;
use crate::db::search::Place;
use crate::post::{DraftId, Part, PostId};

/// What is escaped in a name: all but the unreserved characters (RFC 3986, 2.3).
const IN_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What is escaped in a query: the same, but for those of a date.
const IN_QUERY: &AsciiSet = &IN_NAME.remove(b':');

/// The front page.
pub(super) const FRONT: &str = "/";

/// The page of a post.
pub(super) fn post(id: PostId) -> String {
    format!("/{}", id.0)
}

/// The drafts of whoever asks.
pub(super) const DRAFTS: &str = "/drafts";

/// The page of a draft.
pub(super) fn draft(id: DraftId) -> String {
    format!("{DRAFTS}/{}", id.0)
}

/// The page of an author's posts.
pub(super) fn user(name: &str) -> String {
    format!("/users/{}", utf8_percent_encode(name, IN_NAME))
}

/// The page of the posts under a tag.
pub(super) fn tag(name: &str) -> String {
    format!("/tags/{}", utf8_percent_encode(name, IN_NAME))
}

/// The page with the tags that come after this one.
pub(super) fn tags(after: &str) -> String {
    if after.is_empty() { "/tags".to_owned() } else { format!("/tags?after={}", utf8_percent_encode(after, IN_QUERY)) }
}

/// A part of a list.
pub(super) fn part(list: &str, part: &Part) -> String {
    match part {
        Part::Newest => list.to_owned(),
        Part::Before(place) => format!("{list}?before={}", utf8_percent_encode(&place.to_string(), IN_QUERY)),
        Part::After(place) => format!("{list}?after={}", utf8_percent_encode(&place.to_string(), IN_QUERY)),
    }
}

/// A target with these parameters, in this order.
pub(super) fn with_query<'a>(path: &str, parameters: impl Iterator<Item = (&'a str, String)>) -> String {
    let pairs: Vec<_> =
        parameters.map(|(name, value)| format!("{name}={}", utf8_percent_encode(&value, IN_QUERY))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The page of a post with the comments that come after this one.
pub(super) fn thread(id: PostId, after: Option<CommentId>) -> String {
    let post = post(id);
    after.map_or_else(|| post.clone(), |after| format!("{post}?comments_after={}", after.0))
}

/// A comment on such a page.
pub(super) fn comment_in(thread: &str, id: CommentId) -> String {
    format!("{thread}#comment-{}", id.0)
}

/// The comments of a post.
pub(super) fn comments(id: PostId) -> String {
    format!("{}#comments", post(id))
}

/// What leads to a comment, wherever it is in its thread by now.
pub(super) fn comment(id: CommentId) -> String {
    format!("/comments/{}", id.0)
}

/// Where the results of a search go on.
pub(super) fn results(text: &str, from: Place) -> String {
    format!("{FRONT}?q={}&from={from}", utf8_percent_encode(text, IN_QUERY))
}

/// Something of a list: its feed.
pub(super) fn below(list: &str, name: &str) -> String {
    format!("{}/{name}", list.trim_end_matches('/'))
}

/// A name in a path.
#[derive(Debug)]
pub(super) struct Name(pub(super) String);

/// A part of a path that is no text.
#[derive(Debug)]
pub(super) struct NotAName;

impl FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let name = percent_decode_str(text).decode_utf8().map_err(|_| NotAName)?;
        Ok(Self(name.into_owned()))
    }
}

/// The number of a post with a title behind it, which anybody may write as they like: `7-a-title`.
#[derive(Debug)]
pub(super) struct TitledId(pub(super) PostId);

impl FromStr for TitledId {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let (id, _) = text.split_once('-').ok_or(NotAName)?;
        id.parse().map(Self).map_err(|_| NotAName)
    }
}

/// Whether it is a path of this site: `//host` would be another's.
pub(super) fn is_path(target: &str) -> bool {
    target.starts_with('/') && !target.starts_with("//") && !target.contains(['\\', '\n', '\r', '\t'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Links as they are written.
    #[test]
    fn written() {
        let place = crate::post::Place { created: "2018-01-01 00:00:00".to_owned(), id: PostId(7) };
        assert_eq!(part(FRONT, &Part::Newest), "/");
        assert_eq!(part(FRONT, &Part::Before(place.clone())), "/?before=2018-01-01%2000:00:00.7");
        assert_eq!(
            part(&tag("C++/안"), &Part::After(place)),
            "/tags/C%2B%2B%2F%EC%95%88?after=2018-01-01%2000:00:00.7"
        );
        assert_eq!(
            (below(FRONT, "feed.rss"), below("/tags/x", "feed.rss")),
            ("/feed.rss".into(), "/tags/x/feed.rss".into())
        );
    }

    proptest! {
        /// A name in a link is the name again, whatever is in it, and ends no path.
        #[test]
        fn names(name in any::<String>()) {
            let link = user(&name);
            let written = link.strip_prefix("/users/").unwrap();
            prop_assert!(!written.contains(['/', '?', '#', '%']) || written.contains('%'));
            prop_assert_eq!(written.parse::<Name>().unwrap().0, name);
        }
    }

    /// A form leads back to this site and nowhere else.
    #[test]
    fn paths() {
        for path in ["/create", "/1/update", "/drafts/7"] {
            assert!(is_path(path), "{path}");
        }
        for other in ["", "create", "//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example"] {
            assert!(!is_path(other), "{other:?}");
        }
    }
}
