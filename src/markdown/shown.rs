//! Where a text shows pictures.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

/// The addresses of the pictures in a text, and where each stands in it, in order. One that is written with escapes is
/// left out.
pub fn pictures_in(text: &str) -> Vec<(Range<usize>, String)> {
    let images = Parser::new(text).into_offset_iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::Image { dest_url, .. }) if !dest_url.is_empty() => Some((dest_url, range)),
        _ => None,
    });
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for (url, range) in images {
        // Behind the description, which may have the same words.
        let from = found.last().map_or(0, |(last, _)| last.end).max(range.start);
        let Some(at) = text.get(from..range.end).and_then(|image| image.rfind(&*url)) else { continue };
        found.push((from + at..from + at + url.len(), url.into_string()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every picture is found where it stands, and nothing that only looks like one.
    #[test]
    fn pictures() {
        for (text, urls) in [
            ("", &[][..]),
            ("![a](a.png) and ![a.png](b/안.jpg \"title\")", &["a.png", "b/안.jpg"]),
            ("`![a](a.png)` \\![a](a.png) [a](a.png)", &[]),
            ("[![a](a.png)](b)", &["a.png"]),
            ("![a](<a b.png>)", &["a b.png"]),
        ] {
            let found = pictures_in(text);
            assert_eq!(found.iter().map(|(_, url)| url.as_str()).collect::<Vec<_>>(), urls, "{text}");
            for (range, url) in found {
                assert_eq!(&text[range], url);
            }
        }
    }
}
