//! What visitors may say to posts.

use serde::{Deserialize, Serialize};

use super::limits::between;

/// Comments: `[comments]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Comments {
    /// Who sees them.
    pub mode: CommentMode,
    /// Comments a minute of one user, 0 for no limit. Past it: 429.
    #[serde(deserialize_with = "between::<0, 60_000, _, _>")]
    pub per_minute: u32,
}

/// Who sees the comment of a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CommentMode {
    /// Everybody.
    #[default]
    Open,
    /// Everybody, once the author of the post or a moderator has approved it.
    Approve,
    /// Nobody: there are no comments.
    Off,
}

impl Default for Comments {
    fn default() -> Self {
        Self { mode: CommentMode::default(), per_minute: 10 }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::load::parse;

    /// A mode that there is not is refused with those that there are.
    #[test]
    fn modes() {
        for mode in ["open", "approve", "off"] {
            assert!(parse(&format!("[comments]\nmode = \"{mode}\"")).is_ok(), "{mode}");
        }
        let error = parse("[comments]\nmode = \"closed\"").unwrap_err();
        let expected =
            "config.toml:2: comments.mode: unknown variant `closed`, expected one of `open`, `approve`, `off`";
        assert_eq!(error, expected);
    }
}
