//! Folding: texts that look alike, or differ in case only, become the same characters, each of which knows what it came
//! from.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible, is_combining_mark};
use unicode_normalization::{IsNormalized, is_nfkc_quick};

/// Most characters that are folded as one: what no writing has, so that a heap of accents is no work without an end.
/// Unicode's own number for this is 30 (<https://unicode.org/reports/tr15/#Stream_Safe_Text_Format>).
const CLUSTER_CHARS_MAX: usize = 32;

/// How a script is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::search) enum Kind {
    /// With spaces between words.
    Spaced,
    /// Without, or with spaces that do not separate all that is looked for.
    Dense,
    /// No letter and no digit.
    Separator,
}

/// A folded character.
#[derive(Clone, Copy, Debug)]
pub(in crate::search) struct Folded {
    pub(in crate::search) char: char,
    pub(in crate::search) kind: Kind,
    /// Where what it came from begins in the text, in bytes.
    pub(in crate::search) start: usize,
    /// Where that ends.
    pub(in crate::search) end: usize,
}

/// Folds a text.
pub(in crate::search) fn fold(text: &str) -> Vec<Folded> {
    let mut folded = Vec::with_capacity(text.len());
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let end = end_of_cluster(text, start + first.len_utf8());
        if end == start + first.len_utf8() && is_plain(first) {
            push(&mut folded, first.to_ascii_lowercase(), start, end);
        } else {
            fold_cluster(&text[start..end], |char| push(&mut folded, char, start, end));
        }
        start = end;
    }
    folded
}

fn push(folded: &mut Vec<Folded>, char: char, start: usize, end: usize) {
    let before = folded.last().map_or(Kind::Separator, |last| last.kind);
    folded.push(Folded { char, kind: kind(char, before), start, end });
}

/// Where the characters end that are folded as one: those behind the first that may melt into what is before them.
fn end_of_cluster(text: &str, mut end: usize) -> usize {
    for char in text[end..].chars().take(CLUSTER_CHARS_MAX - 1).take_while(|char| melts(*char)) {
        end += char.len_utf8();
    }
    end
}

/// Whether a character may change, or become one with, what is before it: accents, the later letters of a syllable.
fn melts(char: char) -> bool {
    if is_plain(char) || is_compatibility_jamo(char) {
        return false;
    }
    let mut first = None;
    decompose_compatible(char, |part| first = first.or(Some(part)));
    first.is_some_and(|first| {
        canonical_combining_class(first) != 0 || is_nfkc_quick([first].into_iter()) == IsNormalized::Maybe
    })
}

/// Whether it folds to itself, or to its lower case in ASCII: most of what is written, found without a table.
fn is_plain(char: char) -> bool {
    char.is_ascii() || matches!(char, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// NFKC and case folding, or nearly: upper case and back is what `char` offers, and it takes the dotless i for an i,
/// which helps who has no such key; so is the dot dropped that İ leaves behind.
fn fold_cluster(cluster: &str, mut take: impl FnMut(char)) {
    let mut before = '\0';
    let mut take = |char: char| {
        if !(is_ignorable(char) || (before == 'i' && char == '\u{307}')) {
            take(char);
        }
        before = char;
    };
    // As letters of their own they are laughter and tears (ㅋㅋㅠㅠ): NFKC would make syllables of them, with each
    // other and with what follows.
    let rest = cluster.trim_start_matches(is_compatibility_jamo);
    cluster.chars().take_while(|char| is_compatibility_jamo(*char)).for_each(&mut take);
    let lower = rest.nfkc().flat_map(char::to_lowercase);
    lower.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().for_each(&mut take);
}

fn is_compatibility_jamo(char: char) -> bool {
    matches!(char, '\u{3131}'..='\u{318e}')
}

/// What is not seen: soft hyphens, joiners, the choice between two forms of a character.
fn is_ignorable(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// A mark is of the kind of what it stands on.
fn kind(char: char, before: Kind) -> Kind {
    if char.is_ascii() {
        return if char.is_ascii_alphanumeric() { Kind::Spaced } else { Kind::Separator };
    }
    match char {
        // Thai, Lao; Myanmar; Hangul letters; Khmer; kana, bopomofo, Hangul letters; Han, Yi; Hangul; more of Han.
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{aa60}'..='\u{aa7f}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{1b000}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3ffff}'
            if char.is_alphanumeric() || is_combining_mark(char) =>
        {
            Kind::Dense
        }
        _ if is_combining_mark(char) => before,
        _ if char.is_alphanumeric() => Kind::Spaced,
        _ => Kind::Separator,
    }
}
