//! Something to say, before it is known in which language.

use std::fmt;

use fluent_bundle::{FluentArgs, FluentValue};
use serde::Serialize;

use crate::language::Language;

/// A text of the languages by its name, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    name: &'static str,
    arguments: Vec<(&'static str, Argument)>,
}

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Argument {
    /// Somebody's words, the same in each language.
    Text(String),
    /// A number, on which the words may depend.
    Number(i64),
    /// Messages, one behind the other.
    Messages(Vec<Message>),
}

impl Message {
    /// The message with this name in `locales/`.
    pub fn new(name: &'static str) -> Self {
        Self { name, arguments: Vec::new() }
    }

    /// The same, about this too.
    #[must_use]
    pub fn with(mut self, name: &'static str, argument: impl Into<Argument>) -> Self {
        self.arguments.push((name, argument.into()));
        self
    }

    /// Its words.
    pub fn in_language(&self, language: Language) -> String {
        let mut arguments = FluentArgs::with_capacity(self.arguments.len());
        for (name, argument) in &self.arguments {
            arguments.set(*name, argument.in_language(language));
        }
        language.text(self.name, Some(&arguments)).into_owned()
    }
}

/// In English, for programs and administrators.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::ENGLISH))
    }
}

impl Argument {
    fn in_language(&self, language: Language) -> FluentValue<'_> {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
            Self::Messages(messages) => {
                messages.iter().map(|message| message.in_language(language)).collect::<Vec<_>>().join(" ").into()
            }
        }
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Self {
        Self::Messages(vec![message])
    }
}

impl From<Vec<Message>> for Argument {
    fn from(messages: Vec<Message>) -> Self {
        Self::Messages(messages)
    }
}

macro_rules! from_number {
    ($($number:ty),+) => {
        $(impl From<$number> for Argument {
            fn from(number: $number) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })+
    };
}
from_number!(i64, u32, u64, usize);

#[cfg(test)]
mod tests {
    use super::*;

    /// A message says what it is about, in each language; what is said in it, too.
    #[test]
    fn messages() {
        let korean: Language = "ko".parse().unwrap();
        let message =
            Message::new("image-file").with("file", "a.png").with("problem", Message::new("image-no-picture"));
        assert_eq!(message.to_string(), "a.png: This is no picture in JPEG, PNG, GIF or WebP.");
        assert_eq!(message.in_language(korean), "a.png: JPEG, PNG, GIF, WebP 형식의 그림이 아닙니다.");
        assert_eq!(
            Message::new("tags-too-many").with("most", 20_usize).to_string(),
            "A post can have 20 tags at most."
        );
    }
}
