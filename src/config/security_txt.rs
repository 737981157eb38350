//! Whom to tell of a weakness of the site, in `/.well-known/security.txt` (RFC 9116).

use serde::{Deserialize, Serialize};

/// What a field of the file can have, in bytes: a line that nobody's mail program breaks.
const VALUE_BYTES_MAX: usize = 500;

/// Longest language tag, in bytes: what RFC 5646, 4.4.1 asks everybody to have room for.
const LANGUAGE_BYTES_MAX: usize = 35;

/// The file: `[security_txt]`. Without a contact there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecurityTxt {
    /// Where to report, the best way first.
    pub contacts: Vec<Contact>,
    /// What is asked of those who look for weaknesses, and promised to them.
    pub policy: Option<WebAddress>,
    /// A key for what is reported.
    pub encryption: Option<KeyAddress>,
    /// Languages to report in.
    pub preferred_languages: Vec<LanguageTag>,
}

/// A text that is checked when it is read.
macro_rules! checked {
    ($(#[$meaning:meta])* $name:ident, $check:expr, $expected:literal) => {
        $(#[$meaning])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// As it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err(format!("expected {}, found {text:?}", $expected)) }
            }
        }

        impl From<$name> for String {
            fn from(checked: $name) -> Self {
                checked.0
            }
        }
    };
}

checked!(
    /// An address that people answer at (RFC 9116, 2.5.3).
    Contact,
    |text| is_address(text, &["https://", "mailto:", "tel:"]),
    "\"mailto:ADDRESS\", \"https://…\" or \"tel:NUMBER\" of at most 500 bytes"
);
checked!(
    /// The address of a page (RFC 9116, 2.5.7).
    WebAddress,
    |text| is_address(text, &["https://"]),
    "\"https://…\" of at most 500 bytes"
);
checked!(
    /// The address of a key, never the key (RFC 9116, 2.5.4).
    KeyAddress,
    |text| is_address(text, &["https://", "dns:", "openpgp4fpr:"]),
    "the address of a key: \"https://…\", \"dns:…\" or \"openpgp4fpr:…\" of at most 500 bytes"
);
checked!(
    /// A language tag (RFC 5646, 2.1).
    LanguageTag,
    is_language,
    "a language tag such as \"en\" or \"pt-BR\""
);

/// Whether it begins like one of these, goes on, and has only what a URI may have (RFC 3986, 2): it stays in its line.
fn is_address(text: &str, starts: &[&str]) -> bool {
    let is_uri = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    text.len() <= VALUE_BYTES_MAX
        && text.bytes().all(is_uri)
        && starts.iter().any(|start| text.strip_prefix(start).is_some_and(|rest| !rest.is_empty()))
}

fn is_language(text: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.len() <= LANGUAGE_BYTES_MAX
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.split('-').all(is_part)
}

#[cfg(test)]
mod tests {
    use crate::config::load::parse;

    /// What would make another file, or another field, of it is refused, with what was expected.
    #[test]
    fn values() {
        let long = format!("https://{}", "x".repeat(493));
        for (setting, expected) in [
            ("contacts = [\"mailto:a@b.example\", \"tel:+1-201-555-0123\"]", None),
            ("contacts = [\"a@b.example\"]", Some("contacts[0]: expected \"mailto:ADDRESS\"")),
            ("contacts = [\"http://b.example\"]", Some("contacts[0]: expected \"mailto:ADDRESS\"")),
            ("contacts = [\"mailto:\"]", Some("contacts[0]: expected \"mailto:ADDRESS\"")),
            ("contacts = [\"mailto:a\\nExpires: 1\"]", Some("contacts[0]: expected \"mailto:ADDRESS\"")),
            ("contacts = [\"https://안.example\"]", Some("contacts[0]: expected \"mailto:ADDRESS\"")),
            (&format!("contacts = [\"{}\"]", &long[..500]), None),
            (&format!("contacts = [\"{long}\"]"), Some("contacts[0]: expected \"mailto:ADDRESS\"")),
            ("policy = \"https://b.example/policy\"", None),
            ("policy = \"mailto:a@b.example\"", Some("policy: expected \"https://…\"")),
            ("encryption = \"openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f\"", None),
            ("encryption = \"-----BEGIN\"", Some("encryption: expected the address of a key")),
            ("preferred_languages = [\"en\", \"pt-BR\"]", None),
            ("preferred_languages = [\"en, ko\"]", Some("preferred_languages[0]: expected a language tag")),
        ] {
            let parsed = parse(&format!("[security_txt]\n{setting}")).err();
            match expected {
                None => assert_eq!(parsed, None, "{setting}"),
                Some(expected) => {
                    let expected = format!("config.toml:2: security_txt.{expected}");
                    assert!(parsed.as_ref().is_some_and(|error| error.starts_with(&expected)), "{setting}: {parsed:?}");
                }
            }
        }
    }
}
