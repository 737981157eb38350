//! A text with what was looked for marked in it.

use std::ops::Range;

use crate::search::fold::{Folded, fold};
use crate::search::{Query, searched};

/// Length of an excerpt, in characters, more or less: two lines of a page.
const EXCERPT_CHARS: usize = 200;
/// Characters of it that are before the first match.
const EXCERPT_CHARS_BEFORE: usize = 60;

/// Length of an excerpt in bytes, if characters are in it that nobody sees.
const EXCERPT_BYTES_MAX: usize = 16 * EXCERPT_CHARS;

/// A part of a text, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// What is around matches.
    Text(String),
    /// What was looked for.
    Match(String),
}

impl Query {
    /// The whole text.
    pub fn marked(&self, text: &str) -> Vec<Fragment> {
        let folded = fold(searched(text));
        fragments(text, 0..text.len(), &self.bytes(&folded))
    }

    /// A piece of the text around the first match, or its beginning if there is none, with "…" where it was cut.
    pub fn excerpt(&self, text: &str) -> Vec<Fragment> {
        let folded = fold(searched(text));
        let first = self.places(&folded).first().map_or(0, |place| place.start);
        // Cut between what is folded as one, and not shorter where the text ends soon after the match.
        let from = first.saturating_sub(EXCERPT_CHARS_BEFORE).min(folded.len().saturating_sub(EXCERPT_CHARS));
        let start = if from == 0 { 0 } else { folded.get(from).map_or(0, |first| first.start) };
        let behind = folded.get(from + EXCERPT_CHARS).map(|behind| behind.start);
        let end = behind.unwrap_or_else(|| searched(text).len()).max(start);
        let end = end.min(text.floor_char_boundary(start + EXCERPT_BYTES_MAX));

        let mut excerpt = fragments(text, start..end, &self.bytes(&folded));
        if start > 0 {
            excerpt.insert(0, Fragment::Text("…".to_owned()));
        }
        if end < text.len() {
            excerpt.push(Fragment::Text("…".to_owned()));
        }
        excerpt
    }

    /// Where the matches are in the text that was folded, in bytes.
    fn bytes(&self, folded: &[Folded]) -> Vec<Range<usize>> {
        let bytes = |place: Range<usize>| {
            let matched = folded.get(place).unwrap_or_default();
            matched.first().map_or(0, |first| first.start)..matched.last().map_or(0, |last| last.end)
        };
        self.places(folded).into_iter().map(bytes).collect()
    }
}

/// The bytes of the text in `piece`, what of them is in `matches` marked.
fn fragments(text: &str, piece: Range<usize>, matches: &[Range<usize>]) -> Vec<Fragment> {
    let (mut fragments, mut at) = (Vec::new(), piece.start);
    let mut push = |range: Range<usize>, fragment: fn(String) -> Fragment| {
        let part = text.get(range).filter(|part| !part.is_empty());
        fragments.extend(part.map(|part| fragment(part.to_owned())));
    };
    for matched in matches {
        // Two matches may share a character that was folded to several.
        let (start, end) = (matched.start.clamp(at, piece.end.max(at)), matched.end.min(piece.end));
        if start < end {
            push(at..start, Fragment::Text);
            push(start..end, Fragment::Match);
            at = end;
        }
    }
    push(at..piece.end, Fragment::Text);
    fragments
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fragments as one text, matches in brackets.
    fn shown(fragments: &[Fragment]) -> String {
        let parts = fragments.iter().map(|fragment| match fragment {
            Fragment::Text(text) => text.clone(),
            Fragment::Match(text) => format!("[{text}]"),
        });
        parts.collect()
    }

    /// Every match is marked as it was typed, whatever folding has made of it.
    #[test]
    fn marks() {
        for (query, text, expected) in [
            ("blog", "My Blogs, blog", "My [Blog]s, [blog]"),
            ("포하 배포", "재배포하기", "재[배포하]기"),
            ("하하", "하하하하", "[하하하하]"),
            ("strass", "Die Straße!", "Die [Straß]e!"),
            ("stras", "Straße, Straßen", "[Straß]e, [Straß]en"),
            ("été", "E\u{301}te\u{301}\u{200d}s", "[E\u{301}te\u{301}]\u{200d}s"),
            ("istanbul", "İSTANBUL'da", "[İSTANBUL]'da"),
            ("각", "\u{1100}\u{1161}\u{11a8}!", "[\u{1100}\u{1161}\u{11a8}]!"),
            ("a b", "\0a🎉b<b>", "\0[a]🎉[b]<[b]>"),
            ("x", "nothing", "nothing"),
            ("x", "", ""),
        ] {
            let query = Query::parse(query).unwrap();
            assert_eq!(shown(&query.marked(text)), expected);
            assert_eq!(shown(&query.excerpt(text)), expected);
        }
    }

    /// A long text is cut around its first match, and says so on the sides where it was.
    #[test]
    fn cut() {
        let query = Query::parse("배포").unwrap();
        let filler = "é 가나다 ".repeat(100);
        let has_ends = |text: &str| {
            let excerpt = shown(&query.excerpt(text));
            assert!(excerpt.chars().count() <= EXCERPT_CHARS + 4, "{excerpt}");
            assert!(excerpt.contains("[배포]"), "{excerpt}");
            (excerpt.starts_with('…'), excerpt.ends_with('…'))
        };
        assert_eq!(has_ends(&format!("배포 {filler}")), (false, true));
        assert_eq!(has_ends(&format!("{filler} 배포 {filler}")), (true, true));
        assert_eq!(has_ends(&format!("{filler} 배포")), (true, false));
        assert!(shown(&query.excerpt(&filler)).starts_with("é 가나다"), "no match: the beginning");
        assert!(shown(&query.excerpt(&filler)).ends_with('…'));
    }

    /// A heap of accents is cut too, and one of characters that are not seen.
    #[test]
    fn heaps() {
        for heap in ["\u{301}", "\u{200d}"] {
            let text = format!("a{}b", heap.repeat(20_000));
            let excerpt = shown(&Query::parse(&format!("a{heap}")).unwrap().excerpt(&text));
            assert!(excerpt.starts_with("[a") && excerpt.len() < 2 * EXCERPT_BYTES_MAX, "{}", excerpt.len());
        }
    }
}
