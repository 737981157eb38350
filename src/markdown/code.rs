//! Code blocks, with the parts of the language marked by classes.

use pulldown_cmark_escape::escape_html_body_text;
use synoptic::{TokOpt, from_extension};

/// Bytes of code in one text that are marked, all blocks together. The rest is shown as it is: so much is marked in 15 ms.
const MARKED_BYTES_MAX: usize = 32 * 1024;
/// Longest line that is marked, in bytes: a longer one was not written to be read.
const LINE_BYTES_MAX: usize = 1024;
/// How wide a tab is, in columns, for the marker alone.
const TAB_COLUMNS: usize = 4;

/// What authors call a language, where that is not the ending of its files.
const NAMES: [(&str, &str); 20] = [
    ("rust", "rs"),
    ("python", "py"),
    ("javascript", "js"),
    ("typescript", "ts"),
    ("shell", "sh"),
    ("bash", "sh"),
    ("console", "sh"),
    ("ruby", "rb"),
    ("golang", "go"),
    ("c++", "cpp"),
    ("csharp", "cs"),
    ("c#", "cs"),
    ("kotlin", "kt"),
    ("haskell", "hs"),
    ("markdown", "md"),
    ("yml", "yaml"),
    ("perl", "pl"),
    ("jinja", "html"),
    ("ini", "toml"),
    ("json5", "json"),
];

/// What may still be marked in a text.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MARKED_BYTES_MAX)
    }
}

/// A block of code.
pub(super) fn block(language: &str, code: &str, budget: &mut Budget) -> String {
    let language = language.to_ascii_lowercase();
    let is_name = !language.is_empty() && language.bytes().all(|b| b.is_ascii_alphanumeric() || b"+#-_.".contains(&b));
    let mut html = String::from("<pre tabindex=\"0\"><code");
    if is_name {
        html.push_str(" class=\"language-");
        html.push_str(&language);
        html.push('"');
    }
    html.push('>');
    match marked(&language, code, budget) {
        Some(marked) => html.push_str(&marked),
        None => push_text(&mut html, code),
    }
    html.push_str("</code></pre>\n");
    html
}

/// The code with its parts marked, if its language is known and it is not too long.
fn marked(language: &str, code: &str, Budget(left): &mut Budget) -> Option<String> {
    if code.len() > *left || code.lines().any(|line| line.len() > LINE_BYTES_MAX) {
        return None;
    }
    let ending = NAMES.iter().find(|(name, _)| *name == language).map_or(language, |(_, ending)| ending);
    let mut marker = from_extension(ending, TAB_COLUMNS)?;
    *left -= code.len();
    let lines: Vec<_> = code.lines().map(str::to_owned).collect();
    marker.run(&lines);
    let mut html = String::with_capacity(code.len() * 2);
    for (number, line) in lines.iter().enumerate() {
        let parts = marker.line(number, line);
        // A marker that cannot follow a line must not cost the reader a part of it.
        if parts.iter().map(text).collect::<String>() != *line {
            return None;
        }
        for part in &parts {
            match part {
                TokOpt::Some(text, kind) => push_marked(&mut html, text, kind),
                TokOpt::None(text) => push_text(&mut html, text),
            }
        }
        html.push('\n');
    }
    Some(html)
}

fn text(part: &TokOpt) -> &str {
    match part {
        TokOpt::Some(text, _) | TokOpt::None(text) => text,
    }
}

fn push_marked(html: &mut String, text: &str, kind: &str) {
    html.push_str("<span class=\"hl-");
    html.push_str(kind);
    html.push_str("\">");
    push_text(html, text);
    html.push_str("</span>");
}

fn push_text(html: &mut String, text: &str) {
    let _ = escape_html_body_text(html, text); // a String takes everything
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: &str, code: &str) -> String {
        block(language, code, &mut Budget::default())
    }

    /// The parts of a language are marked by class, whatever it is called.
    #[test]
    fn parts() {
        let expected = "<pre tabindex=\"0\"><code class=\"language-rust\"><span class=\"hl-keyword\">fn</span> <span \
                        class=\"hl-function\">main</span>() {} <span class=\"hl-comment\">// &lt;b&gt;</span>\n</code></pre>\n";
        assert_eq!(shown("rust", "fn main() {} // <b>\n"), expected);
        for language in
            ["rs", "py", "Python", "js", "bash", "toml", "sql", "html", "css", "json", "go", "c", "cpp", "java", "yaml"]
        {
            assert!(shown(language, "x = \"a\" # 1\n").contains("<span class=\"hl-"), "{language}");
        }
    }

    /// A language nobody knows is text, and so is what is no language.
    #[test]
    fn unknown() {
        assert_eq!(shown("klingon", "a\n"), "<pre tabindex=\"0\"><code class=\"language-klingon\">a\n</code></pre>\n");
        assert_eq!(shown("a\"b", "a\n"), "<pre tabindex=\"0\"><code>a\n</code></pre>\n");
        assert_eq!(shown("", "a\n"), "<pre tabindex=\"0\"><code>a\n</code></pre>\n");
    }

    /// Nothing of a code is lost, whatever it is written in.
    #[test]
    fn whole() {
        for code in ["\tx = 1\n", "가나 = \"다라\"\n", "\u{200d}👨\u{200d}👩 e\u{301}\n", "a\r\nb\n", "\n\n", "no end"]
        {
            let html = shown("py", code);
            let mut text = String::new();
            let mut is_tag = false;
            for char in html.trim_start_matches("<pre>").chars() {
                is_tag = char == '<' || (is_tag && char != '>');
                if !is_tag && char != '>' {
                    text.push(char);
                }
            }
            let plain = |text: &str| text.replace("&quot;", "\"").replace('\r', "").trim_end().to_owned();
            assert_eq!(plain(&text), plain(code), "{html}");
        }
    }

    /// So much is marked in one text, and lines of a bounded length.
    #[test]
    fn limits() {
        let mut budget = Budget::default();
        let code = "x = 1\n".repeat(MARKED_BYTES_MAX / 6);
        assert!(block("py", &code, &mut budget).contains("<span"));
        assert!(!block("py", "x = 1\n", &mut budget).contains("<span"));
        assert!(!shown("py", &"x = 1;".repeat(LINE_BYTES_MAX)).contains("<span"));
    }
}
