//! Pictures of this site in a text.

use std::fmt::Write;

use pulldown_cmark_escape::{escape_href, escape_html};

use super::link::before;

/// What the browser is told of the room there is: the text's column, or the whole of a narrow screen.
const SIZES: &str = "(max-width: 44rem) 100vw, 42rem";

/// Knows the pictures of this site.
pub trait Pictures {
    /// The picture behind a link, if it is one.
    fn find(&self, path: &str) -> Option<Picture>;
}

/// A picture, whose room is known before it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its path.
    pub path: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The same in other sizes: the path and the width in pixels.
    pub smaller: Vec<(String, u32)>,
}

/// There are none.
#[derive(Clone, Copy, Debug)]
pub struct NoPictures;

impl Pictures for NoPictures {
    fn find(&self, _: &str) -> Option<Picture> {
        None
    }
}

impl Picture {
    /// As a tag.
    pub(super) fn tag(&self, alt: &str, title: &str, page: &str) -> String {
        let Self { path, width, height, smaller } = self;
        let mut html = String::from("<img src=\"");
        // A String takes everything.
        let _ = url(&mut html, path, page);
        if !smaller.is_empty() {
            html.push_str("\" srcset=\"");
            for (path, width) in smaller {
                let _ = url(&mut html, path, page);
                let _ = write!(html, " {width}w, ");
            }
            let _ = url(&mut html, path, page);
            let _ = write!(html, " {width}w\" sizes=\"{SIZES}");
        }
        html.push_str("\" alt=\"");
        let _ = escape_html(&mut html, alt);
        if !title.is_empty() {
            html.push_str("\" title=\"");
            let _ = escape_html(&mut html, title);
        }
        let _ = write!(html, "\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" decoding=\"async\">");
        html
    }
}

fn url(html: &mut String, path: &str, page: &str) -> std::fmt::Result {
    html.push_str(before(path, page));
    escape_href(html, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Place, post, post_and_picture};

    struct One;

    impl Pictures for One {
        fn find(&self, path: &str) -> Option<Picture> {
            let smaller = vec![("/images/small.jpg".to_owned(), 480)];
            (path == "/images/big.jpg").then(|| Picture { path: path.to_owned(), width: 1000, height: 500, smaller })
        }
    }

    fn shown(text: &str) -> String {
        post(text, Place { heading: 1, prefix: "", page: "https://blog/7", pictures: &One })
    }

    /// A picture of this site is one, in all its sizes, with what it shows in words.
    #[test]
    fn of_this_site() {
        assert_eq!(
            shown("![a \"*cat*\" <b>](/images/big.jpg 'Tom')"),
            "<p><img src=\"https://blog/images/big.jpg\" srcset=\"https://blog/images/small.jpg 480w, \
             https://blog/images/big.jpg 1000w\" sizes=\"(max-width: 44rem) 100vw, 42rem\" alt=\"a &quot;cat&quot; \
             &lt;b&gt;\" title=\"Tom\" width=\"1000\" height=\"500\" loading=\"lazy\" decoding=\"async\"></p>\n"
        );
    }

    /// The first picture is known besides, with its words; one that is not shown is none.
    #[test]
    fn first() {
        let first = |text: &str| {
            let place = Place { heading: 1, prefix: "", page: "", pictures: &One };
            post_and_picture(text, place).1.map(|first| (first.picture.width, first.alt))
        };
        assert_eq!(
            first("![x](/images/gone.jpg) ![*a*](/images/big.jpg) ![b](/images/big.jpg)"),
            Some((1000, "a".into()))
        );
        assert_eq!(first("![x](/images/gone.jpg) and `![a](/images/big.jpg)`"), None);
    }

    /// A picture of another site, and one that is gone, are links: nobody is told who reads.
    #[test]
    fn elsewhere() {
        for (text, html) in [
            ("![cat](https://a.example/c.png)", "<p><a href=\"https://a.example/c.png\">cat</a></p>\n"),
            (
                "![](https://a.example/c.png)",
                "<p><a href=\"https://a.example/c.png\">https://a.example/c.png</a></p>\n",
            ),
            ("![cat](/images/gone.jpg)", "<p><a href=\"https://blog/images/gone.jpg\">cat</a></p>\n"),
            ("![cat](data:image/png;x)", "<p>cat</p>\n"),
            ("![a ![b](c) d](e)", "<p><a href=\"https://blog/e\">a b d</a></p>\n"),
            ("[![cat](https://a.example/c.png)](/1)", "<p><a href=\"https://blog/1\">cat</a></p>\n"),
        ] {
            assert_eq!(shown(text), html, "{text}");
        }
    }
}
