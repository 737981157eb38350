//! What was asked for.

use std::ops::Range;

use crate::search::fold::{Folded, Kind, fold};
use crate::search::token::{BEGINNING_CHARS_MAX, WORD_CHARS_MAX, runs};
use crate::search::{cut, searched};

/// Words of a query that count.
const WORDS_MAX: usize = 8;
/// Bytes of a query that count: more than eight words of most languages.
const QUERY_BYTES_MAX: usize = 512;

/// Words to be found, all of them; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    kind: Kind,
    chars: Vec<char>,
}

/// What a text with the words has among its tokens. It is made of letters, digits and marks alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// This token.
    Token(String),
    /// A token that begins like this.
    Beginning(String),
}

impl Query {
    /// Takes what a visitor typed; `None` if there is nothing in it to look for. No sign has a meaning.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = fold(cut(text, QUERY_BYTES_MAX));
        let mut words = Vec::new();
        for (kind, run) in runs(&folded) {
            let word = Word { kind, chars: run.iter().take(WORD_CHARS_MAX).map(|folded| folded.char).collect() };
            if words.len() < WORDS_MAX && !words.contains(&word) {
                words.push(word);
            }
        }
        (!words.is_empty()).then_some(Self { words })
    }

    /// What to look for in the index. A text that has it all need not match: see [`Query::matches`].
    pub fn terms(&self) -> Vec<Term> {
        self.words.iter().flat_map(Word::terms).collect()
    }

    /// Whether each word is in one of the texts.
    pub fn matches(&self, texts: &[&str]) -> bool {
        let folded: Vec<_> = texts.iter().map(|text| fold(searched(text))).collect();
        self.words.iter().all(|word| folded.iter().any(|text| !word.places(text).is_empty()))
    }

    /// Where the words are in a folded text, in order and apart from each other.
    pub(in crate::search) fn places(&self, folded: &[Folded]) -> Vec<Range<usize>> {
        let mut places: Vec<_> = self.words.iter().flat_map(|word| word.places(folded)).collect();
        places.sort_by_key(|place| place.start);
        let mut apart: Vec<Range<usize>> = Vec::new();
        for place in places {
            match apart.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => apart.push(place),
            }
        }
        apart
    }
}

impl Word {
    fn terms(&self) -> Vec<Term> {
        let term = |chars: &[char]| Term::Token(chars.iter().collect());
        match self.kind {
            Kind::Dense if self.chars.len() > 1 => self.chars.windows(2).map(term).collect(),
            Kind::Spaced if self.chars.len() > BEGINNING_CHARS_MAX => {
                vec![Term::Beginning(self.chars.iter().collect())]
            }
            _ => vec![term(&self.chars)],
        }
    }

    /// Where it is in a folded text.
    fn places(&self, folded: &[Folded]) -> Vec<Range<usize>> {
        let (mut places, mut before) = (Vec::new(), 0);
        for run in folded.chunk_by(|a, b| a.kind == b.kind) {
            let is_here = |at: &usize| {
                run.get(*at..).is_some_and(|rest| {
                    let same = |(char, folded): (&char, &Folded)| *char == folded.char;
                    rest.len() >= self.chars.len() && self.chars.iter().zip(rest).all(same)
                })
            };
            let starts = if self.kind == Kind::Dense { run.len() } else { 1 };
            if run.first().is_some_and(|first| first.kind == self.kind) {
                let starts = (0..starts).filter(is_here);
                places.extend(starts.map(|at| before + at..before + at + self.chars.len()));
            }
            before += run.len();
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_found(query: &str, text: &str) -> bool {
        Query::parse(query).unwrap().matches(&[text])
    }

    /// What is found by what, whatever case and form it is typed in.
    #[test]
    fn found() {
        for (query, text) in [
            ("blog", "My Blogs"),
            ("BLOG", "blog"),
            ("b", "a blog"),
            ("배포", "재배포하기"),
            ("배포하기", "재배포하기를"),
            ("기", "배포하기"),
            ("배포 flaskr", "Flaskr는 배포했다"),
            ("strasse", "Straße"),
            ("STRASSE", "straße"),
            ("straße", "STRASSE"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("istanbul", "İstanbul"),
            ("isparta", "Isparta, ısparta"),
            ("e\u{301}te\u{301}", "été"),
            ("été", "E\u{301}te\u{301}"),
            ("가", "\u{1100}\u{1161}"),
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
            ("abc１", "ＡＢＣ1"),
            ("ガ", "ｶﾞ"),
            ("ㅠㅠ", "ㅋㅋㅋㅠㅠ"),
            ("ㅋ\u{1172}", "ㅋ\u{1172}"),
            ("ㅋㅠ", "ㅋㅠ\u{30b}"),
            ("soft", "so\u{ad}ft"),
            ("葛", "葛\u{e0100}"),
            ("ไทย", "ภาษาไทย"),
            ("привет", "Привет, мир"),
            ("not", "AND OR NOT NEAR"),
            ("c++", "C"),
            ("🎉 party", "party"),
        ] {
            assert!(is_found(query, text), "{query:?} in {text:?}");
        }
    }

    /// What is not found: the middle of a word, characters that do not stand together, one word of two.
    #[test]
    fn not_found() {
        for (query, text) in [
            ("log", "blog"),
            ("blogs", "blog"),
            ("배기", "배포하기"),
            ("가나", "가 나"),
            ("하기하기", "하기 기하 하기"),
            ("blog 배포", "blog"),
            ("ete", "été"),
            ("가", "각"),
        ] {
            assert!(!is_found(query, text), "{query:?} in {text:?}");
        }
        assert!(Query::parse("flaskr 배포").unwrap().matches(&["Flaskr", "배포"]), "one in the title, one in the text");
    }

    /// Signs have no meaning, alone or among words, and without a word there is nothing to look for.
    #[test]
    fn signs() {
        for nothing in ["", " ", "\0", "\" * ^ : ( ) - + { } ' \\ % _", "🎉", "\u{301}", "…"] {
            assert_eq!(Query::parse(nothing), None, "{nothing:?}");
        }
        let plain = Query::parse("and a or b not near c");
        assert_eq!(Query::parse("AND \"a* OR ^b) NOT -NEAR(c,"), plain);
        assert_eq!(Query::parse("\0a:\0\"b\"").unwrap().terms(), ["a", "b"].map(|token| Term::Token(token.into())));
    }

    /// Short words are tokens, longer ones beginnings, runs pairs.
    #[test]
    fn terms() {
        let token = |token: &str| Term::Token(token.into());
        for (query, expected) in [
            ("blog", vec![token("blog")]),
            ("blogs", vec![Term::Beginning("blogs".into())]),
            ("배", vec![token("배")]),
            ("배포하", vec![token("배포"), token("포하")]),
            ("a a A", vec![token("a")]),
        ] {
            assert_eq!(Query::parse(query).unwrap().terms(), expected, "{query}");
        }
    }

    /// However long a query is, the index has a bounded number of terms to look up.
    #[test]
    fn bounded() {
        let words: Vec<_> = (0..200).map(|number| number.to_string()).collect();
        assert_eq!(Query::parse(&words.join(" ")).unwrap().terms().len(), WORDS_MAX);
        let runs = ('가'..='힣').take(10_000).enumerate().map(|(at, char)| match at % 50 {
            0 => ' ',
            _ => char,
        });
        assert!(Query::parse(&runs.collect::<String>()).unwrap().terms().len() < QUERY_BYTES_MAX / 3);
        assert!(is_found(&"x".repeat(1000), &"x".repeat(1000)));
    }
}
