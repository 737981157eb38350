//! A file that WordPress exports: RSS with elements of its own (WXR), its posts in HTML.

use htmd::HtmlToMarkdown;
use roxmltree::{Document as Xml, Node};

use super::{Comment, Document, Refused, date, document};
use crate::content::{Format, Written};

/// What stands between paragraphs where the editor of old days stored none.
const BLANK_LINE: &str = "\n\n";
/// Comments that WordPress shows have this mark.
const APPROVED: &str = "1";

/// Every post of an export. What is neither a post nor a page (menus, pictures, revisions) and what is in the bin is left
/// out.
pub fn read(text: &str, name: &str) -> Result<Vec<Result<Document, Refused>>, Refused> {
    let no_xml = |error: roxmltree::Error| Refused {
        place: format!("{name}, line {}", error.pos().row),
        reason: format!("it is no whole XML: {error}"),
    };
    let xml = Xml::parse(text).map_err(no_xml)?;
    let converter = HtmlToMarkdown::new();
    let posts = xml.descendants().filter(|node| node.has_tag_name("item") && is_post(*node));
    let read = posts.map(|item| {
        let line = xml.text_pos_at(item.range().start).row;
        let refused = |reason| Refused { place: format!("{name}, line {line}"), reason };
        document(item, &converter).map_err(refused)
    });
    Ok(read.collect())
}

fn is_post(item: Node<'_, '_>) -> bool {
    matches!(text(item, "post_type").as_str(), "post" | "page")
        && !matches!(text(item, "status").as_str(), "trash" | "auto-draft")
}

fn document(item: Node<'_, '_>, converter: &HtmlToMarkdown) -> Result<Document, String> {
    let body = markdown(&text_of(item, "encoded", Some("content")), converter)?;
    let tags =
        children(item, "category").filter(|node| node.attribute("domain").is_some_and(|domain| domain != "nav_menu"));
    let tags: Vec<_> = tags.map(|node| content(node).replace(',', " ")).filter(|tag| tag != "Uncategorized").collect();
    let comments = children(item, "comment").filter(|node| text(*node, "comment_approved") == APPROVED);
    Ok(Document {
        id: text(item, "post_id").parse().ok(),
        author: Some(text(item, "creator")).filter(|author| !author.is_empty()),
        created: time(item, "post_date_gmt").or_else(|| time(item, "post_date")),
        updated: time(item, "post_modified_gmt"),
        is_draft: text(item, "status") != "publish",
        comments: comments.map(|node| comment(node, converter)).collect::<Result<_, _>>()?,
        likes: Vec::new(),
        written: Written { title: text(item, "title"), body, tags: tags.join(", "), format: Format::Markdown },
    })
}

fn comment(node: Node<'_, '_>, converter: &HtmlToMarkdown) -> Result<Comment, String> {
    Ok(Comment {
        author: text(node, "comment_author"),
        created: date::parse(&text(node, "comment_date_gmt")).ok_or("a comment has no date")?,
        body: markdown(&text(node, "comment_content"), converter)?,
    })
}

/// WordPress stores HTML, or text whose blank lines are paragraphs and whose line breaks are such.
fn markdown(html: &str, converter: &HtmlToMarkdown) -> Result<String, String> {
    let has_paragraphs = html.contains("<p>") || html.contains("<p ") || html.contains("<!-- wp:");
    let html = if has_paragraphs { html.to_owned() } else { with_paragraphs(html) };
    converter.convert(&html).map_err(|error| format!("its HTML cannot be read: {error}"))
}

fn with_paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split(BLANK_LINE).map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let is_block = |paragraph: &str| {
        ["<ul", "<ol", "<h", "<pre", "<blockquote", "<table", "<div"].iter().any(|tag| paragraph.starts_with(tag))
    };
    let paragraph = |paragraph: &str| {
        if is_block(paragraph) { paragraph.to_owned() } else { format!("<p>{}</p>", paragraph.replace('\n', "<br>")) }
    };
    paragraphs.map(paragraph).collect()
}

/// A time as it is stored; WordPress writes zeros where there is none.
fn time(node: Node<'_, '_>, name: &str) -> Option<String> {
    date::parse(&text(node, name)).map(document::stored)
}

