//! A post as a file has it.

use std::fmt::Write;

use jiff::Timestamp;
use serde_json::Value;

use super::date;
use super::front_matter::{self, Keys};
use crate::content::{Format, Written};
use crate::post::PostId;

/// A post, or a draft, with all that belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its number on the site it comes from.
    pub id: Option<PostId>,
    /// What its author wrote.
    pub written: Written,
    /// The author's name.
    pub author: Option<String>,
    /// When it was published, as it is stored.
    pub created: Option<String>,
    /// When it was last changed, if it was, as it is stored.
    pub updated: Option<String>,
    /// Whether nobody but its author may see it.
    pub is_draft: bool,
    /// Oldest first.
    pub comments: Vec<Comment>,
    /// Names of those who like it.
    pub likes: Vec<String>,
}

/// A comment on a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The author's name.
    pub author: String,
    /// When it was written.
    pub created: Timestamp,
    /// The text.
    pub body: String,
}

/// What is known of a file besides what is in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Source<'a> {
    /// Its name, without the ending.
    pub name: &'a str,
}

impl Document {
    /// Reads a file. The keys are those of Hugo and Jekyll, and ours.
    pub fn parse(file: &str, source: Source<'_>) -> Result<Self, String> {
        let (mut keys, text) = front_matter::split(file)?;
        // What we wrote is as it was typed, to the byte; others put an empty line before the text.
        let (format, body) = match take_text(&mut keys, &["format"]) {
            Some(format) => (format.parse().map_err(|_| format!("format {format:?}: it is plain or markdown"))?, text),
            None => (Format::Markdown, text.trim_start_matches(['\n', '\r']).trim_end()),
        };
        let (dated, named) = name_parts(source.name);
        let time = |keys: &mut Keys, names: &[&str]| match take_text(keys, names) {
            Some(text) => time(&text).map(Some),
            None => Ok(None),
        };
        let published = time(&mut keys, &["date", "publishDate"])?;
        let created = take_text(&mut keys, &["created"]).or(published).or(dated.map(|day| format!("{day} 00:00:00")));
        let mut tags = take_list(&mut keys, "tags");
        tags.extend(take_list(&mut keys, "categories"));
        let is_published = keys.remove("published").is_none_or(|value| value != Value::Bool(false));
        Ok(Self {
            id: take_text(&mut keys, &["id"]).and_then(|id| id.parse().ok()),
            author: take_text(&mut keys, &["author"]).or_else(|| take_list(&mut keys, "authors").into_iter().next()),
            updated: time(&mut keys, &["lastmod", "last_modified_at", "updated"])?,
            is_draft: keys.remove("draft") == Some(Value::Bool(true)) || !is_published,
            comments: comments(keys.remove("comments"))?,
            likes: take_list(&mut keys, "likes"),
            written: Written {
                title: take_text(&mut keys, &["title"]).unwrap_or_else(|| named.to_owned()),
                body: body.to_owned(),
                tags: tags.join(", "),
                format,
            },
            created,
        })
    }

    /// Writes a file that [`Document::parse`] reads back.
    pub fn to_file(&self) -> String {
        let Self { id, written, author, created, updated, is_draft, comments, likes } = self;
        let mut file = String::from("---\n");
        let mut key = |name: &str, value: &Value| {
            let _ = writeln!(file, "{name}: {value}"); // JSON is YAML
        };
        if let Some(PostId(id)) = id {
            key("id", &(*id).into());
        }
        key("title", &written.title.as_str().into());
        if let Some(author) = author {
            key("author", &author.as_str().into());
        }
        if let Some(created) = created {
            match date::parse(created) {
                Some(time) if stored(time) == *created => key("date", &time.to_string().into()),
                // What is no date, or one written in another way, is kept as it is.
                _ => key("created", &created.as_str().into()),
            }
        }
        if let Some(time) = updated.as_deref().and_then(date::parse) {
            key("lastmod", &time.to_string().into());
        }
        if *is_draft {
            key("draft", &true.into());
        }
        let tags: Vec<_> = written.tags.split(", ").filter(|tag| !tag.is_empty()).collect();
        key("tags", &tags.into());
        key("format", &written.format.as_str().into());
        if !likes.is_empty() {
            key("likes", &likes.clone().into());
        }
        if !comments.is_empty() {
            key("comments", &comments.iter().map(Comment::to_value).collect());
        }
        file.push_str("---\n");
        file.push_str(&written.body);
        file
    }
}

impl Comment {
    fn to_value(&self) -> Value {
        serde_json::json!({ "author": self.author, "date": self.created.to_string(), "text": self.body })
    }
}

fn comments(value: Option<Value>) -> Result<Vec<Comment>, String> {
    let Some(Value::Array(values)) = value else { return Ok(Vec::new()) };
    let comment = |value| {
        let Value::Object(mut keys) = value else {
            return Err("comments: each has an author, a date and a text".to_owned());
        };
        let mut take = |name: &str| take_text(&mut keys, &[name]).ok_or(format!("comments: one has no {name}"));
        let (author, created, body) = (take("author")?, take("date")?, take("text")?);
        let created = date::parse(&created).ok_or_else(|| not_a_date(&created))?;
        Ok(Comment { author, created, body })
    };
    values.into_iter().map(comment).collect()
}

