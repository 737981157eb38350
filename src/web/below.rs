//! Pages of a site that is below a path of its host: every address in them gets that path, here and nowhere else.
//!
//! A page is made as if the site were all of its host, by our templates, by a theme's and by what authors write, and this
//! goes over it. In a page `<` and a letter begin a tag and nothing else, since all texts are escaped.

use crate::base_path;

/// The attributes that hold an address, and the one that holds several.
const ADDRESSES: [&str; 5] = ["href", "src", "action", "formaction", "poster"];
const ADDRESS_LIST: &str = "srcset";

/// A page with the path in every address that lacks it.
pub(super) fn html(page: &str, base: &str) -> String {
    let mut done = String::with_capacity(page.len() + page.len() / 16);
    let mut rest = page;
    while let Some((text, tag)) = rest.split_once('<') {
        done.push_str(text);
        done.push('<');
        rest = if tag.starts_with(|c: char| c.is_ascii_alphabetic()) { in_tag(tag, base, &mut done) } else { tag };
    }
    done.push_str(rest);
    done
}

/// Goes over one tag; returns what follows its attributes.
fn in_tag<'a>(tag: &'a str, base: &str, done: &mut String) -> &'a str {
    let mut rest = tag;
    loop {
        let Some(end) = rest.find(['=', '>']) else { return rest };
        let (before, after) = rest.split_at(end);
        done.push_str(before);
        let Some(after) = after.strip_prefix('=') else { return after };
        done.push('=');
        let name = before.trim_end().rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        let (quote, value, following) = value(after);
        done.push_str(quote);
        write(name, value, base, done);
        rest = following;
    }
}

/// The value that stands behind a `=`, what stands before it, and what follows, from the closing quote on.
fn value(text: &str) -> (&str, &str, &str) {
    let start = text.len() - text.trim_ascii_start().len();
    let (start, end) = match text.as_bytes().get(start) {
        Some(quote @ (b'"' | b'\'')) => {
            (start + 1, text.get(start + 1..).and_then(|rest| rest.find(char::from(*quote))))
        }
        _ => (start, text.get(start..).and_then(|rest| rest.find(|c: char| c.is_ascii_whitespace() || c == '>'))),
    };
    let (before, rest) = text.split_at(start);
    let (value, following) = rest.split_at(end.unwrap_or(rest.len()));
    (before, value, following)
}

fn write(name: &str, value: &str, base: &str, done: &mut String) {
    let mut address = |address: &str| {
        if base_path::lacks(base, address) {
            done.push_str(base);
        }
        done.push_str(address);
    };
    if ADDRESSES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        address(value);
    } else if name.eq_ignore_ascii_case(ADDRESS_LIST) {
        value.split_inclusive(", ").for_each(address);
    } else {
        done.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Addresses get it, whatever way a theme writes them; texts do not.
    #[test]
    fn addresses() {
        for (page, below) in [
            ("<a class=\"x\" href=\"/1\">/1</a>", "<a class=\"x\" href=\"/blog/1\">/1</a>"),
            ("<a href='/'>", "<a href='/blog/'>"),
            ("<a href=/1>a</a>", "<a href=/blog/1>a</a>"),
            ("<A\nHREF = \"/1\">", "<A\nHREF = \"/blog/1\">"),
            (
                "<form action=\"/1/update#form\" method=\"post\">",
                "<form action=\"/blog/1/update#form\" method=\"post\">",
            ),
            (
                "<img src=\"/a\" srcset=\"/a 480w, /b 960w\">",
                "<img src=\"/blog/a\" srcset=\"/blog/a 480w, /blog/b 960w\">",
            ),
            ("<i title=\"a > b\"><a href=\"/1\">", "<i title=\"a > b\"><a href=\"/blog/1\">"),
        ] {
            assert_eq!(html(page, "/blog"), below);
            assert_eq!(html(below, "/blog"), below, "twice is as once");
        }
        for page in [
            "<a href=\"https://a/\"><a href=\"//a\"><a href=\"#a\"><a href=\"?a\"><a href=\"/blog/1\">",
            "<code>href=\"/1\"</code> a < b href=\"/1\" &lt;a href=\"/1\"&gt;",
            "<i title=\"href=/1\" data-key=\"/\"><?logged-in?><!doctype html>",
            "<a href=\"/blog",
            "<a href",
            "<a href=",
            "<",
        ] {
            assert_eq!(html(page, "/blog"), page);
        }
    }

    proptest! {
        /// Nothing but the path is added to anything.
        #[test]
        fn anything(page in "(<a |<|>|href=|srcset=|\"|'|/|/a|, | |é|<\\?x\\?>){0,16}") {
            prop_assert_eq!(html(&page, "/blog").replace("/blog", ""), page);
        }
    }
}