fn children<'a, 'input>(node: Node<'a, 'input>, name: &'a str) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The text of the first child of this name, whatever its namespace: its address has changed with every version.
fn text(node: Node<'_, '_>, name: &str) -> String {
    text_of(node, name, None)
}

/// The same, of a namespace with a word in its address: posts and their excerpts have one name.
fn text_of(node: Node<'_, '_>, name: &str, word: Option<&str>) -> String {
    let is_of = |child: &Node<'_, '_>| {
        word.is_none_or(|word| child.tag_name().namespace().is_some_and(|uri| uri.contains(word)))
    };
    children(node, name).find(is_of).map(content).unwrap_or_default()
}

fn content(node: Node<'_, '_>) -> String {
    node.children().filter_map(|child| child.text()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Blog</title><wp:wxr_version>1.2</wp:wxr_version>
<item>
  <title><![CDATA[Hello & <World>]]></title>
  <dc:creator><![CDATA[ada]]></dc:creator>
  <excerpt:encoded><![CDATA[short]]></excerpt:encoded>
  <content:encoded><![CDATA[<!-- wp:paragraph --><p>A <strong>bold</strong> <a href="https://a.example/">link</a>.</p><!-- /wp:paragraph -->
<ul><li>one</li></ul>]]></content:encoded>
  <wp:post_id>7</wp:post_id>
  <wp:post_date_gmt><![CDATA[2018-01-01 00:00:00]]></wp:post_date_gmt>
  <wp:post_modified_gmt><![CDATA[2019-01-01 00:00:00]]></wp:post_modified_gmt>
  <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
  <category domain="post_tag" nicename="x"><![CDATA[X y]]></category>
  <category domain="category" nicename="uncategorized"><![CDATA[Uncategorized]]></category>
  <wp:comment>
    <wp:comment_author><![CDATA[bob]]></wp:comment_author>
    <wp:comment_date_gmt>2018-02-01 00:00:00</wp:comment_date_gmt>
    <wp:comment_content><![CDATA[Nice.

Really.]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>
  </wp:comment>
  <wp:comment><wp:comment_author>spam</wp:comment_author><wp:comment_approved>spam</wp:comment_approved></wp:comment>
</item>
<item><title>Draft</title><content:encoded>first&lt;br&gt;
line

second</content:encoded><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>
  <wp:status>draft</wp:status><wp:post_type>page</wp:post_type></item>
<item><title>photo</title><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type></item>
<item><title>gone</title><wp:status>trash</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>"#;

    /// A post with its tags and comments, in Markdown; a draft; and nothing else.
    #[test]
    fn export() {
        let mut read = read(EXPORT, "blog.xml").unwrap().into_iter().map(Result::unwrap);
        let post = read.next().unwrap();
        assert_eq!(post.written.title, "Hello & <World>");
        assert_eq!(post.written.body, "A **bold** [link](https://a.example/).\n\n*   one");
        assert_eq!((post.written.tags.as_str(), post.author.as_deref()), ("X y", Some("ada")));
        assert_eq!(
            (post.created.as_deref(), post.updated.as_deref()),
            (Some("2018-01-01 00:00:00"), Some("2019-01-01 00:00:00"))
        );
        assert_eq!((post.id.map(|id| id.0), post.is_draft), (Some(7), false));
        let comments: Vec<_> =
            post.comments.iter().map(|comment| (comment.author.as_str(), comment.body.as_str())).collect();
        assert_eq!(comments, [("bob", "Nice.\n\nReally.")]);

        let draft = read.next().unwrap();
        assert_eq!((draft.written.title.as_str(), draft.created, draft.is_draft), ("Draft", None, true));
        assert_eq!(draft.written.body, "first  \n\nline\n\nsecond".replace("  \n\n", "  \n  \n"));
        assert_eq!(read.next(), None);
    }

    /// What is no XML, or was cut off, is said with its line; one bad post is one refusal.
    #[test]
    fn refused() {
        assert_eq!(read("<rss>\n<channel></rss>", "a.xml").unwrap_err().place, "a.xml, line 2");
        let bad = EXPORT.replace("2018-02-01 00:00:00", "yesterday");
        let read = read(&bad, "a.xml").unwrap();
        assert_eq!(read[0], Err(Refused { place: "a.xml, line 6".into(), reason: "a comment has no date".into() }));
        assert!(read[1].is_ok());
    }
}
