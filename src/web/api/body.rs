//! What programs send.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use warp::http::header::CONTENT_TYPE;

use super::Refusal;
use crate::content::{Content, Format, Written};
use crate::problem::Problem;
use crate::tag::Tags;
use crate::web::error::Result;
use crate::web::request::Request;

/// The type of a document.
pub(super) const JSON: &str = "application/json";
/// The type of a change to one (RFC 7396), which may also be called JSON.
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";

/// Reads a document.
pub(super) fn document<T: DeserializeOwned>(req: &Request, body: &[u8]) -> Result<T> {
    of_type(req, body, JSON)
}

/// Reads a change.
pub(super) fn patch<T: DeserializeOwned>(req: &Request, body: &[u8]) -> Result<T> {
    of_type(req, body, MERGE_PATCH)
}

fn of_type<T: DeserializeOwned>(req: &Request, body: &[u8], expected: &'static str) -> Result<T> {
    let field = req.headers().get(CONTENT_TYPE).and_then(|field| field.to_str().ok()).unwrap_or_default();
    let sent = field.split(';').next().unwrap_or_default().trim();
    if ![JSON, expected].iter().any(|accepted| sent.eq_ignore_ascii_case(accepted)) {
        return Err(Refusal::WrongMediaType(expected).into());
    }
    Ok(parse(body)?)
}

/// Reads JSON. Field by field into its place, so that what is no part of it takes no memory.
fn parse<T: DeserializeOwned>(body: &[u8]) -> std::result::Result<T, Refusal> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        (path, error.into_inner())
    });
    let read = read.and_then(|value| json.end().map(|()| value).map_err(|error| (String::new(), error)));
    read.map(|Object(value)| value).map_err(|(path, error)| match error.classify() {
        Category::Data if path.is_empty() || path == "." => Refusal::Invalid(format!("{error}.")),
        Category::Data => Refusal::Invalid(format!("{path}: {error}.")),
        Category::Syntax | Category::Eof | Category::Io => Refusal::Malformed(format!("This is no JSON: {error}.")),
    })
}

/// What is an object. serde alone would take an array of the members as well.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// A member of a change.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Member<T> {
    /// It is not there: what is stored stays.
    #[default]
    Absent,
    /// It is `null`: what is stored goes.
    Null,
    /// It is to be this.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Set))
    }
}

impl<T> Member<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Member<U> {
        match self {
            Self::Absent => Member::Absent,
            Self::Null => Member::Null,
            Self::Set(value) => Member::Set(change(value)),
        }
    }

    fn or(self, stored: T) -> T
    where
        T: Default,
    {
        match self {
            Self::Absent => stored,
            Self::Null => T::default(),
            Self::Set(value) => value,
        }
    }
}

/// How a text is to be read; as in the site's form for a new post, Markdown unless something else is said.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")] // of an enum serde would take `{"plain": null}` too
struct SentFormat(Format);

impl Default for SentFormat {
    fn default() -> Self {
        Self(Format::Markdown)
    }
}

impl TryFrom<String> for SentFormat {
    type Error = String;

    fn try_from(name: String) -> std::result::Result<Self, String> {
        name.parse().map(Self).map_err(|_| format!("`{name}` is neither `plain` nor `markdown`"))
    }
}

/// A post or a draft, or a change to one. A new one is a change to nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Text {
    title: Member<String>,
    body: Member<String>,
    format: Member<SentFormat>,
    tags: Member<Vec<String>>,
}

impl Text {
    /// What is to be stored of a post, of which this is stored.
    pub(super) fn content(self, stored: Written) -> std::result::Result<Content, Problem> {
        let tags = self.tags.map(|tags| Tags::of(&tags));
        let Written { title, body, .. } = stored;
        let content = Content::parse(self.title.or(title), self.body.or(body), None, None)?;
        let format = match self.format {
            Member::Absent => None,
            Member::Null => Some(SentFormat::default().0),
            Member::Set(SentFormat(format)) => Some(format),
        };
        let tags = match tags {
            Member::Absent => None,
            Member::Null => Some(Tags::default()),
            Member::Set(tags) => Some(tags?),
        };
        Ok(Content { format, tags, ..content })
    }

