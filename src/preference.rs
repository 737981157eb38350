//! How somebody wants pages to be: the language, and light or dark.

use std::str::FromStr;

use serde::Serialize;

use crate::language::Language;

/// Dark letters on a light page, or light ones on a dark page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the device is set.
    #[default]
    Auto,
    /// A light page.
    Light,
    /// A dark page.
    Dark,
}

/// The text is the name of no theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATheme;

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its name in forms, cookies and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl FromStr for Theme {
    type Err = NotATheme;

    fn from_str(text: &str) -> Result<Self, NotATheme> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).ok_or(NotATheme)
    }
}

/// What somebody chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// The language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
}
