//! The languages that the site speaks. Each is one Fluent file in `locales/`, named by its tag; nothing else knows which
//! there are.

mod script;
mod texts;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use fluent_bundle::FluentArgs;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use script::written_in;
use texts::Texts;

/// Every language, English first.
static TEXTS: LazyLock<Vec<Texts>> = LazyLock::new(texts::all);

/// A language of the site.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language(u8);

impl Language {
    /// The one that has every text, and is spoken to programs and administrators.
    pub const ENGLISH: Self = Self(0);

    /// Every language there is.
    pub fn all() -> impl Iterator<Item = Self> {
        (0u8..).take(TEXTS.len()).map(Self)
    }

    /// Its tag (RFC 5646), as `lang` has it.
    pub fn tag(self) -> &'static str {
        self.texts().map_or("en", Texts::tag)
    }

    /// What it calls itself.
    pub fn name(self) -> Cow<'static, str> {
        self.text(texts::NAME, None)
    }

    /// What its own letters tell of a text's language, as [`written_in`] has it.
    pub fn letters(self) -> &'static str {
        self.texts().map_or("", Texts::letters)
    }

    /// The text with this name, with what it says about these.
    pub fn text(self, name: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        self.say(name, |texts| texts.plain(name, arguments))
    }

    /// The same for a page: the text is escaped, the arguments are HTML already.
    pub fn html(self, name: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        self.say(name, |texts| texts.html(name, arguments))
    }

    /// A text that is missing is said in English; tests see to it that none is.
    fn say(self, name: &str, find: impl Fn(&'static Texts) -> Option<Cow<'static, str>>) -> Cow<'static, str> {
        let own = self.texts().and_then(&find);
        own.or_else(|| find(Self::ENGLISH.texts()?)).unwrap_or_else(|| name.to_owned().into())
    }

    fn texts(self) -> Option<&'static Texts> {
        TEXTS.get(usize::from(self.0))
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// There is no such language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotALanguage;

impl fmt::Display for NotALanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tags: Vec<_> = Language::all().map(|language| format!("\"{}\"", language.tag())).collect();
        write!(f, "expected one of {}", tags.join(", "))
    }
}

impl FromStr for Language {
    type Err = NotALanguage;

    fn from_str(tag: &str) -> Result<Self, NotALanguage> {
        Self::all().find(|language| language.tag().eq_ignore_ascii_case(tag)).ok_or(NotALanguage)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}
