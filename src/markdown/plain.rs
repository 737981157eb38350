//! What a text says, without its marks.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// How much of a text is looked at, in bytes: enough for any description, and no more work for a long text.
const BYTES_MAX: usize = 8 * 1024;

/// The words at the beginning of a text: of its paragraphs, headings, quotes and lists, not of its code, tables and
/// notes, nor those that describe a picture. Between blocks is a line break.
pub fn words(text: &str) -> String {
    let start = text.get(..text.floor_char_boundary(BYTES_MAX)).unwrap_or_default();
    let (mut words, mut skipped) = (String::new(), 0_usize);
    for event in Parser::new_ext(start, super::OPTIONS) {
        match event {
            Event::Start(start) if is_skipped(&start) => skipped += 1,
            Event::End(
                TagEnd::CodeBlock
                | TagEnd::Table
                | TagEnd::FootnoteDefinition
                | TagEnd::Image
                | TagEnd::MetadataBlock(_),
            ) => skipped = skipped.saturating_sub(1),
            _ if skipped > 0 => (),
            // HTML is text here.
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                words.push_str(&text);
            }
            Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::HtmlBlock) => words.push('\n'),
            _ => (),
        }
    }
    words
}

fn is_skipped(start: &Tag<'_>) -> bool {
    matches!(
        start,
        Tag::CodeBlock(_) | Tag::Table(_) | Tag::FootnoteDefinition(_) | Tag::Image { .. } | Tag::MetadataBlock(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said stays, how it looks goes.
    #[test]
    fn marks_are_removed() {
        for (text, said) in [
            ("", ""),
            (
                "# Title\n\nSome *very* **bold** [link](https://a.example) and `code`.",
                "Title Some very bold link and code.",
            ),
            ("> quoted\n\n- one\n- [x] two\n\n1. three", "quoted one two three"),
            ("![a cat](/images/x.jpg) See it[^1].\n\n[^1]: A note.\n\nMore", "See it. More"),
            ("```rust\nfn main() {}\n```\n\nThat was code.", "That was code."),
            ("|a|b|\n|-|-|\n|1|2|\n\nThat was a table.", "That was a table."),
            ("a <b>bold</b> ~~old~~ &amp; new", "a <b>bold</b> old & new"),
        ] {
            assert_eq!(words(text).split_whitespace().collect::<Vec<_>>().join(" "), said, "{text:?}");
        }
    }

    /// However long a text is, only its beginning is read.
    #[test]
    fn bounded() {
        let long = "안녕 ".repeat(100_000);
        assert!(words(&long).len() <= BYTES_MAX);
        assert!(!words(&format!("{}![]({}", "x ".repeat(BYTES_MAX), "y".repeat(9))).contains('y'));
    }
}
