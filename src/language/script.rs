//! The language of what somebody wrote, as far as its letters tell.

/// Letters that are looked at.
const LETTERS_MAX: usize = 500;

/// The tag of the language that is written in such letters; nothing where many languages are, as in Latin ones.
///
/// A text with a quarter of Hangul is Korean, and one with a tenth of kana Japanese, whatever names, code and Chinese
/// characters are in it.
pub fn written_in(text: &str) -> &'static str {
    let (mut letters, mut hangul, mut kana, mut han) = (0, 0, 0, 0);
    let of_hangul = text.chars().map(|letter| (letter, is_hangul(letter)));
    for (letter, is_hangul) in of_hangul.filter(|(letter, yes)| *yes || letter.is_alphabetic()).take(LETTERS_MAX) {
        letters += 1;
        match letter {
            _ if is_hangul => hangul += 1,
            '\u{3041}'..='\u{30FF}' => kana += 1,
            '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => han += 1,
            _ => (),
        }
    }
    if hangul > 0 && hangul * 4 >= letters {
        "ko"
    } else if kana > 0 && kana * 10 >= letters {
        "ja"
    } else if han > 0 && han * 2 >= letters {
        "zh"
    } else {
        ""
    }
}

fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters tell some languages, and say nothing of others.
    #[test]
    fn texts() {
        for (text, tag) in [
            ("", ""),
            ("Hello, wörld", ""),
            ("Привет", ""),
            ("안녕하세요, Rust 1.95", "ko"),
            ("플라스크를 大韓民國에 배포", "ko"),
            ("A long English text that quotes one word: 안녕", ""),
            ("これは日本語です", "ja"),
            ("東京都庁のお知らせ", "ja"),
            ("这是中文", "zh"),
        ] {
            assert_eq!(written_in(text), tag, "{text}");
        }
        assert_eq!(written_in(&("가".repeat(LETTERS_MAX) + &"a".repeat(1_000_000))), "ko");
    }
}
