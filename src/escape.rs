//! How text gets into a page: nothing of it is markup.

use std::io::{self, Write};

/// A text as it stands in a page.
pub fn escaped(text: &str) -> String {
    let mut html = Vec::with_capacity(text.len());
    let _ = escape(text, &mut html); // memory takes everything
    String::from_utf8(html).unwrap_or_default() // only ASCII was put in
}

/// Whether there is anything to escape.
pub fn has_special(text: &str) -> bool {
    text.bytes().any(is_special)
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')
}

/// Escapes as the original does: the same five characters, quotes as decimal references.
pub fn escape(mut text: &str, html: &mut dyn Write) -> io::Result<()> {
    while let Some(at) = text.bytes().position(is_special) {
        let (plain, special) = text.split_at(at);
        html.write_all(plain.as_bytes())?;
        let (special, rest) = special.split_at(1);
        html.write_all(match special {
            "&" => b"&amp;",
            "<" => b"&lt;",
            ">" => b"&gt;",
            "\"" => b"&#34;",
            _ => b"&#39;",
        })?;
        text = rest;
    }
    html.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing a person wrote becomes markup, in text or in an attribute.
    #[test]
    fn escaping() {
        let mut html = Vec::new();
        escape("<b a=\"1\" c='2'>&안</b>", &mut html).unwrap();
        assert_eq!(html, "&lt;b a=&#34;1&#34; c=&#39;2&#39;&gt;&amp;안&lt;/b&gt;".as_bytes());
    }
}
