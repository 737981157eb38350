//! Markdown: CommonMark with tables, footnotes, strikethrough and task lists, as HTML that is safe to show.
//!
//! Safe by how it is made, not by being cleaned afterwards: HTML that an author writes is text, a link leads to the web
//! or to an address and nowhere else, a picture is one of this site's.

mod code;
mod events;
mod link;
mod picture;
mod plain;
mod shown;
mod table;

use pulldown_cmark::{Options, Parser, TextMergeStream, html};

use events::Events;
pub use picture::{NoPictures, Picture, Pictures};
pub use plain::words;
pub use shown::pictures_in;

/// What a text is turned into HTML for.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The level of the heading that stands above the text, 1 to 5. The author's headings begin at the next.
    pub heading: u8,
    /// What names of footnotes begin with, so that two texts on a page may each have a first one.
    pub prefix: &'a str,
    /// The address of the page that links are relative to, where the text is shown elsewhere; on this site nothing.
    pub page: &'a str,
    /// Which pictures there are.
    pub pictures: &'a dyn Pictures,
}

impl std::fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Place").field("heading", &self.heading).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// What the text of a post may have, besides CommonMark.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// The text of a post as HTML.
pub fn post(text: &str, place: Place<'_>) -> String {
    post_and_picture(text, place).0
}

/// The same, and the first picture in it.
pub fn post_and_picture(text: &str, place: Place<'_>) -> (String, Option<Described>) {
    let mut events = Events::of_post(place);
    let html = to_html(text, OPTIONS, &mut events);
    (html, events.first_picture)
}

/// A picture, and what it shows in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The picture.
    pub picture: Picture,
    /// The words, if there are any.
    pub alt: String,
}

/// The text of a comment as HTML: no headings, tables, footnotes and pictures, and search engines are told that the
/// author of the page does not vouch for its links. These are relative to `page`, as in [`Place`].
pub fn comment(text: &str, page: &str) -> String {
    to_html(text, Options::ENABLE_STRIKETHROUGH, &mut Events::of_comment(page))
}

