//! What the site is called, and what it says of itself.

use std::path::PathBuf;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// Longest name, in characters: what a tab, a home screen or a feed reader has room for, and more.
const TITLE_CHARS_MAX: usize = 100;

/// Longest description, in characters: twice what search engines show.
const DESCRIPTION_CHARS_MAX: usize = 300;

/// The site: `[site]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Its name, on every page, in feeds, and where others link to it.
    #[serde(deserialize_with = "title")]
    pub title: String,
    /// What it is about, for search engines and whoever links to it. Without it: its name.
    #[serde(deserialize_with = "description")]
    pub description: Option<String>,
    /// The directory of its theme: templates and static files that stand in the place of ours. Without it: ours.
    #[serde(deserialize_with = "directory")]
    pub theme: Option<PathBuf>,
}

impl Default for Site {
    fn default() -> Self {
        Self { title: "Flaskr".to_owned(), description: None, theme: None }
    }
}

fn title<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    line::<TITLE_CHARS_MAX, D>(deserializer)
}

fn description<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    line::<DESCRIPTION_CHARS_MAX, D>(deserializer).map(Some)
}

/// Reads a path. That there is a directory is not said by it.
fn directory<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let path = PathBuf::deserialize(deserializer)?;
    if path.as_os_str().is_empty() {
        return Err(D::Error::custom("expected the path of a directory, found \"\""));
    }
    Ok(Some(path))
}

/// Reads one line of text with something in it.
fn line<'de, const CHARS_MAX: usize, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let is_line = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if is_line && text.chars().count() <= CHARS_MAX {
        return Ok(text);
    }
    Err(D::Error::custom(format!("expected a line of 1 to {CHARS_MAX} characters, found {text:?}")))
}

#[cfg(test)]
mod tests {
    use crate::config::load::parse;

    /// A name and a description are a line each, of so many characters; a theme is a path.
    #[test]
    fn lines() {
        let site = |key: &str, value: &str| parse(&format!("[site]\n{key} = \"{value}\"")).map(|config| config.site);
        for (key, chars_max) in [("title", 100), ("description", 300)] {
            assert!(site(key, &"글".repeat(chars_max)).is_ok(), "{key}");
            for text in ["", "  ", "a\\nb", "a\\u0000", &"글".repeat(chars_max + 1)] {
                let error = site(key, text).unwrap_err();
                let expected =
                    format!("config.toml:2: site.{key}: expected a line of 1 to {chars_max} characters, found");
                assert!(error.starts_with(&expected), "{error}");
            }
        }
        assert_eq!(site("theme", "a/b").unwrap().theme.as_deref(), Some(std::path::Path::new("a/b")));
        let no_path = "config.toml:2: site.theme: expected the path of a directory, found \"\"";
        assert_eq!(site("theme", "").unwrap_err(), no_path);
        let site = site("title", "물 & Brot").unwrap();
        assert_eq!((site.title.as_str(), site.description), ("물 & Brot", None));
    }
}
