//! How a page is to be for whoever asks: in which language, and light or dark.

use std::str::FromStr;

use serde::Serialize;
use warp::http::HeaderMap;
use warp::http::header::{ACCEPT_LANGUAGE, COOKIE, GetAll, HeaderValue};

use super::{cookies, weighted};
use crate::config::Config;
use crate::language::Language;
use crate::preference::Theme;

/// The cookies that keep what somebody chose. Whoever changes one chooses so.
pub(super) const LANGUAGE_COOKIE: &str = "flaskr-language";
pub(super) const THEME_COOKIE: &str = "flaskr-theme";

/// How a page is to be, and how templates know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Look {
    #[serde(rename = "lang")]
    pub(super) language: Language,
    pub(super) theme: Theme,
}

impl Look {
    /// As this client chose; else in the language that its browser likes best, of those that there are.
    pub(super) fn of(config: &Config, headers: &HeaderMap) -> Self {
        let cookies = headers.get_all(COOKIE);
        let language = || chosen(&cookies, LANGUAGE_COOKIE).or_else(|| accepted(headers));
        Self {
            language: language().unwrap_or(config.pages.language),
            theme: chosen(&cookies, THEME_COOKIE).unwrap_or_default(),
        }
    }

    /// For those who cannot choose, as programs.
    pub(super) fn of_site(config: &Config) -> Self {
        Self { language: config.pages.language, theme: Theme::Auto }
    }
}

/// What a cookie names.
fn chosen<T: FromStr>(cookies: &GetAll<'_, HeaderValue>, name: &str) -> Option<T> {
    cookies::find(cookies, name, |value| value.parse().ok())
}

/// The language of the greatest weight, of those the first. `en-GB` is English here, and `*` any (RFC 4647, 3.4).
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let mut best = (None, 0); // what has no weight is refused
    for (range, weight) in weighted::items(headers, ACCEPT_LANGUAGE) {
        if weight > best.1
            && let Some(language) = named(range)
        {
            best = (Some(language), weight);
        }
    }
    best.0
}

/// The language of the longest tag that a range begins with.
fn named(mut range: &str) -> Option<Language> {
    loop {
        if let Ok(language) = range.parse() {
            return Some(language);
        }
        range = range.rsplit_once('-')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(fields: &[(&'static str, &str)]) -> (&'static str, Theme) {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        let Look { language, theme } = Look::of(&Config::default(), &headers);
        (language.tag(), theme)
    }

    /// The language that is liked best, of those that there are; English to everybody else.
    #[test]
    fn languages() {
        for (accepted, expected) in [
            ("", "en"),
            ("ko", "ko"),
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
            ("en-GB, ko;q=0.5", "en"),
            ("fr, ko;q=0.5, en;q=0.4", "ko"),
            ("KO-kr", "ko"),
            ("ko;q=0", "en"),
            ("ko;q=0.001, en;q=0", "ko"),
            ("ko;q=x, ;;, en;q=0.1", "en"),
            ("kok, konkani", "en"),
            ("*, ko;q=0.1", "ko"),
            ("fr", "en"),
        ] {
            assert_eq!(look(&[("accept-language", accepted)]).0, expected, "{accepted}");
        }
    }

    /// What somebody chose counts more than what their browser says; what nobody can choose counts nothing.
    #[test]
    fn chosen() {
        let cookies = "theme=x; flaskr-theme=dark; flaskr-language=ko";
        assert_eq!(look(&[("cookie", cookies), ("accept-language", "en")]), ("ko", Theme::Dark));
        assert_eq!(look(&[("cookie", "flaskr-language=xx; flaskr-theme=pink")]), ("en", Theme::Auto));
    }
}