fn to_html(text: &str, options: Options, events: &mut Events<'_>) -> String {
    let parser = TextMergeStream::new(Parser::new_ext(text, options));
    let mut html = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut html, parser.flat_map(|event| events.shown(event)));
    html
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        post(text, Place { heading: 2, prefix: "p1-", page: "", pictures: &NoPictures })
    }

    /// What authors use, as browsers get it.
    #[test]
    fn posts() {
        for (text, html) in [
            ("", ""),
            ("test\nbody", "<p>test\nbody</p>\n"),
            ("hard  \nbreak", "<p>hard<br>break</p>\n"),
            ("*a* **b** `c` ~~d~~", "<p><em>a</em> <strong>b</strong> <code>c</code> <del>d</del></p>\n"),
            ("# A\n\n## B", "<h3>A</h3>\n<h4>B</h4>\n"),
            ("## A\n\n#### B\n\n## C\n\n# D", "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>\n<h3>D</h3>\n"),
            (
                "# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5",
                "<h3>1</h3>\n<h4>2</h4>\n<h5>3</h5>\n<h6>4</h6>\n<h6>5</h6>\n",
            ),
            ("> q", "<blockquote>\n<p>q</p>\n</blockquote>\n"),
            ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"),
            ("---", "<hr>\n"),
            ("a & b < c", "<p>a &amp; b &lt; c</p>\n"),
            ("    code", "<pre tabindex=\"0\"><code>code\n</code></pre>\n"),
            ("```\na < b\n```", "<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>\n"),
        ] {
            assert_eq!(shown(text), html, "{text:?}");
        }
    }

    /// What GitHub added, and blogs use.
    #[test]
    fn additions() {
        let tasks = shown("- [x] done\n- [ ] open");
        let (done, open) =
            ("<label><input type=\"checkbox\" disabled checked>", "<label><input type=\"checkbox\" disabled>");
        assert_eq!(tasks, format!("<ul>\n<li>{done} done</label></li>\n<li>{open} open</label></li>\n</ul>\n"));
        let loose = shown("- [ ] *a* [b](/1)\n  - c\n\n- [x] d\n\n  e");
        assert!(loose.contains("</em> <a href=\"/1\">b</a></label></p>\n<ul>\n<li>c</li>"), "{loose}");
        assert!(loose.contains(" d</label></p>\n<p>e</p>") && loose.matches("</label>").count() == 2, "{loose}");
        let note = shown("a[^1]\n\n[^1]: why");
        assert!(note.contains("<a href=\"#p1-1\">1</a>") && note.contains("id=\"p1-1\""), "{note}");
        let table = shown("|a|b|\n|-|-:|\n|1|2|");
        assert_eq!(
            table,
            "<table><thead><tr><th>a</th><th class=\"right\">b</th></tr></thead><tbody>\n\
             <tr><td>1</td><td class=\"right\">2</td></tr>\n</tbody></table>\n"
        );
    }

    /// A comment has no headings, tables and pictures, and its links are nobody's advice.
    #[test]
    fn comments() {
        for (text, html) in [
            ("# A", "<p><strong>A</strong></p>\n"),
            ("|a|\n|-|", "<p>|a|\n|-|</p>\n"),
            ("a[^1]\n\n[^1]: why", "<p>a<a href=\"why\" rel=\"nofollow ugc\">^1</a></p>\n"),
            ("![cat](/images/1.png)", "<p><a href=\"/images/1.png\" rel=\"nofollow ugc\">cat</a></p>\n"),
            (
                "see https://example.org.",
                "<p>see <a href=\"https://example.org\" rel=\"nofollow ugc\">https://example.org</a>.</p>\n",
            ),
            ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ] {
            assert_eq!(comment(text, ""), html, "{text:?}");
        }
    }

    /// HTML is text, in every place where Markdown lets it stand.
    #[test]
    fn html_is_text() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div\nonclick=x>\n\n*a*",
            "<!-- x -->",
            "<?php x ?>",
            "<![CDATA[x]]>",
            "[a](<b> \"<c>\")",
            "`<b>`",
            "```<b>\n<b>\n```",
            "[^<b>]\n\n[^<b>]: <b>",
            "|<b>|\n|-|\n|<b>|",
        ] {
            let html = shown(text);
            for tag in ["<script", "<img", "<div\n", "<b>", "<!", "<?", "<c>"] {
                assert!(!html.contains(tag), "{html}");
            }
        }
    }

    /// A text without an end, and one that nests without an end, are read in bounded time and memory.
    #[test]
    fn heaps() {
        for piece in ["> ", "- ", "[", "![", "*a ", "`", "_a*", "<", "|", "[^1]", "\\", "&"] {
            let html = shown(&piece.repeat(20_000));
            assert!(html.len() < 4 * 1024 * 1024, "{piece}: {}", html.len());
        }
    }

    proptest! {
        /// Whatever is typed, no tag comes out that is not in this list, and no attribute that runs anything.
        #[test]
        fn anything(text in "[a-c<>\\[\\]()!*_`~|:#&;\"'\\\\/ \n=-]{0,80}") {
            for html in [shown(&text), comment(&text, "")] {
                for tag in html.split('<').skip(1) {
                    let name: String = tag.chars().skip_while(|c| *c == '/').take_while(char::is_ascii_alphanumeric).collect();
                    prop_assert!(TAGS.contains(&name.as_str()), "{html}");
                    prop_assert!(!tag.split('>').next().unwrap().contains(" on"), "{html}");
                }
            }
        }
    }

    const TAGS: [&str; 29] = [
        "p",
        "br",
        "hr",
        "h3",
        "h4",
        "h5",
        "h6",
        "em",
        "strong",
        "del",
        "code",
        "pre",
        "span",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "img",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "sup",
        "div",
        "input",
        "section",
    ];
}
