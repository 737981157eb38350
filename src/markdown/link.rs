//! Links: where they may lead, and those that an author did not mark.

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::Event;
use pulldown_cmark_escape::{escape_href, escape_html};

use crate::base_path;

/// Schemes a link may have. What runs something (`javascript:`), or holds a page of its own (`data:`), is none of them.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// The author of the page does not vouch for where it leads.
pub(super) const NOBODYS_ADVICE: &str = "nofollow ugc";

/// The beginning of a link, or `None` if it may not lead there.
pub(super) fn opening(url: &str, title: &str, page: &str, rel: &str) -> Option<String> {
    if !is_allowed(url) {
        return None;
    }
    let mut html = String::from("<a href=\"");
    html.push_str(before(url, page));
    let _ = escape_href(&mut html, url); // a String takes everything
    if !title.is_empty() {
        html.push_str("\" title=\"");
        let _ = escape_html(&mut html, title);
    }
    if !rel.is_empty() {
        html.push_str("\" rel=\"");
        html.push_str(rel);
    }
    html.push_str("\">");
    Some(html)
}

/// What a link lacks to be a whole address: the part of its page's that it is relative to (RFC 3986, 5.2.2).
pub(super) fn before<'a>(url: &str, page: &'a str) -> &'a str {
    let host = page.find("//").map_or(0, |at| at + 2);
    let path = page.get(host..).and_then(|rest| rest.find('/')).map_or(page.len(), |at| host + at);
    let end = match url.as_bytes() {
        _ if scheme(url).is_some() => 0,
        [b'/', b'/', ..] => host.saturating_sub(2),
        [b'/', ..] => {
            // Below its site stands the page of a text, and nothing between; the site may be below a path of its host.
            let site = page.rfind('/').map_or(path, |at| at.max(path));
            if base_path::lacks(page.get(path..site).unwrap_or_default(), url) { site } else { path }
        }
        [] | [b'#' | b'?', ..] => page.len(),
        _ => page.rfind('/').map_or(0, |at| at + 1),
    };
    page.get(..end).unwrap_or_default()
}

fn scheme(url: &str) -> Option<&str> {
    let end = url.find([':', '/', '?', '#'])?;
    url.get(end..)?.starts_with(':').then(|| url.get(..end)).flatten()
}

fn is_allowed(url: &str) -> bool {
    scheme(url).is_none_or(|scheme| SCHEMES.iter().any(|allowed| scheme.eq_ignore_ascii_case(allowed)))
}

/// A text with the addresses in it made into links.
pub(super) fn found_in<'e>(text: &str, rel: &str) -> Vec<Event<'e>> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let owned = |text: &str| Event::Text(text.to_owned().into());
    let mut events = Vec::new();
    for span in finder.spans(text) {
        match span.kind().and_then(|_| opening(span.as_str(), "", "", rel)) {
            Some(opening) => {
                events.push(Event::InlineHtml(opening.into()));
                events.push(owned(span.as_str()));
                events.push(Event::InlineHtml("</a>".into()));
            }
            None => events.push(owned(span.as_str())),
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{NoPictures, Place, post};

    fn shown(text: &str, page: &str) -> String {
        post(text, Place { heading: 1, prefix: "", page, pictures: &NoPictures })
    }

    /// A link leads to the web, to an address, or to another page of this site.
    #[test]
    fn allowed() {
        for url in ["https://a/?b=1&c", "HTTP://a", "mailto:a@b.c", "/1", "//a", "1/2:3", "?q=a:b", "#a:b", "a/b:c", ""]
        {
            assert!(is_allowed(url), "{url}");
        }
        for url in [
            "javascript:x",
            "JAVASCRIPT:x",
            " javascript:x",
            "java\tscript:x",
            "\u{1}javascript:x",
            "data:a",
            "vbscript:x",
            ":x",
            "file:///",
        ] {
            assert!(!is_allowed(url), "{url:?}");
        }
        assert_eq!(shown("[a](javascript:x)", ""), "<p>a</p>\n");
        assert_eq!(shown("[a](&#106;avascript:x)", ""), "<p>a</p>\n");
        assert_eq!(shown("<javascript:x>", ""), "<p>javascript:x</p>\n");
        assert_eq!(shown("[a](/1 \"t\\\"\")", ""), "<p><a href=\"/1\" title=\"t&quot;\">a</a></p>\n");
    }

    /// Where the text is shown elsewhere, a link is a whole address, as it would be on its page.
    #[test]
    fn elsewhere() {
        for (url, whole) in [
            ("/1", "https://blog/1"),
            ("//b/1", "https://b/1"),
            ("1", "https://blog/1"),
            ("a:b", ""),
            ("./a:b", "https://blog/./a:b"),
            ("?q=a:b", "https://blog/7?q=a:b"),
            ("#comments", "https://blog/7#comments"),
            ("", "https://blog/7"),
            ("http://b", "http://b"),
            ("mailto:a@b.c", "mailto:a@b.c"),
        ] {
            let link = if whole.is_empty() { "a".to_owned() } else { format!("<a href=\"{whole}\">a</a>") };
            assert_eq!(shown(&format!("[a]({url})"), "https://blog/7"), format!("<p>{link}</p>\n"), "{url}");
            assert_eq!(before(url, ""), "", "{url}");
        }
    }

    /// Of a site below a path of its host too, whether the author wrote that path or not.
    #[test]
    fn below_a_path() {
        for (url, whole) in [
            ("/1", "https://example.org/blog/1"),
            ("/blog/1", "https://example.org/blog/1"),
            ("/blogs", "https://example.org/blog/blogs"),
            ("1", "https://example.org/blog/1"),
            ("#comments", "https://example.org/blog/7#comments"),
            ("//b/1", "https://b/1"),
        ] {
            assert_eq!(format!("{}{url}", before(url, "https://example.org/blog/7")), whole, "{url}");
        }
    }

    /// An address needs no mark, wherever a sentence puts it; in a link and in code it is text.
    #[test]
    fn unmarked() {
        for (text, html) in [
            (
                "(see https://a.example/b_c_d?e=1&f).",
                "<p>(see <a href=\"https://a.example/b_c_d?e=1&amp;f\">https://a.example/b_c_d?e=1&amp;f</a>).</p>\n",
            ),
            (
                "블로그는 https://블로그.example/글 이다",
                "<p>블로그는 <a href=\"https://%EB%B8%94%EB%A1%9C%EA%B7%B8.example/%EA%B8%80\">https://블로그.example/글</a> 이다</p>\n",
            ),
            ("[https://a.example](/1)", "<p><a href=\"/1\">https://a.example</a></p>\n"),
            ("`https://a.example`", "<p><code>https://a.example</code></p>\n"),
            ("a.example, javascript://x", "<p>a.example, javascript://x</p>\n"),
        ] {
            assert_eq!(shown(text, ""), html, "{text}");
        }
    }
}