/// A time as it is stored.
fn time(text: &str) -> Result<String, String> {
    date::parse(text).map(stored).ok_or_else(|| not_a_date(text))
}

fn not_a_date(text: &str) -> String {
    format!("date {text:?}: write it like 2018-01-31 or 2018-01-31T09:00:00+09:00")
}

/// UTC, like SQLite's `CURRENT_TIMESTAMP`.
pub(super) fn stored(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The day in a name like `2018-01-31-a-title`, and the words behind it.
fn name_parts(name: &str) -> (Option<&str>, &str) {
    match name.split_at_checked(10) {
        Some((day, rest)) if date::parse(day).is_some() && rest.starts_with('-') => (Some(day), &rest[1..]),
        _ => (None, name),
    }
}

/// The first of these keys that is there, as text.
fn take_text(keys: &mut Keys, names: &[&str]) -> Option<String> {
    let values: Vec<_> = names.iter().filter_map(|name| keys.remove(*name)).collect();
    values.into_iter().find_map(text)
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is_true) => Some(is_true.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A list, or, as Jekyll has it, words in a text.
fn take_list(keys: &mut Keys, name: &str) -> Vec<String> {
    match keys.remove(name) {
        Some(Value::Array(values)) => values.into_iter().filter_map(text).collect(),
        Some(Value::String(words)) if words.contains(',') => {
            words.split(',').map(|word| word.trim().to_owned()).collect()
        }
        Some(Value::String(words)) => words.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(file: &str, name: &str) -> Document {
        Document::parse(file, Source { name }).unwrap()
    }

    /// A post of Hugo's, one of Jekyll's, and one without anything.
    #[test]
    fn of_others() {
        let hugo = parse(
            "+++\ntitle = \"A\"\ndate = 2018-01-01T09:00:00+09:00\nlastmod = 2019-01-01\ndraft = true\n\
             tags = [\"x y\", \"z\"]\ncategories = [\"c\"]\nauthors = [\"ada\", \"bob\"]\n+++\n\n# Hi\n\ntext\n\n",
            "index",
        );
        assert_eq!(
            hugo.written,
            Written {
                title: "A".into(),
                body: "# Hi\n\ntext".into(),
                tags: "x y, z, c".into(),
                format: Format::Markdown
            }
        );
        assert_eq!(hugo.created.as_deref(), Some("2018-01-01 00:00:00"));
        assert_eq!(hugo.updated.as_deref(), Some("2019-01-01 00:00:00"));
        assert_eq!((hugo.is_draft, hugo.author.as_deref()), (true, Some("ada")));

        let jekyll =
            parse("---\nlayout: post\ntags: x y\npublished: false\ntitle: 2048\n---\ntext", "2018-01-31-a-title");
        assert_eq!((jekyll.created.as_deref(), jekyll.written.title.as_str()), (Some("2018-01-31 00:00:00"), "2048"));
        assert_eq!((jekyll.written.tags.as_str(), jekyll.is_draft), ("x, y", true));

        let plain = parse("text", "2018-01-31-a-title");
        assert_eq!((plain.written.title.as_str(), plain.written.body.as_str()), ("a-title", "text"));
    }

    /// What cannot be read is said.
    #[test]
    fn refused() {
        for (file, part) in [
            ("---\ndate: yesterday\n---\n", "date \"yesterday\": write it like"),
            ("---\nformat: word\n---\n", "format \"word\": it is plain or markdown"),
            ("---\ncomments: [1]\n---\n", "each has an author"),
            ("---\ncomments: [{author: a, date: b}]\n---\n", "one has no text"),
        ] {
            let error = Document::parse(file, Source::default()).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }

    proptest! {
        /// Whatever was written comes back, to the byte.
        #[test]
        fn round_trip(
            title in any::<String>(), body in any::<String>(), author in any::<String>(), text in any::<String>(),
            created in prop_oneof![Just("2018-01-01 00:00:00".to_owned()), any::<String>()],
            is_draft in any::<bool>(), is_plain in any::<bool>(), id in proptest::option::of(0..i64::MAX),
            second in 0..4_000_000_000_i64,
        ) {
            let format = if is_plain { Format::Plain } else { Format::Markdown };
            let document = Document {
                id: id.map(PostId),
                written: Written { title, body, tags: "a b, 안".to_owned(), format },
                author: Some(author.clone()),
                created: Some(created.clone()),
                updated: Some("2018-01-02 03:04:05".to_owned()),
                is_draft,
                comments: vec![Comment { author: author.clone(), created: Timestamp::from_second(second).unwrap(), body: text }],
                likes: vec![author, "b".to_owned()],
            };
            prop_assert_eq!(Document::parse(&document.to_file(), Source::default()), Ok(document));
        }
    }
}