    /// What is to be stored of a draft, of which this is stored.
    pub(super) fn written(self, stored: Written) -> std::result::Result<Written, Problem> {
        let tags = self.tags.map(|tags| Tags::of(&tags).map(|tags| tags.to_text()));
        Ok(Written {
            title: self.title.or(stored.title),
            body: self.body.or(stored.body),
            format: match self.format {
                Member::Absent => stored.format,
                Member::Null => SentFormat::default().0,
                Member::Set(SentFormat(format)) => format,
            },
            tags: match tags {
                Member::Absent => stored.tags,
                Member::Null => String::new(),
                Member::Set(tags) => tags?,
            },
        })
    }
}

/// What a new text is a change to.
pub(super) fn nothing() -> Written {
    Written { format: SentFormat::default().0, ..Written::default() }
}

/// A comment, or a change to one.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Remark {
    /// The text.
    pub(super) body: Member<String>,
}

impl Remark {
    /// The text, of which this is stored.
    pub(super) fn text(self, stored: String) -> String {
        self.body.or(stored)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]
mod tests {
    use super::*;

    fn refused(body: &str) -> (u16, String) {
        let refusal = parse::<Text>(body.as_bytes()).unwrap_err();
        (refusal.status().as_u16(), refusal.description().into_owned())
    }

    /// What is no JSON is told from what is not ours, each with its place.
    #[test]
    fn refusals() {
        for (body, status, words) in [
            ("", 400, "This is no JSON: EOF while parsing a value at line 1 column 0."),
            ("{\n\"title\": x}", 400, "This is no JSON: expected value at line 2 column 10."),
            ("{} {}", 400, "This is no JSON: trailing characters at line 1 column 4."),
            ("{\"title\":\"\\ud800\"}", 400, "This is no JSON: "),
            ("{\"titel\": \"\"}", 422, "unknown field `titel`, expected one of `title`, `body`, `format`, `tags`"),
            ("{\"title\": 1}", 422, "title: invalid type: integer `1`, expected a string at line 1 column 11."),
            ("{\"tags\": [\"a\", {}]}", 422, "tags[1]: invalid type: map, expected a string"),
            ("{\"format\": \"html\"}", 422, "format: `html` is neither `plain` nor `markdown`"),
            ("{\"title\": \"a\", \"title\": \"b\"}", 422, "duplicate field `title`"),
            ("[]", 422, "invalid type: sequence, expected an object"),
            ("[\"a\", \"b\"]", 422, "invalid type: sequence, expected an object"),
            ("{\"format\": {\"plain\": null}}", 422, "format: invalid type: map, expected a string"),
            ("null", 422, "invalid type: null"),
        ] {
            let (found, description) = refused(body);
            assert_eq!(found, status, "{body}");
            assert!(description.contains(words), "{body}: {description}");
        }
    }

    /// RFC 7396: what is absent stays, what is `null` goes.
    #[test]
    fn merged() {
        let stored = Written { title: "t".into(), body: "b".into(), tags: "x, y".into(), format: Format::Plain };
        let merged = |patch: &str| parse::<Text>(patch.as_bytes()).unwrap().written(stored.clone());
        assert_eq!(merged("{}").unwrap(), stored);
        let changed = merged(r#"{"body": null, "tags": ["z", "x"], "format": null}"#).unwrap();
        assert_eq!((changed.title.as_str(), changed.body.as_str(), changed.tags.as_str()), ("t", "", "z, x"));
        assert_eq!(changed.format, Format::Markdown);
        assert_eq!(merged(r#"{"tags": null}"#).unwrap().tags, "");
        assert_eq!(merged(r#"{"tags": ["a,b"]}"#).unwrap_err().to_string(), "A tag cannot have a comma in it.");
        let content = |patch: &str| parse::<Text>(patch.as_bytes()).unwrap().content(stored.clone());
        assert_eq!(content(r#"{"title": null}"#).unwrap_err().to_string(), "Title is required.");
        let kept = content("{}").unwrap();
        assert!(kept.tags.is_none() && kept.format.is_none(), "what is not named is not touched");
    }
}
