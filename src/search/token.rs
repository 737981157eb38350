//! What a text is found by.

use crate::search::fold::{Folded, Kind, fold};
use crate::search::searched;

/// Characters of a word that count: past them are no words.
pub(in crate::search) const WORD_CHARS_MAX: usize = 32;

/// Beginnings of a word up to this length, in characters, are tokens of their own: a common one is then found without
/// a walk over all words that begin like it.
pub(in crate::search) const BEGINNING_CHARS_MAX: usize = 4;

/// Calls `take` with each token of a text: each word with its short beginnings; of scripts without spaces each character,
/// and each with the next.
pub fn tokens(text: &str, mut take: impl FnMut(&str)) {
    let folded = fold(searched(text));
    let mut token = String::new();
    for (kind, run) in runs(&folded) {
        if kind == Kind::Dense {
            for (at, first) in run.iter().enumerate() {
                token.clear();
                token.push(first.char);
                take(&token);
                if let Some(second) = run.get(at + 1) {
                    token.push(second.char);
                    take(&token);
                }
            }
        } else {
            let chars_max = run.len().min(WORD_CHARS_MAX);
            token.clear();
            for (chars, folded) in (1..=chars_max).zip(run) {
                token.push(folded.char);
                if chars <= BEGINNING_CHARS_MAX || chars == chars_max {
                    take(&token);
                }
            }
        }
    }
}

/// The parts of a folded text that can be found, each of one kind.
pub(in crate::search) fn runs(folded: &[Folded]) -> impl Iterator<Item = (Kind, &[Folded])> {
    let runs = folded.chunk_by(|a, b| a.kind == b.kind);
    runs.filter_map(|run| run.first().map(|first| (first.kind, run))).filter(|(kind, _)| *kind != Kind::Separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> String {
        let mut all = Vec::new();
        tokens(text, |token| all.push(token.to_owned()));
        all.join(" ")
    }

    /// Words have their beginnings, scripts without spaces their pairs; what is neither letter nor digit separates.
    #[test]
    fn of_texts() {
        for (text, expected) in [
            ("", ""),
            (" .,!?\0-\"*()🎉", ""),
            ("a", "a"),
            ("Blogs", "b bl blo blog blogs"),
            ("x86-64", "x x8 x86 6 64"),
            ("배포하기", "배 배포 포 포하 하 하기 기"),
            ("Flaskr는", "f fl fla flas flaskr 는"),
            ("日本 カナ", "日 日本 本 カ カナ ナ"),
            ("a\0b", "a b"),
            ("가🎉나", "가 나"),
        ] {
            assert_eq!(all(text), expected, "{text:?}");
        }
    }

    /// A word without an end is one token of bounded length, and a text without an end is read as far as it is searched.
    #[test]
    fn of_long_texts() {
        let long = all(&"x".repeat(100_000));
        assert_eq!(long, format!("x xx xxx xxxx {}", "x".repeat(WORD_CHARS_MAX)));
        let text = format!("{}나", "가".repeat(30_000));
        assert!(!all(&text).contains('나'));
    }
}
