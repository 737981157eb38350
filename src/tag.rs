//! Tags: words that an author puts a post under.

use unicode_normalization::UnicodeNormalization;

use crate::problem::Problem;

/// Most tags of a post.
pub const TAGS_MAX: usize = 20;
/// Longest tag, in characters.
pub const TAG_CHARS_MAX: usize = 50;

/// What separates tags where they are typed.
const SEPARATOR: char = ',';

/// A tag as it was written, which is how it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// The tag in a text: composed (Unicode NFC), with single spaces. `None` if there is nothing in it.
    fn new(text: &str) -> Option<Self> {
        let words: Vec<_> = text.split_whitespace().collect();
        let name: String = words.join(" ").nfc().filter(|letter| !letter.is_control()).collect();
        (!name.is_empty()).then_some(Self(name))
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What two ways to write one tag have in common.
pub fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase().nfc().collect()
}

/// The tags of a post, none twice, in the order they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// Takes what the form held.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        Self::each(text.split(SEPARATOR))
    }

    /// Takes one by one what somebody sent apart. The limits are of what was sent, with what is not kept of it.
    pub fn of(texts: &[String]) -> Result<Self, Problem> {
        if texts.len() > TAGS_MAX {
            return Err(too_many());
        }
        if texts.iter().any(|text| text.chars().count() > TAG_CHARS_MAX) {
            return Err(too_long());
        }
        if texts.iter().any(|text| text.contains(SEPARATOR)) {
            return Err(Problem::new("tag-comma").about("tags"));
        }
        Self::each(texts.iter().map(String::as_str))
    }

    fn each<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Self, Problem> {
        let mut tags: Vec<Tag> = Vec::new();
        for tag in texts.filter_map(Tag::new) {
            if tag.as_str().chars().count() > TAG_CHARS_MAX {
                return Err(too_long());
            }
            if !tags.iter().any(|other| folded(other.as_str()) == folded(tag.as_str())) {
                tags.push(tag);
            }
        }
        if tags.len() > TAGS_MAX {
            return Err(too_many());
        }
        Ok(Self(tags))
    }

    /// As they are typed.
    pub fn to_text(&self) -> String {
        self.0.iter().map(Tag::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }
}

fn too_long() -> Problem {
    Problem::new("tag-too-long").with("most", TAG_CHARS_MAX).about("tags")
}

fn too_many() -> Problem {
    Problem::new("tags-too-many").with("most", TAGS_MAX).about("tags")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        Tags::parse(text).unwrap().iter().map(|tag| tag.as_str().to_owned()).collect()
    }

    /// Tags are what stands between commas, each once, however it is written.
    #[test]
    fn lists() {
        for (text, tags) in [
            ("", &[][..]),
            (" , ,", &[]),
            ("rust", &["rust"]),
            ("Rust, web  server ,한국어", &["Rust", "web server", "한국어"]),
            ("Rust,rust,RUST", &["Rust"]),
            ("caf\u{e9},cafe\u{301}", &["caf\u{e9}"]),
            ("a\u{0}b\n c", &["ab c"]),
            ("C++, C#, a/b, ?x=1&y", &["C++", "C#", "a/b", "?x=1&y"]),
        ] {
            assert_eq!(names(text), tags, "{text:?}");
        }
    }

    /// What is sent apart is held to the limits as it was sent.
    #[test]
    fn sent_apart() {
        let of = |texts: &[&str]| Tags::of(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["a", "", "A"]).map(|tags| tags.iter().count()), Ok(1));
        assert_eq!(of(&[""; TAGS_MAX + 1]), Err(too_many()));
        assert_eq!(of(&[&" ".repeat(TAG_CHARS_MAX + 1)]), Err(too_long()));
        assert_eq!(of(&["a,b"]), Err(Problem::new("tag-comma").about("tags")));
    }

    /// Too many tags, and one that is too long, are a problem that names the limit.
    #[test]
    fn limits() {
        let numbered = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(names(&numbered(TAGS_MAX)).len(), TAGS_MAX);
        let problem = |text: &str| Tags::parse(text).map_err(|problem| problem.to_string()).err();
        assert_eq!(problem(&numbered(TAGS_MAX + 1)), Some("A post can have 20 tags at most.".to_owned()));
        assert_eq!(names(&"가".repeat(TAG_CHARS_MAX)).len(), 1);
        assert_eq!(problem(&"가".repeat(51)), Some("A tag can have 50 characters at most.".to_owned()));
    }
}
